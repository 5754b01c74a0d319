// A dictionary from texts to small numbers that is ready as soon as its bytes are read: three typed arrays, sorted by
// hash when they were made. It keeps no text, so a number may belong to another one by chance (about once in ten
// thousand look-ups): who cannot live with that compares.

export interface Hashed {
  /** Where the numbers of each bucket begin: a bucket holds all hashes with the same upper 16 bits. */
  readonly starts: Uint32Array
  /** The lower 16 bits. */
  readonly lows: Uint16Array
  readonly values: Uint16Array
}

/** All numbers that were noted under `key`, in the order in which they were. */
export function numbersOf({ starts, lows, values }: Hashed, key: number): readonly number[] {
  const low = key & 0xffff
  let found: number[] | undefined
  for (let at = starts[key >>> 16]!, end = starts[(key >>> 16) + 1]!; at < end; at++)
    if (lows[at] === low) {
      if (found === undefined) found = [values[at]!]
      else found.push(values[at]!)
    }
  return found ?? nothing
}

const nothing: readonly number[] = []

/** The first number under `key`; 0 where there is none. */
export function numberOf({ starts, lows, values }: Hashed, key: number): number {
  const low = key & 0xffff
  for (let at = starts[key >>> 16]!, end = starts[(key >>> 16) + 1]!; at < end; at++)
    if (lows[at] === low) return values[at]!
  return 0
}

/**
 * 32 bits, as a signed number, of a text (or of what stands from `from` to before `to`), and of what it is looked up as
 * (FNV-1a, finished as in MurmurHash3; both are public domain).
 */
export function keyOf(kind: number, text: string, from = 0, to = text.length): number {
  let hash = Math.imul(kind + 1, 0x9e3779b1)
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Notes numbers below 65,536 under keys; `hashed` is the dictionary of all so far. */
export class HashedBuilder {
  readonly #keys: number[] = []
  readonly #values: number[] = []

  add(key: number, value: number): void {
    this.#keys.push(key)
    this.#values.push(Math.min(value, 0xffff))
  }

  /** Counting sort by bucket, so that numbers under one key stay in order. */
  hashed(): Hashed {
    const starts = new Uint32Array(0x10001)
    for (const key of this.#keys) starts[(key >>> 16) + 1]!++
    for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!
    const next = starts.slice()
    const lows = new Uint16Array(this.#keys.length)
    const values = new Uint16Array(this.#keys.length)
    this.#keys.forEach((key, at) => {
      const slot = next[key >>> 16]!++
      lows[slot] = key
      values[slot] = this.#values[at]!
    })
    return { starts, lows, values }
  }
}
