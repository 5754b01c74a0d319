// How many edits lie between two words. An edit inserts, drops or replaces one character, or swaps two neighbours.

/**
 * Optimal string alignment distance, or `bound + 1` as soon as it must exceed `bound`.
 * Costs `a.length × b.length` at most; words whose lengths differ by more than `bound` cost nothing.
 */
export function editDistance(a: string, b: string, bound = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
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
  return Math.min(previous[b.length]!, bound + 1)
}
