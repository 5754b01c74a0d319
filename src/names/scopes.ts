// Families: names that begin as only one scope's packages do (`arm-…` in `@azure`). Who registers such a name without
// the scope gets what was meant for the scope, even where no package is called exactly so.

import { beginningsOf, scopeOf, wordsOf } from './words.ts'

interface Family {
  /** Of the most popular package that begins so. */
  readonly scope: string
  readonly member: number
  count: number
  /** Popular packages of other scopes that begin so too. */
  others: number
}

/**
 * The beginnings that name a family, with the place of its most popular package.
 * @param names most popular first
 * @param known beginnings of which the scope is known
 * @param isShared of words and beginnings that others use too
 */
export function familiesAmong(
  names: readonly string[],
  known: ReadonlyMap<string, string>,
  isShared: (beginning: string) => boolean,
): ReadonlyMap<string, number> {
  const families = new Map<string, Family>()
  const leaders = new Map<string, number>()
  for (const [place, name] of names.entries()) {
    const scope = scopeOf(name)
    if (scope === '') continue
    if (!leaders.has(scope)) leaders.set(scope, place)
    for (const beginning of beginningsOf(name.slice(scope.length + 1))) {
      const family = families.get(beginning)
      if (family === undefined) families.set(beginning, { scope, member: place, count: 1, others: 0 })
      else if (family.scope === scope) family.count++
      else family.others++
    }
  }
  const found = new Map<string, number>()
  for (const [beginning, family] of families)
    if (isFamily(beginning, family) && !isShared(beginning)) found.set(beginning, family.member)
  for (const [beginning, scope] of known) {
    const family = families.get(beginning)
    const member = family?.scope === scope ? family.member : leaders.get(scope)
    if (member !== undefined) found.set(beginning, member)
  }
  return found
}

/** One word must occur far more often than two before it says whose a name is. */
const fewest = (beginning: string): number => (wordsOf(beginning).length > 1 ? 3 : 12)

const isFamily = (beginning: string, { scope, count, others }: Family): boolean =>
  count >= fewest(beginning) && others * 4 <= count && !scope.includes(wordsOf(beginning)[0]!)
