// What may be configured: the defaults, the presets, and what each field of a configuration file takes. What a field
// does not take is an error that names the place and what belongs there; src/config.schema.json says the same to editors.

import { catalog } from './catalog.ts'
import {
  boolean,
  count,
  day,
  type Field,
  FieldError,
  httpUrl,
  id,
  listOf,
  oneOf,
  record,
  text,
  wrong,
} from './config-values.ts'
import { nearest } from './names/nearest.ts'
import { isObject } from './project/json.ts'
import {
  type Config,
  type Exception,
  type FailOn,
  failOns,
  type GuardPolicy,
  guardActions,
  guardRules,
  type ScannerName,
  type Severity,
  type Source,
  scannerNames,
  severities,
  sources,
} from './types.ts'

export const defaults: Config = {
  only: scannerNames,
  failOn: 'high',
  failOnPerScanner: {},
  severities: {},
  exceptions: [],
  paths: { ignore: [] },
  baseline: true,
  offline: false,
  history: true,
  since: undefined,
  commits: undefined,
  staged: false,
  cache: true,
  engine: 'pack',
  inlineAllow: true,
  examples: false,
  gitleaksConfig: undefined,
  registry: undefined,
  osv: false,
  advisories: undefined,
  trustProjectNpmrc: false,
  privateNames: [],
  confusion: false,
  allowedHosts: [],
  exactVersions: false,
  required: ['git-objects', 'work-tree', 'rules', 'manifest', 'lockfile', 'existence-direct'],
  minimumPackageAgeDays: 30,
  minimumVersionAgeDays: 3,
  minimumVersionAgeDaysPerName: {},
  minimumWeeklyDownloads: 500,
  guard: {
    unknown: 'block',
    phantom: 'block',
    securityHeld: 'block',
    malware: 'block',
    tampered: 'block',
    foreignRegistry: 'block',
    risk: 'block',
    typosquat: 'block',
    young: 'block',
    fewDownloads: 'warn',
    newInstallScript: 'block',
    installScript: 'warn',
    exoticSource: 'block',
    vulnerable: 'warn',
    // What others chose for the same question; most hijacked versions are gone by then.
    minimumAgeHours: 24,
  },
}

/** What a registry knows of everything that is named here, not of the direct dependencies alone. */
const asked = [
  'existence-transitive',
  'existence-mentioned',
  'packuments',
  'advisories',
] as const satisfies readonly Source[]

/** Starting points for `extends`: they beat the defaults, and every field of the file beats them. */
export const presets = {
  /** The defaults by name: whoever says so keeps them when a preset is set elsewhere. */
  recommended: {},
  /** Where nobody looks at warnings: what could not be asked about the whole tree is no pass. */
  ci: { required: [...defaults.required, ...asked] },
  /** For what is installed on many machines, or handles money: less risk passes, and less may stay unread. */
  strict: {
    failOn: 'medium',
    required: [...defaults.required, ...asked, 'attribution', 'dependency-tree', 'downloads'],
    minimumPackageAgeDays: 90,
    minimumVersionAgeDays: 7,
    minimumWeeklyDownloads: 1_000,
  },
} as const satisfies Record<string, Partial<Config>>

export type Preset = keyof typeof presets
export const presetNames = Object.keys(presets) as readonly Preset[]

/**
 * What a configuration file may hold. `cache`, `engine`, `baseline`, `trustProjectNpmrc`, `inlineAllow`, `examples` and
 * `gitleaksConfig` are flags alone.
 */
export const fileFields = {
  extends: oneOf(presetNames),
  only: chosenScanners,
  failOn,
  severities: severityPerCode,
  exceptions: listOf(exception, 'exceptions: see "Configuration" in the README'),
  paths: (value, at) => ({ ignore: [], ...record(value, at, { ignore: listOf(text('a glob of paths'), 'globs') }) }),
  offline: boolean,
  history: boolean,
  privateNames: listOf(text('a name or a glob of names'), 'names or globs'),
  confusion: boolean,
  allowedHosts: listOf(text('a host name'), 'host names'),
  exactVersions: boolean,
  required: listOf(oneOf(sources), sources.join(', ')),
  minimumPackageAgeDays: count('days'),
  minimumVersionAgeDays: versionAge,
  minimumWeeklyDownloads: count('downloads'),
  guard: guardPolicy,
} as const satisfies Readonly<Record<string, Field<unknown>>>

/** Whom we ask and what we believe of advisories: taken from a file of the user's own only, never from the project's. */
export const userFields = {
  osv: boolean,
  advisories: text("a folder or zip of OSV's records"),
  registry: httpUrl,
} as const satisfies Readonly<Record<string, Field<unknown>>>

/** What may be set by flags, by callers of the library and by a file of the user's own. */
export const allFields = { ...fileFields, ...userFields } as const

type Parsed = { readonly [K in keyof typeof allFields]?: ReturnType<(typeof allFields)[K]> }

/**
 * Checks a file's fields, or those of the environment.
 * @param whose `user`: a file that is none of the audited project's
 * @throws FieldError
 */
