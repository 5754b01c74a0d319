// How unusual a sequence of letters is for a package's name. A typing error makes sequences that no word has (`lodahs`),
// another word does not (`mongose`, `mongolia`).

/**
 * Counts sequences of three letters in `names`; answers how rare those are that only `name` has, and not `target`:
 * the mean of -ln(frequency) in units of the usual, 0 where there is none.
 */
export function oddnessAmong(names: readonly string[]): (name: string, target: string) => number {
  const counts = new Uint32Array(kinds ** 3)
  let total = 0
  for (const name of names) {
    let window = start
    for (let at = 0; at <= name.length; at++) {
      window = slide(window, name, at)
      counts[window]!++
      total++
    }
  }
  return (name, target) => {
    const theirs = triples(target)
    let sum = 0
    let own = 0
    for (const one of triples(name)) {
      if (theirs.includes(one)) continue
      sum += Math.log(total / (counts[one]! + 0.5))
      own++
    }
    return own === 0 ? 0 : sum / own / usual
  }
}

/** Letters, and one for all the rest: separators, digits, the beginning and the end. */
const kinds = 27
const rest = kinds - 1
/** -ln of the frequency of a triple that is neither rare nor frequent. */
const usual = 10

/** The last two letters and the next one, as one number below kinds³. */
const slide = (window: number, name: string, at: number): number => {
  const letter = name.charCodeAt(at) - 97
  return (window % kinds ** 2) * kinds + (letter >= 0 && letter < rest ? letter : rest)
}
const start = rest * kinds + rest

function triples(name: string): readonly number[] {
  const found: number[] = []
  let window = start
  for (let at = 0; at <= name.length; at++) {
    window = slide(window, name, at)
    found.push(window)
  }
  return found
}
