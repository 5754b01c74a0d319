// In what ways two names are alike by their words: one more, one that means the same, a scope left out or put
// in the place of another. Each way is one or a few look-ups.

import { withoutSeparators } from './forms.ts'
import type { AffixClass } from './knowledge.ts'
import { counted, type Targets, under } from './targets.ts'
import type { Way } from './ways.ts'
import { beginningsOf, scopeOf, wordsOf } from './words.ts'

export interface Candidate {
  /** Of the target, in Targets. */
  readonly place: number
  readonly way: Way
  /** The word added, dropped or swapped. */
  readonly word?: string
  /** How many targets are as likely. */
  readonly among?: number
}

/** Targets that `name` could be taken for because of its words, several ways to the same one included. */
export function* wordings(targets: Targets, name: string): Generator<Candidate> {
  const scope = scopeOf(name)
  const words = wordsOf(name)
  if (scope !== '') {
    yield* scopesLike(targets, scope, name)
    yield* oneLess(targets, words)
    return
  }
  yield* oneLess(targets, words)
  yield* glued(targets, name)
  yield* otherWords(targets, name)
  yield* withoutScope(targets, name, words)
}

/** Names with these letters, whatever divides them; the most popular first. */
const called = (targets: Targets, bare: string): readonly number[] =>
  targets.find(under.bare, bare).filter((place) => withoutSeparators(targets.nameAt(place)) === bare)

/** Names with these letters behind their scope. */
const parted = (targets: Targets, bare: string): readonly number[] =>
  bare.length < shortest
    ? []
    : targets.find(under.part, bare).filter((place) => {
        const name = targets.nameAt(place)
        return withoutSeparators(name.slice(scopeOf(name).length)) === bare
      })

/** `axios-proxy`: one word left out makes the target. */
function* oneLess(targets: Targets, words: readonly string[]): Generator<Candidate> {
  if (words.length < 2) return
  for (const [at, word] of words.entries()) {
    const rest = words.filter((_, index) => index !== at).join('')
    const [place] = rest.length < shortest ? [] : called(targets, rest)
    const doubled = word === words[at - 1] || word === words[at + 1]
    if (place !== undefined)
      yield { place, way: doubled ? 'word-doubled' : wayOfAffix(targets.knowledge, word, at === 0, '-'), word }
    if (words.length < 3) continue
    const inScopes = parted(targets, rest)
    if (inScopes.length > 0) yield { place: inScopes[0]!, way: 'scope-dropped-and-affix', word, among: inScopes.length }
  }
}

/** Shorter names are part of too many others. */
const shortest = 3

/** A word that nobody has listed is a way of its own, where it is set off by a hyphen. */
function wayOfAffix(knowledge: Targets['knowledge'], word: string, isFirst: boolean, mark: string): Way {
  const known = isFirst ? knowledge.before.get(word + mark) : knowledge.after.get(mark + word)
  return known === undefined ? 'affix-other' : affixWays[known]
}

const affixWays = {
  claim: 'affix-claim',
  release: 'affix-release',
  platform: 'affix-platform',
  language: 'affix-language',
  praise: 'affix-praise',
  part: 'affix-part',
} as const satisfies Record<AffixClass, Way>

/** `axiosjs`, `axiosproxy`: the target and a known word, written as one. */
function* glued(targets: Targets, name: string): Generator<Candidate> {
  const { knowledge } = targets
  const bare = withoutSeparators(name)
  for (let cut = 1; cut < bare.length; cut++) {
    const [start, end] = [bare.slice(0, cut), bare.slice(cut)]
    const [front] = start.length >= shortest ? called(targets, start) : []
    // `lodash-4`, `lodash.es`: what stands behind a hyphen has been looked up as a word of its own already.
    if (front !== undefined && !/[-_]/.test(name.slice(targets.nameAt(front).length))) {
      const known = knowledge.after.get(end) ?? knowledge.after.get(`-${end}`)
      if (known !== undefined) yield { place: front, way: affixWays[known], word: end }
      else if (isWord(targets, end, counted.last)) yield { place: front, way: 'affix-other', word: end }
    }
    const [back] = end.length >= shortest ? called(targets, end) : []
    if (back !== undefined && !/[-_]/.test(name.slice(0, -targets.nameAt(back).length))) {
      const known = knowledge.before.get(start) ?? knowledge.before.get(`${start}-`)
      if (known !== undefined) yield { place: back, way: affixWays[known], word: start }
      else if (isWord(targets, start, counted.first)) yield { place: back, way: 'affix-other', word: start }
    }
  }
}

const isWord = (targets: Targets, text: string, where: number): boolean =>
  text.length >= 3 && targets.count(counted.owners, text) > 2 && targets.count(where, text) >= 3

/** `body-parse` for `body-parser`: one word means the same. */
function* otherWords({ placeOf, knowledge }: Targets, name: string): Generator<Candidate> {
  for (const { 0: word, index } of name.matchAll(/[^-_.]+/g))
    for (const other of knowledge.synonyms.get(word) ?? []) {
      const place = placeOf(name.slice(0, index) + other + name.slice(index + word.length))
      if (place !== undefined) yield { place, way: 'synonym', word: other }
    }
}

/** A name without a scope that stands in one, or that begins as only one scope's packages do. */
function* withoutScope(targets: Targets, name: string, words: readonly string[]): Generator<Candidate> {
  const parts = parted(targets, withoutSeparators(name))
  if (parts.length > 0) yield { place: parts[0]!, way: 'scope-dropped', among: parts.length }
  for (const beginning of beginningsOf(name).reverse())
    for (const place of targets.find(under.family, beginning)) {
      yield { place, way: 'scope-family', word: words[0]! }
      return
    }
}

/** `@babel-js/core`, `@types-dev/x`: the same package in a scope of another name. */
function* scopesLike(targets: Targets, scope: string, name: string): Generator<Candidate> {
  const part = name.slice(scope.length)
  const plain = scope.slice(1)
  for (const { before, after } of targets.knowledge.scopeWords) {
    if (plain.length <= before.length + after.length || !plain.startsWith(before) || !plain.endsWith(after)) continue
    const place = targets.placeOf(`@${plain.slice(before.length, plain.length - after.length)}${part}`)
    if (place !== undefined) yield { place, way: 'scope-word', word: before + after }
  }
  const parts = parted(targets, withoutSeparators(part))
  if (parts.length > 0) yield { place: parts[0]!, way: 'scope-replaced', among: parts.length }
}
