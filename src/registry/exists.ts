// Is a name there? For names that stand in documents and imports a status is enough: a HEAD costs the registry and the
// wire next to nothing, where a packument may have megabytes. It cannot tell unpublished or held from there.

import type { Answer, Existence } from '../types.ts'
import { type AskOptions, forbidden, freshFor, recall } from './ask.ts'
import type { Cache } from './cache.ts'
import { from, NoAnswer, whyNoAnswer } from './no-answer.ts'

/** Gives the function that answers for a name; it never throws. */
export function createExists(options: AskOptions): (name: string) => Promise<Existence> {
  const { routing, requests, cacheOf, refuse, offline, now, believe } = options

  const fetch = async (name: string, registry: string): Promise<Existence> => {
    const url = `${registry}${name.replace('/', '%2f')}`
    let { status, value: isPage } = await requests.head(url)
    if (isPage) await believe.vouchFor(registry)
    // Some mirrors know no HEAD, and a page to log in is there for every name.
    if (status === 405 || status === 501 || isPage) status = (await requests.json(url)).status
    const observedAt = now().toISOString()
    if (status === 451) return { state: 'security-held', registry, observedAt }
    if (status === 401 || status === 403) return forbidden(registry, status)
    if (status !== 200 && status !== 404)
      throw from(registry, new NoAnswer(`it answered ${status}`, 'check the registry URL in your .npmrc'))
    // A captive page answers 200 for everything, another 404: a status alone proves nothing about who gave it.
    await believe.vouchFor(registry)
    return { state: status === 200 ? 'exists' : 'not-found', registry, observedAt }
  }

  return async (name) => {
    const { url: registry, refusal = refuse(name) } = routing.route(name)
    if (refusal) return { state: 'not-asked', ...refusal }
    try {
      const cache = cacheOf(registry)
      const remembered = recall(cache, name, registry) ?? recallStatus(cache, name, registry)
      if (remembered) return existenceOf(remembered)
      if (offline) return { state: 'not-asked', why: 'offline', next: 'run without --offline' }
      const answer = await fetch(name, registry)
      const kind = Object.entries(states).find(([, state]) => state === answer.state)?.[0]
      if (kind !== undefined) cache.set(cacheKey(name), kind)
      return answer
    } catch (error) {
      return { state: 'unreachable', registry, ...whyNoAnswer(error) }
    }
  }
}

/** A full answer, without its facts. */
export const existenceOf = (answer: Answer | Existence): Existence =>
  'facts' in answer ? { state: 'exists', registry: answer.facts.registry, observedAt: answer.facts.observedAt } : answer

const cacheKey = (name: string): string => `h:${name}`

const states = { e: 'exists', n: 'not-found', s: 'security-held' } as const

function recallStatus(cache: Cache, name: string, registry: string): Existence | undefined {
  for (const [kind, state] of Object.entries(states)) {
    const cached = cache.get(cacheKey(name), freshFor({ state }))
    if (cached?.value === kind) return { state, registry, observedAt: new Date(cached.at).toISOString() }
  }
  return undefined
}
