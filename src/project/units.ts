// Which lockfile answers for which manifest: the nearest one upwards. Manifests without one are grouped below the
// topmost of them, so that a monorepo without a lockfile is one problem and not fifty.

import { posix } from 'node:path'
import type { Lockfile, Manifest, Project, Unread } from '../types.ts'
import { formatOf, lockfileNames } from './lockfile.ts'

export interface Unit {
  /** Shallowest first: the manifest beside the lockfile, where there is one, leads. */
  readonly manifests: readonly Manifest[]
  readonly lockfile: Lockfile | undefined
  /** The lockfile that is there and could not be read. */
  readonly unread: Unread | undefined
  /** Paths of other managers' lockfiles in the same folder: this one counts, by the manifest's word or by rank. */
  readonly rivals: readonly string[]
  /** Those of `manifests` that the lockfile does not answer for. */
  readonly strays: ReadonlySet<Manifest>
  /** Path of the package-lock.json beside it, where it is a shrinkwrap: npm reads that one and never this. */
  readonly shadowed?: string
}

/** Every manifest and every readable or unreadable lockfile of the project stands in exactly one unit. */
export function unitsOf(project: Project): readonly Unit[] {
  const counting = preferred(project.manifests)
  const locks = [...project.lockfiles, ...project.unread.filter(({ path }) => isLockfile(path))]
  const members = new Map<Lockfile | Unread, Manifest[]>(locks.map((lock) => [lock, []]))
  const alone = new Map<string, Manifest[]>()
  const strays = new Set(project.strays)
  const straysOf = (manifests: readonly Manifest[] = []): ReadonlySet<Manifest> =>
    new Set(manifests.filter(({ path }) => strays.has(path)))
  for (const manifest of project.manifests) {
    const lock = nearest(manifest, locks, counting)
    if (lock) members.get(lock)?.push(manifest)
    else group(manifest, alone)
  }
  return [
    ...locks.map((lock) => ({
      manifests: members.get(lock) ?? [],
      lockfile: 'packages' in lock ? lock : undefined,
      unread: 'packages' in lock ? undefined : lock,
      strays: straysOf(members.get(lock)),
      rivals: (members.get(lock)?.length ?? 0) > 0 ? rivalsOf(lock, locks) : [],
      ...shadowedBy(lock, project),
    })),
    ...[...alone.values()].map((manifests) => ({
      manifests,
      lockfile: undefined,
      unread: undefined,
      rivals: [],
      strays: straysOf(),
    })),
  ]
}

export const isLockfile = (path: string): boolean => lockfileNames.includes(posix.basename(path))

/** Of the lockfiles in one folder, the one of the manager that the manifest there names. */
function preferred(manifests: readonly Manifest[]): (path: string) => boolean {
  const named = new Map(manifests.map(({ path, packageManager }) => [posix.dirname(path), packageManager]))
  return (path) => named.get(posix.dirname(path)) === formatOf(path)?.manager
}

const rivalsOf = ({ path }: { path: string }, locks: readonly { path: string }[]): readonly string[] =>
  locks
    .filter((other) => posix.dirname(other.path) === posix.dirname(path))
    .filter((other) => formatOf(other.path)?.manager !== formatOf(path)?.manager)
    .map((other) => other.path)

function shadowedBy({ path }: { path: string }, { shadowed = [] }: Project): Pick<Unit, 'shadowed'> {
  const isShrinkwrap = posix.basename(path) === 'npm-shrinkwrap.json'
  const other = shadowed.find((one) => isShrinkwrap && posix.dirname(one) === posix.dirname(path))
  return other === undefined ? {} : { shadowed: other }
}

function nearest(
  manifest: Manifest,
  locks: readonly (Lockfile | Unread)[],
  counting: (path: string) => boolean,
): Lockfile | Unread | undefined {
  const folder = posix.dirname(manifest.path)
  return locks
    .filter(({ path }) => isBelow(folder, posix.dirname(path)))
    .sort(
      (a, b) =>
        depth(b.path) - depth(a.path) ||
        Number(counting(b.path)) - Number(counting(a.path)) ||
        rank(a.path) - rank(b.path),
    )[0]
}

function group(manifest: Manifest, groups: Map<string, Manifest[]>): void {
  const folder = posix.dirname(manifest.path)
  const leader = [...groups.keys()].find((above) => isBelow(folder, above))
  if (leader === undefined) groups.set(folder, [manifest])
  else groups.get(leader)?.push(manifest)
}

const isBelow = (folder: string, above: string): boolean => {
  const inside = posix.relative(above, folder)
  return inside !== '..' && !inside.startsWith('../')
}

/** How far down: a lockfile above the audited folder (`../package-lock.json`) is the last choice. */
const depth = (path: string): number => {
  const parts = path.split('/')
  return parts.length - 2 * parts.filter((part) => part === '..').length
}

const rank = (path: string): number => lockfileNames.indexOf(posix.basename(path))
