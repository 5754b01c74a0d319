// Where a package that a source file imports is installed: found as Node finds it, in the nearest node_modules upwards.

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { posix, sep } from 'node:path'

export interface InstalledPackage {
  /** Absolute, behind links, with forward slashes. */
  readonly folder: string
  readonly version: string | undefined
}

export interface Installed {
  /** The folder in which packages may lie: the topmost one with a node_modules that is looked at. With forward slashes. */
  readonly base: string
  /** @param from the importing file, relative to the root, with forward slashes. */
  find(name: string, from: string): InstalledPackage | 'elsewhere' | undefined
}

/**
 * Looks below `root` (absolute), and above it as Node does. `elsewhere`: it is linked to a folder that is in no
 * node_modules, as workspaces are, or out of the project: such a package may not be built.
 */
export function installedPackages(root: string): Installed {
  const real = slashed(realpathSync.native(root))
  const base = topmost(real)
  const known = new Map<string, InstalledPackage | 'elsewhere' | undefined>()
  const inFolder = (folder: string, name: string): InstalledPackage | 'elsewhere' | undefined => {
    const path = `${folder}/node_modules/${name}`
    if (!known.has(path)) known.set(path, look(path, base))
    return known.get(path)
  }
  return {
    base,
    find: (name, from) => {
      for (let folder = posix.dirname(`${real}/${from}`); ; folder = posix.dirname(folder)) {
        const found = folder.endsWith('/node_modules') ? undefined : inFolder(folder, name)
        if (found !== undefined) return found
        if (folder === base || folder === posix.dirname(folder)) return undefined
      }
    },
  }
}

function topmost(root: string): string {
  let base = root
  for (let folder = root; folder !== posix.dirname(folder); folder = posix.dirname(folder))
    if (isFolder(`${folder}/node_modules`)) base = folder
  return base
}

function look(path: string, base: string): InstalledPackage | 'elsewhere' | undefined {
  if (!isFolder(path)) return undefined
  const folder = slashed(realpathSync.native(path))
  if (!folder.startsWith(`${base}/`) || !folder.includes('/node_modules/')) return 'elsewhere'
  return { folder, version: versionIn(folder) }
}

const largestManifest = 2 * 2 ** 20

function versionIn(folder: string): string | undefined {
  const file = `${folder}/package.json`
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestManifest) return undefined
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }
    return typeof version === 'string' ? version : undefined
  } catch {
    // It is only shown; whether the package can be judged is found out by who reads its files.
    return undefined
  }
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}

const slashed = (path: string): string => path.split(sep).join('/')
