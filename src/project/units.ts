// Which lockfile answers for which manifest: the nearest one upwards. Manifests without one are grouped below the
// topmost of them, so that a monorepo without a lockfile is one problem and not fifty.

import { posix } from 'node:path'
import type { Lockfile, Manifest, Project, Unread } from '../types.ts'
import { lockfileNames } from './lockfile.ts'

export interface Unit {
  /** Shallowest first: the manifest beside the lockfile, where there is one, leads. */
  readonly manifests: readonly Manifest[]
  readonly lockfile: Lockfile | undefined
  /** The lockfile that is there and could not be read. */
  readonly unread: Unread | undefined
}

/** Every manifest and every readable or unreadable lockfile of the project stands in exactly one unit. */
export function unitsOf(project: Project): readonly Unit[] {
  const locks = [...project.lockfiles, ...project.unread.filter(({ path }) => isLockfile(path))]
  const members = new Map<Lockfile | Unread, Manifest[]>(locks.map((lock) => [lock, []]))
  const alone = new Map<string, Manifest[]>()
  for (const manifest of project.manifests) {
    const lock = nearest(manifest, locks)
    if (lock) members.get(lock)?.push(manifest)
    else group(manifest, alone)
  }
  return [
    ...locks.map((lock) => ({
      manifests: members.get(lock) ?? [],
      lockfile: 'packages' in lock ? lock : undefined,
      unread: 'packages' in lock ? undefined : lock,
    })),
    ...[...alone.values()].map((manifests) => ({ manifests, lockfile: undefined, unread: undefined })),
  ]
}

export const isLockfile = (path: string): boolean => lockfileNames.includes(posix.basename(path))

function nearest(manifest: Manifest, locks: readonly (Lockfile | Unread)[]): Lockfile | Unread | undefined {
  const folder = posix.dirname(manifest.path)
  return locks
    .filter(({ path }) => isBelow(folder, posix.dirname(path)))
    .sort((a, b) => depth(b.path) - depth(a.path) || rank(a.path) - rank(b.path))[0]
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
