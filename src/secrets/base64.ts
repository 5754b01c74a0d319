// base64 and base64url in a text, in one line or wrapped. Before anything is decoded, the bits that ASCII never sets tell
// whether it would be text: images, hashes and fonts cost one table look-up a character and yield nothing.

import type { Span } from '../redact.ts'
import type { Decoding } from './decode.ts'
import { latin1 } from './latin1.ts'
import { endOfRun, isPrintable, nextRun, tableOf } from './runs.ts'

/** Characters: 18 bytes, shorter than any token worth the search. */
export const shortestBase64 = 24
/** Characters of a line that may go on in the next one, indented or not; MIME wraps at 76, PEM at 64. */
export const wrappedLine = 60

export const isBase64 = tableOf(/[A-Za-z0-9+/_-]/)

/** Base64 characters [from, to) of `bytes`: a stretch of the text, or the joined lines of one. */
interface Run extends Span {
  readonly bytes: Buffer
  /** Joined lines: character `at` and those behind it stand at byte `origin` of the text and behind it. */
  readonly lines?: readonly { readonly at: number; readonly origin: number }[]
}

/** Every stretch of base64 that holds text. */
export function* base64(bytes: Buffer): Generator<Decoding> {
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
export function lineBehind(bytes: Buffer, end: number): number {
  if (end === bytes.length || mayEndLine[bytes[end]!] === 0) return -1
  const gap = /^(?:\r?\n|(?:\\r)?\\n)[ \t]{0,40}/.exec(latin1(bytes, end, end + 48))?.[0].length ?? 0
  return gap > 0 && isBase64[bytes[end + gap] ?? 0] === 1 ? end + gap : -1
}

const mayEndLine = tableOf(/[\r\n\\]/)

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

/** May [start, end), all of it base64, hold text? True as well for a little that is only ASCII. */
export const holdsText = (bytes: Buffer, start: number, end: number): boolean =>
  asciiSegments({ bytes, start, end }).length > 0

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
