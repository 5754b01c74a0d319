// The one decision behind every door of the guard: a report of what would be installed in, allow, warn or block out,
// with reasons and the way on. What the registry did not say is a reason too. Pure: who asks and who installs stands
// elsewhere. Exceptions and the baseline have been applied by judge(): what they accept never gets here.

import { bandOf } from '../bands.ts'
import { clean } from '../redact.ts'
import {
  type Config,
  type Driver,
  type Finding,
  type GuardAction,
  type GuardPolicy,
  type GuardRule,
  guardRules,
  type Missed,
  type PackageFacts,
  type RankedSubject,
  type Report,
  type Source,
} from '../types.ts'
import { ageInHours, hadNoScript, readableTime } from './versions.ts'

/** What the guard insists on, whatever the configuration says: every name that would be installed must be vetted. */
export const neededSources = [
  'manifest',
  'lockfile',
  'existence-direct',
  'existence-transitive',
] as const satisfies readonly Source[]

export interface DecideInput {
  readonly report: Report
  readonly policy: GuardPolicy
  /** Sources that must have been read in full; what is missing there is `unknown`. */
  readonly needed: readonly Source[]
  /** False for what was vetted and installed before: it is judged by the rules that always hold. Default: all is new. */
  readonly isNew?: (name: string, version: string | undefined) => boolean
  /** What the registry says of a package, for ages and for what its earlier versions did. */
  readonly factsOf?: (name: string) => PackageFacts | undefined
  /** Versions of a package that are installed now. */
  readonly before?: (name: string) => readonly string[]
  /** `--allow-unverified`: what could not be vetted is let through, and said. */
  readonly allowUnverified?: boolean
  readonly now: Date
}

export interface Reason {
  readonly action: Exclude<GuardAction, 'allow'>
  readonly rule: GuardRule
  /** `name@version`, or a path. */
  readonly subject: string
  readonly message: string
  /** What to do about it. */
  readonly wayOn: string
}

export interface Decision {
  readonly verdict: GuardAction
  /** 0 go on · 1 blocked by what was found · 3 blocked by what could not be vetted. */
  readonly exitCode: 0 | 1 | 3
  /** What blocks first; empty where nothing speaks against it. */
  readonly reasons: readonly Reason[]
}

/** Never throws, and asks nobody: all that counts is handed in. */
export function decide(input: DecideInput): Decision {
  const found = input.report.findings.flatMap((finding) => reasonOf(finding, input) ?? [])
  const reasons = distinct([...found, ...risks(input, found), ...unknowns(input)])
  const blocking = reasons.filter(({ action }) => action === 'block')
  return {
    verdict: blocking.length > 0 ? 'block' : reasons.length > 0 ? 'warn' : 'allow',
    exitCode: blocking.length === 0 ? 0 : blocking.every(({ rule }) => rule === 'unknown') ? 3 : 1,
    reasons: [...blocking, ...reasons.filter(({ action }) => action === 'warn')],
  }
}

/** Which rule a finding is the matter of. What is in none counts in the sum of the risk only. */
const ruleOfCode: ReadonlyMap<string, GuardRule> = new Map([
  ['phantom/not-found', 'phantom'],
  ['phantom/confusion', 'phantom'],
  ['phantom/squatted-later', 'phantom'],
  ['package/unpublished', 'phantom'],
  ['package/security-held', 'securityHeld'],
  ['package/malware', 'malware'],
  ['lockfile/conflict-markers', 'tampered'],
  ['lockfile/contradiction', 'tampered'],
  ['lockfile/integrity-mismatch', 'tampered'],
  ['lockfile/integrity-malformed', 'tampered'],
  ['lockfile/resolved-mismatch', 'tampered'],
  ['lockfile/foreign-host', 'tampered'],
  ['lockfile/insecure-url', 'tampered'],
  ['package/integrity-mismatch', 'tampered'],
  ['package/manifest-mismatch', 'tampered'],
  ['package/signature-invalid', 'tampered'],
  ['package/version-withdrawn', 'tampered'],
  ['package/version-unknown', 'tampered'],
  ['lockfile/untrusted-registry', 'foreignRegistry'],
  ['package/typosquat', 'typosquat'],
  ['package/new-version', 'young'],
  ['package/low-downloads', 'fewDownloads'],
  ['package/install-script', 'installScript'],
  ['lockfile/git-source', 'exoticSource'],
  ['lockfile/remote-tarball', 'exoticSource'],
  ['package/vulnerability', 'vulnerable'],
])

