// What a check is: one file in checks/, one line in scan.ts's list. It takes values and returns findings,
// and carries its own proof both ways: the table-driven test runs every example of every check.

import type { CatalogCode } from '../catalog.ts'
import type { Lookalike } from '../names/lookalikes.ts'
import type {
  Advisory,
  Config,
  Evidence,
  Finding,
  LockedPackage,
  Lockfile,
  Manifest,
  PackageFacts,
  SignatureState,
  TarballFacts,
  TreeProblem,
  Unread,
  UntrustedRegistry,
} from '../types.ts'

export interface Check<Input> {
  /** Every code it can give; each is given by at least one of `matches`. */
  readonly codes: readonly CatalogCode[]
  run(input: Input): readonly Finding[]
  readonly matches: readonly Input[]
  readonly ignores: readonly Input[]
}

/** One lockfile and the manifests it answers for, or manifests that none answers for. No network needed. */
export interface FileInput {
  /** The one beside the lockfile first, where there is one. */
  readonly manifests: readonly Manifest[]
  readonly lockfile?: Lockfile
  /** The lockfile that is there and could not be read. */
  readonly unread?: Unread
  /** Paths of other managers' lockfiles in the same folder, where this is the one that counts. */
  readonly rivals?: readonly string[]
  /** What git says of the lockfile; absent where nobody could tell, or there is no git. */
  readonly tracked?: 'tracked' | 'untracked' | 'ignored'
  /** Those of `manifests` that the lockfile does not answer for. */
  readonly strays?: ReadonlySet<Manifest>
  /** Path of a lockfile that the manager of this one never opens. */
  readonly shadowed?: string
  readonly problems?: readonly TreeProblem[]
  /** Is it the name of a package that many use? Absent where no alias makes it worth knowing. */
  readonly isPopular?: (name: string) => boolean
  /** The policy: nothing but exact versions and commits may be asked for. */
  readonly exactVersions?: boolean
  /** Folders between the repository's top and the audited folder; 0 where there is no repository. */
  readonly above?: number
  /** Hosts (with port) that may serve a package, the responsible registry's first. */
  readonly hostsFor: (name: string) => readonly string[]
}

/** What says of the whole project where its packages come from. */
export interface ProjectInput {
  readonly untrustedRegistries: readonly UntrustedRegistry[]
}

/** One package at one version, with what is known of it. An absent fact is unknown, never suspicious. */
export interface PackageInput {
  readonly name: string
  /** Exact, where one is locked or resolved. */
  readonly version?: string
  /** As it is asked for, where nothing pins it. */
  readonly range?: string
  readonly direct: boolean
  readonly facts?: PackageFacts
  /** Of the last week. */
  readonly downloads?: number
  readonly advisories?: readonly Advisory[]
  /** Of its version; absent where the registry signs nothing, or nobody could verify it. */
  readonly signature?: SignatureState
  /** Many use it: it has a name of its own to lose. */
  readonly popular?: boolean
  /** Popular packages of other people from the very repository that this one names. */
  readonly namesakes?: readonly string[]
  /** Popular packages that the same people maintain, of those that this audit asked for. */
  readonly kin?: readonly string[]
  /** What its tarball holds, where somebody looked. */
  readonly tarball?: TarballFacts
  /** What findLookalikes() says of the name: loaded once by whoever runs the checks, so that checks stay pure. */
  readonly lookalikes?: readonly Lookalike[]
  /** From the lockfile, where there is one. */
  readonly installScript?: boolean
  /** Only development needs it. */
  readonly dev?: boolean
  /** Names on the shortest way to it from the project, itself last. */
  readonly path?: readonly string[]
  /** The lockfile's entry, for whoever compares it with the registry. */
  readonly locked?: Pick<LockedPackage, 'integrity' | 'resolved'>
  /** Where it is named: the manifest's or lockfile's line, or the registry's answer. */
  readonly evidence: Evidence
  readonly policy: Pick<Config, 'minimumPackageAgeDays' | 'minimumVersionAgeDays' | 'minimumWeeklyDownloads'> &
    Partial<Pick<Config, 'minimumVersionAgeDaysPerName'>>
  readonly now: Date
}
