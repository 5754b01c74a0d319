// Known vulnerabilities and malware, by the bulk endpoint that `npm audit` uses too. Many registries do not serve it;
// then advisories are "not checked". Which versions an advisory hits is decided here, by semver.

import { valid, validRange } from 'semver'
import { clean } from '../redact.ts'
import type { Advisory, Missed, Severity } from '../types.ts'
import { hour } from './cache.ts'
import { type Found, holds, type Installed, noVersion } from './known-advisories.ts'
import { from, NoAnswer } from './no-answer.ts'
import { isMalwareId } from './osv.ts'
import { type AskedSource, inBatches } from './source.ts'

const namesPerRequest = 1000
/** Malware is named within hours: an hour-old "nothing known" is the oldest that is worth repeating. */
const freshFor = hour

/** Advisories whose range holds an installed version; an empty list for a name that has none. Never throws. */
export async function knownAdvisories(installed: Installed, source: AskedSource): Promise<Found> {
  const found = new Map<string, readonly Advisory[]>()
  const missed: Missed[] = []
  const open = new Map<string, readonly string[]>()
  let known = 0
  for (const [name, given] of installed) {
    const versions = [...new Set(given.flatMap((version) => valid(version, { loose: true }) ?? []))].sort()
    missed.push(
      ...given.filter((version) => !valid(version, { loose: true })).map((version) => noVersion(name, version)),
    )
    if (versions.length === 0) continue
    const cached = source.cache.get(cacheKey(name, versions), freshFor)
    if (!cached) open.set(name, versions)
    else {
      known++
      keep(found, missed, name, versions, cached.value)
    }
  }
  if (source.offline) {
    if (known === 0) return { state: 'skipped', reason: 'offline' }
    if (open.size > 0) missed.push({ what: about(open.size), why: 'offline', next: 'run without --offline' })
    return { state: 'served', value: found, missed }
  }
  const answered = await Promise.all(
    inBatches([...open], namesPerRequest).map((batch) => ask(new Map(batch), source, found, missed)),
  )
  const [first, ...rest] = missed
  const nothing = known === 0 && answered.length > 0 && !answered.includes(true)
  return nothing && first
    ? { state: 'not-served', missed: [first, ...rest] }
    : { state: 'served', value: found, missed }
}

/** True if the endpoint answered. */
async function ask(
  batch: Installed,
  { url, requests, cache }: AskedSource,
  found: Map<string, readonly Advisory[]>,
  missed: Missed[],
): Promise<boolean> {
  try {
    const endpoint = `${url}-/npm/v1/security/advisories/bulk`
    const { status, value } = await requests.json(endpoint, Object.fromEntries(batch))
    if (status !== 200) throw notServed(url, status)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw from(url, new NoAnswer('its answer on advisories is no object', 'report it to the registry'))
    // An error that is sent as if all were well names nobody's advisories, too.
    if (Object.entries(value).some(([name, list]) => !batch.has(name) && !Array.isArray(list)))
      throw from(url, new NoAnswer('its answer on advisories is about something else', 'report it to the registry'))
    // Only names that were asked are looked at, whatever else came.
    for (const [name, versions] of batch) {
      const list = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : []
      cache.set(cacheKey(name, versions), list)
      keep(found, missed, name, versions, list)
    }
    return true
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    missed.push({ what: about(batch.size), why: error.message, next: error.next })
    return false
  }
}

function notServed(url: string, status: number): NoAnswer {
  if (status === 401 || status === 403)
    return new NoAnswer(`${url} refuses advisories (${status})`, `log in: npm login --registry=${url}`)
  return new NoAnswer(`${url} serves no advisories (${status})`, 'audit against a registry that does: --registry URL')
}

function keep(
  found: Map<string, readonly Advisory[]>,
  missed: Missed[],
  name: string,
  versions: readonly string[],
  list: unknown,
): void {
  const unreadable: Missed[] = []
  const hit = read(list, name, unreadable).filter(({ vulnerable }) =>
    versions.some((version) => holds(vulnerable, version)),
  )
  missed.push(...unreadable)
  if (hit.length > 0 || unreadable.length === 0) found.set(name, hit)
}

/** A list from outside. What cannot be understood in it is missed, never a silent "not vulnerable". */
function read(list: unknown, name: string, missed: Missed[]): Advisory[] {
  if (!Array.isArray(list)) {
    missed.push(unreadable(name, 'its advisories are no list'))
    return []
  }
  return list.flatMap((entry: unknown) => {
    const { vulnerable_versions: range } = (entry ?? {}) as { vulnerable_versions?: unknown }
    if (typeof range === 'string' && validRange(range, { loose: true }) !== null)
      return [advisory(entry as Readonly<Record<string, unknown>>, range)]
    missed.push(unreadable(name, 'an advisory names no valid range of versions'))
    return []
  })
}

const unreadable = (name: string, why: string): Missed => ({
  what: `advisories of ${clean(name)}`,
  why,
  next: 'look the package up at the registry',
})

function advisory(entry: Readonly<Record<string, unknown>>, vulnerable: string): Advisory {
  const url = typeof entry.url === 'string' && /^https?:\/\//.test(entry.url) ? entry.url : undefined
  const title = typeof entry.title === 'string' ? entry.title : 'no title'
  const own = typeof entry.id === 'string' || typeof entry.id === 'number' ? String(entry.id) : 'no id'
  const id = /\b(?:GHSA(?:-[0-9a-z]{4}){3}|MAL-\d{4}-\d+)\b/i.exec(`${url ?? ''} ${own}`)?.[0] ?? own
  return { id, url, title, severity: severityOf(entry.severity), vulnerable, malware: isMalware(id, title, entry.cwe) }
}

/** CWE-506 is "embedded malicious code". */
const isMalware = (id: string, title: string, cwe: unknown): boolean =>
  isMalwareId(id) || /\bmalware\b|\bmalicious (?:code|package|version)/i.test(title) || [cwe].flat().includes('CWE-506')

const severities = new Map<unknown, Severity>([
  ['info', 'info'],
  ['low', 'low'],
  ['moderate', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
])

const severityOf = (value: unknown): Severity => severities.get(value) ?? 'medium'

const cacheKey = (name: string, versions: readonly string[]): string => `a:${name}@${versions.join(',')}`

const about = (count: number): string => `advisories of ${count === 1 ? '1 package' : `${count} packages`}`
