// One text through the whole pure path: decode, match, settle, digest, and say where. No disk, no git.

import type { Rule, ScanResult, Signature } from '../types.ts'
import { matchDeeply } from './derive.ts'
import { createDigester, type Digester } from './digest.ts'
import { type Settled, settle } from './filters.ts'
import { createMatcher, type Matcher, type WindowMatcher } from './match.ts'
import { createPlaces, maskedPath } from './places.ts'
import { isPrintable } from './runs.ts'
import { findingsOf, type Sighting } from './sightings.ts'
import { loadSignatures, ruleOfSignature } from './signatures.ts'

export interface TextOptions {
  /** Names the text in the findings, and says what kind of file it is. */
  readonly path?: string
  /** Instead of the shipped ones; compile them once and hand them in when many texts are scanned. */
  readonly matcher?: Matcher
  readonly digester?: Digester
  /** False to report what allow comments hide. */
  readonly inlineAllow?: boolean
  /** True to report placeholders and documented examples too, as info. */
  readonly examples?: boolean
}

export type TextResult = Required<Omit<ScanResult, 'coverage' | 'notes'>>

/**
 * The secrets in one text: one finding per value, with all its places.
 * @param text a string, or bytes in UTF-8, UTF-16 with a byte order mark, or anything else as it is
 * @throws AuditError SIGNATURE_INVALID if the shipped signatures cannot be used
 */
export async function scanText(text: string | Buffer, options: TextOptions = {}): Promise<TextResult> {
  const matcher = options.matcher ?? shippedMatcher()
  const digester = options.digester ?? createDigester()
  const bytes = typeof text === 'string' ? Buffer.from(text) : decodeText(text)
  const { path, inlineAllow = true, examples = false } = options
  const candidates = matchDeeply(matcher, bytes, path)
  const { signatures } = matcher
  const { settled, allowed, dropped } = settle(candidates, { bytes, path, signatures, inlineAllow, examples })
  const shownPath = maskedPath(matcher, path ?? 'text')
  const placeOf = createPlaces(bytes, candidates)
  const seen = (one: Settled): Sighting => ({
    settled: one,
    evidence: { kind: 'file', path: shownPath, ...placeOf(one) },
  })
  const sightings = [...settled.map(seen), ...allowed.map((one) => ({ ...seen(one), allowed: true }))]
  const told = await findingsOf(sightings, signatures, digester)
  return {
    findings: told.findings,
    counts: { ...Object.fromEntries(dropped), ...(told.allowed > 0 && { [allowedByComment]: told.allowed }) },
    rules: rulesOf(settled, signatures),
  }
}

/** What the report calls secrets that allow comments hide. */
export const allowedByComment = 'allowed by a comment'

/** UTF-16, with a byte order mark or without, becomes UTF-8, so that patterns see characters; all else stays as it is. */
export function decodeText(bytes: Buffer): Buffer {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return Buffer.from(bytes.subarray(2).toString('utf16le'))
  if (first === 0xfe && second === 0xff) return Buffer.from(swapped(bytes.subarray(2)).toString('utf16le'))
  const unmarked = first === 0 || second === 0 ? unmarkedUtf16(bytes) : undefined
  if (unmarked === undefined) return bytes
  return Buffer.from((unmarked === 'big' ? swapped(bytes) : bytes).toString('utf16le'))
}

/** A copy, byte pairs turned around; an odd last byte is left out. */
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()

/** Of the first characters nearly all are printable, with a NUL on the same side of each. */
function unmarkedUtf16(bytes: Buffer): 'little' | 'big' | undefined {
  const nul = bytes[0] === 0 ? 0 : 1
  const pairs = Math.min(bytes.length, 512) >> 1
  let plain = 0
  for (let i = 0; i < pairs; i++) if (bytes[2 * i + nul] === 0 && isPrintable[bytes[2 * i + 1 - nul]!] === 1) plain++
  if (pairs < 8 || plain * 10 < pairs * 9) return undefined
  return nul === 0 ? 'big' : 'little'
}

/** The catalog's entries for the rules that were found. */
export function rulesOf(
  settled: readonly Settled[],
  signatures: ReadonlyMap<string, Signature>,
): Readonly<Record<string, Rule>> {
  const ids = [...new Set(settled.map((one) => one.rule))]
  return Object.fromEntries(ids.map((id) => [`secret/${id}`, ruleOfSignature(signatures.get(id)!)]))
}

/**
 * The matcher of the shipped signatures.
 * @throws AuditError SIGNATURE_INVALID if one of them cannot be used
 */
export function shippedMatcher(): WindowMatcher {
  const { signatures, problems } = loadSignatures()
  if (problems[0]) throw problems[0]
  return createMatcher(signatures)
}
