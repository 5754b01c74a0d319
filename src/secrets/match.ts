// Raw matching: bytes in, candidates out. One automaton finds anchors and the words that names are made of; only
// around a hit does a pattern run, on a window cut at fixed distances from it. So a candidate is a pure function of
// the bytes in its [from, to]: a window that holds these bytes yields it as the whole text does, which is what lets
// the pack reader scan only what a delta adds. No paths, no opinions: filters.ts has those.

import type { Span } from '../redact.ts'
import type { Signature } from '../types.ts'
import { type AnchorProbe, anchorProbes, runAnchor, standsAt } from './anchored.ts'
import { type Assignment, assignmentReach } from './assignment.ts'
import { buildAutomaton } from './automaton.ts'
import { foldWords } from './fold-hint.ts'
import { genericSignatures } from './generic.ts'
import { latin1 } from './latin1.ts'
import { requiredLiterals } from './literals.ts'
import { NamedWord, type NameProbe, NameReader, nameProbes } from './named.ts'

/** `start` and `end` are the secret's own bytes. */
export interface Candidate extends Span {
  /** The signature's id. */
  readonly rule: string
  /**
   * The bytes it depended on. They may begin before the text or end behind it: then it depended on where the text
   * begins or ends, and a window with other text there may say otherwise.
   */
  readonly from: number
  readonly to: number
  /** latin1: one character a byte. */
  readonly value: string
  /** The assignment's name, for a named or generic rule. */
  readonly name?: string
  /** How the value stood in its assignment. */
  readonly form?: Assignment['form']
  /** How the value was written, if it does not stand as it is: `base64`, `concatenation`. */
  readonly how?: string
  /** Pieces of it that stand outside of [start, end). */
  readonly elsewhere?: readonly Span[]
}

export interface Matcher {
  /** The signatures it was made from, generic ones included, by id. */
  readonly signatures: ReadonlyMap<string, Signature>
  /**
   * Candidates whose anchor begins in [from, to), by default anywhere; unordered, possibly overlapping. Text outside
   * [from, to) is read as context.
   */
  match(bytes: Buffer, from?: number, to?: number): Candidate[]
}

/** A matcher in two steps: where words stand, and what the rules say there. */
export interface WindowMatcher extends Matcher {
  /**
   * Adds a hit for every word that begins in [from, to): `start * hitStride` plus the word's number. The automaton
   * knows no case: of words that are anchors only, those in another case are left out.
   */
  hits(bytes: Buffer, from: number, to: number, into: number[]): void
  /** The candidates of these hits, ascending. */
  judge(bytes: Buffer, hits: Iterable<number>): Candidate[]
  /** By a word's number: the most bytes that its candidates depend on, before its first byte and from there on. */
  readonly reach: readonly { readonly before: number; readonly after: number }[]
  /** The most of all words. */
  readonly farthest: { readonly before: number; readonly after: number }
  readonly longestWord: number
  /** Which of `watched` stand in the text, written exactly so. @param hits of all of it */
  watched(bytes: Buffer, hits: Float64Array): ReadonlySet<string>
}

/** Words without a rule, that a look at all of the text would otherwise have to find. */
export const watched: readonly string[] = ['Secret', ...foldWords]

/** More than there are words; with it, a hit in a text of 64 MB is far from the last safe integer. */
export const hitStride = 65_536

export const startOf = (hit: number): number => Math.floor(hit / hitStride)
/** A remainder would take five times as long. */
export const wordOf = (hit: number): number => hit - Math.floor(hit / hitStride) * hitStride

