// A forest cut into pieces of work. Most trees are small; of a large one the heaviest subtrees are cut off, for whoever
// takes them reads their bases once more, which is cheap beside the rest.

import { type Forest, kinds } from './forest.ts'

export interface Tasks {
  /** Entries to begin with, in shared memory: large ones first and one by one, then the small ones in pack order. */
  readonly roots: Int32Array
  readonly large: number
  /** 1 for an entry that some task begins with: a walk from above leaves it out. In shared memory. */
  readonly isRoot: Uint8Array
}

/** A piece this much smaller than the whole keeps a few workers evenly busy to the end. */
const pieces = 64

export function cutForest({ kind, base, firstChild, nextSibling, inflated, count }: Forest): Tasks {
  const order = new Int32Array(count)
  let filled = 0
  // What a walk costs is about the bytes it builds, and those of a tree are about as large as its root.
  const weight = new Float64Array(count)
  for (let root = 0; root < count; root++) {
    if (base[root] !== -1 || kind[root] === kinds.none || kind[root] === kinds.tree) continue
    const own = inflated[root]! + 500
    let next = filled
    for (order[filled++] = root; next < filled; next++) {
      const entry = order[next]!
      weight[entry] = own
      for (let child = firstChild[entry]!; child !== -1; child = nextSibling[child]!) order[filled++] = child
    }
  }
  let total = 0
  for (let i = 0; i < filled; i++) total += weight[order[i]!]!
  const isRoot = new Uint8Array(new SharedArrayBuffer(count))
  const large: number[] = []
  const small: number[] = []
  // Children before their bases, so that what is cut off weighs no more on what it was cut from.
  for (let i = filled - 1; i >= 0; i--) {
    const entry = order[i]!
    const parent = base[entry]!
    const heavy = weight[entry]! > total / pieces
    if (parent !== -1 && !heavy) weight[parent]! += weight[entry]!
    if (parent !== -1 && !heavy) continue
    isRoot[entry] = 1
    if (heavy) large.push(entry)
    else small.push(entry)
  }
  large.sort((a, b) => weight[b]! - weight[a]!)
  const roots = new Int32Array(new SharedArrayBuffer(4 * (large.length + small.length)))
  roots.set([...large])
  roots.set(small.reverse(), large.length)
  return { roots, large: large.length, isRoot }
}
