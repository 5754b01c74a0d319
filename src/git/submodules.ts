// Submodules keep their objects in stores of their own, below the repository's `modules` folder, for as long as nobody
// removes them there: also when the submodule itself is long gone from every tree.

import { lstat, readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Repository } from './repository.ts'
import { collect } from './run.ts'

export interface Submodule {
  readonly gitDir: string
  /** Where its files stand, from the top of the work tree, latin1; where that is not known, its name. */
  readonly path: string
}

/** Those whose objects are here, submodules of submodules among them. Links are not followed. */
export async function submodules(repo: Repository): Promise<readonly Submodule[]> {
  const found: Submodule[] = []
  await gather(repo, join(repo.commonDir, 'modules'), '', found)
  return found
}

async function gather(repo: Repository, folder: string, above: string, found: Submodule[]): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.sort()) {
    const path = join(folder, name)
    if (!(await isFolder(path))) continue
    const label = above === '' ? name : `${above}/${name}`
    // A name may have slashes, so a folder is either a store or on the way to one.
    if (!(await isFolder(join(path, 'objects')))) await gather(repo, path, label, found)
    else {
      found.push({ gitDir: path, path: await pathOf(repo, path, label) })
      await gather(repo, join(path, 'modules'), label, found)
    }
  }
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )

/** Its own word for it counts only as far as it stays in the work tree. */
async function pathOf({ workTree }: Repository, gitDir: string, name: string): Promise<string> {
  const given = await collect({ folder: gitDir }, ['config', '--file', join(gitDir, 'config'), 'core.worktree']).catch(
    () => undefined,
  )
  if (workTree === undefined || given === undefined) return Buffer.from(name).toString('latin1')
  const below = relative(workTree, resolve(gitDir, given.toString().replace(/\r?\n$/, '')))
  const isInside = below !== '' && below !== '..' && !below.startsWith(`..${sep}`)
  return Buffer.from(isInside ? below.split(sep).join('/') : name).toString('latin1')
}
