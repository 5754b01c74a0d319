// Where else does a value stand? Many values are looked for at once, in one pass over each text: two bytes rule most
// positions out, four choose the lengths worth a look, a table knows the values. No limit to how many there are.

import type { Span } from '../redact.ts'
import type { RedactedKind } from './stand-ins.ts'

export interface Place extends Span {
  readonly kind: RedactedKind
}

/** Shorter values stand in other words by chance: they count as whole words only, and below the least not at all. */
const shortestInside = 8
const shortest = 4

export class Values {
  readonly #kinds = new Map<string, RedactedKind>()
  readonly #lengths = new Map<string, number[]>()
  readonly #first = new Uint8Array(65_536)

  /** @param value latin1: one character a byte. The first kind given to a value stays. */
  add(value: string, kind: RedactedKind): void {
    if (value.length < shortest || this.#kinds.has(value)) return
    this.#kinds.set(value, kind)
    this.#first[value.charCodeAt(0) * 256 + value.charCodeAt(1)] = 1
    const start = value.slice(0, shortest)
    const lengths = this.#lengths.get(start)
    if (lengths === undefined) this.#lengths.set(start, [value.length])
    else if (!lengths.includes(value.length)) lengths.push(value.length)
  }

  /** Every occurrence, overlapping ones too. @param text latin1 */
  *in(text: string): Generator<Place> {
    for (let start = 0; start + shortest <= text.length; start++) {
      if (this.#first[text.charCodeAt(start) * 256 + text.charCodeAt(start + 1)] === 0) continue
      for (const length of this.#lengths.get(text.slice(start, start + shortest)) ?? []) {
        const end = start + length
        const kind = this.#kinds.get(text.slice(start, end))
        if (kind === undefined || end > text.length) continue
        const inside = kind === 'secret' && length >= shortestInside
        if (inside || !(isWord(text, start - 1) || isWord(text, end))) yield { start, end, kind }
      }
    }
  }
}

const isWord = (text: string, at: number): boolean => /[\w\x80-\xff]/.test(text[at] ?? ' ')

/** Beyond this a value is a document, and nobody writes it twice in different clothes. */
const longestEncoded = 1024

/** The other ways in which a value is often written, those that differ from it. @param value latin1 */
export function encodings(value: string): readonly string[] {
  if (value.length > longestEncoded) return []
  const plain = [value, unescaped(value)]
  const forms = plain.flatMap((form) => {
    const bytes = Buffer.from(form, 'latin1')
    const text = bytes.toString()
    const json = Buffer.from(JSON.stringify(text).slice(1, -1)).toString('latin1')
    return [form, json, json.replaceAll('/', '\\/'), percent(text), bytes.toString('hex'), ...base64(bytes)]
  })
  return [...new Set(forms)].filter((form) => form !== value && form.length >= shortestInside)
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value
  try {
    return Buffer.from(JSON.parse(`"${Buffer.from(value, 'latin1').toString()}"`) as string).toString('latin1')
  } catch {
    return value
  }
}

const percent = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whole, and as it stands within a longer run: three ways, by where it begins among three bytes. */
function base64(bytes: Buffer): string[] {
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const within = [1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // Characters that bits of the neighbours go into are not the value's alone.
    return shifted.slice(offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1)
  })
  const inner = bytes.length % 3 === 0 ? whole : whole.slice(0, -1)
  const all = [whole, inner, ...within].filter((form) => form.length >= 10)
  return [...all, ...all.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
}
