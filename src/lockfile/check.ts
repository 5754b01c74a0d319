// What a check is: one file in checks/, one line in scan.ts's list. It takes values and returns findings,
// and carries its own proof both ways: the table-driven test runs every example of every check.

import type { CatalogCode } from '../catalog.ts'
import type { Lookalike } from '../names/lookalikes.ts'
import type { Advisory, Config, Evidence, Finding, Lockfile, Manifest, PackageFacts } from '../types.ts'

export interface Check<Input> {
  /** Every code it can give; each is given by at least one of `matches`. */
  readonly codes: readonly CatalogCode[]
  run(input: Input): readonly Finding[]
  readonly matches: readonly Input[]
  readonly ignores: readonly Input[]
}

/** What the files say, without a network. */
export interface FileInput {
  /** The manifests this lockfile answers for: the one beside it and its workspaces'. */
  readonly manifests: readonly Manifest[]
  readonly lockfile: Lockfile
  /** The registry responsible for a package name, as a URL. */
  readonly registryFor: (name: string) => string
  readonly policy: Pick<Config, 'allowedHosts'>
}

/** One package at one version, with what is known of it. An absent fact is unknown, never suspicious. */
export interface PackageInput {
  readonly name: string
  /** Exact, where one is locked or resolved. */
  readonly version?: string
  readonly direct: boolean
  readonly facts?: PackageFacts
  /** Of the last week. */
  readonly downloads?: number
  readonly advisories?: readonly Advisory[]
  /** What findLookalikes() says of the name: loaded once by whoever runs the checks, so that checks stay pure. */
  readonly lookalikes?: readonly Lookalike[]
  /** From the lockfile, where there is one. */
  readonly installScript?: boolean
  /** Where it is named: the manifest's or lockfile's line, or the registry's answer. */
  readonly evidence: Evidence
  readonly policy: Pick<Config, 'minimumPackageAgeDays' | 'minimumVersionAgeDays' | 'minimumWeeklyDownloads'>
  readonly now: Date
}
