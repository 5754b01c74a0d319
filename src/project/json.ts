// JSON of unknown origin, with places. JSON.parse decides what is valid; what it does not tell (where a key
// stands, where the text breaks) is found here in one linear pass without recursion, so depth cannot hurt.

/** Counted from 1; a column counts bytes. */
export interface Position {
  readonly line: number
  readonly column: number
}

export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  /** V8's own message quotes the text, which may hold a secret: only the line is handed on. */
  | { readonly ok: false; readonly line: number }

/** Parses, and says in which line a broken text breaks. Never throws. */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, line: positions(text)(brokenAt(text)).line }
  }
}

/**
 * Visits the keys of the root object in the order of the text, and of every object whose visit answered true.
 * `text` must be valid JSON. `path` ends with the key itself and is reused: copy what you keep.
 */
export function eachKey(text: string, visit: (path: readonly string[], at: Position) => boolean): void {
  const path: string[] = []
  const position = positions(text)
  let at = skipSpace(text, 0)
  if (text[at] !== '{') return
  at = skipSpace(text, at + 1)
  for (;;) {
    if (text[at] === '}') {
      if (path.length === 0) return
      path.pop()
      at = skipSpace(text, at + 1)
      continue
    }
    const end = stringEnd(text, at)
    const key = text.slice(at + 1, end - 1)
    path.push(key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key)
    const enter = visit(path, position(at))
    at = skipSpace(text, skipSpace(text, end))
    if (enter && text[at] === '{') at = skipSpace(text, at + 1)
    else {
      at = skipSpace(text, valueEnd(text, at))
      path.pop()
    }
  }
}

/** True for an object that is no array: what JSON calls an object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own property only: `__proto__` and `constructor` in a hostile file are names like any other. */
export const own = (object: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** Offset → position. Offsets must be asked in ascending order: then the whole text is counted once. */
export function positions(text: string): (offset: number) => Position {
  let line = 1
  let column = 1
  let counted = 0
  // Remembered, for on one endless line it would be searched to the end of the text again and again.
  let newline = text.indexOf('\n')
  return (offset) => {
    while (newline !== -1 && newline < offset) {
      line++
      column = 1
      counted = newline + 1
      newline = text.indexOf('\n', counted)
    }
    column += Buffer.byteLength(text.slice(counted, offset))
    counted = offset
    return { line, column }
  }
}

/** Past white space and the separators between members: in valid JSON nothing else can stand there. */
function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0x2c && code !== 0x3a) return at
    at++
  }
}

/** The offset after the closing quote of the string that opens at `from`. */
function stringEnd(text: string, from: number): number {
  let quote = from
  for (;;) {
    quote = text.indexOf('"', quote + 1)
    if (quote === -1) return text.length
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return quote + 1
  }
}

function valueEnd(text: string, from: number): number {
  const first = text[from]
  if (first === '"') return stringEnd(text, from)
  if (first !== '{' && first !== '[') {
    const stop = /[,}\]\s]/g
    stop.lastIndex = from
    return stop.exec(text)?.index ?? text.length
  }
  const structural = /["{}[\]]/g
  structural.lastIndex = from
  let depth = 0
  for (let found = structural.exec(text); found; found = structural.exec(text)) {
    if (found[0] === '"') structural.lastIndex = stringEnd(text, found.index)
    else if (found[0] === '{' || found[0] === '[') depth++
    else if (--depth === 0) return found.index + 1
  }
  return text.length
}

const token =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null)/y

/** Where the grammar is first broken; the end of the text where it merely stops too early. */
function brokenAt(text: string): number {
  const open: string[] = []
  let expect: 'value' | 'key' | 'colon' | 'after' = 'value'
  let fresh = false
  const reader = new RegExp(token)
  for (let at = 0; ; ) {
    reader.lastIndex = at
    const found = matchOf(reader, text)
    const start = skipBlank(text, at)
    if (!found) return start
    const [, mark, string] = found
    const container = open.at(-1)
    if (expect === 'colon') {
      if (mark !== ':') return start
      expect = 'value'
    } else if (mark === '{' || mark === '[') {
      if (expect !== 'value') return start
      open.push(mark)
      expect = mark === '{' ? 'key' : 'value'
      fresh = true
      at = reader.lastIndex
      continue
    } else if (mark === '}' || mark === ']') {
      if (container !== (mark === '}' ? '{' : '[') || (expect !== 'after' && !fresh)) return start
      open.pop()
      expect = 'after'
    } else if (mark === ',') {
      if (expect !== 'after' || container === undefined) return start
      expect = container === '{' ? 'key' : 'value'
    } else if (mark === ':') return start
    else if (expect === 'key') {
      if (string === undefined) return start
      expect = 'colon'
    } else if (expect === 'value') expect = 'after'
    else return start
    fresh = false
    at = reader.lastIndex
  }
}

/** A string of many megabytes can exhaust the engine's stack: then its beginning is the best answer there is. */
function matchOf(pattern: RegExp, text: string): RegExpExecArray | null {
  try {
    return pattern.exec(text)
  } catch {
    return null
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++
  return at
}
