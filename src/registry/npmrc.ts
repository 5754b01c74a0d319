// Which registry is responsible for a name, and with which credentials. `.npmrc` is read by npm's own reader.
// The user's and the CI's levels (user, global, environment) are trusted. The audited project's own file may map
// scopes to registries that those levels know, and nothing else: no token, no ${VARIABLE} (it would carry the
// environment away inside a URL), no proxy, no certificate, no `userconfig` or `prefix` that moves the other levels.

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { devNull } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import type NpmConfig from '@npmcli/config'
import { AuditError, reasonOf } from '../errors.ts'
import { scopeOf } from '../names/words.ts'
import { clean } from '../redact.ts'
import type { Config as AuditConfig, Missed, UntrustedRegistry } from '../types.ts'
import { urlOf } from '../url.ts'
import { isLoopback } from './address.ts'

/** A registry and, where it must not be asked, why. */
export interface Route {
  /** Without credentials, ending with a slash. */
  readonly url: string
  readonly refusal?: Pick<Missed, 'why' | 'next'>
}

export interface Routing {
  /** The registry responsible for a name; without a name, the default. */
  route(name?: string): Route
  /** npm's own default: the one registry that everybody shares. */
  readonly publicRegistry: string
  readonly untrustedRegistries: readonly UntrustedRegistry[]
  /** For npm's transport: proxy, certificates and `//host/path/:_authToken` keys, of trusted levels only. */
  readonly settings: Settings
  /** Names who asks: two tokens may see different packages, so their answers are cached apart. */
  identity(url: string): string
}

export type Settings = Readonly<Record<string, unknown>>

export interface NpmrcOptions {
  readonly root: string
  readonly config: Pick<AuditConfig, 'registry' | 'trustProjectNpmrc'>
  readonly environment: NodeJS.ProcessEnv
  readonly home?: string | undefined
  /** For tests, which have no registry that everybody shares. */
  readonly publicRegistry?: string | undefined
}

type Values = Readonly<Record<string, unknown>>

const scopeKey = /^@[^/:]+:registry$/
const ownLevels: ReadonlySet<string | null> = new Set(['env', 'cli'])

/**
 * Reads every level once.
 * @throws AuditError CONFIG_INVALID: a trusted level names a registry that is no http(s) URL, or a level's `.npmrc` is
 * there and cannot be read: without it private names could go to the public registry.
 */
export async function loadRouting(options: NpmrcOptions): Promise<Routing> {
  const { trusted, project, source } = await loadLevels(options)
  const settings = { ...proxies(options.environment), ...credentialsOf(trusted.flat) }
  const publicRegistry = parseUrl(options.publicRegistry ?? trusted.get('registry', 'default'))!.href
  const known = trustedRegistries(trusted, options.config.registry, settings)
  const isKnown = knownHosts([publicRegistry, ...known.values()], settings)

  const routes = new Map<string, Route>([...known].map(([key, url]) => [key, { url }]))
  const untrusted: Pick<UntrustedRegistry, 'host' | 'setting' | 'value'>[] = []
  for (const [key, value] of Object.entries(project)) {
    if (key !== 'registry' && !scopeKey.test(key)) continue
    // npm's order: the command line and the environment beat the project's file, which beats the user's.
    if (ownLevels.has(trusted.find(key)) || (key === 'registry' && options.config.registry !== undefined)) continue
    routes.set(key, projectRoute(key, value, isKnown))
    const url = parseUrl(value)
    if (url && !isKnown(withoutUser(url)))
      untrusted.push({ host: url.host, setting: clean(key), value: withoutCredentials(value) })
  }
  const standard = routes.get('registry') ?? { url: publicRegistry }
  return {
    route: (name) => (name && routes.get(`${scopeOf(name)}:registry`)) || standard,
    publicRegistry,
    untrustedRegistries: await located(untrusted, source, options.root),
    settings,
    identity: (url) => identityOf(url, settings),
  }
}

