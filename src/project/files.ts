// The disk as manifests and lockfiles need it: a bounded walk below one folder, and a bounded read of one file.
// Links are followed for files only, and only where they stay below the folder: nothing else is ever opened.

import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { Missed, Unread } from '../types.ts'

/** A project of more folders than this, node_modules and .git not counted, is read in part and says so. */
const maximumFolders = 50_000
const foldersAtOnce = 32
/** Above it V8 could not hold the text; the largest lockfiles known are a tenth of it. */
const maximumBytes = 256 * 2 ** 20

/** node_modules holds what the lockfile speaks of, .git what the secrets scanner reads. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git'])

export interface Walked {
  /** Relative to the root, with forward slashes, sorted: folders before what they hold. */
  readonly files: readonly string[]
  readonly missed: readonly (Missed & { readonly path: string })[]
}

/** The text of a file of the project. @throws Error whose message completes "cannot read it: …" */
export type ReadText = (path: string) => Promise<string>

/** The text, or why there is none. */
export async function tryRead(read: ReadText, path: string): Promise<string | Unread> {
  try {
    return await read(path)
  } catch (error) {
    const why = `cannot read it: ${reasonOf(error)}`
    return { path, what: path, why, next: 'put a readable, regular file in its place' }
  }
}

/** Files below `root` with one of these base names. A folder that cannot be listed is named in `missed`. */
export async function findFiles(root: string, names: Pick<ReadonlySet<string>, 'has'>): Promise<Walked> {
  const files: string[] = []
  const missed: (Missed & { path: string })[] = []
  const pending = ['']
  let seen = 0
  while (pending.length > 0) {
    if (seen >= maximumFolders) {
      const why = `the project has more than ${maximumFolders} folders`
      missed.push({ path: '.', what: `${pending.length} folders and more`, why, next: 'audit its parts one by one' })
      break
    }
    const batch = pending.splice(0, foldersAtOnce)
    seen += batch.length
    for (const listed of await Promise.all(batch.map((folder) => list(root, folder)))) {
      if ('why' in listed) missed.push(listed)
      else
        for (const { path, name, folder } of listed.entries) {
          if (folder && !skipped.has(name)) pending.push(path)
          else if (!folder && names.has(name)) files.push(path)
        }
    }
  }
  return { files: files.sort(byDepth), missed }
}

/** Folders before what they hold, else by name. */
export const byDepth = (a: string, b: string): number =>
  a.split('/').length - b.split('/').length || (a < b ? -1 : a > b ? 1 : 0)

async function list(
  root: string,
  folder: string,
): Promise<{ entries: { path: string; name: string; folder: boolean }[] } | (Missed & { path: string })> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    return {
      entries: entries
        // A linked folder stands elsewhere too, or leads outside: it is not walked.
        .filter((entry) => entry.isDirectory() || entry.isFile() || entry.isSymbolicLink())
        .map((entry) => ({
          path: folder === '' ? entry.name : `${folder}/${entry.name}`,
          name: entry.name,
          folder: entry.isDirectory(),
        })),
    }
  } catch (error) {
    const path = folder === '' ? '.' : folder
    return { path, what: `the folder ${path}`, why: reasonOf(error), next: 'check its permissions' }
  }
}

/**
 * The text of a file, without a byte order mark.
 * @throws Error whose message completes "cannot read it: …".
 */
export async function readText(root: string, path: string): Promise<string> {
  const file = join(root, path)
  const [real, base] = await Promise.all([realpath(file), realpath(root)])
  const inside = relative(base, real)
  if (inside === '..' || inside.startsWith(`..${sep}`) || join(base, inside) !== real)
    throw new Error('it is a link that leads out of the audited folder')
  const entry = await lstat(real)
  if (!entry.isFile()) throw new Error('it is no regular file')
  if (entry.size > maximumBytes) throw new Error(`it is larger than ${maximumBytes / 2 ** 20} MB`)
  const text = await readFile(real, 'utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
