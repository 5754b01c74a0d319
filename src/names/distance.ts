// How many edits lie between two words. An edit inserts, drops or replaces one character, or swaps two neighbours.

/**
 * Optimal string alignment distance, or `bound + 1` as soon as it must exceed `bound`.
 * Costs the product of the lengths of what lies between the words' common beginning and end, at most; words whose
 * lengths differ by more than `bound` cost nothing.
 */
export function editDistance(a: string, b: string, bound = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
  const [from, to] = differing(a, b)
  if (bound <= fewEdits) return fewest(a, from, a.length - to, b, from, b.length - to, bound)
  return Math.min(alignment(a.slice(from, a.length - to), b.slice(from, b.length - to), bound), bound + 1)
}

/** Lengths of the common beginning and of the common end of what is left. */
function differing(a: string, b: string): [number, number] {
  const shorter = Math.min(a.length, b.length)
  let from = 0
  while (from < shorter && a.charCodeAt(from) === b.charCodeAt(from)) from++
  let to = 0
  while (to < shorter - from && a.charCodeAt(a.length - 1 - to) === b.charCodeAt(b.length - 1 - to)) to++
  return [from, to]
}

/** Up to so many edits trying each is cheaper than a table, and takes no memory. */
const fewEdits = 2

/** Edits between `a` from `i` to before `aEnd` and `b` from `j` to before `bEnd`, or `most + 1`. */
function fewest(a: string, i: number, aEnd: number, b: string, j: number, bEnd: number, most: number): number {
  while (i < aEnd && j < bEnd && a.charCodeAt(i) === b.charCodeAt(j)) {
    i++
    j++
  }
  const [ours, theirs] = [aEnd - i, bEnd - j]
  if (ours === 0 || theirs === 0) return Math.min(ours + theirs, most + 1)
  if (most === 0 || Math.abs(ours - theirs) > most) return most + 1
  let best = most
  const attempt = (fromA: number, fromB: number): void => {
    if (best > 0) best = fewest(a, i + fromA, aEnd, b, j + fromB, bEnd, best - 1)
  }
  attempt(1, 1)
  attempt(1, 0)
  attempt(0, 1)
  if (ours > 1 && theirs > 1 && a[i] === b[j + 1] && a[i + 1] === b[j]) attempt(2, 2)
  return best + 1
}

function alignment(a: string, b: string, bound: number): number {
  if (a.length === 0 || b.length === 0) return Math.max(a.length, b.length)
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let smallest = row
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const cost = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (same ? 0 : 1),
        swapped ? older[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
      current.push(cost)
      smallest = Math.min(smallest, cost)
    }
    // A swap reaches back two rows, so both must be beyond the bound before nothing can come back under it.
    if (smallest > bound && Math.min(...previous) > bound) return bound + 1
    older = previous
    previous = current
  }
  return previous[b.length]!
}
