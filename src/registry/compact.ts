// Answers as they stand in the cache. A package's versions are one text (`|version published …|version …|`) in which
// a version is looked up where it is asked for: an audit wants one of a package's hundred versions, and reading back
// 1,500 packages then costs a tenth of what it costs to rebuild 100,000 objects. What versions share (who published
// them, from where, signed with which key) stands once beside the rows, and a row names it by number.

import { flag, listOf, objectOf, oneOf, recordOf, type Shape, text } from '../shape.ts'
import type { Answer, PackageFacts, RegistrySignature, VersionFacts } from '../types.ts'
import { isSame, type Profile, profileKey } from './people.ts'

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
      return [
        'e',
        answer.facts.created ?? 0,
        answer.facts.distTags,
        ...table(answer.facts),
        answer.facts.withdrawn ?? 0,
      ]
  }
}

/** Undefined for anything that compact() did not write: a damaged or foreign entry is asked anew. */
export function expand(value: unknown, name: string, registry: string, at: number): Lasting | undefined {
  if (!Array.isArray(value)) return undefined
  const observedAt = new Date(at).toISOString()
  const [kind, first, tags, rows, odd, people, keyids, gone] = value as unknown[]
  if (kind === 'n') return { state: 'not-found', registry, observedAt }
  if (kind === 's') return { state: 'security-held', registry, observedAt }
  if (kind === 'u') return { state: 'unpublished', registry, ...(isText(first) && { at: first }), observedAt }
  if (kind !== 'e' || !isText(rows) || !isTable(rows) || !texts(tags) || !oddVersions(odd)) return undefined
  const distTags: Record<string, string> = Object.assign(Object.create(null), tags)
  const profiles = profilesOf(people)
  if (!profiles || !Array.isArray(keyids) || !keyids.every(isText)) return undefined
  const created = isText(first) && { created: first }
  const shared = { profiles, keyids, tarballs: tarballsOf(name, registry) }
  const versions = lazyVersions(rows, odd, shared)
  const withdrawn = texts(gone) && { withdrawn: Object.assign(Object.create(null), gone) as Record<string, string> }
  return { state: 'exists', facts: { name, registry, ...created, distTags, versions, ...withdrawn, observedAt } }
}

const texts = recordOf(text)
const optional =
  (of: Shape<unknown>): Shape<unknown> =>
  (value): value is unknown =>
    value === undefined || of(value)

const oddVersions = recordOf(
  objectOf({
    published: optional(text),
    deprecated: optional(text),
    installScript: optional(flag),
    integrity: optional(text),
    shasum: optional(text),
    tarball: optional(text),
    publisher: optional(text),
    maintainers: optional(listOf(text)),
    provenance: optional(oneOf('trusted-publisher', 'attested')),
    repository: optional(text),
    bins: optional(listOf(text)),
    signatures: optional(listOf(objectOf({ keyid: text, sig: text }))),
  } satisfies Record<keyof VersionFacts, Shape<unknown>>),
)

const isTable = (rows: string): boolean => rows.length > 2 && rows.startsWith('|') && rows.endsWith('|')

/** What the rows of a package share. */
interface Shared {
  readonly profiles: readonly Profile[]
  readonly keyids: readonly string[]
  /** How the address of its tarballs usually begins. */
  readonly tarballs: string
}

const tarballsOf = (name: string, registry: string): string =>
  `${registry}${name}/-/${name.slice(name.indexOf('/') + 1)}-`

