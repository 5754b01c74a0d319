// Text from outside as Markdown that says only what it says. Entities don't stop a code host from linking @names, #1,
// GH-1 or commit ids, for it looks for them after they are decoded; in a code span it does not look. So plain words
// pass, by a list of what is plain, and everything else stands in code spans.

import { bounded, webAddress } from './text.ts'

/** A sentence; its own `code` stays code. Fits a table's cell and a list's item. */
export function prose(text: string, longest = 400): string {
  const parts = bounded(text, longest).split(/`([^`]+)`/)
  const tokens = parts.flatMap((part, index): Token[] =>
    index % 2 === 1 ? [{ text: part, strange: true }] : words(part),
  )
  return joined(tokens)
    .map(({ text, strange }) => (strange ? code(text, longest) : text))
    .join('')
}

/** A code span that nothing ends early: its fence is longer than any run of backticks within (CommonMark, 6.1). */
export function code(text: string, longest = 200): string {
  // A cell of a table ends at a bar, even within code, unless a backslash stands before it: so a lookalike stands in.
  const shown = bounded(text, longest).replaceAll('|', '∣').trim()
  if (shown === '') return '` `'
  const runs = shown.match(/`+/g) ?? []
  const fence = '`'.repeat(1 + runs.reduce((most, run) => Math.max(most, run.length), 0))
  const pad = /^`|`$/.test(shown) ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** A link, if the address is one that a browser may be sent to; `label` is ours. */
export function link(label: string, address: string): string {
  const url = webAddress(address)
  return url === undefined ? code(address) : `[${label}](${url.replace(/[_~]/g, '\\$&')})`
}

interface Token {
  readonly text: string
  readonly strange: boolean
}

const words = (text: string): Token[] =>
  text
    .split(/(\s+)/)
    .flatMap((word) => (isPlain(word) ? [word] : word.split(/^(["(]+)|([")]{0,2}[.,;:?!]*)$/)))
    .filter((part) => part !== undefined && part !== '')
    .map((part) => ({ text: part, strange: !isPlain(part) }))

/** Strange neighbours share one span: two spans side by side would be read as one with another end. */
function joined(tokens: readonly Token[]): Token[] {
  const all: Token[] = []
  for (const token of tokens) {
    const [before, last] = [all.at(-2), all.at(-1)]
    if (token.strange && last?.strange) all.splice(-1, 1, { text: last.text + token.text, strange: true })
    else if (token.strange && last?.text.trim() === '' && before?.strange)
      all.splice(-2, 2, { text: before.text + last.text + token.text, strange: true })
    else all.push(token)
  }
  return all
}

const isPlain = (word: string): boolean =>
  /^(?:\s*|["().,;:?!]+)$/.test(word) || (plainWord.test(word) && !looksLikeCommit.test(word)) || plainNumber.test(word)

/** Letters, joined by hyphens or an apostrophe, with a sentence's punctuation around them. */
const plainWord = /^["(]{0,2}[a-z]+(?:[-'’][a-z]+)*[")]{0,2}[.,;:?!]?["')]?$/i
const plainNumber = /^\(?(?:\d{1,6}|\d{4}-\d\d-\d\d)[,;:]?$/
const looksLikeCommit = /^\W*[0-9a-f]{7,}\W*$/i
