// A third maker of imitations, only to learn from: it hangs any word on a name that real names begin or end with, and
// misspells without looking at the keyboard, so that what is learned does not depend on the words and slips that the
// other two makers happen to know.

import type { Usage } from '../../../src/names/index-targets.ts'
import { type Random, seeded } from '../detection/random.ts'
import type { Imitation } from './imitations.ts'

type Trick = (target: string, random: Random) => string | undefined

/**
 * Up to `count` imitations of names of `ranked` (most popular first), half of them of the famous.
 * @param taken names that exist, which nobody can publish any more
 */
export function wideImitations(
  ranked: readonly string[],
  usage: Usage,
  count: number,
  taken: ReadonlySet<string>,
): readonly Imitation[] {
  const known = new Set(ranked)
  const random = seeded(11)
  const tricks = tricksOf(usage)
  const found = new Map<string, Imitation>()
  for (let turn = 0; found.size < count && turn < count * 20; turn++) {
    const target = random.chance(0.5) ? random.pick(ranked) : ranked[below(random, ranked.length)]!
    const [kind, trick] = random.pick(tricks)
    const name = trick(target, random)
    if (name === undefined || known.has(name) || taken.has(name) || !isPublishable(name)) continue
    found.set(name, { name, target, kind, group: kind.includes('word') ? 'affix' : 'edit' })
  }
  return [...found.values()]
}

/** A place among `length`, falling off with the rank. */
const below = (random: Random, length: number): number => Math.floor(length ** (random.below(1e6) / 1e6)) - 1

const isPublishable = (name: string): boolean => name.length > 2 && /^(?:@[a-z\d-]+\/)?[a-z\d][\w.-]*$/.test(name)

function tricksOf(usage: Usage): readonly (readonly [string, Trick])[] {
  const mostUsed = (at: 2 | 3): readonly string[] =>
    usage
      .filter(([word]) => /^[a-z]+$/.test(word))
      .toSorted((a, b) => b[at] - a[at])
      .slice(0, 800)
      .map(([word]) => word)
  const [first, last] = [mostUsed(2), mostUsed(3)]
  const draw = (words: readonly string[], random: Random): string => words[below(random, words.length)]!
  const behind: Trick = (target, random) => target + random.pick(['-', '-', '-', '', '.', '_']) + draw(last, random)
  const before: Trick = (target, random) => draw(first, random) + random.pick(['-', '-', '-', '']) + target
  const unscoped =
    (trick: Trick): Trick =>
    (target, random) =>
      target.startsWith('@') ? undefined : trick(target, random)
  const inScope =
    (change: (scope: string, part: string, random: Random) => string): Trick =>
    (target, random) => {
      const [scope, part] = target.slice(1).split('/') as [string, string?]
      return target.startsWith('@') && part !== undefined ? change(scope, part, random) : undefined
    }
  return [
    ['word behind', unscoped(behind)],
    ['word before', unscoped(before)],
    ['one edit', unscoped(edit)],
    ['two edits', unscoped((target, random) => (target.length < 9 ? undefined : edit(edit(target, random), random)))],
    [
      'separator and edit',
      unscoped((target, random) => (/[-.]/.test(target) ? edit(target.replace(/[-.]/, ''), random) : undefined)),
    ],
    ['scope dropped', inScope((_, part) => part)],
    ['scope dropped, word behind', inScope((_, part, random) => behind(part, random)!)],
    ['scope replaced', inScope((_, part, random) => `@${draw(last, random)}/${part}`)],
    ['scope misspelt', inScope((scope, part, random) => `@${edit(scope, random)}/${part}`)],
    ['scope flattened', inScope((scope, part, random) => scope + random.pick(['-', '', '.', '_']) + part)],
  ]
}

function edit(text: string, random: Random): string {
  const at = random.below(text.length)
  const letter = random.pick([...'abcdefghijklmnopqrstuvwxyz'])
  const rest = text.slice(at + 1)
  return (
    text.slice(0, at) +
    random.pick([rest, letter + rest, letter + text[at] + rest, (rest[0] ?? '') + text[at] + rest.slice(1)])
  )
}
