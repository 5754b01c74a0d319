// Reads one file of a scanned tree, bounded, and never through a link: a name may have become one since it was listed.

import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
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
