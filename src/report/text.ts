// Text from outside, made fit for a format that has limits: visible, well-formed, bounded.

import { clean } from '../redact.ts'
import { urlOf } from '../url.ts'

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

/** An address that a browser may be sent to, without a character that Markdown or a strict reader stumbles over. */
export function webAddress(text: string): string | undefined {
  const url = /^https?:\/\//i.test(text) ? urlOf(text) : undefined
  if (url === undefined) return undefined
  const address = url.href.replace(/[^\w.!~$&'+,;=:/?#%-]/g, encodeURIComponent).replace(/[()*]/g, percent)
  return urlOf(address) && address
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
