// "Did you mean": the one known word that a mistyped flag, command, field or package name most likely stands for.

import { editDistance } from './distance.ts'

/** Beyond this a word is no typing error, and measuring it would only cost time. */
const longestWord = 214

/**
 * The candidate with the fewest edits from `word`, the first of equals; undefined where none is close enough:
 * one edit up to 5 characters, then one more for each further 3. Case does not count.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > longestWord) return undefined
  const wanted = word.toLowerCase()
  let bound = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bound)
    // Two words that share nothing are as many edits apart as they are long: "no" is not a mistyped "rm".
    if (distance > bound || distance >= Math.min(wanted.length, candidate.length)) continue
    best = candidate
    if (distance === 0) break
    bound = distance - 1
  }
  return best
}
