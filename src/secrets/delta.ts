// What a delta changes for the matcher. Words that stand in a copied run are taken over from the base, and so are
// candidates that lie within one: only the rules of words that are new, or near to a joint between two runs, are asked
// again. Exactly what matchDeeply() of the whole yields; texts that hold something encoded or put together are
// derived whole.

import type { Copy } from '../git/pack/delta.ts'
import type { Span } from '../redact.ts'
import { deepen, matchDeeply } from './derive.ts'
import { beginsAnew, type Chain, chainsIn, folds, isProgram } from './fold-hint.ts'
import { holdsEncoded } from './hints.ts'
import { type Candidate, hitStride, type Matcher, startOf, type WindowMatcher, wordOf } from './match.ts'
import { decodeText } from './text.ts'

/** What is known of one object; others may be made of it. */
export interface Known {
  readonly size: number
  /** As the matcher gives them, ascending; undefined where the text is not matched as its bytes stand. */
  readonly hits: Float64Array | undefined
  /** By `from`, those of the text as it stands. */
  readonly plain: readonly Candidate[]
  /** Whether it may hold something encoded. */
  readonly encoded: boolean
  /** Literals that may be pieces of a secret; undefined where it cannot be a program. */
  readonly chains: readonly Chain[] | undefined
  /** All of them, those of derived texts too. */
  readonly candidates: readonly Candidate[]
}

/**
 * Where rules found something, [from, to) after [from, to): whoever reads the text again need not look elsewhere.
 * Undefined where they found something that does not stand in the text as it is.
 */
export type Spots = readonly number[] | undefined

export interface Origin {
  /** Of the base. */
  readonly state: Known
  /** In the order of where they go. */
  readonly copies: readonly Copy[]
}

/** @param from what the object was made of; without it all of it is matched */
export function matchDelta(matcher: WindowMatcher, bytes: Buffer, from?: Origin): Known {
  const text = decodeText(bytes)
  if (text !== bytes) return recoded(matcher, text, bytes.length)
  return from?.state.hits === undefined ? whole(matcher, bytes) : changed(matcher, bytes, from.state, from.copies)
}

function whole(matcher: WindowMatcher, bytes: Buffer): Known {
  const found: number[] = []
  matcher.hits(bytes, 0, bytes.length, found)
  const hits = sorted(found)
  const plain = matcher.judge(bytes, hits).sort(byPlace)
  const encoded = holdsEncoded(bytes, [{ start: 0, end: bytes.length }])
  const chains = isProgram(bytes) ? chainsIn(bytes, 0, bytes.length) : undefined
  return known(matcher, bytes, { hits, plain, encoded, chains })
}

const recoded = (matcher: WindowMatcher, text: Buffer, size: number): Known => ({
  size,
  hits: undefined,
  plain: [],
  encoded: false,
  chains: undefined,
  candidates: matchDeeply(matcher, text),
})

type Plain = Pick<Known, 'hits' | 'plain' | 'encoded' | 'chains'>

function known(matcher: WindowMatcher, bytes: Buffer, found: Plain): Known {
  const { hits, plain, encoded, chains } = found
  const words = matcher.watched(bytes, hits!)
  const folded = chains !== undefined && folds(bytes, chains, (word) => words.has(word))
  const derives = encoded || folded || words.has('Secret')
  const candidates = derives ? deepen(matcher, bytes, plain, undefined, folded) : plain
  // A guess that was wrong would cost every descendant a look at all of its text.
  return { ...found, size: bytes.length, encoded: encoded && candidates !== plain, candidates }
}

