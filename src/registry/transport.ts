// One request, bounded in time, size and hops, by Node's own client. npm's (npm-registry-fetch and pacote) are not called
// for it: they follow redirects with no switch (with the token, where only the port differs), read a body of any size,
// and take several times as long for a request. Which token belongs to a URL is npm's own code, and so is the way
// through a proxy.

import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import {
  type AgentOptions,
  type RequestOptions as RequestOptionsOfNode,
  Agent as SecureAgent,
  request as secureRequest,
} from 'node:https'
import { promisify } from 'node:util'
import { constants, gunzip, gzip, type ZlibOptions } from 'node:zlib'
import { urlOf } from '../url.ts'
import { isPrivateHost } from './address.ts'
import { NoAnswer } from './no-answer.ts'
import type { Settings } from './npmrc.ts'

export interface Reply {
  readonly status: number
  readonly body: Buffer
  /** It says that it is a web page. */
  readonly isPage: boolean
  /** As the server asks for it in `retry-after`, in milliseconds. */
  readonly retryAfter?: number
}

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

const zip = promisify<Buffer | string, Buffer>(gzip)
const unzip = promisify<Buffer, ZlibOptions, Buffer>(gunzip)
const maxBytes = 64 * 1024 * 1024
const maxRedirects = 3
const maxSockets = 64
const tryAgain = 'run again later; if it stays, check that the registry works'

/** Loads npm's modules on the first request that needs them. A reply is any status but a redirect; else a NoAnswer. */
export function createTransport(settings: Settings): Transport {
  const authOf = authority(settings)
  const wayTo = ways(settings)
  return async (asked, options) => {
    const sent: ClientRequest[] = []
    let isLate = false
    const end = (): void => {
      for (const request of sent) request.destroy()
    }
    const timer = setTimeout(() => {
      isLate = true
      end()
    }, options.timeoutMs)
    try {
      const body = options.body === undefined ? undefined : await zip(JSON.stringify(options.body))
      let url = new URL(asked)
      const { origin } = url
      for (let hop = 0; hop <= maxRedirects; hop++) {
        // Asked anew for every hop: credentials belong to a host and path, and never follow to another host.
        const auth = await authOf(url, url.origin === origin)
        const how = { ...placeOf(url), ...headed(auth, options), ...(await wayTo(url, auth)) }
        if (isLate) throw timedOut(options.timeoutMs)
        const response = await send(how, body, sent)
        if (!isRedirect(response.statusCode!)) return await replyOf(response, options)
        // Its body says nothing: where it breaks off, nothing is lost.
        response.on('error', () => {}).resume()
        url = await followable(url, response.headers.location, options.body !== undefined)
      }
      throw new NoAnswer(`it redirects more than ${maxRedirects} times`, 'check the registry URL in your .npmrc')
    } catch (error) {
      if (error instanceof NoAnswer) throw error
      throw isLate ? timedOut(options.timeoutMs) : networkError(error)
    } finally {
      clearTimeout(timer)
      // Ends a body that nobody reads on; what is complete does not notice.
      end()
    }
  }
}

/** What Node makes of a URL itself, in more steps. */
const placeOf = ({ protocol, hostname, port, pathname, search }: URL): RequestOptionsOfNode => ({
  protocol,
  hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
  port,
  path: `${pathname}${search}`,
})

/** The request is put among those `sent` at once. Errors after the answer began are the answer's. */
const send = (how: RequestOptionsOfNode, body: Buffer | undefined, sent: ClientRequest[]) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const request = how.protocol === 'https:' ? secureRequest(how) : plainRequest(how)
    sent.push(request)
    // Node says neither of an answer that changes the protocol (101): it closes the connection, and that is all.
    request.on('response', resolve).on('error', reject).on('close', closed(reject)).end(body)
  })

/** Of what ended otherwise it says nothing: a promise is kept or broken once. */
const closed = (reject: (error: Error) => void) => (): void =>
  reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))

type Auth = ReturnType<typeof import('npm-registry-fetch/lib/auth.js').default>

const nobody: Auth = { token: null, auth: null, cert: null, key: null }

/** Whose credentials belong to a URL, by npm's own reading; `isAsked`: on the host that was asked in the first place. */
function authority(settings: Settings): (url: URL, isAsked: boolean) => Promise<Auth> {
  const keys = credentials(settings)
  if (Object.keys(keys).length === 0) return async () => nobody
  return async (url, isAsked) => {
    if (!isAsked) return nobody
    const { default: getAuth } = await import('npm-registry-fetch/lib/auth.js')
    return getAuth(url.href, keys)
  }
}

