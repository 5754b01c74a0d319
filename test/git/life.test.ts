// How far an object got: on which tips it stands, which commit held it last, whether it was pushed.

import { expect, test } from 'vitest'
import { attribute } from '../../src/git/attribution.ts'
import { openRepository } from '../../src/git/repository.ts'
import { repositoryAt, type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

async function attributed(repo: TemporaryRepository, oids: Record<string, string>) {
  const opened = await openRepository(repo.folder)
  const { of, missed } = await attribute(opened!, new Set(Object.values(oids)))
  expect(missed).toEqual([])
  return Object.fromEntries(Object.entries(oids).map(([name, oid]) => [name, of.get(oid)]))
}

function cloned(): { repo: TemporaryRepository; oids: Record<string, string>; commits: Record<string, string> } {
  const origin = temporaryRepository()
  origin.commit('start', { 'kept.txt': 'kept\n', 'gone.txt': 'pushed, then gone\n', 'tagged.txt': 'tagged\n' })
  origin.git('tag', '--annotate', '--message', 'one', 'v1')
  origin.git('branch', 'old')
  const repo = temporaryRepository({ from: origin.folder })
  const oids: Record<string, string> = {
    kept: repo.id('HEAD:kept.txt'),
    gone: repo.id('HEAD:gone.txt'),
  }
  const between = repo.commit('between', { 'other.txt': 'other\n' })
  repo.commit('remove', { 'gone.txt': undefined, 'tagged.txt': undefined })
  repo.commit('local', { 'local.txt': 'never pushed\n' })
  oids.local = repo.id('HEAD:local.txt')
  oids.message = repo.commit('a message of our own')
  repo.git('switch', '--quiet', '--create', 'side/a b'.replace(' ', '-'))
  repo.commit('side', { 'on side.txt': 'side\n' })
  oids.side = repo.id('HEAD:on side.txt')
  repo.git('switch', '--quiet', 'main')
  return { repo, oids, commits: { between } }
}

test.each(['loose', 'packed'])('tips, last holder and pushes, %s', async (how) => {
  const { repo, oids, commits } = cloned()
  if (how === 'packed') repo.git('repack', '-adkq')
  const { kept, gone, local, message, side } = await attributed(repo, oids)
  expect(kept).toMatchObject({ state: 'head', pushed: true })
  expect(kept?.tips).toEqual(['main', 'origin/HEAD', 'origin/main', 'origin/old', 'side/a-b', 'v1'])
  expect(kept?.last).toBeUndefined()
  expect(gone).toMatchObject({ state: 'history', pushed: true, last: { oid: commits.between } })
  expect(gone?.tips).toEqual(['origin/HEAD', 'origin/main', 'origin/old', 'v1'])
  expect(local).toMatchObject({ state: 'head', pushed: false, tips: ['main', 'side/a-b'] })
  expect(message).toMatchObject({ object: 'commit-message', pushed: false })
  expect(side).toMatchObject({ state: 'history', pushed: false, tips: ['side/a-b'], paths: ['on side.txt'] })
})

test('the same in a subfolder, whose paths are shorter', async () => {
  const repo = temporaryRepository()
  repo.commit('below', { 'a/b/one.txt': 'one\n' })
  const oid = repo.id('HEAD:a/b/one.txt')
  const { one } = await attributed(repositoryAt(`${repo.folder}/a`), { one: oid })
  expect(one).toMatchObject({ paths: ['b/one.txt'], tips: ['main'] })
})

test('without remotes nobody knows what was pushed', async () => {
  const repo = temporaryRepository()
  repo.commit('start', { 'one.txt': 'one\n' })
  const { one } = await attributed(repo, { one: repo.id('HEAD:one.txt') })
  expect(one).not.toHaveProperty('pushed')
})

test('what git names too many of as local was pushed all the same', async () => {
  const repo = temporaryRepository({ options: ['--bare'] })
  const blob = (text: string) => repo.gitWith(text, 'hash-object', '-w', '--stdin')
  const commit = (time: number, parents: readonly string[], oid: string) => {
    const tree = repo.gitWith(`100644 blob ${oid}\tp\n`, 'mktree')
    const who = `Ada <ada@example.org> ${time} +0000`
    const head = parents.map((parent) => `parent ${parent}\n`).join('')
    const text = `tree ${tree}\n${head}author ${who}\ncommitter ${who}\n\nmade ${time}\n`
    return repo.gitWith(text, 'hash-object', '-t', 'commit', '-w', '--stdin')
  }
  const secret = blob('secret\n')
  const first = commit(1_700_000_000, [], secret)
  let tip = first
  for (let number = 0; number < 12; number++) tip = commit(1_600_000_000 + number, [tip], blob(`other ${number}\n`))
  repo.git('update-ref', 'refs/remotes/origin/main', tip)
  repo.git('update-ref', 'refs/heads/new', commit(1_700_000_060, [first], blob('mine\n')))
  const { of } = await attribute((await openRepository(repo.folder))!, new Set([secret]))
  expect(of.get(secret)?.pushed).toBe(true)
})
