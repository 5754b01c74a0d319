// In what way two names are alike by their letters alone, if they are. Whether that can be chance is not judged here.

import { editDistance } from './distance.ts'
import { asRead, inOrder, withoutRepetition, withoutSeparators } from './forms.ts'
import { scopeOf, wordsOf } from './popular.ts'
import type { Way } from './ways.ts'

/** A name in the forms in which it is compared, worked out once. */
export interface Spelled {
  readonly name: string
  readonly scope: string
  readonly bare: string
  readonly read: string
  readonly unrepeated: string
  readonly sound: string
  readonly ordered: string | undefined
}

export const spell = (name: string): Spelled => ({
  name,
  scope: scopeOf(name),
  bare: withoutSeparators(name),
  read: asRead(name),
  unrepeated: withoutRepetition(name),
  sound: asHeard(name),
  ordered: inOrder(name),
})

/** Two edits in a name of at least so many letters are no accident. */
export const longEnoughForTwo = 9

/** A scope flattened and misspelt too: of fewer letters these could be two words of anybody's. */
const longEnoughForScope = 10

/** The plainest way in which the letters of `name` could be taken for those of `target`. */
export function spellingWay(spelled: Spelled, target: string): Way | undefined {
  const { name, scope } = spelled
  const targetScope = scopeOf(target)
  const bare = withoutSeparators(target)
  if (spelled.bare === bare) {
    if (scope === '' && targetScope !== '') return 'flattened'
    return scope !== '' && targetScope === '' ? 'scope-invented' : 'separators'
  }
  if (scope !== '' && targetScope !== '') return scopeWay(spelled, target, targetScope)
  if (spelled.read === asRead(target)) return 'homoglyphs'
  if (spelled.unrepeated === withoutRepetition(target)) return 'repetition'
  if (scope !== '') return undefined
  if (targetScope !== '') {
    const isNear = bare.length >= longEnoughForScope && editDistance(spelled.bare, bare, 1) === 1
    return isNear ? 'flattened-and-edit' : undefined
  }
  return unscopedWay(spelled, name, target, bare)
}

function scopeWay(spelled: Spelled, target: string, targetScope: string): Way | undefined {
  if (spelled.name.slice(spelled.scope.length) !== target.slice(targetScope.length)) return undefined
  const most = targetScope.length > 8 ? 2 : 1
  return editDistance(spelled.scope, targetScope, most) <= most ? 'scope-misspelt' : undefined
}

function unscopedWay(spelled: Spelled, name: string, target: string, bare: string): Way | undefined {
  if (editDistance(name, target, 1) === 1) return editWay(name, target)
  if (spelled.ordered !== undefined && spelled.ordered === inOrder(target)) return 'order'
  if (spelled.sound === asHeard(target)) return 'sound'
  if (Math.min(spelled.bare.length, bare.length) < longEnoughForTwo) return undefined
  if (editDistance(spelled.bare, bare, 1) === 1) return 'separator-and-edit'
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

/** What is pronounced alike, in one spelling. */
function asHeard(name: string): string {
  return withoutSeparators(name)
    .replace(/ph/g, 'f')
    .replace(/ck|q|c(?=[^eiyh]|$)/g, 'k')
    .replace(/c(?=[eiy])|z/g, 's')
    .replace(/x/g, 'ks')
    .replace(/y|ee|ea/g, 'i')
    .replace(/ou|oo/g, 'u')
    .replace(/or\b|er\b|re\b/g, 'r')
    .replace(/wr/g, 'r')
    .replace(/kn/g, 'n')
    .replace(/(.)\1+/g, '$1')
}
