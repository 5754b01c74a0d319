// The vocabulary every part speaks, and the shape of `--format json` (schema 1).
// Scanners give findings and coverage; judge() weighs them into a Report; reporters only phrase it.
// These names, codes and fields are the contract of version 1: others script against them.

export const scannerNames = ['secrets', 'lockfile', 'phantom'] as const
export type ScannerName = (typeof scannerNames)[number]

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
/** How bad it is if true. */
export type Severity = (typeof severities)[number]

export const confidences = ['low', 'medium', 'high'] as const
/** How sure we are that it is true. */
export type Confidence = (typeof confidences)[number]

export const bands = ['none', 'low', 'medium', 'high', 'critical'] as const
/** A threshold on a subject's summed weight; the report's risk is its highest subject's. */
export type Band = (typeof bands)[number]
export const failOns = ['low', 'medium', 'high', 'critical', 'never'] as const
/** The band from which the verdict is `fail`. */
export type FailOn = (typeof failOns)[number]

export const formats = ['table', 'json', 'sarif', 'markdown', 'html', 'github'] as const
export type Format = (typeof formats)[number]

/** Kinds of evidence. Within a family signals are correlated, so the strongest counts; across families they add. */
export const families = [
  'identity',
  'novelty',
  'popularity',
  'origin',
  'integrity',
  'behaviour',
  'vulnerability',
  'exposure',
] as const
export type Family = (typeof families)[number]

declare const redacted: unique symbol
/** Text in which every known secret is masked. Only redact.ts makes it: a raw string does not typecheck here. */
export type Redacted = string & { readonly [redacted]: true }

export type Subject =
  | { readonly kind: 'secret'; readonly digest: string; readonly preview: Redacted }
  | { readonly kind: 'package'; readonly name: string; readonly version?: string }
  | { readonly kind: 'project'; readonly path: string }

/** Lines and columns count from 1; a column counts bytes, as git and most editors' "goto" accept. */
export interface GitEvidence {
  readonly kind: 'git'
  readonly object: 'blob' | 'commit-message' | 'tag' | 'note'
  readonly oid: string
  readonly commit?: string
  readonly path?: Redacted
  readonly line: number
  readonly column: number
  readonly excerpt: Redacted
}

export interface FileEvidence {
  readonly kind: 'file'
  /** Relative to the audited folder, with forward slashes. */
  readonly path: Redacted
  readonly line: number
  readonly column: number
  readonly excerpt: Redacted
}

export interface RegistryEvidence {
  readonly kind: 'registry'
  /** The registry's URL, without credentials. */
  readonly source: string
  readonly observed: string
  /** ISO 8601 */
  readonly observedAt: string
}

export type Evidence = GitEvidence | FileEvidence | RegistryEvidence

export interface CommitRef {
  readonly oid: string
  readonly author: Redacted
  /** ISO 8601 */
  readonly date: string
}

/** Where a secret stands today, and since when. */
export interface Life {
  /**
   * `head`: reachable from HEAD's tree · `worktree`: uncommitted or untracked only · `history`: in commits, not in HEAD
   * · `stash` · `unreachable`: in the object store, but no ref leads there.
   */
  readonly state: 'head' | 'worktree' | 'history' | 'stash' | 'unreachable'
  /** The oldest commit that brought it, where a commit is known. */
  readonly first?: CommitRef
  /** The newest commit that still held it, where it is gone from HEAD and that is known. */
  readonly last?: CommitRef
  /** Branches and tags whose tip holds it. */
  readonly branches?: readonly Redacted[]
  /** Whether a remote-tracking ref leads to a commit that brought it: if not, it may never have left this machine. */
  readonly pushed?: boolean
}

/** Yarn 1 and the later ones have different commands. */
export const managers = ['npm', 'pnpm', 'yarn-classic', 'yarn-berry', 'bun'] as const
export type Manager = (typeof managers)[number]

