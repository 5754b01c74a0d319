// One request, bounded in time, size and hops. The transport is the one that npm-registry-fetch and pacote use
// themselves (make-fetch-happen); they are not called for it, because they follow redirects with no switch (with the
// token, where only the port differs) and read a body of any size. Their getAuth says which token belongs to a URL.

import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Response } from 'make-fetch-happen'
import { isPrivateHost } from './address.ts'
import type { Settings } from './npmrc.ts'

export interface Reply {
  readonly status: number
  readonly body: Buffer
  /** As the server asks for it in `retry-after`, in milliseconds. */
  readonly retryAfter?: number
}

/** No usable answer: `why` and `next` are sentences for the report. `transient`: asking again may help. */
export class NoAnswer extends Error {
  readonly next: string
  readonly transient: boolean

  constructor(why: string, next: string, transient = false) {
    super(why)
    this.next = next
    this.transient = transient
  }
}

/** Says whom it is about: a run may ask several registries. */
export const from = (url: string, { message, next, transient }: NoAnswer): NoAnswer =>
  new NoAnswer(`${new URL(url).host}: ${message}`, next, transient)

export interface RequestOptions {
  /** For the whole request: redirects and body too. */
  readonly timeoutMs: number
  /** Posted as gzipped JSON; without it the request is a GET. */
  readonly body?: unknown
  /** Only the status is wanted: the request is a HEAD. */
  readonly head?: boolean
  /** A file as it lies there: no JSON is asked for, and what stays compressed on the way is not unpacked. */
  readonly file?: boolean
}

export type Transport = (url: string, options: RequestOptions) => Promise<Reply>

const maxBytes = 64 * 1024 * 1024
const maxRedirects = 3
const maxSockets = 64
const tryAgain = 'run again later; if it stays, check that the registry works'

/** Loads npm's modules on the first request. A reply is any status but a redirect; everything else is a NoAnswer. */
export function createTransport(settings: Settings): Transport {
  const { noProxy, ca, cert, key, strictSSL, localAddress } = settings
  const shared = { ca, localAddress, strictSSL, maxSockets, noProxy }
  const keys = credentials(settings)
  const wayTo = ways(settings)
  let modules: ReturnType<typeof npmModules> | undefined
  return async (asked, options) => {
    modules ??= npmModules()
    const { fetch, getAuth } = await modules
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), options.timeoutMs)
    try {
      let url = new URL(asked)
      for (let hop = 0; hop <= maxRedirects; hop++) {
        // Asked anew for every hop: credentials belong to a host and path, and never follow to another host.
        const auth = getAuth(url.href, url.origin === new URL(asked).origin ? keys : {})
        const response = await fetch(url.href, {
          ...shared,
          ...(options.head ? { method: 'HEAD' } : await bodyOf(options.body)),
          ...wayTo(url),
          cert: auth.cert ?? cert,
          key: auth.key ?? key,
          headers: headersOf(auth, options),
          compress: !options.file,
          redirect: 'manual',
          retry: { retries: 0 },
          signal: abort.signal,
        })
        const redirect = isRedirect(response.status)
        if (!redirect) return await replyOf(response, abort)
        response.body.resume()
        url = await followable(url, response.headers.get('location'), options.body !== undefined)
      }
      throw new NoAnswer(`it redirects more than ${maxRedirects} times`, 'check the registry URL in your .npmrc')
    } catch (error) {
      if (error instanceof NoAnswer) throw error
      throw abort.signal.aborted ? timedOut(options.timeoutMs) : networkError(error)
    } finally {
      clearTimeout(timer)
      // Ends a redirect's body that nobody reads; what is complete does not notice.
      abort.abort()
    }
  }
}

interface Auth {
  readonly token: string | null
  readonly auth: string | null
  readonly cert: string | null
  readonly key: string | null
}

async function npmModules() {
  const [{ default: fetch }, registryFetch] = await Promise.all([
    import('make-fetch-happen'),
    import('npm-registry-fetch'),
  ])
  const { getAuth } = registryFetch.default as unknown as { getAuth: (url: string, options: Settings) => Auth }
  return { fetch, getAuth }
}

