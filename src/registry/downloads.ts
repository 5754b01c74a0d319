// Downloads of the last week. Only the registry that everybody shares publishes them, on a host of its own:
// many unscoped names a request, scoped ones singly, and soon 429. What was not asked is said.

import pLimit from 'p-limit'
import type { Missed, Served } from '../types.ts'
import { day } from './cache.ts'
import { NoAnswer } from './no-answer.ts'
import type { JsonReply } from './requests.ts'
import { type AskedSource, inBatches } from './source.ts'

type Counts = Served<ReadonlyMap<string, number>>
/** Reason → next step and number of packages it left out. */
type LeftOut = Map<string, { readonly next: string; readonly count: number }>

/** As many as the API takes in one request. */
const namesPerRequest = 128
/** Scoped names cost a request each, and the API answers 429 after some hundred: the first ones get theirs. */
const mostScoped = 64
const inFlight = 8
const next = 'run again later: what came is cached for a day'

/** Host of the downloads API, from the registry's own: `registry.` → `api.`. */
export function downloadsUrl(publicRegistry: string): string {
  const url = new URL(publicRegistry)
  url.hostname = url.hostname.replace(/^registry\./, 'api.')
  return url.href
}

/** Counts by name; names that the API does not know are absent. Never throws. */
export async function weeklyDownloads(names: readonly string[], source: AskedSource): Promise<Counts> {
  const counts = new Map<string, number>()
  const leftOut: LeftOut = new Map()
  const open = names.filter((name) => {
    const cached = source.cache.get(`d:${name}`, day)?.value
    if (isCount(cached)) counts.set(name, cached)
    return !isCount(cached)
  })
  if (source.offline) {
    if (counts.size === 0) return { state: 'skipped', reason: 'offline' }
    leaveOut(leftOut, 'offline', 'run without --offline', open.length)
  } else await askAll(open, source, counts, leftOut)
  const [first, ...rest] = [...leftOut].map(
    ([why, { next, count }]): Missed => ({ what: `downloads of ${count} package${count === 1 ? '' : 's'}`, why, next }),
  )
  if (first && counts.size === 0) return { state: 'not-served', missed: [first, ...rest] }
  return { state: 'served', value: counts, missed: first ? [first, ...rest] : [] }
}

async function askAll(
  names: readonly string[],
  { url, requests, cache }: AskedSource,
  counts: Map<string, number>,
  leftOut: LeftOut,
): Promise<void> {
  const scoped = names.filter((name) => name.startsWith('@'))
  const unscoped = names.filter((name) => !name.startsWith('@'))
  const tooMany = `the API takes scoped names one by one, and the first ${mostScoped} were asked`
  leaveOut(leftOut, tooMany, next, scoped.length - mostScoped)
  const batches = [...inBatches(unscoped, namesPerRequest), ...scoped.slice(0, mostScoped).map((name) => [name])]
  let stopped: NoAnswer | undefined
  const ask = async (batch: readonly string[]): Promise<void> => {
    try {
      if (stopped) throw stopped
      const reply = await requests.json(`${url}downloads/point/last-week/${batch.join(',')}`)
      for (const [name, count] of countsOf(reply, batch)) {
        counts.set(name, count)
        cache.set(`d:${name}`, count)
      }
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      stopped = error
      leaveOut(leftOut, error.message, error.next, batch.length)
    }
  }
  // The first one alone: where nothing is served, one request is enough to know.
  for (const batch of batches.slice(0, 1)) await ask(batch)
  const limit = pLimit(inFlight)
  await limit.map(batches.slice(1), ask)
}

function leaveOut(leftOut: LeftOut, why: string, next: string, count: number): void {
  if (count > 0) leftOut.set(why, { next, count: (leftOut.get(why)?.count ?? 0) + count })
}

function countsOf(reply: JsonReply, batch: readonly string[]): [string, number][] {
  // 404 for one name: the API does not know it. That is an answer.
  if (reply.status === 404 && batch.length === 1) return []
  if (reply.status !== 200) throw new NoAnswer(`the downloads API answered ${reply.status}`, next)
  const table = reply.value
  if (typeof table !== 'object' || table === null) throw new NoAnswer('the downloads API answered no object', next)
  return batch.flatMap((name): [string, number][] => {
    const entry: unknown =
      batch.length === 1 ? table : Object.hasOwn(table, name) ? (table as Record<string, unknown>)[name] : undefined
    const { downloads, package: named } = (entry ?? {}) as { downloads?: unknown; package?: unknown }
    return isCount(downloads) && (named === undefined || named === name) ? [[name, downloads]] : []
  })
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
