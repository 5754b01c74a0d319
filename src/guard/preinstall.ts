// The engine behind `audit-deps guard --preinstall`: may this install go on? It fails closed: whatever could not be
// vetted, for whatever reason, is blocked, and the reason names the way on. It decides; the command exits.

import { AuditError, reasonOf } from '../errors.ts'
import { exitCodeOf } from '../risk.ts'
import type { Config, Missed, Report, ScannerName, Source } from '../types.ts'
import { addedNames, type Manager, managerOf, type PreinstallTiming, preinstallTiming } from './managers.ts'

/** What the guard insists on, whatever the configuration says: every name that would be installed must be vetted. */
export const guardPolicy = {
  only: ['lockfile', 'phantom'],
  required: ['manifest', 'lockfile', 'existence-direct', 'existence-transitive'],
} as const satisfies { only: readonly ScannerName[]; required: readonly Source[] }

export interface GuardInput {
  /** `npm_config_user_agent` and `npm_config_argv` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Audits the folder under this policy, its configuration notwithstanding. */
  readonly audit: (policy: Pick<Config, 'only' | 'required'>) => Promise<Report>
  /** Vets packages that are being added by name. */
  readonly check: (specs: readonly string[]) => Promise<Report>
}

export interface GuardDecision {
  readonly allow: boolean
  /** 0 go on · 1 blocked by findings · 2 wrong configuration · 3 blocked because something could not be vetted. */
  readonly exitCode: 0 | 1 | 2 | 3
  /** Why it is blocked, each with the way on; empty where it is allowed. */
  readonly reasons: readonly string[]
  /** What to know even so: above all, where this manager runs the script too late. */
  readonly notes: readonly string[]
  readonly manager: Manager | undefined
  /** Of the root preinstall script at this manager; `unknown` where none runs us. */
  readonly timing: PreinstallTiming['timing']
  readonly reports: readonly Report[]
}

/** Never throws: what goes wrong blocks the install and says why. */
export async function guardPreinstall({ environment, audit, check }: GuardInput): Promise<GuardDecision> {
  const manager = managerOf(environment.npm_config_user_agent)
  const known = manager === undefined ? undefined : preinstallTiming(manager)
  const added = addedNames(environment.npm_config_argv)
  const outcomes = await Promise.all([
    outcomeOf(() => audit(guardPolicy), vouchesForProject),
    ...(added.length === 0 ? [] : [outcomeOf(() => check(added), vouchesForNames)]),
  ])
  const blocked = outcomes.filter(({ exitCode }) => exitCode !== 0)
  const reasons = [...new Set(blocked.flatMap((outcome) => outcome.reasons))]
  return {
    allow: blocked.length === 0,
    exitCode: order.find((code) => blocked.some(({ exitCode }) => exitCode === code)) ?? 0,
    reasons,
    notes: [timingNote(manager, known), ...outcomes.flatMap(({ report }) => (report ? lockfileNote(report) : []))],
    manager,
    timing: known?.timing ?? 'unknown',
    reports: outcomes.flatMap(({ report }) => (report ? [report] : [])),
  }
}

/** Findings speak louder than what is missing, and both louder than a wrong setting. */
const order = [1, 3, 2] as const

interface Outcome {
  readonly exitCode: 0 | 1 | 2 | 3
  readonly reasons: readonly string[]
  readonly report?: Report
}

async function outcomeOf(run: () => Promise<Report>, gapsIn: (report: Report) => readonly string[]): Promise<Outcome> {
  let report: Report
  try {
    report = await run()
  } catch (error) {
    const hint = error instanceof AuditError ? error.hint : 'run audit-deps deps --verbose to see where'
    return {
      exitCode: error instanceof AuditError && (error.code === 'USAGE' || error.code === 'CONFIG_INVALID') ? 2 : 3,
      reasons: [`nothing could be vetted: ${reasonOf(error)}${hint === undefined ? '' : `; ${hint}`}`],
    }
  }
  const gaps = gapsIn(report)
  if (report.verdict === 'fail') return { exitCode: 1, reasons: [...findingsIn(report), ...gaps], report }
  const exitCode = exitCodeOf(report) || (gaps.length > 0 ? 3 : 0)
  return { exitCode, reasons: gaps, report }
}

/** The subjects that make it fail, with what speaks against them. */
function findingsIn({ subjects }: Report): string[] {
  return subjects
    .filter(({ fails }) => fails)
    .map(({ subject, band, drivers }) => {
      const what = subject.kind === 'package' ? subject.name : subject.kind === 'project' ? subject.path : 'a secret'
      const why = drivers.filter(({ counted }) => counted).map(({ message }) => message)
      return `${what} (${band}): ${why.join(' · ')}`
    })
}

function vouchesForProject(report: Report): string[] {
  const manifests = report.coverage.find(({ source }) => source === 'manifest')
  const none = manifests?.state === 'complete' && manifests.checked === 0
  if (none) return ['there is no package.json; run it in the folder that holds it']
  // Nothing locked, nothing to look up: `lockfileNote` says what that leaves open.
  const needed = guardPolicy.required.filter((source) => source !== 'existence-transitive' || !hasNoLockfile(report))
  return gapsOf(report, needed)
}

const vouchesForNames = (report: Report): string[] => gapsOf(report, ['existence-direct'])

/**
 * Judged here, not by the report's own `required`: there, skipping on purpose is no gap, but for a guard a name that
 * was not looked up is not vetted, offline or not.
 */
function gapsOf(report: Report, needed: readonly Source[]): string[] {
  return needed.flatMap((source) => {
    const entries = report.coverage.filter((entry) => entry.source === source)
    if (entries.length === 0) return [`${source} was not checked; run audit-deps deps to see why`]
    return entries.flatMap((entry) => {
      if (entry.state === 'skipped') return [`${source} was skipped (${entry.reason}); run it again without that`]
      return entry.state === 'partial' ? entry.missed.map(sentence) : []
    })
  })
}

const sentence = ({ what, why, next }: Missed): string => `${what}: ${why}; ${next}`

const before = 'audit before the install instead: audit-deps deps && the install'

function timingNote(manager: Manager | undefined, known: PreinstallTiming | undefined): string {
  if (manager === undefined || known === undefined)
    return 'no package manager runs this: it is a rehearsal, and stops nothing'
  const who = [manager.name, manager.version].filter((part) => part !== undefined).join(' ')
  switch (known.timing) {
    case 'before':
      return `${who} runs this before anything is unpacked; ${known.gaps}`
    case 'after':
      return `${who} runs this too late, after the dependencies' own scripts; ${before}`
    case 'unknown':
      return `${who}: ${known.gaps}; ${before}`
  }
}

/** Without a lockfile only the names in the manifests are known: whom they bring along is decided after us. */
const lockfileNote = (report: Report): string[] =>
  hasNoLockfile(report)
    ? ['there is no lockfile: only direct dependencies could be vetted, not what they bring along']
    : []

function hasNoLockfile({ coverage }: Report): boolean {
  const lockfiles = coverage.find(({ source }) => source === 'lockfile')
  return lockfiles?.state === 'complete' && lockfiles.checked === 0
}
