// Makes the tables in which targets.ts looks names up: when the program is built, and where it runs without a build.

import { lettersOf, spell, withoutSeparators } from './forms.ts'
import { HashedBuilder, keyOf } from './hashed.ts'
import { type Tables, understand } from './knowledge.ts'
import { asPart, letterBits, pieceKeys } from './neighbours.ts'
import { rarityIn } from './oddness.ts'
import { pack } from './packed.ts'
import { familiesAmong } from './scopes.ts'
import { counted, type Facts, openTargets, type Targets, under } from './targets.ts'
import { beginningsOf, scopeOf, wordsOf } from './words.ts'

export interface Lists {
  /** Most popular first. */
  readonly popular: readonly string[]
  /** What most packages name as a dependency, most first: the names that people type. */
  readonly dependedOn: readonly string[]
  readonly tables: Tables
  readonly usage: Usage
}

/** What of names is counted in real ones: [text, owners, begins, ends, begins with a separator behind it]. */
export type Usage = readonly (readonly [string, number, number, number, number])[]

/** @internal for tests and benches, which bring lists of their own */
export const indexTargets = (lists: Lists): Targets => openTargets(packTargets(lists))!.targets

/** All that targets.ts opens, in one run of bytes. */
export function packTargets({ popular, dependedOn, tables, usage }: Lists): Uint8Array<ArrayBuffer> {
  const knowledge = understand(tables)
  const names = [...popular, ...knowledge.members]
  if (names.length > asPart) throw new Error(`${names.length} names are more than the tables hold (${asPart})`)
  const hashed = new HashedBuilder()
  const scopes = new Set<string>()
  for (const [place, name] of names.entries()) {
    for (const [how, key] of keysOf(name, knowledge.benignScopes)) hashed.add(keyOf(how, key), place)
    for (const key of pieceKeys(lettersOf(name))) hashed.add(key, place)
    const scope = scopeOf(name)
    if (scope !== '' && !scopes.has(scope)) hashed.add(keyOf(under.scope, scope), place)
    scopes.add(scope)
    if (scope === '' || knowledge.benignScopes.has(scope)) continue
    const part = lettersOf(name.slice(scope.length))
    if (part.length >= shortestPart) for (const key of pieceKeys(part)) hashed.add(key, asPart + place)
  }
  const counts = countAll(names)
  for (const [what, texts] of counts) for (const [text, count] of texts) hashed.add(keyOf(what, text), count)
  for (const [text, ...found] of usage)
    for (const [at, count] of found.entries()) if (count > 0) hashed.add(keyOf(counted.used + at, text), count)
  const own = new Set(names)
  const isShared = (beginning: string): boolean =>
    counts.get(counted.extensions)!.has(beginning) ||
    // `ckeditor5-…`, `claude-…`: a product that others name their packages after.
    own.has(beginning) ||
    (counts.get(counted.owners)!.get(beginning) ?? 0) > 2
  for (const [beginning, place] of familiesAmong(names, knowledge.families, isShared))
    hashed.add(keyOf(under.family, beginning), place)
  const ranks = new Map(dependedOn.map((name, at) => [name, at + 1]))
  const text = new TextEncoder().encode(names.map((name) => `${name}\n`).join(''))
  return pack({ popular: popular.length, tables: { ...tables, members: [], known: [] } } satisfies Facts, {
    text,
    begins: Uint32Array.from(startsOf(names)),
    typed: Uint16Array.from(names, (name) => ranks.get(name) ?? 0),
    letters: Uint32Array.from(names, (name) => letterBits(lettersOf(name))),
    rarity: rarityIn(popular),
    ...hashed.hashed(),
  })
}

/** Shorter parts are one letter from too many. */
const shortestPart = 4

function* startsOf(names: readonly string[]): Generator<number> {
  let start = 0
  yield start
  for (const name of names) {
    start += name.length + 1
    yield start
  }
}

/** Under what a name is found. */
function* keysOf(name: string, benign: ReadonlySet<string>): Generator<readonly [how: number, key: string]> {
  const { scope, bare, unrepeated, glance, heard, ordered } = spell(name)
  yield [under.exact, name]
  yield [under.bare, bare]
  yield [under.unrepeated, unrepeated]
  yield [under.glance, glance]
  yield [under.heard, heard]
  if (ordered !== undefined) yield [under.ordered, ordered]
  const words = scope === '' ? wordsOf(name) : []
  if (words.length > 2) for (const at of words.keys()) yield [under.lessOne, words.toSpliced(at, 1).join('-')]
  if (scope !== '' && !benign.has(scope)) yield [under.part, withoutSeparators(name.slice(scope.length))]
}

function countAll(names: readonly string[]): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const counts = new Map<number, Map<string, number>>(Object.values(counted).map((what) => [what, new Map()]))
  const count = (what: number, text: string): void => {
    const texts = counts.get(what)!
    texts.set(text, (texts.get(text) ?? 0) + 1)
  }
  const ownersOf = new Map<string, Set<string>>()
  for (const name of names) {
    const scope = scopeOf(name)
    const words = wordsOf(name)
    if (scope === '') for (const beginning of beginningsOf(name)) count(counted.extensions, beginning)
    else count(counted.scope, scope)
    if (words.length > 1) {
      if (scope === '') count(counted.first, words[0]!)
      count(counted.last, words.at(-1)!)
    }
    // A scope is one owner however often it uses a word: `arm` is Azure's, `plugin` is everybody's.
    for (const word of new Set(words)) {
      const owners = ownersOf.get(word)
      if (owners) owners.add(scope || name)
      else ownersOf.set(word, new Set([scope || name]))
    }
  }
  for (const [word, owners] of ownersOf) if (owners.size > 1) counts.get(counted.owners)!.set(word, owners.size)
  return counts
}
