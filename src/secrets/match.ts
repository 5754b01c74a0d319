// Raw matching: bytes in, candidates out. One automaton finds anchors and the words that names are made of; only
// around a hit does a pattern run, on a window cut at fixed distances from it. So a candidate is a pure function of
// the bytes in its [from, to]: a window that holds these bytes yields it as the whole text does, which is what lets
// the pack reader scan only what a delta adds. No paths, no opinions: filters.ts has those.

import type { Span } from '../redact.ts'
import type { Signature } from '../types.ts'
import { type Assignment, AssignmentReader, assignmentReach, longestValue } from './assignment.ts'
import { type Automaton, buildAutomaton } from './automaton.ts'
import { type GenericSignature, genericSignatures } from './generic.ts'
import { latin1 } from './latin1.ts'
import { requiredLiterals } from './literals.ts'

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
  /** Does the text hold the anchor of a rule that looks farther than `reach`? Then only a scan of the whole is exact. */
  needsWhole(bytes: Buffer): boolean
}

/** Bytes around an anchor that lookbehind and lookahead may read beyond what `before` and `after` say. */
const margin = 16
const defaultAfter = 256
/** A signature that looks farther (a PEM block) does not widen every window: texts with its anchor are read whole. */
const boundedReach = 1024

/** @param signatures as loadSignatures gives them; the generic rules are added here. */
export function createMatcher(signatures: readonly Signature[]): Matcher {
  const all = [...new Set<Signature>([...signatures, ...genericSignatures])]
  const probes = all.flatMap(probesOf)
  const byWord = new Map<string, Probe[]>()
  for (const probe of probes) {
    const word = probe.word.toLowerCase()
    const others = byWord.get(word)
    if (others) others.push(probe)
    else byWord.set(word, [probe])
  }
  const automaton = buildAutomaton([...byWord.keys()])
  const atWord = [...byWord.values()]
  const unbounded = probes.filter((probe) => probe.reach > boundedReach).map((probe) => probe.word)
  const bounded = probes.filter((probe) => probe.reach <= boundedReach).map((probe) => probe.reach)
  return {
    signatures: new Map(all.map((signature) => [signature.id, signature])),
    reach: {
      before: Math.max(assignmentReach.before, ...bounded),
      after: Math.max(assignmentReach.after, ...bounded),
    },
    match: (bytes, from = 0, to = bytes.length) => scan(automaton, atWord, bytes, from, to),
    needsWhole: (bytes) => unbounded.some((anchor) => bytes.includes(anchor, 0, 'latin1')),
  }
}

/** What to do where a word stands. */
type Probe = AnchorProbe | NameProbe

interface AnchorProbe {
  readonly kind: 'anchor'
  readonly word: string
  readonly signature: Signature
  readonly anchor: Buffer
  readonly before: number
  readonly after: number
  /** What lookbehind may read before that. */
  readonly lookBehind: number
  /** Indexed by the byte before the anchor: 0 where the pattern would refuse at once. */
  readonly mayPrecede: Uint8Array
  readonly reach: number
  /** Compiled when it is first needed: a run meets few of the providers. */
  readonly pattern: () => RegExp
}

interface NameProbe {
  readonly kind: 'name'
  readonly word: string
  readonly signature: Signature
  readonly reach: number
  /** Compiled when it is first needed: a run meets few of the providers. */
  readonly pattern: () => RegExp
}

function probesOf(signature: Signature): Probe[] {
  const { anchors, name, pattern, before = 0 } = signature
  if (anchors !== undefined) {
    const after = signature.after ?? defaultAfter
    const lookBehind = (isGeneric(signature) ? signature.lookBehind : undefined) ?? margin
    const reach = Math.max(before + lookBehind, after + margin)
    // Sticky where the pattern begins at the anchor; searched for where it may begin before it.
    const compiled = once(() => new RegExp(pattern.source, before === 0 ? 'dy' : 'dg'))
    const mayPrecede = precedingBytes(before === 0 ? pattern.source : '')
    const own = { signature, before, after, lookBehind, mayPrecede, reach, pattern: compiled }
    return anchors.map((word) => ({ kind: 'anchor', word, anchor: Buffer.from(word, 'latin1'), ...own }))
  }
  const whole = once(() => new RegExp(`^(?:${pattern.source})$`, 'd'))
  return requiredLiterals(name?.source ?? '').map((word) => ({
    kind: 'name',
    word,
    signature,
    reach: 0,
    pattern: whole,
  }))
}

const anyByte = new Uint8Array(256).fill(1)

