// What earlier walks over a repository's history said of its suspects, in the user's cache folder: ids, times, paths and
// ends of the walk, nothing else. Whatever is wrong with the file (damaged, foreign, full disk, read-only) only means
// that history is walked again.

import { createHash, randomBytes } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
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
const largestBytes = 64 * 1024 * 1024
const daysUnused = 90
const msPerDay = 86_400_000

/** @param folder from cacheFolder() */
export function recallWalk(folder: string, repo: Repository): Remembered | undefined {
  const file = fileOf(folder, repo)
  try {
    const stats = lstatSync(file)
    if (!stats.isFile() || stats.size > largestBytes || !isOurs(stats)) return undefined
    const [head, checksum, body] = readFileSync(file, 'utf8').split('\n', 3)
    if (head !== headOf(repo) || body === undefined || checksum !== checksumOf(body)) return undefined
    const now = new Date()
    utimesSync(file, now, now)
    return parsed(body)
  } catch {
    return undefined
  }
}

/** Whoever else could write there could tell us that nothing was ever pushed. */
const isOurs = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)

/** Never throws. */
export function rememberWalk(folder: string, repo: Repository, remembered: Remembered): void {
  const file = fileOf(folder, repo)
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const body = JSON.stringify(written(remembered))
  if (body.length > largestBytes / 2) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${headOf(repo)}\n${checksumOf(body)}\n${body}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
    dropUnused(dirname(file))
  } catch {
    // A full or read-only disk costs speed, not truth.
    discard(temporary)
  }
}

const fileOf = (folder: string, repo: Repository): string =>
  join(folder, 'history', `${createHash('sha256').update(headOf(repo)).digest('hex').slice(0, 32)}.json`)

const headOf = ({ commonDir, objectFormat }: Repository): string =>
  `${format} ${objectFormat} ${JSON.stringify(commonDir)}`

const checksumOf = (body: string): string => createHash('sha256').update(body).digest('hex')

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
function parsed(body: string): Remembered {
  const { tips, held, wanted, deep, commits, paths, rows }: Written = JSON.parse(body)
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

function dropUnused(folder: string): void {
  const oldest = Date.now() - daysUnused * msPerDay
  for (const name of readdirSync(folder))
    if (statSync(join(folder, name)).mtimeMs < oldest) rmSync(join(folder, name), { force: true })
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Where it could not be written there is nothing to remove.
  }
}
