// The objects of packs, matched by what each delta adds, in as many threads as there are processors. What no pack here
// holds, or could not be read from one, is left to the streaming path.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.ts'
import { commitsIn } from '../git/commits.ts'
import { describe, type GitObject, type Listing } from '../git/objects.ts'
import { kinds } from '../git/pack/forest.ts'
import type { Seal } from '../git/pack/seal.ts'
import { countOf, isWanted, type Loose, openStore, type Pack, readable, type Store, typeOf } from '../git/pack/store.ts'
import { cutForest } from '../git/pack/tasks.ts'
import type { Repository } from '../git/repository.ts'
import type { Progress } from '../types.ts'
import type { Memory, PackMemory } from './cache.ts'
import type { Spots } from './delta.ts'
import type { Candidate, WindowMatcher } from './match.ts'
import { bytesDoneIn, newCounters, objectsDoneIn, type PackResult, type PackWork, workOn } from './pool-tasks.ts'
import { emptyTally, sumOf, type Tally, tallyOf } from './tally.ts'

export interface PacksRead {
  /** Objects that hold a candidate. */
  readonly suspects: readonly GitObject[]
  /** By id, of those that were matched now. */
  readonly spots: ReadonlyMap<string, Spots>
  /** Of what was matched here, now or before. */
  readonly tally: Tally
  /** What is left for the streaming path, and what was missed. */
  readonly rest: Listing
  /** Packs that were read to their end, now or before, in this order. */
  readonly packs: readonly PackMemory[]
  readonly loose: Loose
  /** All that are stored; undefined where some were read before. */
  readonly commits: readonly string[] | undefined
}

export interface PackOptions {
  readonly progress?: Progress
  readonly memory?: Memory | undefined
  /** By default one for each processor, and none for a store too small to be worth their start. */
  readonly threads?: number
  /** What threads run; another one in tests. */
  readonly worker?: URL
  /** Told of every object's candidates; only without threads, for no secret goes from one to another. */
  readonly found?: (oid: string, candidates: readonly Candidate[]) => void
}

/**
 * Packed bytes below which no thread is worth its start, and below which one is done as soon as two are: each compiles
 * everything anew, and what compiles takes the second processor (measured with express, 17 MB, and axios, 30 MB).
 */
const worthOne = 3 * 1024 * 1024
const worthAll = 24 * 1024 * 1024

/** @param matcher the shipped one: threads load their own. */
export async function matchPacks(
  repo: Repository,
  matcher: WindowMatcher,
  { progress, memory, threads, worker, found }: PackOptions = {},
): Promise<PacksRead> {
  const store = await openStore(repo, memory)
  let crew: Crew | undefined
  try {
    const size = store.packs.reduce((sum, { forest }) => sum + forest.end, 0)
    const count = threads ?? (size < worthOne ? 0 : size < worthAll ? 1 : availableParallelism())
    if (count > 0) crew = new Crew(count, worker ?? builtFile(new URL('./pool-worker.js', import.meta.url)))
    const packs = store.known.map((seal) => memory!.pack(seal))
    const suspects: Named[] = packs.flatMap((known) => known.suspects)
    const unread: Named[] = packs.flatMap((known) => known.unread)
    const remembered = packs.reduce((sum, { count }) => sum + count, 0) - unread.length
    let fresh = emptyTally
    const spots = new Map<string, Spots>()
    let done = 0
    let bytes = 0
    let all = true
    for (const pack of store.packs) {
      const told = (counters: Int32Array) =>
        progress?.('reading git objects', done + objectsDoneIn(counters), store.count, bytes + bytesDoneIn(counters))
      const work = workOf(pack)
      const results =
        crew === undefined
          ? [workOn(matcher, work, found && ((entry, candidates) => found(pack.index.oid(entry), candidates)))]
          : await crew.read(work, told)
      const read = results ?? [nothingRead(pack)]
      const here = {
        suspects: [...objectsOf(pack, inPackOrder(read.flatMap(({ suspects }) => suspects.map(([entry]) => entry))))],
        unread: [...objectsOf(pack, inPackOrder(read.flatMap(({ unread }) => unread)))],
      }
      for (const [entry, where] of read.flatMap(({ suspects }) => suspects)) spots.set(pack.index.oid(entry), where)
      for (const suspect of here.suspects) suspects.push(suspect)
      for (const object of here.unread) unread.push(object)
      const held = readable(pack)
      fresh = sumOf([fresh, tallyOf(held, here.unread)])
      const repeats = pack.repeated.includes(1)
      if (results !== undefined && mayBeKnown(pack) && (all || !repeats))
        packs.push({ seal: pack.seal, count: countOf(held), repeats, ...here })
      else all = false
      done += objectsDoneIn(work.counters)
      bytes += bytesDoneIn(work.counters)
    }
    return {
      // Of a delta only the target's own header knows its size, and nobody asks.
      suspects: suspects.map((object) => ({ ...object, size: 0 })),
      spots,
      tally: sumOf([fresh, { ...emptyTally, remembered, bytes }]),
      rest: await withUnread(repo, store, unread),
      packs,
      loose: store.loose,
      commits: store.known.length + store.loose.known.length === 0 ? commitsIn(store) : undefined,
    }
  } finally {
    await crew?.close()
    await store.close()
  }
}

