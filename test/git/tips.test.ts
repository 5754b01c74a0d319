import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attribute } from '../../src/git/attribution.ts'
import { openRepository } from '../../src/git/repository.ts'
import { tipsHolding } from '../../src/git/tips.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

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

test('what a tip could not say while a tree of it was lost is asked again once that is mended', async () => {
  const made = temporaryRepository()
  made.commit('one', { 'sub/a': 'x' })
  made.git('switch', '--quiet', '--create', 'other')
  made.commit('two', { b: 'y' })
  made.git('switch', '--quiet', 'main')
  const blob = made.id('main:sub/a')
  const cache = temporaryFolder()
  const told = async () => attribute((await openRepository(made.folder))!, new Set([blob]), 'all', cache)
  const tree = made.id('other^{tree}')
  const [file, elsewhere] = [join(made.folder, '.git/objects', tree.slice(0, 2), tree.slice(2)), join(cache, 'lost')]
  renameSync(file, elsewhere)
  expect((await told()).missed).not.toEqual([])
  renameSync(elsewhere, file)
  const { of, missed } = await told()
  expect(missed).toEqual([])
  expect(of.get(blob)?.tips).toEqual(['main', 'other'])
})
