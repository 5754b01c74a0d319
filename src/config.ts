// Defaults ← file ← environment ← flags, merged once, every field checked. The rest of the program reads
// only the result. A scanned project's own file may set policy, but never whom we ask over the network.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuditError, reasonOf } from './errors.ts'
import { nearest } from './names/nearest.ts'
import { type Config, failOns, type Source, scannerNames, sources } from './types.ts'

export const defaults: Config = {
  only: scannerNames,
  failOn: 'high',
  offline: false,
  history: true,
  since: undefined,
  staged: false,
  cache: true,
  inlineAllow: true,
  gitleaksConfig: undefined,
  registry: undefined,
  trustProjectNpmrc: false,
  privateNames: [],
  allowedHosts: [],
  required: ['git-objects', 'work-tree', 'manifest', 'lockfile', 'existence-direct'],
  minimumPackageAgeDays: 30,
  minimumVersionAgeDays: 3,
  minimumWeeklyDownloads: 500,
}

type Parser<T> = (value: unknown) => T | undefined

/**
 * What a configuration file may hold. `registry`, `cache`, `trustProjectNpmrc`, `inlineAllow` and `gitleaksConfig` are
 * the user's alone.
 */
const fileFields = {
  only: listOf(oneOf(scannerNames)),
  failOn: oneOf(failOns),
  offline: boolean,
  history: boolean,
  privateNames: listOf(string),
  allowedHosts: listOf(string),
  required: listOf(oneOf(sources)),
  minimumPackageAgeDays: count,
  minimumVersionAgeDays: count,
  minimumWeeklyDownloads: count,
} as const satisfies { readonly [K in keyof Config]?: Parser<Config[K]> }

const expected: Record<keyof typeof fileFields, string> = {
  only: `a list of ${scannerNames.join(', ')}`,
  failOn: `one of ${failOns.join(', ')}`,
  offline: 'true or false',
  history: 'true or false',
  privateNames: 'a list of names or globs',
  allowedHosts: 'a list of host names',
  required: `a list of ${sources.join(', ')}`,
  minimumPackageAgeDays: 'a whole number of days',
  minimumVersionAgeDays: 'a whole number of days',
  minimumWeeklyDownloads: 'a whole number',
}

/**
 * The run's configuration. `flags` holds only what the caller set (undefined means "not set").
 * @param file `--config FILE`; without it `audit-deps.json` in `root`, then `auditDeps` in its package.json.
 * @throws AuditError CONFIG_INVALID naming file, field and what is expected there.
 */
export function loadConfig(
  root: string,
  flags: Partial<{ [K in keyof Config]: Config[K] | undefined }> = {},
  file?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const merged = {
    ...defaults,
    ...fromFile(root, file),
    ...fromEnvironment(environment),
    ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
  }
  return merged.offline ? { ...merged, required: merged.required.filter((source) => !online.has(source)) } : merged
}

/** What `--offline` leaves out is left out on purpose, so it cannot be required. */
const online: ReadonlySet<Source> = new Set<Source>([
  'existence-direct',
  'existence-transitive',
  'packuments',
  'downloads',
  'advisories',
])

function fromFile(root: string, file: string | undefined): Partial<Config> {
  if (file !== undefined) return checkFields(parse(file, read(file, true) ?? ''), file)
  const own = join(root, 'audit-deps.json')
  const text = read(own, false)
  if (text !== undefined) return checkFields(parse(own, text), own)
  const manifest = join(root, 'package.json')
  const manifestText = read(manifest, false)
  if (manifestText === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(manifestText.replace(/^\ufeff/, ''))
    const section = (parsed as { auditDeps?: unknown } | null)?.auditDeps
    return section === undefined ? {} : checkFields(section, `${manifest} (auditDeps)`)
  } catch (error) {
    if (error instanceof AuditError) throw error
    // A broken package.json is the scanners' to report: here it only means that it configures nothing.
    return {}
  }
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Partial<Config> {
  const failOn = environment.AUDIT_DEPS_FAIL_ON
  if (failOn === undefined || failOn === '') return {}
  return checkFields({ failOn }, 'the environment variable AUDIT_DEPS_FAIL_ON')
}

function checkFields(value: unknown, where: string): Partial<Config> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AuditError('CONFIG_INVALID', `${where} does not hold a JSON object`, {
      hint: 'see "Configuration" in the README',
    })
  const checked: Record<string, unknown> = {}
  for (const [field, given] of Object.entries(value)) {
    if (field === '$schema') continue
    if (!isField(field)) {
      const meant = nearest(field, Object.keys(fileFields))
      throw new AuditError('CONFIG_INVALID', `${where} has an unknown field "${field}"`, {
        hint: meant ? `did you mean "${meant}"?` : `known fields: ${Object.keys(fileFields).join(', ')}`,
      })
    }
    const parsed = fileFields[field](given)
    if (parsed === undefined)
      throw new AuditError('CONFIG_INVALID', `${where}: "${field}" is ${JSON.stringify(given)}`, {
        hint: `it takes ${expected[field]}`,
      })
    checked[field] = parsed
  }
  return checked as Partial<Config>
}

const isField = (field: string): field is keyof typeof fileFields => Object.hasOwn(fileFields, field)

function read(file: string, needed: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code
    if (!needed && (absent === 'ENOENT' || absent === 'ENOTDIR' || absent === 'EISDIR')) return undefined
    throw new AuditError('CONFIG_INVALID', `cannot read the configuration ${file}: ${reasonOf(error)}`, {
      hint: 'check the path and its permissions',
      cause: error,
    })
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new AuditError('CONFIG_INVALID', `${file} is not JSON: ${reasonOf(error)}`, {
      hint: 'mend it, or name another file with --config',
      cause: error,
    })
  }
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function oneOf<const T extends string>(allowed: readonly T[]): Parser<T> {
  return (value) => allowed.find((known) => known === value)
}

function listOf<T>(item: Parser<T>): Parser<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined
    const parsed = value.map(item)
    return parsed.every((entry) => entry !== undefined) ? (parsed as T[]) : undefined
  }
}
