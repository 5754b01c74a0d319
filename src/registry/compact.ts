// Answers as they stand in the cache. A package's versions are one text (`|version published …|version …|`) in which
// a version is looked up where it is asked for: an audit wants one of a package's hundred versions, and reading back
// 1,500 packages then costs a tenth of what it costs to rebuild 100,000 objects.

import type { Answer, PackageFacts, VersionFacts } from '../types.ts'

/** Answers that are worth remembering. Forbidden and unreachable ones say nothing about tomorrow. */
export type Lasting = Extract<Answer, { state: 'exists' | 'not-found' | 'unpublished' | 'security-held' }>

/** JSON for the cache; the name, the registry and the time are the cache's own. */
export function compact(answer: Lasting): unknown {
  switch (answer.state) {
    case 'not-found':
      return ['n']
    case 'unpublished':
      return ['u', answer.at ?? 0]
    case 'security-held':
      return ['s']
    case 'exists':
      return ['e', answer.facts.created ?? 0, answer.facts.distTags, ...table(answer.facts)]
  }
}

/** Undefined for anything that compact() did not write: a damaged or foreign entry is asked anew. */
export function expand(value: unknown, name: string, registry: string, at: number): Lasting | undefined {
  if (!Array.isArray(value)) return undefined
  const observedAt = new Date(at).toISOString()
  const [kind, first, tags, rows, odd] = value as unknown[]
  if (kind === 'n') return { state: 'not-found', registry, observedAt }
  if (kind === 's') return { state: 'security-held', registry, observedAt }
  if (kind === 'u') return { state: 'unpublished', registry, ...(isText(first) && { at: first }), observedAt }
  if (kind !== 'e' || !isText(rows) || !/^\|.+\|$/s.test(rows) || !isObject(tags) || !isObject(odd)) return undefined
  const distTags: Record<string, string> = Object.assign(Object.create(null), tags)
  if (!Object.values(distTags).every(isText)) return undefined
  const created = isText(first) && { created: first }
  const versions = lazyVersions(rows, odd, `${registry}${name}/-/${name.slice(name.indexOf('/') + 1)}-`)
  return { state: 'exists', facts: { name, registry, ...created, distTags, versions, observedAt } }
}

const absent = '-'
const usual = '='
/** No separator, no sign of ours, and nothing that JSON escapes: the text is then read back at the speed of a copy. */
const plainCell = /^(?![-=]$)[!#-[\]-{}~]+$/

/** The rows, and by version what does not fit into one: deprecations, and values with a separator in them. */
function table({ name, registry, versions }: PackageFacts): [string, Record<string, VersionFacts>] {
  const tarballs = `${registry}${name}/-/${name.slice(name.indexOf('/') + 1)}-`
  const odd: Record<string, VersionFacts> = Object.create(null)
  let rows = '|'
  for (const [version, facts] of Object.entries(versions)) {
    const { published, integrity, shasum, tarball } = facts
    const url = tarball === `${tarballs}${version}.tgz` ? undefined : tarball
    const fits = [published, integrity, shasum, url].every((cell) => cell === undefined || plainCell.test(cell))
    if (!fits || facts.deprecated !== undefined) odd[version] = facts
    const last = url ?? (tarball === undefined ? absent : usual)
    const row = `${version} ${published ?? absent} ${integrity ?? absent} ${shasum ?? absent} ${last} ${facts.installScript ? 1 : 0}`
    rows += `${odd[version] ? version : row}|`
  }
  return [rows, odd]
}

/** A record of versions that parses a row when its version is asked for, and all of them when they are listed. */
function lazyVersions(rows: string, odd: object, tarballs: string): Readonly<Record<string, VersionFacts>> {
  let all: ReadonlyMap<string, VersionFacts> | undefined
  const parse = (row: string): readonly [string, VersionFacts] => {
    const [version = '', ...cells] = row.split(' ')
    return [version, (cells.length === 0 ? own(odd, version) : undefined) ?? versionFacts(version, cells, tarballs)]
  }
  const find = (version: string): VersionFacts | undefined => {
    if (all) return all.get(version)
    const start = rows.indexOf(`|${version}`)
    const end = rows.indexOf('|', start + 1)
    if (start === -1 || version === '' || /[| ]/.test(version)) return undefined
    const next = rows[start + version.length + 1]
    // A longer version begins the same (1.0.0, 1.0.0-beta): look at them all.
    if (next !== ' ' && next !== '|') return list().get(version)
    return parse(rows.slice(start + 1, end))[1]
  }
  const list = (): ReadonlyMap<string, VersionFacts> => {
    all ??= new Map(rows.slice(1, -1).split('|').map(parse))
    return all
  }
  return new Proxy(Object.create(null), {
    get: (_, key) => (isText(key) ? find(key) : undefined),
    has: (_, key) => isText(key) && find(key) !== undefined,
    ownKeys: () => [...list().keys()],
    getOwnPropertyDescriptor: (_, key) => {
      const value = isText(key) ? find(key) : undefined
      return value && { value, enumerable: true, configurable: true, writable: false }
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  })
}

function versionFacts(version: string, cells: readonly string[], tarballs: string): VersionFacts {
  const [published, integrity, shasum, tarball, installScript] = cells
  const facts: { -readonly [K in keyof VersionFacts]: VersionFacts[K] } = { installScript: installScript === '1' }
  if (isThere(published)) facts.published = published
  if (isThere(integrity)) facts.integrity = integrity
  if (isThere(shasum)) facts.shasum = shasum
  if (isThere(tarball)) facts.tarball = tarball === usual ? `${tarballs}${version}.tgz` : tarball
  return facts
}

const isThere = (cell: string | undefined): cell is string => cell !== undefined && cell !== absent

const own = (object: object, key: string): VersionFacts | undefined =>
  Object.hasOwn(object, key) ? (object as Record<string, VersionFacts>)[key] : undefined

const isText = (value: unknown): value is string => typeof value === 'string'

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
