// What stands encoded in a text: base64 and base64url (wrapped lines too), hex, percent-encoding, backslash escapes
// and UTF-16. Each decoding knows which bytes of the text any part of it came from.

import type { Span } from '../redact.ts'
import { base64 } from './base64.ts'
import { escapes } from './escapes.ts'
import { latin1 } from './latin1.ts'
import { endOfRun, isHex, isPrintable, nextRun, nibble } from './runs.ts'

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

const shortestHex = 40

/** May [start, end) hold text in hex? */
export const holdsHexText = (bytes: Buffer, start: number, end: number): boolean =>
  nextRun(bytes, start, isHex, shortestHex, end) !== -1 && !hex(bytes.subarray(start, end)).next().done

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

/** Characters. */
const shortestUtf16 = 16

/** Runs of Latin-1 with a NUL beside each character, in either byte order, wherever they begin. */
function* utf16(bytes: Buffer): Generator<Decoding> {
  if (!bytes.includes(0)) return
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
