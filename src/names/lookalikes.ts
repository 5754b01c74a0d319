// Whom does a name imitate? Only popular names are worth imitating, and a popular name imitates nobody.
// Everything comes from one local list: nothing is asked, and no name leaves the machine.

import { indexDeletions } from './deletions.ts'
import { editDistance } from './distance.ts'
import { asRead, inOrder, withoutRepetition, withoutSeparators } from './forms.ts'
import { loadPopular, once, type Popular, scopeOf, wordsOf } from './popular.ts'

export const lookalikeKinds = [
  'edit',
  'separators',
  'scope',
  'scope-dropped',
  'homoglyphs',
  'repetition',
  'order',
] as const
export type LookalikeKind = (typeof lookalikeKinds)[number]

export interface Lookalike {
  /** The popular package that the name could be taken for. */
  readonly target: string
  /**
   * `edit`: one character inserted, dropped, replaced, or two neighbours swapped · `separators`: the same letters,
   * divided otherwise · `scope`: the scope written into the name · `scope-dropped` · `homoglyphs`: characters that look
   * alike · `repetition`: characters doubled or no longer doubled · `order`: the same words in another order.
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
 * The first call loads the list (about 0.2 s), later ones take some 15 µs. Of 40,000 real names outside the list 0.8 % are
 * flagged; of one-character changes to its names 8 in 10 or more are found.
 */
export async function findLookalikes(name: string): Promise<Lookalike[]> {
  if (name.length === 0 || name.length > longestName) return []
  return lookalikesIn(await loadIndex(), name)
}

interface Index {
  readonly popular: Popular
  readonly nearby: (name: string) => ReadonlySet<number>
  readonly byForm: ReadonlyMap<string, readonly number[]>
  readonly byOrder: ReadonlyMap<string, readonly number[]>
  readonly byPart: ReadonlyMap<string, readonly number[]>
}

const loadIndex = once(async () => indexPopular(await loadPopular()))

/** @internal for tests, which bring a list of their own */
export function indexPopular(popular: Popular): Index {
  const { names } = popular
  return {
    popular,
    nearby: indexDeletions(names).near,
    byForm: groupBy(names, withoutRepetition),
    byOrder: groupBy(names, inOrder),
    byPart: groupBy(names, tellingPart),
  }
}

/** @internal for tests, which bring a list of their own */
export function lookalikesIn(index: Index, name: string): Lookalike[] {
  const { names, rank } = index.popular
  if (rank.has(name)) return []
  const order = inOrder(name)
  const candidates = new Set([
    ...index.nearby(name),
    ...(index.byForm.get(withoutRepetition(name)) ?? []),
    ...(order === undefined ? [] : (index.byOrder.get(order) ?? [])),
    ...(scopeOf(name) === '' ? (index.byPart.get(name) ?? []) : []),
  ])
  return [...candidates]
    .map((position) => compare(index.popular, name, names[position]!))
    .filter((found) => found !== undefined)
    .sort((a, b) => a.distance - b.distance || a.rank - b.rank)
}

function compare(popular: Popular, name: string, target: string): Lookalike | undefined {
  const scope = scopeOf(target)
  // One scope has one owner, who imitates nobody there.
  if (scope !== '' && scope === scopeOf(name)) return undefined
  const kind = kindOf(name, target)
  const rank = popular.rank.get(target)!
  if (kind === undefined || rank > lowestRank(kind, name, target)) return undefined
  if (doubtful.has(kind) && isMadeOfWords(popular.words, name, target)) return undefined
  return { target, kind, distance: editDistance(name, target), rank }
}

/** The plainest way in which the two are alike. */
function kindOf(name: string, target: string): LookalikeKind | undefined {
  if (withoutSeparators(name) === withoutSeparators(target)) return scopeOf(target) === '' ? 'separators' : 'scope'
  if (tellingPart(target) === name) return 'scope-dropped'
  if (asRead(name) === asRead(target)) return 'homoglyphs'
  if (withoutRepetition(name) === withoutRepetition(target)) return 'repetition'
  if (editDistance(name, target, 1) === 1) return 'edit'
  return inOrder(name) !== undefined && inOrder(name) === inOrder(target) ? 'order' : undefined
}

/** Kinds in which a name may well have been chosen for itself, so that its words must speak against it too. */
const doubtful: ReadonlySet<LookalikeKind> = new Set<LookalikeKind>([
  'edit',
  'repetition',
  'homoglyphs',
  'scope-dropped',
])

/** `eslint-plugin-ts` is not a mistyped `eslint-plugin-es`: what differs is a word in its own right. */
function isMadeOfWords(words: ReadonlySet<string>, name: string, target: string): boolean {
  const theirs = scopeOf(target) === '' ? wordsOf(target) : []
  return wordsOf(name).every((word) => theirs.includes(word) || words.has(word))
}

/**
 * Short names are near each other by chance, above all by one replaced character, of which a name has 25 times its
 * length; so the shorter the name, the more popular its target must be. Set by measurement: at most one real package
 * in a hundred is flagged.
 */
function lowestRank(kind: LookalikeKind, name: string, target: string): number {
  if (kind === 'order') return 8_000
  const length = Math.min(withoutSeparators(name).length, withoutSeparators(target).length)
  const room = length + (kind !== 'edit' ? 1 : isReplacement(name, target) ? -1 : 0)
  return rankByRoom[room] ?? (room < rankByRoom.length ? 0 : Number.POSITIVE_INFINITY)
}

const rankByRoom = [0, 0, 0, 0, 600, 2_000, 5_000, 10_000] as const

const isReplacement = (name: string, target: string): boolean =>
  name.length === target.length && [...name].sort().join('') !== [...target].sort().join('')

/** `@docusaurus/mdx-loader` → `mdx-loader`; single words (`core`, `cli`) tell nothing of the scope they stood in. */
function tellingPart(name: string): string | undefined {
  const scope = scopeOf(name)
  const part = name.slice(scope.length + 1)
  return scope !== '' && wordsOf(part).length > 1 ? part : undefined
}

function groupBy(names: readonly string[], keyOf: (name: string) => string | undefined): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  names.forEach((name, position) => {
    const key = keyOf(name)
    if (key === undefined) return
    const group = groups.get(key)
    if (group) group.push(position)
    else groups.set(key, [position])
  })
  return groups
}