export interface Finding {
  readonly code: string
  readonly scanner: ScannerName
  readonly subject: Subject
  readonly severity: Severity
  readonly confidence: Confidence
  /** One sentence: what was seen. Why it matters and how to mend it stand in the catalog. */
  readonly message: string
  readonly evidence: readonly [Evidence, ...Evidence[]]
  readonly life?: Life
  /** Of a dependency: names on the shortest way to it from the project, itself last. */
  readonly via?: readonly string[]
  /** The package manager of the project that it is about, where that is another than npm. */
  readonly manager?: Manager
  /**
   * Of a run that compares (`--since`, `--staged`, `--pull-request`): whether this change brings it, or it was there.
   * Absent where nothing was compared. What was there is shown, and fails nothing.
   */
  readonly introduced?: boolean
  /** Stable across machines, clones and moved lines; made by finding.ts. */
  readonly fingerprint: string
}

/** What a scanner could have read. Which of them must be complete is policy (`required`). */
export const sources = [
  'git-objects',
  'attribution',
  'work-tree',
  'rules',
  'manifest',
  'lockfile',
  'dependency-tree',
  'existence-direct',
  'existence-transitive',
  'packuments',
  'downloads',
  'advisories',
  'publishers',
  'signatures',
  'tarball',
  'exports',
  'source-files',
  'documents',
  'existence-mentioned',
  'name-history',
] as const
export type Source = (typeof sources)[number]

export interface Missed {
  readonly what: string
  readonly why: string
  /** The next step that would mend it. */
  readonly next: string
}

/** What `checked` is made of, and other figures of what was read: `{ commits: 12, blobs: 80, bytes: 4096 }`. */
export type Amounts = Readonly<Record<string, number>>

/** Not checked never reads as clean: every scanner says what it covered of each source. */
export type Coverage = { readonly scanner: ScannerName; readonly source: Source; readonly amounts?: Amounts } & (
  | { readonly state: 'complete'; readonly checked: number }
  | { readonly state: 'partial'; readonly checked: number; readonly missed: readonly Missed[] }
  | { readonly state: 'skipped'; readonly reason: string }
)

export interface ScanResult {
  readonly findings: readonly Finding[]
  readonly coverage: readonly Coverage[]
  /** Things seen and left out on purpose, by reason, e.g. `{ "files ignored by git": 12 }`. */
  readonly counts?: Readonly<Record<string, number>>
  /** Sentences for the reader of the report: `3 packages came since main`. */
  readonly notes?: readonly string[]
  /** Rules of codes that are data, not catalog: one per signature that was found. */
  readonly rules?: Readonly<Record<string, Rule>>
}

export interface Scanner {
  readonly name: ScannerName
  scan(context: ScanContext): Promise<ScanResult>
}

/** A git repository as the audited folder sees it: found, and readable. */
export interface Repository {
  /** Git's working directory: the work tree's top, or the repository itself where there is none. */
  readonly folder: string
  /** Absolute, of this work tree. */
  readonly gitDir: string
  /** Absolute; differs from `gitDir` in a linked work tree. */
  readonly commonDir: string
  /** Absolute; undefined in a bare repository. */
  readonly workTree: string | undefined
  /** The index that counts: a hook's own, or the usual. */
  readonly indexFile: string
  /** The audited folder below the work tree: '' or 'a/b/'. */
  readonly prefix: string
  /** The commit HEAD names; undefined when there are no commits. */
  readonly head: string | undefined
  readonly shallow: boolean
  readonly partial: boolean
  readonly objectFormat: 'sha1' | 'sha256'
}

/** What the conductor hands to each scanner. */
export interface ScanContext {
  /** Absolute path of the audited folder. */
  readonly root: string
  readonly config: Config
  /** Manifests and lockfiles below `root`, read once for the scanners that share them. */
  project(): Promise<Project>
  /**
   * The repository that `root` is in, opened once for who asks; undefined where there is none.
   * @throws AuditError GIT_FAILED where there is one that git does not read.
   */
  repository(): Promise<Repository | undefined>
  /** What lies below `root` and git does not ignore, listed once for who asks. */
  files(): Promise<Files>
  /** Source files below `root` and the modules they name, parsed once for who asks. */
  sources(): Promise<Sources>
  /** The one registry client of this run. Built on first use, so secrets alone never loads it. */
  registry(): Promise<Registry>
  readonly progress: Progress
  /** Set by the conductor once for the run: ages are measured against it. */
  readonly now: Date
}

