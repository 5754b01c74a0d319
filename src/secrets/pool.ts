// The objects of packs, matched by what each delta adds, in as many threads as there are processors. What no pack here
// holds, or could not be read from one, is left to the streaming path.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.ts'
import { describe, type GitObject, type Listing } from '../git/objects.ts'
import { kinds } from '../git/pack/forest.ts'
import { isWanted, openStore, type Pack, type Store } from '../git/pack/store.ts'
import { cutForest } from '../git/pack/tasks.ts'
import type { Repository } from '../git/repository.ts'
import type { Progress } from '../types.ts'
import type { Candidate, WindowMatcher } from './match.ts'
import { objectsDoneIn, type PackResult, type PackWork, workOn } from './pool-tasks.ts'

export interface PacksRead {
  /** Objects that hold a candidate. */
  readonly suspects: readonly GitObject[]
  /** Objects matched here. */
  readonly checked: number
  /** What is left for the streaming path, and what was missed. */
  readonly rest: Listing
}

export interface PackOptions {
  readonly progress?: Progress
  /** By default one for each processor, and none for a store too small to be worth their start. */
  readonly threads?: number
  /** What threads run; another one in tests. */
  readonly worker?: URL
  /** Told of every object's candidates; only without threads, for no secret goes from one to another. */
  readonly found?: (oid: string, candidates: readonly Candidate[]) => void
}

/** Packed bytes below which one thread is done before a second has started. */
const worthThreads = 3 * 1024 * 1024

/** @param matcher the shipped one: threads load their own. */
export async function matchPacks(
  repo: Repository,
  matcher: WindowMatcher,
  { progress, threads, worker, found }: PackOptions = {},
): Promise<PacksRead> {
  const store = await openStore(repo)
  try {
    const size = store.packs.reduce((sum, { forest }) => sum + forest.end, 0)
    const count = threads ?? (size < worthThreads ? 0 : availableParallelism())
    const suspects: GitObject[] = []
    const unread: GitObject[] = []
    let done = 0
    for (const pack of store.packs) {
      const told = (objects: number) => progress?.('reading git objects', done + objects, store.count)
      const work = workOf(pack)
      const results =
        count === 0
          ? [workOn(matcher, work, found && ((entry, candidates) => found(pack.index.oid(entry), candidates)))]
          : await inThreads(work, { count, worker, told })
      const read = results ?? [nothingRead(pack)]
      for (const suspect of objectsOf(pack, inPackOrder(read.map(({ suspects }) => suspects)))) suspects.push(suspect)
      for (const object of objectsOf(pack, inPackOrder(read.map(({ unread }) => unread)))) unread.push(object)
      done += objectsDoneIn(work.counters)
    }
    return { suspects, checked: store.count - unread.length, rest: await withUnread(repo, store, unread) }
  } finally {
    await store.close()
  }
}

function workOf({ file, index, forest }: Pack): PackWork {
  const { base, firstChild, nextSibling, dataAt, inflated, end } = forest
  const trees = { base, firstChild, nextSibling, dataAt, inflated, end, offsets: index.offsets }
  const counters = new Int32Array(new SharedArrayBuffer(8))
  return { fd: file.fd, trees, ...cutForest(forest), counters }
}

interface Threads {
  readonly count: number
  readonly worker: URL | undefined
  readonly told: (objects: number) => void
}

/** Undefined where a thread broke or ended early: nobody knows what it had begun. */
async function inThreads(work: PackWork, { count, worker, told }: Threads): Promise<PackResult[] | undefined> {
  const timer = setInterval(() => told(objectsDoneIn(work.counters)), 100)
  const file = worker ?? builtFile(new URL('./pool-worker.js', import.meta.url))
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData: work }))
  try {
    const results = await Promise.all(workers.map(resultOf))
    return results.some((result) => result === undefined) ? undefined : (results as PackResult[])
  } finally {
    clearInterval(timer)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

const resultOf = (worker: Worker): Promise<PackResult | undefined> =>
  new Promise((resolve) => {
    worker.once('message', resolve)
    worker.once('error', () => resolve(undefined))
    worker.once('messageerror', () => resolve(undefined))
    worker.once('exit', () => resolve(undefined))
  })

/** All of a pack, left to the streaming path. */
function nothingRead({ forest: { kind } }: Pack): PackResult {
  const unread: number[] = []
  for (let entry = 0; entry < kind.length; entry++) if (isWanted(kind[entry]!)) unread.push(entry)
  return { suspects: [], unread }
}

/** Whichever thread had them: reports do not depend on that. */
const inPackOrder = (entries: readonly (readonly number[])[]): readonly number[] => entries.flat().sort((a, b) => a - b)

/** Each object once: the first pack that holds it speaks for it. */
function* objectsOf({ index, forest, repeated }: Pack, entries: readonly number[]): Generator<GitObject> {
  for (const entry of entries)
    if (repeated[entry] === 0)
      // Of a delta only the target's own header knows its size, and nobody asks.
      yield { oid: index.oid(entry), type: typeOf[forest.kind[entry]!]!, size: 0 }
}

const typeOf: Readonly<Record<number, GitObject['type']>> = {
  [kinds.commit]: 'commit',
  [kinds.blob]: 'blob',
  [kinds.tag]: 'tag',
}

/** Git may still know how to read them, and knows their sizes. */
async function withUnread(repo: Repository, { rest }: Store, unread: readonly GitObject[]): Promise<Listing> {
  if (unread.length === 0) return rest
  const { objects, missed } = await describe(
    repo,
    unread.map(({ oid }) => oid),
  )
  return { objects: [...rest.objects, ...objects], missed: [...rest.missed, ...missed] }
}
