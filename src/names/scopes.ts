// A package of a scope, asked for without the scope: the name that is left belongs to nobody in particular, and who
// registers it gets what was meant for the scope.

import { benign, scopeFamilies } from './families.ts'
import { beginningsOf, type Popular, scopeOf, wordsOf } from './popular.ts'

export interface Scopes {
  /** Popular packages that are called `name` in their scopes. */
  parts(name: string): readonly string[]
  /** The most popular package of the one scope whose packages are called like `name` (`arm-…` in `@azure`). */
  family(name: string): string | undefined
}

export function indexScopes(popular: Popular): Scopes {
  const byPart = new Map<string, string[]>()
  const families = new Map<string, Family>()
  const leaders = new Map<string, string>()
  for (const target of popular.names) {
    const scope = scopeOf(target)
    if (scope === '') continue
    if (!leaders.has(scope)) leaders.set(scope, target)
    const part = target.slice(scope.length + 1)
    const beginnings = beginningsOf(part)
    // Single words (`core`, `cli`) tell nothing of the scope they stood in.
    if (beginnings.length === 0) continue
    if (!benignScopes.has(scope)) add(byPart, part, target)
    for (const beginning of beginnings) {
      const family = families.get(beginning)
      if (family === undefined) families.set(beginning, { scope, member: target, count: 1, others: 0 })
      else if (family.scope === scope) family.count++
      else family.others++
    }
  }
  return {
    parts: (name) => (byPart.get(name) ?? []).filter((target) => isTelling(popular, name, target)),
    family(name) {
      for (const beginning of beginningsOf(name).reverse()) {
        const family = families.get(beginning)
        const known = knownFamilies.get(beginning)
        const leader = known && (family?.scope === known ? family.member : leaders.get(known))
        if (leader !== undefined) return leader
        if (family && isFamily(popular, beginning, family)) return family.member
      }
      return undefined
    },
  }
}

interface Family {
  /** Of the most popular package that begins so. */
  readonly scope: string
  readonly member: string
  count: number
  /** Popular packages of other scopes that begin so too. */
  others: number
}

const benignScopes: ReadonlySet<string> = new Set(benign.map(({ scope }) => scope))
const knownFamilies: ReadonlyMap<string, string> = new Map(
  scopeFamilies.flatMap(({ scope, begin }) => begin.split(' ').map((one) => [one, scope])),
)

/**
 * Does `part` say whose it is? The more popular names begin like it (`react-…`), the more words it needs and the larger
 * must its scope be. Set by measurement: 7 in 10 parts remain, which flag 1 real name in 2,000.
 */
function isTelling(popular: Popular, part: string, target: string): boolean {
  const words = wordsOf(part)
  const alike = popular.extensions.get(words[0]!) ?? 0
  const size = popular.scopes.get(scopeOf(target))!
  if (alike <= 2) return size >= 6 || words.length >= 3
  if (size < 12) return false
  return words.length >= 4 || (alike < 20 && (words.length === 3 || popular.rank.get(target)! <= 4_000))
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

function add(groups: Map<string, string[]>, key: string, value: string): void {
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}
