// What stands encoded in a text: base64 and base64url (wrapped lines too), hex, percent-encoding, backslash escapes
// and UTF-16. Each decoding knows which bytes of the text any part of it came from. Runs are found by looking at every
// 24th byte, and judged before they are decoded by the bits that ASCII never sets: images, hashes and fonts cost
// one table look-up a character and yield nothing.

import type { Span } from '../redact.ts'
import { latin1 } from './latin1.ts'

export interface Decoding {
  readonly text: Buffer
  /** `base64`, `hex`, `percent-encoding`, `escapes` or `UTF-16`. */
  readonly how: string
  /** The bytes of the encoded text that hold [start, end) of the decoded one. */
  spanOf(start: number, end: number): Span
}

/** Everything that is encoded in `bytes`, one level deep, in no order. Linear; ask for the first to learn if there is any. */
export function* decodings(bytes: Buffer): Generator<Decoding> {
  yield* base64(bytes)
  yield* hex(bytes)
  yield* escapes(bytes)
  yield* utf16(bytes)
}

/** Characters: 18 bytes, shorter than any token worth the search. */
const shortestBase64 = 24
/** Characters of a line that may go on in the next one; MIME wraps at 76, PEM at 64. */
const wrappedLine = 60

const isBase64 = tableOf(/[A-Za-z0-9+/_-]/)
const isHex = tableOf(/[0-9A-Fa-f]/)

function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (characters.test(String.fromCharCode(code)) ? 1 : 0))
}

/** Where the next run of `least` or more bytes of `kind` begins, from `from` on; -1 without one. */
function nextRun(bytes: Buffer, from: number, kind: Uint8Array, least: number): number {
  let floor = from
  let at = from + least - 1
  while (at < bytes.length) {
    let first = at
    while (first >= floor && kind[bytes[first]!] === 1) first--
    if (first < floor) return floor
    floor = first + 1
    at = first + least
  }
  return -1
}

function endOfRun(bytes: Buffer, from: number, kind: Uint8Array): number {
  let end = from
  while (end < bytes.length && kind[bytes[end]!] === 1) end++
  return end
}

// ── base64 ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Base64 characters [from, to) of `bytes`: a stretch of the text, or the joined lines of one. */
interface Run extends Span {
  readonly bytes: Buffer
  /** Joined lines: character `at` and those behind it stand at byte `origin` of the text and behind it. */
  readonly lines?: readonly { readonly at: number; readonly origin: number }[]
}

function* base64(bytes: Buffer): Generator<Decoding> {
  for (let at = nextRun(bytes, 0, isBase64, shortestBase64); at !== -1; ) {
    let end = endOfRun(bytes, at, isBase64)
    let run: Run = { bytes, start: at, end }
    const following = end - at < wrappedLine ? -1 : lineBehind(bytes, end)
    if (following !== -1) ({ run, end } = joinedLines(bytes, at, end, following))
    if (!isJwtPart(bytes, at, end))
      for (const segment of asciiSegments(run)) {
        const text = Buffer.from(latin1(run.bytes, segment.start, segment.end), 'base64')
        if (isReadable(text)) yield { text, how: 'base64', spanOf: base64Span(segment, run) }
      }
    at = nextRun(bytes, end, isBase64, shortestBase64)
  }
}

function joinedLines(bytes: Buffer, start: number, firstEnd: number, second: number): { run: Run; end: number } {
  const parts = [bytes.subarray(start, firstEnd)]
  const lines = [{ at: 0, origin: start }]
  let length = firstEnd - start
  let end = firstEnd
  for (let next = second; next !== -1; next = end - next < wrappedLine ? -1 : lineBehind(bytes, end)) {
    end = endOfRun(bytes, next, isBase64)
    parts.push(bytes.subarray(next, end))
    lines.push({ at: length, origin: next })
    length += end - next
  }
  return { run: { bytes: Buffer.concat(parts), start: 0, end: length, lines }, end }
}

/** Where the text goes on after a line end, written or escaped, and indentation; -1 if no base64 stands there. */
function lineBehind(bytes: Buffer, end: number): number {
  const gap = /^(?:\r?\n|(?:\\r)?\\n)[ \t]{0,40}/.exec(latin1(bytes, end, end + 48))?.[0].length ?? 0
  return gap > 0 && isBase64[bytes[end + gap] ?? 0] === 1 ? end + gap : -1
}

