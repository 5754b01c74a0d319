// Colour as functions. Everything is painted, and the paint taken off again where colour is not wanted:
// so the two can never differ in anything else.

import { stripVTControlCharacters } from 'node:util'

/** SGR codes, on and off (ECMA-48, 8.3.117). */
const codes = {
  plain: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const

export type Look = keyof typeof codes

/** Paints each line by itself, so that a cell of a table stays painted where it wraps. */
export function paint(look: Look, text: string): string {
  const [on, off] = codes[look]
  return text
    .split('\n')
    .map((line) => `\u001b[${on}m${line}\u001b[${off}m`)
    .join('\n')
}

/** Safe on reports: text from outside holds no escape character any more (`clean`), so only our paint goes. */
export const withColor = (text: string, wanted: boolean): string => (wanted ? text : stripVTControlCharacters(text))
