// In what way two names are alike by their letters alone, if they are. Whether that can be chance is not judged here.

import { editDistance } from './distance.ts'
import { asHeard, asRead, inOrder, lettersOf, withoutRepetition, withoutSeparators } from './forms.ts'
import { near } from './neighbours.ts'
import { type Targets, under } from './targets.ts'
import type { Way } from './ways.ts'
import { scopeOf, wordsOf } from './words.ts'

/** A name in the forms in which it is compared, each worked out once. */
export class Spelled {
  readonly name: string
  readonly scope: string
  readonly bare: string
  readonly letters: string
  readonly read: string
  readonly unrepeated: string
  readonly sound: string
  readonly ordered: string | undefined

  constructor(name: string) {
    this.name = name
    this.scope = scopeOf(name)
    this.bare = withoutSeparators(name)
    this.letters = lettersOf(name)
    this.read = asRead(name)
    this.unrepeated = withoutRepetition(name)
    this.sound = asHeard(name)
    this.ordered = inOrder(name)
  }
}

/** Two edits in a name of at least so many letters are no accident. */
export const longEnoughForTwo = 9

/** A scope flattened and misspelt too: of fewer letters these could be two words of anybody's. */
const longEnoughForScope = 10

/** Places of targets whose letters could be taken for the name's, with the way; the plainest first. */
export function* spellings(targets: Targets, spelled: Spelled): Generator<readonly [place: number, way: Way]> {
  const { name, scope, bare, letters, unrepeated, ordered, sound } = spelled
  const found = function* (
    places: readonly number[],
    wayTo: (target: string, targetScope: string) => Way | undefined,
  ): Generator<readonly [number, Way]> {
    for (const place of places) {
      const target = targets.nameAt(place)
      const way = wayTo(target, scopeOf(target))
      if (way !== undefined) yield [place, way]
    }
  }
  yield* found(targets.find(under.bare, bare), (target, targetScope) =>
    withoutSeparators(target) === bare ? dividedWay(scope, targetScope) : undefined,
  )
  yield* found(targets.find(under.unrepeated, unrepeated), (target, targetScope) =>
    (scope === '' || targetScope === '') && withoutRepetition(target) === unrepeated
      ? spelled.read === asRead(target)
        ? 'homoglyphs'
        : 'repetition'
      : undefined,
  )
  yield* found(near(targets, letters), (target, targetScope) => {
    if (scope !== '') return targetScope === '' ? undefined : scopeWay(spelled, target, targetScope)
    return targetScope === '' ? unscopedWay(spelled, name, target) : flattenedWay(spelled, target)
  })
  if (scope !== '') return
  if (ordered !== undefined)
    yield* found(targets.find(under.ordered, ordered), (target, targetScope) =>
      targetScope === '' && inOrder(target) === ordered ? 'order' : undefined,
    )
  yield* found(targets.find(under.heard, sound), (target, targetScope) =>
    targetScope === '' && asHeard(target) === sound ? 'sound' : undefined,
  )
}

function dividedWay(scope: string, targetScope: string): Way {
  if (scope === '' && targetScope !== '') return 'flattened'
  return scope !== '' && targetScope === '' ? 'scope-invented' : 'separators'
}

function scopeWay(spelled: Spelled, target: string, targetScope: string): Way | undefined {
  if (spelled.name.slice(spelled.scope.length) !== target.slice(targetScope.length)) return undefined
  const most = targetScope.length > 8 ? 2 : 1
  return editDistance(spelled.scope, targetScope, most) <= most ? 'scope-misspelt' : undefined
}

function flattenedWay({ bare }: Spelled, target: string): Way | undefined {
  const theirs = withoutSeparators(target)
  return theirs.length >= longEnoughForScope && editDistance(bare, theirs, 1) === 1 ? 'flattened-and-edit' : undefined
}

function unscopedWay({ bare }: Spelled, name: string, target: string): Way | undefined {
  if (editDistance(name, target, 1) === 1) return editWay(name, target)
  const theirs = withoutSeparators(target)
  if (Math.min(bare.length, theirs.length) < longEnoughForTwo) return undefined
  if (editDistance(bare, theirs, 1) === 1) return 'separator-and-edit'
  return areMisspelt(name, target) ? 'edits' : undefined
}

/** Which edit the one edit is. */
function editWay(name: string, target: string): Way {
  let at = 0
  while (at < name.length && name[at] === target[at]) at++
  if (name.length === target.length) {
    if (name[at] === target[at + 1] && name[at + 1] === target[at]) return 'swap'
    return isSlip(name[at]!, target[at]!) ? 'slip' : 'replacement'
  }
  const [longer, shorter] = name.length > target.length ? [name, target] : [target, name]
  // The letter that one has more stands at the end of a run of equal ones as well as at its beginning.
  if (longer[at] === 's' && (at === shorter.length || '-._'.includes(shorter[at]!))) return 'plural'
  return longer === name ? 'insertion' : 'omission'
}

/** Two edits within words that stay long enough to be recognized: a short word changed is another word. */
function areMisspelt(name: string, target: string): boolean {
  if (editDistance(name, target, 2) !== 2) return false
  const [ours, theirs] = [wordsOf(name), wordsOf(target)]
  return (
    ours.length === theirs.length &&
    ours.every((word, at) => word === theirs[at] || (word[0] === theirs[at]![0] && theirs[at]!.length >= 5))
  )
}

const keyboard = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const sounds = ['aeiouy', 'ckqx', 'szc', 'fv', 'bp', 'dt', 'gj', 'mn', 'vw']

/** One letter for another that finger or ear could put there. */
const isSlip = (one: string, other: string): boolean =>
  sounds.some((group) => group.includes(one) && group.includes(other)) ||
  keyboard.some(
    (row) => row.includes(one) && row.includes(other) && Math.abs(row.indexOf(one) - row.indexOf(other)) === 1,
  )
