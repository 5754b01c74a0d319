// Where a settled candidate stands, in words a person can follow: line, column, and the line itself with every
// candidate on it masked, whatever the filters thought of it.

import { excerpt, masked, type Span } from '../redact.ts'
import type { Redacted } from '../types.ts'
import { latin1 } from './latin1.ts'
import type { Candidate, Matcher } from './match.ts'

export interface Place {
  /** From 1. */
  readonly line: number
  /** From 1, in bytes. */
  readonly column: number
  readonly excerpt: Redacted
}

/** Bytes to either side of a secret of which an excerpt can show anything. */
const shownBytes = 256
/** Values whose repetitions are looked for; a text with more distinct ones is a list of secrets, each a candidate. */
const mostRepeated = 100

/**
 * Finds places in one text. Ask for spans in the order they stand: lines are counted on from the last one.
 * @param candidates all of them, dropped ones too: each is masked wherever an excerpt shows it, and so is every
 *   repetition of its value.
 */
export function createPlaces(bytes: Buffer, candidates: readonly Candidate[]): (span: Span) => Place {
  const sorted = candidates.flatMap((one): Span[] => [one, ...(one.elsewhere ?? [])]).sort((a, b) => a.start - b.start)
  const longest = sorted.reduce((most, { start, end }) => Math.max(most, end - start), 0)
  const values = [...new Set(candidates.map(({ value }) => value))].slice(0, mostRepeated)
  const count = lineCounter(bytes)
  return (span) => {
    const { line, lineStart } = count(span.start)
    const from = Math.max(lineStart, span.start - shownBytes)
    const text = latin1(bytes, from, span.end + shownBytes)
    const spans = [...standingIn(sorted, from - longest, from + text.length), ...repetitions(text, values, from)]
    const shift = ({ start, end }: Span): Span => ({ start: start - from, end: end - from })
    const shown = excerpt(text, shift(span), spans.map(shift))
    return { line, column: span.start - lineStart + 1, excerpt: shown }
  }
}

/** Of spans sorted by their start those that start in [from, to): a bundle's one line may hold thousands. */
function standingIn<T extends Span>(sorted: readonly T[], from: number, to: number): readonly T[] {
  let low = 0
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1
    if (sorted[middle]!.start < from) low = middle + 1
    else high = middle
  }
  const near: T[] = []
  for (let i = low; i < sorted.length && sorted[i]!.start < to; i++) near.push(sorted[i]!)
  return near
}

/** A path or a name from outside with every candidate in it masked. */
export function maskedPath(matcher: Matcher, path: string | Buffer): Redacted {
  const bytes = typeof path === 'string' ? Buffer.from(path) : path
  return masked(bytes.toString('latin1'), matcher.match(bytes))
}

function lineCounter(bytes: Buffer): (at: number) => { line: number; lineStart: number } {
  let line = 1
  let lineStart = 0
  let lineEnd = -1
  return (at) => {
    if (at < lineStart) [line, lineStart, lineEnd] = [1, 0, -1]
    for (;;) {
      if (lineEnd < lineStart) lineEnd = endOfLine(bytes, lineStart)
      if (at <= lineEnd) return { line, lineStart }
      line++
      lineStart = lineEnd + 1
    }
  }
}

const endOfLine = (bytes: Buffer, from: number): number => {
  const newline = bytes.indexOf(10, from)
  return newline === -1 ? bytes.length : newline
}

/** Below this a value stands in ordinary text by chance. */
const shortestRepeated = 6

function repetitions(text: string, values: readonly string[], offset: number): Span[] {
  const spans: Span[] = []
  for (const value of values) {
    if (value.length < shortestRepeated) continue
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length))
      spans.push({ start: offset + at, end: offset + at + value.length })
  }
  return spans
}
