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
   * · after a command-line `flag` · inside a longer `string` (`"X-Api-Key: …"`) · between `tags` · in `prose` (`the
   * password is …`) · bare anywhere else.
   */
  readonly form: 'quoted' | 'line' | 'query' | 'flag' | 'string' | 'tags' | 'prose' | 'other'
  /** The bytes it depended on; may reach beyond the text, which then depended on where the text ends. */
  readonly from: number
  readonly to: number
}

export const longestName = 64
export const longestValue = 512
export const shortestValue = 5
const lookBehind = 96
const operatorBytes = 200
const lookAhead = 48

/** The farthest that an assignment looks from the first byte of a word in its name. */
export const assignmentReach = {
  before: longestName + lookBehind,
  after: longestName + operatorBytes + longestValue + lookAhead,
} as const

/**
 * Reads the assignments of one text. Asked in ascending order it looks at each byte about once, however many words a
 * run of name characters holds; what it remembers saves work and changes no answer.
 */
export class AssignmentReader {
  readonly #bytes: Buffer
  /** Bytes [#from, #to) are known to go on with a name. */
  #from = 0
  #to = 0
  /** No quotation mark stands in [#unquotedFrom, #nextQuote). */
  #unquotedFrom = 0
  #nextQuote = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The end of the name that holds the byte before `wordEnd`; -1 if no assignment can follow it. */
  nameEnd(wordEnd: number): number {
    const bytes = this.#bytes
    const limit = wordEnd + longestName
    let end = wordEnd >= this.#from && wordEnd < this.#to ? this.#to : wordEnd
    if (end === wordEnd) this.#from = wordEnd
    while (end <= limit && goesOn(bytes, end)) end++
    this.#to = end
    return end <= limit && end < bytes.length && mayFollowName[bytes[end]!] === 1 ? end : -1
  }

  name(nameEnd: number): string {
    return latin1(this.#bytes, firstOfName(this.#bytes, nameEnd), nameEnd)
  }

  /** The assignment whose name ends at `nameEnd`, if there is one with a value of `shortestValue` bytes or more. */
  read(nameEnd: number): Assignment | undefined {
    const bytes = this.#bytes
    const first = firstOfName(bytes, nameEnd)
    const offset = Math.max(0, first - lookBehind)
    const around: Around = {
      bytes,
      offset,
      text: latin1(bytes, offset, nameEnd + operatorBytes),
      first: first - offset,
      nameEnd: nameEnd - offset,
    }
    const quoted = this.#quoteWithin(nameEnd) ? quotedValue(around) : undefined
    const found = quoted ?? bareValue(around)
    if (found === undefined || found.end - found.start < shortestValue) return undefined
    const { start, end, form } = found
    const near = end - offset <= around.text.length
    return {
      name: around.text.slice(around.first, around.nameEnd),
      value: near ? around.text.slice(start - offset, end - offset) : latin1(bytes, start, end),
      start,
      end,
      form,
      from: nameEnd - assignmentReach.before,
      to: Math.max(end + lookAhead, nameEnd + operatorBytes),
    }
  }

  /** Is there a quotation mark in the operator's window? Without one its pattern need not run. */
  #quoteWithin(nameEnd: number): boolean {
    const bytes = this.#bytes
    if (nameEnd < this.#unquotedFrom || nameEnd >= this.#nextQuote) {
      const limit = Math.min(bytes.length, nameEnd + 4 * operatorBytes)
      let at = nameEnd
      while (at < limit && isQuote[bytes[at]!] === 0) at++
      this.#unquotedFrom = nameEnd
      this.#nextQuote = at
    }
    return this.#nextQuote < nameEnd + operatorBytes
  }
}

const goesOn = (bytes: Uint8Array, at: number): boolean => {
  if (at >= bytes.length) return false
  const kind = nameKind[bytes[at]!]
  return kind === 1 || (kind === 2 && at + 1 < bytes.length && nameKind[bytes[at + 1]!] === 1)
}

