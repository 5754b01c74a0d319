// Reads one file of a scanned tree, bounded, and never through a link: a name may have become one since it was listed.

import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { sep } from 'node:path'

export type ReadFile =
  | { readonly text: string }
  | { readonly problem: 'gone' | 'link' }
  | { readonly problem: 'large'; readonly bytes: number }

/** @param file absolute and real, but for the part that is doubted. @throws what the file system says. */
export function readBounded(file: string, largestBytes: number): ReadFile {
  let handle: number
  try {
    // A pipe is not waited for.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'gone' }
    if (code === 'ELOOP') return { problem: 'link' }
    throw error
  }
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile()) return { problem: 'gone' }
    if (stats.size > largestBytes) return { problem: 'large', bytes: stats.size }
    if (realpathSync.native(file) !== file.split('/').join(sep)) return { problem: 'link' }
    const text = readFileSync(handle, 'utf8')
    return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text }
  } finally {
    closeSync(handle)
  }
}

/** A read-only look at packages, which can be had of a disk or without one. Paths have forward slashes. */
export interface PackageFiles {
  /** The text of a regular file; undefined where there is none, it is too large, or it leads out of the project. */
  text(file: string): string | undefined
  kind(path: string): 'file' | 'folder' | undefined
  /** The package's own folder behind links; undefined where it leads out of the project. */
  real(folder: string): string | undefined
}

/** What lies below `base` (absolute, real); what links lead out of it is not there. Nothing is kept. */
export function filesBelow(base: string, largestBytes: number): PackageFiles {
  const real = (path: string): string | undefined => {
    const found = quietly(() => realpathSync.native(path).split(sep).join('/'))
    return found?.startsWith(`${base}/`) ? found : undefined
  }
  return {
    real,
    kind: (path) => {
      const stats = quietly(() => statSync(path, { throwIfNoEntry: false }))
      return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : undefined
    },
    text: (path) => {
      const file = real(path)
      const read = file === undefined ? undefined : quietly(() => readBounded(file, largestBytes))
      return read !== undefined && 'text' in read ? read.text : undefined
    },
  }
}

/** What is not there, or not for us, is not known: who asks says so, for he knows what he asked for. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
