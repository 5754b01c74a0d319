// A popular name with a word added that makes it look like an edition of the same package: `node-x`, `x-js`, `xjs`.

import { type Affix, affixes, scopeAffixes } from './families.ts'
import { type Popular, scopeOf, wordsOf } from './popular.ts'

/**
 * The popular name that `name` consists of besides such a word, the most popular of several. In a scope it is the
 * scope that has the word: `@babel-js/core`.
 */
export function withoutAffix(popular: Popular, name: string): string | undefined {
  const scope = scopeOf(name)
  if (scope !== '') return inTrueScope(popular, scope.slice(1), name.slice(scope.length))
  const [first, second] = name.split('-', 2)
  if (name === `${first}-${second}` && first === second && popular.rank.has(first!)) return first
  let best: string | undefined
  for (const { before, after, lowestRank } of known) {
    const target = name.slice(before.length, name.length - after.length)
    if (target.length < shortest || !name.startsWith(before) || !name.endsWith(after)) continue
    const rank = popular.rank.get(target)
    if (rank === undefined || rank > lowestRank[natureOf(popular, target)]) continue
    if (best === undefined || rank < popular.rank.get(best)!) best = target
  }
  return best
}

function inTrueScope(popular: Popular, scope: string, part: string): string | undefined {
  for (const { before, after } of [...known, ...scopeWords]) {
    if (scope.length <= before.length + after.length || !scope.startsWith(before) || !scope.endsWith(after)) continue
    const target = `@${scope.slice(before.length, scope.length - after.length)}${part}`
    if (popular.rank.has(target)) return target
  }
  return undefined
}

/** Shorter names are part of too many others. */
const shortest = 3

const cut = (pattern: string): { before: string; after: string } => {
  const [before, after] = pattern.split('*')
  return { before: before!, after: after! }
}

const known = affixes.flatMap(({ patterns, lowestRank }) =>
  patterns.split(' ').map((pattern) => ({ ...cut(pattern), lowestRank })),
)
const scopeWords = scopeAffixes.split(' ').map(cut)

function natureOf(popular: Popular, target: string): keyof Affix['lowestRank'] {
  // Three others are many: of 17,000 popular names 260 have so many.
  if ((popular.extensions.get(target) ?? 0) >= 3) return 'platform'
  if (wordsOf(target).length > 1) return 'compound'
  return popular.words.has(target) ? 'noun' : 'brand'
}