/** The matcher knows tokens of the form header.payload.signature as they are. */
function isJwtPart(bytes: Buffer, start: number, end: number): boolean {
  return latin1(bytes, start, start + 3) === 'eyJ' && (bytes[end] === dot || bytes[start - 1] === dot)
}

const dot = 0x2e

/**
 * For each character: bit p is set if it may be the p-th of a group of four whose three bytes are below 128.
 * Six bits a character: the highest bits of the bytes are bit 5 of the first, bit 3 of the second, bit 1 of the third.
 */
const asciiAt = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code).replace('-', '+').replace('_', '/')
  const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(character)
  if (value === -1) return 0
  return (value & 32 ? 0 : 1) | (value & 8 ? 0 : 2) | (value & 2 ? 0 : 4) | 8
})

/** `turned[i & 3][bits]`: bit a says the same for groups that begin at a, modulo 4. */
const turned = Uint8Array.from({ length: 64 }, (_, entry) => {
  const at = entry >> 4
  return [0, 1, 2, 3].reduce((bits, a) => bits | (((entry >> ((at - a) & 3)) & 1) << a), 0)
})

/** Stretches of `shortestBase64` characters or more that decode to ASCII, whatever stands ahead of them in the run. */
function asciiSegments({ bytes, start, end }: Run): readonly Span[] {
  let found: Span[] | undefined
  let floor = start
  let alive = 15
  let first = start
  for (let i = start; i <= end; i++) {
    const still = i === end ? 0 : alive & turned[((i & 3) << 4) | asciiAt[bytes[i]!]!]!
    if (still !== 0) {
      alive = still
      continue
    }
    if (i - first >= shortestBase64) {
      const segment = widened(bytes, first, alive, floor, end)
      found ??= []
      found.push(segment)
      floor = segment.end
      i = Math.max(i, floor)
    }
    // Any character may stand somewhere in a group, so one is enough to begin anew.
    first = i
    alive = i < end ? turned[((i & 3) << 4) | asciiAt[bytes[i]!]!]! : 15
  }
  return found ?? nothing
}

const nothing: readonly Span[] = []

/** Whole groups of four, back to where ASCII began and on over letters that UTF-8 writes in several bytes. */
function widened(bytes: Buffer, from: number, alive: number, floor: number, limit: number): Span {
  const phase = 31 - Math.clz32(alive & -alive)
  let start = from + ((phase - from) & 3)
  while (start - 4 >= floor && isAsciiGroup(bytes, start - 4)) start -= 4
  let end = start
  for (let bad = 0; bad <= 4 && end + 4 * bad + 4 <= limit; )
    if (isAsciiGroup(bytes, end + 4 * bad)) {
      end += 4 * bad + 4
      bad = 0
    } else bad++
  return { start, end: limit - end < 4 ? limit : end }
}

const isAsciiGroup = (bytes: Buffer, at: number): boolean =>
  (asciiAt[bytes[at]!]! & 1) !== 0 && (asciiAt[bytes[at + 1]!]! & 2) !== 0 && (asciiAt[bytes[at + 2]!]! & 4) !== 0

function base64Span(segment: Span, { lines = [{ at: 0, origin: 0 }] }: Run): Decoding['spanOf'] {
  const byteOf = (character: number): number => {
    const line = lines.findLast(({ at }) => at <= character)!
    return line.origin + character - line.at
  }
  return (start, end) => ({
    start: byteOf(segment.start + 4 * Math.floor(start / 3)),
    end: byteOf(Math.min(segment.end, segment.start + 4 * Math.ceil(end / 3)) - 1) + 1,
  })
}

/** Nearly all of it printable, or every other byte NUL: UTF-16, as PowerShell encodes its commands. */
function isReadable(text: Buffer): boolean {
  let strange = 0
  let nul = 0
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!
    if (byte === 0) nul++
    else if (isPrintable[byte] === 0) strange++
  }
  return strange * 12 <= text.length && (nul === 0 || Math.abs(nul * 2 - text.length) <= 2 + (text.length >> 3))
}

const isPrintable = tableOf(/[\t\n\r\x20-\x7e]/)

// ── hex ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const shortestHex = 40

