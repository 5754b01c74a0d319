// In what ways two names are alike by their words: one more, one that means the same, a scope left out or put
// in the place of another. Each way is one or a few look-ups.

import { withoutSeparators } from './forms.ts'
import type { AffixClass } from './knowledge.ts'
import { scopeOf, wordsOf } from './popular.ts'
import type { Targets } from './targets.ts'
import type { Way } from './ways.ts'

export interface Candidate {
  readonly target: string
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

/** `axios-proxy`: one word left out makes the target. */
function* oneLess({ byBare, byPart, knowledge }: Targets, words: readonly string[]): Generator<Candidate> {
  if (words.length < 2) return
  for (const [at, word] of words.entries()) {
    const rest = words.filter((_, index) => index !== at).join('')
    const target = byBare.get(rest)
    const doubled = word === words[at - 1] || word === words[at + 1]
    if (target !== undefined && rest.length >= shortest)
      yield { target, way: doubled ? 'word-doubled' : wayOfAffix(knowledge, word, at === 0, '-'), word }
    const inScopes = byPart.get(rest)
    if (inScopes !== undefined && words.length > 2)
      yield { target: inScopes[0]!, way: 'scope-dropped-and-affix', word, among: inScopes.length }
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
function* glued({ byBare, knowledge, popular, firstWords, lastWords }: Targets, name: string): Generator<Candidate> {
  const bare = withoutSeparators(name)
  for (let cut = 1; cut < bare.length; cut++) {
    const [start, end] = [bare.slice(0, cut), bare.slice(cut)]
    const front = start.length >= shortest ? byBare.get(start) : undefined
    // `lodash-4`, `lodash.es`: what stands behind a hyphen has been looked up as a word of its own already.
    if (front !== undefined && !/[-_]/.test(name.slice(front.length))) {
      const known = knowledge.after.get(end) ?? knowledge.after.get(`-${end}`)
      if (known !== undefined) yield { target: front, way: affixWays[known], word: end }
      else if (isWord(end, lastWords, popular.words)) yield { target: front, way: 'affix-other', word: end }
    }
    const back = end.length >= shortest ? byBare.get(end) : undefined
    if (back !== undefined && !/[-_]/.test(name.slice(0, -back.length))) {
      const known = knowledge.before.get(start) ?? knowledge.before.get(`${start}-`)
      if (known !== undefined) yield { target: back, way: affixWays[known], word: start }
      else if (isWord(start, firstWords, popular.words)) yield { target: back, way: 'affix-other', word: start }
    }
  }
}

const isWord = (text: string, counts: ReadonlyMap<string, number>, words: ReadonlySet<string>): boolean =>
  text.length >= 3 && words.has(text) && (counts.get(text) ?? 0) >= 3

/** `body-parse` for `body-parser`: one word means the same. */
function* otherWords({ popular, knowledge }: Targets, name: string): Generator<Candidate> {
  for (const { 0: word, index } of name.matchAll(/[^-_.]+/g))
    for (const other of knowledge.synonyms.get(word) ?? []) {
      const target = name.slice(0, index) + other + name.slice(index + word.length)
      if (popular.rank.has(target) && target !== other) yield { target, way: 'synonym', word: other }
    }
}

/** A name without a scope that stands in one, or that begins as only one scope's packages do. */
function* withoutScope({ byPart, family }: Targets, name: string, words: readonly string[]): Generator<Candidate> {
  const parts = byPart.get(withoutSeparators(name))
  if (parts !== undefined) yield { target: parts[0]!, way: 'scope-dropped', among: parts.length }
  const leader = family(name)
  if (leader !== undefined) yield { target: leader, way: 'scope-family', word: words[0]! }
}

/** `@babel-js/core`, `@types-dev/x`: the same package in a scope of another name. */
function* scopesLike({ byPart, popular, knowledge }: Targets, scope: string, name: string): Generator<Candidate> {
  const part = name.slice(scope.length)
  const plain = scope.slice(1)
  for (const { before, after } of knowledge.scopeWords) {
    if (plain.length <= before.length + after.length || !plain.startsWith(before) || !plain.endsWith(after)) continue
    const target = `@${plain.slice(before.length, plain.length - after.length)}${part}`
    if (popular.rank.has(target)) yield { target, way: 'scope-word', word: before + after }
  }
  const parts = byPart.get(withoutSeparators(part))
  if (parts !== undefined) yield { target: parts[0]!, way: 'scope-replaced', among: parts.length }
}
