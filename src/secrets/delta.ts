// What a delta changes for the matcher. Words that stand in a copied run are taken over from the base, and so are
// candidates that lie within one: only the rules of words that are new, or near to a joint between two runs, are asked
// again. Exactly what matchDeeply() of the whole yields; texts that hold something encoded or put together are
// derived whole.

import type { Copy } from '../git/pack/delta.ts'
import type { Span } from '../redact.ts'
import { deepen, matchDeeply } from './derive.ts'
import { derivationHints, type Hints, noHints } from './hints.ts'
import { type Candidate, hitStride, type WindowMatcher } from './match.ts'
import { decodeText } from './text.ts'

/** What is known of one object; others may be made of it. */
export interface Known {
  readonly size: number
  /** As the matcher gives them, ascending; undefined where the text is not matched as its bytes stand. */
  readonly hits: Float64Array | undefined
  /** By `from`, those of the text as it stands. */
  readonly plain: readonly Candidate[]
  readonly hints: Hints
  /** All of them, those of derived texts too. */
  readonly candidates: readonly Candidate[]
}

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
  return known(matcher, bytes, hits, plain, derivationHints(bytes, [{ start: 0, end: bytes.length }], noHints))
}

const recoded = (matcher: WindowMatcher, text: Buffer, size: number): Known => ({
  size,
  hits: undefined,
  plain: [],
  hints: noHints,
  candidates: matchDeeply(matcher, text),
})

function known(
  matcher: WindowMatcher,
  bytes: Buffer,
  hits: Float64Array,
  plain: readonly Candidate[],
  hints: Hints,
): Known {
  const candidates = hints === noHints ? plain : deepen(matcher, bytes, plain)
  return { size: bytes.length, hits, plain, hints, candidates }
}

function changed(matcher: WindowMatcher, bytes: Buffer, base: Known, copies: readonly Copy[]): Known {
  const runs = copies.map((copy) => runOf(copy, base.size, bytes.length))
  const hits: number[] = []
  const near: number[] = []
  for (const run of runs) takeOver(run, base.hits!, matcher, hits, near)
  for (const { start, end } of gaps(runs, matcher.longestWord, bytes.length)) {
    const known = hits.length
    matcher.hits(bytes, start, end, hits)
    for (let i = known; i < hits.length; i++) near.push(hits[i]!)
  }
  const kept = base.plain.length === 0 ? [] : runs.flatMap((run) => candidatesIn(run, base.plain))
  const fresh = near.length === 0 ? [] : matcher.judge(bytes, sorted(near))
  const plain = kept.length === 0 ? fresh.sort(byPlace) : distinct([...kept, ...fresh])
  const hints = derivationHints(bytes, edits(runs, bytes.length), base.hints)
  return known(matcher, bytes, sorted(hits), plain, hints)
}

/** A copy, and how far a rule may look at its ends: without bound where both texts begin or end there. */
interface Run extends Copy {
  readonly begins: boolean
  readonly ends: boolean
}

const runOf = ({ from, to, length }: Copy, baseSize: number, size: number): Run => ({
  from,
  to,
  length,
  begins: from === 0 && to === 0,
  ends: from + length === baseSize && to + length === size,
})

/** Adds the words that stand in the run to `hits`, and to `near` those whose rules may look beyond it. */
function takeOver(run: Run, old: Float64Array, matcher: WindowMatcher, hits: number[], near: number[]): void {
  const by = run.to - run.from
  const end = run.from + run.length
  const last = run.ends ? end : end - matcher.longestWord
  for (let i = firstFrom(old, run.from); i < old.length && old[i]! < last * hitStride; i++) {
    const hit = old[i]! + by * hitStride
    const start = Math.floor(old[i]! / hitStride)
    const { before, after } = matcher.reach[hit % hitStride]!
    hits.push(hit)
    if ((run.begins || start - before >= run.from) && (run.ends || start + after <= end)) continue
    near.push(hit)
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

/** What is found again near a joint may have been taken over too. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const byKey = new Map(candidates.map((one) => [`${one.rule} ${one.start} ${one.end} ${one.from} ${one.to}`, one]))
  return [...byKey.values()].sort(byPlace)
}

const byPlace = (a: Candidate, b: Candidate): number =>
  a.from - b.from || a.to - b.to || a.start - b.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)

const sorted = (hits: readonly number[]): Float64Array => Float64Array.from(hits).sort()

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
