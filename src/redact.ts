// Redacted text is made here and nowhere else: previews of a secret, and excerpts in which every
// candidate is masked at birth, so that no later stage ever holds a secret's text.

import type { Redacted } from './types.ts'

const maskCharacter = '•'
const excerptBytes = 120

/** A span of bytes, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * A few characters by which its owner recognises a secret; a guessable one shows none, for six of eight
 * characters of a password are as good as the password.
 */
export function preview(value: string, strength: 'random' | 'guessable'): Redacted {
  if (strength === 'guessable' || value.length < 20) return maskCharacter.repeat(8) as Redacted
  const shown = Math.min(6, Math.floor(value.length / 8))
  return `${clean(value.slice(0, shown))}${maskCharacter.repeat(6)}${clean(value.slice(-2))}` as Redacted
}

/** Whether a preview gives nothing away: then its secret could be guessed, or is too short to show any of it. */
export const showsNothing = (shown: Redacted): boolean => shown === maskCharacter.repeat(8)

/**
 * The line of `text` (latin1: one character a byte) around `at`, at most 120 bytes of it, with every span masked.
 * Spans may overlap, and may begin or end outside the line.
 */
export function excerpt(text: string, at: Span, spans: readonly Span[]): Redacted {
  const lineStart = text.lastIndexOf('\n', at.start - 1) + 1
  const newline = text.indexOf('\n', at.start)
  const lineEnd = newline === -1 ? text.length : newline
  const from = Math.max(lineStart, at.start - excerptBytes / 3)
  const to = Math.min(lineEnd, from + excerptBytes)
  const shown = maskSpans(text.slice(from, to), from, [at, ...spans]).trim()
  return `${from > lineStart ? '…' : ''}${shown}${to < lineEnd ? '…' : ''}` as Redacted
}

/** A whole latin1 text (a path, an author) with the spans masked. */
export const masked = (text: string, spans: readonly Span[]): Redacted => maskSpans(text, 0, spans) as Redacted

/** Text from outside in which no secret was looked for, such as a manifest's line. Only control characters go. */
export const harmless = (text: string): Redacted => clean(text) as Redacted

function maskSpans(text: string, offset: number, spans: readonly Span[]): string {
  let shown = ''
  let position = 0
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = Math.max(span.start - offset, position)
    const end = Math.min(span.end - offset, text.length)
    if (end <= start) continue
    shown += decode(text.slice(position, start)) + maskCharacter.repeat(Math.min(8, end - start))
    position = end
  }
  return shown + decode(text.slice(position))
}

/**
 * Masks values that became known only after a text was shown: a password found in one file may stand in a comment of
 * another. Sees to parts of them too, where the text was cut.
 * @param values latin1; shorter ones than `shortestKnown` stand in ordinary text by chance and are left
 */
export function knownMasker(values: Iterable<string>): (text: Redacted) => Redacted {
  const heads = new Map<string, string[]>()
  const tails = new Map<string, string[]>()
  for (const value of new Set([...values].flatMap((value) => decode(value).split(/(?:\\u000[ad])+/)))) {
    if (value.length < shortestKnown) continue
    group(heads, value.slice(0, shortestKnown), value)
    group(tails, value.slice(-shortestKnown), value)
  }
  if (heads.size === 0) return (text) => text
  return (text) => {
    const last = text.endsWith('…') ? text.length - 1 : text.length
    const first = text.startsWith('…') ? 1 : 0
    const spans: Span[] = []
    for (let at = first; at + shortestKnown <= last; at++) {
      const piece = text.slice(at, at + shortestKnown)
      for (const value of heads.get(piece) ?? []) {
        const end = Math.min(last, at + value.length)
        if (value.startsWith(text.slice(at, end))) spans.push({ start: at, end })
      }
      const end = at + shortestKnown
      for (const value of tails.get(piece) ?? []) {
        const start = Math.max(first, end - value.length)
        if (start === first && value.endsWith(text.slice(start, end))) spans.push({ start, end })
      }
    }
    if (spans.length === 0) return text
    let shown = ''
    let position = 0
    for (const span of spans.sort((a, b) => a.start - b.start)) {
      if (span.end <= position) continue
      if (span.start >= position) shown += text.slice(position, span.start) + maskCharacter.repeat(8)
      position = span.end
    }
    return (shown + text.slice(position)) as Redacted
  }
}

const shortestKnown = 6

function group(groups: Map<string, string[]>, key: string, value: string): void {
  const known = groups.get(key)
  if (known) known.push(value)
  else groups.set(key, [value])
}

const decode = (latin1: string): string => clean(Buffer.from(latin1, 'latin1').toString('utf8'))

/**
 * What could rewrite a terminal, reorder a line or hide text is shown as its code point: controls, format characters
 * (bidirectional marks, the soft hyphen, tags), line and paragraph separators, and whatever Unicode lets a renderer
 * ignore (fillers, variation selectors but for the two of emoji). Tabs and line breaks are controls, too.
 */
export const clean = (text: string): string =>
  !printable.test(text) && unseen.test(text)
    ? text.replace(everyUnseen, (character) => codePoint(character.codePointAt(0)!))
    : text

/** Nearly all there is to show, and much faster told. */
const printable = /^[ -~]*$/
const unseenSet = String.raw`(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]`
const unseen = new RegExp(unseenSet, 'u')
const everyUnseen = new RegExp(unseenSet, 'gu')

const codePoint = (code: number): string => {
  const digits = code.toString(16)
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`
}