export function checkFields(
  value: unknown,
  whose: 'user' | 'project' = 'project',
): { readonly preset: Preset | undefined; readonly set: Partial<Config> } {
  if (!isObject(value)) throw new FieldError('does not hold a JSON object', 'see "Configuration" in the README')
  const { $schema: _, ...fields } = value
  const isUsers = Object.keys(fields).find((name) => Object.hasOwn(userFields, name))
  if (whose === 'project' && isUsers !== undefined) throw usersAlone(isUsers)
  const known: typeof fileFields | typeof allFields = whose === 'user' ? allFields : fileFields
  const { extends: preset, failOn: level, minimumVersionAgeDays: age, ...rest }: Parsed = record(fields, '', known)
  const levels =
    level === undefined
      ? {}
      : typeof level === 'string'
        ? { failOn: level, failOnPerScanner: {} }
        : { failOnPerScanner: level }
  const ages =
    age === undefined
      ? {}
      : typeof age === 'number'
        ? { minimumVersionAgeDays: age, minimumVersionAgeDaysPerName: {} }
        : { minimumVersionAgeDaysPerName: age }
  return { preset, set: { ...rest, ...levels, ...ages } }
}

const usersAlone = (name: string): FieldError =>
  new FieldError(
    `has the field "${name}", which the audited project has no say in: it decides whom we ask, and what we believe`,
    `say --${name}, or write it into a file outside the audited repository and name that: --config FILE`,
  )

/** Days for all, or by globs of names: what no glob takes keeps the days of the preset or the default. */
function versionAge(value: unknown, at: string): number | Record<string, number> {
  const days = count('days')
  if (!isObject(value)) return days(value, at)
  if (Object.hasOwn(value, '')) throw wrong(at, value, 'days by names or globs, as { "@acme/*": 0 }')
  return Object.fromEntries(Object.entries(value).map(([glob, given]) => [glob, days(given, `${at}["${glob}"]`)]))
}

/** What it leaves out keeps the default. */
function guardPolicy(value: unknown, at: string): GuardPolicy {
  const action = oneOf(guardActions)
  const rules = Object.fromEntries(guardRules.map((rule) => [rule, action]))
  return { ...defaults.guard, ...record(value, at, { ...rules, minimumAgeHours: count('hours') }) }
}

/** At least one: a run of no scanner would find nothing and call that a pass. */
function chosenScanners(value: unknown, at: string): readonly ScannerName[] {
  const chosen = listOf(oneOf(scannerNames), scannerNames.join(', '))(value, at)
  if (chosen.length === 0) throw wrong(at, value, `a list of one or more of ${scannerNames.join(', ')}`)
  return [...new Set(chosen)]
}

/** `failOn` for all, or by scanner: then what it leaves out keeps the level of the preset or the default. */
function failOn(value: unknown, at: string): FailOn | Partial<Record<ScannerName, FailOn>> {
  const level = oneOf(failOns)
  if (!isObject(value)) return level(value, at)
  return record(value, at, { secrets: level, lockfile: level, phantom: level })
}

function severityPerCode(value: unknown, at: string): Record<string, Severity> {
  if (!isObject(value)) throw wrong(at, value, 'an object of codes and severities, as { "package/new": "info" }')
  const level = oneOf(severities)
  return Object.fromEntries(
    Object.entries(value).map(([code, given]) => [findingCode(code, at), level(given, `${at}["${code}"]`)]),
  )
}

/** The ids of signatures are data and loaded late: codes.ts checks what may be one of them. */
function findingCode(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrong(at, value, 'a code, as "package/new"')
  if (Object.hasOwn(catalog, value) || value.startsWith('secret/')) return value
  const meant = nearest(value, Object.keys(catalog))
  throw new FieldError(
    `"${at}" names the unknown code ${JSON.stringify(value)}`,
    meant ? `did you mean "${meant}"?` : 'audit-deps explain lockfile, package, phantom or secret lists the codes',
  )
}

const exceptionFields = {
  code: findingCode,
  package: text('a name or a glob of names'),
  path: text('a glob of paths'),
  secret: id('a digest, as the report gives it'),
  fingerprint: id('a fingerprint, as the report gives it'),
  version: text('a version'),
  reason: text('a sentence: why this is acceptable'),
  expires: day,
} as const satisfies { readonly [K in keyof Exception]?: Field<Exception[K]> }

const selectors = ['code', 'package', 'path', 'secret', 'fingerprint'] as const

function exception(value: unknown, at: string): Exception {
  const given = record(value, at, exceptionFields)
  const { reason, expires } = given
  if (reason === undefined || reason.trim() === '')
    throw new FieldError(`"${at}" gives no reason`, 'add "reason": why this is acceptable, for whoever asks later')
  if (expires === undefined)
    throw new FieldError(`"${at}" has no end`, 'add "expires": the last day on which it holds, as "2030-01-31"')
  if (!selectors.some((field) => given[field] !== undefined))
    throw new FieldError(`"${at}" would accept everything`, `say what it is about: ${selectors.join(', ')}`)
  return { ...given, reason, expires }
}
