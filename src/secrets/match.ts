// Raw matching: bytes in, candidates out. One automaton finds anchors and the words that names are made of; only
// around a hit does a pattern run, on a window cut at fixed distances from it. So a candidate is a pure function of
// the bytes in its [from, to]: a window that holds these bytes yields it as the whole text does, which is what lets
// the pack reader scan only what a delta adds. No paths, no opinions: filters.ts has those.

import type { Span } from '../redact.ts'
import type { Signature } from '../types.ts'
import { type AnchorProbe, anchorProbes, runAnchor } from './anchored.ts'
import { type Assignment, assignmentReach } from './assignment.ts'
import { type Automaton, buildAutomaton } from './automaton.ts'
import { genericSignatures } from './generic.ts'
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
  /** No bounded candidate depends on more bytes than this before or behind the first byte of its anchor. */
  readonly reach: { readonly before: number; readonly after: number }
  /**
   * Candidates whose anchor begins in [from, to), by default anywhere; unordered, possibly overlapping. Text outside
   * [from, to) is read as context.
   */
  match(bytes: Buffer, from?: number, to?: number): Candidate[]
  /**
   * Does an anchor of a rule that looks farther than `reach` begin in [from, to), by default anywhere? Then only a scan
   * of the whole is exact.
   */
  needsWhole(bytes: Buffer, from?: number, to?: number): boolean
}

/** A signature that looks farther (a PEM block) does not widen every window: texts with its anchor are read whole. */
const boundedReach = 1024

/** @param signatures as loadSignatures gives them; the generic rules are added here. */
export function createMatcher(signatures: readonly Signature[]): Matcher {
  const all = [...new Set<Signature>([...signatures, ...genericSignatures])]
  const anchors = all.flatMap(anchorProbes)
  const words = wordsOf(anchors, all.flatMap(nameProbes))
  const automaton = buildAutomaton([...words.keys()])
  const atWord = [...words.values()]
  const unbounded = anchors.filter(({ reach }) => reach > boundedReach).map(({ word }) => word)
  const longestAnchor = Math.max(0, ...unbounded.map(({ length }) => length))
  const bounded = anchors.filter(({ reach }) => reach <= boundedReach).map(({ reach }) => reach)
  return {
    signatures: new Map(all.map((signature) => [signature.id, signature])),
    reach: {
      before: Math.max(assignmentReach.before, ...bounded),
      after: Math.max(assignmentReach.after, ...bounded),
    },
    match: (bytes, from = 0, to = bytes.length) => scan(automaton, atWord, bytes, from, to),
    needsWhole(bytes, from = 0, to = bytes.length) {
      const text = bytes.subarray(from, to + longestAnchor)
      return unbounded.some((anchor) => text.includes(anchor, 0, 'latin1'))
    },
  }
}

/** What to do where a word stands. */
interface Word {
  readonly length: number
  readonly anchors: readonly AnchorProbe[]
  readonly names: NamedWord | undefined
}

/** By the folded word, as the automaton finds it. */
function wordsOf(anchors: readonly AnchorProbe[], names: readonly NameProbe[]): Map<string, Word> {
  const anchorsAt = byWord(anchors)
  const namesAt = byWord(names)
  const words = [...new Set([...anchorsAt.keys(), ...namesAt.keys()])]
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

function scan(automaton: Automaton, atWord: readonly Word[], bytes: Buffer, from: number, to: number): Candidate[] {
  const found: Candidate[] = []
  const reader = new NameReader(bytes)
  automaton.find(bytes, from, to, (index, start) => {
    const { length, anchors, names } = atWord[index]!
    for (let i = 0; i < anchors.length; i++) runAnchor(anchors[i]!, bytes, start, found)
    if (names !== undefined) reader.run(names, start + length, found)
  })
  return found
}
