// Secrets that JavaScript or TypeScript puts together: `'gh' + 'p_…'`, `[…].join('')`, templates over constants,
// `atob(…)`. Each constant expression that is more than a literal becomes the text it stands for; where it is all that
// a name is set to, it becomes an assignment, so that rules which go by names can judge it.

import type { Span } from '../redact.ts'
import { type Evaluated, Evaluator, gap } from './evaluate.ts'
import { latin1 } from './latin1.ts'
import { Kind, type Tokens, tokenize } from './tokens.ts'

export interface Folded extends Span {
  /** latin1: what the expression comes to. `\n` stands for what is not known. */
  readonly value: string
  /** `array join`, `concatenation, base64`, … */
  readonly how: string
  /** What it is assigned to, if it is the whole of what is assigned. */
  readonly name?: string
  /** Pieces of it that stand outside [start, end). */
  readonly elsewhere: readonly Span[]
}

/** Text beyond this is not folded: no one writes, and few generate, a program of that length. */
const longestProgram = 8 * 1024 * 1024
const shortestValue = 5

/** Every constant expression that is more than a literal. Never throws, whatever the text is; linear. */
export function* fold(bytes: Buffer): Generator<Folded> {
  if (bytes.length > longestProgram) return
  const tokens = tokenize(latin1(bytes, 0, bytes.length))
  const evaluator = new Evaluator(tokens)
  for (let at = 0; at < tokens.count; ) {
    const found = mayBegin(tokens, evaluator, at) ? evaluator.evaluate(at) : undefined
    if (found === undefined) {
      at++
      continue
    }
    const { value, next, steps } = found
    const isName = next === at + 1 && tokens.kind[at] === Kind.name
    if (typeof value === 'string' && steps.length > 0 && !isName && value.length >= shortestValue)
      yield folded(tokens, at, found)
    // An array or a number as such says nothing, but what stands in the array may.
    at = typeof value === 'string' || steps.length === 0 ? next : at + 1
  }
  for (const { at, ...found } of evaluator.appended()) yield folded(tokens, at, found)
}

function mayBegin({ kind, text, start, end, partner }: Tokens, evaluator: Evaluator, at: number): boolean {
  const own = kind[at]
  if (own === Kind.name) return text[start[at]! - 1] !== '.' && evaluator.knows(text.slice(start[at], end[at]))
  if (own !== Kind.mark) return own === Kind.string || own === Kind.template
  if (partner[at] === -1 || !'[('.includes(text[start[at]!]!)) return false
  if (at === 0) return true
  // Behind a value brackets are an index or arguments, not a list or a group.
  if (kind[at - 1] === Kind.mark) return !')]'.includes(text[start[at - 1]!]!)
  return (
    kind[at - 1] === Kind.name && /^(?:return|case|yield|await|of|in)$/.test(text.slice(start[at - 1], end[at - 1]))
  )
}

function folded(tokens: Tokens, at: number, { value, next, steps, elsewhere }: Evaluated): Folded {
  const span = { start: tokens.start[at]!, end: tokens.end[next - 1]! }
  const name = value.toString().includes(gap) || !endsValue(tokens, next) ? undefined : nameBefore(tokens, at)
  const others = elsewhere.map(([first, behind]) => ({ start: tokens.start[first]!, end: tokens.end[behind - 1]! }))
  return { ...span, value: value as string, how: steps.join(', '), ...(name && { name }), elsewhere: others }
}

/** Is the expression over, or is it a part of a longer one? */
function endsValue({ kind, text, start, end, count }: Tokens, next: number): boolean {
  if (next >= count || (kind[next] === Kind.mark && ';,)}]'.includes(text[start[next]!]!))) return true
  return kind[next] !== Kind.mark && text.slice(end[next - 1], start[next]).includes('\n')
}

