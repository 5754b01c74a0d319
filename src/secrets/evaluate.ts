// What does a constant expression come to? Literals, `+` and what other languages write for it, templates, arrays,
// names of constants, and the handful of calls by which people take strings apart: join, concat, reverse, replace, atob,
// Buffer.from, fromCharCode. Written for JavaScript; what other languages do differently is no JavaScript, so one reading
// serves all. Anything else is unknown. Nothing is executed; depth, steps and lengths are bounded.

import {
  add,
  arrayMethods,
  bareCalls,
  type Call,
  character,
  cook,
  functions,
  longest,
  safePattern,
  statics,
  stringMethods,
  type Value,
} from './calls.ts'
import { constantsOf } from './constants.ts'
import { Kind, type Tokens } from './tokens.ts'

export interface Evaluated {
  readonly value: Value
  /** The token behind the expression. */
  readonly next: number
  /** What it took: `concatenation`, `array join`, `base64`, …; empty for a literal as it stands. */
  readonly steps: readonly string[]
  /** Tokens [first, next) elsewhere in the text that it was made from: what constants were set to. */
  readonly elsewhere: readonly (readonly [first: number, next: number])[]
}

/** Stands in a template for what is not known. Ends every token, as a line end does. */
export const gap = '\n'

const deepest = 24
/** Pieces elsewhere that one value may have: each is masked, so one of more pieces is not known. */
const mostPieces = 32

export class Evaluator {
  readonly #tokens: Tokens
  readonly #constants: ReadonlyMap<string, readonly number[]>
  readonly #known = new Map<string, Evaluated | undefined>()
  #at = 0
  #depth = 0
  #budget: number
  #steps: string[] = []
  #elsewhere: (readonly [number, number])[] = []

  constructor(tokens: Tokens) {
    this.#tokens = tokens
    this.#constants = constantsOf(tokens)
    this.#budget = 100_000 + tokens.count
  }

