// Defaults ← preset ← file ← environment ← flags, merged once, every field checked. The rest of the program reads
// only the result. A scanned project's own file may set policy, but never whom we ask over the network.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { registrySources } from './catalog.ts'
import { allFields, checkFields, defaults, presets } from './config-fields.ts'
import { FieldError } from './config-values.ts'
import { AuditError, reasonOf } from './errors.ts'
import { eachKey, parseJson } from './project/json.ts'
import type { Config } from './types.ts'

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
  // What is left out on purpose is by default not required.
  // Who requires a source in so many words is not released from it by a flag: judge() then says what is missing.
  if (!config.offline || origins.required.from !== 'default') return { config, origins }
  const required = config.required.filter((source) => !registrySources.has(source))
  return { config: { ...config, required }, origins }
}

interface Level {
  readonly origin: Origin
  readonly set: Partial<Config>
}

function fromFile(root: string, file: string | undefined): readonly Level[] {
  if (file !== undefined) {
    const text = readNamed(file)
    return levelsOf(root, { file, text, value: parse(file, text), key: [] })
  }
  const name = 'audit-deps.json'
  const own = join(root, name)
  const text = readOwn(root, name, (error) => unreadable(name, error))
  if (text !== undefined) return levelsOf(root, { file: own, text, value: parse(name, text), key: [] })
  const manifest = join(root, 'package.json')
  // A package.json that is broken or odd is the scanners' to report: here it only means that it configures nothing.
  const manifestText = readOwn(root, 'package.json', () => undefined)
  if (manifestText === undefined) return []
  let section: unknown
  try {
    section = (JSON.parse(manifestText) as { auditDeps?: unknown } | null)?.auditDeps
  } catch {
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
  const path = relative(root, file).replaceAll('\\', '/')
  // A file of the project by its name in it, another one as the user named it.
  const said = path.startsWith('../') ? file : path
  const whose = isInside(repositoryOf(root), file) ? 'project' : 'user'
  const { preset, set } = checked(value, key.length === 0 ? said : `${said} (${key.join('.')})`, whose)
  const level = {
    origin: { from: 'file', where: path },
    set: {
      ...(set.exceptions ? placed(set, path, text, key) : set),
      // As everywhere in such files: a path in it starts where it lies.
      ...(set.advisories !== undefined && { advisories: resolve(dirname(file), set.advisories) }),
    },
  } as const
  if (preset === undefined) return [level]
  return [{ origin: { from: 'preset', where: `${preset}, by ${path}` }, set: presets[preset] }, level]
}

/** Links resolved. */
function isInside(folder: string, file: string): boolean {
  const way = relative(realpathSync(folder), realpathSync(file))
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The folder whose files come with the audited one: of its git repository where it is in one. Links resolved. */
export function repositoryOf(root: string): string {
  const start = realpathSync(root)
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return start
  }
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
  const { AUDIT_DEPS_FAIL_ON: failOn, AUDIT_DEPS_OSV: osv } = environment
  const levels: Level[] = []
  if (failOn) {
    const { set } = checked({ failOn }, 'the environment variable AUDIT_DEPS_FAIL_ON')
    levels.push({ origin: { from: 'environment', where: 'AUDIT_DEPS_FAIL_ON' }, set })
  }
  if (osv) levels.push({ origin: { from: 'environment', where: 'AUDIT_DEPS_OSV' }, set: { osv: switchOf(osv) } })
  return levels
}

function switchOf(value: string): boolean {
  if (value === '1' || value === 'true') return true
  if (value === '0' || value === 'false') return false
  throw new AuditError('CONFIG_INVALID', `the environment variable AUDIT_DEPS_OSV is ${JSON.stringify(value)}`, {
    hint: 'it takes 1 or 0',
  })
}

/**
 * One level on the command line speaks for all scanners. The library's callers come without a command line's checks:
 * a scanner that does not exist must not read as clean.
 */
function fromFlags(flags: ConfigFlags): Level {
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as Partial<Config>
  const fields = Object.entries(set).filter(([field]) => Object.hasOwn(allFields, field))
  return {
    origin: { from: 'flag' },
    set: { ...set, ...checked(Object.fromEntries(fields), 'the options', 'user').set },
  }
}

function checked(value: unknown, where: string, whose?: 'user' | 'project'): ReturnType<typeof checkFields> {
  try {
    return checkFields(value, whose)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    const separator = error.message.startsWith('"') ? ':' : ''
    throw new AuditError('CONFIG_INVALID', `${where}${separator} ${error.message}`, { hint: error.hint })
  }
}

function readNamed(file: string): string {
  try {
    return withoutMark(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** As much as the scanners read of a package.json. */
const maximumBytes = 256 * 2 ** 20

/**
 * A file of the audited folder, undefined where there is none. The folder may be hostile: a link that leads outside
 * and a pipe that never ends are not opened.
 */
function readOwn(root: string, name: string, refuse: (error: unknown) => AuditError | undefined): string | undefined {
  try {
    const real = realpathSync(join(root, name))
    if (!isInside(root, real)) throw new Error('it is a link that leads out of the audited folder')
    const entry = statSync(real)
    if (entry.isDirectory()) return undefined
    if (!entry.isFile()) throw new Error('it is no regular file')
    if (entry.size > maximumBytes) throw new Error(`it is larger than ${maximumBytes / 2 ** 20} MB`)
    return withoutMark(readFileSync(real, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const refused = code === 'ENOENT' || code === 'ENOTDIR' ? undefined : refuse(error)
    if (refused) throw refused
    return undefined
  }
}

const unreadable = (file: string, error: unknown): AuditError =>
  new AuditError('CONFIG_INVALID', `cannot read the configuration ${file}: ${reasonOf(error)}`, {
    hint: 'check the path and its permissions',
    cause: error,
  })

function parse(file: string, text: string): unknown {
  const json = parseJson(text)
  if (json.ok) return json.value
  throw new AuditError('CONFIG_INVALID', `${file} is not JSON: line ${json.line}`, {
    hint: 'mend it, or name another file with --config',
  })
}

const withoutMark = (text: string): string => text.replace(/^\ufeff/, '')
