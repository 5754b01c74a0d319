// What the flags of the commands mean to the rest of the program, said once.

import type { AuditOptions } from '../audit.ts'
import { AuditError } from '../errors.ts'
import type { FailOn, Format, ScannerName } from '../types.ts'
import { pullRequestBase } from './pull-request.ts'

/** A flag that was not given is absent; `--no-x` is `x: false`. */
export interface Flags {
  readonly format?: Format
  readonly output?: string
  readonly failOn?: FailOn
  readonly config?: string
  readonly color?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly registry?: string
  readonly trustProjectNpmrc?: boolean
  readonly osv?: boolean
  readonly advisories?: string
  readonly offline?: boolean
  readonly cache?: boolean
  readonly only?: readonly ScannerName[]
  readonly history?: boolean
  readonly since?: string
  readonly staged?: boolean
  readonly commits?: boolean
  readonly pullRequest?: boolean
  readonly stdin?: boolean
  readonly gitleaksConfig?: string
  readonly inlineAllow?: boolean
  readonly engine?: 'pack' | 'stream'
  readonly showExamples?: boolean
  readonly baseline?: boolean
  readonly allowUnverified?: boolean
}

/**
 * The flags as audit options: only what was set, so that a file or the environment can answer for the rest.
 * @throws AuditError USAGE where two flags contradict each other.
 */
export function auditOptionsOf(flags: Flags, offered: readonly ScannerName[]): AuditOptions {
  refuseContradictions(flags)
  return {
    configFile: flags.config,
    failOn: flags.failOn,
    offline: flags.offline,
    history: flags.history,
    cache: flags.cache,
    since: flags.pullRequest ? pullRequestBase() : flags.since,
    staged: flags.staged,
    registry: flags.registry,
    trustProjectNpmrc: flags.trustProjectNpmrc,
    osv: flags.osv,
    advisories: flags.advisories,
    gitleaksConfig: flags.gitleaksConfig,
    inlineAllow: flags.inlineAllow,
    engine: flags.engine,
    examples: flags.showExamples,
    baseline: flags.baseline,
    only: chosen(flags.only, offered),
  }
}

/** @throws AuditError USAGE where two flags contradict each other. */
export function refuseContradictions(flags: Flags): void {
  for (const pair of contradictions) {
    const [one, other] = pair.filter((flag) => flags[flag] !== undefined && flags[flag] !== false)
    if (one !== undefined && other !== undefined) throw contradiction(one, other)
  }
}

/** Each says what is looked at, or how much is said: one of them would be passed over. */
const contradictions = [
  ['quiet', 'verbose'],
  ['staged', 'since'],
  ['pullRequest', 'since'],
  ['pullRequest', 'staged'],
  ['commits', 'staged'],
  ['commits', 'since'],
  ['commits', 'pullRequest'],
  ['stdin', 'staged'],
  ['stdin', 'commits'],
  ['stdin', 'since'],
  ['stdin', 'pullRequest'],
  // One text is scanned with our own rules alone.
  ['stdin', 'gitleaksConfig'],
] as const satisfies readonly (readonly [keyof Flags, keyof Flags])[]

function chosen(only: Flags['only'], offered: readonly ScannerName[]): readonly ScannerName[] | undefined {
  // The bare command leaves the choice to the configuration; a subcommand is itself the choice.
  if (only === undefined) return offered.length === 3 ? undefined : offered
  const both = offered.filter((name) => only.includes(name))
  if (both.length === 0)
    throw new AuditError('USAGE', `--only ${only.join(',')} leaves nothing of this command`, {
      hint: `it runs ${offered.join(' and ')}`,
    })
  return both
}

const contradiction = (a: keyof Flags, b: keyof Flags): AuditError =>
  new AuditError('USAGE', `${asTyped(a)} and ${asTyped(b)} contradict each other`, { hint: 'give one of them' })

/** `pullRequest` → `--pull-request`. */
const asTyped = (flag: string): string => `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