/** @param signatures as loadSignatures gives them; the generic rules are added here. */
export function createMatcher(signatures: readonly Signature[]): WindowMatcher {
  const all = [...new Set<Signature>([...signatures, ...genericSignatures])]
  // What generic names are found by is found anyway.
  const generic = genericSignatures.flatMap(({ name }) => (name === undefined ? [] : requiredLiterals(name.source)))
  const sought = new Set(generic)
  const names = all.flatMap((signature) => nameProbes(signature, sought))
  const words = wordsOf(all.flatMap(anchorProbes), names)
  const automaton = buildAutomaton([...words.keys()])
  const spellings = [...words.keys()].map((word) => watched.filter((one) => one.toLowerCase() === word))
  const isWatched = Uint8Array.from(spellings, ({ length }) => length)
  const atWord = [...words.values()]
  const reach = atWord.map(reachOf)
  const exactly = atWord.map(({ anchors, names }) =>
    names === undefined && anchors.length > 0 ? anchors.map(({ anchor }) => anchor) : undefined,
  )
  return {
    signatures: new Map(all.map((signature) => [signature.id, signature])),
    match(bytes, from = 0, to = bytes.length) {
      const judge = new Judge(atWord, bytes)
      automaton.find(bytes, from, to, (word, start) => judge.at(word, start))
      return judge.found
    },
    hits(bytes, from, to, into) {
      automaton.find(bytes, from, to, (word, start) => {
        const exact = exactly[word]
        if (exact === undefined || exact.some((anchor) => standsAt(bytes, start, anchor)))
          into.push(start * hitStride + word)
      })
    },
    judge(bytes, hits) {
      const judge = new Judge(atWord, bytes)
      for (const hit of hits) judge.at(wordOf(hit), startOf(hit))
      return judge.found
    },
    watched(bytes, hits) {
      const found = new Set<string>()
      for (const hit of hits)
        if (isWatched[wordOf(hit)]! > 0)
          for (const one of spellings[wordOf(hit)]!)
            if (latin1(bytes, startOf(hit), startOf(hit) + one.length) === one) found.add(one)
      return found
    },
    reach,
    farthest: {
      before: Math.max(0, ...reach.map(({ before }) => before)),
      after: Math.max(0, ...reach.map(({ after }) => after)),
    },
    longestWord: Math.max(0, ...atWord.map(({ length }) => length)),
  }
}

/** What to do where a word stands. */
interface Word {
  readonly length: number
  readonly anchors: readonly AnchorProbe[]
  readonly names: NamedWord | undefined
}

function reachOf({ anchors, names }: Word): { before: number; after: number } {
  const reaches = anchors.map(({ reach }) => reach)
  return {
    before: Math.max(names === undefined ? 0 : assignmentReach.before, ...reaches),
    after: Math.max(names === undefined ? 0 : assignmentReach.after, ...reaches),
  }
}

/** By the folded word, as the automaton finds it. */
function wordsOf(anchors: readonly AnchorProbe[], names: readonly NameProbe[]): Map<string, Word> {
  const anchorsAt = byWord(anchors)
  const namesAt = byWord(names)
  const words = [...new Set([...anchorsAt.keys(), ...namesAt.keys(), ...watched.map((word) => word.toLowerCase())])]
  return new Map(
    words.map((word) => {
      const named = namesAt.get(word)
      return [word, { length: word.length, anchors: anchorsAt.get(word) ?? [], names: named && new NamedWord(named) }]
    }),
  )
}

function byWord<Probe extends { readonly word: string }>(probes: readonly Probe[]): Map<string, Probe[]> {
  const groups = new Map<string, Probe[]>()
  for (const probe of probes) {
    const word = probe.word.toLowerCase()
    const group = groups.get(word)
    if (group) group.push(probe)
    else groups.set(word, [probe])
  }
  return groups
}

/** What the rules say at the hits of one text; asked in ascending order, it reads each byte about once. */
class Judge {
  readonly found: Candidate[] = []
  readonly #words: readonly Word[]
  readonly #bytes: Buffer
  readonly #names: NameReader

  constructor(words: readonly Word[], bytes: Buffer) {
    this.#words = words
    this.#bytes = bytes
    this.#names = new NameReader(bytes)
  }

  at(word: number, start: number): void {
    const { length, anchors, names } = this.#words[word]!
    for (let i = 0; i < anchors.length; i++) runAnchor(anchors[i]!, this.#bytes, start, this.found)
    if (names !== undefined) this.#names.run(names, start + length, this.found)
  }
}
