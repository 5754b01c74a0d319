// The engine behind `audit-deps guard --preinstall`: may this install go on? It fails closed: whatever could not be
// vetted, for whatever reason, is blocked, and the reason names the way on. It decides; the command exits.

import { AuditError, reasonOf } from '../errors.ts'
import type { GuardPolicy, Report } from '../types.ts'
import { type DecideInput, decide, neededSources } from './decide.ts'
import { addedNames, type Manager, managerOf, type PreinstallTiming, preinstallTiming } from './managers.ts'
import { sentenceOf } from './say.ts'
import type { Vetted } from './vet.ts'

export interface GuardInput {
  /** `npm_config_user_agent` and `npm_config_argv` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Gives the policy; a configuration that cannot be read throws. */
  readonly policy: () => GuardPolicy
  /** Audits the folder. */
  readonly audit: () => Promise<Vetted>
  /** Vets packages that are being added by name. */
  readonly check: (specs: readonly string[]) => Promise<Vetted>
  readonly allowUnverified?: boolean
  readonly now: Date
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
export async function guardPreinstall(input: GuardInput): Promise<GuardDecision> {
  const { environment, audit, check } = input
  const manager = managerOf(environment.npm_config_user_agent)
  const known = manager === undefined ? undefined : preinstallTiming(manager)
  const added = addedNames(environment.npm_config_argv)
  const outcomes = await Promise.all([
    outcomeOf(input, audit, neededOf),
    ...(added.length === 0
      ? []
      : [
          outcomeOf(
            input,
            () => check(added),
            () => ['existence-direct'],
          ),
        ]),
  ])
  const blocked = outcomes.filter(({ exitCode }) => exitCode !== 0)
  const reports = outcomes.flatMap(({ report }) => (report ? [report] : []))
  return {
    allow: blocked.length === 0,
    exitCode: order.find((code) => blocked.some(({ exitCode }) => exitCode === code)) ?? 0,
    reasons: [...new Set(blocked.flatMap((outcome) => outcome.reasons))],
    notes: [
      timingNote(manager, known),
      ...new Set(outcomes.flatMap(({ warnings }) => warnings)),
      ...reports.flatMap(lockfileNote),
    ],
    manager,
    timing: known?.timing ?? 'unknown',
    reports,
  }
}

/** Findings speak louder than what is missing, and both louder than a wrong setting. */
const order = [1, 3, 2] as const

interface Outcome {
  readonly exitCode: 0 | 1 | 2 | 3
  readonly reasons: readonly string[]
  readonly warnings: readonly string[]
  readonly report?: Report
}

async function outcomeOf(
  { policy, allowUnverified = false, now }: GuardInput,
  run: () => Promise<Vetted>,
  needed: (report: Report) => DecideInput['needed'],
): Promise<Outcome> {
  try {
    const vetted = await run()
    const { report } = vetted
    if (hasNoManifest(report))
      return {
        exitCode: 3,
        reasons: ['there is no package.json; run it in the folder that holds it'],
        warnings: [],
        report,
      }
    const decision = decide({ ...vetted, policy: policy(), needed: needed(report), allowUnverified, now })
    const sentences = (action: 'block' | 'warn') =>
      decision.reasons.filter((reason) => reason.action === action).map(sentenceOf)
    return { exitCode: decision.exitCode, reasons: sentences('block'), warnings: sentences('warn'), report }
  } catch (error) {
    const hint = error instanceof AuditError ? error.hint : 'run audit-deps deps --verbose to see where'
    return {
      exitCode: error instanceof AuditError && (error.code === 'USAGE' || error.code === 'CONFIG_INVALID') ? 2 : 3,
      reasons: [`nothing could be vetted: ${reasonOf(error)}${hint === undefined ? '' : `; ${hint}`}`],
      warnings: [],
    }
  }
}

/** Nothing locked, nothing to look up: `lockfileNote` says what that leaves open. */
const neededOf = (report: Report): DecideInput['needed'] =>
  neededSources.filter((source) => source !== 'existence-transitive' || !hasNoLockfile(report))

function hasNoManifest({ coverage }: Report): boolean {
  const manifests = coverage.find(({ source }) => source === 'manifest')
  return manifests?.state === 'complete' && manifests.checked === 0
}

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