async function loadLevels({ root, config, environment, home }: NpmrcOptions) {
  const [{ default: Config }, { default: definitions }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const shared = {
    ...definitions,
    npmPath: join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm'),
    argv: [],
    cwd: root,
    warn: false,
  }
  /** There is no command line to read, and no child process to prepare an environment for. */
  class Levels extends Config {
    override loadCLI(): void {}
    override setEnvs(): void {}
    /** The project's folder is known then, and its file not yet opened. */
    override async loadLocalPrefix(): Promise<void> {
      await super.loadLocalPrefix()
      await requireEnd(join(this.localPrefix, '.npmrc'))
    }
  }
  /** A project's `userconfig` or `prefix` would choose which files count as the user's: it is not even loaded. */
  class UserLevels extends Levels {
    override async loadProjectConfig(): Promise<void> {}
  }
  class ProjectLevel extends Levels {
    override async loadUserConfig(): Promise<void> {}
    override async loadGlobalConfig(): Promise<void> {}
  }
  const env = { ...environment, ...(home !== undefined && { HOME: home }) }
  if (config.trustProjectNpmrc) {
    const trusted = new Levels({ ...shared, env })
    await load(trusted, ['project', 'user', 'global'])
    return { trusted, project: {}, source: undefined }
  }
  const trusted = new UserLevels({ ...shared, env })
  // An empty environment: ${VARIABLES} of the project's file stay as they are written.
  const untrusted = new ProjectLevel({ ...shared, env: {} })
  await Promise.all([load(trusted, ['user', 'global']), load(untrusted, ['project'])])
  const { data = {}, source } = untrusted.data.get('project') ?? {}
  return { trusted, project: data, source }
}

const levelNames = { project: "the project's .npmrc", user: 'your own .npmrc', global: 'the global npmrc' } as const

/** npm passes over a file that it cannot read. */
async function load(config: NpmConfig, levels: readonly [keyof typeof levelNames, ...(keyof typeof levelNames)[]]) {
  const refuse = (level: keyof typeof levelNames, why: string, cause: unknown): AuditError =>
    new AuditError('CONFIG_INVALID', `${levelNames[level]} cannot be read: ${why}`, {
      hint: 'mend or remove it: it says which registry private names belong to',
      cause,
    })
  await config.load().catch((error: unknown) => {
    if (error instanceof Endless) throw refuse('project', error.message, error)
    // npm's words may quote the file: of a stranger's they are not repeated.
    throw refuse(levels[0], levels[0] === 'project' ? 'it is malformed' : clean(reasonOf(error)), error)
  })
  for (const level of levels) {
    const error = config.data.get(level)?.loadError
    if (error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw refuse(level, reasonOf(error), error)
  }
}

class Endless extends Error {}

/** A project may hold a pipe, or a link to a device: npm would read for ever. Nothing at all is fine. */
async function requireEnd(file: string): Promise<void> {
  // What cannot be looked at npm cannot open either, and says why.
  const entry = await stat(file).catch(() => undefined)
  if (entry === undefined || entry.isFile() || entry.isDirectory()) return
  const isNull = entry.isCharacterDevice() && entry.rdev === (await stat(devNull)).rdev
  if (!isNull) throw new Endless('it is no regular file')
}

/** The variables that npm's transport reads, in any case. One for https serves http too, as there. */
function proxies(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const lower = new Map(Object.entries(environment).map(([key, value]) => [key.toLowerCase(), value]))
  const https = lower.get('https_proxy')
  const plainProxy = https ?? lower.get('http_proxy') ?? lower.get('proxy')
  return { environmentProxy: { 'https:': https, 'http:': plainProxy }, noProxy: lower.get('no_proxy') }
}

/** What the transport may use of npm's flat options, without what is unset and values whose ${VARIABLE} was not set. */
function credentialsOf(flat: Values): Record<string, unknown> {
  const wanted = ['ca', 'cert', 'key', 'proxy', 'httpsProxy', 'noProxy', 'strictSSL', 'localAddress']
  const kept = Object.entries(flat).filter(([key]) => key.startsWith('//') || wanted.includes(key))
  const isSet = (value: unknown): boolean => value !== null && value !== undefined && value !== ''
  return Object.fromEntries(kept.filter(([, value]) => isSet(value) && !String(value).includes('${')))
}

/** `registry` and `@scope:registry` → URL. Credentials inside a URL move to where the transport looks for them. */
function trustedRegistries(
  trusted: NpmConfig,
  flag: string | undefined,
  settings: Record<string, unknown>,
): Map<string, string> {
  const keys = new Set([...trusted.data.values()].flatMap(({ data }) => Object.keys(data)))
  const registries = new Map<string, string>()
  for (const key of keys) {
    if (key !== 'registry' && !scopeKey.test(key)) continue
    const fromFlag = key === 'registry' && flag !== undefined
    const value = fromFlag ? flag : trusted.get(key)
    const url = parseUrl(value)
    if (!url)
      throw new AuditError('CONFIG_INVALID', `the registry "${withoutCredentials(value)}" is no http or https URL`, {
        hint: fromFlag ? 'name one like --registry https://registry.example/' : `mend "${clean(key)}" in your .npmrc`,
      })
    keepCredentials(url, settings)
    registries.set(key, withoutUser(url).href)
  }
  return registries
}

function keepCredentials(url: URL, settings: Record<string, unknown>): void {
  if (!url.username || !url.password) return
  const place = `//${url.host}${url.pathname}`
  settings[`${place}:username`] ??= decodeURIComponent(url.username)
  settings[`${place}:_password`] ??= Buffer.from(decodeURIComponent(url.password)).toString('base64')
}

/** A host is known by a registry URL of the same origin, or by credentials kept for it; those never go out in clear. */
function knownHosts(urls: readonly string[], settings: Values): (url: URL) => boolean {
  const origins = new Set(urls.map((url) => new URL(url).origin))
  const hosts = new Set(
    Object.keys(settings).flatMap((key) => (key.startsWith('//') ? [key.slice(2).split(/[/]|:(?!\d)/)[0]!] : [])),
  )
  return (url) =>
    origins.has(url.origin) || ((url.protocol === 'https:' || isLoopback(url.hostname)) && hosts.has(url.host))
}

function projectRoute(key: string, value: unknown, isKnown: (url: URL) => boolean): Route {
  const setting = `"${clean(key)}" in the project's .npmrc`
  const next = `if you trust it, set ${clean(key)} in your user-level .npmrc or run with --trust-project-npmrc`
  const url = parseUrl(value)
  if (typeof value === 'string' && value.includes('${'))
    return {
      url: nowhere,
      refusal: { why: `${setting} needs an environment variable, which a project must not read`, next },
    }
  if (!url) return { url: nowhere, refusal: { why: `${setting} is no http or https URL`, next: `mend ${setting}` } }
  const bare = withoutUser(url)
  if (isKnown(bare)) return { url: bare.href }
  return {
    url: bare.href,
    refusal: { why: `only the project's .npmrc names ${bare.host}, so it is not contacted`, next },
  }
}

/** Where nothing can be: parses as a URL and has no host that anything could equal. */
const nowhere = 'about:invalid'

/** Where each setting stands in the project's file; the last line counts, as npm reads it. */
async function located(
  untrusted: readonly Pick<UntrustedRegistry, 'host' | 'setting' | 'value'>[],
  source: string | undefined | null,
  root: string,
): Promise<UntrustedRegistry[]> {
  if (untrusted.length === 0 || !source) return []
  const lines = (await readFile(source, 'utf8')).split(/\r?\n/).map((line) => line.split('=')[0]!)
  const keys = lines.map((key) => key.trim().replace(/^(["'])(.*)\1$/, '$2'))
  const path = relative(root, source).replaceAll(sep, '/')
  return untrusted.map((one) => ({ ...one, path, line: Math.max(1, keys.lastIndexOf(one.setting) + 1) }))
}

function parseUrl(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? urlOf(value) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function withoutUser(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

const withoutCredentials = (value: unknown): string => clean(String(value)).replace(/\/\/[^/]*@/, '//')

function identityOf(url: string, settings: Values): string {
  const host = `//${new URL(url).host}`
  const mine = Object.entries(settings).filter(([key]) => key.startsWith(host))
  const certificate = [settings.cert, settings.key]
  return createHash('sha256')
    .update(JSON.stringify([url, mine.sort(), certificate]))
    .digest('hex')
    .slice(0, 32)
}
