// The names worth imitating: npm's most downloaded and most depended-on packages, most popular first.
// The list is a dependency (`npm-high-impact`), so it is as fresh as its pinned version and needs no network:
// `npm run names:refresh` takes the newest.

import { type Lists, readLists } from './kept.ts'

export interface Popular {
  /** Most popular first. */
  readonly names: readonly string[]
  /** name → 1 for the most popular. */
  readonly rank: ReadonlyMap<string, number>
  /** Words that names of several owners are built of, such as `plugin`, `react` or `utils`. */
  readonly words: ReadonlySet<string>
  /** Scope → how many popular packages it holds. */
  readonly scopes: ReadonlyMap<string, number>
  /** `react` → how many popular names begin with `react-`: platforms are extended by everybody. */
  readonly extensions: ReadonlyMap<string, number>
}

/** Loaded on first use, once a process. */
export const loadLists: () => Promise<Lists> = once(readLists)
export const loadPopular: () => Promise<Popular> = once(async () => describePopular((await loadLists()).popular))

/** What most look-ups never need is counted when it is first asked for. */
export function describePopular(names: readonly string[]): Popular {
  const words = lazily(() => sharedWords(names))
  const scopes = lazily(() => count(names.map(scopeOf).filter((scope) => scope !== '')))
  const extensions = lazily(() => count(names.flatMap((name) => (name.startsWith('@') ? [] : beginningsOf(name)))))
  return {
    names,
    rank: new Map(names.map((name, index) => [name, index + 1])),
    get words() {
      return words()
    },
    get scopes() {
      return scopes()
    },
    get extensions() {
      return extensions()
    },
  }
}

/** A scope is one owner however often it uses a word: `arm` is Azure's, `plugin` is everybody's. */
function sharedWords(names: readonly string[]): Set<string> {
  const shared = new Set<string>()
  const owners = new Map<string, [string, string?]>()
  for (const name of names) {
    const owner = scopeOf(name) || name
    for (const word of wordsOf(name)) {
      const known = owners.get(word)
      if (known === undefined) owners.set(word, [owner])
      else if (known[0] === owner || known[1] === owner) continue
      else if (known[1] === undefined) known[1] = owner
      else shared.add(word)
    }
  }
  return shared
}

/** What stands before each separator: `eslint-plugin-react` → `eslint`, `eslint-plugin`. */
export function beginningsOf(name: string): string[] {
  const found: string[] = []
  for (let i = 1; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code === hyphen || code === dot) found.push(name.slice(0, i))
  }
  return found
}

const hyphen = 0x2d
const dot = 0x2e

function count(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

/** `@babel/core` → `@babel`; empty for a name without a scope. */
export const scopeOf = (name: string): string =>
  name.startsWith('@') ? name.slice(0, Math.max(0, name.indexOf('/'))) : ''

/** `@babel/plugin-syntax-jsx` → `babel plugin syntax jsx`. */
export function wordsOf(name: string): string[] {
  const words: string[] = []
  let start = 0
  for (let at = 0; at <= name.length; at++) {
    if (at < name.length && !isSeparator(name.charCodeAt(at))) continue
    if (at > start) words.push(name.slice(start, at))
    start = at + 1
  }
  return words
}

/** One of `-_.@/~`. A regular expression would take three times as long, and every name passes here. */
const isSeparator = (code: number): boolean =>
  code === hyphen || code === dot || code === 0x5f || code === 0x2f || code === 0x40 || code === 0x7e

/** Makes a value when it is first asked for, and keeps it. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  return lazily(make)
}

export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
