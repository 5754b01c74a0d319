// Is folding worth it? Most programs put no secret together, and reading all their tokens costs more than all the rest.
// So one pass over the bytes looks for literals whose characters change kind as often as a key's do, and only where an
// operation takes them up: `+`, a list that is joined, a call that decodes, a template that names them.

import { latin1 } from './latin1.ts'
import { tableOf } from './runs.ts'

/** Text beyond this is not folded: no one writes, and few generate, a program of that length. */
export const longestProgram = 8 * 1024 * 1024

const programs =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html?|py|pyi|ipynb|rb|php|java|kts?|groovy|gradle|scala|cs|vb|go|rs|swift|dart|lua|pl|pm|ex|exs|c|cc|cpp|h|hpp|m|mm|r|jl|ps[md]?1|sh|bash|zsh|tf|hcl)$/i

/**
 * May this text put a secret together? A pass or two over the bytes; false for most programs.
 * @param path without one every text may be a program
 */
export const mayFold = (bytes: Buffer, path?: string): boolean =>
  isProgram(bytes, path) && folds(bytes, chainsIn(bytes, 0, bytes.length), (word) => bytes.includes(word))

/** Is it short enough for one, and named like one or, without a path, not plainly a document of data? */
export const isProgram = (bytes: Buffer, path?: string): boolean =>
  bytes.length <= longestProgram && (path === undefined ? !isData(bytes) : programs.test(path))

