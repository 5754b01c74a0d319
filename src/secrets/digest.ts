// A secret's digest: the name by which reports, baselines and caches know it without holding it. It depends on the
// value alone, so two clones agree. What 80 random bits protect may be hashed fast; what a person made up may be
// guessed, so its digest is made expensive to try.

import { createHmac, scrypt } from 'node:crypto'
import pLimit from 'p-limit'

/** Public on purpose: it keeps our digests apart from everybody else's hashes of the same value, no more. */
const domain = 'audit-deps secret digest, version 1'
const digestBytes = 16
/** RFC 7914; N = 2^14 takes about 30 ms and 16 MB. */
const cost = { N: 2 ** 14, r: 8, p: 1 } as const
/** Of libuv's four threads one is left for whoever reads files meanwhile. */
const concurrency = 3

export interface Digester {
  /**
   * @param value latin1, one character a byte, as a candidate holds it
   * @returns 32 hexadecimal characters
   */
  digest(value: string, strength: 'random' | 'guessable'): Promise<string>
  /** Begins it, for somebody who will ask later; an error is theirs. */
  begin(value: string, strength: 'random' | 'guessable'): void
}

/** Computes each distinct value once. */
export function createDigester(): Digester {
  const known = new Map<string, Promise<string>>()
  const limit = pLimit(concurrency)
  const digest: Digester['digest'] = (value, strength) => {
    const key = `${strength}:${value}`
    const made = known.get(key) ?? (strength === 'random' ? fast(value) : limit(() => slow(value)))
    known.set(key, made)
    return made
  }
  return {
    digest,
    // Whoever asks for it later is given the same promise, and hears of its error.
    begin: (value, strength) => void digest(value, strength).catch(() => {}),
  }
}

const fast = async (value: string): Promise<string> =>
  createHmac('sha256', domain)
    .update(value, 'latin1')
    .digest('hex')
    .slice(0, digestBytes * 2)

const slow = (value: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(Buffer.from(value, 'latin1'), domain, digestBytes, cost, (error, key) => {
      if (error) reject(error)
      else resolve(key.toString('hex'))
    })
  })
