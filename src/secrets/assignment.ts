// Reads one assignment around a name: `apiKey: '…'`, `export TOKEN=…`, `<password>…</password>`,
// `os.environ["SECRET"] = "…"`, `- name: DB_PASSWORD\n  value: "…"`, `?access_token=…&`, `--password …`.
// What it says depends on the bytes in [nameEnd - before, nameEnd + after] alone and never on where the scan began.

import type { Span } from '../redact.ts'
import { latin1 } from './latin1.ts'

export interface Assignment extends Span {
  readonly name: string
  readonly value: string
  /**
   * How the value stands: `quoted` · bare after a name that begins its `line` · in a `query` string (`?a=…&`, `;a=…;`)
   * · after a command-line `flag` · inside a longer `string` (`"X-Api-Key: …"`) · between `tags` · bare anywhere else.
   */
  readonly form: 'quoted' | 'line' | 'query' | 'flag' | 'string' | 'tags' | 'other'
  /** The bytes it depended on; may reach beyond the text, which then depended on where the text ends. */
  readonly from: number
  readonly to: number
}

export const longestName = 64
export const longestValue = 512
const lookBehind = 96
const operatorBytes = 200
const lookAhead = 48

/** The farthest that an assignment looks from the first byte of a word in its name. */
export const assignmentReach = {
  before: longestName + lookBehind,
  after: longestName + operatorBytes + longestValue + lookAhead,
} as const

/**
 * Finds where the name around a word ends. Asked in ascending order it looks at each byte once, however many words
 * one long run of name characters holds; the answer does not depend on what was asked before.
 */
export class NameEnds {
  readonly #bytes: Uint8Array
  /** Bytes [#from, #to) are known to go on with the name. */
  #from = 0
  #to = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The end of the name that holds the byte before `wordEnd`; -1 if no assignment can follow it. */
  after(wordEnd: number): number {
    const bytes = this.#bytes
    const limit = wordEnd + longestName
    let end = wordEnd >= this.#from && wordEnd < this.#to ? this.#to : wordEnd
    if (end === wordEnd) this.#from = wordEnd
    while (end <= limit && goesOn(bytes, end)) end++
    this.#to = end
    return end <= limit && end < bytes.length && mayFollowName[bytes[end]!] === 1 ? end : -1
  }
}

const goesOn = (bytes: Uint8Array, at: number): boolean => {
  if (at >= bytes.length) return false
  const kind = nameKind[bytes[at]!]
  return kind === 1 || (kind === 2 && at + 1 < bytes.length && nameKind[bytes[at + 1]!] === 1)
}

/** The assignment whose name ends at `nameEnd`, if there is one. */
export function readAssignment(bytes: Buffer, nameEnd: number): Assignment | undefined {
  const first = firstOfName(bytes, nameEnd)
  const window = latin1(bytes, nameEnd, nameEnd + operatorBytes)
  const before = latin1(bytes, first - lookBehind, first)
  const quoted = quotes.test(window) ? quotedValue(bytes, nameEnd, window) : undefined
  const found = quoted ?? bareValue(bytes, nameEnd, window, before)
  if (!found || found.end - found.start === 0) return undefined
  return {
    name: latin1(bytes, first, nameEnd),
    value: latin1(bytes, found.start, found.end),
    ...found,
    from: nameEnd - assignmentReach.before,
    to: Math.max(found.end + lookAhead, nameEnd + operatorBytes),
  }
}

/** 1: part of a name · 2: part of one if a name goes on behind it. */
const nameKind = new Uint8Array(256)
for (let byte = 0; byte < 128; byte++) if (/\w/.test(String.fromCharCode(byte))) nameKind[byte] = 1
for (const joint of '-.') nameKind[joint.charCodeAt(0)] = 2

const mayFollowName = new Uint8Array(256)
for (const byte of Buffer.from('"\'`\\ \t=:]>,(|?!<\n')) mayFollowName[byte] = 1

function firstOfName(bytes: Uint8Array, nameEnd: number): number {
  let first = nameEnd
  while (first > 0 && nameEnd - first < longestName && nameKind[bytes[first - 1]!] !== 0) first--
  while (nameKind[bytes[first]!] === 2) first++
  return first
}