  /** The constant expression that begins at token `at`, as far as it is constant. */
  evaluate(at: number): Evaluated | undefined {
    if (this.#budget <= 0) return undefined
    this.#at = at
    this.#steps = []
    this.#elsewhere = []
    const value = this.#sum()
    if (value === undefined) return undefined
    return { value, next: this.#at, steps: [...new Set(this.#steps)], elsewhere: this.#elsewhere }
  }

  /** Names whose value is appended to with `+=`: each once, at its first value. */
  *appended(): Generator<Evaluated & { readonly at: number }> {
    for (const [name, [first, ...more]] of this.#constants) {
      if (more.length === 0) continue
      this.#steps = []
      this.#elsewhere = []
      if (this.#constant(name) === undefined) continue
      const { value, steps, elsewhere } = this.#known.get(name)!
      const next = elsewhere.find(([at]) => at === first)![1]
      yield { at: first!, value, next, steps: [...steps, 'appended'], elsewhere }
    }
  }

  /** May an expression that begins with this name be constant? */
  knows(name: string): boolean {
    return (
      this.#constants.has(name) || functions.has(name) || statics.has(name) || isPrefix.test(name) || isSelf.test(name)
    )
  }

  #sum(): Value | undefined {
    let value = this.#postfix()
    for (let length = this.#operator(); value !== undefined && length >= 0; length = this.#operator()) {
      const operator = this.#at
      this.#at += length
      const right = this.#postfix()
      const sum = right === undefined ? undefined : add(value, right)
      if (sum === undefined) {
        this.#at = operator
        break
      }
      value = sum
      this.#steps.push('concatenation')
    }
    if (typeof value === 'string' && this.#is('%') && this.#is('(', 1)) {
      this.#at++
      value = this.#apply(functions.get('format'), this.#list(), value)
    }
    if (value !== undefined && this.#kind() === Kind.name && this.#kind(1) === Kind.name && isCast.test(this.#word()))
      this.#at += 2
    return value
  }

  /** Tokens of what adds the next operand to this one: none between two literals side by side; -1 if nothing does. */
  #operator(): number {
    if (this.#is('+')) return this.#is('+', 1) || this.#is('=', 1) ? -1 : 1
    if (this.#kind() === Kind.string) return this.#kind(-1) === Kind.string ? 0 : -1
    if (this.#is('.')) return this.#is('.', 1) ? 2 : this.#isDotted() ? 1 : -1
    if (this.#is('&')) return this.#is('&', 1) ? -1 : 1
    if (this.#is('<')) return this.#is('>', 1) || this.#is('<', 1) ? 2 : -1
    return this.#is('\\') && this.#kind(1) === Kind.string ? 1 : -1
  }

  /** PHP: `'a' . $b`. */
  #isDotted(): boolean {
    return this.#kind(1) === Kind.string || (this.#kind(1) === Kind.name && this.#word(1).startsWith('$'))
  }

  #postfix(): Value | undefined {
    if (this.#depth >= deepest || this.#budget-- <= 0) return undefined
    this.#depth++
    let value = this.#primary()
    while (value !== undefined) {
      if (this.#is('!') && !this.#is('=', 1)) this.#at++
      else if (this.#is('[')) value = this.#element(value)
      else if ((this.#is('.') && this.#operator() < 0) || (this.#is('?') && this.#is('.', 1)))
        value = this.#method(value)
      else break
    }
    this.#depth--
    return value
  }

  #primary(): Value | undefined {
    const kind = this.#kind()
    if (kind === Kind.string) return this.#string()
    if (kind === Kind.number) return this.#number()
    if (kind === Kind.template) return this.#template()
    if (kind === Kind.name) return this.#name()
    if (this.#is('[')) {
      // Go: []string{…}
      if (this.#is(']', 1) && this.#is('{', 3)) this.#at += 3
      return this.#list()
    }
    if (this.#is('-') && this.#kind(1) === Kind.number) {
      this.#at++
      const value = this.#number()
      return value === undefined ? undefined : -value
    }
    if (!this.#is('(')) return undefined
    this.#at++
    const value = this.#sum()
    return value !== undefined && this.#skip(')') ? value : undefined
  }

  /** `b'…'`, `f"…"`, `$"…"` */
  #isPrefixed(): boolean {
    const end = this.#tokens.end[this.#at]!
    return this.#kind(1) === Kind.string && this.#tokens.start[this.#at + 1] === end && this.#word().length <= 2
  }

  #string(): string | undefined {
    const source = this.#source(this.#at++)
    return source.length > longest ? undefined : this.#filled(cook(source.slice(1, -1)))
  }

  /** Names of constants in a literal: `"${a}"`, `"#{a}"`, `"{$a}"`, `"$a"`, `f"{a}"`. */
  #filled(text: string): string | undefined {
    if (!/[{$]\$?\w/.test(text)) return text
    const filled = text.replace(
      /[#$]\{(?:local\.|var\.)?(\w{1,40})\}|\{(\$?\w{1,40})\}|(\$\w{1,40})/g,
      (hole, a?: string, b?: string, c?: string) => {
        const name = a ?? b ?? c!
        const value = this.#budget-- > 0 ? (this.#constant(name) ?? this.#constant(name.slice(1))) : undefined
        return typeof value === 'string' ? value : hole
      },
    )
    return filled.length > longest ? undefined : filled
  }

  #number(): number | undefined {
    const value = Number(this.#source(this.#at++).replaceAll('_', ''))
    return Number.isSafeInteger(value) ? value : undefined
  }

  #template(): string | undefined {
    let text = ''
    for (;;) {
      const chunk = this.#at
      if (this.#kind() !== Kind.template) return undefined
      const source = this.#source(chunk)
      const goesOn = source.endsWith('${')
      text += cook(source.slice(1, goesOn ? -2 : -1))
      this.#at++
      if (!goesOn) return text.length > longest ? undefined : text
      const partner = this.#tokens.partner[chunk]!
      if (partner === -1) return undefined
      const value = this.#sum()
      const known = value !== undefined && typeof value !== 'object' && this.#at === partner
      if (text.length > longest) return undefined
      text += known ? value : gap
      if (known) this.#steps.push('template')
      this.#at = partner
    }
  }

  /** `[a, b, ...c]` or the arguments of a call. */
  #list(): readonly Value[] | undefined {
    const partner = this.#tokens.partner[this.#at]!
    const values: Value[] = []
    this.#at++
    while (this.#at < partner) {
      const spread = this.#is('.') && this.#is('.', 1) && this.#is('.', 2)
      if (spread) this.#at += 3
      const value = this.#sum()
      if (value === undefined || values.length > longest) return undefined
      if (spread && typeof value !== 'number') {
        this.#budget -= value.length
        values.push(...value)
      } else values.push(value)
      if (this.#at < partner && !this.#skip(',')) return undefined
    }
    return this.#at === partner && this.#at++ > 0 ? values : undefined
  }

  #name(): Value | undefined {
    if (this.#isPrefixed()) {
      this.#at++
      return this.#string()
    }
    if (this.#word() === 'new') this.#at++
    if (isSelf.test(this.#word()) && this.#constants.has(`${this.#word()}.${this.#word(2)}`)) {
      this.#at++
      return this.#member(this.#word(-1))
    }
    if (this.#is('.', 1) && isPrefix.test(this.#word())) this.#at += 2
    const name = this.#word()
    if (this.#kind() !== Kind.name) return undefined
    this.#at++
    if (this.#is('(') || (this.#is('!') && this.#is('(', 1))) return this.#call(name)
    if (this.#is('.') && statics.has(name)) return this.#static(name)
    return this.#member(name) ?? this.#constant(name)
  }

  /** `parts.first`, `parts['first']` of an object literal, `this.first` where it was set once. */
  #member(owner: string): Value | undefined {
    const quoted = this.#is('[') && this.#kind(1) === Kind.string && this.#is(']', 2)
    if (!quoted && !(this.#is('.') && this.#kind(1) === Kind.name)) return undefined
    const name = `${owner}.${quoted ? this.#word(1).slice(1, -1) : this.#word(1)}`
    if (!this.#constants.has(name)) return undefined
    this.#at += quoted ? 3 : 2
    return this.#constant(name)
  }

  #call(name: string): Value | undefined {
    const make = functions.get(name)
    if (this.#is('!')) this.#at++
    return this.#apply(make, this.#list())
  }

  /** Buffer.from(…), String.fromCharCode(…), String.raw`…`, Uint8Array.from(…). */
  #static(owner: string): Value | undefined {
    const name = `${owner}.${this.#word(1)}`
    this.#at += 2
    if (name === 'String.raw') return this.#template()
    return this.#is('(') ? this.#call(name) : undefined
  }

  #method(target: Value): Value | undefined {
    this.#at += this.#is('?') ? 2 : 1
    const name = this.#word()
    this.#at++
    const method = typeof target === 'object' ? arrayMethods.get(name) : stringMethods.get(name)
    if (!this.#is('(')) return typeof target === 'number' ? undefined : this.#apply(bareCalls.get(name), [], target)
    if (name === 'map' && typeof target === 'object') return this.#characters(target)
    if (name.startsWith('replace') && typeof target === 'string' && this.#kind(1) === Kind.pattern)
      return this.#replacePattern(target)
    if (method === undefined || typeof target === 'number') return undefined
    return this.#apply(([first, ...rest]) => method(first as never, ...rest), this.#list(), target)
  }

  #apply(make: Call | undefined, given: readonly Value[] | undefined, target?: Value): Value | undefined {
    if (typeof target === 'object' || typeof target === 'string') this.#budget -= target.length >> 2
    if (make === undefined || given === undefined || this.#budget <= 0) return undefined
    const made = make(target === undefined ? given : [target, ...given])
    if (made === undefined || (typeof made.value !== 'number' && made.value.length > longest)) return undefined
    if (typeof made.value !== 'number') this.#budget -= made.value.length >> 2
    if (made.step !== '') this.#steps.push(made.step)
    return made.value
  }

  /** `(/x/g, 'y')`: a pattern of one character or class, which cannot backtrack. */
  #replacePattern(target: string): string | undefined {
    const [, source, flags] = safePattern.exec(this.#word(1)) ?? []
    if (source === undefined) return undefined
    this.#at += 2
    const replacement = this.#skip(',') ? this.#sum() : undefined
    if (typeof replacement !== 'string' || !this.#skip(')')) return undefined
    try {
      this.#steps.push('replace')
      return target.replace(new RegExp(source, flags), () => replacement)
    } catch {
      // `[z-a]` is no pattern: the program would not run either.
      return undefined
    }
  }

  /** `.map(c => String.fromCharCode(c))` */
  #characters(codes: readonly Value[]): Value | undefined {
    const partner = this.#tokens.partner[this.#at]!
    if (partner === -1 || partner - this.#at > 16) return undefined
    const mapper = this.#tokens.text.slice(this.#tokens.end[this.#at], this.#tokens.start[partner])
    if (
      !/^\s*(?:\(?\s*(\w+)\s*\)?\s*=>\s*String\.from(?:CharCode|CodePoint)\(\s*\1\s*\)|String\.fromCharCode)\s*$/.test(
        mapper,
      )
    )
      return undefined
    this.#at = partner + 1
    this.#steps.push('character codes')
    return codes.map((code) => (typeof code === 'number' ? character(code) : ''))
  }

  #element(target: Value): Value | undefined {
    if (typeof target === 'string' && this.#isReversal()) {
      this.#at += 6
      this.#steps.push('reversed')
      return [...target].reverse().join('')
    }
    const index = this.#kind(1) === Kind.number ? Number(this.#word(1)) : -1
    if (typeof target === 'number' || !this.#is(']', 2)) return undefined
    this.#at += 3
    this.#steps.push('element')
    return target[index]
  }

  /** `[::-1]` */
  #isReversal(): boolean {
    return this.#is(':', 1) && this.#is(':', 2) && this.#is('-', 3) && this.#word(4) === '1' && this.#is(']', 5)
  }

  /** What a name was set to, if it was set once, and what was appended to it since. */
  #constant(name: string): Value | undefined {
    const places = this.#constants.get(name)
    if (places === undefined) return undefined
    if (!this.#known.has(name)) {
      this.#known.set(name, undefined)
      this.#known.set(name, this.#resolve(places))
    }
    const known = this.#known.get(name)
    if (known === undefined) return undefined
    this.#steps.push(...known.steps, 'constants')
    for (const piece of known.elsewhere)
      if (!this.#elsewhere.some(([at]) => at === piece[0])) this.#elsewhere.push(piece)
    return this.#elsewhere.length > mostPieces ? undefined : known.value
  }

  #resolve(places: readonly number[]): Evaluated | undefined {
    const saved = { at: this.#at, steps: this.#steps, elsewhere: this.#elsewhere }
    const parts = places.map((place) => this.evaluate(place))
    this.#at = saved.at
    this.#steps = saved.steps
    this.#elsewhere = saved.elsewhere
    let value: Value | undefined
    for (const part of parts) {
      if (part === undefined) return undefined
      value = value === undefined ? part.value : add(value, part.value)
      if (value === undefined) return undefined
    }
    const elsewhere = parts.flatMap((part, i) => [[places[i]!, part!.next] as const, ...part!.elsewhere])
    if (elsewhere.length > mostPieces) return undefined
    return { value: value!, next: 0, steps: parts.flatMap((part) => part!.steps), elsewhere }
  }

  #kind(ahead = 0): Kind | undefined {
    return this.#tokens.kind[this.#at + ahead] as Kind | undefined
  }

  #source(token: number): string {
    return this.#tokens.text.slice(this.#tokens.start[token], this.#tokens.end[token])
  }

  #word(ahead = 0): string {
    return this.#source(this.#at + ahead)
  }

  #is(mark: string, ahead = 0): boolean {
    const token = this.#at + ahead
    return this.#kind(ahead) === Kind.mark && this.#tokens.text[this.#tokens.start[token]!] === mark
  }

  #skip(mark: string): boolean {
    const stands = this.#is(mark)
    if (stands) this.#at++
    return stands
  }
}

const isCast = /^(?:as|satisfies)$/
const isSelf = /^(?:this|self)$/
const isPrefix = /^(?:new|window|globalThis|self|global)$/
