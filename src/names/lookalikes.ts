// Whom does a name imitate? Only names that people know are worth imitating, and a known name imitates nobody.
// Everything comes from local lists: nothing is asked, and no name leaves the machine.

import { editDistance } from './distance.ts'
import { likelihood } from './likelihood.ts'
import { loadTargets } from './popular.ts'
import { Spelled, spellings } from './spelling.ts'
import { counted, type Targets } from './targets.ts'
import { kindOfWay, type LookalikeKind } from './ways.ts'
import { type Candidate, wordings } from './wording.ts'
import { scopeOf } from './words.ts'

export { type LookalikeKind, lookalikeKinds } from './ways.ts'

export interface Lookalike {
  /** The package that the name could be taken for; of a `scope-family` its most popular one. */
  readonly target: string
  /**
   * `edit`: one character inserted, dropped, replaced, or two neighbours swapped · `edits`: two of these, or another
   * spelling of the same sound · `separators`: the same letters, divided otherwise · `scope`: the scope written into
   * the name, or made of it · `scope-dropped` · `scope-replaced`: the same package in another scope · `scope-family`:
   * called as only the packages of one scope are · `homoglyphs`: characters that look alike · `repetition`: characters
   * doubled or no longer doubled · `order`: the same words in another order · `affix`: a word added that makes it look
   * like an edition of the target · `synonym`: a word that means the same.
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
 * Packages that `name` could be taken for, the likeliest first; empty for a name that is popular itself.
 * The first call loads the lists, later ones take microseconds. `npm run bench -- names` measures both, how many
 * imitations are found and how many real names are flagged.
 */
export async function findLookalikes(name: string): Promise<Lookalike[]> {
  if (name.length === 0 || name.length > longestName) return []
  return lookalikesIn(await loadTargets(), name)
}

/** @internal for tests and benches, which bring a list of their own */
export function lookalikesIn(targets: Targets, name: string): Lookalike[] {
  return (
    candidatesFor(targets, name)
      .map((candidate) => ({ ...candidate, likelihood: likelihood(targets, name, candidate) }))
      .filter((one) => one.likelihood > 0)
      // A family names no target of its own, so it comes after those that do.
      .sort((a, b) => Number(isFamily(a)) - Number(isFamily(b)) || b.likelihood - a.likelihood)
      .map(({ place, way }) => {
        const target = targets.nameAt(place)
        return { target, kind: kindOfWay[way], distance: editDistance(name, target), rank: place + 1 }
      })
  )
}

const isFamily = ({ way }: Candidate): boolean => way === 'scope-family'

/** @internal All that it could be taken for if chance did not exist; the plainest way to each. */
export function candidatesFor(targets: Targets, name: string): readonly Candidate[] {
  // A popular scope has an owner with a name to lose, who imitates nobody there.
  if (targets.placeOf(name) !== undefined || isOwned(targets, scopeOf(name))) return []
  const found = new Map<number, Candidate>()
  const take = (candidate: Candidate): void => {
    if (!found.has(candidate.place)) found.set(candidate.place, candidate)
  }
  for (const [place, way] of spellings(targets, new Spelled(name))) take({ place, way })
  for (const candidate of wordings(targets, name)) take(candidate)
  return [...found.values()]
}

const isOwned = (targets: Targets, scope: string): boolean => scope !== '' && targets.count(counted.scope, scope) > 0
