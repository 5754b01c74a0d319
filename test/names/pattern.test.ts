import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesGlob } from '../../src/names/pattern.ts'

it.each([
  ['@acme/*', '@acme/x', true],
  ['@acme/*', '@acme-evil/x', false],
  ['@acme/*', 'acme', false],
  ['acme-*', 'acme-', true],
  ['acme-*', 'acme-x', true],
  ['acme-*', 'my-acme-x', false],
  ['acme-*', '@acme/acme-x', false],
  ['*-internal', 'x-internal', true],
  ['*-internal', '@acme/x-internal', true],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['a*a*a', 'aa', false],
  ['*', 'anything', true],
  ['*', '@scope/anything', true],
  ['', 'x', false],
  ['exact', 'exact', true],
  ['exact', 'exactly', false],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
])('%s on %s: %s', (pattern, name, expected) => {
  expect(matchesGlob(name, pattern)).toBe(expected)
})

it('matches as the regular expression would, and fast where that would not', () => {
  const piece = fc.stringMatching(/^[ab*]{0,6}$/)
  fc.assert(
    fc.property(piece, fc.stringMatching(/^[ab]{0,8}$/), (pattern, name) => {
      expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
    }),
  )
  const started = performance.now()
  matchesGlob('a'.repeat(200), `${'*a'.repeat(100)}*b`)
  expect(performance.now() - started).toBeLessThan(500)
})