/** `done` and `total` in items, `bytes` of what is done; optional because some work cannot be counted ahead. */
export type Progress = (label: string, done?: number, total?: number, bytes?: number) => void

// ── Configuration ────────────────────────────────────────────────────────────────────────────────────────────────

/** Merged once by config.ts: defaults ← file ← environment ← flags. Every field is present and checked. */
export interface Config {
  readonly only: readonly ScannerName[]
  readonly failOn: FailOn
  /** Where a scanner's own level differs from `failOn`. A flag or the environment speaks for all of them. */
  readonly failOnPerScanner: Readonly<Partial<Record<ScannerName, FailOn>>>
  /** Code → the severity that its findings have here. */
  readonly severities: Readonly<Record<string, Severity>>
  readonly exceptions: readonly Exception[]
  readonly paths: {
    /** Globs; a secret that stands nowhere else is left out, and counted. */
    readonly ignore: readonly string[]
  }
  /** False: what `.audit-deps-baseline` accepts is reported. A flag only. */
  readonly baseline: boolean
  readonly offline: boolean
  readonly history: boolean
  /** Only what commits after this ref brought. */
  readonly since: string | undefined
  /** Only what these commits brought, by their ids. A flag only. */
  readonly commits: readonly string[] | undefined
  readonly staged: boolean
  readonly cache: boolean
  /** `pack`: whole histories are read by what their deltas add · `stream`: object by object, as git gives them. A flag only. */
  readonly engine: 'pack' | 'stream'
  /** False: what allow comments and `.gitleaksignore` hide is reported. A flag only: the scanned project has no say. */
  readonly inlineAllow: boolean
  /** True: placeholders and documented sample keys are reported too, as info. A flag only. */
  readonly examples: boolean
  /** A gitleaks TOML whose rules run besides ours, relative to the current folder. A flag only. */
  readonly gitleaksConfig: string | undefined
  /** By flag or a configuration file outside the audited repository: a scanned project must not choose whom we ask. */
  readonly registry: string | undefined
  /** True: OSV is asked for advisories, too, and told names and versions. As `registry`, or by the environment. */
  readonly osv: boolean
  /** A folder of OSV records or the zip of an OSV export, relative to the current folder. As `registry`. */
  readonly advisories: string | undefined
  readonly trustProjectNpmrc: boolean
  /** Globs (`@acme/*`, `acme-*`) of names never asked anywhere. */
  readonly privateNames: readonly string[]
  /** True: names that belong to this repository or to another registry are asked of the public one, to see who took them. */
  readonly confusion: boolean
  /** Hosts besides the registry that `resolved` may point to. */
  readonly allowedHosts: readonly string[]
  /** True: what manifests ask for must be one exact version or commit. */
  readonly exactVersions: boolean
  /** Sources that must be complete, else the verdict is `incomplete`. */
  readonly required: readonly Source[]
  readonly minimumPackageAgeDays: number
  readonly minimumVersionAgeDays: number
  /** Glob of names (`@acme/*`) → days, where they differ; the longest glob that takes a name counts. */
  readonly minimumVersionAgeDaysPerName: Readonly<Record<string, number>>
  readonly minimumWeeklyDownloads: number
  readonly guard: GuardPolicy
}

export const guardActions = ['block', 'warn', 'allow'] as const
export type GuardAction = (typeof guardActions)[number]

/** What may stop an install. The first six also hold for what was installed before, the rest for what is new. */
export const guardRules = [
  'unknown',
  'phantom',
  'securityHeld',
  'malware',
  'tampered',
  'foreignRegistry',
  'risk',
  'typosquat',
  'young',
  'fewDownloads',
  'newInstallScript',
  'installScript',
  'exoticSource',
  'vulnerable',
] as const
export type GuardRule = (typeof guardRules)[number]

export type GuardPolicy = { readonly [R in GuardRule]: GuardAction } & {
  /** A version published fewer hours ago is young. */
  readonly minimumAgeHours: number
}

