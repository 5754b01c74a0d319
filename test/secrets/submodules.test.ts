// A submodule's history lies in a store of its own.

import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { secretsScanner } from '../../src/secrets/scan.ts'
import { context } from '../support/context.ts'
import { repositoryAt, temporaryRepository } from '../support/repository.ts'

// Made up, in parts.
const token = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')

function withSubmodule() {
  const library = temporaryRepository()
  library.commit('one', { 'config.txt': `${token}\n`, 'calm.txt': 'calm\n' })
  library.commit('gone', { 'config.txt': undefined })
  const made = temporaryRepository()
  made.commit('start', { 'README.md': 'hello\n' })
  made.git('submodule', '--quiet', 'add', '--name', 'some/name', library.folder, 'libs/one')
  made.commit('with a submodule')
  return made
}

test('what a submodule remembers is read, below its path', async () => {
  const made = withSubmodule()
  const { findings, coverage } = await secretsScanner.scan(context(made.folder))
  expect(findings.map(({ evidence: [first], life }) => [first, life])).toMatchObject([
    [
      { kind: 'git', path: 'libs/one/config.txt' },
      { state: 'history', first: { author: 'Ada Example <ada@example.org>' } },
    ],
  ])
  const objects = coverage.find(({ source }) => source === 'git-objects')
  const counted = (folder: string) =>
    repositoryAt(folder)
      .git('cat-file', '--batch-check', '--batch-all-objects')
      .split('\n')
      .filter((line) => / (?:blob|commit|tag) /.test(line)).length
  const stores = [made.folder, join(made.folder, '.git/modules/some/name')]
  expect(objects).toMatchObject({
    state: 'complete',
    checked: stores.reduce((sum, store) => sum + counted(store), 0),
  })
  expect(coverage.filter(({ source }) => source === 'git-objects')).toHaveLength(1)
})

test('one whose folder is gone is read like any other', async () => {
  const made = withSubmodule()
  made.git('rm', '--quiet', '--force', 'libs/one')
  made.commit('without it')
  const { findings, coverage } = await secretsScanner.scan(context(made.folder))
  expect(findings).toMatchObject([{ evidence: [{ path: 'libs/one/config.txt' }], life: { state: 'history' } }])
  expect(coverage.find(({ source }) => source === 'git-objects')).toMatchObject({ state: 'complete' })
})

test('what is behind a link is named, not followed', async () => {
  const made = withSubmodule()
  const modules = join(made.folder, '.git/modules')
  symlinkSync('some/name', join(modules, 'linked'))
  renameSync(join(modules, 'some/name/objects'), join(modules, 'elsewhere'))
  symlinkSync('../../elsewhere', join(modules, 'some/name/objects'))
  const { coverage } = await secretsScanner.scan(context(made.folder))
  expect(coverage.find(({ source }) => source === 'git-objects')).toMatchObject({
    state: 'partial',
    missed: ['linked', 'some/name/objects'].map((name) => ({ what: `submodules in .git/modules/${name}` })),
  })
})

test('one that is broken is named, and the rest is read', async () => {
  const made = withSubmodule()
  rmSync(join(made.folder, '.git/modules/some/name/HEAD'))
  const { coverage } = await secretsScanner.scan(context(made.folder))
  const objects = coverage.find(({ source }) => source === 'git-objects')
  expect(objects).toMatchObject({ state: 'partial' })
  expect(JSON.stringify(objects)).toContain('the submodule libs/one')
  expect(JSON.stringify(objects)).toContain('run git fsck')
})

test('where some may be that cannot be looked for, that is said', async () => {
  const made = temporaryRepository()
  made.commit('start', { 'README.md': 'hello\n' })
  const modules = join(made.folder, '.git/modules')
  writeFileSync(modules, '')
  const { coverage } = await secretsScanner.scan(context(made.folder))
  expect(coverage.find(({ source }) => source === 'git-objects')).toMatchObject({
    state: 'partial',
    missed: [{ what: 'submodules in .git/modules', why: 'a file stands where a folder should be' }],
  })
})

test.skipIf(process.getuid?.() === 0)(
  'a folder of them that cannot be listed is named (root can list every one)',
  async () => {
    const made = withSubmodule()
    const folder = join(made.folder, '.git/modules/some')
    chmodSync(folder, 0o000)
    onTestFinished(() => chmodSync(folder, 0o700))
    const { coverage } = await secretsScanner.scan(context(made.folder))
    expect(coverage.find(({ source }) => source === 'git-objects')).toMatchObject({
      state: 'partial',
      missed: [{ what: 'submodules in .git/modules/some', why: 'permission denied' }],
    })
  },
)
