// Requests of a whole run: bounded concurrency, few retries with backoff, one circuit breaker per host, one deadline.
// What comes out is JSON, a file's bytes, or a NoAnswer that says who gave none and why.

import pLimit from 'p-limit'
import { from, NoAnswer } from './no-answer.ts'
import type { Reply, RequestOptions, Transport } from './transport.ts'

export interface Timing {
  /** A single request, its body included. */
  readonly requestMs: number
  /** A single file, which may be large. */
  readonly fileMs: number
  /** All requests of the run together, from the first one on. */
  readonly deadlineMs: number
  /** How long to wait before each retry. A registry's `retry-after` is heeded up to `longestWaitMs`. */
  readonly retryMs: readonly number[]
  readonly longestWaitMs: number
}

export const defaultTiming: Timing = {
  requestMs: 10_000,
  fileMs: 60_000,
  deadlineMs: 180_000,
  retryMs: [250, 1000],
  longestWaitMs: 5000,
}

/** 200 with what it parsed to; any other status that says something definite, without a value. */
export interface JsonReply<T = unknown> {
  readonly status: number
  readonly value?: T
}

export interface Requests {
  /** @throws NoAnswer for network errors, 408, 429, 5xx, and 200 without JSON. */
  json(url: string, body?: unknown): Promise<JsonReply>
  /**
   * At most 64 MiB, as they lie there.
   * @throws NoAnswer for network errors, 408, 429 and 5xx.
   */
  bytes(url: string): Promise<JsonReply<Buffer>>
  /**
   * The status alone, by the lightest request there is; with 200, whether it is a web page that is there.
   * @throws NoAnswer for network errors, 408, 429 and 5xx.
   */
  head(url: string): Promise<JsonReply<boolean>>
  /** Nothing is running and nothing waits. */
  idle(): boolean
}

const concurrency = 64
const failuresToOpen = 5

interface Breaker {
  failures: number
  reason?: NoAnswer
}

export function createRequests(transport: Transport, timing: Timing): Requests {
  const limit = pLimit(concurrency)
  const breakers = new Map<string, Breaker>()
  let startedAt: number | undefined

  const send = async <T>(question: Question<T>, breaker: Breaker): Promise<JsonReply<T>> => {
    for (let attempt = 0; ; attempt++) {
      if (breaker.reason) throw circuitOpen(breaker.reason)
      startedAt ??= Date.now()
      const left = startedAt + timing.deadlineMs - Date.now()
      if (left <= 0) throw runIsOver(timing.deadlineMs)
      const outcome = await attemptOnce(transport, question, Math.min(question.timeoutMs, left))
      if ('reply' in outcome) {
        breaker.failures = 0
        return outcome.reply
      }
      const wait = timing.retryMs[attempt]
      if (!outcome.error.transient || wait === undefined) {
        breaker.failures++
        if (breaker.failures >= failuresToOpen) breaker.reason ??= outcome.error
        throw outcome.error
      }
      await sleep(Math.min(Math.max(wait, outcome.retryAfter ?? 0), timing.longestWaitMs))
    }
  }

  const ask = <T>(question: Question<T>): Promise<JsonReply<T>> => {
    const { origin } = new URL(question.url)
    const breaker = breakers.get(origin) ?? { failures: 0 }
    breakers.set(origin, breaker)
    return limit(() => send(question, breaker)).catch((error: unknown) => {
      throw error instanceof NoAnswer ? from(question.url, error) : error
    })
  }

  return {
    json: (url, body) =>
      ask({
        url,
        options: { body },
        timeoutMs: timing.requestMs,
        read: (reply) => parse(reply.body.toString('utf8'), url),
      }),
    bytes: (url) => ask({ url, options: { file: true }, timeoutMs: timing.fileMs, read: ({ body }) => body }),
    head: (url) => ask({ url, options: { head: true }, timeoutMs: timing.requestMs, read: ({ isPage }) => isPage }),
    idle: () => limit.activeCount === 0 && limit.pendingCount === 0,
  }
}

interface Question<T> {
  readonly url: string
  readonly options: Omit<RequestOptions, 'timeoutMs'>
  readonly timeoutMs: number
  /** @throws NoAnswer for a body that is not what was asked for. */
  readonly read: (reply: Reply) => T
}

type Outcome<T> =
  | { readonly reply: JsonReply<T> }
  | { readonly error: NoAnswer; readonly retryAfter?: number | undefined }

async function attemptOnce<T>(
  transport: Transport,
  { url, options, read }: Question<T>,
  timeoutMs: number,
): Promise<Outcome<T>> {
  try {
    const reply = await transport(url, { ...options, timeoutMs })
    if (isTemporary(reply.status)) return { error: temporary(reply), retryAfter: reply.retryAfter }
    if (reply.status !== 200) return { reply: { status: reply.status } }
    return { reply: { status: 200, value: read(reply) } }
  } catch (error) {
    if (error instanceof NoAnswer) return { error }
    throw error
  }
}

const isTemporary = (status: number): boolean => status === 408 || status === 429 || status >= 500

const temporary = ({ status }: Reply): NoAnswer =>
  status === 429
    ? new NoAnswer('it answered 429: too many requests', 'wait a few minutes and run again', true)
    : new NoAnswer(`it answered ${status}`, 'run again later; the registry has a problem of its own', true)

function parse(body: string, url: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    const { origin } = new URL(url)
    const what = /^\s*</.test(body) ? 'with a web page' : body === '' ? 'with nothing' : 'with broken JSON'
    throw new NoAnswer(
      `it answered ${what} instead of JSON`,
      `a proxy or captive portal may stand in between: open ${origin} in a browser`,
    )
  }
}

const circuitOpen = (reason: NoAnswer): NoAnswer =>
  new NoAnswer(`not asked any more after ${failuresToOpen} failures in a row (${reason.message})`, reason.next)

const runIsOver = (ms: number): NoAnswer =>
  new NoAnswer(`the ${ms / 1000} s that a run may spend on the network are over`, 'run again: what came is cached')

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
