// May a text hold something encoded? Asked of the whole it costs a pass over the bytes; so here it is asked of what
// changed, and what is known of the rest is handed down.

import type { Span } from '../redact.ts'
import { shortestBase64 } from './base64.ts'
import { decodings } from './decode.ts'
import { tableOf } from './runs.ts'

/**
 * May something encoded touch one of `edits` (ascending), if there is nothing encoded elsewhere? True as well for a
 * little that is not.
 */
export function holdsEncoded(bytes: Buffer, edits: readonly Span[]): boolean {
  for (let i = 0; i < edits.length; ) {
    const first = i
    const start = startOfStretch(bytes, edits[i]!.start)
    let end = endOfStretch(bytes, edits[i]!.end)
    // Edits of one neighbourhood are looked at once.
    for (i++; i < edits.length && edits[i]!.start <= end + margin; i++)
      if (edits[i]!.end > end - margin) end = endOfStretch(bytes, edits[i]!.end)
    if (!looksEncoded(bytes, { start, end }, edits[first]!.start - apart, edits[i - 1]!.end + apart)) continue
    const text = bytes.subarray(start, end)
    if (text.includes(0) || !decodings(text).next().done) return true
  }
  return false
}

/**
 * Most edits are small, and all that finds encodings takes longer to start than to read them. What stands apart from
 * the edits, in [from, to), was there before, but for wrapped lines, to which one may have been added.
 */
function looksEncoded(bytes: Buffer, { start, end }: Span, from: number, to: number): boolean {
  let run = 0
  for (let at = start; at < end; at++) {
    const kind = kindOf[bytes[at]!]!
    if (kind === other) run = 0
    else if (kind === telling && at >= from && at < to) return true
    else if (++run >= shortestBase64 && (run >= wrappedLine || (at >= from && at - run < to))) return true
  }
  return false
}

/** An escape and the word behind it that it is judged by are shorter, and base64 looks less far around itself. */
const apart = 32
/** Whatever hex, base64 and escapes are written with, without blanks. */
const isRun = tableOf(/[\w+/=%\\-]/)
/** Escapes begin with a telling one, and no UTF-16 is without NUL. */
const [other, telling] = [0, 2] as const
const kindOf = isRun.map((kind, code) => ('%\\\0'.includes(String.fromCharCode(code)) ? telling : kind))
const isBlank = tableOf(/[ \t\r\n]/)
/** More than any encoding looks around for without a run. */
const margin = 64
/** Base64 goes on over a line end and indentation if the line is as long as this. */
const wrappedLine = 60
const indentation = 40

const [lineFeed, carriageReturn, backslash, letterN] = [10, 13, 0x5c, 0x6e]

function startOfStretch(bytes: Buffer, from: number): number {
  for (let at = Math.max(0, from - margin); ; ) {
    while (at > 0 && isRun[bytes[at - 1]!] === 1) at--
    let line = at
    while (line > 0 && at - line <= indentation && isBlank[bytes[line - 1]!] === 1 && bytes[line - 1] !== lineFeed)
      line--
    if (bytes[line - 1] === lineFeed) line -= bytes[line - 2] === carriageReturn ? 2 : 1
    else if (bytes[line - 1] !== letterN || bytes[line - 2] !== backslash) return at
    if (line === at || !isWrapped(bytes, line)) return at
    at = line
  }
}

function endOfStretch(bytes: Buffer, to: number): number {
  let at = Math.min(bytes.length, to + margin)
  while (at < bytes.length && isBlank[bytes[at]!] === 1) at++
  for (;;) {
    while (at < bytes.length && isRun[bytes[at]!] === 1) at++
    if (!isWrapped(bytes, at)) return at
    let next = at
    if (bytes[next] === carriageReturn) next++
    if (bytes[next] === lineFeed) next++
    else if (bytes[at - 1] !== letterN || bytes[at - 2] !== backslash) return at
    const indented = next
    while (next - indented < indentation && (bytes[next] === 0x20 || bytes[next] === 0x09)) next++
    if (next === at || isRun[bytes[next] ?? 0] === 0) return at
    at = next
  }
}

/** Does a line of base64 end there? */
function isWrapped(bytes: Buffer, end: number): boolean {
  if (end < wrappedLine) return false
  for (let at = end - wrappedLine; at < end; at++) if (isRun[bytes[at]!] === 0) return false
  return true
}
