// judge(): scan results and policy in, one Report out. Pure: no clock, no disk, no network.
// A finding weighs severity × confidence. Within a family of evidence the strongest counts, across families
// they add up; bands are thresholds on a subject's sum. The verdict compares bands, never single findings.
// What the team accepted is taken out before (policy.ts).

import { bandOf } from './bands.ts'
import { catalog, registrySources, sourceNames } from './catalog.ts'
import { subjectKey } from './finding.ts'
import { applyPolicy, expiredCode, type FindingPolicy } from './policy.ts'
import { couldMatch } from './stale.ts'
import {
  type AcceptedFinding,
  type Baseline,
  bands,
  type Config,
  type Coverage,
  type Driver,
  type FailOn,
  type Finding,
  type RankedSubject,
  type Report,
  type Rule,
  type ScannerName,
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
  readonly policy: Pick<Config, 'failOn' | 'required'> &
    Partial<Pick<Config, 'failOnPerScanner' | 'offline' | 'only' | 'since' | 'staged' | 'commits' | 'confusion'>> &
    FindingPolicy
  readonly baseline?: Baseline | undefined
  /** True: only packages or a text that somebody named were looked at, so exceptions of anything else have no say. */
  readonly named?: boolean
  readonly run: Pick<Report, 'tool' | 'target' | 'prefix' | 'startedAt' | 'durationMs'>
}

/** Weighs what the scanners saw. Never throws: a code without a catalog entry is weighed as exposure. */
export function judge({ results, policy, baseline, named = false, run }: JudgeInput): Report {
  const seen = results.flatMap((result) => result.findings)
  const covered = results.flatMap((result) => result.coverage)
  const applied = applyPolicy(
    seen,
    policy,
    baseline,
    run.startedAt.slice(0, 10),
    (exception) => !named && couldMatch(exception, { coverage: covered, policy }),
  )
  const findings = dedupe(applied.open)
  const accepted = distinct(applied.accepted, findings)
  const rules: Record<string, Rule> = { ...catalog, ...Object.assign({}, ...results.map((r) => r.rules ?? {})) }
  const subjects = rank(findings, rules, levelsOf(policy))
  const coverage = covered.map((entry) => ({ ...entry, required: policy.required.includes(entry.source) }))
  const leftOut = leftOutOnPurpose(coverage, policy)
  const notes = [...results.flatMap((result) => result.notes ?? []), ...leftOut.map(leftOutNote)]
  const highest = subjects[0]
  return {
    schema: 1,
    ...run,
    failOn: policy.failOn,
    ...(Object.keys(policy.failOnPerScanner ?? {}).length > 0 && { failOnPerScanner: policy.failOnPerScanner! }),
    verdict: verdictOf(subjects, coverage, leftOut.length > 0),
    risk: { band: highest?.band ?? 'none', drivers: highest?.drivers.filter((driver) => driver.counted) ?? [] },
    subjects,
    findings,
    accepted: accepted.length,
    acceptedFindings: accepted,
    coverage,
    counts: sumCounts([...results, applied]),
    ...(notes.length > 0 && { notes }),
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

type Levels = (scanner: ScannerName) => FailOn

const levelsOf =
  ({ failOn, failOnPerScanner = {} }: JudgeInput['policy']): Levels =>
  (scanner) =>
    (Object.hasOwn(failOnPerScanner, scanner) ? failOnPerScanner[scanner] : undefined) ?? failOn

function rank(findings: readonly Finding[], rules: Readonly<Record<string, Rule>>, levels: Levels): RankedSubject[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = subjectKey(finding.subject)
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()]
    .map((group) => weigh(group, rules, levels))
    .sort((a, b) => b.points - a.points || compare(subjectKey(a.subject), subjectKey(b.subject)))
}

function weigh(group: readonly Finding[], rules: Readonly<Record<string, Rule>>, levels: Levels): RankedSubject {
  const drivers = driversOf(group, rules)
  const points = sumOf(drivers)
  const subject = { subject: group[0]!.subject, band: bandOf(points), points, drivers }
  // What was there before the change that the run is about is no reason to refuse the change.
  const counting = group.filter(({ introduced }) => introduced !== false)
  return counting.length > 0 && fails(counting, rules, levels) ? { ...subject, fails: true } : subject
}

/**
 * What one scanner says reaches that scanner's level, or everything together reaches the most lenient level of those
 * who speak of the subject. An exception past its day fails whatever the level, unless nothing ever fails.
 */
function fails(group: readonly Finding[], rules: Readonly<Record<string, Rule>>, levels: Levels): boolean {
  const scanners = [...new Set(group.map(({ scanner }) => scanner))]
  const strictness = (level: FailOn): number => (level === 'never' ? bands.length : bands.indexOf(level))
  const lenient = Math.max(...scanners.map((scanner) => strictness(levels(scanner))))
  if (bands.indexOf(bandOf(sumOf(driversOf(group, rules)))) >= lenient) return true
  return scanners.some((scanner) => {
    const own = group.filter((finding) => finding.scanner === scanner)
    if (levels(scanner) !== 'never' && own.some(({ code }) => code === expiredCode)) return true
    return bands.indexOf(bandOf(sumOf(driversOf(own, rules)))) >= strictness(levels(scanner))
  })
}

function driversOf(group: readonly Finding[], rules: Readonly<Record<string, Rule>>): Driver[] {
  const strongest = new Set<string>()
  return group
    .map((finding) => ({ finding, family: ruleOf(rules, finding.code).family, points: pointsOf(finding) }))
    .sort((a, b) => b.points - a.points || compare(a.finding.code, b.finding.code))
    .map(({ finding, family, points }): Driver => {
      const counted = points > 0 && !strongest.has(family)
      if (counted) strongest.add(family)
      return { code: finding.code, family, points, counted, message: finding.message, fingerprint: finding.fingerprint }
    })
}

const sumOf = (drivers: readonly Driver[]): number =>
  drivers.reduce((sum, driver) => sum + (driver.counted ? driver.points : 0), 0)

function verdictOf(
  subjects: readonly RankedSubject[],
  coverage: readonly (Coverage & { required: boolean })[],
  leftOut: boolean,
): Verdict {
  if (subjects.some((subject) => subject.fails)) return 'fail'
  return leftOut || coverage.some((entry) => entry.required && entry.state === 'partial') ? 'incomplete' : 'pass'
}

/**
 * Required in so many words, and yet skipped because nothing may be asked. (By default config.ts takes it out of what
 * is required; a scanner that this run does not have owes nothing.)
 */
const leftOutOnPurpose = (
  coverage: readonly (Coverage & { required: boolean })[],
  { offline = false, only = [] }: JudgeInput['policy'],
): readonly Coverage[] =>
  offline
    ? coverage.filter(
        ({ required, state, scanner, source }) =>
          required && state === 'skipped' && only.includes(scanner) && registrySources.has(source),
      )
    : []

const leftOutNote = ({ source }: Coverage): string =>
  `${sourceNames[source]}: the configuration requires it and --offline leaves it out; ask a registry, or take ${source} out of \`required\``

/** The same fact from two scanners (or two lockfiles) is one finding with both places, each of them once. */
function dedupe(findings: readonly Finding[]): Finding[] {
  const byFingerprint = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const known = byFingerprint.get(finding.fingerprint)
    if (known) known.push(finding)
    else byFingerprint.set(finding.fingerprint, [finding])
  }
  return [...byFingerprint.values()].map(([first, ...more]) => (more.length === 0 ? first : joined(first, more)))
}

