// Which of many words lie one edit from a given one, without comparing them all: two words one edit apart
// share a form in which at most one character of each is dropped (the symmetric-delete method).
// Forms are kept as 32-bit hashes in one flat table, so 17,000 names take milliseconds and a few megabytes.

export interface DeletionIndex {
  /** Positions of words that may lie within one edit of `word`; hashes collide, so measure before believing. */
  near(word: string): ReadonlySet<number>
}

export function indexDeletions(words: readonly string[]): DeletionIndex {
  const entries = words.reduce((sum, word) => sum + word.length + 1, 0)
  // A load of a half at most keeps probes short. The slot holds position + 1, so that 0 is free.
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, entries * 2)))
  const hashes = new Int32Array(size)
  const positions = new Int32Array(size)
  words.forEach((word, position) => {
    for (const hash of forms(word)) {
      let slot = hash & (size - 1)
      while (positions[slot] !== 0) slot = (slot + 1) & (size - 1)
      hashes[slot] = hash
      positions[slot] = position + 1
    }
  })
  return {
    near(word) {
      const found = new Set<number>()
      for (const hash of forms(word))
        for (let slot = hash & (size - 1); positions[slot] !== 0; slot = (slot + 1) & (size - 1))
          if (hashes[slot] === hash) found.add(positions[slot]! - 1)
      return found
    },
  }
}

/** Hashes of the word itself and of the word without each of its characters. */
function forms(word: string): Int32Array {
  // A polynomial hash: dropping a character takes away its own term and moves the ones before it down by one.
  const found = new Int32Array(word.length + 1)
  const prefixes = new Int32Array(word.length + 1)
  for (let i = 0; i < word.length; i++) prefixes[i + 1] = Math.imul(prefixes[i]!, base) + word.charCodeAt(i)
  const whole = prefixes[word.length]!
  found[word.length] = mix(whole)
  for (let i = word.length - 1, power = 1; i >= 0; i--, power = Math.imul(power, base))
    found[i] = mix(whole + Math.imul(prefixes[i]! - prefixes[i + 1]!, power))
  return found
}

const base = 0x01000193

/** Slots are taken from the low bits, which a polynomial alone fills poorly. */
function mix(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return spread ^ (spread >>> 16)
}
