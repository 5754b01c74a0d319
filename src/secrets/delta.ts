// What a delta changes for the matcher: candidates that lie within one copied run are taken over from the base, and
// only what is new, or near to a joint between two runs, is matched again. Exactly what a match of the whole yields.
// Rules that look farther, and texts that hold something encoded or put together, are matched whole; hints that tell
// them are handed down, and looked for only where a delta changes something.

import type { Copy } from '../git/pack/delta.ts'
import { deepen } from './derive.ts'
import { type DerivationHints, derivationHints, noHints } from './hints.ts'
import type { Candidate, Matcher } from './match.ts'
import { decodeText } from './text.ts'

/** What is known of one object; its children may begin from it. */
export interface Known {
  readonly size: number
  /** Ordered by `from`, plain ones; undefined where the text is not matched as its bytes stand. */
  readonly plain: readonly Candidate[] | undefined
  /** Does it hold the anchor of a rule that looks farther than the matcher's reach? */
  readonly far: boolean
  readonly hints: DerivationHints
  /** All that matchDeeply() gives. */
  readonly candidates: readonly Candidate[]
}

export function createDeltaMatcher(matcher: Matcher): DeltaMatcher {
  return new DeltaMatcher(matcher)
}

export class DeltaMatcher {
  readonly #matcher: Matcher

  constructor(matcher: Matcher) {
    this.#matcher = matcher
  }

  /** @param from the base it was made of, and what it copied; without it all of the object is matched */
  match(bytes: Buffer, from?: { readonly state: Known; readonly copies: readonly Copy[] }): Known {
    const text = decodeText(bytes)
    if (text !== bytes) return this.#recoded(bytes, text)
    const base = from?.state.plain === undefined ? undefined : from
    if (base === undefined) return this.#whole(bytes)
    const { before, after } = this.#matcher.reach
    const changed = changes(base.copies, base.state.size, bytes.length, before, after)
    const far = base.state.far || changed.some(({ from, to }) => this.#matcher.needsWhole(bytes, from, to))
    const hints = changed.reduce((known, { from, to }) => derivationHints(bytes, from, to, known), base.state.hints)
    const plain = far ? this.#plain(bytes) : this.#inherited(bytes, base, changed)
    return this.#known(bytes, plain, far, hints)
  }

  #whole(bytes: Buffer): Known {
    const far = this.#matcher.needsWhole(bytes)
    return this.#known(bytes, this.#plain(bytes), far, derivationHints(bytes, 0, bytes.length, noHints))
  }

  #recoded({ length: size }: Buffer, text: Buffer): Known {
    const candidates = deepen(this.#matcher, text, this.#matcher.match(text))
    return { size, plain: undefined, far: false, hints: noHints, candidates }
  }

  #known(bytes: Buffer, plain: readonly Candidate[], far: boolean, hints: DerivationHints): Known {
    const candidates = hints === noHints ? plain : deepen(this.#matcher, bytes, plain)
    return { size: bytes.length, plain, far, hints, candidates }
  }

  #plain = (bytes: Buffer): Candidate[] => this.#matcher.match(bytes).sort(byPlace)

  #inherited(
    bytes: Buffer,
    { state, copies }: { readonly state: Known; readonly copies: readonly Copy[] },
    changed: readonly Change[],
  ): readonly Candidate[] {
    const old = state.plain ?? []
    const fresh = changed.flatMap(({ from, to }) => this.#matcher.match(bytes, from, to))
    if (old.length === 0) return fresh.sort(byPlace)
    const kept = old.flatMap((candidate) => {
      const copy = copies.find((copy) => holds(copy, candidate, state.size, bytes.length))
      return copy === undefined ? [] : [moved(candidate, copy.to - copy.from)]
    })
    return distinct([...kept, ...fresh])
  }
}

interface Change {
  readonly from: number
  readonly to: number
}

/**
 * Where an anchor may begin whose surroundings do not lie within one copied run: ascending, without overlap. A run at
 * the beginning or the end of both texts has nothing beyond it in either.
 */
export function changes(
  copies: readonly Copy[],
  baseSize: number,
  size: number,
  before: number,
  after: number,
): Change[] {
  const all: Change[] = []
  let at = 0
  for (const copy of copies) {
    const from = copy.from === 0 && copy.to === 0 ? 0 : copy.to + before
    const to = endsBoth(copy, baseSize, size) ? size : copy.to + copy.length - after
    if (from >= to) continue
    if (from > at) all.push({ from: at, to: from })
    at = to
  }
  if (at < size) all.push({ from: at, to: size })
  return all
}

const endsBoth = ({ from, to, length }: Copy, baseSize: number, size: number): boolean =>
  from + length === baseSize && to + length === size

/** Do all bytes that a candidate of the base depended on stand in the copy, the text's own ends among them? */
function holds(copy: Copy, { from, to }: Candidate, baseSize: number, size: number): boolean {
  const begins = from >= copy.from || (copy.from === 0 && copy.to === 0)
  return begins && from < copy.from + copy.length && (to <= copy.from + copy.length || endsBoth(copy, baseSize, size))
}

function moved(candidate: Candidate, by: number): Candidate {
  if (by === 0) return candidate
  const { start, end, from, to } = candidate
  return { ...candidate, start: start + by, end: end + by, from: from + by, to: to + by }
}

/** What is found again near a joint may have been taken over too. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const byKey = new Map(candidates.map((one) => [`${one.rule} ${one.start} ${one.end} ${one.from} ${one.to}`, one]))
  return [...byKey.values()].sort(byPlace)
}

const byPlace = (a: Candidate, b: Candidate): number =>
  a.from - b.from || a.to - b.to || a.start - b.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
