import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../src/names/distance.ts'
import { asRead, inOrder } from '../../src/names/forms.ts'
import { indexNeighbours } from '../../src/names/neighbours.ts'

const names = ['lodash', 'cross-spawn', '@babel/core', 'minimatch', 'webpack-dev-server', 'x']
const { near } = indexNeighbours(names)
const found = (name: string, far = false): string[] => near(name, far).map((position) => names[position]!)

describe('indexNeighbours', () => {
  it.each([
    ['lodahs', 'lodash'],
    ['l0dash', 'lodash'],
    ['LODASH', 'lodash'],
    ['lоdash', 'lodash'],
    ['crossspawn', 'cross-spawn'],
    ['spawn-cross', 'cross-spawn'],
    ['babel-core', '@babel/core'],
    ['rninimatch', 'minimatch'],
    ['', 'x'],
  ])('%s is near %s', (name, target) => {
    expect(found(name)).toContain(target)
  })

  it('is far from what it shares no letters with', () => {
    expect(found('gulp')).toEqual([])
    expect(found('webpack-dev')).toEqual([])
    expect(indexNeighbours([]).near('lodash', true)).toEqual([])
  })

  const unit = fc.constantFrom(...'abcmrnw01-_@/.é🙂')
  const word = fc.string({ unit, minLength: 1, maxLength: 14 })

  it('misses no name that one edit reaches, nor one that is read or ordered alike', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), word, fc.nat(), unit, (others, target, at, letter) => {
        const i = at % target.length
        const name = target.slice(0, i) + ['', letter, letter + target[i]][at % 3] + target.slice(i + 1)
        // The list holds ASCII names only: the registry takes no others.
        const list = [...others, target].filter((one) => /^[\0-\x7f]*$/.test(one))
        const positions = indexNeighbours(list).near(name, false)
        list.forEach((one, position) => {
          const isNear =
            editDistance(one, name, 1) <= 1 ||
            asRead(one) === asRead(name) ||
            (inOrder(one) !== undefined && inOrder(one) === inOrder(name))
          // `rn` read as `m`, more than once, is farther than one letter: a longer look than it is worth.
          if (isNear && !/rn|vv|[mw]/.test(one + name) && /^[\0-\x7f]*$/.test(name))
            expect(positions).toContain(position)
        })
      }),
    )
  })
})
