// HTML that says only what it says: whatever is put into the template is text, unless the template itself made it.

import { bounded } from '../text.ts'

/** Markup of ours. Text from outside never becomes one: only `html` makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | undefined | false | Html | readonly Html[]

/** Text is bounded, freed of control characters and escaped; `undefined` and `false` are nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = template[0]!
  for (const [index, part] of parts.entries()) text += markupOf(part) + template[index + 1]!
  return new Html(text)
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escaped(bounded(String(part), longest))
}

const longest = 2000

/** Safe as content and within quotes of either kind. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A sentence of ours, in which `code` stands between backticks. */
export const prose = (text: string): Html => html`${text.split(/`([^`]+)`/).map(codeOrText)}`

const codeOrText = (part: string, index: number): Html => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`)

/** ISO 8601 as a day; whatever else it may be, as text. */
export const day = (time: string): Html =>
  /^\d{4}-\d\d-\d\d/.test(time) ? html`<time datetime="${time}">${time.slice(0, 10)}</time>` : html`${time}`