/** Most patterns begin by refusing a class of bytes before them: asked here, it saves the window and the call. */
function precedingBytes(source: string): Uint8Array {
  const refused = /^\(\?<!(\[[^\\\]]+\])\)/.exec(source)?.[1]
  if (refused === undefined) return anyByte
  const inClass = new RegExp(refused)
  return Uint8Array.from(anyByte, (_, byte) => (inClass.test(String.fromCharCode(byte)) ? 0 : 1))
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function scan(
  automaton: Automaton,
  atWord: readonly (readonly Probe[])[],
  bytes: Buffer,
  from: number,
  to: number,
): Candidate[] {
  const found: Candidate[] = []
  const names = new NameReader(bytes)
  automaton.find(bytes, from, to, (word, start) => {
    const probes = atWord[word]!
    for (let i = 0; i < probes.length; i++) {
      const probe = probes[i]!
      if (probe.kind === 'anchor') runAnchor(probe, bytes, start, found)
      else if (!runName(probe, names.at(start + probe.word.length), found)) break
    }
  })
  return found
}

function runAnchor(probe: AnchorProbe, bytes: Buffer, at: number, found: Candidate[]): void {
  const { anchor, pattern, signature } = probe
  for (let i = 0; i < anchor.length; i++) if (bytes[at + i] !== anchor[i]) return
  if (at > 0 && probe.mayPrecede[bytes[at - 1]!] === 0) return
  const from = at - probe.before - probe.lookBehind
  const to = at + probe.after + margin
  const text = latin1(bytes, from, to)
  const offset = Math.max(0, from)
  const hit = at - offset
  const match =
    probe.before === 0 ? matchAt(pattern(), text, hit) : matchAround(pattern(), text, hit, anchor.length, probe.before)
  const span = match?.indices?.groups?.secret
  if (match === undefined || span === undefined || span[0] === span[1]) return
  const value = text.slice(span[0], span[1])
  if (isGeneric(signature) && !signature.accepts({ value })) return
  found.push({ rule: signature.id, start: offset + span[0], end: offset + span[1], from, to, value })
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** The first match that begins at most `before` bytes ahead of the anchor and holds it. */
function matchAround(
  pattern: RegExp,
  text: string,
  at: number,
  length: number,
  before: number,
): RegExpExecArray | undefined {
  for (let next = Math.max(0, at - before); next <= at; ) {
    const match = matchAt(pattern, text, next)
    if (match === undefined || match.index > at) return undefined
    if (match.index + match[0].length >= at + length) return match
    next = match.index + 1
  }
  return undefined
}

/** Answers false where no assignment stands: then no other probe of the same word needs to look. */
function runName(probe: NameProbe, reading: Reading | undefined, found: Candidate[]): boolean {
  if (reading === undefined) return false
  const { assignment, judged } = reading
  const { signature } = probe
  if (judged.includes(signature)) return true
  judged.push(signature)
  const span = judge(probe, assignment)
  if (span === undefined) return true
  const { start, from, to, name, form } = assignment
  const value = assignment.value.slice(span[0], span[1])
  found.push({ rule: signature.id, start: start + span[0], end: start + span[1], from, to, value, name, form })
  return true
}

/** Where in the assignment's value the secret stands. */
function judge({ signature, pattern }: NameProbe, assignment: Assignment): readonly [number, number] | undefined {
  const { value } = assignment
  if (isGeneric(signature)) return signature.accepts({ value, assignment }) ? [0, value.length] : undefined
  if (value.length > (signature.after ?? longestValue)) return undefined
  const match = pattern().exec(value)
  return match && signature.name!.test(assignment.name) ? match.indices?.groups?.secret : undefined
}

interface Reading {
  readonly assignment: Assignment
  /** Signatures that have judged it already, through another word of the same name. */
  readonly judged: Signature[]
}

/** Reads each assignment once, however many words its name holds: their hits come one after another. */
class NameReader {
  readonly #assignments: AssignmentReader
  #nameEnd = -1
  #reading: Reading | undefined

  constructor(bytes: Buffer) {
    this.#assignments = new AssignmentReader(bytes)
  }

  at(wordEnd: number): Reading | undefined {
    const nameEnd = this.#assignments.nameEnd(wordEnd)
    if (nameEnd === -1) return undefined
    if (nameEnd !== this.#nameEnd) {
      const assignment = this.#assignments.read(nameEnd)
      this.#nameEnd = nameEnd
      this.#reading = assignment && { assignment, judged: [] }
    }
    return this.#reading
  }
}

const isGeneric = (signature: Signature): signature is GenericSignature => 'accepts' in signature
