import { expect, test } from 'vitest'
import { globMatches, matchesPatterns } from '../../src/project/glob.ts'

test.each([
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages/a/b', false],
  ['./packages/*/', 'packages/a', true],
  ['packages/**', 'packages/a/b', true],
  ['**/a', 'x/y/a', true],
  ['**/a', 'a', true],
  ['packages/{a,b}', 'packages/b', true],
  ['packages/{a,b}', 'packages/c', false],
  ['{a,b{c,d}}', 'bd', true],
  ['a?c', 'abc', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbb', false],
  ['@acme/*', '@acme/core', true],
  ['acme-*', 'acme-core', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
])('%s on %s: %s', (pattern, path, matches) => {
  expect(globMatches(pattern, path)).toBe(matches)
})

test('a later negation takes back, a later pattern takes in again', () => {
  const patterns = ['packages/*', '!packages/old', 'packages/old']
  expect(matchesPatterns(patterns.slice(0, 2), 'packages/old')).toBe(false)
  expect(matchesPatterns(patterns, 'packages/old')).toBe(true)
})

test('no pattern makes it slow', () => {
  const path = `${'a/'.repeat(400)}b`
  const start = performance.now()
  for (const pattern of ['**/'.repeat(300), '*a'.repeat(400), '{a,b}'.repeat(150), '{'.repeat(999), '{a,'.repeat(300)])
    globMatches(`${pattern}c`, path)
  globMatches('*a'.repeat(400), 'a'.repeat(5_000))
  expect(performance.now() - start).toBeLessThan(2_000)
})