function changed(matcher: WindowMatcher, bytes: Buffer, base: Known, copies: readonly Copy[]): Known {
  const runs = copies.map((copy) => runOf(copy, base, bytes.length, matcher.longestWord))
  const found: number[] = []
  for (const { start, end } of gaps(runs, matcher.longestWord, bytes.length)) matcher.hits(bytes, start, end, found)
  const { hits, near } = merged(base.hits!, runs, sorted(found), matcher)
  const kept = base.plain.length === 0 ? [] : runs.flatMap((run) => candidatesIn(run, base.plain))
  const judged = near.length === 0 ? [] : matcher.judge(bytes, near)
  const plain = kept.length === 0 ? judged.sort(byPlace) : distinct([...kept, ...judged])
  const encoded = base.encoded || holdsEncoded(bytes, edits(runs, bytes.length))
  const chains = isProgram(bytes) ? changedChains(bytes, runs, base.chains) : undefined
  return known(matcher, bytes, { hits, plain, encoded, chains })
}

/** A copy, and how far a rule may look at its ends: without bound where both texts begin or end there. */
interface Run extends Copy {
  readonly begins: boolean
  readonly ends: boolean
  /** Which of the base's hits stand in it whole: [first, last). */
  readonly first: number
  readonly last: number
}

function runOf({ from, to, length }: Copy, base: Known, size: number, longest: number): Run {
  const begins = from === 0 && to === 0
  const ends = from + length === base.size && to + length === size
  // Minified files are made of hundreds of runs in which no word has room.
  if (length <= longest && !ends) return { from, to, length, begins, ends, first: 0, last: 0 }
  const first = firstFrom(base.hits!, from)
  const last = Math.max(first, firstFrom(base.hits!, ends ? base.size : from + length - longest))
  return { from, to, length, begins, ends, first, last }
}

/**
 * All hits of the text: those of runs, moved, and the fresh ones of gaps; and of them those whose rules may look at
 * what is new. A run's words begin where the gap before it has ended, so neither needs to be sorted.
 */
function merged(
  old: Float64Array,
  runs: readonly Run[],
  fresh: Float64Array,
  matcher: WindowMatcher,
): { hits: Float64Array; near: readonly number[] } {
  let count = fresh.length
  for (const { first, last } of runs) count += last - first
  const hits = new Float64Array(count)
  const near: number[] = []
  let filled = 0
  let next = 0
  const addFresh = (before: number): void => {
    for (; next < fresh.length && fresh[next]! < before; next++) {
      hits[filled++] = fresh[next]!
      near.push(fresh[next]!)
    }
  }
  for (const run of runs) {
    addFresh(run.to * hitStride)
    takeOver(run, old, matcher, hits, filled, near)
    filled += run.last - run.first
  }
  addFresh(Number.POSITIVE_INFINITY)
  return { hits, near }
}

function takeOver(
  run: Run,
  old: Float64Array,
  matcher: WindowMatcher,
  hits: Float64Array,
  at: number,
  near: number[],
): void {
  const { from, length, first, last } = run
  if (first === last) return
  const by = (run.to - from) * hitStride
  if (by === 0) hits.set(old.subarray(first, last), at)
  else for (let i = first; i < last; i++) hits[at + i - first] = old[i]! + by
  if (!run.begins) {
    const far = Math.min(last, firstFrom(old, from + matcher.farthest.before))
    for (let i = first; i < far; i++)
      if (startOf(old[i]!) - matcher.reach[wordOf(old[i]!)]!.before < from) near.push(old[i]! + by)
  }
  if (run.ends) return
  const end = from + length
  for (let i = Math.max(first, firstFrom(old, end - matcher.farthest.after)); i < last; i++) {
    const { before, after } = matcher.reach[wordOf(old[i]!)]!
    const start = startOf(old[i]!)
    // Those near to the beginning are there already.
    if (start + after > end && (run.begins || start - before >= from)) near.push(old[i]! + by)
  }
}

/** Where something `longest` bytes long may begin and not lie within one run: ascending, without overlap. */
function gaps(runs: readonly Run[], longest: number, size: number): Span[] {
  const all: Span[] = []
  let at = 0
  for (const { to, length, ends } of runs) {
    if (to > at) all.push({ start: at, end: to })
    at = ends ? size : Math.max(to, to + length - longest)
  }
  if (at < size) all.push({ start: at, end: size })
  return all
}