/** How a URL is reached: certificates, and by which proxy, in npm's order: .npmrc's, then the environment's. */
function ways(settings: Settings): (url: URL, auth: Auth) => Promise<RequestOptionsOfNode> {
  const { httpsProxy, proxy, noProxy, environmentProxy, localAddress, strictSSL, ca, cert, key } = settings
  const byProtocol = new Map(Object.entries(environmentProxy ?? {}).filter(([, value]) => value))
  const shared = {
    keepAlive: true,
    maxSockets,
    ...(ca !== undefined && { ca }),
    ...(strictSSL === false && { rejectUnauthorized: false }),
    ...(localAddress !== undefined && { localAddress }),
  } as AgentOptions
  const own = (auth: Auth) => ({ cert: auth.cert ?? cert, key: auth.key ?? key }) as RequestOptionsOfNode
  if (httpsProxy || proxy || byProtocol.size > 0)
    return async (url, auth) => {
      const { getAgent } = await import('@npmcli/agent')
      const through = httpsProxy ?? proxy ?? byProtocol.get(url.protocol)
      const options = { ...shared, ...own(auth), proxy: through, noProxy }
      return { ...own(auth), agent: getAgent(url.href, options) }
    }
  const agents = { 'http:': new PlainAgent(shared), 'https:': new SecureAgent(shared) }
  return async (url, auth) =>
    url.protocol === 'https:' ? { ...own(auth), agent: agents['https:'] } : { agent: agents['http:'] }
}

/** Only keys of a host and path: with a `registry` among them getAuth would lend its token to the whole host. */
const credentials = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => key.startsWith('//')))

const headed = (auth: Auth, { body, head, file }: RequestOptions) => ({
  method: body !== undefined ? 'POST' : head ? 'HEAD' : 'GET',
  headers: {
    accept: file ? '*/*' : 'application/json',
    'user-agent': `audit-deps node/${process.version}`,
    ...(!file && { 'accept-encoding': 'gzip' }),
    ...(body !== undefined && { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    ...(auth.token ? { authorization: `Bearer ${auth.token}` } : auth.auth && { authorization: `Basic ${auth.auth}` }),
  },
})

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** @throws NoAnswer where following would carry names or us to a place that nobody configured. */
async function followable(from: URL, location: string | undefined, posts: boolean): Promise<URL> {
  const next = 'check the registry URL in your .npmrc; name the final address there'
  const to = location === undefined ? undefined : urlOf(location, from.href)
  if (to === undefined) throw new NoAnswer('it redirects to nowhere', next)
  const refuse = (why: string): NoAnswer => new NoAnswer(`it redirects to ${to.host || to.protocol}: ${why}`, next)
  if (posts) throw refuse('what was posted is not passed on')
  if (to.protocol !== 'https:' && to.protocol !== from.protocol) throw refuse('an unencrypted or unknown protocol')
  if (to.username || to.password) throw refuse('with credentials in the address')
  if (to.hostname !== from.hostname && (await isPrivateHost(to.hostname))) throw refuse('a private address')
  return to
}

async function replyOf(response: IncomingMessage, { file, head }: RequestOptions): Promise<Reply> {
  const bytes = await bounded(response)
  const coding = response.headers['content-encoding'] || 'identity'
  const isPlain = file || head || coding === 'identity' || bytes.length === 0
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN)
  return {
    status: response.statusCode!,
    body: isPlain ? bytes : await unzipped(bytes, coding),
    isPage: /^text\/html\b/i.test(response.headers['content-type'] ?? ''),
    ...(seconds >= 0 && { retryAfter: seconds * 1000 }),
  }
}

const bounded = (response: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) reject(tooLarge())
      else chunks.push(chunk)
    })
    response.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    response.on('error', reject).on('close', closed(reject))
  })

async function unzipped(bytes: Buffer, coding: string): Promise<Buffer> {
  if (!/^(?:x-)?gzip$/i.test(coding))
    throw new NoAnswer('its answer is packed in a way that was not asked for', 'report it to the registry')
  try {
    // Some servers leave out the end, and browsers do not mind: JSON says whether all came.
    return await unzip(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error
  }
}

const tooLarge = (): NoAnswer =>
  new NoAnswer(`its answer is larger than ${maxBytes / 1024 / 1024} MiB`, 'report it to the registry')

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
