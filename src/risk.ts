// judge(): scan results and policy in, one Report out. Pure: no clock, no disk, no network.
// A finding weighs severity × confidence. Within a family of evidence the strongest counts, across families
// they add up; bands are thresholds on a subject's sum. The verdict compares bands, never single findings.

import { bandOf } from './bands.ts'
import { catalog } from './catalog.ts'
import { subjectKey } from './finding.ts'
import {
  type Band,
  bands,
  type Config,
  type Coverage,
  type Driver,
  type Finding,
  type RankedSubject,
  type Report,
  type Rule,
  type ScanResult,
  type Severity,
  severities,
  type Verdict,
} from './types.ts'

const severityPoints = { info: 0, low: 10, medium: 30, high: 60, critical: 100 } as const satisfies Record<
  Severity,
  number
>
const confidenceFactor = { high: 1, medium: 0.7, low: 0.4 } as const

export interface JudgeInput {
  readonly results: readonly ScanResult[]
  readonly policy: Pick<Config, 'failOn' | 'required'>
  /** Fingerprints that someone accepted. */
  readonly baseline?: ReadonlySet<string>
  readonly run: Pick<Report, 'tool' | 'target' | 'startedAt' | 'durationMs'>
}

/** Weighs what the scanners saw. Never throws: a code without a catalog entry is weighed as exposure. */
export function judge({ results, policy, baseline, run }: JudgeInput): Report {
  const seen = dedupe(results.flatMap((result) => result.findings))
  const findings = seen.filter((finding) => !baseline?.has(finding.fingerprint))
  const rules: Record<string, Rule> = { ...catalog, ...Object.assign({}, ...results.map((r) => r.rules ?? {})) }
  const subjects = rank(findings, rules)
  const coverage = results
    .flatMap((result) => result.coverage)
    .map((entry) => ({ ...entry, required: policy.required.includes(entry.source) }))
  const highest = subjects[0]
  return {
    schema: 1,
    ...run,
    failOn: policy.failOn,
    verdict: verdictOf(highest?.band ?? 'none', coverage, policy.failOn),
    risk: { band: highest?.band ?? 'none', drivers: highest?.drivers.filter((driver) => driver.counted) ?? [] },
    subjects,
    findings,
    accepted: seen.length - findings.length,
    coverage,
    counts: sumCounts(results),
    rules: Object.fromEntries(
      [...new Set(findings.map((finding) => finding.code))].sort().map((code) => [code, ruleOf(rules, code)]),
    ),
  }
}

/** 0 pass · 1 findings at or above `failOn` · 3 something required stayed unread. 1 beats 3. */
export const exitCodeOf = (report: Pick<Report, 'verdict'>): 0 | 1 | 3 =>
  (({ pass: 0, fail: 1, incomplete: 3 }) as const)[report.verdict]

const pointsOf = (finding: Pick<Finding, 'severity' | 'confidence'>): number =>
  Math.round(severityPoints[finding.severity] * confidenceFactor[finding.confidence])

function rank(findings: readonly Finding[], rules: Readonly<Record<string, Rule>>): RankedSubject[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = subjectKey(finding.subject)
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()]
    .map((group) => weigh(group, rules))
    .sort((a, b) => b.points - a.points || compare(subjectKey(a.subject), subjectKey(b.subject)))
}

function weigh(group: readonly Finding[], rules: Readonly<Record<string, Rule>>): RankedSubject {
  const strongest = new Set<string>()
  const drivers = group
    .map((finding) => ({ finding, family: ruleOf(rules, finding.code).family, points: pointsOf(finding) }))
    .sort((a, b) => b.points - a.points || compare(a.finding.code, b.finding.code))
    .map(({ finding, family, points }): Driver => {
      const counted = points > 0 && !strongest.has(family)
      if (counted) strongest.add(family)
      return { code: finding.code, family, points, counted, message: finding.message, fingerprint: finding.fingerprint }
    })
  const points = drivers.reduce((sum, driver) => sum + (driver.counted ? driver.points : 0), 0)
  return { subject: group[0]!.subject, band: bandOf(points), points, drivers }
}

function verdictOf(
  band: Band,
  coverage: readonly (Coverage & { required: boolean })[],
  failOn: Config['failOn'],
): Verdict {
  if (failOn !== 'never' && bands.indexOf(band) >= bands.indexOf(failOn)) return 'fail'
  return coverage.some((entry) => entry.required && entry.state === 'partial') ? 'incomplete' : 'pass'
}

/** The same fact from two scanners (or two lockfiles) is one finding with both places. */
function dedupe(findings: readonly Finding[]): Finding[] {
  const byFingerprint = new Map<string, Finding>()
  for (const finding of findings) {
    const known = byFingerprint.get(finding.fingerprint)
    if (!known) byFingerprint.set(finding.fingerprint, finding)
    else {
      const stronger = severities.indexOf(finding.severity) > severities.indexOf(known.severity) ? finding : known
      byFingerprint.set(finding.fingerprint, {
        ...stronger,
        evidence: [known.evidence[0], ...known.evidence.slice(1), ...finding.evidence],
      })
    }
  }
  return [...byFingerprint.values()]
}

const ruleOf = (rules: Readonly<Record<string, Rule>>, code: string): Rule =>
  (Object.hasOwn(rules, code) ? rules[code] : undefined) ?? {
    title: code,
    family: 'exposure',
    why: 'No description.',
    fix: 'Look at the evidence.',
  }

function sumCounts(results: readonly ScanResult[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const result of results)
    for (const [label, count] of Object.entries(result.counts ?? {})) sums.set(label, (sums.get(label) ?? 0) + count)
  return Object.fromEntries(sums)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
