// What changed since the version before: the shared half of the checks that compare. A takeover shows in the first
// weeks or never: what has been installed for months by everybody has had its readers, and packages change hands.

import semver from 'semver'
import type { VersionFacts } from '../types.ts'
import type { PackageInput } from './check.ts'
import { ageInDays, versionFacts } from './package-finding.ts'

/** Most hijacked versions are found within days, the patient ones within weeks. */
const freshDays = 14
const recentDays = 90

/** Undefined for an older version, and where the registry served no time. */
export function freshness(input: PackageInput): 'fresh' | 'recent' | undefined {
  const days = ageInDays(versionFacts(input)?.published, input.now)
  if (days === undefined || days >= recentDays) return undefined
  return days < freshDays ? 'fresh' : 'recent'
}

export interface Earlier {
  readonly version: string
  readonly facts: VersionFacts
}

/**
 * The version that this one replaces: the highest below it, so that a release of an old line is compared with its own
 * line. Prereleases count for prereleases only.
 */
export function previousOf(input: PackageInput): Earlier | undefined {
  const { version = '' } = input
  const own = versionFacts(input)
  const parsed = semver.parse(version)
  if (!own || !parsed) return undefined
  let previous: semver.SemVer | undefined
  for (const candidate of Object.keys(input.facts?.versions ?? {})) {
    const other = semver.parse(candidate)
    if (!other || other.compare(parsed) >= 0 || (previous && other.compare(previous) <= 0)) continue
    if (parsed.prerelease.length === 0 && other.prerelease.length > 0) continue
    previous = other
  }
  if (!previous) return undefined
  const facts = input.facts!.versions[previous.raw]!
  // One that was published later is a release of an older line, not what came before.
  const isLater = own.published !== undefined && facts.published !== undefined && facts.published > own.published
  return isLater ? undefined : { version: previous.raw, facts }
}

/** All that was published before this version, by the registry's times. */
export function earlierThan(input: PackageInput): readonly VersionFacts[] {
  const { published } = versionFacts(input) ?? {}
  if (published === undefined) return []
  return Object.values(input.facts?.versions ?? {}).filter(
    (one) => one.published !== undefined && one.published < published,
  )
}
