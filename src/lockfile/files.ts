// What the files alone tell: is everything pinned, does it hold, where does it come from. Each lockfile with the manifests
// it answers for, the tree where only a tree can tell, and what git says of it. No registry is asked.

import { posix } from 'node:path'
import { coverageBy } from '../coverage.ts'
import { AuditError, reasonOf } from '../errors.ts'
import { loadPopular } from '../names/popular.ts'
import type { ReadText } from '../project/files.ts'
import type { Hosts } from '../project/hosts.ts'
import { asksForLegacyPeers, readTree, type Tree } from '../project/tree.ts'
import { isLockfile, type Unit } from '../project/units.ts'
import type { Config, Coverage, Finding, Lockfile, Missed, Project, Repository } from '../types.ts'
import type { Check, FileInput } from './check.ts'
import { aliasShadow } from './checks/alias-shadow.ts'
import { bundled } from './checks/bundled.ts'
import { conflictMarkers } from './checks/conflict-markers.ts'
import { contradiction } from './checks/contradiction.ts'
import { drift } from './checks/drift.ts'
import { integrity } from './checks/integrity.ts'
import { missing } from './checks/missing.ts'
import { multiple } from './checks/multiple.ts'
import { origin } from './checks/origin.ts'
import { outsideProject } from './checks/outside-project.ts'
import { resolvedMismatch } from './checks/resolved-mismatch.ts'
import { uncommitted } from './checks/uncommitted.ts'
import { unpinned } from './checks/unpinned.ts'
import { type InGit, inGit, withoutGit } from './committed.ts'
import { shown } from './source.ts'

const { coverageOf, skipped } = coverageBy('lockfile')

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

export type Trees = ReadonlyMap<Lockfile, Tree>

export interface JudgedFiles {
  readonly findings: readonly Finding[]
  readonly coverage: readonly Coverage[]
  readonly trees: Trees
}

/** @param repository asked for early: git answers while the files are read. */
export async function judgeFiles(
  read: ReadText,
  project: Project,
  units: readonly Unit[],
  hosts: Hosts,
  repository: Promise<Repository | undefined>,
  { exactVersions }: Pick<Config, 'exactVersions'>,
  alsoMissed: readonly Missed[] = [],
): Promise<JudgedFiles> {
  const [{ trees, coverage }, { git, missed }, isPopular] = await Promise.all([
    treesOf(read, units),
    committed(repository, units),
    popularNames(units),
  ])
  return {
    findings: units.flatMap((unit) => judge(unit, { git, trees, hosts, isPopular, exactVersions })),
    coverage: [...fileCoverage(project, [...missed, ...alsoMissed]), coverage],
    trees,
  }
}

const isNpm = ({ format }: Lockfile): boolean => format === 'package-lock' || format === 'npm-shrinkwrap'

async function treesOf(
  read: ReadText,
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
    if (lockfile.problems && !(isNpm(lockfile) && (await asksForLegacyPeers(read, posix.dirname(lockfile.path))))) {
      judged += lockfile.packages.length
      continue
    }
    try {
      trees.set(lockfile, await readTree(read, lockfile, manifests))
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
  repository: Promise<Repository | undefined>,
  units: readonly Unit[],
): Promise<{ readonly git: InGit; readonly missed: readonly Missed[] }> {
  if (units.length === 0) return { git: withoutGit, missed: [] }
  const paths = units.map(pathOf).filter((path) => path !== undefined)
  try {
    return { git: await inGit(await repository, paths), missed: [] }
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
  readonly exactVersions: boolean
}

function judge(unit: Unit, { git, trees, hosts, isPopular, exactVersions }: Known): Finding[] {
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
    exactVersions,
    ...(lockfile ? { lockfile } : {}),
    ...(unread ? { unread } : {}),
    ...(tracked ? { tracked } : {}),
    ...(rivals.length > 0 ? { rivals } : {}),
    ...(unit.strays.size > 0 ? { strays: unit.strays } : {}),
    ...(unit.shadowed === undefined ? {} : { shadowed: unit.shadowed }),
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