/** 1: part of a name · 2: part of one if a name goes on behind it. */
const nameKind = byteTable((character) => (/\w/.test(character) ? 1 : /[-.]/.test(character) ? 2 : 0))
const mayFollowName = byteTable((character) => (/["'`\\ \t=:\]>,(|?!<*\n]/.test(character) ? 1 : 0))
const isQuote = byteTable((character) => (/["'`]/.test(character) ? 1 : 0))

function byteTable(kindOf: (character: string) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte < 128 ? kindOf(String.fromCharCode(byte)) : 0))
}

function firstOfName(bytes: Uint8Array, nameEnd: number): number {
  let first = nameEnd
  while (first > 0 && nameEnd - first < longestName && nameKind[bytes[first - 1]!] !== 0) first--
  while (nameKind[bytes[first]!] === 2) first++
  return bytes[first - 1] === space && nameEnd - first <= longestNoun ? firstOfPhrase(bytes, first, nameEnd) : first
}

/** In prose a name may be two words: `api key`. */
function firstOfPhrase(bytes: Uint8Array, first: number, nameEnd: number): number {
  const phrase = /(?:^|[^\w-])((?:api|access|auth|secret|client) (?:key|token|secret))$/i.exec(
    latin1(bytes as Buffer, first - 8, nameEnd),
  )?.[1]
  return phrase === undefined ? first : nameEnd - phrase.length
}

const space = 0x20
const longestNoun = 6

/** The text around a name, decoded once: `first` and `nameEnd` are offsets in it, `offset` is where it begins. */
interface Around {
  readonly bytes: Buffer
  readonly offset: number
  readonly text: string
  readonly first: number
  readonly nameEnd: number
}

type Found = Span & Pick<Assignment, 'form'>

const type = String.raw`&?(?:'static[ ])?[A-Za-z][\w.<>|?[\]]{0,40}`
const wrapper = String.raw`(?:(?:new[ ])?(?:SecretStr|Secure\w{1,12}|String::from|Some|Buffer\.from|bytes|[\w.]{0,24}(?:fromhex|[gG]etBytes|b64decode|decode64)|str|string|Secret\w{0,12}|\w{0,12}Password|literal|\[\]byte)\([ ]?|\([ ]?)?`
/** From the end of a name to the opening quote of its value. */
const toQuote = new RegExp(
  [
    '(?:',
    [
      // name: X, value: "…" and key="X" value="…"
      String.raw`\\?["']?,?(?:[ ](?:type|help|required|dest)=[\w.'"]{1,30},){0,2}\s{1,60}\\?["']?(?:[vV]alue|default|content)\\?["']?[ \t]{0,8}[:=][ \t]{0,8}`,
      // = : := => == === <- with a closing quote or bracket of the key, and a type, in between
      String.raw`\\?["'\`]?[\])]{0,2}(?:[ ]As[ ]\w{1,20})?[ \t]{0,40}(?:[?!]?:[ \t]{0,4}${type}[ \t]{0,8}(?==)|${type}[ \t]{1,8}(?==))?(?::=|=>|={1,3}|\|\|=|\?\?=|<-|[?!]?:(?![:-]))\s{0,40}`,
      // setPassword("…"), ("API_KEY", "…"), .get("SECRET", "…"), getenv("X") || "…", PASSWORD '…'
      String.raw`\([ \t]{0,4}`,
      String.raw`\\?["'],[ \t]{0,4}with:[ \t]{0,4}`,
      String.raw`\\?["']\\?[\])]{0,3}["']?[ \t]{0,4}(?:,|\|\||\?\?|or\b)[ \t]{0,8}(?:"(?=\\"))?`,
      String.raw`\)?[ \t]{1,4}(?:\|\||\?\?)[ \t]{0,8}`,
      String.raw`[ \t]{1,8}(?:<<<[ \t]?)?`,
      // variable "x" { default = "…" }
      String.raw`"[ \t]{0,4}\{[^{}]{0,120}?\bdefault[ \t]{0,8}=[ \t]{0,8}`,
    ].join('|'),
    ')',
    wrapper,
    String.raw`(?:[bBrRuUfFL@$]{1,2})?(?<quote>"""|'''|\\?["'\`])`,
  ].join(''),
  'y',
)

function quotedValue({ bytes, offset, text, first, nameEnd }: Around): Found | undefined {
  toQuote.lastIndex = nameEnd
  const match = toQuote.exec(text)
  const quote = match?.groups?.quote
  if (quote === undefined || isReference(match![0], text, first, nameEnd)) return undefined
  const start = offset + toQuote.lastIndex
  const end = closingQuote(bytes, start, quote)
  return end === -1 ? undefined : { start, end, form: 'quoted' }
}

/**
 * `credentials('…')` and `getSecret("…")` ask for what stands elsewhere; and of a call's arguments only the first can
 * name the second.
 */
function isReference(operator: string, text: string, first: number, nameEnd: number): boolean {
  if (operator[0] === '(') return asking.test(text.slice(first, nameEnd))
  if (!/^\\?["']\\?[\])]{0,3}["']?[ \t]{0,4},(?![ \t]{0,4}with:)/.test(operator)) return false
  return !firstArgument.test(text.slice(0, first)) && !/alue|default|content/.test(operator)
}

/**
 * Opened by a bracket, and perhaps the selector of a page's field; an option in a list of arguments; or the second one
 * of a call that sets something.
 */
const firstArgument =
  /[([{][ \t\n]{0,20}\\?["'](?:[#.]|[a-z]{0,12}\[[a-z-]{1,20}=\\?["']?)?$|["']--?$|(?:buildConfigField|resValue|\.set|\.put|\.add|Var|define|option)[( ]["'&]?[\w.]{1,40}["']?,[ ]{0,4}["']$/

const asking =
  /(?:^|\.)(?:credentials|(?:get|fetch|read|load|lookup|find|resolve)_?(?:secret|credentials?|password|token|key)\w{0,10})$/i

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

const toBare = new RegExp(
  [
    String.raw`(?:\\?["']?\]?|\*\*)[ \t]{0,40}(?::=|=|[?!]?:(?![:/-]))(?:\*\*)?[ \t]{0,40}(?:\*\*|\`|[>|][-+]?[ \t]{0,8}\r?\n[ \t]{1,40})?`,
    String.raw`[ \t](?:is|was|-{1,2}>?|=>)(?:[ \t]?:)?[ \t]{1,2}["'\`]?`,
    String.raw`[ \t]{1,8}(?:<<<[ \t]?)?`,
    String.raw`(?:[ ][a-z]{1,12}="[^"<>\n]{0,20}")?>|["']>|</key>\s{0,40}<string>|"[^<>\n]{0,60}>\s{0,40}<value>`,
    String.raw`,?\s{1,60}(?:[vV]alue)[ \t]{0,8}[:=][ \t]{0,8}`,
    ':-',
  ].join('|'),
  'y',
)

function bareValue(around: Around): Found | undefined {
  const { bytes, offset, text, first, nameEnd } = around
  toBare.lastIndex = nameEnd
  const operator = toBare.exec(text)?.[0]
  if (operator === undefined) return undefined
  const start = offset + toBare.lastIndex
  // Most names in code are followed by less than any secret: ask that before asking how the line began.
  if (endOf(bytes, start, start + shortestValue, stops.tags) < start + shortestValue) return undefined
  const form = bareForm(operator, text.slice(0, first), text.slice(first, around.nameEnd))
  if (form === undefined) return undefined
  const limit = start + longestValue
  const stop = endOf(bytes, start, limit, stops[form])
  const end = operator.endsWith('**') && latin1(bytes, stop - 2, stop) === '**' ? stop - 2 : stop
  if (end === limit || (form === 'tags' && latin1(bytes, end, end + 2) !== '</')) return undefined
  if (form === 'indented' && !netrcGoesOn(bytes, end)) return undefined
  if (form === 'noted' && !endsLine(bytes, end)) return undefined
  if (form !== 'line') return { start, end, form: formOf(form) }
  if (isQuote[bytes[end] ?? 0] === 1 && text[first - 1] === String.fromCharCode(bytes[end]!))
    return { start, end, form: 'string' }
  const isLine = endsLine(bytes, end) || (operator === '=' && isCommandPrefix(around, end))
  return { start, end, form: isLine ? form : 'other' }
}

/** `stops` knows some forms in more than one way. */
function formOf(form: Exclude<keyof typeof stops, 'line'>): Assignment['form'] {
  return form === 'indented' ? 'flag' : form === 'braced' ? 'query' : form === 'noted' ? 'prose' : form
}

function endOf(bytes: Buffer, start: number, limit: number, stop: Uint8Array): number {
  let end = start
  while (end < limit && end < bytes.length && stop[bytes[end]!] === 0) end++
  return end
}

const endsLine = (bytes: Buffer, at: number): boolean =>
  /^[,;]?[ \t]*(?:\r?\n|$|#|\/\/)/.test(latin1(bytes, at, at + lookAhead))

/** `PGPASSWORD=… psql -h db`: shells set a variable for one command. */
const isCommandPrefix = ({ bytes, text, first, nameEnd }: Around, end: number): boolean =>
  /^[A-Z][A-Z0-9_]+$/.test(text.slice(first, nameEnd)) && /^ {1,2}[\w./$-]/.test(latin1(bytes, end, end + lookAhead))

/** netrc's lines hold one word or several; in prose more follows. */
const netrcGoesOn = (bytes: Buffer, end: number): boolean =>
  /^[ \t]*(?:\r?\n|$)|^\s{1,20}(?:login|account|machine|macdef|default)\s/.test(latin1(bytes, end, end + lookAhead))

/** How what stands bare behind `operator` belongs to the name, if it does. */
function bareForm(operator: string, before: string, name: string): keyof typeof stops | undefined {
  const last = before.at(-1) ?? '\n'
  if (operator.endsWith('>')) return isTagged(operator, before) ? 'tags' : undefined
  if (last === '=' && operator === '=' && optionBefore.test(before)) return 'flag'
  if (/^[ \t]+$/.test(operator) && settingBefore.test(before)) return 'flag'
  // Behind anything else a word is the end of an expression: `a.b/password = x`.
  if (!' \t\n\r"\'{([,|>-?&;'.includes(last) && !before.endsWith('**')) return undefined
  if (operator.includes('alue')) return 'line'
  if (operator === ':-') return 'query'
  if (/^[ \t](?:is|was|-|=>)/.test(operator)) return 'prose'
  const line = before.slice(before.lastIndexOf('\n') + 1)
  if (operator.trim() === '' || operator.includes('<<<')) {
    if (last === '-' || operator.includes('<') || beforeBlank.test(line)) return 'flag'
    if (!/^[ \t]*$/.test(line)) return undefined
    return blankDirective.test(name) ? 'line' : line === '' ? 'noted' : 'indented'
  }
  if (last === '-') return operator === '=' ? 'flag' : 'other'
  if (last === '{' && operator === ':' && before.endsWith('${')) return 'braced'
  if (last === ';' || before.endsWith('; ') || (operator === '=' && (last === '?' || last === '&'))) return 'query'
  if (linePrefix.test(line)) return 'line'
  if (operator === '=' && optionBefore.test(line)) return 'flag'
  if (operator === '=' && pairBefore.test(line)) return 'query'
  return (last === '"' || last === "'") && !/^\\?["']/.test(operator) ? 'string' : 'other'
}

/** `<password>`, `<string name="password">`, `<key>Password</key><string>`, `<setting name="Password" …><value>` */
function isTagged(operator: string, before: string): boolean {
  if (operator === '>') return before.endsWith('<')
  if (operator.startsWith('</')) return before.endsWith('<key>')
  return /(?:name|key|id)=["']$/.test(before)
}

/** `--set NAME=…`, `--from-literal=name=…`, `-e "NAME=…` */
const optionBefore = /(?:^|\s)--?[A-Za-z][\w-]{0,24}[= ]["']?$/
/** `aws configure set NAME …`, `npm config set //registry.example/:NAME …` */
const settingBefore = /\b(?:configure|config|env|secrets?) (?:set|add|put) (?:--?\w+ )?\S{0,80}$/
/** `host=db user=app password=…` */
const pairBefore = /[\w-]=[^\s=,;()]{1,80} $/
/** Directives of Redis and OpenLDAP, with a blank behind. */
const blankDirective = /^(?:requirepass|masterauth|rootpw|bindpw)$/
/** What may stand on the line ahead of a name that only a blank parts from its value: ENV X y, netrc. */
const beforeBlank =
  /^[ \t]*(?:(?:ENV|ARG|requirepass|enable|username[ \t]+\S+)[ \t]+|(?:machine[ \t]+\S+[ \t]+)?login[ \t]+\S+[ \t]+)$/
const linePrefix =
  /^[ \t]*(?:[-+>][ \t]+|(?:export|ENV|ARG|set|setx|env|local|readonly|declare(?:[ \t]-\w)?)[ \t]+)*["']?$/

/** Blanks, quotes and angle brackets end every bare value; what else does depends on where it stands. */
const stopTable = (characters: string): Uint8Array =>
  byteTable((character) => (character <= ' ' || `"'\`<>\\${characters}`.includes(character) ? 1 : 0))

const stops = {
  line: stopTable(',;'),
  query: stopTable('&;,)#'),
  flag: stopTable(';|)'),
  string: stopTable(',;'),
  tags: stopTable(''),
  prose: stopTable(',;)}]|&'),
  other: stopTable(',;)}]|&'),
  noted: stopTable(''),
  braced: stopTable('}'),
  indented: stopTable(''),
} as const
