// How likely is it that a name is like another on purpose? A small network adds up what speaks for and against it:
// weights.ts holds what measuring gave, `npm run bench -- names --real FILE --fit` measures again.

import { editDistance } from './distance.ts'
import { withoutSeparators } from './forms.ts'
import { oddness } from './oddness.ts'
import { counted, type Targets } from './targets.ts'
import type { Way } from './ways.ts'
import { weights as measured } from './weights.ts'
import type { Candidate } from './wording.ts'
import { scopeOf, wordsOf } from './words.ts'

/** What is known of a name that is like a target, each about from 0 to 1, in the order of the weights. */
export const features = [
  /** log2 of the target's rank by downloads. */
  'rank',
  /** log2 of its rank among the names that people type, the most depended-on; 1 where it has none. */
  'typed',
  /** Square of how far ahead of the rest it is there. */
  'famous',
  /** ln of the letters of the shorter name. */
  'length',
  /** Words of the target beyond the first. */
  'compound',
  /** log2 of how many popular names, and of how many real ones, begin as the target. */
  'extended',
  'usedExtended',
  /** log2 of how many popular packages the target's scope holds. */
  'scope',
  /** The target is one word, and one that names of several owners are built of (`debug`); log2 of how many real ones. */
  'noun',
  'usedNoun',
  /** Every word of the name is the target's or used by several owners. */
  'words',
  /** The part of the name that is neither the target's nor a word. */
  'unknown',
  /** log2 of the owners who use the rarest word that is not the target's. */
  'rarest',
  /** How rare the sequences of letters are that only the name has, or only the target. */
  'odd',
  'oddLost',
  /** ln of the letters of the word that differs. */
  'word',
  /** log2 of how often the word that differs begins or ends a popular name. */
  'usual',
  /** log2 of how often it begins or ends, in its place, a real one. */
  'used',
  /** log2 of the owners who use the first word that only the target has. */
  'lost',
  /** How much the words that both have say: few share rare ones by chance. The rarest of them. */
  'shared',
  'telling',
  /** The word that differs is a popular package itself. */
  'package',
  /** ln of how many targets are as likely; of how many are alike in any way. */
  'among',
  'rivals',
  /** A word is joined by a dot or an underscore, or by nothing. */
  'dotted',
  'glued',
  /** Both begin alike. */
  'begins',
  /** Edits between the two, 3 at most. */
  'edits',
  /** The name has a digit more. */
  'digit',
  /** Words of the name. */
  'long',
] as const

export interface Weights {
  /** Above this sum fewer than one real name in a hundred lies: the bar for telling. */
  readonly bar: number
  /** What the sum begins with, and how much each unit of the network's one layer adds. */
  readonly rest: number
  readonly out: readonly number[]
  /** What each unit begins with, by way, and what each feature adds to it. */
  readonly ways: Readonly<Record<Way, readonly number[]>>
  readonly features: Readonly<Record<(typeof features)[number], readonly number[]>>
}

/** How much more likely than chance, as log-odds over the bar of one alarm in a hundred real names: above 0 it is told. */
export const likelihood = (targets: Targets, name: string, candidate: Candidate, rivals: number): number =>
  sumOf(measured, candidate.way, observe(targets, name, candidate, rivals)) - measured.bar

/** @internal The network: one layer between what is observed and the sum. */
export function sumOf({ ways, features: rows, out, rest }: Weights, way: Way, observed: readonly number[]): number {
  const inner = ways[way].slice()
  for (let at = 0; at < features.length; at++) {
    const value = observed[at]!
    const row = rows[features[at]!]
    if (value !== 0) for (let unit = 0; unit < inner.length; unit++) inner[unit]! += value * row[unit]!
  }
  return inner.reduce((sum, one, unit) => sum + out[unit]! * Math.tanh(one), rest)
}

const log = (count: number, most: number): number => Math.log2(1 + count) / most

/** @internal The fit measures by it. */
export function observe(
  targets: Targets,
  name: string,
  { place, way, word, lost, mark, among = 1 }: Candidate,
  rivals: number,
): number[] {
  const target = targets.nameAt(place)
  const scope = scopeOf(target)
  const part = scope === '' ? target : target.slice(scope.length + 1)
  const [ours, theirs] = [wordsOf(name), wordsOf(target)]
  const changed = word ?? differing(ours, theirs)
  const bare = withoutSeparators(part)
  const typed = Math.log2(targets.typed[place] || 2 ** 14) / 14
  const isShared = (one: string): boolean => targets.count(counted.owners, one) > 2
  const used = (one: string): number => Math.max(targets.count(counted.used, one), targets.count(counted.owners, one))
  const own = ours.filter((one) => !theirs.includes(one))
  const strange = own.filter((one) => used(one) < 2)
  const gone = lost ?? theirs.find((one) => !ours.includes(one))
  const saying = theirs.filter((one) => ours.includes(one)).map((one) => 15 - Math.log2(1 + used(one)))
  const bases = theirs.length === 1 ? used(target) : 0
  return [
    log(place, 14),
    typed,
    (1 - typed) ** 2,
    Math.log(
      1 + Math.min(way === 'flattened' ? bare.length + scope.length : bare.length, withoutSeparators(name).length),
    ) / 3,
    Math.min(3, wordsOf(part).length - 1) / 3,
    log(targets.count(counted.extensions, scope === '' ? target : wordsOf(part)[0]!), 8),
    log(targets.count(counted.usedBeginning, scope === '' ? target : part), 8),
    scope === '' ? 0 : log(targets.count(counted.scope, scope), 8),
    Number(theirs.length === 1 && isShared(target)),
    log(bases, 8),
    Number(own.every(isShared)),
    strange.join('').length / Math.max(1, ours.join('').length),
    own.length === 0 ? 1 : log(Math.min(...own.map(used)), 8),
    oddness(targets.rarity, name, target),
    oddness(targets.rarity, target, name),
    Math.log(1 + changed.length) / 3,
    log(targets.count(counted.first, changed) + targets.count(counted.last, changed), 8),
    log(targets.count(name.startsWith(changed) ? counted.usedFirst : counted.usedLast, changed), 8),
    gone === undefined ? 0 : log(used(gone), 8),
    saying.reduce((sum, one) => sum + one, 0) / 30,
    Math.max(0, ...saying) / 15,
    Number(targets.placeOf(changed) !== undefined),
    Math.log(among) / 3,
    Math.log(rivals) / 2,
    Number(mark === '.' || mark === '_'),
    Number(mark === ''),
    Number(name[0] === part[0]),
    editDistance(name, target, 2) / 3,
    Number(/\d/.test(name) && !/\d/.test(target)),
    Math.min(6, ours.length) / 4,
  ]
}

/** The first word that only the name has; all of it where the number of words differs. */
function differing(ours: readonly string[], theirs: readonly string[]): string {
  if (ours.length !== theirs.length) return ours.join('')
  return ours.find((word, at) => word !== theirs[at]) ?? ''
}
