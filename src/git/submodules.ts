// Submodules keep their objects in stores of their own, below the repository's `modules` folder, for as long as nobody
// removes them there: also when the submodule itself is long gone from every tree.

import { lstat, readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { Repository } from './repository.ts'
import { collect } from './run.ts'

export interface Submodule {
  readonly gitDir: string
  /** Where its files stand, from the top of the work tree, latin1; where that is not known, its name. */
  readonly path: string
}

export interface Submodules {
  readonly found: readonly Submodule[]
  /** Folders in which others may be: from the `modules` folder, latin1 (itself ''), and why they could not be listed. */
  readonly unlisted: readonly { readonly path: string; readonly why: string }[]
}

/** Those whose objects are here, submodules of submodules among them. Links are not followed. */
export async function submodules(repo: Repository): Promise<Submodules> {
  const found: Submodule[] = []
  const unlisted: Submodules['unlisted'][number][] = []
  const gather = async (folder: string, above: string): Promise<void> => {
    const missed = (below: string, why: string) => unlisted.push({ path: latin1(within(above, below)), why })
    for (const name of await foldersIn(folder, missed)) {
      const path = join(folder, name)
      const label = within(above, name)
      const objects = await kindOf(join(path, 'objects'))
      // A name may have slashes, so a folder is either a store or on the way to one.
      if (objects === 'link') unlisted.push({ path: latin1(`${label}/objects`), why: notFollowed })
      else if (objects !== 'folder') await gather(path, label)
      else {
        found.push({ gitDir: path, path: await pathOf(repo, path, label) })
        await gather(join(path, 'modules'), label)
      }
    }
  }
  await gather(join(repo.commonDir, 'modules'), '')
  return { found, unlisted }
}

/** Sorted; none where the folder itself is not there. */
async function foldersIn(folder: string, missed: (below: string, why: string) => void): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries) if (entry.isSymbolicLink()) missed(entry.name, notFollowed)
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') missed('', reasonOf(error))
    return []
  }
}

/** Where that cannot be told, what is below cannot be listed in a moment, and that is said. */
const kindOf = (path: string): Promise<'folder' | 'link' | undefined> =>
  lstat(path).then(
    (stats) => (stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : undefined),
    () => undefined,
  )

const notFollowed = 'it is a link, and none is followed there'

const within = (above: string, name: string): string => [above, name].filter(Boolean).join('/')

const latin1 = (path: string): string => Buffer.from(path).toString('latin1')

/** Its own word for it counts only as far as it stays in the work tree. */
async function pathOf({ workTree }: Repository, gitDir: string, name: string): Promise<string> {
  const args = ['config', '--file', join(gitDir, 'config'), 'core.worktree']
  // Most say nothing, and git calls that a failure. What is broken is said by whoever reads its objects.
  const given = await collect({ folder: gitDir }, args, { patienceMs: 20_000 }).catch(() => undefined)
  if (workTree === undefined || given === undefined) return latin1(name)
  const below = relative(workTree, resolve(gitDir, given.toString().replace(/\r?\n$/, '')))
  const isInside = below !== '' && below !== '..' && !below.startsWith(`..${sep}`)
  return latin1(isInside ? below.split(sep).join('/') : name)
}
