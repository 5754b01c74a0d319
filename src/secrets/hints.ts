// May a text hold something encoded or put together? Asked of the whole it costs a pass over the bytes; so here it is
// asked of what changed, and what is known of the rest is handed down. A hint may be wrong, and then costs that pass.
// It is never missing: every text that needsDerivation() is one whose hints are not `noHints`.

import type { Span } from '../redact.ts'
import { decodings } from './decode.ts'
import { mayFold } from './fold-hint.ts'
import { tableOf } from './runs.ts'

export interface Hints {
  readonly any: boolean
}

export const noHints: Hints = { any: false }
const some: Hints = { any: true }

/** The hints of a text that is new in `edits` (ascending) and had `known` elsewhere. */
export function derivationHints(bytes: Buffer, edits: readonly Span[], known: Hints): Hints {
  if (known.any) return known
  for (let i = 0; i < edits.length; ) {
    const start = startOfStretch(bytes, edits[i]!.start)
    let end = endOfStretch(bytes, edits[i]!.end)
    // Edits of one neighbourhood are looked at once.
    for (i++; i < edits.length && edits[i]!.start <= end + 4 * margin; i++)
      if (edits[i]!.end > end - margin) end = endOfStretch(bytes, edits[i]!.end)
    const text = bytes.subarray(start, end)
    if (text.includes(0) || text.includes('Secret') || !decodings(text).next().done || mayFold(text)) return some
  }
  return noHints
}

/** Base64 goes on over line ends and indentation. */
const isStretch = tableOf(/[\w+/=\n\r\t \\%-]/)
const margin = 64

function startOfStretch(bytes: Buffer, from: number): number {
  let at = Math.max(0, from - margin)
  while (at > 0 && isStretch[bytes[at - 1]!] === 1) at--
  return at
}

function endOfStretch(bytes: Buffer, to: number): number {
  let at = Math.min(bytes.length, to + margin)
  while (at < bytes.length && isStretch[bytes[at]!] === 1) at++
  return at
}
