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
  const trie = buildTrie(folded, classOf, classCount)
  link(trie, classCount)
  const { next, ends } = trie
  for (let edge = 0; edge < next.length; edge++) {
    const target = next[edge]!
    next[edge] = ends[target]!.length > 0 ? -target * classCount : target * classCount
  }
  return run(trie, classOf, classCount, folded)
}

/** Bytes that no word holds share class 0, so a row is as wide as the alphabet in use, rounded to a power of two. */
function byteClasses(words: readonly Buffer[]): { classOf: Uint8Array; classCount: number } {
  const classOf = new Uint8Array(256)
  let used = 1
  for (const word of words) for (const byte of word) if (classOf[byte] === 0) classOf[byte] = used++
  for (let upper = 65; upper <= 90; upper++) classOf[upper] = classOf[upper + 32]!
  return { classOf, classCount: 2 ** Math.ceil(Math.log2(used)) }
}

interface Trie {
  /**
   * `next[state * classCount + class]`: the state to go to, 0 for the root; once linked and premultiplied the offset
   * of its row, negative where words end.
   */
  readonly next: Int32Array
  /** Words that end in a state; after linking, those that end there as a suffix too. */
  readonly ends: (readonly number[])[]
}

function buildTrie(words: readonly Buffer[], classOf: Uint8Array, classCount: number): Trie {
  const most = 1 + words.reduce((sum, word) => sum + word.length, 0)
  const next = new Int32Array(most * classCount)
  const ends: (readonly number[])[] = [[]]
  for (const [index, word] of words.entries()) {
    let state = 0
    for (const byte of word) {
      const edge = state * classCount + classOf[byte]!
      if (next[edge] === 0) next[edge] = ends.push([]) - 1
      state = next[edge]!
    }
    ends[state] = [...ends[state]!, index]
  }
  return { next: next.slice(0, ends.length * classCount), ends }
}

/** Breadth first, so that a state's longest proper suffix is complete before the state asks for it. */
function link({ next, ends }: Trie, classCount: number): void {
  const suffix = new Uint32Array(ends.length)
  const queue: number[] = [0]
  for (const state of queue) {
    const row = state * classCount
    const fallback = suffix[state]! * classCount
    for (let c = 0; c < classCount; c++) {
      const child = next[row + c]!
      const behind = state === 0 ? 0 : next[fallback + c]!
      if (child === 0) next[row + c] = behind
      else {
        suffix[child] = behind
        if (ends[behind]!.length > 0) ends[child] = [...ends[child]!, ...ends[behind]!]
        queue.push(child)
      }
    }
  }
}

function run({ next, ends }: Trie, classOf: Uint8Array, classCount: number, words: readonly Buffer[]): Automaton {
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
