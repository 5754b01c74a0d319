// In what way two names are alike by their letters alone, and whether that can be chance.

import { editDistance } from './distance.ts'
import { asRead, inOrder, withoutRepetition, withoutSeparators } from './forms.ts'
import type { LookalikeKind } from './lookalikes.ts'
import { type Popular, scopeOf, wordsOf } from './popular.ts'

/** A name in the forms in which it is compared, worked out once. */
export interface Spelled {
  readonly name: string
  readonly bare: string
  readonly read: string
  readonly unrepeated: string
  readonly ordered: string | undefined
}

export const spell = (name: string): Spelled => ({
  name,
  bare: withoutSeparators(name),
  read: asRead(name),
  unrepeated: withoutRepetition(name),
  ordered: inOrder(name),
})

/** The plainest way in which `name` could be taken for `target`; undefined where there is none, or none but chance. */
export function spellingKind(popular: Popular, spelled: Spelled, target: string): LookalikeKind | undefined {
  const { name } = spelled
  const kind = kindOf(spelled, target)
  if (kind === undefined || popular.rank.get(target)! > lowestRank(kind, name, target)) return undefined
  return doubtful.has(kind) && isMadeOfWords(popular.words, name, target) ? undefined : kind
}

/** Two edits in a name of at least so many characters are no accident. */
export const longEnoughForTwo = 10

/** A scope flattened and misspelt too: of fewer characters these could be two words of anybody's. */
const longEnoughForScope = 13

function kindOf(spelled: Spelled, target: string): LookalikeKind | undefined {
  const { name } = spelled
  const bare = withoutSeparators(target)
  if (spelled.bare === bare) return scopeOf(target) === '' ? 'separators' : 'scope'
  if (spelled.read === asRead(target)) return 'homoglyphs'
  if (spelled.unrepeated === withoutRepetition(target)) return 'repetition'
  if (editDistance(name, target, 1) === 1) return 'edit'
  if (scopeOf(target) === '' && spelled.ordered !== undefined && spelled.ordered === inOrder(target)) return 'order'
  if (Math.min(spelled.bare.length, bare.length) < longEnoughForTwo) return undefined
  if (
    bare.length >= longEnoughForScope &&
    scopeOf(name) === '' &&
    scopeOf(target) !== '' &&
    areMisspelt(name, target.slice(1), 1)
  )
    return 'scope'
  return areMisspelt(name, target, 2) ? 'edits' : undefined
}

/** Edits within words that stay long enough to be recognized: a short word changed is another word. */
function areMisspelt(name: string, target: string, edits: number): boolean {
  if (editDistance(name.replace('/', '-'), target.replace('/', '-'), edits) !== edits) return false
  const [ours, theirs] = [wordsOf(name), wordsOf(target)]
  return (
    ours.length === theirs.length &&
    ours.every((word, at) => word === theirs[at] || (word[0] === theirs[at]![0] && theirs[at]!.length >= 4 + edits))
  )
}

/** Kinds in which a name may well have been chosen for itself, so that its words must speak against it too. */
const doubtful: ReadonlySet<LookalikeKind> = new Set<LookalikeKind>(['edit', 'edits', 'repetition', 'homoglyphs'])

/** `eslint-plugin-ts` is not a mistyped `eslint-plugin-es`: what differs is a word in its own right. */
function isMadeOfWords(words: ReadonlySet<string>, name: string, target: string): boolean {
  const theirs = scopeOf(target) === '' ? wordsOf(target) : []
  return wordsOf(name).every((word) => theirs.includes(word) || words.has(word))
}

/**
 * Short names are near each other by chance, above all by one replaced character, of which a name has 25 times its
 * length; so the shorter the name, the more popular its target must be. Set by measurement: at most one real package
 * in a hundred is flagged.
 */
function lowestRank(kind: LookalikeKind, name: string, target: string): number {
  const fixed = lowestRanks[kind]
  if (fixed !== undefined) return fixed
  const length = Math.min(withoutSeparators(name).length, withoutSeparators(target).length)
  const room =
    kind !== 'edit'
      ? length + 1
      : isReplacement(name, target)
        ? Math.min(length, differingWord(name, target) + 2) - 1
        : length
  return rankByRoom[room] ?? (room < rankByRoom.length ? 0 : Number.POSITIVE_INFINITY)
}

const lowestRanks: Partial<Record<LookalikeKind, number>> = { order: 5_000, edits: 4_000 }

/** Length of the word that an edit changed: in `react-glider` and `react-slider` the rest says nothing. */
function differingWord(name: string, target: string): number {
  const [ours, theirs] = [wordsOf(name), wordsOf(target)]
  if (ours.length !== theirs.length || ours.length === 1 || scopeOf(target) !== '') return Number.POSITIVE_INFINITY
  const at = ours.findIndex((word, index) => word !== theirs[index])
  return at === -1 ? Number.POSITIVE_INFINITY : Math.min(ours[at]!.length, theirs[at]!.length)
}

const rankByRoom = [0, 0, 0, 0, 600, 2_000, 5_000, 10_000] as const

/** One character stands for another that neither finger nor ear would put there: the likeliest way to another word. */
function isReplacement(name: string, target: string): boolean {
  if (name.length !== target.length) return false
  const changed = [...target].flatMap((letter, at) => (letter === name[at] ? [] : [at]))
  const [at] = changed
  return changed.length === 1 && at !== undefined && !isSlip(name[at]!, target[at]!)
}

const keyboard = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const sounds = ['aeiouy', 'ckqx', 'szc', 'fv', 'bp', 'dt', 'gj', 'mn', 'vw']

const isSlip = (one: string, other: string): boolean =>
  sounds.some((group) => group.includes(one) && group.includes(other)) ||
  keyboard.some(
    (row) => row.includes(one) && row.includes(other) && Math.abs(row.indexOf(one) - row.indexOf(other)) === 1,
  )
