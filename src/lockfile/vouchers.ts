// Who vouches for a package, over all packages of a run: who published it, what its registry signed, and whose
// repository it names. What one package alone cannot tell, because a registry that serves nothing accuses nobody.

import { coverageBy } from '../coverage.ts'
import { lazily } from '../names/lazily.ts'
import type { Ranks } from '../names/targets.ts'
import { scopeOf } from '../names/words.ts'
import type { Coverage, Missed, PackageFacts, Served, SignatureState, VersionFacts } from '../types.ts'

const { coverageOf } = coverageBy('lockfile')

/** A registry that serves neither leaves open who stands behind a package: that is no accusation, and no pass. */
export function publisherCoverage(
  published: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, PackageFacts>,
  unanswered: ReadonlyMap<string, Missed>,
): Coverage {
  const missed = [...unanswered.values()]
  let checked = 0
  for (const [name, versions] of published)
    for (const version of versions) {
      const { registry, versions: listed } = known.get(name)!
      const { publisher, maintainers } = listed[version]!
      if (publisher !== undefined || maintainers !== undefined) checked++
      else
        missed.push({ what: `${name}@${version}`, why: `${registry} does not say who published it`, next: elsewhere })
    }
  return coverageOf('publishers', checked, missed)
}

const elsewhere = 'who published it stays unknown: audit against a registry that says so (--registry URL)'

/**
 * States to judge by. Where hardly anything of a registry is signed with the keys that it publishes, a missing
 * signature or an unknown key says something of the registry (a mirror, packages of its own), not of the package.
 */
export function believable(
  signed: Served<ReadonlyMap<string, SignatureState>>,
  known: ReadonlyMap<string, PackageFacts>,
): { readonly states: ReadonlyMap<string, SignatureState>; readonly missed: readonly Missed[] } {
  if (signed.state !== 'served') return { states: new Map(), missed: [] }
  const registryOf = (id: string): string => known.get(id.slice(0, id.lastIndexOf('@')))?.registry ?? ''
  const tally = new Map<string, { valid: number; all: number }>()
  for (const [id, { state }] of signed.value) {
    const registry = registryOf(id)
    const counts = tally.get(registry) ?? { valid: 0, all: 0 }
    tally.set(registry, { valid: counts.valid + (state === 'valid' ? 1 : 0), all: counts.all + 1 })
  }
  const missed: Missed[] = []
  const states = new Map<string, SignatureState>()
  for (const [id, state] of signed.value) {
    const registry = registryOf(id)
    const { valid, all } = tally.get(registry)!
    const why =
      state.state === 'no-integrity'
        ? 'the registry names no hash that could be signed'
        : (state.state === 'missing' || state.state === 'unknown-key') && valid * 2 < all
          ? `${registry} signs few of its packages with keys that it publishes`
          : undefined
    if (why === undefined) states.set(id, state)
    else missed.push({ what: id, why, next: 'nothing: what it serves is then trusted as it is' })
  }
  return { states, missed }
}

/** Popular packages of other people from the same repository: only where the registry says whose each of them is. */
export function namesakesAmong(
  known: ReadonlyMap<string, PackageFacts>,
  rank: Ranks,
): (name: string, version: string | undefined) => readonly string[] {
  const popular = lazily(() => {
    const byRepository = new Map<string, [PackageFacts, VersionFacts][]>()
    for (const [name, facts] of known) {
      const one = rank.has(name) ? versionOf(facts, facts.distTags.latest) : undefined
      if (one?.repository === undefined) continue
      const others = byRepository.get(one.repository)
      if (others) others.push([facts, one])
      else byRepository.set(one.repository, [[facts, one]])
    }
    return byRepository
  })
  return (name, version) => {
    const facts = rank.has(name) ? undefined : known.get(name)
    const own = facts && versionOf(facts, version)
    if (own?.repository === undefined || !own.maintainers) return []
    const people = new Set(own.maintainers)
    return (popular().get(own.repository) ?? []).flatMap(([other, { maintainers }]) => {
      const isKin = scopeOf(name) !== '' && scopeOf(name) === scopeOf(other.name)
      return isKin || !maintainers || maintainers.some((one) => people.has(one)) ? [] : [other.name]
    })
  }
}

/**
 * Popular packages with a maintainer in common, by account: the registry lets nobody put another's account there.
 * A repository in common proves nothing, for a manifest may name any.
 */
export function kinAmong(
  known: ReadonlyMap<string, PackageFacts>,
  rank: Ranks,
): (name: string, version: string | undefined) => readonly string[] {
  const byPerson = lazily(() => {
    const packages = new Map<string, string[]>()
    for (const [name, facts] of known) {
      if (!rank.has(name)) continue
      for (const person of versionOf(facts, facts.distTags.latest)?.maintainers ?? []) {
        const others = packages.get(person)
        if (others) others.push(name)
        else packages.set(person, [name])
      }
    }
    return packages
  })
  return (name, version) => {
    const facts = rank.has(name) ? undefined : known.get(name)
    const people = (facts && versionOf(facts, version)?.maintainers) ?? []
    return [...new Set(people.flatMap((person) => byPerson().get(person) ?? []))]
  }
}

const versionOf = ({ versions }: PackageFacts, version: string | undefined): VersionFacts | undefined =>
  version !== undefined && Object.hasOwn(versions, version) ? versions[version] : undefined
