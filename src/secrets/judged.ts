// How bad and how sure: what a signature says of all its secrets, moved by what this one value and its place say.

import { type Confidence, confidences, type Severity, type Signature, severities, type Tier } from '../types.ts'
import { checks } from './checksum.ts'
import { type Exposure, exposureOf, isPublicByDesign } from './clients.ts'
import { isGeneric } from './generic.ts'
import { readJwt } from './jwt.ts'
import { latin1 } from './latin1.ts'
import type { Candidate } from './match.ts'
import type { PathKind } from './paths.ts'
import { looksRandom } from './values.ts'

export interface Settled extends Candidate {
  readonly severity: Severity
  readonly confidence: Confidence
  /** How its digest is made and what its preview may show. */
  readonly strength: Signature['strength']
  readonly tier: Tier
  /** How it gets into pages that everybody can read; absent where it does not, or is meant to. */
  readonly exposure?: Exposure
  /** What the message adds to the signature's title: `expired`. No text of the scanned file. */
  readonly note?: string
}

export interface Circumstances {
  readonly bytes: Buffer
  readonly path?: string | undefined
  readonly now?: Date
  /** It is a placeholder or a manual's sample, and was asked for all the same. */
  readonly example: boolean
  /** It is made of words that anybody might type, though it has all that a password must have. */
  readonly weak?: boolean
}

/** A key id alone, a client id, a key that is public by design: worth knowing, opens nothing. */
export const tierOf = ({ tier, severity }: Signature): Tier => tier ?? (severity === 'info' ? 'indicator' : 'secret')

export function judged(candidate: Candidate, signature: Signature, kind: PathKind, around: Circumstances): Settled {
  const generic = isGeneric(signature)
  const tier = around.example ? 'example' : tierOf(signature)
  const expired = tier === 'secret' ? expiry(candidate.value, around.now) : undefined
  const severity = tier === 'secret' ? lowered(signature.severity, expired) : 'info'
  const exposure = tier === 'secret' ? exposureOf(around.bytes, candidate, around.path) : undefined
  const isMeant = isPublicByDesign(candidate.rule)
  // By the value alone where the rule says nothing of it, so that its digest is the same under every generic rule.
  const isRandom = generic && candidate.value.length >= 20 && looksRandom(candidate.value, 20)
  const strength = isRandom ? 'random' : signature.strength
  const confidence = confidenceOf(candidate, signature, kind, strength, around.bytes)
  return {
    ...candidate,
    severity,
    confidence: around.weak === true || (exposure !== undefined && isMeant) ? 'low' : confidence,
    strength,
    tier,
    ...(exposure !== undefined && !isMeant && severities.indexOf(severity) >= grave && { exposure }),
    ...(expired !== undefined && { note: 'expired' }),
    ...(expired === undefined && candidate.how !== undefined && { note: `written in ${candidate.how}` }),
  }
}

const grave = severities.indexOf('medium')

function confidenceOf(
  candidate: Candidate,
  signature: Signature,
  kind: PathKind,
  strength: Signature['strength'],
  bytes: Buffer,
): Confidence {
  const generic = isGeneric(signature)
  let confidence = confidences.indexOf(signature.confidence)
  const check = signature.check === undefined ? undefined : checks[signature.check]
  if (check) confidence = check(candidate.value) ? confidences.length - 1 : confidence - 1
  // Tests, examples and documents hold made-up passwords and keys; what a provider's own shape proves stays as it is.
  const madeUp =
    generic ||
    signature.strength === 'guessable' ||
    signature.id === 'jwt' ||
    signature.id.includes('private-key') ||
    (signature.name !== undefined && check === undefined)
  if (kind.sample && madeUp) confidence--
  if (kind.template && madeUp) confidence -= 2
  if (generic && kind.program && isCommentLine(bytes, candidate.start)) confidence--
  // A name that says secret before a value that says drawn at random: two witnesses.
  else if (generic && signature.meaning !== undefined && strength === 'random' && !kind.sample && !kind.template)
    confidence++
  return confidences[Math.max(0, Math.min(confidence, confidences.length - 1))]!
}

/** Documentation inside code shows how it is called. */
export function isCommentLine(bytes: Buffer, start: number): boolean {
  const before = latin1(bytes, start - 200, start)
  return /(?:^|\n)[ \t]*(?:#|\/\/+|\/?\*+|--|;|<!--|"{3}|'{3})[ \t]?[^\n]*$/.test(before)
}

/** Whether a token has expired: within the last month, when clocks and grace periods may still matter, or long ago. */
function expiry(value: string, now: Date = new Date()): 'lately' | 'long ago' | undefined {
  const expires = readJwt(value)?.expires
  const age = expires === undefined ? 0 : now.getTime() / 1000 - expires
  return age <= 0 ? undefined : age > 30 * 24 * 3600 ? 'long ago' : 'lately'
}

function lowered(severity: Severity, expired: ReturnType<typeof expiry>): Severity {
  if (expired === undefined) return severity
  return expired === 'long ago' ? 'info' : severities[Math.max(0, severities.indexOf(severity) - 1)]!
}
