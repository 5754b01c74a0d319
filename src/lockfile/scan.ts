// The lockfile scanner: what is pinned, does it hold, where does it come from, who are they. The raw files are
// judged first and alone, then the tree, then what the registry knows; each part can fail without the others.

import { posix } from 'node:path'
import { besides, coverageBy } from '../coverage.ts'
import { AuditError, reasonOf } from '../errors.ts'
import { findLookalikes } from '../names/lookalikes.ts'
import { loadPopular } from '../names/popular.ts'
import { type Hosts, hostsOf } from '../project/hosts.ts'
import { asksForLegacyPeers, readTree, type Tree } from '../project/tree.ts'
import { isLockfile, type Unit, unitsOf } from '../project/units.ts'
import type {
  Coverage,
  Finding,
  Lockfile,
  Missed,
  Project,
  Registry,
  ScanContext,
  Scanner,
  ScanResult,
} from '../types.ts'
import { type Candidate, candidatesOf } from './candidates.ts'
import type { Check, FileInput, PackageInput, ProjectInput } from './check.ts'
import { age } from './checks/age.ts'
import { aliasShadow } from './checks/alias-shadow.ts'
import { binShadow } from './checks/bin-shadow.ts'
import { bundled } from './checks/bundled.ts'
import { conflictMarkers } from './checks/conflict-markers.ts'
import { contradiction } from './checks/contradiction.ts'
import { deprecated } from './checks/deprecated.ts'
import { downloads } from './checks/downloads.ts'
import { drift } from './checks/drift.ts'
import { installScript } from './checks/install-script.ts'
import { integrity } from './checks/integrity.ts'
import { integrityMismatch } from './checks/integrity-mismatch.ts'
import { manifestMismatch } from './checks/manifest-mismatch.ts'
import { missing } from './checks/missing.ts'
import { multiple } from './checks/multiple.ts'
import { origin } from './checks/origin.ts'
import { outsideProject } from './checks/outside-project.ts'
import { provenance } from './checks/provenance.ts'
import { publisher } from './checks/publisher.ts'
import { repository } from './checks/repository.ts'
import { resolvedElsewhere } from './checks/resolved-elsewhere.ts'
import { resolvedMismatch } from './checks/resolved-mismatch.ts'
import { signature } from './checks/signature.ts'
import { typosquat } from './checks/typosquat.ts'
import { uncommitted } from './checks/uncommitted.ts'
import { unpinned } from './checks/unpinned.ts'
import { untrustedRegistry } from './checks/untrusted-registry.ts'
import { versionGone } from './checks/version-gone.ts'
import { vulnerability } from './checks/vulnerability.ts'
import { type InGit, inGit, withoutGit } from './committed.ts'
import { type Facts, offline, registryFacts, resolveRange } from './registry-facts.ts'
import { shown } from './source.ts'

const { coverageOf, servedCoverage, skipped } = coverageBy('lockfile')

/** What files alone can tell. Adding a check is one file and one line here. */
export const fileChecks: readonly Check<FileInput>[] = [
  missing,
  multiple,
  uncommitted,
  conflictMarkers,
  drift,
  unpinned,
  integrity,
  contradiction,
  resolvedMismatch,
  aliasShadow,
  bundled,
  outsideProject,
  origin,
]

/** What the project's settings alone can tell. */
export const projectChecks: readonly Check<ProjectInput>[] = [untrustedRegistry]

/** What one package's name, facts and history tell. */
export const packageChecks: readonly Check<PackageInput>[] = [
  typosquat,
  age,
  downloads,
  installScript,
  binShadow,
  publisher,
  provenance,
  repository,
  deprecated,
  versionGone,
  vulnerability,
  signature,
  resolvedElsewhere,
  integrityMismatch,
  manifestMismatch,
]

/** Downloads are asked for direct dependencies, and for so many others that another check already named. */
const riskyAtMost = 300

export const lockfileScanner: Scanner = { name: 'lockfile', scan }

type Trees = ReadonlyMap<Lockfile, Tree>

