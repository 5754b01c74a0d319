// What stands for a redacted value: of the same shape, so that code still parses and a reader still sees the kind,
// and of ranges that standards keep for documentation, so that it can be nobody's. One value, one stand-in, and back.

import { luhn, type PrivateKind } from './private-data.ts'

export type RedactedKind = 'secret' | PrivateKind

/** Every form that a stand-in takes: what a text already holds of these is not given out again. */
const forms =
  /REDACTED_\d+|user\d+(?:@|%40)redacted\.example|host\d+\.redacted\.example|(?:192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.\d+|2001:db8::[0-9a-f]+|[1-9](?:[ -]?0){4,}(?:[ -]?\d)*/g

export class StandIns {
  readonly #taken = new Set<string>()
  readonly #byValue = new Map<string, string>()
  /** Stand-in → value, in the order they were given out. */
  readonly values = new Map<string, string>()
  readonly #next: Record<RedactedKind, number> = { secret: 1, address: 1, host: 1, email: 1, card: 1 }

  /** @param texts all of those in which the stand-ins will stand */
  constructor(texts: readonly string[]) {
    for (const text of texts) for (const [known] of text.matchAll(forms)) this.#taken.add(known)
  }

  /** @param prefix what of a secret names its kind and may stay: `ghp_`, `sk_live_` */
  of(value: string, kind: RedactedKind, prefix = ''): string {
    const known = this.#byValue.get(value)
    if (known !== undefined) return known
    let standIn: string
    do standIn = made[kind](this.#next[kind]++, value, prefix)
    while (this.#taken.has(standIn.replace(/^.*(?=REDACTED_)/s, '')))
    this.#byValue.set(value, standIn)
    this.values.set(standIn, value)
    return standIn
  }
}

const made = {
  // A number may stand where only a number parses.
  secret: (n, value, prefix) =>
    /^[1-9]\d{7,}$/.test(value)
      ? digits(`9${'0'.repeat(value.length - 1)}`, n)
      : `${prefix}${prefix === '' || /[-_./:=]$/.test(prefix) ? '' : '_'}REDACTED_${n}`,
  email: (n, value) => `user${n}${value.includes('%40') ? '%40' : '@'}redacted.example`,
  host: (n) => `host${n}.redacted.example`,
  // RFC 3849 and RFC 5737; behind its 762 addresses RFC 2544's range for benchmarks.
  address: (n, value) => (value.includes(':') ? `2001:db8::${n.toString(16)}` : documentationAddress(n)),
  card: (n, value) => cardNumber(n, value),
} as const satisfies Record<RedactedKind, (n: number, value: string, prefix: string) => string>

function documentationAddress(n: number): string {
  const blocks = ['192.0.2', '198.51.100', '203.0.113']
  const block = blocks[Math.floor((n - 1) / 254)]
  if (block !== undefined) return `${block}.${((n - 1) % 254) + 1}`
  const rest = n - 762
  return `198.${18 + ((rest >> 16) & 1)}.${(rest >> 8) & 255}.${rest & 255}`
}

/** The network's first digit, zeros, and a number; never one that Luhn's check takes for a card. */
function cardNumber(n: number, value: string): string {
  const shape = value.replaceAll(/\d/g, '0').replace('0', value[0]!)
  const numbered = digits(shape, 2 * n)
  return luhn(numbered.replaceAll(/\D/g, '')) ? digits(shape, 2 * n + 1) : numbered
}

/** `n` in the last digits of `shape`, whose separators stay. */
function digits(shape: string, n: number): string {
  let rest = n
  return [...shape]
    .reverse()
    .map((character) => {
      if (rest === 0 || character < '0' || character > '9') return character
      const digit = rest % 10
      rest = Math.floor(rest / 10)
      return String(digit)
    })
    .reverse()
    .join('')
}
