// Aho-Corasick over bytes: finds every occurrence of many words in one pass. Letters are folded to one case,
// because names are matched in any case; callers with case-sensitive words compare the few hits themselves.
// One flat table in which a target with a hit is negative, so that the loop is two loads and one comparison a byte.

export interface Automaton {
  /** Calls `hit(word, start)` for every word that starts in [from, to), ordered by where it ends. */
  find(bytes: Uint8Array, from: number, to: number, hit: (word: number, start: number) => void): void
}

/** @param words distinct when folded to lower case, not empty, latin1. `hit` names them by their index. */
export function buildAutomaton(words: readonly string[]): Automaton {
  const folded = words.map((word) => Buffer.from(word.toLowerCase(), 'latin1'))
  const { classOf, classCount } = byteClasses(folded)
  const trie = buildTrie(folded, classOf)
  return run(link(trie, classCount), trie.ends, classOf, classCount, folded)
}

/** Bytes that no word holds share class 0, so a row is as wide as the alphabet in use, rounded to a power of two. */
function byteClasses(words: readonly Buffer[]): { classOf: Uint8Array; classCount: number } {
  const classOf = new Uint8Array(256)
  let used = 1
  for (const word of words) for (const byte of word) if (classOf[byte] === 0) classOf[byte] = used++
  for (let upper = 65; upper <= 90; upper++) classOf[upper] = classOf[upper + 32]!
  return { classOf, classCount: 2 ** Math.ceil(Math.log2(used)) }
}

/** A state's children are a list: a row of the whole alphabet for each would be mostly empty. */
interface Trie {
  readonly firstChild: Int32Array
  readonly nextSibling: Int32Array
  /** The class of the byte that leads to a state. */
  readonly via: Uint8Array
  /** Words that end in a state; after linking, those that end there as a suffix too. */
  readonly ends: (readonly number[])[]
}

function buildTrie(words: readonly Buffer[], classOf: Uint8Array): Trie {
  const most = 1 + words.reduce((sum, word) => sum + word.length, 0)
  const [firstChild, nextSibling, via] = [new Int32Array(most), new Int32Array(most), new Uint8Array(most)]
  const ends: (readonly number[])[] = [[]]
  for (const [index, word] of words.entries()) {
    let state = 0
    for (const byte of word) {
      let child = firstChild[state]!
      while (child !== 0 && via[child] !== classOf[byte]) child = nextSibling[child]!
      if (child === 0) {
        child = ends.push([]) - 1
        via[child] = classOf[byte]!
        nextSibling[child] = firstChild[state]!
        firstChild[state] = child
      }
      state = child
    }
    ends[state] = [...ends[state]!, index]
  }
  return { firstChild, nextSibling, via, ends }
}

/**
 * The table of all steps: `[state * classCount + class]` is the offset of the next state's row, negative where words
 * end. Breadth first, so that a state's longest proper suffix is complete before the state copies its row.
 */
function link({ firstChild, nextSibling, via, ends }: Trie, classCount: number): Int32Array {
  const table = new Int32Array(ends.length * classCount)
  const suffix = new Int32Array(ends.length)
  const queue: number[] = [0]
  for (const state of queue) {
    const row = state * classCount
    const fallback = suffix[state]! * classCount
    if (state !== 0) table.copyWithin(row, fallback, fallback + classCount)
    for (let child = firstChild[state]!; child !== 0; child = nextSibling[child]!) {
      const edge = row + via[child]!
      const behind = Math.abs(table[edge]!) / classCount
      suffix[child] = behind
      if (ends[behind]!.length > 0) ends[child] = [...ends[child]!, ...ends[behind]!]
      table[edge] = ends[child]!.length > 0 ? -child * classCount : child * classCount
      queue.push(child)
    }
  }
  return table
}

function run(
  next: Int32Array,
  ends: Trie['ends'],
  classOf: Uint8Array,
  classCount: number,
  words: readonly Buffer[],
): Automaton {
  const lengths = words.map((word) => word.length)
  const longest = Math.max(0, ...lengths)
  return {
    find(bytes, from, to, hit) {
      // Locals: V8 keeps them in registers, where it would load a closure's again for every byte.
      const table = next
      const classes = classOf
      const end = Math.min(bytes.length, to + longest - 1)
      let row = 0
      for (let i = from; i < end; i++) {
        row = table[row + classes[bytes[i]!]!]!
        if (row >= 0) continue
        row = -row
        const words = ends[row / classCount]!
        for (let w = 0; w < words.length; w++) {
          const word = words[w]!
          const start = i + 1 - lengths[word]!
          if (start < to) hit(word, start)
        }
      }
    },
  }
}