/** Findings that are accepted for a while. What is given must all hold; at least one of the first five is. */
export interface Exception {
  readonly code?: string
  /** A name, or a glob of names (`@acme/*`). */
  readonly package?: string
  /** A glob; every place of the finding must match it. */
  readonly path?: string
  /** A secret's digest. */
  readonly secret?: string
  readonly fingerprint?: string
  /** Exactly this version of the package. */
  readonly version?: string
  readonly reason: string
  /** The last day on which it holds, `YYYY-MM-DD` in UTC. */
  readonly expires: string
  /** Where it is written, for whoever has to renew it. */
  readonly where?: { readonly path: string; readonly line: number }
}

/** What was accepted in a file beside the code: made by baseline.ts, asked by policy.ts. */
export interface Baseline {
  /** Of the lines in it. */
  readonly size: number
  /** The lines that accept some of the finding, and those of its places that none of them accepts. */
  match(finding: Finding): BaselineMatch | undefined
}

export interface BaselineMatch {
  readonly lines: readonly [BaselineLine, ...BaselineLine[]]
  /** Empty where all of the finding is accepted. */
  readonly fresh: readonly Evidence[]
}

export interface BaselineLine {
  /** A secret's digest; of anything else the fingerprint. */
  readonly id: string
  readonly code: string
  /** Of a guessable secret the escaped path; of anything but a secret its subject, for whoever reviews the line. */
  readonly place?: string
  /** Accepted while it stood in no current file: it is new again when it does. */
  readonly history: boolean
  readonly reason: string
}

// ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * `secret`: opens something · `indicator`: opens nothing alone, as a key id or a key that is public by design, and is
 * reported as info · `example`: the same for everybody, as a manual's sample, and silent unless asked for.
 */
export type Tier = 'secret' | 'indicator' | 'example'

/** One kind of secret, read from `signatures/*.toml`. */
export interface Signature {
  /** `github-pat`: the finding's code is `secret/github-pat`. */
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly confidence: Confidence
  /** Absent: an indicator if its severity is info, else a secret. */
  readonly tier?: Tier
  /** `random`: 80 bits or more, so its digest is an HMAC · `guessable`: scrypt, and its preview shows nothing. */
  readonly strength: 'random' | 'guessable'
  /** Has one named group, `secret`. Runs on a latin1 window, so `.` is a byte. */
  readonly pattern: RegExp
  /** Anchored: byte literals one of which every match holds. Named: the names whose assignments it judges. */
  readonly anchors?: readonly string[]
  readonly name?: RegExp
  /** Bytes before the anchor that the pattern may use; 0: the pattern starts at the anchor. */
  readonly before?: number
  /** Bytes from the anchor's start that the pattern may use; for a named one, the longest value. */
  readonly after?: number
  /** Id of an offline check in secrets/checksum.ts: it moves the confidence, it never drops a finding. */
  readonly check?: string
  readonly why: string
  readonly fix: string
  /** The provider's own page on revoking it. */
  readonly url?: string
  readonly matches: readonly string[]
  readonly ignores: readonly string[]
}

// ── The project: what manifests and lockfiles say ────────────────────────────────────────────────────────────────

export type DependencyField =
  | 'dependencies'
  | 'devDependencies'
  | 'optionalDependencies'
  | 'peerDependencies'
  | 'bundleDependencies'
  | 'overrides'
  | 'resolutions'

/** One line of a manifest that asks for a package. */
export interface Declared {
  /** The key as written: an alias where `target` differs. */
  readonly name: string
  /** The registry name it stands for (`npm:real@1` → `real`). */
  readonly target: string
  /** As written: `^1.0.0`, `github:a/b`, `workspace:*`. */
  readonly range: string
  /** What `catalog:` or `patch:` stands for, and where a catalog says so: `target` and `kind` are of it. */
  readonly meant?: { readonly range: string; readonly path?: string; readonly line?: number }
  readonly kind: 'registry' | 'git' | 'tarball' | 'local' | 'workspace' | 'invalid'
  readonly field: DependencyField
  readonly line: number
  readonly column: number
}

