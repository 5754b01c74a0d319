// In what way two names are alike by their letters alone, if they are. Whether that can be chance is not judged here.

import { editDistance } from './distance.ts'
import { type Spelled, spell, withoutSeparators } from './forms.ts'
import type { Near } from './neighbours.ts'
import { type Targets, under } from './targets.ts'
import type { Way } from './ways.ts'
import type { Take } from './wording.ts'
import { scopeOf, wordsOf } from './words.ts'

/** A scope flattened and misspelt: of fewer letters it could be two words of anybody's. */
const longEnoughForScope = 7

/** Takes targets whose letters could be taken for the name's, the plainest way first. */
export function spellings(targets: Targets, spelled: Spelled, { names }: Near, take: Take): void {
  const { scope, bare, unrepeated } = spelled
  for (const place of targets.find(under.bare, bare)) {
    const target = targets.nameAt(place)
    if (withoutSeparators(target) === bare) take({ place, way: dividedWay(scope, scopeOf(target)) })
  }
  for (const place of targets.find(under.unrepeated, unrepeated)) {
    const target = spell(targets.nameAt(place))
    if (target.bare !== bare && (scope === '' || target.scope === '') && target.unrepeated === unrepeated)
      take({ place, way: spelled.read === target.read ? 'homoglyphs' : 'repetition' })
  }
  for (const place of names) {
    const way = nearWay(spelled, targets.nameAt(place))
    if (way !== undefined) take({ place, way })
  }
  if (scope !== '') return
  for (const [way, form] of [
    ['order', 'ordered'],
    ['sound', 'heard'],
    ['glance', 'glance'],
  ] as const) {
    const text = spelled[form]
    for (const place of text === undefined ? [] : targets.find(under[form], text)) {
      const target = spell(targets.nameAt(place))
      if (target.scope === '' && target[form] === text) take({ place, way })
    }
  }
}

function nearWay(spelled: Spelled, target: string): Way | undefined {
  const targetScope = scopeOf(target)
  const bare = withoutSeparators(target)
  if (bare === spelled.bare) return undefined
  if (spelled.scope !== '') return targetScope === '' ? undefined : scopeWay(spelled, target, targetScope)
  return targetScope === '' ? unscopedWay(spelled, target, bare) : flattenedWay(spelled, bare)
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

const flattenedWay = ({ bare }: Spelled, theirs: string): Way | undefined =>
  theirs.length >= longEnoughForScope && editDistance(bare, theirs, 1) === 1 ? 'flattened-and-edit' : undefined

function unscopedWay({ name, bare }: Spelled, target: string, theirs: string): Way | undefined {
  if (editDistance(name, target, 1) === 1) return editWay(name, target)
  const edits = editDistance(bare, theirs, 2)
  if (edits === 1) return 'separator-and-edit'
  return edits === 2 ? (areMisspelt(name, target) ? 'edits' : 'edits-anywhere') : undefined
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
