// Offset → line, column and an excerpt without anything that looks like a credential.

import { placesIn } from '../../project/sources/places.ts'
import { harmless } from '../../redact.ts'
import type { Redacted } from '../../types.ts'

export interface Place {
  readonly line: number
  readonly column: number
  readonly excerpt: Redacted
}

const longest = 120
/** Looked at for an excerpt: a command of a thousand names is shown by its end. */
const longestRead = 600

/** Gives the place of `text.slice(from, to)`, whose excerpt begins at `shownFrom`. Offsets may come in any order. */
export function placer(text: string): (from: number, to: number, shownFrom?: number) => Place {
  const placeOf = placesIn(text)
  return (from, to, shownFrom = from) => ({
    ...placeOf(from),
    excerpt: shown(text.slice(Math.max(shownFrom, to - longestRead), to)),
  })
}

/**
 * One line of at most 120 characters in which credentials of URLs, assigned values and long runs that mix letters and
 * digits are masked. What stays are words, names and versions.
 */
export function shown(text: string): Redacted {
  const line = text
    .slice(-longestRead)
    .replace(/\s+/g, ' ')
    .replace(/:\/\/[^/\s@]*@/g, '://••••@')
    .replace(/(_authToken|_auth|_password|token|secret|key)=\S+/gi, '$1=••••')
    .replace(/[\w+/=-]{20,}/g, (run) => (/\d/.test(run) && /[A-Za-z]{2}/.test(run) && mixes(run) ? '••••••••' : run))
  return harmless(line.length > longest ? `…${line.slice(line.length - longest)}` : line)
}

/** Letters and digits in turn, as no name has them: at least four changes between the two in one piece. */
const mixes = (run: string): boolean =>
  run.split(/[-/_]/).some((piece) => (piece.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g) ?? []).length >= 4)