export interface Manifest {
  /** Relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly name: string | undefined
  /** The manager that its `packageManager` or `devEngines` field names: `pnpm` of `pnpm@9.1.0`. */
  readonly packageManager?: string
  /** As written there: a version, or of `devEngines` a range. */
  readonly packageManagerVersion?: string
  readonly private: boolean
  readonly dependencies: readonly Declared[]
  readonly scripts: Readonly<Record<string, string>>
  /** As its `version` field says. */
  readonly version?: string
  /** What decides over ranges, as written; absent where nothing does. */
  readonly overrides?: readonly OverrideRule[]
}

/** One key of npm's `overrides`, Yarn's `resolutions`, or pnpm's overrides. */
export interface OverrideRule {
  readonly field: 'overrides' | 'resolutions' | 'pnpm.overrides' | 'pnpm-workspace.yaml'
  /** As written: `left`, `left@^1`, `right>left`. */
  readonly key: string
  /** Undefined for a nested rule. */
  readonly value: string | undefined
}

/** One package as one lockfile pins it. */
export interface LockedPackage {
  /** The real registry name, also where the tree uses an alias. */
  readonly name: string
  readonly version: string | undefined
  /** The key or path in the lockfile, e.g. `node_modules/a/node_modules/b`. */
  readonly key: string
  readonly alias: string | undefined
  readonly resolved: string | undefined
  readonly integrity: string | undefined
  readonly kind: 'registry' | 'git' | 'tarball' | 'local' | 'workspace'
  /** Named by the root's or a workspace's manifest. */
  readonly direct: boolean
  readonly dev: boolean
  readonly optional: boolean
  readonly peer: boolean
  readonly bundled: boolean
  readonly installScript: boolean
  readonly line: number
  /** Yarn's hash of the archive that it makes of a tarball: it binds the bytes, but no registry knows it. */
  readonly checksum?: string
  /** `os=darwin & cpu=arm64`: only there it is installed, and elsewhere Yarn records no checksum of it. */
  readonly conditions?: string
  /** `engines.node`, where the format repeats it. */
  readonly engines?: string
  /** Names on the shortest way to it from the project, itself last; absent where none leads, or Arborist has to tell. */
  readonly path?: readonly string[]
}

/** One lockfile tells two stories of one place. */
export interface Contradiction {
  /**
   * `sections`: package-lock version 2, whose `dependencies` (for npm 6) and `packages` differ · `name`: the entry calls
   * itself a package that nobody asks for there.
   */
  readonly kind: 'sections' | 'name'
  /** Key of the entry. */
  readonly key: string
  readonly name: string
  readonly version: string | undefined
  readonly field: 'name' | 'version' | 'resolved' | 'integrity' | 'entry'
  /** What the entry says, and what stands against it. */
  readonly says: string | undefined
  readonly other: string
  readonly line?: number
}

/** Where manifests, a lockfile and the packages in it tell different stories. */
export interface TreeProblem {
  /**
   * `missing`: asked for, not locked · `invalid`: locked in a version that the range does not take
   * · `extraneous`: locked, and nobody asks for it. `npm ci` refuses the first two and skips the third.
   */
  readonly kind: 'missing' | 'invalid' | 'extraneous'
  readonly name: string
  /** The range that is asked for, overrides applied. */
  readonly wanted?: string
  /** The version that is locked. */
  readonly locked?: string
  /** Folder of the package that asks ('' is the root), or the key of its entry. */
  readonly by?: string
  /** Key of the locked package. */
  readonly key?: string
}

export interface Lockfile {
  readonly path: string
  readonly format: 'package-lock' | 'npm-shrinkwrap' | 'yarn-classic' | 'yarn-berry' | 'pnpm-lock' | 'bun'
  /** As the file says: 1 to 4 for npm, 1 for yarn.lock v1, 4 to 10 for Berry, 5.1 to 9 for pnpm, 0 to 2 for Bun. */
  readonly version: number
  readonly packages: readonly LockedPackage[]
  /** Absent where only Arborist can tell: npm's formats, unless everything plainly fits. */
  readonly problems?: readonly TreeProblem[]
  readonly contradictions?: readonly Contradiction[]
  /** Commands that its packages bring, and names that they expect beside them; where the format says both. */
  readonly brings?: { readonly commands: ReadonlySet<string>; readonly peers: ReadonlySet<string> }
}

