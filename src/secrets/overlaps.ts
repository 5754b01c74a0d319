// Several rules may claim the same bytes: the most specific one keeps the place.

import { confidences, type Signature } from '../types.ts'
import { isGeneric } from './generic.ts'
import { requiredLiterals } from './literals.ts'
import type { Candidate } from './match.ts'

/**
 * The most specific rule keeps the place: a name and a literal in the value together, then a provider's anchor, then
 * a provider's name, then a generic one.
 */
export function withoutOverlaps(
  candidates: readonly Candidate[],
  signatures: ReadonlyMap<string, Signature>,
): readonly Candidate[] {
  const rank = ({ rule }: Candidate): number => {
    const signature = signatures.get(rule)
    return signature === undefined ? 0 : specificity(signature) + confidences.indexOf(signature.confidence) / 4
  }
  const best = candidates
    .map((candidate) => ({ candidate, rank: rank(candidate), length: candidate.end - candidate.start }))
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        b.length - a.length ||
        a.candidate.start - b.candidate.start ||
        (a.candidate.rule < b.candidate.rule ? -1 : 1),
    )
  const taken = new Places()
  return best
    .filter(({ candidate }) => taken.take(candidate.start, candidate.end))
    .map(({ candidate }) => candidate)
    .sort((a, b) => a.start - b.start)
}

function specificity(signature: Signature): number {
  const { anchors, pattern } = signature
  if (isGeneric(signature)) return anchors === undefined ? 0 : 1
  if (anchors !== undefined) return 3
  return requiredLiterals(pattern.source).some((word) => word.length >= 3) ? 4 : 2
}

/** Intervals without overlap, by the coarse cells that they touch: constant time each, however many there are. */
class Places {
  readonly #cells = new Map<number, { start: number; end: number }[]>()

  take(start: number, end: number): boolean {
    const place = { start, end }
    for (let cell = start >> 8; cell <= end >> 8; cell++)
      if (this.#cells.get(cell)?.some((other) => other.start < end && start < other.end)) return false
    for (let cell = start >> 8; cell <= end >> 8; cell++) {
      const others = this.#cells.get(cell)
      if (others) others.push(place)
      else this.#cells.set(cell, [place])
    }
    return true
  }
}
