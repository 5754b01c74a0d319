// The dice of the second exam: a seeded source of numbers and of plain values (hex, base64, passwords, ids).
// It stands alone, so that this exam shares nothing with the corpora the detector was developed on.

/** A seeded source of randomness (mulberry32): the same seed gives the same exam. */
export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * bound)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  chars(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('')
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}

export const DIGITS = '0123456789'
export const HEX = `${DIGITS}abcdef`
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = LOWER.toUpperCase()
export const ALNUM = DIGITS + UPPER + LOWER
export const URL64 = `${ALNUM}-_`

const WORDS =
  'otter lamp river copper maple falcon violet harbor pepper winter tiger marble rocket sunset meadow'.split(' ')
const cap = (word: string) => word[0]!.toUpperCase() + word.slice(1)

/** A version 4 UUID. */
export function uuid(d: Draw): string {
  const h = d.chars(HEX, 32)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${d.pick(['8', '9', 'a', 'b'])}${h.slice(17, 20)}-${h.slice(20)}`
}

/** Plain values by name; a trailing number in a template (`hex32`) is the length in characters (in bytes for `bytes`). */
export const plain = {
  hex: (d: Draw, n: number) => d.chars(HEX, n),
  HEX: (d: Draw, n: number) => d.chars(HEX, n).toUpperCase(),
  alnum: (d: Draw, n: number) => d.chars(ALNUM, n),
  lower: (d: Draw, n: number) => d.chars(LOWER + DIGITS, n),
  upper: (d: Draw, n: number) => d.chars(UPPER + DIGITS, n),
  digits: (d: Draw, n: number) => d.pick('123456789'.split('')) + d.chars(DIGITS, n - 1),
  url: (d: Draw, n: number) => d.chars(URL64, n),
  bytes: (d: Draw, n: number) => d.bytes(n).toString('base64'),
  uuid: (d: Draw) => uuid(d),
  /** As a password manager makes it. */
  strong: (d: Draw) =>
    `${d.chars(ALNUM, 5)}${d.pick('!%*+^'.split(''))}${d.chars(ALNUM, 5)}${d.pick('!%*+='.split(''))}${d.chars(DIGITS, 2)}`,
  /** As a person makes it. */
  human: (d: Draw) => `${cap(d.pick(WORDS))}${d.pick('!@#*'.split(''))}${2010 + d.below(16)}${d.pick(LOWER.split(''))}`,
  /** Words joined, as a passphrase generator makes it. */
  phrase: (d: Draw) => `${d.pick(WORDS)}-${cap(d.pick(WORDS))}-${d.below(90) + 10}-${d.pick(WORDS)}`,
  /** Safe within an address. */
  safe: (d: Draw) => d.chars(ALNUM, 14),
  /** A password with characters that an address escapes. */
  escaped: (d: Draw) => `${d.chars(ALNUM, 6)}%40${d.chars(ALNUM, 5)}%21`,
} satisfies Record<string, (d: Draw, n: number) => string>
