// What earlier walks over a repository's history said of its suspects, in the user's cache folder: ids, times, paths and
// ends of the walk, nothing else.

import { join } from 'node:path'
import { memoryFile } from '../memory-file.ts'
import { Changes } from './changes.ts'
import type { Held } from './held.ts'
import type { Repository } from './repository.ts'

export interface Remembered {
  /** Commits whose whole history was walked. */
  readonly tips: readonly string[]
  /** What the object store held when the walk began. */
  readonly held: Held
  /** The objects that were asked for. */
  readonly wanted: readonly string[]
  /** Whether merges, and whatever no branch or tag leads to, were looked into as well. */
  readonly deep: boolean
  /** All that is known of `wanted`; of a commit only whether it was reached from `tips` (`history`, `merge`) or not. */
  readonly changes: Changes
}

const format = 'audit-deps history memory 1'

/** @param folder from cacheFolder() */
export function recallWalk(folder: string, repo: Repository): Remembered | undefined {
  const value = memoryFile(join(folder, 'history'), repo, format).read()
  try {
    return value === undefined ? undefined : parsed(value as Written)
  } catch {
    return undefined
  }
}

/** Never throws: what cannot be kept costs the next run its time. */
export function rememberWalk(folder: string, repo: Repository, remembered: Remembered): void {
  memoryFile(join(folder, 'history'), repo, format).write(written(remembered))
}

type Row = readonly [oid: string, time: number, parent: string, isMerge: 0 | 1, isReached: 0 | 1]

interface Written extends Pick<Remembered, 'tips' | 'held' | 'wanted' | 'deep'> {
  readonly commits: readonly Row[]
  readonly paths: readonly string[]
  /** By place in `wanted`, `commits` and `paths`; 1 where it was taken away. */
  readonly rows: readonly (readonly [object: number, commit: number, path: number, took: 0 | 1])[]
}

function written({ tips, held, wanted, deep, changes }: Remembered): Written {
  const objects = new Map(wanted.map((oid, index) => [oid, index]))
  const paths = new Map<string, number>()
  const commits = new Map([...changes.commits.keys()].map((oid, index) => [oid, index]))
  const rows: Written['rows'][number][] = []
  for (const [oid, some] of changes.of) {
    const object = objects.get(oid)
    if (object === undefined) continue
    for (const { commit, path, took } of some) {
      if (!paths.has(path)) paths.set(path, paths.size)
      rows.push([object, commits.get(commit.oid)!, paths.get(path)!, took ? 1 : 0])
    }
  }
  const table = [...changes.commits.values()].map(({ oid, time, parent = '', isMerge, reach }): Row => {
    const isReached = reach === 'history' || reach === 'merge'
    return [oid, time, parent, isMerge ? 1 : 0, isReached ? 1 : 0]
  })
  return { tips, held, wanted, deep, commits: table, paths: [...paths.keys()], rows }
}

/** Throws where it is not what written() gives. */
function parsed({ tips, held, wanted, deep, commits, paths, rows }: Written): Remembered {
  for (const oid of tips) if (!/^[0-9a-f]{40,64}$/.test(oid)) throw new Error('not an id')
  const changes = new Changes()
  const all = commits.map(([oid, time, parent, isMerge, isReached]) =>
    changes.commit({
      oid,
      time,
      isMerge: isMerge === 1,
      ...(parent !== '' && { parent }),
      reach: isReached === 0 ? 'unreachable' : isMerge === 1 ? 'merge' : 'history',
    }),
  )
  for (const [object, commit, path, took] of rows)
    changes.add(wanted[object]!, { commit: all[commit]!, path: paths[path]!, took: took === 1 })
  return { tips, held, wanted, deep, changes }
}
