// Defaults ← preset ← file ← environment ← flags, merged once, every field checked. The rest of the program reads
// only the result. A scanned project's own file may set policy, but never whom we ask over the network.

import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { checkFields, defaults, FieldError, presets } from './config-fields.ts'
import { AuditError, reasonOf } from './errors.ts'
import { eachKey } from './project/json.ts'
import type { Config, Source } from './types.ts'

export { defaults } from './config-fields.ts'

/** Where a value comes from; `where` names the file, the preset or the variable. */
export interface Origin {
  readonly from: 'default' | 'preset' | 'file' | 'environment' | 'flag'
  readonly where?: string
}

export interface Settings {
  readonly config: Config
  readonly origins: Readonly<Record<keyof Config, Origin>>
}

/** Only what the caller set: undefined means "not set". */
export type ConfigFlags = Partial<{ [K in keyof Config]: Config[K] | undefined }>

/**
 * The run's configuration.
 * @param file `--config FILE`; without it `audit-deps.json` in `root`, then `auditDeps` in its package.json.
 * @throws AuditError CONFIG_INVALID naming file, field and what is expected there.
 */
export const loadConfig = (
  root: string,
  flags: ConfigFlags = {},
  file?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Config => loadSettings(root, flags, file, environment).config

/** As loadConfig(), with where each value comes from. */
export function loadSettings(
  root: string,
  flags: ConfigFlags = {},
  file?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const levels = [...fromFile(root, file), ...fromEnvironment(environment), fromFlags(flags)]
  const config: Config = Object.assign({ ...defaults }, ...levels.map(({ set }) => set))
  const origins = Object.fromEntries(
    Object.keys(defaults).map((field) => [
      field,
      levels.findLast(({ set }) => Object.hasOwn(set, field))?.origin ?? { from: 'default' },
    ]),
  ) as Settings['origins']
  if (!config.offline) return { config, origins }
  return { config: { ...config, required: config.required.filter((source) => !online.has(source)) }, origins }
}

/** What `--offline` leaves out is left out on purpose, so it cannot be required. */
const online: ReadonlySet<Source> = new Set<Source>([
  'existence-direct',
  'existence-transitive',
  'packuments',
  'downloads',
  'advisories',
])

interface Level {
  readonly origin: Origin
  readonly set: Partial<Config>
}

function fromFile(root: string, file: string | undefined): readonly Level[] {
  if (file !== undefined) {
    const text = read(file, true) ?? ''
    return levelsOf(root, { file, text, value: parse(file, text), key: [] })
  }
  const own = join(root, 'audit-deps.json')
  const text = read(own, false)
  if (text !== undefined) return levelsOf(root, { file: own, text, value: parse(own, text), key: [] })
  const manifest = join(root, 'package.json')
  const manifestText = read(manifest, false)
  if (manifestText === undefined) return []
  let section: unknown
  try {
    section = (JSON.parse(manifestText) as { auditDeps?: unknown } | null)?.auditDeps
  } catch {
    // A broken package.json is the scanners' to report: here it only means that it configures nothing.
    return []
  }
  if (section === undefined) return []
  return levelsOf(root, { file: manifest, text: manifestText, value: section, key: ['auditDeps'] })
}

interface Written {
  readonly file: string
  readonly text: string
  readonly value: unknown
  /** The way to the configuration in the file. */
  readonly key: readonly string[]
}

function levelsOf(root: string, { file, text, value, key }: Written): readonly Level[] {
  const { preset, set } = checked(value, key.length === 0 ? file : `${file} (${key.join('.')})`)
  const path = relative(root, file).replaceAll('\\', '/')
  const level = {
    origin: { from: 'file', where: path },
    set: set.exceptions ? placed(set, path, text, key) : set,
  } as const
  if (preset === undefined) return [level]
  return [{ origin: { from: 'preset', where: `${preset}, by ${path}` }, set: presets[preset] }, level]
}

/** Exceptions know the line where their list begins: who has to renew one must find it. */
function placed(set: Partial<Config>, path: string, text: string, key: readonly string[]): Partial<Config> {
  const wanted = [...key, 'exceptions']
  let line = 1
  eachKey(text, (found, at) => {
    const onTheWay = found.length <= wanted.length && found.every((name, index) => name === wanted[index])
    if (onTheWay && found.length === wanted.length) line = at.line
    return onTheWay
  })
  return { ...set, exceptions: set.exceptions!.map((exception) => ({ ...exception, where: { path, line } })) }
}

function fromEnvironment(environment: NodeJS.ProcessEnv): readonly Level[] {
  const failOn = environment.AUDIT_DEPS_FAIL_ON
  if (failOn === undefined || failOn === '') return []
  const { set } = checked({ failOn }, 'the environment variable AUDIT_DEPS_FAIL_ON')
  return [{ origin: { from: 'environment', where: 'AUDIT_DEPS_FAIL_ON' }, set }]
}

/** One level on the command line speaks for all scanners. */
function fromFlags(flags: ConfigFlags): Level {
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as Partial<Config>
  return { origin: { from: 'flag' }, set: { ...(set.failOn !== undefined && { failOnPerScanner: {} }), ...set } }
}

function checked(value: unknown, where: string): ReturnType<typeof checkFields> {
  try {
    return checkFields(value)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    const separator = error.message.startsWith('"') ? ':' : ''
    throw new AuditError('CONFIG_INVALID', `${where}${separator} ${error.message}`, { hint: error.hint })
  }
}

function read(file: string, needed: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '')
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
    return JSON.parse(text)
  } catch (error) {
    throw new AuditError('CONFIG_INVALID', `${file} is not JSON: ${reasonOf(error)}`, {
      hint: 'mend it, or name another file with --config',
      cause: error,
    })
  }
}
