// Text from outside, made fit for a format that has limits: visible, well-formed, bounded.

import { clean } from '../redact.ts'

/**
 * Control and bidirectional characters shown, half surrogate pairs replaced, at most `longest` UTF-16 units.
 * Cut before it is cleaned too: a name may be megabytes long.
 */
export function bounded(text: string, longest: number): string {
  const shown = clean(wellFormed(text.slice(0, longest + 1)))
  return shown.length <= longest ? shown : `${wellFormed(shown.slice(0, longest - 1)).replace(/\ufffd$/, '')}…`
}

/** Strict readers refuse half a surrogate pair; UTF-8 cannot even write it. */
export const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
