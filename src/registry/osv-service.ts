// OSV's batch API (google.github.io/osv.dev/api): which advisories hit which versions, then each advisory once. It
// belongs to nobody's registry, so it is asked only if the user says so, and only of what is public.

import type { Advisory, Missed } from '../types.ts'
import { day, hour } from './cache.ts'
import { type Found, holds, type Installed } from './known-advisories.ts'
import { isObject, type Json } from './manifest.ts'
import { NoAnswer } from './no-answer.ts'
import { advisoryOf, isMalwareId } from './osv.ts'
import { type AskedSource, inBatches } from './source.ts'

/** Where OSV answers, unless the user names a mirror of it. */
export const osvUrl = 'https://api.osv.dev/'

/** As many as the API takes. */
const queriesPerBatch = 1000
/** Of results that come in pages; nothing honest has so many. */
const mostPages = 20

interface Query {
  readonly name: string
  readonly version: string
}

/** Advisories that hold an installed version; an empty list for a name that has none. Never throws. */
export async function osvAdvisories(installed: Installed, source: AskedSource): Promise<Found> {
  if (source.offline) return { state: 'skipped', reason: 'offline' }
  const queries = [...installed].flatMap(([name, versions]) => versions.map((version) => ({ name, version })))
  const missed: Missed[] = []
  const hits = new Map<string, Set<string>>()
  const open: Query[] = []
  for (const query of queries) {
    const known = idList(source.cache.get(keyOf(query), hour)?.value)
    if (known) hits.set(keyOf(query), new Set(known))
    else open.push(query)
  }
  await Promise.all(inBatches(open, queriesPerBatch).map((batch) => ask(batch, source, hits, missed)))
  const [first, ...rest] = missed
  if (hits.size === 0 && first) return { state: 'not-served', missed: [first, ...rest] }
  const ids = new Set([...hits.values()].flatMap((found) => [...found]))
  const records = new Map(
    await Promise.all([...ids].map(async (id) => [id, await detail(id, source, missed)] as const)),
  )
  const value = new Map<string, Advisory[]>()
  for (const query of queries) {
    const found = hits.get(keyOf(query))
    if (!found) continue
    const list = value.get(query.name) ?? []
    value.set(query.name, list)
    for (const id of found) keep(list, id, query, records.get(id))
  }
  return { state: 'served', value, missed }
}

const keyOf = ({ name, version }: Query): string => `q:${name}@${version}`

/** Its batch and the pages that follow. What fails is missed; nothing of it counts as free of advisories. */
async function ask(
  batch: readonly Query[],
  { url, requests, cache }: AskedSource,
  hits: Map<string, Set<string>>,
  missed: Missed[],
): Promise<void> {
  const found = new Map(batch.map((query) => [keyOf(query), new Set<string>()]))
  try {
    let open = batch.map((query) => ({ query, page: undefined as string | undefined }))
    for (let page = 0; open.length > 0; page++) {
      if (page === mostPages) throw new NoAnswer('OSV: its answer has no end', 'run again later')
      const { status, value } = await requests.json(`${url}v1/querybatch`, { queries: open.map(asked) })
      if (status !== 200) throw new NoAnswer(`OSV answered ${status}`, 'run again later, or without --osv')
      const results: unknown = isObject(value) ? value.results : undefined
      // One result a query, in their order: with another number nobody knows what belongs to what.
      if (!Array.isArray(results) || results.length !== open.length) throw unfitting()
      open = open.flatMap(({ query }, at) => {
        const { ids, next } = resultOf(results[at])
        for (const id of ids) found.get(keyOf(query))!.add(id)
        return next === undefined ? [] : [{ query, page: next }]
      })
    }
    for (const [key, ids] of found) {
      hits.set(key, ids)
      cache.set(key, [...ids])
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    missed.push({ what: `OSV's advisories of ${batch.length} versions`, why: error.message, next: error.next })
  }
}

const asked = ({ query: { name, version }, page }: { readonly query: Query; readonly page: string | undefined }) => ({
  package: { name, ecosystem: 'npm' },
  version,
  ...(page !== undefined && { page_token: page }),
})

function resultOf(result: unknown): { readonly ids: readonly string[]; readonly next: string | undefined } {
  // Without advisories it is an empty object.
  const { vulns = [], next_page_token: next } = isObject(result) ? result : { vulns: false }
  if (!Array.isArray(vulns)) throw unfitting()
  const ids = idList(vulns.map((one: unknown) => (isObject(one) ? one.id : undefined)))
  if (!ids) throw new NoAnswer('OSV: it names an advisory without an id', 'run again later, or without --osv')
  return { ids, next: typeof next === 'string' && next !== '' ? next : undefined }
}

const unfitting = (): NoAnswer =>
  new NoAnswer('OSV: its answer does not fit the question', 'run again later, or without --osv')

/** Ids become part of an address. */
const idList = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[A-Za-z\d][\w.:-]{0,99}$/.test(one))
    ? (value as string[])
    : undefined

const isRecordOf = (id: string, value: unknown): value is Json => isObject(value) && value.id === id

async function detail(id: string, { url, requests, cache }: AskedSource, missed: Missed[]): Promise<Json | undefined> {
  const key = `v:${id}`
  const cached = cache.get(key, day)?.value
  if (isRecordOf(id, cached)) return cached
  try {
    const { status, value } = await requests.json(`${url}v1/vulns/${encodeURIComponent(id)}`)
    if (status !== 200) throw new NoAnswer(`OSV answered ${status}`, 'look it up at OSV')
    if (!isRecordOf(id, value)) throw new NoAnswer('OSV answered with another record', 'look it up at OSV')
    cache.set(key, value)
    return value
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    missed.push({ what: `details of ${id}`, why: error.message, next: error.next })
    return undefined
  }
}

/** Without readable details OSV's word stands: it named this advisory for this version. */
function keep(list: Advisory[], id: string, { name, version }: Query, record: Json | undefined): void {
  const isWithdrawn = typeof record?.withdrawn === 'string'
  const advisory = record === undefined ? undefined : advisoryOf(record, name)
  const isKnown = list.some((one) => one.id === (advisory?.id ?? id) && holds(one.vulnerable, version))
  if (isWithdrawn || isKnown || (advisory && !holds(advisory.vulnerable, version))) return
  list.push(
    advisory ?? {
      id,
      url: undefined,
      title: 'OSV gave no details',
      severity: 'medium',
      vulnerable: version,
      malware: isMalwareId(id),
    },
  )
}