/**
 * Below high severity these are said, and stop nobody: a weaker resemblance, for there are old packages of such names;
 * a version that is not listed, for a mirror may be late, and our own memory of the registry is up to a day old.
 */
const saidOnly: ReadonlySet<string> = new Set(['package/typosquat', 'package/version-unknown'])

/** These hold for what was vetted before, too: it may have been found out since. */
const lasting: ReadonlySet<GuardRule> = new Set(guardRules.slice(0, guardRules.indexOf('risk')))

function reasonOf(finding: Finding, input: DecideInput): Reason | undefined {
  const { subject, code } = finding
  const rule = ruleOfCode.get(code)
  if (rule === undefined || subject.kind === 'secret') return undefined
  if (subject.kind === 'project')
    return said(rule, input.policy[rule], subject.path, finding.message, waysOn[rule] ?? 'look at it and mend it')
  const { name, version } = subject
  if (!lasting.has(rule) && input.isNew?.(name, version) === false) return undefined
  const what = version === undefined ? name : `${name}@${version}`
  const accept = lasting.has(rule) ? '' : exceptionFor(code, name)
  if (rule === 'young') return youngReason(finding, what, name, version, input)
  if (rule === 'installScript') return scriptReason(finding, what, name, version, input)
  const action = input.policy[rule]
  const milder = saidOnly.has(code) && finding.severity !== 'high' && action === 'block' ? 'warn' : action
  return said(rule, milder, what, finding.message, `${waysOn[rule] ?? 'make sure that you want it'}${accept}`)
}

const waysOn: Readonly<Partial<Record<GuardRule, string>>> = {
  phantom: 'correct the name, or remove it',
  securityHeld: 'remove it; where it was ever installed, treat the machine and its tokens as compromised',
  malware: 'remove it; where it was ever installed, treat the machine and its tokens as compromised',
  tampered: 'find out who changed it, and resolve it anew',
  foreignRegistry: 'if the host is yours, name it in your user-level .npmrc; else remove the line',
  typosquat: 'if you meant the well-known one, correct the name; else',
  fewDownloads: 'make sure that it is the one you mean',
  vulnerable: 'choose a version that is not affected',
  exoticSource: 'use a published version; or read its code and',
}

const exceptionFor = (code: string, name: string): string =>
  ` (accept it: an exception for ${code} and ${name}, with a reason, in audit-deps.json)`

function said(
  rule: GuardRule,
  action: GuardAction,
  subject: string,
  message: string,
  wayOn: string,
): Reason | undefined {
  return action === 'allow' ? undefined : { action, rule, subject: clean(subject), message, wayOn: wayOn.trim() }
}

function youngReason(
  finding: Finding,
  what: string,
  name: string,
  version: string | undefined,
  { policy, factsOf, now }: DecideInput,
): Reason | undefined {
  const published = version === undefined ? undefined : versionOf(factsOf?.(name), version)?.published
  const hours = ageInHours(published, now)
  // Without a time the finding stands for itself: somebody saw one.
  if (hours !== undefined && hours >= policy.minimumAgeHours) return undefined
  const until = published && new Date(Date.parse(published) + policy.minimumAgeHours * 3_600_000)
  const wait = until ? `wait until ${readableTime(until)}` : 'wait a day'
  return said('young', policy.young, what, finding.message, `${wait}${exceptionFor(finding.code, name)}`)
}

function scriptReason(
  finding: Finding,
  what: string,
  name: string,
  version: string | undefined,
  { policy, factsOf, before }: DecideInput,
): Reason | undefined {
  const accept = exceptionFor(finding.code, name)
  const earlier = before?.(name) ?? []
  if (
    version === undefined ||
    earlier.length === 0 ||
    earlier.includes(version) ||
    !hadNoScript(factsOf?.(name), earlier)
  )
    return said('installScript', policy.installScript, what, finding.message, `install with --ignore-scripts${accept}`)
  const message = `runs a script when it is installed, which ${earlier.join(' and ')} did not`
  return said(
    'newInstallScript',
    policy.newInstallScript,
    what,
    message,
    `stay with ${earlier.at(-1)}, or read the script${accept}`,
  )
}

