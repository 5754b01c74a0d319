// Floors for what is found. `npm run bench -- names` prints every figure; the false alarms need a list of real names,
// which the bench takes as a file. Floors stand two points under what was measured.

import { describe, expect, it } from 'vitest'
import { indexPopular, lookalikesIn } from '../../src/names/lookalikes.ts'
import { describePopular, loadPopular, scopeOf } from '../../src/names/popular.ts'
import { type Group, groups, imitations, type Split, splitNames, splitOf } from '../bench/names/imitations.ts'

const floors: Readonly<Record<Split, Readonly<Record<Group, number>>>> = {
  tuning: { edit: 87, scope: 86, affix: 49, look: 95, word: 62 },
  'held-out': { edit: 80, scope: 86, affix: 52, look: 96, word: 55 },
}

const { names } = await loadPopular()
const index = indexPopular(describePopular(names))

describe.each(splitNames)('imitations, the %s part', (split) => {
  const pairs = imitations(split, names, 100)

  it.each(groups)('finds enough of the kind %s', (group) => {
    const among = pairs.filter((one) => one.group === group)
    const found = among.filter(({ name, target }) => lookalikesIn(index, name).some((one) => one.target === target))
    expect(among.length).toBeGreaterThan(100)
    expect((100 * found.length) / among.length).toBeGreaterThanOrEqual(floors[split][group])
  })
})

describe('a family of names', () => {
  it('is known by its other members where the one that is imitated is not popular', () => {
    const isLeftOut = (name: string): boolean => scopeOf(name) !== '' && splitOf(name) === 'held-out'
    const half = indexPopular(describePopular(names.filter((name) => !isLeftOut(name))))
    const imitated = names
      .filter((name) => isLeftOut(name) && /^@(?:azure|babel|opentelemetry|swagger-api)\//.test(name))
      .map((name) => name.slice(name.indexOf('/') + 1))
      .filter((part) => part.includes('-'))
    expect(imitated.length).toBeGreaterThan(100)
    const found = imitated.filter((part) => lookalikesIn(half, part).length > 0)
    // Half of the families' members are gone here, and with them every family that is small.
    expect((100 * found.length) / imitated.length).toBeGreaterThan(45)
  })
})
