// How package names are put together: scopes, words, and what stands before a separator.

const hyphen = 0x2d
const dot = 0x2e

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
export const isSeparator = (code: number): boolean =>
  code === hyphen || code === dot || code === 0x5f || code === 0x2f || code === 0x40 || code === 0x7e

/** What stands before each separator: `eslint-plugin-react` → `eslint`, `eslint-plugin`. */
export function beginningsOf(name: string): string[] {
  const found: string[] = []
  for (let i = 1; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code === hyphen || code === dot) found.push(name.slice(0, i))
  }
  return found
}
