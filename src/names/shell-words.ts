// Shell text as simple commands of words with their places: quotes, escapes, comments, redirections and continued
// lines as POSIX shells read them. Nothing is expanded or run; `$NAME` stays as it is written.

export interface ShellWord {
  /** Without its quotes. */
  readonly text: string
  /** Offset of its first character in the whole text; of a quoted word the quote. */
  readonly at: number
  /** Offset after its last character. */
  readonly end: number
  /** Some of it was quoted: then it is no keyword and no operator. */
  readonly quoted: boolean
}

/** More is no command line that anybody typed. */
const mostCharacters = 100_000

/** Nested substitutions beyond this depth are left unread. */
const deepest = 4

/**
 * The simple commands of a line, or of several: split at `&&`, `||`, `;`, `|`, `&`, line ends and parentheses. What
 * stands in `$(…)` and in backquotes is a command of its own. Takes linear time, and any text.
 */
export function shellCommands(text: string, depth = 0): ShellWord[][] {
  const commands: ShellWord[][] = []
  let words: ShellWord[] = []
  let at = 0
  const end = Math.min(text.length, mostCharacters)
  const close = (): void => {
    if (words.length > 0) commands.push(words)
    words = []
  }
  while (at < end) {
    const character = text[at]!
    const lineEnd = continued(text, at)
    if (lineEnd > 0) at += lineEnd
    else if (isBlank(character)) at++
    else if (character === '#') at = endOfLine(text, at)
    else if (isRedirection(text, at)) at = afterRedirection(text, at, end)
    else if (separators.has(character) || (character === '$' && text[at + 1] === '(')) {
      close()
      at += character === '$' ? 2 : 1
    } else {
      const read = readWord(text, at, end)
      // The `2` of `2>&1` belongs to the redirection, so does the `{log}` of `{log}>x`.
      if (!(/^(?:\d+|\{\w+\})$/.test(read.word.text) && /[<>]/.test(text[read.next] ?? ''))) words.push(read.word)
      if (depth < deepest)
        for (const inner of read.substitutions) {
          for (const command of shellCommands(text.slice(inner.from, inner.to), depth + 1))
            commands.push(command.map((word) => ({ ...word, at: word.at + inner.from, end: word.end + inner.from })))
        }
      at = read.next
    }
  }
  close()
  return commands
}

/** Shells know space and tab, Windows' some more; in a document it is a blank to whoever reads it. */
const isBlank = (character: string): boolean => character !== '\n' && /\s/.test(character)

const isRedirection = (text: string, at: number): boolean =>
  text[at] === '<' || text[at] === '>' || (text[at] === '&' && text[at + 1] === '>')

const separators: ReadonlySet<string> = new Set(['\n', ';', '&', '|', '(', ')', '`'])

/** Length of a backslash at a line's end, with that end. */
const continued = (text: string, at: number): number => {
  if (text[at] !== '\\') return 0
  if (text[at + 1] === '\n') return 2
  return text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 0
}

const endOfLine = (text: string, at: number): number => {
  const newline = text.indexOf('\n', at)
  return newline === -1 ? text.length : newline
}

/** Past the operator and the file it names: `> out.txt`, `>|x`, `2>&1`, `<<EOF`. */
function afterRedirection(text: string, from: number, end: number): number {
  let at = from
  while (at < end && '<>&'.includes(text[at]!)) at++
  if (text[at - 1] === '>' && text[at] === '|') at++
  while (at < end && isBlank(text[at]!)) at++
  // A lone `>` before a separator or at the end names no file.
  return at < end && !separators.has(text[at]!) ? readWord(text, at, end).next : at
}

interface Read {
  readonly word: ShellWord
  readonly next: number
  /** Commands in double quotes. */
  readonly substitutions: readonly { readonly from: number; readonly to: number }[]
}

function readWord(text: string, from: number, end: number): Read {
  let value = ''
  let quoted = false
  let at = from
  const substitutions: { from: number; to: number }[] = []
  while (at < end) {
    const character = text[at]!
    if (character === '\\') {
      const lineEnd = continued(text, at)
      if (lineEnd > 0) {
        at += lineEnd
        continue
      }
      // Before a letter it is most likely a Windows path, elsewhere an escape.
      if (/[A-Za-z0-9]/.test(text[at + 1] ?? '')) value += '\\'
      value += text[at + 1] ?? ''
      at += 2
    } else if (character === "'" || character === '"') {
      const close = closing(text, at, end)
      // A quote that nothing closes is an apostrophe.
      if (close === -1) {
        value += character
        at++
        continue
      }
      const inside = text.slice(at + 1, close)
      value += character === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside
      if (character === '"') substitutions.push(...substituted(inside, at + 1))
      quoted = true
      at = close + 1
    } else if (/[\s;&|()<>`]/.test(character)) break
    else if (character === '$' && text[at + 1] === '(') break
    else {
      value += character
      at++
    }
  }
  return { word: { text: value, at: from, end: at, quoted }, next: at, substitutions }
}

function closing(text: string, open: number, end: number): number {
  const quote = text[open]!
  for (let at = text.indexOf(quote, open + 1); at !== -1 && at < end; at = text.indexOf(quote, at + 1)) {
    if (quote === "'") return at
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

function substituted(inside: string, offset: number): { from: number; to: number }[] {
  return [...inside.matchAll(/\$\(([^)]*)\)|`([^`]*)`/g)].map((found) => {
    const from = offset + found.index + (found[1] === undefined ? 1 : 2)
    return { from, to: from + (found[1] ?? found[2] ?? '').length }
  })
}
