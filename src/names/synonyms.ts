// A popular name with one word said otherwise: `body-parse` for `body-parser`.

import { synonyms } from './families.ts'
import type { Popular } from './popular.ts'

/** Popular names that differ from `name` in one word that means the same. */
export function otherWordings(popular: Popular, name: string): readonly string[] {
  if (name.startsWith('@')) return []
  const found: string[] = []
  for (const { 0: word, index } of name.matchAll(/[^-_.]+/g))
    for (const other of meaningSame.get(word) ?? []) {
      const target = name.slice(0, index) + other + name.slice(index + word.length)
      const rank = popular.rank.get(target)
      if (rank !== undefined && rank <= lowestRank && target !== other) found.push(target)
    }
  return found
}

const lowestRank = 6_000

const meaningSame: ReadonlyMap<string, ReadonlySet<string>> = groupSynonyms()

function groupSynonyms(): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const line of synonyms) {
    const words = line.split(' ')
    for (const word of words) {
      const others = groups.get(word) ?? new Set()
      for (const other of words) if (other !== word) others.add(other)
      groups.set(word, others)
    }
  }
  return groups
}
