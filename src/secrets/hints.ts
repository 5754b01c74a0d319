// May a text hold something encoded or put together? Asked of the whole it costs a pass over the bytes; so here it is
// asked of what changed, and what is known of the rest is handed down. A hint may be wrong, and then costs that pass.
// It is never missing: every text that needsDerivation() is one whose hints are not `noHints`.

import { decodings } from './decode.ts'
import { mayFold } from './fold-hint.ts'
import { tableOf } from './runs.ts'

export interface DerivationHints {
  readonly any: boolean
}

export const noHints: DerivationHints = { any: false }
const some: DerivationHints = { any: true }

/** The hints of a text of which [from, to) is new and the rest had `known`. */
export function derivationHints(bytes: Buffer, from: number, to: number, known: DerivationHints): DerivationHints {
  if (known.any) return known
  const start = startOfStretch(bytes, from)
  const end = endOfStretch(bytes, to)
  const text = bytes.subarray(start, end)
  return text.includes(0) || text.includes('Secret') || !decodings(text).next().done || mayFold(text) ? some : noHints
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
