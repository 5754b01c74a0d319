// Splits JavaScript and TypeScript into tokens, as far as constant folding needs: literals, names and punctuation, each
// bracket with its partner. One pass, no recursion, no error: what is broken ends with its line. A native parser would
// know more, but dies with its process on a few thousand nested brackets, and a scanned file is anybody's.

export const Kind = { string: 1, template: 2, name: 3, number: 4, mark: 5, pattern: 6 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export interface Tokens {
  readonly text: string
  readonly count: number
  readonly kind: Uint8Array
  /** Bytes in `text`. A template stands as its chunks: from the backtick or `}` to the `${` or backtick. */
  readonly start: Int32Array
  readonly end: Int32Array
  /** Of an opening bracket, or a template's chunk that goes on: the token that closes it; -1 without one. */
  readonly partner: Int32Array
}

/** @param text latin1, so that offsets are bytes */
export function tokenize(text: string): Tokens {
  return new Tokenizer(text).run()
}

class Tokenizer {
  readonly #text: string
  #count = 0
  #kind: Uint8Array
  #start: Int32Array
  #end: Int32Array
  #partner: Int32Array
  /** Opening tokens that wait for their partner. */
  readonly #open: number[] = []
  /** No regular expression that begins before this closes. */
  #patternless = 0

  constructor(text: string) {
    this.#text = text
    const capacity = 64 + (text.length >> 1)
    this.#kind = new Uint8Array(capacity)
    this.#start = new Int32Array(capacity)
    this.#end = new Int32Array(capacity)
    this.#partner = new Int32Array(capacity)
  }

  run(): Tokens {
    const text = this.#text
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at)
      const kind = kinds[code]!
      if (kind === blank) at++
      else if (kind === letter) at = this.#word(at)
      else if (code === quote || code === doubleQuote) at = this.#string(at, code)
      else if (code === backtick) at = this.#template(at)
      else if (code === slash) at = this.#slash(at)
      else if (code === hash && text.charCodeAt(at + 1) === space) at = endOf(text.indexOf('\n', at), 0, text)
      else at = this.#mark(at, code)
    }
    const [kind, start, end, partner] = [this.#kind, this.#start, this.#end, this.#partner]
    return { text, count: this.#count, kind, start, end, partner }
  }

  #push(kind: Kind, start: number, end: number): number {
    const token = this.#count++
    if (token === this.#kind.length) this.#grow()
    this.#kind[token] = kind
    this.#start[token] = start
    this.#end[token] = end
    this.#partner[token] = -1
    return end
  }

  #grow(): void {
    const twice = (array: Int32Array): Int32Array => {
      const larger = new Int32Array(2 * array.length)
      larger.set(array)
      return larger
    }
    const kind = new Uint8Array(2 * this.#kind.length)
    kind.set(this.#kind)
    this.#kind = kind
    this.#start = twice(this.#start)
    this.#end = twice(this.#end)
    this.#partner = twice(this.#partner)
  }

  #word(start: number): number {
    let end = start + 1
    while (end < this.#text.length && kinds[this.#text.charCodeAt(end)] === letter) end++
    const first = this.#text.charCodeAt(start)
    return this.#push(first >= 0x30 && first <= 0x39 ? Kind.number : Kind.name, start, end)
  }

  #string(start: number, closing: number): number {
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === closing) return this.#push(Kind.string, start, at + 1)
      if (code === newline) return at
      if (code === backslash) at++
    }
    return this.#text.length
  }

  /** A chunk that begins at a backtick, or at the brace that ends an expression. */
  #template(start: number): number {
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === backtick) return this.#push(Kind.template, start, at + 1)
      if (code === dollar && this.#text.charCodeAt(at + 1) === brace) {
        this.#open.push(this.#count)
        return this.#push(Kind.template, start, at + 2)
      }
      if (code === backslash) at++
    }
    return this.#text.length
  }

  #slash(start: number): number {
    const next = this.#text.charCodeAt(start + 1)
    if (next === slash) return endOf(this.#text.indexOf('\n', start), 0, this.#text)
    if (next === star) return endOf(this.#text.indexOf('*/', start + 2), 2, this.#text)
    if (start < this.#patternless || this.#isOperand()) return this.#push(Kind.mark, start, start + 1)
    let inClass = false
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === newline) break
      if (code === backslash) at++
      else if (code === bracket) inClass = true
      else if (code === closingBracket) inClass = false
      else if (code === slash && !inClass) {
        while (kinds[this.#text.charCodeAt(at + 1)] === letter) at++
        return this.#push(Kind.pattern, start, at + 1)
      }
      this.#patternless = at
    }
    return this.#push(Kind.mark, start, start + 1)
  }

  /** Does a value stand before, so that a slash divides? Or `<`, and it closes an element? */
  #isOperand(): boolean {
    const last = this.#count - 1
    const kind = this.#kind[last]
    if (last === -1) return false
    const word = this.#text.slice(this.#start[last], this.#end[last])
    if (kind === Kind.mark) return ')]}<'.includes(word)
    return kind !== Kind.name || !/^(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/.test(word)
  }

  #mark(start: number, code: number): number {
    const partner = this.#open.at(-1)
    if (partner !== undefined && closes(this.#text, this.#end[partner]! - 1, code)) {
      this.#open.pop()
      this.#partner[partner] = this.#count
      return this.#kind[partner] === Kind.template ? this.#template(start) : this.#push(Kind.mark, start, start + 1)
    }
    if (code === bracket || code === brace || code === parenthesis) this.#open.push(this.#count)
    return this.#push(Kind.mark, start, start + 1)
  }
}

const endOf = (found: number, length: number, text: string): number => (found === -1 ? text.length : found + length)

function closes(text: string, opening: number, code: number): boolean {
  const open = text.charCodeAt(opening)
  return (open === parenthesis && code === 0x29) || ((open === bracket || open === brace) && code === open + 2)
}

const [hash, space] = [0x23, 0x20]
const [newline, quote, doubleQuote, backtick, backslash] = [0x0a, 0x27, 0x22, 0x60, 0x5c]
const [slash, star, dollar, brace, bracket, closingBracket, parenthesis] = [0x2f, 0x2a, 0x24, 0x7b, 0x5b, 0x5d, 0x28]

const blank = 1
const letter = 2
const kinds = Uint8Array.from({ length: 256 }, (_, code) =>
  /[\s]/.test(String.fromCharCode(code)) ? blank : /[\w$\x80-\xff]/.test(String.fromCharCode(code)) ? letter : 0,
)
