// How unusual a sequence of letters is for a package's name. A typing error makes sequences that no word has (`lodahs`),
// another word does not (`mongose`, `mongolia`).

/** Of every sequence of three letters in `names`: how rare it is, 16 for every factor of e, 255 at most. */
export function rarityIn(names: Iterable<string>): Uint8Array {
  const counts = new Uint32Array(kinds ** 3)
  let total = 0
  for (const name of names)
    for (const one of triples(name)) {
      counts[one]!++
      total++
    }
  return Uint8Array.from(counts, (count) => Math.min(255, Math.round(unit * Math.log(total / (count + 0.5)))))
}

/** How rare the sequences are that only `name` has, and not `target`, in the mean; 1 is usual, 0 where there is none. */
export function oddness(rarity: Uint8Array, name: string, target: string): number {
  const theirs = triples(target)
  let sum = 0
  let own = 0
  for (const one of triples(name)) {
    if (theirs.includes(one)) continue
    sum += rarity[one]!
    own++
  }
  return own === 0 ? 0 : sum / own / unit / usual
}

const unit = 16
/** -ln of the frequency of a triple that is neither rare nor frequent. */
const usual = 10
/** Letters, and one for all the rest: separators, digits, the beginning and the end. */
const kinds = 27
const rest = kinds - 1

function triples(name: string): readonly number[] {
  const found: number[] = []
  // The last two letters and the next one, as one number below kinds³.
  let window = rest * kinds + rest
  for (let at = 0; at <= name.length; at++) {
    const letter = name.charCodeAt(at) - 97
    window = (window % kinds ** 2) * kinds + (letter >= 0 && letter < rest ? letter : rest)
    found.push(window)
  }
  return found
}