type Named = Pick<GitObject, 'oid' | 'type'>

/** What has objects in no tree is asked for anew each time: their bases may have come. */
const mayBeKnown = (pack: Pack): pack is Pack & { seal: Seal } =>
  pack.seal !== undefined && !pack.forest.kind.includes(kinds.none) && !pack.forest.kind.includes(kinds.circle)

function workOf({ file, index, forest }: Pack): PackWork {
  const { base, firstChild, nextSibling, dataAt, inflated, end } = forest
  const trees = { base, firstChild, nextSibling, dataAt, inflated, end, offsets: index.offsets }
  return { fd: file.fd, trees, ...cutForest(forest), counters: newCounters() }
}

type Answer = PackResult | undefined

/** Threads that stay until all packs are read, for each compiles everything anew. */
class Crew {
  private readonly count: number
  private readonly file: string | URL
  private members: { readonly worker: Worker; readonly ended: Promise<undefined> }[] = []

  /** @param file what each of them runs */
  constructor(count: number, file: string | URL) {
    this.count = count
    this.file = file
  }

  /** Undefined where a thread broke or ended early: nobody knows what it had begun. The next pack is for new ones. */
  async read(work: PackWork, told: (counters: Int32Array) => void): Promise<readonly PackResult[] | undefined> {
    while (this.members.length < this.count) this.members.push(hired(this.file))
    const timer = setInterval(() => told(work.counters), 100)
    try {
      const results = await Promise.all(
        this.members.map(({ worker, ended }) => {
          const answer = new Promise<Answer>((resolve) => worker.once('message', resolve))
          worker.postMessage(work)
          return Promise.race([answer, ended])
        }),
      )
      const whole = results.filter((result) => result !== undefined)
      if (whole.length === results.length) return whole
      await this.close()
      return undefined
    } finally {
      clearInterval(timer)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.members.splice(0).map(({ worker }) => worker.terminate()))
  }
}

function hired(file: string | URL) {
  // What node itself was told is for the program: with its `--input-type` no thread would start.
  const worker = new Worker(file, { execArgv: [] })
  const ended = new Promise<undefined>((resolve) => {
    for (const how of ['error', 'messageerror', 'exit']) worker.once(how, () => resolve(undefined))
  })
  return { worker, ended }
}

/** All of a pack, left to the streaming path. */
function nothingRead({ forest: { kind } }: Pack): PackResult {
  const unread: number[] = []
  for (let entry = 0; entry < kind.length; entry++) if (isWanted(kind[entry]!)) unread.push(entry)
  return { suspects: [], unread }
}

/** Whichever thread had them: reports do not depend on that. */
const inPackOrder = (entries: readonly number[]): readonly number[] => [...entries].sort((a, b) => a - b)

/** Each object once: the first pack that holds it speaks for it. */
function* objectsOf({ index, forest, repeated }: Pack, entries: readonly number[]): Generator<Named> {
  for (const entry of entries)
    if (repeated[entry] === 0) yield { oid: index.oid(entry), type: typeOf[forest.kind[entry]!]! }
}

/** Git may still know how to read them, and knows their sizes. */
async function withUnread(repo: Repository, { rest }: Store, unread: readonly Named[]): Promise<Listing> {
  if (unread.length === 0) return rest
  const { objects, missed } = await describe(
    repo,
    unread.map(({ oid }) => oid),
  )
  return { objects: [...rest.objects, ...objects], missed: [...rest.missed, ...missed] }
}
