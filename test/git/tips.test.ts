import { expect, test } from 'vitest'
import { openRepository } from '../../src/git/repository.ts'
import { tipsHolding } from '../../src/git/tips.ts'
import { temporaryRepository } from '../support/repository.ts'

test('a hundred thousand branches on one commit are gathered in a moment', async () => {
  const made = temporaryRepository()
  const oid = made.commit('one', { a: 'x' })
  const refs = Array.from({ length: 100_000 }, (_, index) => ({ name: `refs/heads/b${index}`, oid, type: 'commit' }))
  const repo = (await openRepository(made.folder))!
  const started = performance.now()
  const held = await tipsHolding(repo, refs, new Map([[made.id('HEAD:a'), new Set(['a'])]]))
  expect(held?.get(made.id('HEAD:a'))).toHaveLength(100_000)
  expect(performance.now() - started).toBeLessThan(5_000)
})
