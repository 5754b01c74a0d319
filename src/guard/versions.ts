// What times and earlier versions say about a version that is about to be installed.

import type { PackageFacts } from '../types.ts'

/** Undefined for what is absent, or no time; a time to come counts as just now. */
export function ageInHours(time: string | undefined, now: Date): number | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time)
  return Number.isNaN(at) ? undefined : Math.max(0, now.getTime() - at) / 3_600_000
}

/** `2026-11-22 14:30 UTC`, rounded up to the minute. */
export const readableTime = (time: Date): string =>
  `${new Date(Math.ceil(time.getTime() / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Whether the registry says of every one of these versions that it runs no install script. */
export const hadNoScript = (facts: PackageFacts | undefined, versions: readonly string[]): boolean =>
  facts !== undefined &&
  versions.every(
    (version) => Object.hasOwn(facts.versions, version) && facts.versions[version]?.installScript === false,
  )
