import { expect, it } from 'vitest'
import { createDigester } from '../../src/secrets/digest.ts'

// Fixed for ever: baselines hold these. If this test fails, every team's accepted findings come back.
it('gives the digests that baselines hold', async () => {
  const { digest } = createDigester()
  expect(await digest('an example value', 'random')).toBe('e9da7545f5656d9e1a6c433cc85388ce')
  expect(await digest('an example value', 'guessable')).toBe('c6ba5b69d0212bec19997060b634948a')
})

it('computes each distinct value once, and keeps strengths apart', async () => {
  const { digest } = createDigester()
  expect(digest('same', 'guessable')).toBe(digest('same', 'guessable'))
  expect(await digest('same', 'guessable')).not.toBe(await digest('same', 'random'))
  expect(await digest('same', 'random')).not.toBe(await digest('Same', 'random'))
})

it('begins what is asked for later', async () => {
  const { begin, digest } = createDigester()
  expect(begin('an example value', 'guessable')).toBeUndefined()
  expect(await digest('an example value', 'guessable')).toBe('c6ba5b69d0212bec19997060b634948a')
})

it('answers many at once', async () => {
  const { digest } = createDigester()
  const digests = await Promise.all(Array.from({ length: 12 }, (_, i) => digest(`value ${i}`, 'guessable')))
  expect(new Set(digests).size).toBe(12)
})