const absent = '-'
const usual = '='
/** No separator, no sign of ours, and nothing that JSON escapes: the text is then read back at the speed of a copy. */
const plainCell = /^(?![-=]$)[!#-[\]-{}~]+$/

const isPlain = (cell: string | undefined): boolean => cell === undefined || plainCell.test(cell)

/** The rows, by version what does not fit into one (deprecations, values with a separator in them), what they share. */
function table({ name, registry, versions }: PackageFacts) {
  const tarballs = tarballsOf(name, registry)
  const odd: Record<string, VersionFacts> = Object.create(null)
  const profiles = numbered<Profile>(profileKey)
  const keyids = numbered<string>((keyid) => keyid)
  let rows = '|'
  let before: Profile | undefined
  let profile = 0
  for (const [version, facts] of Object.entries(versions)) {
    const { published, integrity, shasum, tarball, signatures } = facts
    const url = tarball === `${tarballs}${version}.tgz` ? undefined : tarball
    const fits = isPlain(published) && isPlain(integrity) && isPlain(shasum) && isPlain(url)
    if (!fits || facts.deprecated !== undefined) {
      odd[version] = facts
      rows += `${version}|`
      continue
    }
    if (!before || !isSame(before, facts)) profile = profiles.numberOf(facts)
    before = facts
    const last = url ?? (tarball === undefined ? absent : usual)
    const signed = signatures?.map(({ keyid, sig }) => `${keyids.numberOf(keyid)}:${sig}`).join(',') ?? absent
    rows += `${version} ${published ?? absent} ${integrity ?? absent} ${shasum ?? absent} ${last} `
    rows += `${facts.installScript ? 1 : 0} ${profile} ${signed}|`
  }
  return [rows, odd, profiles.all.map(profileCells), keyids.all] as const
}

/** Gives equal things one number. */
function numbered<T>(keyOf: (item: T) => string) {
  const numbers = new Map<string, number>()
  const all: T[] = []
  return {
    all,
    numberOf: (item: T): number => {
      const key = keyOf(item)
      const number = numbers.get(key) ?? all.push(item) - 1
      numbers.set(key, number)
      return number
    },
  }
}

const profileCells = ({ publisher, maintainers, provenance, repository, bins }: Profile): unknown[] => [
  publisher ?? 0,
  maintainers ?? 0,
  provenance ?? 0,
  repository ?? 0,
  bins ?? 0,
]

/** Undefined for anything that profileCells() did not write. */
function profilesOf(value: unknown): Profile[] | undefined {
  if (!Array.isArray(value)) return undefined
  const profiles = value.map((cells: unknown): Profile | undefined => {
    if (!Array.isArray(cells)) return undefined
    const [publisher, maintainers, provenance, repository, bins] = cells as unknown[]
    const isTexts = (list: unknown): list is string[] => Array.isArray(list) && list.every(isText)
    return {
      ...(isText(publisher) && { publisher }),
      ...(isTexts(maintainers) && { maintainers }),
      ...((provenance === 'trusted-publisher' || provenance === 'attested') && { provenance }),
      ...(isText(repository) && { repository }),
      ...(isTexts(bins) && { bins }),
    }
  })
  return profiles.every((profile) => profile !== undefined) ? profiles : undefined
}

/** A record of versions that parses a row when its version is asked for, and all of them when they are listed. */
function lazyVersions(rows: string, odd: object, shared: Shared): Readonly<Record<string, VersionFacts>> {
  let all: ReadonlyMap<string, VersionFacts> | undefined
  const asked = new Map<string, VersionFacts | undefined>()
  const parse = (row: string): readonly [string, VersionFacts] => {
    const [version = '', ...cells] = row.split(' ')
    return [version, (cells.length === 0 ? own(odd, version) : undefined) ?? versionFacts(version, cells, shared)]
  }
  const find = (version: string): VersionFacts | undefined => {
    if (!all && !asked.has(version)) asked.set(version, lookUp(version))
    return all ? all.get(version) : asked.get(version)
  }
  const lookUp = (version: string): VersionFacts | undefined => {
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

function versionFacts(version: string, cells: readonly string[], { profiles, keyids, tarballs }: Shared): VersionFacts {
  const [published, integrity, shasum, tarball, installScript, profile, signed] = cells
  const facts: { -readonly [K in keyof VersionFacts]: VersionFacts[K] } = {
    installScript: installScript === '1',
    ...profiles[Number(profile)],
  }
  if (isThere(published)) facts.published = published
  if (isThere(integrity)) facts.integrity = integrity
  if (isThere(shasum)) facts.shasum = shasum
  if (isThere(tarball)) facts.tarball = tarball === usual ? `${tarballs}${version}.tgz` : tarball
  if (isThere(signed)) facts.signatures = signed === '' ? [] : signed.split(',').map((one) => signature(one, keyids))
  return facts
}

function signature(cell: string, keyids: readonly string[]): RegistrySignature {
  const colon = cell.indexOf(':')
  return { keyid: keyids[Number(cell.slice(0, colon))] ?? '', sig: cell.slice(colon + 1) }
}

const isThere = (cell: string | undefined): cell is string => cell !== undefined && cell !== absent

const own = (object: object, key: string): VersionFacts | undefined =>
  Object.hasOwn(object, key) ? (object as Record<string, VersionFacts>)[key] : undefined

const isText = (value: unknown): value is string => typeof value === 'string'