/** A file that is there and could not be understood, or is not supported yet: coverage, never silence. */
export interface Unread extends Missed {
  readonly path: string
  /** A finding says more than coverage where the file itself is the problem. */
  readonly problem?: 'conflict-markers'
  /** Where in the file, if that is known. */
  readonly line?: number
}

export interface Project {
  readonly manifests: readonly Manifest[]
  readonly lockfiles: readonly Lockfile[]
  /** Paths of lockfiles that their own manager never opens: package-lock.json beside npm-shrinkwrap.json. */
  readonly shadowed?: readonly string[]
  /** Paths of manifests below a lockfile that does not answer for them: no workspace of its project, nor linked by it. */
  readonly strays?: readonly string[]
  readonly unread: readonly Unread[]
  /** Names of workspace packages: never asked of a registry. */
  readonly workspaceNames: ReadonlySet<string>
}

// ── Source files: whom they name ─────────────────────────────────────────────────────────────────────────────────

/** A name that a file takes from a module: `useState` of `import { useState as s } from 'react'`. */
export interface ImportedName {
  /** As the module would have to export it; `default` for the default import. */
  readonly name: string
  /** A member read of a namespace or default import (`fs.readFile`), not a named import. */
  readonly member: boolean
  /** A member of the default import, not of the namespace; `require` gives what its module exports. */
  readonly of?: 'default'
  readonly typeOnly: boolean
  readonly line: number
  readonly column: number
}

/** One place of a source file that names a module. */
export interface ImportSite {
  /** As written: `react`, `./a.js`, `node:fs`, `#x`. */
  readonly specifier: string
  readonly how: 'import' | 'export' | 'require' | 'dynamic' | 'resolve' | 'types'
  readonly typeOnly: boolean
  /** Inside a `try` or with a `.catch`: the file can live without it. */
  readonly optional: boolean
  readonly names: readonly ImportedName[]
  readonly line: number
  readonly column: number
}

export interface SourceFile {
  /** Relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly imports: readonly ImportSite[]
  /** Methods called on array and string literals that no built-in has. */
  readonly literalCalls: readonly {
    readonly on: 'array' | 'string'
    readonly name: string
    readonly line: number
    readonly column: number
  }[]
  /** Modules whose types it declares or widens itself: `declare module 'x'`. */
  readonly declares?: readonly string[]
  /** Modules that it replaces for a test: `vi.mock('x')`. */
  readonly mocks?: readonly string[]
  /** Methods it gives to all arrays or strings (`Array.prototype.last = …`); `*` where they cannot be told. */
  readonly prototypes?: readonly string[]
}

/** Paths below the audited folder, relative to it and with forward slashes. */
export interface Files {
  readonly files: readonly string[]
  readonly missed: readonly Missed[]
}

/** Source files below the audited folder, parsed once for those who share them. */
export interface Sources {
  readonly files: readonly SourceFile[]
  readonly missed: readonly Missed[]
  /** Left out on purpose, by reason. */
  readonly counts?: Readonly<Record<string, number>>
}

// ── The registry ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Facts of one version, distilled from a packument. Absent means the registry did not serve it. */
export interface VersionFacts {
  /** ISO 8601 */
  readonly published?: string
  readonly deprecated?: string
  readonly installScript?: boolean
  readonly integrity?: string
  readonly shasum?: string
  readonly tarball?: string
  /** The account that published it. */
  readonly publisher?: string
  /** The accounts that could publish it then, sorted. */
  readonly maintainers?: readonly string[]
  /** As the registry says: published by a CI run that it identified, or with a statement of where it was built. Not verified. */
  readonly provenance?: 'trusted-publisher' | 'attested'
  /** Of the repository that its manifest names, host and path: `github.com/owner/name`. */
  readonly repository?: string
  /** Names of the commands that it brings. */
  readonly bins?: readonly string[]
  /** Of the registry, over name, version and integrity; empty where what is served is none. */
  readonly signatures?: readonly RegistrySignature[]
}