function joined(first: Finding, more: readonly Finding[]): Finding {
  const strongest = more.reduce(
    (known, one) => (severities.indexOf(one.severity) > severities.indexOf(known.severity) ? one : known),
    first,
  )
  const all = [first, ...more].flatMap(({ evidence }) => evidence)
  // A catalog's line is the same for every manifest that asks by it.
  const [place = first.evidence[0], ...places] = new Map(all.map((one) => [JSON.stringify(one), one])).values()
  // Brought by the change in one place it is brought, wherever else it was there.
  const isNew = [first, ...more].some(({ introduced }) => introduced === true)
  return { ...strongest, evidence: [place, ...places], ...(isNew && { introduced: true }) }
}

/** Each accepted finding once; one that is open at another place is not accepted. */
function distinct(accepted: readonly AcceptedFinding[], open: readonly Finding[]): AcceptedFinding[] {
  const isOpen = new Set(open.map(({ fingerprint }) => fingerprint))
  const chosen = new Map<string, AcceptedFinding>()
  for (const one of accepted)
    if (!isOpen.has(one.fingerprint) && !chosen.has(one.fingerprint)) chosen.set(one.fingerprint, one)
  return [...chosen.values()]
}

const ruleOf = (rules: Readonly<Record<string, Rule>>, code: string): Rule =>
  (Object.hasOwn(rules, code) ? rules[code] : undefined) ?? {
    title: code,
    family: 'exposure',
    why: 'No description.',
    fix: 'Look at the evidence.',
  }

function sumCounts(results: readonly Pick<ScanResult, 'counts'>[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const result of results)
    for (const [label, count] of Object.entries(result.counts ?? {})) sums.set(label, (sums.get(label) ?? 0) + count)
  return Object.fromEntries(sums)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
