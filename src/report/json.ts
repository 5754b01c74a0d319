// The Report as it is, for machines: schema 1, described by report.schema.json beside this file.

import type { Reporter } from '../types.ts'

export const json: Reporter = (report) => toJson(report)

/**
 * JSON, two spaces deep, with a newline at the end. Bidirectional and control characters are escaped, which is the
 * same text to every parser and cannot reorder a terminal's line. Half a surrogate pair, which strict parsers refuse,
 * becomes U+FFFD.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return `${needsCare.test(text) ? text.replace(odd, harmlessly) : text}\n`
}

/** Most reports need none, and a large one is not copied for nothing. */
const needsCare = /\\ud[89a-f]|[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

// Outside ASCII these stand only inside strings. JSON.stringify itself escapes lone surrogates: an escaped backslash
// is read with them, so that the text `\ud800` stays that text.
const odd = /\\\\|\\ud[89a-f][0-9a-f]{2}|[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const harmlessly = (found: string): string => {
  if (found === '\\\\') return found
  return found.length > 1 ? '\\ufffd' : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
}
