// One answer out of several sources of advisories (the registry's, OSV's, a local export), one advisory out of its
// several names: GHSA, CVE and MAL numbers of one thing are told once.

import { satisfies, subset, valid, validRange } from 'semver'
import { clean } from '../redact.ts'
import { type Advisory, type Missed, type Served, severities } from '../types.ts'

export type Found = Served<ReadonlyMap<string, readonly Advisory[]>>
/** Versions by name; of one that nothing pins and nobody may be asked about, the range instead. */
export type Installed = ReadonlyMap<string, readonly string[]>

/**
 * @param parts the registry's first: its words are kept where several tell of one advisory.
 * What the registry does not serve is no gap where another source has answered for everything; any other silence is.
 */
export function allAdvisories(installed: Installed, parts: readonly Found[]): Found {
  const served = parts.filter((part) => part.state === 'served')
  const isComplete = served.some(({ missed }) => missed.length === 0)
  const missed = distinct(
    parts.flatMap((part, index): readonly Missed[] =>
      part.state === 'skipped' || (index === 0 && part.state === 'not-served' && isComplete) ? [] : part.missed,
    ),
  )
  const [first, ...rest] = missed
  if (served.length === 0 && first) return { state: 'not-served', missed: [first, ...rest] }
  const skipped = parts.find((part) => part.state === 'skipped')
  if (served.length === 0 && skipped) return skipped
  const found = new Map<string, readonly Advisory[]>()
  for (const [name, versions] of installed) {
    const lists = served.flatMap(({ value }) => value.get(name) ?? [])
    if (lists.length > 0 || served.some(({ value }) => value.has(name))) found.set(name, merged(lists, versions))
  }
  return { state: 'served', value: found, missed: distinct([...missed, ...unheld(installed)]) }
}

/** Whichever source answers: of what is neither a version nor a range, none can say anything. */
const unheld = (installed: Installed): Missed[] =>
  [...installed].flatMap(([name, versions]) =>
    versions
      .filter((version) => valid(version, { loose: true }) === null && validRange(version) === null)
      .map((version) => noVersion(name, version)),
  )

export const noVersion = (name: string, version: string): Missed => ({
  what: `advisories of ${clean(`${name}@${version}`)}`,
  why: 'this is no version that a range could hold',
  next: 'find out where it came from, or resolve it anew',
})

/** A private name is withheld from each source for the same reason. */
const distinct = (missed: readonly Missed[]): Missed[] => [
  ...new Map(missed.map((one) => [`${one.what}\0${one.why}`, one])).values(),
]

/** Advisories that share an id are one. The first one's words stand; severity, aliases and fixes are everybody's. */
export function merged(list: readonly Advisory[], versions: readonly string[]): Advisory[] {
  let groups: { readonly ids: Set<string>; readonly advisories: Advisory[] }[] = []
  for (const advisory of list) {
    const ids = idsOf(advisory)
    const kin = groups.filter((group) => ids.some((id) => group.ids.has(id)))
    const all = [...kin.flatMap(({ advisories }) => advisories), advisory]
    groups = [...groups.filter((group) => !kin.includes(group)), { ids: new Set(all.flatMap(idsOf)), advisories: all }]
  }
  return groups.map(({ advisories }) => one(advisories, versions))
}

const idsOf = ({ id, aliases = [] }: Advisory): string[] => [id, ...aliases].map((one) => one.toUpperCase())

function one(advisories: readonly Advisory[], versions: readonly string[]): Advisory {
  const first = advisories[0]!
  if (advisories.length === 1) return first
  const ids = advisories.flatMap(({ id, aliases = [] }) => [id, ...aliases])
  const aliases = [...new Map(ids.map((id) => [id.toUpperCase(), id])).values()].filter(
    (id) => id.toUpperCase() !== first.id.toUpperCase(),
  )
  const fixed = [...new Set(advisories.flatMap((advisory) => advisory.fixed ?? []))]
  const url = advisories.find((advisory) => advisory.url !== undefined)?.url
  return {
    ...first,
    url,
    severity: severities[Math.max(...advisories.map(({ severity }) => severities.indexOf(severity)))]!,
    vulnerable: ranges(advisories, versions),
    malware: advisories.some(({ malware }) => malware),
    ...(aliases.length > 0 && { aliases }),
    ...(fixed.length > 0 && { fixed }),
  }
}

/** The first one's range, and those that hold what is installed where it does not. */
function ranges(advisories: readonly Advisory[], versions: readonly string[]): string {
  const chosen: string[] = []
  const isTold = (version: string): boolean => chosen.some((range) => holds(range, version))
  for (const { vulnerable } of advisories)
    if (chosen.length === 0 || versions.some((version) => holds(vulnerable, version) && !isTold(version)))
      chosen.push(vulnerable)
  return chosen.join(' || ')
}

/** By the order of versions alone, as advisories mean it: a prerelease of a mended version is not mended. */
export const holds = (range: string, version: string): boolean =>
  validRange(range, { loose: true }) !== null && satisfies(version, range, { includePrerelease: true, loose: true })

/** As holds(), or, for a range: whichever version it takes, the advisory's range holds it. */
export const affects = (range: string, installed: string): boolean =>
  valid(installed, { loose: true }) === null && validRange(installed) !== null
    ? validRange(range) !== null && subset(installed, range, { includePrerelease: true })
    : holds(range, installed)
