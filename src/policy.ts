// What a team's policy makes of findings before they are weighed: other severities, paths that do not count, and
// findings that somebody accepted, for a while (exceptions) or until they change (the baseline). Pure. Whatever is left
// out is counted, and an exception past its day is a finding itself.

import { finding } from './finding.ts'
import { matchesGlob } from './names/pattern.ts'
import { globMatches } from './project/glob.ts'
import { clean, harmless } from './redact.ts'
import type { AcceptedFinding, Baseline, Config, Evidence, Exception, Finding } from './types.ts'

/** What of the configuration judges findings; what is absent changes nothing. */
export type FindingPolicy = Partial<Pick<Config, 'severities' | 'exceptions' | 'paths'>>

export interface Applied {
  readonly open: readonly Finding[]
  readonly accepted: readonly AcceptedFinding[]
  /** What was changed or left out, by reason. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * @param today `YYYY-MM-DD`, in UTC
 * @param couldMatch whether the run looked at all that an exception could be about: else its silence says nothing
 */
export function applyPolicy(
  findings: readonly Finding[],
  { severities = {}, exceptions = [], paths = { ignore: [] } }: FindingPolicy,
  baseline: Baseline | undefined,
  today: string,
  couldMatch: (exception: Exception) => boolean = () => true,
): Applied {
  const open: Finding[] = []
  const accepted: AcceptedFinding[] = []
  const counts = new Map<string, number>()
  const count = (reason: string, by = 1) => counts.set(reason, (counts.get(reason) ?? 0) + by)
  const used = new Set<Exception>()
  const usedLines = new Set<object>()
  const expired = new Map<Exception, Finding>()
  const accept = ({ fingerprint, code }: Finding, word: Pick<AcceptedFinding, 'by' | 'reason' | 'expires'>) => {
    accepted.push({ fingerprint, code, ...word })
    count(`accepted by ${word.by === 'baseline' ? 'the baseline' : 'an exception'}: ${code}`)
  }
  for (const raw of findings) {
    if (isIgnored(raw, paths.ignore)) {
      count('secrets only in paths that the configuration ignores')
      continue
    }
    const found = withSeverity(raw, severities)
    if (found !== raw) count(`severity set by the configuration: ${found.code}`)
    const matching = exceptions.filter((exception) => covers(exception, found))
    for (const exception of matching) used.add(exception)
    const exception = matching.find(({ expires }) => expires >= today)
    if (exception !== undefined) {
      accept(found, { by: 'exception', reason: exception.reason, expires: exception.expires })
      continue
    }
    const match = baseline?.match(found)
    for (const line of match?.lines ?? []) usedLines.add(line)
    if (match !== undefined && match.fresh.length === 0) {
      accept(found, { by: 'baseline', reason: match.lines[0].reason })
      continue
    }
    for (const past of matching) if (!expired.has(past)) expired.set(past, found)
    open.push(match === undefined ? found : freshFirst(found, match.fresh))
  }
  for (const unused of exceptions)
    if (!used.has(unused) && couldMatch(unused)) count(`exceptions that match nothing: ${clean(selectorOf(unused))}`)
  const stale = (baseline?.size ?? 0) - usedLines.size
  if (stale > 0) count('baseline lines that match nothing found in this run', stale)
  return {
    open: [...open, ...[...expired].map(([exception, found]) => expiredFinding(exception, found))],
    accepted,
    counts: Object.fromEntries(counts),
  }
}

export const expiredCode = 'policy/expired-exception'

/** A secret counts where any of its places counts. */
const isIgnored = (found: Finding, globs: readonly string[]): boolean =>
  globs.length > 0 && found.subject.kind === 'secret' && standsOnlyIn(found, globs)

function standsOnlyIn({ evidence }: Finding, globs: readonly string[]): boolean {
  const places = evidence.filter((one) => one.kind !== 'registry')
  const isInside = (path: string | undefined) => path !== undefined && globs.some((glob) => globMatches(glob, path))
  return places.length > 0 && places.every(({ path }) => isInside(path))
}

function withSeverity(found: Finding, severities: Config['severities']): Finding {
  const severity = Object.hasOwn(severities, found.code) ? severities[found.code] : undefined
  return severity === undefined || severity === found.severity ? found : { ...found, severity }
}

/** Everything that the exception names must hold. */
function covers(exception: Exception, found: Finding): boolean {
  const { code, package: name, path, secret, fingerprint, version } = exception
  const { subject } = found
  return (
    (code === undefined || code === found.code) &&
    (fingerprint === undefined || fingerprint === found.fingerprint) &&
    (name === undefined || (subject.kind === 'package' && matchesGlob(subject.name, name))) &&
    (version === undefined || (subject.kind === 'package' && subject.version === version)) &&
    (secret === undefined || (subject.kind === 'secret' && subject.digest === secret)) &&
    (path === undefined || standsOnlyIn(found, [path]))
  )
}

/** What is new about it is what its reader should see first. */
function freshFirst(found: Finding, fresh: readonly Evidence[]): Finding {
  const known = found.evidence.filter((one) => !fresh.includes(one))
  const [first = found.evidence[0], ...rest] = [...fresh, ...known]
  return { ...found, evidence: [first, ...rest] }
}

/** Beside what it no longer hides: the reader learns both that it is there, and that somebody once chose so. */
function expiredFinding(exception: Exception, { scanner }: Finding): Finding {
  const { path, line } = exception.where ?? { path: 'configuration', line: 1 }
  const about = selectorOf(exception)
  return finding(
    {
      code: expiredCode,
      scanner,
      subject: { kind: 'project', path },
      severity: 'high',
      confidence: 'high',
      message: clean(`the exception for ${about} expired on ${exception.expires}; its reason was: ${exception.reason}`),
      evidence: [{ kind: 'file', path: harmless(path), line, column: 1, excerpt: harmless(exception.reason) }],
    },
    `${about}\0${exception.expires}`,
  )
}

const selectorOf = ({ code, package: name, version, path, secret, fingerprint }: Exception): string =>
  [
    code,
    name === undefined ? version : `${name}${version === undefined ? '' : ` ${version}`}`,
    path,
    secret,
    fingerprint,
  ]
    .filter((part) => part !== undefined)
    .join(', ')
