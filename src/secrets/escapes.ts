// Percent-encoding and backslash escapes: %67, \x67, \u0067, \u{67}. Ordinary ones are everywhere and hide nothing; those
// that do are decoded together with the word around them.

import type { Decoding } from './decode.ts'
import { latin1 } from './latin1.ts'
import { isHex, isPrintable, nibble, tableOf } from './runs.ts'

const percent = 0x25
const backslash = 0x5c
/** Bytes to either side of an escape that are decoded with it. */
const escapeReach = 4096

/** Every word in which an escape hides something. */
export function* escapes(bytes: Buffer): Generator<Decoding> {
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
    if (hidesSomething(bytes, at)) return at
    if (at === ofBackslash) at++
  }
}

/** Does an escape begin at this percent sign or backslash, and hide something? */
export function hidesSomething(bytes: Buffer, at: number): boolean {
  // A look behind the end would make every later one slow.
  const behind = at + 1 < bytes.length ? bytes[at + 1]! : 0
  if ((bytes[at] === percent ? isHex : maybeTelling)[behind] === 0) return false
  const written = readEscape(bytes, at)
  return written !== undefined && isTelling(bytes, at, written)
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
