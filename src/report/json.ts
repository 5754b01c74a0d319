// The Report as it is, for machines: schema 1, documented in the README.

import type { Reporter } from '../types.ts'

/** JSON, two spaces deep, with a newline at the end. Bidirectional and control characters are escaped, still valid JSON. */
export const json: Reporter = (report) => `${escapeInvisible(JSON.stringify(report, null, 2))}\n`

// Outside ASCII these stand only inside strings, where \\uXXXX means the same and cannot reorder a terminal's line.
const escapeInvisible = (text: string): string =>
  text.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
