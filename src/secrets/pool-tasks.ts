// One thread's part of reading a pack: it takes tasks until none is left, and gives the entries that hold a candidate.
// No secret leaves it: whoever asked reads those few objects again.

import { PackReader, type Trees, walk } from '../git/pack/walk.ts'
import { attempt } from './attempt.ts'
import { type Known, matchDelta, type Origin, type Spots, spotsOf } from './delta.ts'
import type { Candidate, WindowMatcher } from './match.ts'

/** What threads share; all arrays lie in shared memory. */
export interface PackWork {
  /** Of the pack; it belongs to the process, so every thread reads the file that was checked. */
  readonly fd: number
  readonly trees: Trees
  readonly roots: Int32Array
  readonly large: number
  readonly isRoot: Uint8Array
  /** The next task; how many objects are done, and how many KiB. */
  readonly counters: Int32Array
}

export interface PackResult {
  readonly suspects: (readonly [entry: number, spots: Spots])[]
  /** Entries that could not be read here, or on which the matcher failed. */
  readonly unread: number[]
}

const [nextTask, objectsDone, kibDone] = [0, 1, 2]
/** A counter of bytes would not hold a large history. */
const kib = 1024
/** Small trees are taken by the dozen, for neighbours are read together. */
const atOnce = 16
const toldEvery = 256

/** @param found is told of every object's candidates, where somebody wants to know */
export function workOn(
  matcher: WindowMatcher,
  { fd, trees, roots, large, isRoot, counters }: PackWork,
  found?: (entry: number, candidates: readonly Candidate[]) => void,
): PackResult {
  const pack = new PackReader(fd, trees)
  const result: PackResult = { suspects: [], unread: [] }
  let done = 0
  let bytes = 0
  const tell = (): void => {
    Atomics.add(counters, objectsDone, done)
    Atomics.add(counters, kibDone, Math.floor(bytes / kib))
    done = 0
    bytes %= kib
  }
  const visitor = {
    visit(entry: number, data: Buffer, from: Origin | undefined): Known {
      const known = attempt(() => matchDelta(matcher, data, from))
      if (known === undefined) result.unread.push(entry)
      else {
        if (known.candidates.length > 0) result.suspects.push([entry, spotsOf(known)])
        found?.(entry, known.candidates)
      }
      bytes += data.length
      if (++done === toldEvery) tell()
      return known ?? nothingKnown(data.length)
    },
    weigh: ({ hits }: Known) => hits?.byteLength ?? 0,
    unread(entry: number): void {
      result.unread.push(entry)
    },
  }
  for (;;) {
    const claimed = Atomics.load(counters, nextTask) < large ? 1 : atOnce
    const first = Atomics.add(counters, nextTask, claimed)
    if (first >= roots.length) break
    for (let task = first; task < Math.min(first + claimed, roots.length); task++)
      walk(pack, roots[task]!, (entry) => isRoot[entry] === 1, visitor)
  }
  tell()
  return result
}

/** What is made of it is matched whole. */
const nothingKnown = (size: number): Known => ({
  size,
  hits: undefined,
  plain: [],
  encoded: false,
  chains: undefined,
  candidates: [],
})

export const newCounters = (): Int32Array => new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT))

export const objectsDoneIn = (counters: Int32Array): number => Atomics.load(counters, objectsDone)

/** Unpacked. */
export const bytesDoneIn = (counters: Int32Array): number => Atomics.load(counters, kibDone) * kib