export interface RegistrySignature {
  readonly keyid: string
  /** ECDSA, DER in base64. */
  readonly sig: string
}

export interface PackageFacts {
  readonly name: string
  /** The registry that answered, without credentials. */
  readonly registry: string
  /** ISO 8601, as the registry's `time.created`. */
  readonly created?: string
  readonly distTags: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, VersionFacts>>
  /** Versions that were published once and are listed no more, with the time of their publishing (ISO 8601). */
  readonly withdrawn?: Readonly<Record<string, string>>
  /** When the registry said so (ISO 8601): older than now if it came from the cache. */
  readonly observedAt: string
}

/** Six answers that must never be mistaken for one another. */
export type Answer =
  | { readonly state: 'exists'; readonly facts: PackageFacts }
  | { readonly state: 'not-found'; readonly registry: string; readonly observedAt: string }
  | { readonly state: 'unpublished'; readonly registry: string; readonly at?: string; readonly observedAt: string }
  | { readonly state: 'security-held'; readonly registry: string; readonly observedAt: string }
  | { readonly state: 'forbidden'; readonly registry: string; readonly why: string; readonly next: string }
  | { readonly state: 'unreachable'; readonly registry: string; readonly why: string; readonly next: string }
  /** Private by policy, offline, or its registry is one that only the project names. */
  | { readonly state: 'not-asked'; readonly why: string; readonly next: string }

/** An answer without facts, where only a status was asked for: it cannot tell unpublished or held from there. */
export type Existence =
  | { readonly state: 'exists'; readonly registry: string; readonly observedAt: string }
  | Exclude<Answer, { readonly state: 'exists' }>

/** A source that may not be served at all. */
export type Served<T> =
  | { readonly state: 'served'; readonly value: T; readonly missed: readonly Missed[] }
  | { readonly state: 'not-served'; readonly missed: readonly [Missed, ...Missed[]] }
  | { readonly state: 'skipped'; readonly reason: string }

export interface Advisory {
  readonly id: string
  readonly url: string | undefined
  readonly title: string
  readonly severity: Severity
  /** A semver range. */
  readonly vulnerable: string
  readonly malware: boolean
  /** What others call it. */
  readonly aliases?: readonly string[]
  /** Versions in which it is mended, as the advisory says; a registry's advisory names none. */
  readonly fixed?: readonly string[]
}

/** What became of a version's registry signatures. */
export type SignatureState =
  | { readonly state: 'valid' }
  | { readonly state: 'missing' | 'malformed' | 'no-integrity' }
  /** The key is none of the registry's · it had expired before the version was published · the bytes are others. */
  | { readonly state: 'unknown-key' | 'expired-key' | 'wrong'; readonly keyid: string }

/** What of a manifest decides about an install. */
export interface ManifestFacts {
  readonly name: string
  readonly version: string
  /** `preinstall`, `install`, `postinstall`; npm's implicit `node-gyp rebuild` among them. */
  readonly installScripts: Readonly<Record<string, string>>
  /** Name → range as written; optional ones among them. */
  readonly dependencies: ReadonlyMap<string, string>
  /** Names of the commands it brings. */
  readonly bins: readonly string[]
}

export interface TarballFacts {
  /** Without credentials. */
  readonly registry: string
  /** As the registry shows this version. */
  readonly shown: ManifestFacts
  /** As the tarball's own package.json says; where its bytes are not the promised ones, both hashes instead. */
  readonly held: ManifestFacts | { readonly promised: string; readonly received: string }
  /** ISO 8601 */
  readonly observedAt: string
}