/** JSON and YAML documents hold many literals and no operations. */
const isData = (bytes: Buffer): boolean => /^\s*(?:[{[]\s*["{]|---|<\?xml|<!DOCTYPE|<svg)/i.test(latin1(bytes, 0, 200))

/**
 * The answer of mayFold() for a program.
 * @param chains of all of it
 * @param holds whether a word of `foldWords` stands in it
 */
export const folds = (bytes: Buffer, chains: readonly Chain[], holds: (word: string) => boolean): boolean =>
  holdsPieces(bytes, chains, holds) || holdsCodes(bytes, holds)

const codeCalls = ['fromC', 'Buffer.from([', 'Uint8Array'] as const
const listCalls = ['.join(', '.concat(', 'implode(', '.Join(', 'format', 'printf(', '% ('] as const
export const foldWords: readonly string[] = [...codeCalls, ...listCalls]

const holdsCodes = (bytes: Buffer, holds: (word: string) => boolean): boolean =>
  codeCalls.some(holds) && /(?:\b(?:0x[2-7][0-9a-f]|\d{2,3})\s{0,8},\s{0,40}){11}/i.test(latin1(bytes, 0, bytes.length))

/** Characters of one literal that alone are telling, and of several together. */
const tellingPiece = 8
const tellingChain = 12

/** One literal, or several with nothing but operators between them, whose characters change kind often enough. */
export interface Chain {
  readonly start: number
  readonly end: number
  /** Of the literals' insides together. */
  readonly length: number
  readonly changes: number
  readonly count: number
  readonly telling: boolean
  readonly added: boolean
}

/**
 * The chains that begin in [from, to), ascending. `from` has to be 0 or a place where chains begin anew, and `to` one
 * or the end of the text: then they are those of the whole text.
 */
export function chainsIn(bytes: Buffer, from: number, to: number): readonly Chain[] {
  const size = bytes.length
  let found: Chain[] | undefined
  for (let at = from; at < to; ) {
    while (at < to && isQuote[bytes[at]!] === 0) at++
    const first = at
    let end = at
    let count = 0
    let length = 0
    let changes = 0
    let last = 0
    let telling = false
    let added = false
    let listed = false
    while (at < to) {
      const mark = bytes[at]!
      const around = kindOf[mark]!
      if (around === quotation) {
        const start = at + 1
        let own = 0
        // Nothing is read behind the end: once it was, every look into the text would be a slow one.
        for (at++; at < size; at++) {
          const kind = kindOf[bytes[at]!]!
          if (kind > other) break
          own += changeBetween[last * 8 + kind]!
          last = kind
        }
        if (at === size) break
        // A template that goes on ends like a literal; whatever else holds a blank or a bracket is prose or markup.
        if (bytes[at] !== mark && !(mark === backtick && bytes[at] === brace)) break
        if (bytes[at] === brace) added = true
        count++
        changes += own
        length += at - start
        if (at - start >= tellingPiece && own >= 4 && own * 3 >= at - start) telling = true
        end = ++at
      } else if (mark === plus) {
        added = true
        at++
      } else if (around === joint) {
        if (mark === comma) listed = true
        at++
      } else if (count > 0 && mark === closingBrace && bytes[at + 1] === dollar && bytes[at + 2] === brace) {
        added = true
        at += 3
      } else if (count > 0 && (mark === dot || mark === ampersand || mark === backslash)) {
        added = true
        at++
      } else break
    }
    if (count === 0) continue
    // Python, Ruby and C: literals side by side are one.
    if (count > 1 && !listed) added = true
    if (telling || (changes >= 2 && changes * 6 >= length)) {
      found ??= []
      found.push({ start: first, end, length, changes, count, telling, added })
    }
  }
  return found ?? none
}

const none: readonly Chain[] = []

/** Whatever was read before it, a letter or digit behind a blank or comma ends every literal and every chain. */
export const beginsAnew = (bytes: Buffer, at: number): boolean =>
  kindOf[bytes[at]!]! <= digit && kindOf[bytes[at - 1]!] === joint

function holdsPieces(bytes: Buffer, chains: readonly Chain[], holds: (word: string) => boolean): boolean {
  if (chains.length === 0) return false
  const pieces = new Pieces(bytes, holds)
  return chains.some((chain) => pieces.add(chain)) || pieces.constantsMeet()
}

/** What of the chains is taken up by an operation. */
class Pieces {
  readonly #bytes: Buffer
  readonly #holds: (word: string) => boolean
  #appendedLength = 0
  #appendedChanges = 0
  /** By name the length of the longest piece that it is set to; 0 where nobody knows which. */
  readonly #constants = new Map<string, number>()

  constructor(bytes: Buffer, holds: (word: string) => boolean) {
    this.#bytes = bytes
    this.#holds = holds
  }

  /** Is this chain put together to something that may be a secret? */
  add({ start, end, length, changes, count, telling, added }: Chain): boolean {
    const long =
      telling ||
      (count > 1 && isHexChain.test(latin1(this.#bytes, start, end))) ||
      (length >= tellingChain && changes * (added ? 6 : 3) >= length && count > 1)
    if (long && added) return true
    const before = lastByte(this.#bytes, start - 1)
    const mark = this.#bytes[before] ?? 0
    if (mark === plus) return long
    if (mark === equals && this.#bytes[before - 1] === plus) {
      this.#appendedLength += length
      this.#appendedChanges += changes
      if (this.#appendedLength >= tellingChain && this.#appendedChanges * 3 >= this.#appendedLength) return true
    } else if (long && mark === parenthesis && decoders.test(latin1(this.#bytes, before - 24, before))) return true
    else if ((mark === equals || mark === colon) && count === 1 && changes * 3 >= length) this.#constant(before, length)
    if (!long) return false
    const behind = nextByte(this.#bytes, end)
    if (this.#bytes[behind] === plus || isMethod(this.#bytes, behind)) return true
    // A member's name is no item of a list.
    return this.#bytes[behind] !== colon && this.#isListed(before, mark, count) && this.#isJoined()
  }

  /** Does it stand in a list that may be joined? Not as an index, nor as what some other function is called with. */
  #isListed(before: number, mark: number, count: number): boolean {
    if (mark === comma || mark === brace) return true
    if (mark !== bracket && mark !== parenthesis) return false
    const owner = this.#bytes[lastByte(this.#bytes, before - 1)] ?? 0
    if (isWord[owner] === 0 && owner !== closingParenthesis && owner !== closingBracket) return true
    const maker = latin1(this.#bytes, before - 16, before)
    return listMakers.test(maker) || (count === 1 && /\.append$/i.test(maker))
  }

  /** Are constants whose values look like pieces of a key added to one another, listed, or named in templates? */
  constantsMeet(): boolean {
    if (sum(this.#constants.values()) < tellingChain) return false
    const names = [...this.#constants.keys()].map((name) => name.replaceAll('$', '\\$')).join('|')
    // The name first, for it is rarer than what may stand around it; and nothing around it is used up.
    const operand = new RegExp(
      `(${names})(?:${[
        `(?![\\w$])(?=\\s{0,4}[^\\s(=])(?<=(?:\\+\\s{0,20}|[$#]\\{\\s{0,4}|\\.(?:\\s{1,4}|(?=\\$)))(?:[\\w$]{1,40}\\.)?(?:${names}))`,
        `(?=\\})(?<=\\{(?:${names}))`,
        ...(this.#isJoined()
          ? [`(?=\\s{0,20}[,\\])])(?<=(?:\\[[^[\\]{}();]{0,300}|${listCall}[^();]{0,300})(?<![\\w$])(?:${names}))`]
          : []),
        `(?=\\s{0,20}(?:\\+(?!\\+)|\\. |\\.(?:concat|split|replace|slice|substring|trim)\\())(?<=(?<![\\w$])(?:${names}))`,
      ].join('|')})`,
      'g',
    )
    const met = new Map<string, number>()
    for (const [, name] of latin1(this.#bytes, 0, this.#bytes.length).matchAll(operand)) {
      met.set(name!, this.#constants.get(name!)!)
      if (sum(met.values()) >= tellingChain) return true
    }
    return false
  }

  #constant(before: number, length: number): void {
    const name = nameAhead(this.#bytes, before)
    const known = this.#constants.get(name)
    if (name === '' || (this.#constants.size >= mostConstants && known === undefined)) return
    // A variable that is set twice has no value that is known; members of two objects may share a name.
    const unclear = known !== undefined && this.#bytes[before] === equals
    this.#constants.set(name, unclear ? 0 : Math.max(length, known ?? 0))
  }

  /** Does the program join lists at all? */
  #isJoined(): boolean {
    return listCalls.some(this.#holds)
  }
}

const sum = (lengths: Iterable<number>): number => {
  let total = 0
  for (const length of lengths) total += length
  return total
}

/** Text in hex is nearly all digits, which change kind too seldom. */
const isHexChain = /^(?:["'`][0-9a-f]{6,200}["'`][\s+,]{0,80}){2,}$/i
const mostConstants = 64
const longestConstant = 40
/** Functions whose argument is decoded, or added to something. */
const decoders = /(?:atob|from|concat|unescape|decodeURI(?:Component)?|join|decode\w{0,12}|fromhex|strrev|reverse)$/i

/** In front of names that are put together. */
const listCall = '(?:array|list|of|format|printf|concat|join)\\('
/** What a list is made by, or a keyword that a list follows. */
const listMakers =
  /(?<![\w$])(?:array|list|tuple|of|asList|listOf|arrayOf|vec!?|c|qw|format|printf|sprintf|concat|implode|join|return|in|yield|await|case|typeof)\s{0,4}$/i

const isMethod = (bytes: Buffer, at: number): boolean =>
  bytes[at] === dot &&
  /^\.(?:concat|split|replace|replaceAll|slice|substring|toString|join)\(/.test(latin1(bytes, at, at + 16))

/** What is assigned to: `name =`, `'name':`, `name: string =`, `this.name =`; nothing for other objects' members. */
function nameAhead(bytes: Buffer, mark: number): string {
  let end = lastByte(bytes, mark - 1) + 1
  if (isQuote[bytes[end - 1]!] === 1) end--
  let start = startOfWord(bytes, end)
  const colonAt = lastByte(bytes, start - 1)
  if (bytes[colonAt] === colon) {
    end = lastByte(bytes, colonAt - 1) + 1
    start = startOfWord(bytes, end)
  }
  if (bytes[mark] === equals && bytes[start - 1] === dot && !/(?:this|self)$/.test(latin1(bytes, start - 5, start - 1)))
    return ''
  return latin1(bytes, start, end)
}

function startOfWord(bytes: Buffer, end: number): number {
  let start = end
  while (start > 0 && end - start < longestConstant && isWord[bytes[start - 1]!] === 1) start--
  return start
}

function lastByte(bytes: Buffer, from: number): number {
  let at = from
  while (at > 0 && isBlank[bytes[at]!] === 1) at--
  return at
}

function nextByte(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isBlank[bytes[at]!] === 1) at++
  return at
}

const [lower, upper, digit, other, joint, quotation, rest] = [1, 2, 3, 4, 5, 6, 7] as const
const [plus, comma, backtick, brace, parenthesis] = [0x2b, 0x2c, 0x60, 0x7b, 0x28]
const [dollar, closingBrace] = [0x24, 0x7d]
const [equals, colon, bracket, dot, ampersand, backslash] = [0x3d, 0x3a, 0x5b, 0x2e, 0x26, 0x5c]
const [closingParenthesis, closingBracket] = [0x29, 0x5d]

const kindOf = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  const tests = [/[a-z]/, /[A-Z]/, /[0-9]/, /[-_.+/=:@~#*|$%!;&^?]/, /[ \t\r\n,]/, /["'`]/]
  return code < 128 ? [...tests, /[\s\S]/].findIndex((test) => test.test(character)) + 1 : rest
})
const isQuote = kindOf.map((kind) => (kind === quotation ? 1 : 0))
const isWord = tableOf(/[\w$]/)
const isBlank = tableOf(/[\t\n\r ]/)

/** camelCase changes once a word, a key in every second character, and most of its changes are to or from a digit. */
const changeBetween = Uint8Array.from({ length: 64 }, (_, pair) => {
  const [before, behind] = [pair >> 3, pair & 7]
  const isLetter = (kind: number): boolean => kind === lower || kind === upper
  if (before === lower && behind === upper) return 1
  return (isLetter(before) && behind === digit) || (before === digit && isLetter(behind)) ? 2 : 0
})
