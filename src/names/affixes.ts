// A popular name with a word added that makes it look like an edition of the same package: `node-x`, `x-js`, `xjs`.

import { type Affix, affixes } from './families.ts'
import { type Popular, wordsOf } from './popular.ts'

/** The popular name that `name` consists of besides such a word, the most popular of several. */
export function withoutAffix(popular: Popular, name: string): string | undefined {
  if (name.startsWith('@')) return undefined
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

/** Shorter names are part of too many others. */
const shortest = 3

const known = affixes.flatMap(({ patterns, lowestRank }) =>
  patterns.split(' ').map((pattern) => {
    const [before, after] = pattern.split('*')
    return { before: before!, after: after!, lowestRank }
  }),
)

function natureOf(popular: Popular, target: string): keyof Affix['lowestRank'] {
  // Three others are many: of 17,000 popular names 260 have so many.
  if ((popular.extensions.get(target) ?? 0) >= 3) return 'platform'
  if (wordsOf(target).length > 1) return 'compound'
  return popular.words.has(target) ? 'noun' : 'brand'
}
