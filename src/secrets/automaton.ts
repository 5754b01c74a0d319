// Aho-Corasick over bytes: finds every occurrence of many words in one pass. Letters are folded to one case,
// because names are matched in any case; callers with case-sensitive words compare the few hits themselves.
// Flat typed arrays, and states with a hit numbered last, so that the loop is two loads and one comparison a byte.

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
  return run(renumber(trie, classCount), classOf, classCount, folded)
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
  /** `next[state * classCount + class]`; 0 is the root. */
  readonly next: Uint32Array
  readonly states: number
  /** Words that end in a state; after linking, those that end there as a suffix too. */
  readonly ends: (readonly number[])[]
}

function buildTrie(words: readonly Buffer[], classOf: Uint8Array, classCount: number): Trie {
  const most = 1 + words.reduce((sum, word) => sum + word.length, 0)
  const next = new Uint32Array(most * classCount)
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
  return { next, states: ends.length, ends }
}

/** Breadth first, so that a state's longest proper suffix is complete before the state asks for it. */
function link({ next, states, ends }: Trie, classCount: number): void {
  const suffix = new Uint32Array(states)
  const queue: number[] = [0]
  for (const state of queue) {
    const fallback = suffix[state]! * classCount
    for (let c = 0; c < classCount; c++) {
      const edge = state * classCount + c
      const child = next[edge]!
      if (child === 0) next[edge] = state === 0 ? 0 : next[fallback + c]!
      else {
        suffix[child] = state === 0 ? 0 : next[fallback + c]!
        ends[child] = [...ends[child]!, ...ends[suffix[child]!]!]
        queue.push(child)
      }
    }
  }
}

interface Machine {
  /** Targets premultiplied by `classCount`: the row's offset itself. */
  readonly next: Uint32Array
  /** Rows from here on hold a hit. */
  readonly firstHit: number
  readonly ends: readonly (readonly number[])[]
}

function renumber({ next, states, ends }: Trie, classCount: number): Machine {
  const order = Array.from({ length: states }, (_, state) => state).sort(
    (a, b) => Math.sign(ends[a]!.length) - Math.sign(ends[b]!.length) || a - b,
  )
  const place = new Uint32Array(states)
  order.forEach((state, position) => {
    place[state] = position
  })
  const machine = new Uint32Array(states * classCount)
  for (let state = 0; state < states; state++)
    for (let c = 0; c < classCount; c++)
      machine[place[state]! * classCount + c] = place[next[state * classCount + c]!]! * classCount
  const silent = order.findIndex((state) => ends[state]!.length > 0)
  return {
    next: machine,
    firstHit: (silent === -1 ? states : silent) * classCount,
    ends: order.map((state) => ends[state]!),
  }
}

function run(machine: Machine, classOf: Uint8Array, classCount: number, words: readonly Buffer[]): Automaton {
  const { ends } = machine
  const lengths = words.map((word) => word.length)
  const longest = Math.max(0, ...lengths)
  const shift = Math.log2(classCount)
  return {
    find(bytes, from, to, hit) {
      // Locals: V8 keeps them in registers, where it would load a closure's again for every byte.
      const next = machine.next
      const classes = classOf
      const firstHit = machine.firstHit
      const end = Math.min(bytes.length, to + longest - 1)
      let row = 0
      for (let i = from; i < end; i++) {
        row = next[row + classes[bytes[i]!]!]!
        if (row < firstHit) continue
        const words = ends[row >>> shift]!
        for (let w = 0; w < words.length; w++) {
          const word = words[w]!
          const start = i + 1 - lengths[word]!
          if (start < to) hit(word, start)
        }
      }
    },
  }
}
