import { expect, test } from 'vitest'
import { doubtOf } from '../../src/registry/doubt.ts'
import type { Answer, Existence } from '../../src/types.ts'
import { facts, now, registryUrl } from '../support/context.ts'

const observedAt = now.toISOString()
const absent = (registry = registryUrl): Answer => ({ state: 'not-found', registry, observedAt })
const other = 'https://other.example/npm/'

test.each<[string, readonly (readonly [string, Answer | Existence])[], string]>([
  [
    'nobody uses these names: they may well be absent',
    [
      ['ghost', absent()],
      ['ghoul', absent()],
    ],
    'not-found',
  ],
  [
    'not even react',
    [
      ['ghost', absent()],
      ['react', absent()],
    ],
    'unreachable',
  ],
  [
    'it has shown a package',
    [
      ['ghost', absent()],
      ['react', absent()],
      ['left', facts('left')],
    ],
    'not-found',
  ],
  [
    'it has shown that one was there',
    [
      ['ghost', absent()],
      ['react', absent()],
      ['left', { state: 'unpublished', registry: registryUrl, observedAt }],
    ],
    'not-found',
  ],
  [
    'another one has shown a package',
    [
      ['ghost', absent()],
      ['react', absent()],
      ['left', { state: 'exists', registry: other, observedAt }],
    ],
    'unreachable',
  ],
  [
    'another one lacks react',
    [
      ['ghost', absent()],
      ['react', absent(other)],
    ],
    'not-found',
  ],
])('%s', async (_case, asked, state) => {
  const doubt = await doubtOf(asked)
  expect(doubt(asked[0]![1]).state).toBe(state)
  // What is no "not here" is given back as it is.
  for (const [, answer] of asked) if (answer.state !== 'not-found') expect(doubt(answer)).toBe(answer)
})

test('says who answered, without what its address may hold', async () => {
  const registry = 'https://someone:sesame@mirror.example/npm/'
  const doubt = await doubtOf([['react', absent(registry)]])
  const answer = doubt(absent(registry))
  expect(answer).toMatchObject({ why: 'mirror.example: it answers 404 for everything, even react' })
})
