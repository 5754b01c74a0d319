// What the checks of single packages share: reading a fact that may be absent, and writing the finding down.

import type { CatalogCode } from '../catalog.ts'
import { finding, packageSubject } from '../finding.ts'
import { clean } from '../redact.ts'
import type { Confidence, Evidence, Finding, Severity, VersionFacts } from '../types.ts'
import type { PackageInput } from './check.ts'

const dayMs = 86_400_000
/** Clocks differ, and time zones get lost: up to a day ahead is "just now", further ahead is no time at all. */
const skewMs = dayMs

export interface Said {
  readonly code: CatalogCode
  readonly severity: Severity
  readonly confidence: Confidence
  readonly message: string
  /** The registry's words, where the finding rests on them. */
  readonly observed?: string
  /** What must be accepted separately: see finding(). */
  readonly detail?: string
}

/** A finding on the package, with the place that names it first and the registry's answer after it. */
export function packageFinding(input: PackageInput, said: Said): Finding {
  const registry: readonly Evidence[] =
    said.observed === undefined || input.facts === undefined
      ? []
      : [
          {
            kind: 'registry',
            source: input.facts.registry,
            observed: clean(said.observed),
            observedAt: input.facts.observedAt,
          },
        ]
  return finding(
    {
      code: said.code,
      scanner: 'lockfile',
      subject: packageSubject(input.name, input.version),
      severity: said.severity,
      confidence: said.confidence,
      // Names, titles and notes in it are strangers' text.
      message: clean(said.message),
      ...(input.path && input.path.length > 0 && { via: input.path }),
      evidence: [input.evidence, ...registry],
    },
    said.detail,
  )
}

/** Facts of the version that is locked or resolved; undefined where the registry served none. */
export function versionFacts({ facts, version }: PackageInput): VersionFacts | undefined {
  if (facts === undefined || version === undefined || !Object.hasOwn(facts.versions, version)) return undefined
  return facts.versions[version]
}

/** Age in days of an ISO 8601 time; undefined for what is absent, no time, or lies in the future. */
export function ageInDays(time: string | undefined, now: Date): number | undefined {
  if (time === undefined) return undefined
  const age = now.getTime() - Date.parse(time)
  return Number.isNaN(age) || age < -skewMs ? undefined : Math.max(0, age / dayMs)
}

/** Downloads of the last week; undefined where they are unknown or cannot be true. */
export const weeklyDownloads = ({ downloads }: PackageInput): number | undefined =>
  downloads !== undefined && Number.isSafeInteger(downloads) && downloads >= 0 ? downloads : undefined

/** `within the last day`, `yesterday`, `5 days ago`. */
export function ago(days: number): string {
  const whole = Math.floor(days)
  return whole === 0 ? 'within the last day' : whole === 1 ? 'yesterday' : `${whole} days ago`
}
