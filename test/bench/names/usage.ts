// Counts what real names are built of: words, and what stands before a separator. What fewer than two owners use is left
// out.

import type { Usage } from '../../../src/names/index-targets.ts'
import { beginningsOf, scopeOf, wordsOf } from '../../../src/names/words.ts'

const fewest = 2

/** In alphabetical order. */
export function countWords(names: readonly string[]): Usage {
  const owners = new Map<string, Set<string>>()
  const [first, last, before] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  const count = (counts: Map<string, number>, text: string): void => {
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  for (const name of names) {
    const scope = scopeOf(name)
    const words = wordsOf(name.slice(scope.length))
    for (const word of words) {
      const known = owners.get(word)
      if (known) known.add(scope || name)
      else owners.set(word, new Set([scope || name]))
    }
    if (scope === '') for (const beginning of beginningsOf(name)) count(before, beginning)
    if (words.length < 2) continue
    if (scope === '') count(first, words[0]!)
    count(last, words.at(-1)!)
  }
  const enough = (found: number | undefined): number => (found === undefined || found < fewest ? 0 : found)
  return [...new Set([...owners.keys(), ...before.keys()])]
    .map(
      (text) =>
        [
          text,
          ...[owners.get(text)?.size, first.get(text), last.get(text), before.get(text)].map(enough),
        ] as unknown as Usage[number],
    )
    .filter(([, own, , , begins]) => own > 0 || begins > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
