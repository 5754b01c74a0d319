// No secret is printed in clear, whoever prints: paths and sentences of the scanners that look for packages may hold
// one, too (a folder named by a token, an address with a password). What secrets/ itself says is masked at birth.

import type { Coverage, Evidence, Finding, Missed, ScanResult } from './types.ts'

type Mask = <Text extends string>(text: Text) => Text

/**
 * The same results with every secret masked in texts that come from the project: paths, excerpts, messages, what was
 * missed, notes. Names of packages stay, for they say what is meant; so do fingerprints, which were made before.
 */
export async function maskResults(results: readonly ScanResult[]): Promise<readonly ScanResult[]> {
  const texts = new Set<string>()
  each(results, (text) => {
    texts.add(text)
    return text
  })
  const masked = await maskTexts([...texts])
  return masked.size === 0 ? results : each(results, (text) => (masked.get(text) as typeof text) ?? text)
}

/** What a text is without its secrets, of those that could hold one: only for them the signatures are loaded. */
export async function maskTexts(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const suspicious = texts.filter(isSuspicious)
  if (suspicious.length === 0) return new Map()
  const [{ shippedMatcher }, { maskedPath }] = await Promise.all([
    import('./secrets/text.ts'),
    import('./secrets/places.ts'),
  ])
  const matcher = shippedMatcher()
  return new Map(suspicious.map((text) => [text, maskedPath(matcher, text)]))
}

/** Hashes of packages and commits are no secrets, and stand in most lines of a lockfile. */
const hashes = /\bsha\d+-[\w+/]+=*|\b[0-9a-f]{40}\b/g
/** A run as long as the shortest token, with a digit or four capitals; a password in an address, or by its name. */
const tokens = /(?=[\w+~=-]{0,64}\d|(?:[a-z_+~=-]{0,16}[A-Z]){4})(?=[\w+~=-]{0,64}[A-Za-z])[\w+~=-]{16}/
const passwords = /:\/\/[^\s/]{0,500}@|(?:pass|secret|token|key|pwd|auth|credential)[\w-]{0,40}["']?\s{0,8}[=:]/i

const isSuspicious = (text: string): boolean => passwords.test(text) || tokens.test(text.replace(hashes, ''))

const each = (results: readonly ScanResult[], mask: Mask): readonly ScanResult[] =>
  results.map((result) => ({
    ...result,
    findings: result.findings.map((one) => (one.scanner === 'secrets' ? one : maskFinding(one, mask))),
    coverage: result.coverage.map((one) => maskCoverage(one, mask)),
    ...(result.notes && { notes: result.notes.map(mask) }),
  }))

function maskFinding(finding: Finding, mask: Mask): Finding {
  const { subject, message } = finding
  const [first, ...rest] = finding.evidence
  return {
    ...finding,
    subject: subject.kind === 'project' ? { ...subject, path: mask(subject.path) } : subject,
    message: mask(message),
    evidence: [maskEvidence(first, mask), ...rest.map((one) => maskEvidence(one, mask))],
  }
}

function maskEvidence(evidence: Evidence, mask: Mask): Evidence {
  if (evidence.kind === 'registry') return { ...evidence, observed: mask(evidence.observed) }
  const { path, excerpt } = evidence
  return { ...evidence, ...(path !== undefined && { path: mask(path) }), excerpt: mask(excerpt) } as Evidence
}

function maskCoverage(coverage: Coverage, mask: Mask): Coverage {
  if (coverage.state === 'skipped') return { ...coverage, reason: mask(coverage.reason) }
  return coverage.state === 'complete' ? coverage : { ...coverage, missed: coverage.missed.map(maskMissed(mask)) }
}

const maskMissed =
  (mask: Mask) =>
  ({ what, why, next }: Missed): Missed => ({ what: mask(what), why: mask(why), next: mask(next) })
