// What earlier walks over a repository's history said of its suspects, in the user's cache folder: ids, times, paths and
// ends of the walk, nothing else.

import { join } from 'node:path'
import { memoryFile } from '../memory-file.ts'
import { flag, listOf, natural, number, objectId, objectOf, oneOf, type Shape, text, tupleOf } from '../shape.ts'
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

const format = 'audit-deps history memory 2'

/** @param folder from cacheFolder() */
export function recallWalk(folder: string, repo: Repository): Remembered | undefined {
  const value = file(folder, repo).read()
  return value && parsed(value)
}

/** Never throws: what cannot be kept costs the next run its time. */
export function rememberWalk(folder: string, repo: Repository, remembered: Remembered): void {
  file(folder, repo).write(written(remembered))
}

const file = (folder: string, repo: Repository) => memoryFile(join(folder, 'history'), repo, format, shape)

/** The parent of a root is ''. */
type Row = readonly [oid: string, time: number, parent: string, isMerge: 0 | 1, isReached: 0 | 1]

interface Written extends Pick<Remembered, 'tips' | 'held' | 'wanted' | 'deep'> {
  readonly commits: readonly Row[]
  readonly paths: readonly string[]
  /** By place in `wanted`, `commits` and `paths`; 1 where it was taken away. */
  readonly rows: readonly (readonly [object: number, commit: number, path: number, took: 0 | 1])[]
}

const bit = oneOf(0, 1)
const parentId: Shape<string> = (value): value is string => value === '' || objectId(value)
const shape: Shape<Written> = objectOf<Written>({
  tips: listOf(objectId),
  held: objectOf<Held>({ packs: listOf(tupleOf(text, text)), loose: listOf(objectId) }),
  wanted: listOf(objectId),
  deep: flag,
  commits: listOf(tupleOf(objectId, number, parentId, bit, bit)),
  paths: listOf(text),
  rows: listOf(tupleOf(natural, natural, natural, bit)),
})

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

/** Undefined where rows point to what is not there. */
function parsed({ tips, held, wanted, deep, commits, paths, rows }: Written): Remembered | undefined {
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
  for (const [objectAt, commitAt, pathAt, took] of rows) {
    const [object, commit, path] = [wanted[objectAt], all[commitAt], paths[pathAt]]
    if (object === undefined || commit === undefined || path === undefined) return undefined
    changes.add(object, { commit, path, took: took === 1 })
  }
  return { tips, held, wanted, deep, changes }
}
