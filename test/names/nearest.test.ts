import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../src/names/distance.ts'
import { nearest } from '../../src/names/nearest.ts'

const commands = ['secrets', 'deps', 'check', 'guard', 'explain']
const flags = ['--format', '--output', '--fail-on', '--only', '--offline', '--config', '--no-history', '--no-cache']

describe('nearest', () => {
  it.each([
    ['secrts', commands, 'secrets'],
    ['secret', commands, 'secrets'],
    ['dpes', commands, 'deps'],
    ['chekc', commands, 'check'],
    ['gaurd', commands, 'guard'],
    ['EXPLAIN', commands, 'explain'],
    ['--formt', flags, '--format'],
    ['--failon', flags, '--fail-on'],
    ['--no-histroy', flags, '--no-history'],
    ['minimunPackageAge', ['minimumPackageAgeDays', 'minimumVersionAgeDays'], 'minimumPackageAgeDays'],
  ])('%s means one of %j: %s', (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant)
  })

  it.each([
    ['src', commands],
    ['', commands],
    ['no', ['rm']],
    ['x', ['y']],
    ['x'.repeat(10_000), ['x']],
    ['something-else', commands],
  ])('%s means none of %j', (word, candidates) => {
    expect(nearest(word, candidates)).toBeUndefined()
  })

  it('prefers the closest, and of equals the first', () => {
    expect(nearest('color', ['colors', 'colour', 'color'])).toBe('color')
    expect(nearest('colo', ['color', 'cola'])).toBe('color')
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['lodash', 'lodahs', 1],
    ['ca', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s → %s takes %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits)
  })

  it('is symmetric, zero only for equals, and honest under a bound', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c', '-') })
    fc.assert(
      fc.property(word, word, fc.nat(9), (a, b, bound) => {
        const exact = editDistance(a, b)
        expect(editDistance(b, a)).toBe(exact)
        expect(exact === 0).toBe(a === b)
        expect(editDistance(a, b, bound)).toBe(exact <= bound ? exact : bound + 1)
      }),
    )
  })
})
