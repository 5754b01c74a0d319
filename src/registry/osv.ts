// One OSV record (ossf.github.io/osv-schema, version 1.x) as an advisory on one npm package. Records come from a
// service or a file, so each field is checked by itself: what cannot be read is undefined, never "not vulnerable".

import { compare, valid, validRange } from 'semver'
import type { Advisory, Severity } from '../types.ts'
import { isObject, type Json } from './manifest.ts'

/** Names of npm packages in it; of other ecosystems none. Empty for a record that was withdrawn, or is none. */
export function packagesOf(record: unknown): readonly string[] {
  if (!isObject(record) || typeof record.id !== 'string' || typeof record.withdrawn === 'string') return []
  return [...new Set(affectedOf(record).map(({ name }) => name))]
}

/**
 * The advisory on `name`. Undefined where the record says nothing readable of its versions.
 * @param record one in which packagesOf() found the name
 */
export function advisoryOf(record: unknown, name: string): Advisory | undefined {
  if (!isObject(record) || typeof record.id !== 'string') return undefined
  const affected = affectedOf(record).filter((one) => one.name === name)
  const ranges = affected.map(rangeOf)
  const vulnerable = ranges.every((range) => range !== undefined) ? ranges.join(' || ') : undefined
  if (vulnerable === undefined || ranges.length === 0 || validRange(vulnerable) === null) return undefined
  const details = isObject(record.database_specific) ? record.database_specific : {}
  const id = record.id.slice(0, longest)
  const aliases = textsOf(record.aliases).slice(0, mostAliases)
  const fixed = affected.flatMap(fixesOf)
  return {
    id,
    url: urlOf(record, id),
    title: titleOf(record),
    severity: severities.get(details.severity) ?? 'medium',
    vulnerable,
    malware: isMalware([id, ...aliases], [details, ...affected.map(({ given }) => given.database_specific)]),
    ...(aliases.length > 0 && { aliases }),
    ...(fixed.length > 0 && { fixed: [...new Set(fixed)].sort(compare) }),
  }
}

/** `MAL-2024-1`: the malicious-packages database numbers what was an attack. */
export const isMalwareId = (id: string): boolean => /^MAL-/i.test(id)

const longest = 200
const mostAliases = 50

interface Affected {
  readonly name: string
  readonly given: Json
}

function affectedOf(record: Json): Affected[] {
  return objects(record.affected).flatMap((given) => {
    const { ecosystem, name } = isObject(given.package) ? given.package : {}
    return ecosystem === 'npm' && typeof name === 'string' ? [{ name, given }] : []
  })
}

/** Ranges and single versions, as one semver range. Undefined where a part of it is not understood. */
function rangeOf({ given }: Affected): string | undefined {
  const ranges = objects(given.ranges).filter(({ type }) => type !== 'GIT')
  const upTo = isObject(given.database_specific) ? given.database_specific.last_known_affected_version_range : undefined
  const parts = ranges.flatMap((range): (string | undefined)[] => spans(objects(range.events), upTo))
  const versions = textsOf(given.versions).flatMap((version) => valid(version, { loose: true }) ?? [])
  const all = [...parts, ...versions]
  return all.length > 0 && all.every((part) => part !== undefined) ? all.join(' || ') : undefined
}

/** From each `introduced` to the `fixed` or `last_affected` after it, by the order of versions. */
function spans(events: readonly Json[], upTo: unknown): (string | undefined)[] {
  const points = events.flatMap((event) =>
    (['introduced', 'fixed', 'last_affected'] as const).flatMap((kind) => {
      const value = event[kind]
      return typeof value === 'string'
        ? [{ kind, version: value === '0' ? '0.0.0-0' : valid(value, { loose: true }) }]
        : []
    }),
  )
  if (points.some(({ version }) => version === null)) return [undefined]
  const sorted = points.sort((a, b) => compare(a.version!, b.version!))
  const found: string[] = []
  let from: string | undefined
  for (const { kind, version } of sorted) {
    if (kind === 'introduced') from ??= version!
    else if (from !== undefined) {
      found.push(`${lower(from)} ${kind === 'fixed' ? '<' : '<='}${version}`.trim())
      from = undefined
    }
  }
  if (from === undefined) return found
  // Without an end everything later is affected, unless the database knows a last one.
  const end = typeof upTo === 'string' && !upTo.includes('|') && validRange(upTo) !== null ? upTo : ''
  return [...found, `${lower(from)} ${end}`.trim() || '*']
}

const lower = (from: string): string => (from === '0.0.0-0' ? '' : `>=${from}`)

const fixesOf = ({ given }: Affected): string[] =>
  objects(given.ranges).flatMap(({ events }) =>
    objects(events).flatMap(({ fixed }) => (typeof fixed === 'string' ? (valid(fixed, { loose: true }) ?? []) : [])),
  )

function titleOf({ summary, details }: Json): string {
  const text = [summary, details].find((one) => typeof one === 'string' && one.trim() !== '')
  return typeof text === 'string' ? text.trim().split('\n')[0]!.slice(0, longest) : 'no title'
}

function urlOf(record: Json, id: string): string | undefined {
  const urls = objects(record.references).flatMap(({ type, url }) =>
    typeof url === 'string' && /^https?:\/\//.test(url) ? [{ type, url }] : [],
  )
  return (urls.find(({ url }) => url.includes(id)) ?? urls.find(({ type }) => type === 'ADVISORY') ?? urls[0])?.url
}

/** CWE-506 is "embedded malicious code". */
function isMalware(ids: readonly string[], details: readonly unknown[]): boolean {
  if (ids.some(isMalwareId)) return true
  return details.some((one) => isObject(one) && textsOf(one.cwe_ids).includes('CWE-506'))
}

const severities = new Map<unknown, Severity>([
  ['LOW', 'low'],
  ['MODERATE', 'medium'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
  ['CRITICAL', 'critical'],
])

const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
