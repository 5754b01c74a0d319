// In what ways a name plays with a scope: left out, replaced by another, or made of the name.

import { editDistance } from './distance.ts'
import { lettersOf, type Spelled, withoutSeparators } from './forms.ts'
import type { Near } from './neighbours.ts'
import { type Targets, under } from './targets.ts'
import { oneMore, shortest, type Take } from './wording.ts'
import { beginningsOf, scopeOf, wordsOf } from './words.ts'

/** Takes targets in a scope for a name that has none. */
export function scopeDropped(
  targets: Targets,
  { name, bare, letters }: Spelled,
  words: readonly string[],
  { parts: near }: Near,
  take: Take,
): void {
  const parts = parted(targets, bare)
  if (parts.length > 0) take({ place: parts[0]!, way: 'scope-dropped', among: parts.length })
  for (const [at, word] of words.length < 2 ? [] : words.entries()) {
    const { before, after } = targets.knowledge
    if (words.length < 3 && !(at === 0 ? before : after).has(word)) continue
    const inScopes = parted(targets, words.toSpliced(at, 1).join(''))
    if (inScopes.length > 0) take({ place: inScopes[0]!, way: 'scope-dropped-and-affix', word, among: inScopes.length })
  }
  misspeltPart(targets, letters, near, take)
  for (const beginning of beginningsOf(name).reverse()) {
    const place = targets.find(under.family, beginning).find((one) => isFamily(targets, beginning, one))
    if (place === undefined) continue
    take({ place, way: 'scope-family', word: words[0]! })
    break
  }
}

function isFamily({ nameAt, knowledge }: Targets, beginning: string, place: number): boolean {
  const target = nameAt(place)
  const scope = scopeOf(target)
  return scope !== '' && (target.startsWith(beginning, scope.length + 1) || knowledge.families.get(beginning) === scope)
}

/** Names with these letters behind their scope. */
function parted(targets: Targets, bare: string): readonly number[] {
  const places = bare.length < shortest ? [] : targets.find(under.part, bare)
  return places.length === 0 ? places : places.filter((place) => partLetters(targets.nameAt(place)) === bare)
}

const partLetters = (name: string): string => withoutSeparators(name.slice(scopeOf(name).length))

/** `bkottom-sheet` for `@gorhom/bottom-sheet`. */
function misspeltPart({ nameAt }: Targets, letters: string, near: readonly number[], take: Take): void {
  if (letters.length < longEnoughForPart) return
  const places = near.filter((place) => {
    const target = nameAt(place)
    return editDistance(letters, lettersOf(target.slice(scopeOf(target).length)), 1) === 1
  })
  if (places.length > 0)
    take({ place: Math.min(...places), way: 'scope-dropped-and-edit', among: new Set(places).size })
}

const longEnoughForPart = 5

/** Takes targets for a name in a scope: `@babel-js/core`, `@types-dev/x`, `@foreach/foreach`. */
export function scopesLike(targets: Targets, name: string, take: Take): void {
  const scope = scopeOf(name)
  const part = name.slice(scope.length)
  const plain = scope.slice(1)
  for (const { before, after } of targets.knowledge.scopeWords) {
    if (plain.length <= before.length + after.length || !plain.startsWith(before) || !plain.endsWith(after)) continue
    const place = targets.placeOf(`@${plain.slice(before.length, plain.length - after.length)}${part}`)
    if (place !== undefined) take({ place, way: 'scope-word', word: before + after })
  }
  const own = targets.placeOf(part.slice(1))
  if (own !== undefined && wordsOf(part)[0] === plain) take({ place: own, way: 'scope-invented' })
  const parts = parted(targets, withoutSeparators(part))
  if (parts.length > 0) take({ place: parts[0]!, way: 'scope-replaced', word: plain, among: parts.length })
  oneMore(targets, name.slice(1), wordsOf(name), take)
}
