// One name, one answer: which registry may be asked, what the cache still knows, what the registry says, and whether
// to believe it. Only 404 from the responsible registry means "not found"; a captive proxy answers 404 too.

import type { Answer } from '../types.ts'
import { type Cache, day, packageKey } from './cache.ts'
import { compact, expand, type Lasting } from './compact.ts'
import { distill } from './distill.ts'
import { from, NoAnswer, whyNoAnswer } from './no-answer.ts'
import type { Routing } from './npmrc.ts'
import type { Refusal } from './privacy.ts'
import type { Requests } from './requests.ts'

export interface AskOptions {
  readonly routing: Routing
  readonly requests: Requests
  readonly cacheOf: (registry: string) => Cache
  readonly refuse: (name: string) => Refusal | undefined
  readonly offline: boolean
  readonly now: () => Date
  readonly believe: Belief
}

const tenMinutes = 600_000
/** "Not there" changes with one publish. */
export const freshFor = (answer: Pick<Lasting, 'state'>): number => (answer.state === 'not-found' ? tenMinutes : day)

/** Gives the function that answers for a name; it never throws. */
export function createAsk(options: AskOptions): (name: string) => Promise<Answer> {
  const { routing, requests, cacheOf, refuse, offline, now, believe } = options

  const fetch = async (name: string, registry: string): Promise<Answer> => {
    const { status, value } = await requests.json(`${registry}${name.replace('/', '%2f')}`)
    const observedAt = now().toISOString()
    if (status === 404) {
      await believe.vouchFor(registry)
      return { state: 'not-found', registry, observedAt }
    }
    if (status === 451) return { state: 'security-held', registry, observedAt }
    if (status === 401 || status === 403) return forbidden(registry, status)
    if (status !== 200)
      throw from(registry, new NoAnswer(`it answered ${status}`, 'check the registry URL in your .npmrc'))
    const answer = distill(name, registry, value, now())
    if (answer.state === 'unusable')
      throw from(registry, new NoAnswer(answer.why, 'report it to whoever runs the registry'))
    believe.alive(registry)
    return answer
  }

  return async (name) => {
    const { url: registry, refusal = refuse(name) } = routing.route(name)
    if (refusal) return { state: 'not-asked', ...refusal }
    try {
      const cache = cacheOf(registry)
      const remembered = recall(cache, name, registry)
      if (remembered) return remembered
      if (offline) return { state: 'not-asked', why: 'offline', next: 'run without --offline' }
      const answer = await fetch(name, registry)
      if (isLasting(answer)) cache.set(cacheKey(name), compact(answer))
      return answer
    } catch (error) {
      return { state: 'unreachable', registry, ...whyNoAnswer(error) }
    }
  }
}

const cacheKey = (name: string): string => packageKey + name

export function recall(cache: Cache, name: string, registry: string): Lasting | undefined {
  const cached = cache.get(cacheKey(name), day)
  const answer = cached && expand(cached.value, name, registry, cached.at)
  // get() already dropped what is older than a day.
  return answer && (freshFor(answer) === day || cache.get(cacheKey(name), freshFor(answer))) ? answer : undefined
}

const isLasting = (answer: Answer): answer is Lasting =>
  answer.state !== 'forbidden' && answer.state !== 'unreachable' && answer.state !== 'not-asked'

export const forbidden = (registry: string, status: number): Extract<Answer, { state: 'forbidden' }> => ({
  state: 'forbidden',
  registry,
  why: `${new URL(registry).host}: it answered ${status}, ${status === 401 ? 'for it wants a login' : 'for this login may not read it'}`,
  next: `log in with npm login --registry=${registry}, or check the token in your user-level .npmrc`,
})

/** Who may be believed when it says no more than "there" or "not there". */
export interface Belief {
  /** It has shown a package. */
  alive(registry: string): void
  /** @throws NoAnswer where a bare status of this registry means nothing. */
  vouchFor(registry: string): Promise<void>
}

/**
 * A registry that has shown one package is believed when it says 404; so is a private one. The registry that everybody
 * shares must know npm: if not even that is there, something in between answers 404 for everything.
 */
export function createBelief(publicRegistry: string, requests: Requests): Belief {
  const lively = new Set<string>()
  let vouched: Promise<NoAnswer | undefined> | undefined
  return {
    alive: (registry) => void lively.add(registry),
    vouchFor: async (registry) => {
      if (registry !== publicRegistry || lively.has(registry)) return
      vouched ??= missingNpm(publicRegistry, requests)
      const doubt = await vouched
      if (doubt) throw doubt
    },
  }
}

async function missingNpm(registry: string, requests: Requests): Promise<NoAnswer | undefined> {
  const next = 'a proxy or captive portal may stand in between: check the network and the proxy settings'
  try {
    // The lightest document about it.
    const { status, value } = await requests.json(`${registry}npm/latest`)
    if (status === 200 && (value as { name?: unknown } | null)?.name === 'npm') return undefined
    if (status === 404) return from(registry, new NoAnswer('it answers 404 for everything, even npm', next))
    return from(registry, new NoAnswer(`it answered 404, and ${status} for npm itself`, next))
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return new NoAnswer(`it answered 404, and asking for npm itself failed: ${error.message}`, error.next)
  }
}
