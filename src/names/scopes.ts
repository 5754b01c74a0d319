// Families: names that begin as only one scope's packages do (`arm-…` in `@azure`). Who registers such a name without
// the scope gets what was meant for the scope, even where no package is called exactly so.

import type { Knowledge } from './knowledge.ts'
import { beginningsOf, type Popular, scopeOf, wordsOf } from './popular.ts'

interface Family {
  /** Of the most popular package that begins so. */
  readonly scope: string
  readonly member: string
  count: number
  /** Popular packages of other scopes that begin so too. */
  others: number
}

/** Answers the most popular package of the one scope whose packages are called like a name without a scope. */
export function indexFamilies(popular: Popular, knowledge: Knowledge): (name: string) => string | undefined {
  const families = new Map<string, Family>()
  const leaders = new Map<string, string>()
  for (const target of popular.names) {
    const scope = scopeOf(target)
    if (scope === '') continue
    if (!leaders.has(scope)) leaders.set(scope, target)
    for (const beginning of beginningsOf(target.slice(scope.length + 1))) {
      const family = families.get(beginning)
      if (family === undefined) families.set(beginning, { scope, member: target, count: 1, others: 0 })
      else if (family.scope === scope) family.count++
      else family.others++
    }
  }
  return (name) => {
    for (const beginning of beginningsOf(name).reverse()) {
      const family = families.get(beginning)
      const known = knowledge.families.get(beginning)
      const leader = known && (family?.scope === known ? family.member : leaders.get(known))
      if (leader !== undefined) return leader
      if (family && isFamily(popular, beginning, family)) return family.member
    }
    return undefined
  }
}

/** One word must occur far more often than two before it says whose a name is. */
const fewest = (beginning: string): number => (wordsOf(beginning).length > 1 ? 3 : 12)

function isFamily(popular: Popular, beginning: string, { scope, count, others }: Family): boolean {
  return (
    count >= fewest(beginning) &&
    others * 4 <= count &&
    !popular.extensions.has(beginning) &&
    // `ckeditor5-…`, `claude-…`: a product that others name their packages after.
    !popular.rank.has(beginning) &&
    !popular.words.has(beginning) &&
    !scope.includes(wordsOf(beginning)[0]!)
  )
}
