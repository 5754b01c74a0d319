// The Report as it is, for machines: schema 1, described by report.schema.json beside this file. Written piece by
// piece: a hundred thousand findings as one text would be several times as large as the report itself.

import type { Reporter } from '../types.ts'

export const json: Reporter = (report) => jsonPieces(report, 2)

/**
 * JSON, two spaces deep, with a newline at the end. Bidirectional and control characters are escaped, which is the
 * same text to every parser and cannot reorder a terminal's line. Half a surrogate pair, which strict parsers refuse,
 * becomes U+FFFD.
 * @param unfolded lists and objects this deep are written entry by entry, what is deeper at once
 */
export function* jsonPieces(value: unknown, unfolded: number): Generator<string> {
  let piece = ''
  for (const part of parts(value, '', unfolded)) {
    piece += part
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield `${piece}\n`
}

/** UTF-16 units: small beside a report, large beside the cost of writing it. */
const pieceLength = 65_536

function* parts(value: unknown, indent: string, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield leaf(value, indent)
    return
  }
  // What can be walked is a list, also one whose entries are only made on the way.
  const [open, close] = Symbol.iterator in value ? '[]' : '{}'
  let before = `${open}\n`
  for (const [name, one] of entriesOf(value)) {
    yield `${before}${indent}  ${name}`
    yield* parts(one, `${indent}  `, depth - 1)
    before = ',\n'
  }
  yield before === ',\n' ? `\n${indent}${close}` : `${open}${close}`
}

function* entriesOf(value: object): Generator<readonly [name: string, value: unknown]> {
  if (Symbol.iterator in value) for (const one of value as Iterable<unknown>) yield ['', one]
  else for (const [key, one] of Object.entries(value)) if (one !== undefined) yield [`${leaf(key, '')}: `, one]
}

function leaf(value: unknown, indent: string): string {
  // Breaks stand between entries only: within strings they are escaped. What JSON has no word for, as undefined in a
  // list, is null.
  const text = JSON.stringify(value, null, 2) ?? 'null'
  const shown = needsCare.test(text) ? text.replace(odd, harmlessly) : text
  return indent === '' ? shown : shown.replaceAll('\n', `\n${indent}`)
}

/** Most texts need none. Format characters may be two units long, hence `u`. */
const needsCare = /\\ud[89a-f]|(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

// Outside ASCII these stand only inside strings. JSON.stringify itself escapes lone surrogates: an escaped backslash
// is read with them, so that the text `\ud800` stays that text.
const odd = /\\\\|\\ud[89a-f][0-9a-f]{2}|(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const harmlessly = (found: string): string => {
  if (found === '\\\\') return found
  if (found.startsWith('\\')) return '\\ufffd'
  return Array.from(
    { length: found.length },
    (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')
}