async function scan(context: ScanContext): Promise<ScanResult> {
  const [project, registry] = await Promise.all([context.project(), context.registry()])
  const { root, config } = context
  const hosts = await hostsOf(project, (name) => registry.urlFor(name), config.allowedHosts)
  const units = unitsOf(project)
  const candidates = candidatesOf(units, project.workspaceNames)
  // The registry answers while the trees are built.
  const [facts, { trees, coverage }, { git, missed }] = await Promise.all([
    registryFacts(candidates, registry, hosts, context),
    treesOf(root, units),
    committed(root, units),
  ])
  const isPopular = await popularNames(units)
  const packages = await vet(candidates, facts, trees, registry, context)
  return {
    findings: [
      ...projectChecks.flatMap((check) => check.run(registry)),
      ...units.flatMap((unit) => judgeFiles(unit, { git, trees, hosts, isPopular })),
      ...packages.findings,
    ],
    coverage: [...fileCoverage(project, missed), coverage, ...facts.coverage, packages.coverage],
  }
}

const isNpm = ({ format }: Lockfile): boolean => format === 'package-lock' || format === 'npm-shrinkwrap'

async function treesOf(
  root: string,
  units: readonly Unit[],
): Promise<{ readonly trees: Trees; readonly coverage: Coverage }> {
  const missed: Missed[] = []
  const trees = new Map<Lockfile, Tree>()
  const rivals = new Set(units.flatMap((unit) => unit.rivals))
  /** Packages of formats that tell the tree themselves. */
  let judged = 0
  for (const { lockfile, manifests, unread } of units) {
    if (unread) missed.push({ what: unread.path, why: `its lockfile was not read: ${unread.why}`, next: unread.next })
    if (!lockfile) continue
    const leader = manifests[0]
    if (!leader || posix.dirname(leader.path) !== posix.dirname(lockfile.path)) {
      const next = 'restore package.json, or remove a lockfile that npm does not read'
      // Beside the one that counts it is a finding of its own.
      if (!rivals.has(lockfile.path))
        missed.push({ what: lockfile.path, why: 'no readable package.json goes with it', next })
      continue
    }
    // Without their peers npm sees another tree than the reader did.
    if (lockfile.problems && !(isNpm(lockfile) && (await asksForLegacyPeers(root, posix.dirname(lockfile.path))))) {
      judged += lockfile.packages.length
      continue
    }
    try {
      trees.set(lockfile, await readTree(root, lockfile, manifests))
    } catch (error) {
      const next = 'run npm ci --dry-run there, and mend what it reports'
      missed.push({ what: lockfile.path, why: `no tree could be built: ${shown(reasonOf(error))}`, next })
    }
  }
  const size = [...trees.values()].reduce((sum, tree) => sum + tree.size, judged)
  const nothingPinned = units.length > 0 && units.every(({ lockfile, unread }) => !lockfile && !unread)
  const coverage = nothingPinned
    ? skipped('dependency-tree', 'there is no lockfile to build one from')
    : coverageOf('dependency-tree', size, missed)
  return { trees, coverage }
}

async function committed(
  root: string,
  units: readonly Unit[],
): Promise<{ readonly git: InGit; readonly missed: readonly Missed[] }> {
  if (units.length === 0) return { git: withoutGit, missed: [] }
  try {
    return {
      git: await inGit(
        root,
        units.map(pathOf).filter((path) => path !== undefined),
      ),
      missed: [],
    }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    const next = error.hint ?? 'mend the repository'
    return { git: withoutGit, missed: [{ what: 'whether lockfiles are committed', why: error.message, next }] }
  }
}

/** Only where an alias makes it worth knowing: the list takes a moment to load. */
async function popularNames(units: readonly Unit[]): Promise<((name: string) => boolean) | undefined> {
  const hasAlias = units.some(
    ({ lockfile, manifests }) =>
      lockfile?.packages.some(({ alias }) => alias !== undefined) ||
      manifests.some(({ dependencies }) => dependencies.some(({ name, target }) => name !== target)),
  )
  if (!hasAlias) return undefined
  const { rank } = await loadPopular()
  return (name) => rank.has(name)
}

const pathOf = ({ lockfile, unread }: Unit): string | undefined => lockfile?.path ?? unread?.path

interface Known {
  readonly git: InGit
  readonly trees: Trees
  readonly hosts: Hosts
  readonly isPopular: ((name: string) => boolean) | undefined
}

