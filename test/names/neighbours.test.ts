import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../src/names/distance.ts'
import { lettersOf } from '../../src/names/forms.ts'
import { indexTargets } from '../../src/names/index-targets.ts'
import { longEnoughForTwo, near } from '../../src/names/neighbours.ts'
import { readTables } from '../../src/names/tables.ts'

const tables = { ...readTables(), members: [], known: [] }
const namesNear = (names: readonly string[], name: string): readonly string[] => {
  const targets = indexTargets({ popular: names, dependedOn: [], tables, usage: [] })
  return [...new Set(near(targets, lettersOf(name)).names)].map((place) => names[place]!)
}
const names = ['lodash', 'cross-spawn', '@babel/core', 'webpack-dev-server', 'x']

describe('near', () => {
  it.each([
    ['lodahs', 'lodash'],
    ['l0dash', 'lodash'],
    ['LODASH', 'lodash'],
    ['lоdash', 'lodash'],
    ['crossspawn', 'cross-spawn'],
    ['corssspwan', 'cross-spawn'],
    ['babel-core', '@babel/core'],
    ['', 'x'],
  ])('%s is near %s', (name, target) => {
    expect(namesNear(names, name)).toContain(target)
  })

  it('is far from what it shares no letters with', () => {
    expect(namesNear(names, 'gulp')).toEqual([])
    expect(namesNear(names, 'webpack-dev')).toEqual([])
    expect(namesNear([], 'lodash')).toEqual([])
  })

  it('tells of names in a scope those whose last part is near', () => {
    const targets = indexTargets({ popular: ['@gorhom/bottom-sheet'], dependedOn: [], tables, usage: [] })
    expect(near(targets, lettersOf('botom-sheet')).parts).toContain(0)
    expect(near(targets, lettersOf('botom-sheet')).names).toEqual([])
    expect(near(targets, lettersOf('gorhom-botom-sheet')).names).toContain(0)
  })

  const unit = fc.constantFrom(...'abcmrnw01-_@/.')
  const word = fc.string({ unit, minLength: 1, maxLength: 14 })

  it('misses no name that one edit reaches, or two edits where it is long', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 8 }),
        word,
        fc.array(fc.tuple(fc.nat(), unit), { minLength: 1, maxLength: 2 }),
        (others, target, edits) => {
          const name = edits.reduce((text, [at, letter]) => edited(text, at, letter), target)
          const list = [...new Set([...others, target])].filter((one) => one !== '')
          const found = namesNear(list, name)
          for (const one of list) {
            const letters = lettersOf(one)
            const most = letters.length >= longEnoughForTwo ? 2 : 1
            if (letters !== '' && editDistance(letters, lettersOf(name), most) <= most) expect(found).toContain(one)
          }
        },
      ),
    )
  })

  /** A letter dropped, put in, replaced, or swapped with the next. */
  const edited = (text: string, at: number, letter: string): string => {
    const i = at % Math.max(1, text.length)
    const [here = '', next = ''] = text.slice(i, i + 2)
    return text.slice(0, i) + ['', letter + here, letter, next + here][at % 4] + text.slice(i + (at % 4 === 3 ? 2 : 1))
  }
})