export interface Registry {
  /** One request per name and run, however often it is asked. Never throws for a name: the answer says why. */
  package(name: string): Promise<Answer>
  /** Whether a name is there, by the lightest request. One per name and run; none where package() was asked. */
  exists(name: string): Promise<Existence>
  /** As exists(), of the registry that everybody shares, private names too: only where policy asks for it. */
  existsPublicly(name: string): Promise<Existence>
  /** Downloads of the last week by name; names the source did not know are absent. */
  downloads(names: readonly string[]): Promise<Served<ReadonlyMap<string, number>>>
  /** name → installed versions; gives the advisories whose range holds one of them. */
  advisories(
    installed: ReadonlyMap<string, readonly string[]>,
  ): Promise<Served<ReadonlyMap<string, readonly Advisory[]>>>
  /** name → versions; gives by `name@version` what became of their registry signatures. */
  signatures(wanted: ReadonlyMap<string, readonly string[]>): Promise<Served<ReadonlyMap<string, SignatureState>>>
  /** Downloads and looks into one version's tarball: for a few packages, not for a tree. Never throws. */
  tarballManifest(name: string, version: string): Promise<Served<TarballFacts>>
  /** The registry responsible for a name (or, without one, the default), without credentials. */
  urlFor(name?: string): string
  /** What only the audited project's own .npmrc names: reported, not contacted. */
  readonly untrustedRegistries: readonly UntrustedRegistry[]
}

/** A line of the project's .npmrc that sends packages to a host which neither the user nor the CI names. */
export interface UntrustedRegistry {
  /** With its port. */
  readonly host: string
  /** `registry`, or `@scope:registry`. */
  readonly setting: string
  /** As written, without credentials. */
  readonly value: string
  /** Of the .npmrc, relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly line: number
}

// ── The report ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface Driver {
  readonly code: string
  readonly family: Family
  /** What this finding weighs: severity × confidence. */
  readonly points: number
  /** False where a stronger signal of the same family already counts. */
  readonly counted: boolean
  readonly message: string
  readonly fingerprint: string
}

export interface RankedSubject {
  readonly subject: Subject
  readonly band: Band
  readonly points: number
  readonly drivers: readonly Driver[]
  /** True where this subject alone makes the verdict `fail`; absent where it does not. */
  readonly fails?: true
}

/** A finding that was left out of `findings`, and on whose word. */
export interface AcceptedFinding {
  readonly fingerprint: string
  readonly code: string
  readonly by: 'baseline' | 'exception'
  readonly reason: string
  /** Of an exception: its last day, `YYYY-MM-DD`. */
  readonly expires?: string
}

export interface Rule {
  readonly title: string
  readonly family: Family
  readonly why: string
  readonly fix: string
  readonly url?: string
}

export type Verdict = 'pass' | 'fail' | 'incomplete'

export interface Report {
  readonly schema: 1
  readonly tool: { readonly name: 'audit-deps'; readonly version: string }
  /** The audited folder's base name: a full path would say more about the machine than about the project. */
  readonly target: string
  /** Of a folder below its repository's root: the way from there (`packages/app/`), which code hosts need. */
  readonly prefix?: string
  /** ISO 8601 */
  readonly startedAt: string
  readonly durationMs: number
  readonly failOn: FailOn
  /** The scanners whose level differs from `failOn`; absent where none does. */
  readonly failOnPerScanner?: Readonly<Partial<Record<ScannerName, FailOn>>>
  readonly verdict: Verdict
  readonly risk: { readonly band: Band; readonly drivers: readonly Driver[] }
  /** Highest risk first. */
  readonly subjects: readonly RankedSubject[]
  readonly findings: readonly Finding[]
  /** Findings left out because someone accepted them. */
  readonly accepted: number
  /** One entry for each of them. */
  readonly acceptedFindings: readonly AcceptedFinding[]
  readonly coverage: readonly (Coverage & { readonly required: boolean })[]
  readonly counts: Readonly<Record<string, number>>
  /** Sentences of the scanners: `3 packages came since main`; absent where none has one. */
  readonly notes?: readonly string[]
  /** The catalog's entry for every code that stands in `findings`. */
  readonly rules: Readonly<Record<string, Rule>>
}

/** Reporters never ask the terminal themselves. */
export interface RenderOptions {
  readonly color: boolean
  /** In columns. */
  readonly width: number
  /** `quiet`: the verdict alone · `verbose`: every place, every signal, the coverage in full. */
  readonly detail: 'quiet' | 'normal' | 'verbose'
}
/** Gives the text in pieces: a large report is never whole in memory twice. */
export type Reporter = (report: Report, options: RenderOptions) => Iterable<string>
