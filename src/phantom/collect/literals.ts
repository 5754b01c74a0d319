// String literals with the keys that lead to them, out of JSON, JSON with comments, and JavaScript that is mostly one
// object. Nothing is evaluated: what is computed is not seen. One linear pass over any text.

export interface Literal {
  /** Keys on the way, `[]` for an element of a list; of `const presets = ['x']` the variable's name comes first. */
  readonly path: readonly string[]
  readonly value: string
  /** Offset of its first character, after the quote. */
  readonly at: number
  /** It is a key itself; `path` then ends above it. */
  readonly isKey: boolean
}

interface Frame {
  readonly open: string
  key: string | undefined
}

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`|[A-Za-z_$@~][\w$-]*|[{}[\](),:=;]|\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g

/** Deeper nesting is nobody's configuration. */
const deepest = 60

export function literals(text: string): Literal[] {
  const found: Literal[] = []
  const frames: Frame[] = [{ open: '', key: undefined }]
  let last: { value: string; at: number; isString: boolean } | undefined
  const pathOf = (): string[] =>
    frames.flatMap(({ open, key }) => (open === '[' ? ['[]'] : open !== '(' && key !== undefined ? [key] : []))
  for (const match of text.matchAll(token)) {
    const [piece] = match
    const first = piece[0]!
    if (piece.startsWith('//') || piece.startsWith('/*')) continue
    if (first === '/') {
      last = undefined
      continue
    }
    const frame = frames.at(-1)!
    const flush = (): void => {
      if (last?.isString) found.push({ path: pathOf(), value: last.value, at: last.at, isKey: false })
      last = undefined
    }
    if (first === ':' || first === '=') {
      if (last !== undefined && frame.open !== '[' && !(first === ':' && frame.open === '(')) {
        if (frame.open === '{')
          found.push({
            path: pathOf().slice(0, frame.key === undefined ? undefined : -1),
            value: last.value,
            at: last.at,
            isKey: true,
          })
        frame.key = last.value
        last = undefined
      } else flush()
    } else if (first === ',' || first === ';') {
      flush()
      if (frame.open === '{' || frame.open === '') frame.key = undefined
    } else if (first === '{' || first === '[' || first === '(') {
      flush()
      if (frames.length < deepest) frames.push({ open: first, key: undefined })
    } else if (first === '}' || first === ']' || first === ')') {
      flush()
      if (frames.length > 1) frames.pop()
    } else {
      flush()
      const isString = first === '"' || first === "'" || first === '`'
      last = isString
        ? {
            value: unescaped(piece.slice(1, -1)),
            at: match.index + 1,
            isString: !(first === '`' && piece.includes('${')),
          }
        : { value: piece, at: match.index, isString: false }
    }
  }
  if (last?.isString) found.push({ path: pathOf(), value: last.value, at: last.at, isKey: false })
  return found
}

const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(?:u([\da-fA-F]{4})|([\s\S]))/g, (_, code, plain) =>
        code ? String.fromCharCode(Number.parseInt(code, 16)) : plain,
      )
    : text

/** The same of YAML's block form: maps and lists by indentation, plain and quoted scalars. Flow lists of one line too. */
export function yamlLiterals(text: string): Literal[] {
  const found: Literal[] = []
  const stack: { indent: number; key: string }[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const start = offset
    offset += line.length + 1
    const match = /^(\s*)((?:-\s+)*)(?:(["']?)([\w@/.:-]+?)\3:(?=\s|$))?\s*(.*?)\s*$/.exec(
      line.replace(/(^|\s)#.*$/, '$1'),
    )
    if (!match || line.trim() === '') continue
    const [, blank = '', dashes = '', , key, rest = ''] = match
    // A dash may stand below its key or at the same depth.
    const isGone = (top: { indent: number; key: string }): boolean =>
      top.indent > blank.length || (top.indent === blank.length && (dashes === '' || top.key === '[]'))
    while (stack.length > 0 && isGone(stack.at(-1)!)) stack.pop()
    if (dashes !== '') stack.push({ indent: blank.length, key: '[]' })
    if (key !== undefined) stack.push({ indent: blank.length + dashes.length, key })
    const way = stack.map((entry) => entry.key)
    const at = start + line.lastIndexOf(rest)
    if (rest.startsWith('[')) {
      const all = [...literals(rest), ...plainItems(rest)].sort((a, b) => a.at - b.at)
      found.push(...all.map((one) => ({ ...one, path: [...way, ...one.path], at: at + one.at })))
    } else if (rest !== '' && !/^[|>&*{]/.test(rest)) {
      const quoted = /^(["'])(.*)\1$/.exec(rest)
      found.push({ path: way, value: quoted?.[2] ?? rest, at: at + (quoted ? 1 : 0), isKey: false })
    }
  }
  return found
}

/** Texts without quotes in a flow list: `[react, 'vue']` has one. */
function plainItems(list: string): Literal[] {
  const unquoted = list.replace(/"[^"]*"|'[^']*'/g, (quoted) => '"'.repeat(quoted.length))
  return [...unquoted.matchAll(/(?<=[[,]\s*)[A-Za-z@][\w@/.:-]*(?=\s*[,\]])/g)].map(({ 0: value, index }) => ({
    path: ['[]'],
    value,
    at: index,
    isKey: false,
  }))
}