function judgeFiles(unit: Unit, { git, trees, hosts, isPopular }: Known): Finding[] {
  const { manifests, lockfile, unread, rivals } = unit
  const tree = lockfile && trees.get(lockfile)
  const leads = manifests[0] && posix.dirname(manifests[0].path) === posix.dirname(lockfile?.path ?? '')
  // Without its manifest nothing can be said of what is asked for.
  const problems = tree?.problems ?? (leads ? lockfile?.problems : undefined)
  const tracked = git.states.get(pathOf(unit) ?? '')
  const input: FileInput = {
    manifests,
    hostsFor: hosts.of,
    above: git.above,
    ...(lockfile ? { lockfile } : {}),
    ...(unread ? { unread } : {}),
    ...(tracked ? { tracked } : {}),
    ...(rivals.length > 0 ? { rivals } : {}),
    ...(problems ? { problems } : {}),
    ...(isPopular ? { isPopular } : {}),
  }
  return fileChecks.flatMap((check) => check.run(input))
}

function fileCoverage({ manifests, lockfiles, unread }: Project, alsoMissed: readonly Missed[]): Coverage[] {
  const missedOf = (test: (path: string) => boolean): Missed[] =>
    unread.filter(({ path }) => test(path)).map(({ what, why, next }) => ({ what, why, next }))
  return [
    coverageOf(
      'manifest',
      manifests.length,
      missedOf((path) => !isLockfile(path)),
    ),
    coverageOf('lockfile', lockfiles.length, [...missedOf(isLockfile), ...alsoMissed]),
  ]
}

async function vet(
  candidates: readonly Candidate[],
  facts: Facts,
  trees: Trees,
  registry: Registry,
  context: ScanContext,
): Promise<{ readonly findings: readonly Finding[]; readonly coverage: Coverage }> {
  const inputs = await Promise.all(candidates.map((candidate) => inputOf(candidate, facts, trees, context)))
  const judge = (input: PackageInput): readonly Finding[] => packageChecks.flatMap((check) => check.run(input))
  if (context.config.offline) return { findings: inputs.flatMap(judge), coverage: skipped('downloads', offline) }
  const counts = besides(unasked(inputs, facts), await registry.downloads(worthCounting(inputs, judge)))
  const known: ReadonlyMap<string, number> = counts.state === 'served' ? counts.value : new Map()
  const findings = inputs.flatMap((input) => {
    const weekly = known.get(input.name)
    return judge(weekly === undefined ? input : { ...input, downloads: weekly })
  })
  return { findings, coverage: servedCoverage('downloads', counts, (value) => value.size) }
}

async function inputOf(candidate: Candidate, facts: Facts, trees: Trees, context: ScanContext): Promise<PackageInput> {
  const { name, range, direct, dev, installScript, locked, lockfile, evidence } = candidate
  const path = lockfile && locked ? (trees.get(lockfile)?.paths.get(locked.key) ?? locked.path) : undefined
  // What lies in another package's tarball is not what the registry serves under that name.
  const served = candidate.bundled ? undefined : facts.packages.get(name)
  const version = candidate.version ?? resolveRange(range, served)
  const { advisories, ...known } = facts.about(name, version)
  return {
    name,
    direct,
    dev,
    installScript,
    evidence,
    policy: context.config,
    now: context.now,
    lookalikes: await findLookalikes(name),
    ...(version === undefined ? {} : { version }),
    ...(candidate.bundled ? {} : known),
    ...(advisories === undefined ? {} : { advisories }),
    ...(path === undefined ? {} : { path }),
    ...(locked === undefined ? {} : { locked }),
  }
}

/** Direct dependencies of which the registry said nothing: nor are their downloads asked for. */
const unasked = (inputs: readonly PackageInput[], { unanswered }: Facts): readonly Missed[] =>
  [...new Set(inputs.filter(({ direct }) => direct).map(({ name }) => name))].flatMap(
    (name) => unanswered.get(name) ?? [],
  )

/** Whose downloads are asked for: only what the registry has, so that no other name goes there. */
function worthCounting(
  inputs: readonly PackageInput[],
  judge: (input: PackageInput) => readonly Finding[],
): readonly string[] {
  const existing = inputs.filter(({ facts }) => facts !== undefined)
  const direct = existing.filter((input) => input.direct)
  const risky = existing.filter((input) => !input.direct && judge(input).length > 0).slice(0, riskyAtMost)
  return [...new Set([...direct, ...risky].map(({ name }) => name))]
}
