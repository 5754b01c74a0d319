// In what ways two names are alike by their words: one more, one less, one that means the same or stands in its place.
// Each way is one or a few look-ups.

import { withoutSeparators } from './forms.ts'
import { type AffixClass, startOf } from './knowledge.ts'
import { counted, type Targets, under } from './targets.ts'
import type { Way } from './ways.ts'
import { wordsOf } from './words.ts'

export interface Candidate {
  /** Of the target, in Targets. */
  readonly place: number
  readonly way: Way
  /** The word that only the name has. */
  readonly word?: string
  /** The word that only the target has. */
  readonly lost?: string
  /** What divides a word added from the rest: nothing where they are written as one. */
  readonly mark?: string
  /** How many targets are as likely. */
  readonly among?: number
}
export type Take = (candidate: Candidate) => void

/** Shorter names are part of too many others. */
export const shortest = 3

/** Names with these letters, whatever divides them; the most popular first. */
export function called(targets: Targets, bare: string): readonly number[] {
  const places = bare.length < 2 ? nowhere : targets.find(under.bare, bare)
  return places.length === 0 ? places : places.filter((place) => withoutSeparators(targets.nameAt(place)) === bare)
}

const nowhere: readonly number[] = []

/** Takes targets that `name`, which has no scope, could be taken for because of its words; several ways to one, too. */
export function wordings(targets: Targets, name: string, words: readonly string[], take: Take): void {
  oneMore(targets, name, words, take)
  glued(targets, words, take)
  otherWords(targets, name, take)
  oneLess(targets, words, take)
}

/** `axios-proxy`: one word left out makes the target. */
export function oneMore(targets: Targets, name: string, words: readonly string[], take: Take): void {
  if (words.length < 2) return
  const bare = words.join('')
  let before = 0
  let end = 0
  for (const [at, word] of words.entries()) {
    const start = name.indexOf(word, end)
    end = start + word.length
    const places = called(targets, bare.slice(0, before) + bare.slice(before + word.length))
    before += word.length
    if (places.length === 0) continue
    const mark = name[at === 0 ? end : start - 1]!
    const isDoubled = word === words[at - 1] || word === words[at + 1]
    const way = isDoubled ? 'word-doubled' : wayOfAffix(targets.knowledge, word, at === 0)
    for (const place of places.slice(0, most)) take({ place, way, word, mark })
  }
}

/** So many targets are tried where several are equally alike: the most popular. */
export const most = 3

/** A word that nobody has listed is a way of its own. */
function wayOfAffix({ before, after }: Targets['knowledge'], word: string, isFirst: boolean): Way {
  const known = (isFirst ? before : after).get(word) ?? (!isFirst && isVersion(word) ? 'release' : undefined)
  return known === undefined ? 'affix-other' : affixWays[known]
}

const isVersion = (word: string): boolean => word.charCodeAt(word.length - 1) <= nine && /^v?\d{1,2}$/.test(word)
const nine = 0x39

const affixWays = {
  claim: 'affix-claim',
  release: 'affix-release',
  platform: 'affix-platform',
  language: 'affix-language',
  praise: 'affix-praise',
  part: 'affix-part',
} as const satisfies Record<AffixClass, Way>

/** `axiosjs`, `axiosproxy`: the target and a word, written as one. */
function glued(targets: Targets, words: readonly string[], take: Take): void {
  const bare = words.join('')
  const [first, last] = [words[0] ?? '', words.at(-1) ?? '']
  for (let length = 1; length <= longestAffix; length++) {
    const rest = bare.length - length
    if (rest < 2) return
    if (length <= last.length - (words.length === 1 ? 2 : 1)) {
      const word = bare.slice(rest)
      const way = gluedWay(targets, word, false)
      if (way !== undefined)
        for (const place of called(targets, bare.slice(0, rest)).slice(0, most)) take({ place, way, word, mark: '' })
    }
    if (length <= first.length - (words.length === 1 ? 2 : 1)) {
      const word = bare.slice(0, length)
      const way = gluedWay(targets, word, true)
      if (way !== undefined)
        for (const place of called(targets, bare.slice(length)).slice(0, most)) take({ place, way, word, mark: '' })
    }
  }
}

const longestAffix = 11

/** Undefined for letters that are no word, or not one that is put there. */
function gluedWay(targets: Targets, word: string, isFirst: boolean): Way | undefined {
  const way = wayOfAffix(targets.knowledge, word, isFirst)
  if (way !== 'affix-other') return way
  if (word.length < 3) return undefined
  return targets.count(isFirst ? counted.usedFirst : counted.usedLast, word) >= 3 ? way : undefined
}

/** `body-parse` for `body-parser`: one word means the same. Longer ones are recognized within a word, too. */
function otherWords({ placeOf, knowledge }: Targets, name: string, take: Take): void {
  for (let at = 0; at < name.length - 1; at++)
    for (const word of knowledge.synonymsFrom.get(startOf(name, at)) ?? none) {
      if (!name.startsWith(word, at)) continue
      const isWord = isEdge(name, at - 1) && isEdge(name, at + word.length)
      if (!isWord && word.length < longEnoughWithin) continue
      for (const lost of knowledge.synonyms.get(word)!) {
        const place = placeOf(name.slice(0, at) + lost + name.slice(at + word.length))
        if (place !== undefined) take({ place, way: isWord ? 'synonym' : 'synonym-within', word, lost })
      }
    }
}

const none: readonly string[] = []
const longEnoughWithin = 4
const isEdge = (name: string, at: number): boolean => name[at] === undefined || '-_.'.includes(name[at]!)

/** `unicode-supported` for `is-unicode-supported`; `babel-plugin-fast-jsx` for `babel-plugin-inline-jsx`. */
function oneLess(targets: Targets, words: readonly string[], take: Take): void {
  if (words.length < 2) return
  for (const place of targets.find(under.lessOne, words.join('-')).slice(0, most)) {
    const theirs = wordsOf(targets.nameAt(place))
    const at = theirs.findIndex((word, index) => word !== words[index])
    if (theirs.length === words.length + 1 && theirs.toSpliced(at, 1).every((word, index) => word === words[index]))
      take({ place, way: 'word-dropped', lost: theirs[at]! })
  }
  if (words.length < 3) return
  for (const [at, word] of words.entries())
    for (const place of targets.find(under.lessOne, words.toSpliced(at, 1).join('-')).slice(0, most)) {
      const theirs = wordsOf(targets.nameAt(place))
      if (theirs.length === words.length && theirs.every((one, index) => index === at || one === words[index]))
        take({ place, way: 'word-replaced', word, lost: theirs[at]! })
    }
}