function* hex(bytes: Buffer): Generator<Decoding> {
  for (let at = nextRun(bytes, 0, isHex, shortestHex); at !== -1; ) {
    const end = endOfRun(bytes, at, isHex)
    for (let first = at; first + shortestHex <= end; first++) {
      const last = endOfPrintablePairs(bytes, first, end)
      if (last - first < shortestHex) continue
      const start = first
      const text = Buffer.from(latin1(bytes, start, last), 'hex')
      yield { text, how: 'hex', spanOf: (from, to) => ({ start: start + 2 * from, end: start + 2 * to }) }
      first = last - 1
    }
    at = nextRun(bytes, end, isHex, shortestHex)
  }
}

function endOfPrintablePairs(bytes: Buffer, from: number, limit: number): number {
  let end = from
  while (end + 2 <= limit && isPrintable[(nibble[bytes[end]!]! << 4) | nibble[bytes[end + 1]!]!] === 1) end += 2
  return end
}

/** The value of a hex digit; 255 for any other byte. */
const nibble = Uint8Array.from({ length: 256 }, (_, code) =>
  isHex[code] === 1 ? Number.parseInt(String.fromCharCode(code), 16) : 255,
)

// ── %67, \x67, \u0067, \n ────────────────────────────────────────────────────────────────────────────────────────

const percent = 0x25
const backslash = 0x5c
/** Bytes to either side of an escape that are decoded with it. */
const escapeReach = 4096

function* escapes(bytes: Buffer): Generator<Decoding> {
  let floor = 0
  for (let at = nextTelling(bytes, 0); at !== -1; at = nextTelling(bytes, floor)) {
    let start = at
    while (start > floor && at - start < escapeReach && isDelimiter[bytes[start - 1]!] === 0) start--
    const decoding = unescaped(bytes, start, at + escapeReach, bytes[at]!)
    floor = decoding.spanOf(0, decoding.text.length).end
    yield decoding
  }
}

/** The next escape from `from` on that hides something; -1 without one. */
function nextTelling(bytes: Buffer, from: number): number {
  let ofPercent = from - 1
  let ofBackslash = from - 1
  for (let at = from; ; at++) {
    if (ofPercent < at) ofPercent = nextByte(bytes, percent, at)
    if (ofBackslash < at) ofBackslash = nextByte(bytes, backslash, at)
    at = Math.min(ofPercent, ofBackslash)
    if (at === bytes.length) return -1
    const behind = bytes[at + 1] ?? 0
    if (at === ofPercent ? isHex[behind] === 1 : maybeTelling[behind] === 1) {
      const written = readEscape(bytes, at)
      if (written !== undefined && isTelling(bytes, at, written)) return at
    }
    if (at === ofBackslash) at++
  }
}

/** Where `byte` stands next; the text's length if nowhere. Near ones are found without the cost of a native call. */
function nextByte(bytes: Buffer, byte: number, from: number): number {
  const near = Math.min(bytes.length, from + 16)
  for (let at = from; at < near; at++) if (bytes[at] === byte) return at
  const far = bytes.indexOf(byte, near)
  return far === -1 ? bytes.length : far
}

const maybeTelling = tableOf(/[xuntr]/)

interface Escape {
  readonly code: number
  readonly length: number
}

const simple: ReadonlyMap<number, number> = new Map(
  [
    ['n', '\n'],
    ['t', '\t'],
    ['r', '\r'],
    ['"', '"'],
    ["'", "'"],
    ['/', '/'],
    ['\\', '\\'],
  ].map(([written, meant]) => [written!.charCodeAt(0), meant!.charCodeAt(0)]),
)

function readEscape(bytes: Buffer, at: number): Escape | undefined {
  if (bytes[at] === percent) return fixedHex(bytes, at + 1, 2, 3)
  const kind = bytes[at + 1] ?? 0
  if (kind === 0x78) return fixedHex(bytes, at + 2, 2, 4)
  if (kind === 0x75) return fixedHex(bytes, at + 2, 4, 6) ?? bracedHex(bytes, at)
  const code = simple.get(kind)
  return code === undefined ? undefined : { code, length: 2 }
}

function fixedHex(bytes: Buffer, at: number, digits: number, length: number): Escape | undefined {
  let code = 0
  for (let i = at; i < at + digits; i++) {
    const value = nibble[bytes[i] ?? 0]!
    if (value === 255) return undefined
    code = code * 16 + value
  }
  return { code, length }
}

