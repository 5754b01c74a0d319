// Whom does a name imitate? Only names that people know are worth imitating, and a known name imitates nobody.
// Everything comes from local lists: nothing is asked, and no name leaves the machine.

import { editDistance } from './distance.ts'
import { spell } from './forms.ts'
import { likelihood } from './likelihood.ts'
import { near } from './neighbours.ts'
import { loadTargets } from './popular.ts'
import { scopeDropped, scopesLike } from './scoped.ts'
import { spellings } from './spelling.ts'
import { type Targets, under } from './targets.ts'
import { kindOfWay, type LookalikeKind } from './ways.ts'
import { type Candidate, type Take, wordings } from './wording.ts'
import { scopeOf, wordsOf } from './words.ts'

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
   * like an edition of the target · `synonym`: another word, which means the same or takes its place · `word-dropped`: a
   * word left out.
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
export const lookalikesIn = (targets: Targets, name: string): Lookalike[] =>
  ordered(judgedFor(targets, name), 0).map(({ place, way }) => {
    const target = targets.nameAt(place)
    return { target, kind: kindOfWay[way], distance: editDistance(name, target), rank: place + 1 }
  })

interface Judged extends Candidate {
  readonly likelihood: number
}

/** @internal All that it could be taken for, with how likely that is. */
export function judgedFor(targets: Targets, name: string): readonly Judged[] {
  const candidates = candidatesFor(targets, name)
  return candidates.map((one) => ({ ...one, likelihood: likelihood(targets, name, one, candidates.length) }))
}

/**
 * @internal What lies above the bar, the likeliest first and each target once, by its plainest way; a family names no
 * target of its own, so it comes last.
 */
export function ordered(judged: readonly Judged[], bar: number): readonly Judged[] {
  const found = new Map<number, Judged>()
  for (const one of judged) {
    if (one.likelihood <= bar) continue
    const plainest = found.get(one.place) ?? one
    found.set(one.place, { ...plainest, likelihood: Math.max(plainest.likelihood, one.likelihood) })
  }
  return [...found.values()].sort((a, b) => Number(isFamily(a)) - Number(isFamily(b)) || b.likelihood - a.likelihood)
}

const isFamily = ({ way }: Candidate): boolean => way === 'scope-family'

/** @internal All that it could be taken for if chance did not exist, in each way. */
export function candidatesFor(targets: Targets, name: string): readonly Candidate[] {
  const scope = scopeOf(name)
  // A popular scope has an owner with a name to lose, who imitates nobody there.
  if (targets.placeOf(name) !== undefined || isOwned(targets, scope)) return []
  const found: Candidate[] = []
  const take: Take = (candidate) => {
    if (!found.some(({ place, way }) => place === candidate.place && way === candidate.way)) found.push(candidate)
  }
  const spelled = spell(name)
  const neighbours = near(targets, spelled.letters)
  spellings(targets, spelled, neighbours, take)
  if (scope !== '') scopesLike(targets, name, take)
  else {
    const words = wordsOf(name)
    wordings(targets, name, words, take)
    scopeDropped(targets, spelled, words, neighbours, take)
  }
  return found
}

/** By name: a scope whose hash is another's would pass unseen, and such a one can be made up. */
const isOwned = ({ find, nameAt }: Targets, scope: string): boolean =>
  scope !== '' && find(under.scope, scope).some((place) => scopeOf(nameAt(place)) === scope)
