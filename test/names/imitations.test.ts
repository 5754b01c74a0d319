// Floors for what is found. `npm run bench -- names` prints every figure; the false alarms need a list of real names,
// which the bench takes as a file. Floors stand some points under what was measured.

import { describe, expect, it } from 'vitest'
import { indexTargets } from '../../src/names/index-targets.ts'
import { readLists } from '../../src/names/kept.ts'
import { lookalikesIn } from '../../src/names/lookalikes.ts'
import { scopeOf } from '../../src/names/words.ts'
import { blindImitations, seeded } from '../bench/names/blind.ts'
import { type Group, groups, type Imitation, imitations, splitOf } from '../bench/names/imitations.ts'

const lists = await readLists()
const { popular: names, dependedOn, tables } = lists
const targets = indexTargets(lists)

const shareFound = (pairs: readonly Imitation[]): number =>
  (100 * pairs.filter(({ name, target }) => lookalikesIn(targets, name)[0]?.target === target).length) / pairs.length

/** Of the targets on which nothing was fitted: the true target stands first. */
const makers: Readonly<Record<string, readonly [readonly Imitation[], Readonly<Record<Group, number>>]>> = {
  'by a hand that knew no rule': [
    blindImitations(targets.names, 3_000, seeded(7), new Set(), dependedOn).filter(
      ({ target }) => splitOf(target) === 'held-out',
    ),
    { edit: 89, scope: 72, affix: 82, look: 89, word: 70 },
  ],
  'as many of each way': [imitations('held-out', names, 100), { edit: 89, scope: 84, affix: 64, look: 93, word: 65 }],
}

describe.each(Object.entries(makers))('imitations %s', (_title, [pairs, floors]) => {
  it.each(groups)('finds enough of the kind %s', (group) => {
    const among = pairs.filter((one) => one.group === group)
    expect(among.length).toBeGreaterThan(100)
    expect(shareFound(among)).toBeGreaterThanOrEqual(floors[group])
  })
})

describe('a family of names', () => {
  it('is known by its other members where the one that is imitated is in no list', () => {
    const isLeftOut = (name: string): boolean => scopeOf(name) !== '' && splitOf(name) === 'held-out'
    const half = indexTargets({
      ...lists,
      popular: names.filter((name) => !isLeftOut(name)),
      tables: {
        ...tables,
        members: tables.members.map((one) => ({
          ...one,
          names: one.names
            .split(/\s+/)
            .filter((name) => !isLeftOut(`${one.scope}/${name}`))
            .join(' '),
        })),
      },
    })
    const imitated = targets.names
      .filter((name) => isLeftOut(name) && /^@(?:azure|babel|opentelemetry|swagger-api)\//.test(name))
      .map((name) => name.slice(name.indexOf('/') + 1))
      .filter((part) => part.includes('-'))
    expect(imitated.length).toBeGreaterThan(100)
    const found = imitated.filter((part) => lookalikesIn(half, part).length > 0)
    // Half of the families' members are gone here, and with them every family that is small.
    expect((100 * found.length) / imitated.length).toBeGreaterThan(40)
  })
})