function bracedHex(bytes: Buffer, at: number): Escape | undefined {
  const digits = /^\{([0-9A-Fa-f]{1,6})\}/.exec(latin1(bytes, at + 2, at + 10))?.[1]
  if (digits === undefined) return undefined
  return { code: Math.min(0x10ffff, Number.parseInt(digits, 16)), length: digits.length + 4 }
}

/**
 * Nobody writes a letter or a digit as an escape by chance; `%3A%2F%2F` hides an address; and any escape right ahead of
 * a long word hides where that word begins.
 */
function isTelling(bytes: Buffer, at: number, { code, length }: Escape): boolean {
  if (length > 2 && isWord[code & 0xff] === 1 && code < 128) return true
  const behind = at + length
  if (code === 0x3a && /^(?:%2F%2F|\\x2f\\x2f|\\u002f\\u002f)/i.test(latin1(bytes, behind, behind + 12))) return true
  if (code > 126 || isPrintable[code] === 0 || (length === 2 && code > 0x20)) return false
  let digits = 0
  for (let i = behind; i < behind + wordBehind; i++) {
    const byte = bytes[i] ?? 0
    if (isTokenByte[byte] === 0) return false
    if (byte >= 0x30 && byte <= 0x39) digits++
  }
  return digits > 0
}

const wordBehind = 16
const isWord = tableOf(/\w/)
const isTokenByte = tableOf(/[\w.+/=:@-]/)
const isDelimiter = tableOf(/[\s"'`<>\x00-\x1f]/)

/** Decodes from `start` until a blank or a quotation mark that is not escaped itself. */
function unescaped(bytes: Buffer, start: number, limit: number, mark: number): Decoding {
  const text: number[] = []
  const from: number[] = []
  let at = start
  while (at < bytes.length && at < limit) {
    const byte = bytes[at]!
    const written = byte === mark ? readEscape(bytes, at) : undefined
    if (written === undefined && isDelimiter[byte] === 1) break
    // A byte in percent-encoding, a character everywhere else.
    const coded = written === undefined ? [byte] : mark === percent ? [written.code] : utf8(written.code)
    for (const one of coded) {
      text.push(one)
      from.push(at)
    }
    at += written?.length ?? 1
  }
  from.push(at)
  return {
    text: Buffer.from(text),
    how: mark === percent ? 'percent-encoding' : 'escapes',
    spanOf: (first, end) => ({ start: from[first]!, end: from[end]! }),
  }
}

const utf8 = (code: number): readonly number[] => (code < 128 ? [code] : [...Buffer.from(String.fromCodePoint(code))])

// ── UTF-16 ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Characters. */
const shortestUtf16 = 16

/** Runs of Latin-1 with a NUL beside each character, in either byte order, wherever they begin. */
function* utf16(bytes: Buffer): Generator<Decoding> {
  let floor = 0
  for (let at = shortestUtf16; at < bytes.length; at += shortestUtf16) {
    if (!isPair(bytes, at) && !isPair(bytes, at - 1)) continue
    let start = isPair(bytes, at) ? at : at - 1
    let end = start + 2
    while (start - 2 >= floor && isPair(bytes, start - 2)) start -= 2
    while (isPair(bytes, end)) end += 2
    if (end - start >= 2 * shortestUtf16) yield everyOther(bytes, start, end)
    floor = end
    at = end
  }
}

const isPair = (bytes: Buffer, at: number): boolean =>
  bytes[at + 1] === 0 && at >= 0 && (isPrintable[bytes[at]!] === 1 || bytes[at]! >= 0xa0)

function everyOther(bytes: Buffer, start: number, end: number): Decoding {
  // Big endian: the NUL stands ahead of each character, so the last one has none behind it.
  const last = bytes[start - 1] === 0 && isPrintable[bytes[end] ?? 0] === 1 ? end + 1 : end
  const text = Buffer.from(Array.from({ length: Math.ceil((last - start) / 2) }, (_, i) => bytes[start + 2 * i]!))
  return {
    text,
    how: 'UTF-16',
    spanOf: (from, to) => ({ start: start + 2 * from, end: Math.min(last, start + 2 * to) }),
  }
}
