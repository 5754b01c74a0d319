// Secrets that do not stand in a text as they are: encoded, two levels deep, or put together by the program. Every
// derived text knows which bytes of the original it came from, so that findings point there and excerpts mask them.
// A derived text is judged by what a provider's own literal proves; rules that go by names judge it where the whole
// of an assignment is known. What the plain match has found already is not found again.

import type { Span } from '../redact.ts'
import { type Decoding, decodings } from './decode.ts'
import { fold } from './fold.ts'
import { mayFold } from './fold-hint.ts'
import { genericSignatures } from './generic.ts'
import { secretManifestValues } from './manifest.ts'
import type { Candidate, Matcher } from './match.ts'

export interface Derived extends Decoding {
  /** How it is written in the original: `base64`, `hex in base64`, `array join`, `concatenation`, … */
  readonly how: string
  /** Is it an assignment whose whole value is known? Then every rule may judge it, else only a provider's literal. */
  readonly assignment: boolean
  /** Pieces of it that stand outside what `spanOf` gives: constants that an expression refers to. */
  readonly elsewhere: readonly Span[]
}

export interface DerivedCandidate extends Candidate {
  readonly how: string
  /** To be masked with [start, end): pieces of the value stand here. */
  readonly elsewhere: readonly Span[]
}

export interface DeriveOptions {
  /** Says whether the text is a script; without it the text itself has to look like one. */
  readonly path?: string | undefined
  /** What mayFold() says, if the caller has asked. */
  readonly folds?: boolean
  /** The most bytes that all derived texts may hold together. */
  readonly budget?: number
}

const smallestBudget = 64 * 1024
const largestBudget = 8 * 1024 * 1024

/** Is anything here encoded or put together? Costs a pass or two over the bytes; false for most texts. */
export function needsDerivation(bytes: Buffer, path?: string, folds = mayFold(bytes, path)): boolean {
  return folds || !secretManifestValues(bytes).next().done || !decodings(bytes).next().done
}

/** What the text says in other words: up to four times its size, and two levels deep. Pure; never throws. */
export function derive(bytes: Buffer, options: DeriveOptions = {}): Derived[] {
  const { path, folds = mayFold(bytes, path) } = options
  const { budget = Math.min(largestBudget, Math.max(smallestBudget, 4 * bytes.length)) } = options
  const found: Derived[] = []
  let left = budget
  const keep = (derived: Derived): boolean => {
    left -= derived.text.length
    if (left >= 0) found.push(derived)
    return left >= 0
  }
  for (const outer of firstLevel(bytes, folds)) {
    if (!keep(outer)) return found
    for (const inner of decodings(outer.text)) if (!keep(within(outer, inner))) return found
  }
  return found
}

function* firstLevel(bytes: Buffer, folds: boolean): Generator<Derived> {
  for (const value of secretManifestValues(bytes)) yield { ...value, assignment: true, elsewhere: [] }
  for (const decoding of decodings(bytes)) yield { ...decoding, assignment: false, elsewhere: [] }
  if (!folds) return
  for (const { start, end, value, how, name, elsewhere } of fold(bytes)) {
    const assignment = name !== undefined && !/["\\\n]/.test(value)
    const text = Buffer.from(assignment ? `${name} = "${value}"` : value, 'latin1')
    yield { text, how, assignment, elsewhere, spanOf: () => ({ start, end }) }
  }
}

function within(outer: Derived, inner: Decoding): Derived {
  return {
    text: inner.text,
    how: `${inner.how} in ${outer.how}`,
    assignment: false,
    elsewhere: outer.elsewhere,
    spanOf(start, end) {
      const span = inner.spanOf(start, end)
      return outer.spanOf(span.start, span.end)
    },
  }
}

/**
 * Candidates that only derived texts show, in places of the original. Their `from` and `to` lie outside of the text:
 * they depend on the whole of it.
 * @param plain what `matcher.match(bytes)` gave, if the caller has it
 */
export function deriveCandidates(
  matcher: Matcher,
  bytes: Buffer,
  path?: string,
  plain?: readonly Candidate[],
  folds = mayFold(bytes, path),
): DerivedCandidate[] {
  const found = derive(bytes, { path, folds }).flatMap((derived) => candidatesOf(matcher, bytes, derived))
  if (found.length === 0) return found
  const known = new Known(plain ?? matcher.match(bytes), matcher)
  return found.filter((candidate) => known.isNew(candidate))
}

/**
 * All candidates of one text, plain and derived. Derived ones come first: settle() keeps the first of equals. What a
 * generic rule sees in a Kubernetes Secret's base64 is left out, for the decoded value has been judged.
 */
export function matchDeeply(matcher: Matcher, bytes: Buffer, path?: string): readonly Candidate[] {
  return deepen(matcher, bytes, matcher.match(bytes), path)
}

/** The same, where the plain candidates are known. */
export function deepen(
  matcher: Matcher,
  bytes: Buffer,
  plain: readonly Candidate[],
  path?: string,
  folds = mayFold(bytes, path),
): readonly Candidate[] {
  if (!needsDerivation(bytes, path, folds)) return plain
  const derived = deriveCandidates(matcher, bytes, path, plain, folds)
  const judged = new Set([...secretManifestValues(bytes)].map(({ spanOf }) => spanOf(0, 0).start))
  return [...derived, ...plain.filter(({ rule, start }) => !(judged.has(start) && genericIds.has(rule)))]
}

function candidatesOf(matcher: Matcher, bytes: Buffer, derived: Derived): DerivedCandidate[] {
  return matcher
    .match(derived.text)
    .filter(({ rule }) => derived.assignment || speaksForItself(rule, matcher))
    .map((candidate) => ({
      ...candidate,
      ...derived.spanOf(candidate.start, candidate.end),
      from: -1,
      to: bytes.length + 1,
      how: derived.how,
      elsewhere: derived.elsewhere,
      ...(derived.assignment && { form: 'quoted' as const }),
    }))
}

const genericIds: ReadonlySet<string> = new Set(genericSignatures.map(({ id }) => id))

const speaksForItself = (rule: string, { signatures }: Matcher): boolean =>
  rule === 'url-credentials' || (!genericIds.has(rule) && signatures.get(rule)?.anchors !== undefined)

/** What is known already: values, by any rule, and places that a provider's rule explains. */
class Known {
  readonly #values: ReadonlySet<string>
  readonly #seen = new Set<string>()
  /** Sorted, without overlap. */
  readonly #explained: { start: number; end: number; value: string }[] = []

  constructor(plain: readonly Candidate[], matcher: Matcher) {
    this.#values = new Set(plain.map(({ value }) => value))
    for (const { rule, start, end, value } of [...plain].sort((a, b) => a.start - b.start)) {
      if (genericIds.has(rule) || !speaksForItself(rule, matcher)) continue
      const last = this.#explained.at(-1)
      if (last === undefined || start >= last.end) this.#explained.push({ start, end, value })
      else last.end = Math.max(last.end, end)
    }
  }

  isNew({ rule, value, start, end }: Candidate): boolean {
    const key = `${rule} ${start} ${value}`
    if (this.#values.has(value) || this.#seen.has(key)) return false
    this.#seen.add(key)
    let low = 0
    for (let high = this.#explained.length; low < high; ) {
      const middle = (low + high) >> 1
      if (this.#explained[middle]!.end <= start) low = middle + 1
      else high = middle
    }
    const place = this.#explained[low]
    // A piece that happens to be long enough for the rule does not hide the whole.
    return (
      place === undefined || place.start >= end || (value.length > place.value.length && value.includes(place.value))
    )
  }
}
