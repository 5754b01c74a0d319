// A loopback registry for tests: 127.0.0.1, a free port, answers from a table. It serves what Verdaccio lacks
// (downloads, advisories) and every odd answer a registry can give: a status alone, raw bytes, silence.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

export interface FakeVersion {
  /** ISO 8601: becomes the packument's `time[version]`. */
  readonly published?: string
  readonly deprecated?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly integrity?: string
  readonly shasum?: string
  readonly tarball?: string
  /** Anything else a version's manifest holds. */
  readonly manifest?: Readonly<Record<string, unknown>>
}

export type FakePackage =
  | {
      readonly versions: Readonly<Record<string, FakeVersion>>
      readonly created?: string
      readonly distTags?: Readonly<Record<string, string>>
      /** Merged over the packument that is made of the rest: `{ name: 'another' }`, `{ time: 3 }`. */
      readonly packument?: Readonly<Record<string, unknown>>
    }
  /** Only a status, with what body and headers you like. */
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Status 200 and these bytes. */
  | { readonly raw: string | Buffer; readonly type?: string }
  /** Takes the request and never answers; `close()` ends it. */
  | { readonly hang: true }

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface FakeAdvisory {
  readonly id: number
  readonly url?: string
  readonly title: string
  readonly severity: string
  readonly vulnerable_versions: string
  readonly cwe?: readonly string[]
}

export interface RegistryServer {
  /** Ends with a slash. */
  readonly url: string
  /** `GET /@scope%2fname`, in the order they came. */
  readonly requests: readonly string[]
  /** The authorization header of each request, in the same order. */
  readonly authorizations: readonly (string | undefined)[]
  /** What was posted to the advisories endpoint. */
  readonly posted: readonly unknown[]
  /** Ends every connection, hanging ones too. */
  close(): Promise<void>
}

export interface RegistryServerOptions {
  /** Downloads of the last week. Without it that API answers 404. */
  readonly downloads?: Readonly<Record<string, number>>
  /** By name; the server gives all of a name's, as real ones give those that match. Without it: 404. */
  readonly advisories?: Readonly<Record<string, readonly FakeAdvisory[]>>
  readonly latencyMs?: number
}

const lifetimeMs = 120_000
const downloadsPath = '/downloads/point/last-week/'
const advisoriesPath = '/-/npm/v1/security/advisories/bulk'

/** Names that are not in the table get 404. Keys that begin with `/` are exact paths and beat everything else. */
export async function startRegistryServer(
  packages: Readonly<Record<string, FakePackage | Handler>>,
  options: RegistryServerOptions = {},
): Promise<RegistryServer> {
  const requests: string[] = []
  const authorizations: (string | undefined)[] = []
  const posted: unknown[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    authorizations.push(request.headers.authorization)
    setTimeout(() => {
      reply(packages, options, posted, request, response)
        .catch((error: unknown): Reply => ({ status: 500, body: String(error) }))
        .then((given) => given && send(response, given))
    }, options.latencyMs ?? 0)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const close = (): Promise<void> =>
    new Promise((closed) => {
      clearTimeout(lifetime)
      server.close(() => closed())
      server.closeAllConnections()
    })
  // A test that forgets to close must not keep a socket for ever.
  const lifetime = setTimeout(() => void close(), lifetimeMs).unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, requests, authorizations, posted, close }
}

interface Reply {
  readonly status: number
  readonly body: string | Buffer
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Undefined where a handler answers itself, or nobody does. */
async function reply(
  packages: Readonly<Record<string, FakePackage | Handler>>,
  options: RegistryServerOptions,
  posted: unknown[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply | undefined> {
  const path = (request.url ?? '/').split('?')[0]!
  const exact = own(packages, path)
  if (exact) return answer(path, exact, request, response)
  if (path.startsWith(downloadsPath) && options.downloads)
    return downloads(decodeURIComponent(path.slice(downloadsPath.length)), options.downloads)
  if (path === advisoriesPath && options.advisories && request.method === 'POST') {
    const bytes = await buffer(request)
    const body: unknown = JSON.parse(String(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes))
    posted.push(body)
    const asked = Object.keys(body as object).filter((name) => own(options.advisories!, name))
    return json(200, Object.fromEntries(asked.map((name) => [name, options.advisories![name]])))
  }
  const name = decodeURIComponent(path.slice(1))
  const known = own(packages, name)
  return known ? answer(name, known, request, response) : json(404, { error: 'Not found' })
}

function answer(
  name: string,
  known: FakePackage | Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Reply | undefined {
  if (typeof known === 'function') known(request, response)
  else if ('raw' in known) return { status: 200, body: known.raw, ...(known.type && { type: known.type }) }
  else if ('status' in known) return { body: '', ...known }
  else if ('versions' in known) return json(200, packumentOf(name, known))
  return undefined
}

/** The full form of a packument, as a registry would serve it for this package. */
export function packumentOf(
  name: string,
  fake: Extract<FakePackage, { readonly versions: unknown }>,
): Record<string, unknown> {
  const versions = Object.entries(fake.versions)
  const published = versions.flatMap(([version, facts]) => (facts.published ? [[version, facts.published]] : []))
  const created = fake.created ?? published[0]?.[1]
  return {
    _id: name,
    name,
    'dist-tags': fake.distTags ?? { latest: versions.at(-1)?.[0] },
    time: Object.fromEntries([...(created ? [['created', created]] : []), ...published]),
    versions: Object.fromEntries(versions.map(([version, facts]) => [version, manifestOf(name, version, facts)])),
    ...fake.packument,
  }
}

const manifestOf = (name: string, version: string, facts: FakeVersion): Record<string, unknown> => ({
  name,
  version,
  ...(facts.deprecated !== undefined && { deprecated: facts.deprecated }),
  ...(facts.scripts && { scripts: facts.scripts }),
  dist: {
    ...(facts.integrity && { integrity: facts.integrity }),
    ...(facts.shasum && { shasum: facts.shasum }),
    tarball: facts.tarball ?? `https://registry.example/${name}/-/${name.split('/').at(-1)}-${version}.tgz`,
  },
  ...facts.manifest,
})

/** One name: its own object or 404; several: an object by name, null for those unknown. As the real API answers. */
function downloads(asked: string, table: Readonly<Record<string, number>>): Reply {
  const names = asked.split(',')
  const entry = (name: string): object | null =>
    Object.hasOwn(table, name)
      ? { downloads: table[name], start: '2026-05-25', end: '2026-05-31', package: name }
      : null
  if (names.length > 1) return json(200, Object.fromEntries(names.map((name) => [name, entry(name)])))
  const only = entry(names[0]!)
  return only ? json(200, only) : json(404, { error: `package ${names[0]} not found` })
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

const json = (status: number, value: unknown): Reply => ({ status, body: JSON.stringify(value) })

function send(response: ServerResponse, { status, body, type = 'application/json', headers }: Reply): void {
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(body)
}
