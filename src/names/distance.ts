// How many edits lie between two words. An edit inserts, drops or replaces one character, or swaps two neighbours.

/**
 * Optimal string alignment distance, or `bound + 1` as soon as it must exceed `bound`.
 * Costs the product of the lengths of what lies between the words' common beginning and end, at most; words whose
 * lengths differ by more than `bound` cost nothing.
 */
export function editDistance(a: string, b: string, bound = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
  const [from, to] = differing(a, b)
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
