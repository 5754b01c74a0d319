// From raw candidates to what is worth saying, per blob and path: overlaps are settled for the most specific rule,
// placeholders stay silent, people's allow comments are heard, lockfiles, bundles and vendored code are spared the
// generic rules, and checksums move the confidence. Whatever is left out is counted by its reason.

import { type Confidence, confidences, type Severity, type Signature } from '../types.ts'
import { checks } from './checksum.ts'
import { requiredLiterals } from './literals.ts'
import { isAllowed } from './markers.ts'
import type { Candidate } from './match.ts'
import { type PathKind, pathKind } from './paths.ts'
import { placeholder } from './placeholders.ts'
import { looksRandom } from './values.ts'

export interface Settled extends Candidate {
  readonly severity: Severity
  readonly confidence: Confidence
  /** How its digest is made and what its preview may show. */
  readonly strength: Signature['strength']
}

export interface Settlement {
  /** Ordered by where they stand; no two overlap. */
  readonly settled: readonly Settled[]
  /** What was left out, by reason; a candidate that lost its place to a more specific one is not counted. */
  readonly dropped: ReadonlyMap<string, number>
}

export interface Surroundings {
  readonly bytes: Buffer
  /** latin1 or UTF-8, with forward slashes. */
  readonly path?: string | undefined
  /** The matcher's: every rule that a candidate may name. */
  readonly signatures: ReadonlyMap<string, Signature>
  /** False to report what allow comments hide (`--no-inline-allow`). */
  readonly inlineAllow?: boolean
}

/** Judges the candidates of one text. Pure; never throws. */
export function settle(candidates: readonly Candidate[], around: Surroundings): Settlement {
  const dropped = new Map<string, number>()
  if (candidates.length === 0) return { settled: [], dropped }
  const kind = pathKind(around.path, around.bytes)
  const settled: Settled[] = []
  for (const candidate of withoutOverlaps(candidates, around.signatures)) {
    const signature = around.signatures.get(candidate.rule)
    if (signature === undefined) continue
    const reason = reasonToDrop(candidate, signature, kind, around)
    if (reason === undefined) settled.push(judged(candidate, signature, kind))
    else dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
  }
  return { settled, dropped }
}

/**
 * The most specific rule keeps the place: a name and a literal in the value together, then a provider's anchor, then
 * a provider's name, then a generic one.
 */
function withoutOverlaps(
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

function specificity({ id, anchors, pattern }: Signature): number {
  if (isGeneric(id)) return anchors === undefined ? 0 : 1
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

const isGeneric = (rule: string): boolean => genericRules.has(rule)
const assignmentRules: ReadonlySet<string> = new Set([
  'generic-password',
  'generic-secret',
  'generic-token',
  'generic-api-key',
])
const genericRules: ReadonlySet<string> = new Set([
  ...assignmentRules,
  'url-credentials',
  'authorization-header',
  'command-line-credentials',
])

function reasonToDrop(
  candidate: Candidate,
  signature: Signature,
  kind: PathKind,
  { bytes, inlineAllow = true }: Surroundings,
): string | undefined {
  const generic = isGeneric(candidate.rule)
  const byName = generic || signature.name !== undefined
  if (kind.binary && byName) return 'generic rules on binary files'
  if (kind.vendored && byName) return 'generic rules on vendored or generated files'
  if (kind.lockfile && assignmentRules.has(candidate.rule)) return 'generic rules on lockfiles'
  // In a program, what stands bare behind a name is an expression.
  if (kind.program && (candidate.form === 'line' || candidate.form === 'other') && generic) return 'expressions in code'
  const tier = placeholder(candidate.value, signature.strength)
  if (tier !== undefined) return `${tier}s`
  if (inlineAllow && isAllowed(bytes, candidate)) return 'allowed by a comment'
  return undefined
}

function judged(candidate: Candidate, signature: Signature, kind: PathKind): Settled {
  const generic = isGeneric(candidate.rule)
  let confidence = confidences.indexOf(signature.confidence)
  const check = signature.check === undefined ? undefined : checks[signature.check]
  if (check) confidence = check(candidate.value) ? confidences.length - 1 : confidence - 1
  // Tests, examples and documents hold made-up passwords; what a provider's shape proves stays as it is.
  if (kind.sample && generic) confidence--
  if (kind.template && generic) confidence -= 2
  return {
    ...candidate,
    severity: signature.severity,
    confidence: confidences[Math.max(0, Math.min(confidence, confidences.length - 1))]!,
    // By the value alone where the rule says nothing of it, so that its digest is the same under every generic rule.
    strength:
      generic && candidate.value.length >= 20 && looksRandom(candidate.value, 20) ? 'random' : signature.strength,
  }
}
