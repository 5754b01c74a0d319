// Whom does a name imitate? Only popular names are worth imitating, and a popular name imitates nobody.
// Everything comes from one local list: nothing is asked, and no name leaves the machine.

import { withoutAffix } from './affixes.ts'
import { editDistance } from './distance.ts'
import { indexNeighbours, type Neighbours } from './neighbours.ts'
import { loadPopular, once, type Popular, scopeOf } from './popular.ts'
import { indexScopes, type Scopes } from './scopes.ts'
import { longEnoughForTwo, spell, spellingKind } from './spelling.ts'
import { otherWordings } from './synonyms.ts'

export const lookalikeKinds = [
  'edit',
  'edits',
  'separators',
  'scope',
  'scope-dropped',
  'scope-family',
  'homoglyphs',
  'repetition',
  'order',
  'affix',
  'synonym',
] as const
export type LookalikeKind = (typeof lookalikeKinds)[number]

export interface Lookalike {
  /** The popular package that the name could be taken for; of a `scope-family` its most popular one. */
  readonly target: string
  /**
   * `edit`: one character inserted, dropped, replaced, or two neighbours swapped · `edits`: two of these in a long
   * name · `separators`: the same letters, divided otherwise · `scope`: the scope written into the name ·
   * `scope-dropped` · `scope-family`: called as only the packages of one scope are · `homoglyphs`: characters that look
   * alike · `repetition`: characters doubled or no longer doubled · `order`: the same words in another order ·
   * `affix`: a word added that makes it look like an edition of the target.
   */
  readonly kind: LookalikeKind
  /** Edits between the two names as written (optimal string alignment). */
  readonly distance: number
  /** The target's place among popular packages: 1 is the most popular. */
  readonly rank: number
}

/** The longest name that the registry has ever taken. */
const longestName = 214

/**
 * Popular packages that `name` could be taken for, the closest first; empty for a name that is popular itself.
 * The first call loads the list, later ones take microseconds. `npm run bench -- names` measures both, how many
 * imitations are found and how many real names are flagged.
 */
export async function findLookalikes(name: string): Promise<Lookalike[]> {
  if (name.length === 0 || name.length > longestName) return []
  return lookalikesIn(await loadIndex(), name)
}

interface Index {
  readonly popular: Popular
  readonly neighbours: Neighbours
  readonly scopes: Scopes
}

const loadIndex = once(async () => indexPopular(await loadPopular()))

/** @internal for tests, which bring a list of their own */
export const indexPopular = (popular: Popular): Index => ({
  popular,
  neighbours: indexNeighbours(popular.names),
  scopes: indexScopes(popular),
})

/** @internal for tests, which bring a list of their own */
export function lookalikesIn(index: Index, name: string): Lookalike[] {
  const { popular } = index
  // A popular scope has an owner with a name to lose, who imitates nobody there.
  if (popular.rank.has(name) || popular.scopes.has(scopeOf(name))) return []
  const kinds = new Map<string, LookalikeKind>()
  for (const [target, kind] of candidatesOf(index, name)) if (!kinds.has(target)) kinds.set(target, kind)
  return [...kinds]
    .map(([target, kind]) => ({
      target,
      kind,
      distance: editDistance(name, target),
      rank: popular.rank.get(target) ?? popular.names.length,
    }))
    .sort((a, b) => a.distance - b.distance || a.rank - b.rank)
}

/** The plainest kind of each target comes first. */
function* candidatesOf({ popular, neighbours, scopes }: Index, name: string): Generator<[string, LookalikeKind]> {
  const spelled = spell(name)
  for (const position of neighbours.near(name, spelled.bare.length >= longEnoughForTwo)) {
    const target = popular.names[position]!
    const kind = spellingKind(popular, spelled, target)
    if (kind !== undefined) yield [target, kind]
  }
  const affixed = withoutAffix(popular, name)
  if (affixed !== undefined) yield [affixed, 'affix']
  if (scopeOf(name) !== '') return
  for (const target of otherWordings(popular, name)) yield [target, 'synonym']
  const parts = scopes.parts(name)
  for (const target of parts) yield [target, 'scope-dropped']
  const family = parts.length === 0 ? scopes.family(name) : undefined
  if (family !== undefined) yield [family, 'scope-family']
}
