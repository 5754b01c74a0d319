// Which package manager a file belongs to, so that advice names its commands: the one whose lockfile pins the folder, or
// else the one that the manifest names. Yarn 1 and the later ones share file names and few commands.

import { posix } from 'node:path'
import type { Finding, Lockfile, Manager, Manifest, Project } from '../types.ts'
import { formatOf } from './lockfile.ts'
import { unitsOf } from './units.ts'

/** Manager of the project that a path (relative to the audited folder) lies in; undefined where nothing says it. */
export function managersOf(project: Project): (path: string) => Manager | undefined {
  const found = new Map<string, Manager | undefined>()
  for (const { lockfile, unread, manifests } of unitsOf(project)) {
    const path = lockfile?.path ?? unread?.path ?? manifests[0]?.path
    if (path === undefined || (manifests.length === 0 && found.has(posix.dirname(path)))) continue
    const named = manifests[0] && managerNamed(manifests[0])
    const written = unread && formatOf(unread.path)?.manager
    found.set(posix.dirname(path), lockfile ? writers[lockfile.format] : (known(written, named) ?? named))
  }
  return (path) => {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      if (found.has(folder)) return found.get(folder)
      if (folder === posix.dirname(folder)) return undefined
    }
  }
}

/** npm is what advice means where nothing else is said. */
export function withManager(one: Finding, managerOf: (path: string) => Manager | undefined): Finding {
  const place = one.evidence.find((seen) => seen.kind === 'file')?.path
  const path = one.subject.kind === 'project' ? one.subject.path : place
  const manager = path === undefined ? undefined : managerOf(path)
  return manager === undefined || manager === 'npm' ? one : { ...one, manager }
}

const writers = {
  'package-lock': 'npm',
  'npm-shrinkwrap': 'npm',
  'pnpm-lock': 'pnpm',
  'yarn-classic': 'yarn-classic',
  'yarn-berry': 'yarn-berry',
  bun: 'bun',
} as const satisfies Record<Lockfile['format'], Manager>

/** Of a lockfile that could not be read. */
const known = (manager: string | undefined, named: Manager | undefined): Manager | undefined =>
  manager === 'npm' || manager === 'pnpm' || manager === 'bun' ? manager : manager === 'yarn' ? named : undefined

function managerNamed({ packageManager, packageManagerVersion }: Manifest): Manager | undefined {
  if (packageManager !== 'yarn') return known(packageManager, undefined)
  const major = /\d+/.exec(packageManagerVersion ?? '')?.[0]
  return major === undefined ? undefined : major === '1' ? 'yarn-classic' : 'yarn-berry'
}