/** All that was inserted, and a byte to either side of where something was left out. */
function edits(runs: readonly Run[], size: number): Span[] {
  const [first] = runs
  const cut = first !== undefined && first.to === 0 && !first.begins
  return [...(cut ? [{ start: 0, end: 1 }] : []), ...gaps(runs, 1, size)]
}

/** Candidates of the base that depended on nothing but the run. */
function candidatesIn(run: Run, old: readonly Candidate[]): Candidate[] {
  const by = run.to - run.from
  const end = run.from + run.length
  const found: Candidate[] = []
  for (const candidate of old) {
    if (candidate.from >= end) break
    const { start, from, to } = candidate
    if ((from < run.from && !run.begins) || (to > end && !run.ends)) continue
    found.push(
      by === 0 ? candidate : { ...candidate, start: start + by, end: candidate.end + by, from: from + by, to: to + by },
    )
  }
  return found
}

/** Of runs, those between two places where chains begin anew, moved; the rest is read. */
function changedChains(bytes: Buffer, runs: readonly Run[], old: readonly Chain[] | undefined): readonly Chain[] {
  if (old === undefined) return chainsIn(bytes, 0, bytes.length)
  const found: Chain[] = []
  let done = 0
  let next = 0
  for (const { from, to, length, begins, ends } of runs) {
    const end = to + length
    let first = to
    if (!begins)
      do first++
      while (first < end && !beginsAnew(bytes, first))
    let last = end
    if (!ends)
      do last--
      while (last > first && !beginsAnew(bytes, last))
    if (last <= first) continue
    for (const chain of chainsIn(bytes, done, first)) found.push(chain)
    const by = to - from
    // Runs go on in the base where the last one ended, but for what was moved.
    while (next > 0 && old[next - 1]!.start >= first - by) next--
    while (next < old.length && old[next]!.start < first - by) next++
    for (; next < old.length && old[next]!.start < last - by; next++) {
      const chain = old[next]!
      found.push(by === 0 ? chain : { ...chain, start: chain.start + by, end: chain.end + by })
    }
    done = last
  }
  for (const chain of chainsIn(bytes, done, bytes.length)) found.push(chain)
  return found
}

/** What is found again near a joint may have been taken over too. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const byKey = new Map(candidates.map((one) => [`${one.rule} ${one.start} ${one.end} ${one.from} ${one.to}`, one]))
  return [...byKey.values()].sort(byPlace)
}

const byPlace = (a: Candidate, b: Candidate): number =>
  a.from - b.from || a.to - b.to || a.start - b.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)

const sorted = (hits: readonly number[]): Float64Array => Float64Array.from(hits).sort()

/** Of an object that holds candidates. */
export function spotsOf({ size, hits, plain, candidates }: Known): Spots {
  if (hits === undefined || candidates.length !== plain.length || candidates.some(({ how }) => how !== undefined))
    return undefined
  const spots: number[] = []
  for (const { from, to } of plain) {
    if (spots.length > 0 && from <= spots.at(-1)!) spots.push(Math.max(spots.pop()!, Math.min(size, to)))
    else spots.push(Math.max(0, from), Math.min(size, to))
  }
  return spots
}

/** All candidates of a text whose spots are known. */
export function matchAgain(matcher: Matcher, bytes: Buffer, spots: readonly number[]): Candidate[] {
  const found: Candidate[] = []
  for (let i = 0; i < spots.length; i += 2)
    for (const candidate of matcher.match(bytes, spots[i], spots[i + 1])) found.push(candidate)
  return found
}

/** Where the hits from `start` on begin. */
function firstFrom(hits: Float64Array, start: number): number {
  let low = 0
  for (let high = hits.length; low < high; ) {
    const middle = (low + high) >>> 1
    if (hits[middle]! < start * hitStride) low = middle + 1
    else high = middle
  }
  return low
}
