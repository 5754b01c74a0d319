// How likely is it that a name is like another on purpose? For each way of being alike a sum of what speaks for and
// against it, in log-odds: weights.ts holds what measuring gave, `npm run bench -- names --fit` measures again.

import { withoutSeparators } from './forms.ts'
import { oddness } from './oddness.ts'
import { counted, type Targets } from './targets.ts'
import { threshold, weights } from './weights.ts'
import type { Candidate } from './wording.ts'
import { scopeOf, wordsOf } from './words.ts'

/** What is known of a name that is like a target, in the order of the weights. */
export const features = [
  'always',
  /** log2 of the target's rank by downloads, 14 as 1. */
  'rank',
  /** log2 of its rank among the names that people type, the most depended-on; 14 as 1, and 1 where it has none. */
  'typed',
  /** ln of the letters of the shorter name. */
  'length',
  /** Every word of the name is the target's or used by several owners. */
  'words',
  /** ln of the letters of the word that differs. */
  'word',
  /** How rare the sequences of letters are that only the name has. */
  'odd',
  /** Words of the target beyond the first. */
  'compound',
  /** log2 of how many popular names begin as the target, 8 as 1. */
  'extended',
  /** log2 of how often the word that differs begins or ends a popular name, 8 as 1. */
  'usual',
  /** ln of how many targets are as likely. */
  'among',
  /** log2 of how many popular packages the target's scope holds, 8 as 1. */
  'scope',
  /** The word that differs is a popular package itself. */
  'package',
  /** The target is one word, and one that names of several owners are built of (`debug`). */
  'noun',
  /** Square of how far ahead of the rest it is among the names that people type. */
  'famous',
] as const

/** How much more likely than chance, as log-odds over the bar of one alarm in a hundred real names: above 0 it is told. */
export function likelihood(
  targets: Targets,
  name: string,
  candidate: Candidate,
  table: typeof weights = weights,
  bar: number = threshold,
): number {
  const weighed = table[candidate.way]
  if (weighed === undefined) return Number.NEGATIVE_INFINITY
  let sum = -bar
  const observed = observe(targets, name, candidate)
  for (let at = 0; at < weighed.length; at++) sum += weighed[at]! * observed[at]!
  return sum
}

/** @internal The fit measures by it. */
export function observe(targets: Targets, name: string, { place, way, word, among = 1 }: Candidate): number[] {
  const target = targets.nameAt(place)
  const scope = scopeOf(target)
  const part = scope === '' ? target : target.slice(scope.length + 1)
  const [ours, theirs] = [wordsOf(name), wordsOf(target)]
  const changed = word ?? differing(ours, theirs)
  const bare = withoutSeparators(part).length
  const typed = Math.log2(targets.typed[place] || 2 ** 14) / 14
  const isShared = (one: string): boolean => targets.count(counted.owners, one) > 2
  return [
    1,
    Math.log2(place + 1) / 14,
    typed,
    Math.log(
      1 + (way === 'flattened' ? withoutSeparators(target).length : Math.min(bare, withoutSeparators(name).length)),
    ),
    Number(ours.every((one) => theirs.includes(one) || isShared(one))),
    Math.log(1 + changed.length),
    way.startsWith('scope') ? 0 : oddness(targets.rarity, name, target),
    Math.min(3, wordsOf(part).length - 1),
    Math.log2(1 + targets.count(counted.extensions, scope === '' ? target : wordsOf(part)[0]!)) / 8,
    Math.log2(1 + targets.count(counted.first, changed) + targets.count(counted.last, changed)) / 8,
    Math.log(among),
    Math.log2(1 + (scope === '' ? 0 : targets.count(counted.scope, scope))) / 8,
    Number(targets.placeOf(changed) !== undefined),
    Number(theirs.length === 1 && isShared(target)),
    (1 - typed) ** 2,
  ]
}

/** The first word that only the name has; all of it where the number of words differs. */
function differing(ours: readonly string[], theirs: readonly string[]): string {
  if (ours.length !== theirs.length) return ours.join('')
  return ours.find((word, at) => word !== theirs[at]) ?? ''
}
