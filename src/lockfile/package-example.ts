// The package that every example of a package check varies: old, used by many, harmless.

import { harmless } from '../redact.ts'
import type { PackageFacts, VersionFacts } from '../types.ts'
import type { PackageInput } from './check.ts'

/** Days before the moment of the examples, as a registry writes times. */
export const daysAgo = (days: number): string => new Date(exampleNow.getTime() - days * 86_400_000).toISOString()

const exampleNow = new Date('2026-06-01T12:00:00Z')

export interface ExampleFacts {
  readonly created?: string
  /** Facts of version 1.0.0, the one that is locked. */
  readonly version?: VersionFacts
  /** Facts of version 0.9.0, which was published a month before it; without them there is none. */
  readonly previous?: VersionFacts
  readonly withdrawn?: Readonly<Record<string, string>>
}

/** A locked `example@1.0.0`, seen on 1 June 2026 at noon; `facts: undefined` for a registry that said nothing. */
export function packageExample(
  given: Partial<Omit<PackageInput, 'facts'>> & { facts?: ExampleFacts | undefined } = {},
): PackageInput {
  const { facts, ...rest } = given
  return {
    name: 'example',
    version: '1.0.0',
    direct: true,
    evidence: {
      kind: 'file',
      path: harmless('package.json'),
      line: 4,
      column: 5,
      excerpt: harmless('"example": "1.0.0"'),
    },
    policy: { minimumPackageAgeDays: 30, minimumVersionAgeDays: 3, minimumWeeklyDownloads: 500 },
    now: exampleNow,
    ...rest,
    ...(Object.hasOwn(given, 'facts') && facts === undefined ? {} : { facts: exampleFacts(facts) }),
  }
}

const exampleFacts = (given: ExampleFacts = {}): PackageFacts => ({
  name: 'example',
  registry: 'https://registry.example/',
  created: '2015-01-01T00:00:00Z',
  distTags: { latest: '1.0.0' },
  observedAt: '2026-06-01T12:00:00Z',
  ...(given.created === undefined ? {} : { created: given.created }),
  ...(given.withdrawn === undefined ? {} : { withdrawn: given.withdrawn }),
  versions: {
    ...(given.previous && { '0.9.0': { published: '2019-12-01T00:00:00Z', installScript: false, ...given.previous } }),
    '1.0.0': { published: '2020-01-01T00:00:00Z', installScript: false, ...given.version },
  },
})
