// From raw candidates to what is worth saying, per blob and path: overlaps are settled for the most specific rule,
// placeholders and manuals' examples stay silent, people's allow comments are heard, lockfiles, bundles and vendored
// code are spared the generic rules. What is left out is counted by its reason; what remains is judged elsewhere.

import type { Signature } from '../types.ts'
import { isGeneric } from './generic.ts'
import { isCommentLine, judged, type Settled, tierOf } from './judged.ts'
import { bestRule } from './jwt-rule.ts'
import { isAllowed } from './markers.ts'
import type { Candidate } from './match.ts'
import { withoutOverlaps } from './overlaps.ts'
import { paired } from './paired.ts'
import { type PathKind, pathKind } from './paths.ts'
import { basicPassword, isWeakPassword, placeholder } from './placeholders.ts'
import { looksMixed } from './values.ts'

export type { Settled } from './judged.ts'

export interface Settlement {
  /** Ordered by where they stand; no two overlap. */
  readonly settled: readonly Settled[]
  /** Would be settled, but for a comment beside them. The same value elsewhere may still have to be reported. */
  readonly allowed: readonly Settled[]
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
  /** True to report placeholders and documented examples too, as info. */
  readonly examples?: boolean
  /** What tokens that say when they expire are held against; default: this moment. */
  readonly now?: Date
}

/** Judges the candidates of one text. Never throws; pure, but for the clock if none is given. */
export function settle(candidates: readonly Candidate[], around: Surroundings): Settlement {
  const dropped = new Map<string, number>()
  if (candidates.length === 0) return { settled: [], allowed: [], dropped }
  const kind = pathKind(around.path, around.bytes)
  const kept: Settled[] = []
  for (const raw of withoutOverlaps(candidates, around.signatures)) {
    const candidate = { ...raw, rule: bestRule(raw, around.signatures) }
    const signature = around.signatures.get(candidate.rule)
    if (signature === undefined) continue
    const found = exampleReason(candidate, signature)
    const weak = found !== undefined && isWeak(candidate, signature, kind)
    const example = weak ? undefined : found
    const reason = outOfPlace(candidate, signature, kind, around.bytes) ?? (around.examples ? undefined : example)
    if (reason !== undefined) dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
    else kept.push(judged(candidate, signature, kind, { ...around, example: example !== undefined, weak }))
  }
  const { inlineAllow = true, bytes, signatures } = around
  const settled: Settled[] = []
  const allowed: Settled[] = []
  // Beside a constant, a comment speaks for the expressions that use it.
  for (const one of paired(kept, bytes, signatures))
    (inlineAllow && [one, ...(one.elsewhere ?? [])].some((span) => isAllowed(bytes, span)) ? allowed : settled).push(
      one,
    )
  return { settled, allowed, dropped }
}

function outOfPlace(candidate: Candidate, signature: Signature, kind: PathKind, bytes: Buffer): string | undefined {
  const generic = isGeneric(signature)
  const byName = generic || signature.name !== undefined
  if (kind.binary && byName) return 'generic rules on binary files'
  if (kind.vendored && byName) return 'generic rules on vendored or generated files'
  if (kind.lockfile && generic && signature.meaning !== undefined) return 'generic rules on lockfiles'
  // In a program, what stands bare behind a name is an expression; in a comment it is what somebody noted.
  const bare = candidate.form === 'line' || candidate.form === 'other' || candidate.form === 'prose'
  if (kind.program && bare && generic && !(isCommentLine(bytes, candidate.start) && looksMixed(candidate.value, 8)))
    return 'expressions in code'
  return undefined
}

/** In tests and forms to fill in such a password is nobody's. */
const isWeak = ({ value }: Candidate, signature: Signature, kind: PathKind): boolean =>
  isGeneric(signature) && signature.meaning === 'password' && !kind.sample && !kind.template && isWeakPassword(value)

function exampleReason({ rule, value }: Candidate, signature: Signature): string | undefined {
  const decoded = inBase64.has(rule) ? basicPassword(value) : undefined
  const kind = placeholder(value, signature.strength) ?? (decoded && placeholder(decoded, 'guessable'))
  return kind !== undefined ? `${kind}s` : tierOf(signature) === 'example' ? 'documented examples' : undefined
}

/** Rules whose values are `user:password` in base64. */
const inBase64: ReadonlySet<string> = new Set(['authorization-header', 'docker-config-auth'])