const versionOf = (facts: PackageFacts | undefined, version: string) =>
  facts && Object.hasOwn(facts.versions, version) ? facts.versions[version] : undefined

/** Known vulnerabilities have a rule; the others say how a project uses a package, not what the package would do to it. */
const noRisk: ReadonlySet<string> = new Set([
  'package/vulnerability',
  'phantom/unused',
  'phantom/undeclared',
  'phantom/export',
])

/** Everything that speaks against a new package together. */
function risks({ report, policy, isNew }: DecideInput, found: readonly Reason[]): Reason[] {
  if (policy.risk === 'allow') return []
  const named = new Set(found.filter(({ action }) => action === 'block').map(({ subject }) => subject))
  return report.subjects.flatMap((ranked) => {
    const { subject } = ranked
    const versions = versionsOf(report, ranked)
    if (subject.kind === 'secret' || ranked.fails !== true) return []
    if (subject.kind === 'package' && isNew && !versions.some((version) => isNew(subject.name, version))) return []
    const drivers = ranked.drivers.filter(({ code, counted }) => counted && !noRisk.has(code))
    const what = clean(subject.kind === 'project' ? subject.path : nameOf(subject.name, versions))
    if (named.has(what) || !reaches(drivers, report.failOn)) return []
    const message = drivers.map((driver) => driver.message).join(' · ')
    const reason = said(
      'risk',
      policy.risk,
      what,
      message,
      'see audit-deps deps --verbose; what is fine can be accepted',
    )
    return reason ? [reason] : []
  })
}

const versionsOf = (report: Report, { subject }: RankedSubject): readonly (string | undefined)[] => [
  ...new Set(
    report.findings.flatMap(({ subject: other }) =>
      subject.kind === 'package' && other.kind === 'package' && other.name === subject.name ? [other.version] : [],
    ),
  ),
]

const nameOf = (name: string, [first]: readonly (string | undefined)[]): string =>
  first === undefined ? name : `${name}@${first}`

function reaches(drivers: readonly Driver[], failOn: Config['failOn']): boolean {
  const order = ['none', 'low', 'medium', 'high', 'critical']
  const points = drivers.reduce((sum, driver) => sum + driver.points, 0)
  return failOn !== 'never' && order.indexOf(bandOf(points)) >= order.indexOf(failOn)
}

/**
 * What nobody could vouch for. Judged here, not by the report's own `required`: there, skipping on purpose is no gap,
 * but for a guard a name that was not looked up is not vetted, offline or not.
 */
function unknowns({ report, needed, policy, allowUnverified }: DecideInput): Reason[] {
  const action = allowUnverified && policy.unknown === 'block' ? 'warn' : policy.unknown
  const gaps = needed.flatMap((source) => gapsIn(report, source))
  return gaps.flatMap(({ what, why, next }) => {
    const message = allowUnverified ? `NOT VERIFIED: ${why}` : why
    const wayOn = allowUnverified ? next : `${next}; or install it unvetted, with --allow-unverified`
    return said('unknown', action, what, message, wayOn) ?? []
  })
}

function gapsIn({ coverage }: Report, source: Source): readonly Missed[] {
  const entries = coverage.filter((entry) => entry.source === source)
  if (entries.length === 0) return [{ what: source, why: 'it was not checked', next: 'run audit-deps deps to see why' }]
  return entries.flatMap((entry) => {
    if (entry.state === 'skipped') return [{ what: source, why: entry.reason, next: 'run it again without that' }]
    return entry.state === 'partial' ? entry.missed : []
  })
}

/** One reason per rule and subject: an advisory, or a place, more is the report's to tell. */
function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Map<string, Reason>()
  for (const reason of reasons) {
    const key = `${reason.rule}\0${reason.subject}`
    if (!seen.has(key)) seen.set(key, reason)
  }
  return [...seen.values()]
}