const quotes = /["'`]/

type Found = Span & Pick<Assignment, 'form'>

const type = String.raw`&?(?:'static[ ])?[A-Za-z][\w.<>|?[\]]{0,40}`
const wrapper = String.raw`(?:(?:new[ ])?(?:SecretStr|Secure\w{1,12}|String::from|Some|Buffer\.from|bytes|str|string|Secret\w{0,12}|\w{0,12}Password|literal|\[\]byte)\([ ]?|\([ ]?)?`
/** From the end of a name to the opening quote of its value. */
const toQuote = new RegExp(
  [
    '(?:',
    [
      // name: X, value: "…" and key="X" value="…"
      String.raw`\\?["']?,?\s{1,60}\\?["']?(?:[vV]alue|default)\\?["']?[ \t]{0,8}[:=][ \t]{0,8}`,
      // = : := => == === <- with a closing quote or bracket of the key, and a type, in between
      String.raw`\\?["'\`]?[\])]{0,2}[ \t]{0,40}(?:[?!]?:[ \t]{0,4}${type}[ \t]{0,8}(?==)|${type}[ \t]{1,8}(?==))?(?::=|=>|={1,3}|<-|[?!]?:(?![:-]))\s{0,40}`,
      // setPassword("…"), ("API_KEY", "…"), .get("SECRET", "…"), getenv("X") || "…", PASSWORD '…'
      String.raw`\([ \t]{0,4}`,
      String.raw`\\?["']\\?[\])]{0,3}[ \t]{0,4}(?:,|\|\||\?\?|or\b)[ \t]{0,8}`,
      String.raw`\)?[ \t]{1,4}(?:\|\||\?\?)[ \t]{0,8}`,
      String.raw`[ \t]{1,8}`,
      // variable "x" { default = "…" }
      String.raw`"[ \t]{0,4}\{[^{}]{0,120}?\bdefault[ \t]{0,8}=[ \t]{0,8}`,
    ].join('|'),
    ')',
    wrapper,
    String.raw`(?:[bBrRuUfFL@$]{1,2})?(?<quote>"""|'''|\\?["'\`])`,
  ].join(''),
  'y',
)

function quotedValue(bytes: Buffer, nameEnd: number, window: string): Found | undefined {
  toQuote.lastIndex = 0
  const quote = toQuote.exec(window)?.groups?.quote
  if (quote === undefined) return undefined
  const start = nameEnd + toQuote.lastIndex
  const end = closingQuote(bytes, start, quote)
  return end === -1 ? undefined : { start, end, form: 'quoted' }
}

/** Where the value that began after `quote` ends: on its line, and not at an escaped quote. */
function closingQuote(bytes: Buffer, start: number, quote: string): number {
  const close = quote.charCodeAt(quote.length - 1)
  const escaped = quote[0] === '\\'
  const limit = Math.min(bytes.length, start + longestValue)
  for (let i = start; i < limit; i++) {
    const byte = bytes[i]!
    if (byte === close) return escaped && bytes[i - 1] === backslash ? i - 1 : i
    if (byte === newline) return -1
    if (byte === backslash && !escaped) i++
  }
  return -1
}

const backslash = 0x5c
const newline = 0x0a

const toBare =
  /(?:\\?["']?\]?[ \t]{0,40}(?::=|=|[?!]?:(?![:/]))[ \t]{0,40}|[ \t]{1,8}|>|,?\s{1,60}(?:[vV]alue)[ \t]{0,8}[:=][ \t]{0,8}|:-)/y
const linePrefix =
  /^[ \t]*(?:[-+>][ \t]+|(?:export|ENV|ARG|set|setx|env|local|readonly|declare(?:[ \t]-\w)?)[ \t]+)*["']?$/
const blankOperator =
  /(?:--?|(?:^|\n)[ \t]*(?:ENV|ARG|requirepass)[ \t]+|\b(?:login|machine)[ \t]+\S{1,64}[ \t]+|\n[ \t]+)$/

function bareValue(bytes: Buffer, nameEnd: number, window: string, before: string): Found | undefined {
  toBare.lastIndex = 0
  const operator = toBare.exec(window)?.[0]
  if (operator === undefined) return undefined
  const start = nameEnd + operator.length
  const form = bareForm(operator, before)
  if (form === undefined) return undefined
  const stop = stops[form]
  const limit = Math.min(bytes.length, start + longestValue)
  let end = start
  while (end < limit && stop[bytes[end]!] === 0) end++
  if (end === limit && end < bytes.length) return undefined
  if (form === 'line' && !/^[,;]?[ \t]*(?:\r?\n|$|#|\/\/)/.test(latin1(bytes, end, end + lookAhead)))
    return { start, end, form: 'other' }
  return { start, end, form }
}

function bareForm(operator: string, before: string): Exclude<Assignment['form'], 'quoted'> | undefined {
  const last = before.at(-1) ?? '\n'
  if (operator === '>') return last === '<' ? 'tags' : undefined
  // Behind anything else a word is the end of an expression: `a.b/password = x`.
  if (!' \t\n\r"\'{([,|>-?&;'.includes(last)) return undefined
  if (operator.trim() === '') return blankOperator.test(before) ? 'flag' : undefined
  if (operator.includes('alue')) return 'line'
  if (last === '-') return operator === '=' ? 'flag' : 'other'
  if (last === ';' || before.endsWith('; ') || (operator === '=' && (last === '?' || last === '&'))) return 'query'
  if (linePrefix.test(before.slice(before.lastIndexOf('\n') + 1))) return 'line'
  return (last === '"' || last === "'") && !/^\\?["']/.test(operator) ? 'string' : 'other'
}

const stopTable = (characters: string): Uint8Array => {
  const table = new Uint8Array(256)
  for (let byte = 0; byte <= 32; byte++) table[byte] = 1
  for (const byte of Buffer.from(`"'\`<>\\${characters}`, 'latin1')) table[byte] = 1
  return table
}
const stops = {
  line: stopTable(',;'),
  query: stopTable('&;,)#'),
  flag: stopTable(';|)'),
  string: stopTable(',;'),
  tags: stopTable(''),
  other: stopTable(',;)}]|&'),
} as const
