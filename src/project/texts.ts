// Files that are no source code and no manifest, but can name packages: documents, agents' instructions, scripts, CI,
// containers, configuration. What git ignores is not read, links are not followed.

import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Missed, ScanContext } from '../types.ts'

export interface TextFile {
  /** Relative to the audited folder, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Texts {
  /** Every path that git tracks or does not ignore, read or not. */
  readonly paths: readonly string[]
  readonly files: readonly TextFile[]
  readonly missed: readonly Missed[]
}

/** Longer documents than this are data that a program wrote. */
const largestBytes = 2 * 2 ** 20
const mostFiles = 20_000
const filesAtOnce = 32

/** Reads the files below `root` (absolute) whose path is wanted. Never throws for one: what was not read is in `missed`. */
export async function readTexts(
  { root, files: list }: Pick<ScanContext, 'root' | 'files'>,
  wanted: (path: string) => boolean,
): Promise<Texts> {
  const { files: paths, missed: unlisted } = await list()
  const chosen = [...new Set(paths)].filter((path) => !/(?:^|\/)(?:node_modules|\.git)\//.test(path) && wanted(path))
  const files: TextFile[] = []
  const missed = [...unlisted]
  if (chosen.length > mostFiles) {
    const why = `there are ${chosen.length}, and no more than ${mostFiles} are read`
    missed.push({ what: `${chosen.length - mostFiles} documents`, why, next: 'audit its parts one by one' })
  }
  const base = await realpath(root)
  const todo = chosen.sort().slice(0, mostFiles)
  for (let at = 0; at < todo.length; at += filesAtOnce) {
    const read = await Promise.all(todo.slice(at, at + filesAtOnce).map((path) => readOne(base, path)))
    for (const one of read)
      if ('text' in one) files.push(one)
      else if ('why' in one) missed.push(one)
  }
  return { paths, files, missed }
}

/** Nothing for what is gone, or is no regular file in its own folder. */
async function readOne(base: string, path: string): Promise<TextFile | Missed | Record<never, never>> {
  const what = clean(path)
  try {
    const file = join(base, path)
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = await handle.stat()
      if (!stats.isFile() || (await realpath(file)) !== file.split('/').join(sep)) return {}
      if (stats.size > largestBytes) return { what, ...tooLarge(stats.size) }
      const text = await handle.readFile('utf8')
      return { path, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text }
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'EISDIR') return {}
    return { what, why: `cannot read it: ${reasonOf(error)}`, next: 'check that it is a readable file' }
  }
}

const tooLarge = (bytes: number) => ({
  why: `it has ${Math.round(bytes / 2 ** 20)} MiB, and documents above ${largestBytes / 2 ** 20} MiB are not read`,
  next: 'split it, or let git ignore it',
})