/**
 * By which proxy a URL is reached, in npm's order: either setting of .npmrc, then the environment by protocol.
 * Without any the sockets are Node's own: the transport's agent looks at a stack trace for each request.
 */
function ways({ httpsProxy, proxy, environmentProxy, localAddress }: Settings) {
  const fromEnvironment = Object.entries(environmentProxy ?? {}).filter(([, value]) => value)
  if (!httpsProxy && !proxy && fromEnvironment.length === 0) {
    const options = { keepAlive: true, maxSockets, ...(typeof localAddress === 'string' && { localAddress }) }
    const agents = new Map<string, Agent>([
      ['http:', new Agent(options)],
      ['https:', new SecureAgent(options)],
    ])
    return ({ protocol }: URL) => ({ agent: agents.get(protocol) })
  }
  const byProtocol = new Map(fromEnvironment)
  return ({ protocol }: URL) => ({ proxy: httpsProxy ?? proxy ?? byProtocol.get(protocol) })
}

/** Only keys of a host and path: with a `registry` among them getAuth would lend its token to the whole host. */
const credentials = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => key.startsWith('//')))

const headersOf = (auth: Auth, { body, file }: RequestOptions): Record<string, string> => ({
  accept: file ? '*/*' : 'application/json',
  'user-agent': `audit-deps node/${process.version}`,
  ...(body !== undefined && { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
  ...(auth.token ? { authorization: `Bearer ${auth.token}` } : auth.auth && { authorization: `Basic ${auth.auth}` }),
})

async function bodyOf(value: unknown): Promise<{ method: string; body?: Buffer }> {
  if (value === undefined) return { method: 'GET' }
  const [{ gzip }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')])
  return { method: 'POST', body: await promisify(gzip)(JSON.stringify(value)) }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** @throws NoAnswer where following would carry names or us to a place that nobody configured. */
async function followable(from: URL, location: string | null, posts: boolean): Promise<URL> {
  const next = 'check the registry URL in your .npmrc; name the final address there'
  if (location === null || !URL.canParse(location, from.href)) throw new NoAnswer('it redirects to nowhere', next)
  const to = new URL(location, from.href)
  const refuse = (why: string): NoAnswer => new NoAnswer(`it redirects to ${to.host}: ${why}`, next)
  if (posts) throw refuse('what was posted is not passed on')
  if (to.protocol !== 'https:' && to.protocol !== from.protocol) throw refuse('an unencrypted or unknown protocol')
  if (to.username || to.password) throw refuse('with credentials in the address')
  if (to.hostname !== from.hostname && (await isPrivateHost(to.hostname))) throw refuse('a private address')
  return to
}

async function replyOf(response: Response, abort: AbortController): Promise<Reply> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      abort.abort()
      throw new NoAnswer(`its answer is larger than ${maxBytes / 1024 / 1024} MiB`, 'report it to the registry')
    }
    chunks.push(chunk)
  }
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return {
    status: response.status,
    body: Buffer.concat(chunks),
    ...(seconds >= 0 && { retryAfter: seconds * 1000 }),
  }
}

const timedOut = (ms: number): NoAnswer => new NoAnswer(`no answer within ${ms / 1000} s`, tryAgain, true)

/** Sentences of ours, by code: messages of others may hold URLs with credentials. */
function networkError(error: unknown): NoAnswer {
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new NoAnswer('its host name does not resolve', 'check the network, the proxy and the registry URL', true)
  if (code === 'ECONNREFUSED')
    return new NoAnswer('it refuses connections', 'check that the registry runs and that its URL is right', true)
  if (/CERT|SSL|TLS|ISSUER|SIGNATURE|SELF_SIGNED/.test(code))
    return new NoAnswer(`its certificate is not trusted (${code})`, 'set cafile in your user-level .npmrc')
  return new NoAnswer(`the connection failed (${code})`, tryAgain, true)
}
