// The names that can be imitated, popular ones and known members of big scopes, in the forms in which they are looked
// up: without separators, and without their scope.

import { withoutSeparators } from './forms.ts'
import type { Knowledge } from './knowledge.ts'
import { indexNeighbours, type Neighbours } from './neighbours.ts'
import { oddnessAmong } from './oddness.ts'
import { describePopular, lazily, type Popular, scopeOf, wordsOf } from './popular.ts'
import { indexFamilies } from './scopes.ts'

export interface Targets {
  readonly popular: Popular
  readonly knowledge: Knowledge
  readonly neighbours: Neighbours
  /** Name → 1 for the one that most packages depend on; only the few thousand first. */
  readonly dependedOn: ReadonlyMap<string, number>
  /** A name without separators → the most popular name that has these letters. */
  readonly byBare: ReadonlyMap<string, string>
  /** What stands behind the scope, without separators → the names that have it. */
  readonly byPart: ReadonlyMap<string, readonly string[]>
  /** The most popular package of the one scope whose packages are called like `name` (`arm-…` in `@azure`). */
  readonly family: (name: string) => string | undefined
  readonly oddness: (name: string, target: string) => number
  /** How often a word begins, and how often it ends, names of two words or more. */
  readonly firstWords: ReadonlyMap<string, number>
  readonly lastWords: ReadonlyMap<string, number>
}

/** Names with fewer letters are part of too many others. */
const shortestPart = 3

export function indexTargets(
  names: readonly string[],
  knowledge: Knowledge,
  dependedOn: readonly string[] = [],
): Targets {
  const popular = describePopular([...names, ...knowledge.members])
  const byBare = new Map<string, string>()
  const byPart = new Map<string, string[]>()
  const firstWords = new Map<string, number>()
  const lastWords = new Map<string, number>()
  for (const name of popular.names) {
    const bare = withoutSeparators(name)
    if (!byBare.has(bare)) byBare.set(bare, name)
    const scope = scopeOf(name)
    if (scope !== '' && !knowledge.benignScopes.has(scope)) add(byPart, bare.slice(bareLength(scope)), name)
    const words = wordsOf(name)
    if (words.length < 2) continue
    if (scope === '') count(firstWords, words[0]!)
    count(lastWords, words.at(-1)!)
  }
  const family = lazily(() => indexFamilies(popular, knowledge))
  return {
    popular,
    knowledge,
    neighbours: indexNeighbours(popular.names),
    dependedOn: new Map(dependedOn.map((name, at) => [name, at + 1])),
    byBare,
    byPart,
    family: (name) => family()(name),
    oddness: oddnessAmong(names),
    firstWords,
    lastWords,
  }
}

const bareLength = (scope: string): number => withoutSeparators(scope).length

function add(groups: Map<string, string[]>, key: string, value: string): void {
  if (key.length < shortestPart) return
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