/** `name =`, `name: Type =`, `name:`, `'name':`, `x.name =`, and any of them with `something ||` behind. */
function nameBefore({ kind, text, start, end }: Tokens, at: number): string | undefined {
  const mark = (token: number): string => (kind[token] === Kind.mark ? text[start[token]!]! : '')
  let last = at - 1
  if ('|?'.includes(mark(last) || ' ') && mark(last) === mark(last - 1)) {
    last -= 2
    while (
      at - last < 16 &&
      (kind[last] === Kind.name || kind[last] === Kind.string || '.[]?'.includes(mark(last) || ' '))
    )
      last--
  }
  if (mark(last) !== '=' && mark(last) !== ':') return undefined
  if (mark(last) === '=' && kind[last - 1] === Kind.name && mark(last - 2) === ':') last -= 2
  const owner = last - 1
  if (kind[owner] !== Kind.name && kind[owner] !== Kind.string) return undefined
  const name = text.slice(start[owner], end[owner]).replace(/^["']|["']$/g, '')
  return /^[\w$.-]{1,64}$/.test(name) ? name : undefined
}

// ── Is it worth it? ──────────────────────────────────────────────────────────────────────────────────────────────

const scripts = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html?)$/i

/**
 * May this text put a secret together? True for a script that holds a literal, or a chain of literals, whose characters
 * change kind as often as a key's do, or a list of character codes. One pass over the bytes.
 * @param path without one the text has to look like a script
 */
export function mayFold(bytes: Buffer, path?: string): boolean {
  if (bytes.length > longestProgram) return false
  if (path === undefined ? !looksLikeScript(bytes) : !scripts.test(path)) return false
  return holdsPieces(bytes) || holdsCodes(bytes) || holdsHex(bytes)
}

const looksLikeScript = (bytes: Buffer): boolean =>
  /^(?!\s*[{[]\s*"|\s*---)[\s\S]*?(?:\b(?:const|let|var|function|import|export|require|module|class)\b|=>)/.test(
    latin1(bytes, 0, 4096),
  )

const codeCalls = ['fromCharCode', 'fromCodePoint', 'Buffer.from([', 'Uint8Array'] as const

const holdsCodes = (bytes: Buffer): boolean =>
  codeCalls.some((call) => bytes.includes(call)) &&
  /(?:\b(?:0x[2-7][0-9a-f]|\d{2,3})\s{0,8},\s{0,40}){11}/i.test(latin1(bytes, 0, bytes.length))

/** Text in hex is nearly all digits, which change kind too seldom. */
const holdsHex = (bytes: Buffer): boolean =>
  bytes.includes('hex') &&
  /["'`][0-9a-f]{6,200}["'`]\s{0,40}[+,]\s{0,40}["'`][0-9a-f]{6,200}["'`]/i.test(latin1(bytes, 0, bytes.length))

/** Characters of one literal that alone are telling, and of a chain of literals. */
const tellingPiece = 8
const tellingChain = 12

function holdsPieces(bytes: Buffer): boolean {
  let length = 0
  let changes = 0
  let pieces = 0
  let last = 0
  let listed = false
  for (let at = 0; at < bytes.length; at++) {
    const mark = bytes[at]!
    const around = kindOf[mark]!
    if (around !== quotation) {
      if (mark === comma) listed = true
      else if (around !== joint && mark !== plus) pieces = 0
      continue
    }
    if (pieces === 0) {
      length = changes = last = 0
      listed = false
    }
    let end = at + 1
    let own = 0
    for (let kind = kindOf[bytes[end]!]!; kind <= other; kind = kindOf[bytes[++end]!]!) {
      own += changed(last, kind)
      last = kind
    }
    if (bytes[end] !== mark && !(mark === backtick && bytes[end] === dollar)) {
      pieces = 0
      continue
    }
    pieces++
    changes += own
    length += end - at - 1
    if (end - at - 1 >= tellingPiece && own * 5 >= end - at - 1) return true
    // Words stand in lists; they are rarely added to one another.
    if (pieces > 1 && length >= tellingChain && changes * (listed ? 6 : 12) >= length) return true
    at = end
  }
  return false
}

/** camelCase changes once a word, a key in every second character; what follows an upper-case letter says nothing. */
const changed = (before: number, behind: number): number => changeBetween[before * 8 + behind]!

const [lower, upper, digit, other, joint, quotation, none] = [1, 2, 3, 4, 5, 6, 7] as const
const [plus, comma, backtick, dollar] = [0x2b, 0x2c, 0x60, 0x24]

const kindOf = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  const tests = [/[a-z]/, /[A-Z]/, /[0-9]/, /[-_.+/=:@~#*|$%!;&^?]/, /[ \t\r\n,]/, /["'`]/]
  return code < 128 ? [...tests, /[\s\S]/].findIndex((test) => test.test(character)) + 1 : none
})

const changeBetween = Uint8Array.from({ length: 64 }, (_, pair) => {
  const [before, behind] = [pair >> 3, pair & 7]
  const isLetter = (kind: number): boolean => kind === lower || kind === upper
  if (before === lower && behind === upper) return 1
  return (isLetter(before) && behind === digit) || (before === digit && isLetter(behind)) ? 1 : 0
})
