// May a text hold something encoded? Asked of the whole it costs a pass over the bytes; so here it is asked of what
// changed, and what is known of the rest is handed down.

import type { Span } from '../redact.ts'
import { holdsText, isBase64, lineBehind, shortestBase64, wrappedLine } from './base64.ts'
import { decodings, holdsHexText } from './decode.ts'
import { hidesSomething } from './escapes.ts'
import { endOfRun, nextRun, tableOf } from './runs.ts'

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
const looksEncoded = (bytes: Buffer, { start, end }: Span, from: number, to: number): boolean =>
  holdsEscape(bytes, Math.max(start, from), Math.min(end, to)) || holdsRun(bytes, { start, end }, from, to)

function holdsEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const kind = kindOf[bytes[at]!]!
    if (kind !== 0 && (kind === nul || hidesSomething(bytes, at))) return true
  }
  return false
}

function holdsRun(bytes: Buffer, { start, end }: Span, from: number, to: number): boolean {
  for (let at = nextRun(bytes, start, isBase64, shortestBase64, end); at !== -1; ) {
    const behind = endOfRun(bytes, at, isBase64)
    if (behind - at >= wrappedLine && lineBehind(bytes, behind) !== -1) return true
    if (at < to && behind > from && (holdsText(bytes, at, behind) || holdsHexText(bytes, at, behind))) return true
    at = nextRun(bytes, behind, isBase64, shortestBase64, end)
  }
  return false
}

/** An escape and the word behind it that it is judged by are shorter, and base64 looks less far around itself. */
const apart = 32
const [nul, mark] = [1, 2] as const
/** Escapes begin with a percent sign or a backslash, and no UTF-16 is without NUL. */
const kindOf = Uint8Array.from({ length: 256 }, (_, code) =>
  code === 0 ? nul : code === 0x25 || code === 0x5c ? mark : 0,
)
/** Whatever hex, base64 and escapes are written with, without blanks. */
const isRun = tableOf(/[\w+/=%\\-]/)
const isBlank = tableOf(/[ \t\r\n]/)
/** More than any encoding looks around for without a run. */
const margin = 64
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
