// A repository's own configuration can name programs. Each is planted, everything this layer does is done, and the
// program's mark must be absent.

import { chmodSync, existsSync, mkdirSync, readdirSync, lstatSync as statOf, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attribute } from '../../src/git/attribution.ts'
import { readObjects } from '../../src/git/read.ts'
import { openRepository } from '../../src/git/repository.ts'
import { listObjects } from '../../src/git/scope.ts'
import { listFiles, readWorkFile } from '../../src/secrets/files.ts'
import { builtOnce, repositoryAt, temporaryFolder, temporaryRepository } from '../support/repository.ts'

/** Everything there is to do with a repository; the texts that were read. */
async function auditAll(folder: string): Promise<string[]> {
  const repo = (await openRepository(folder))!
  const texts: string[] = []
  for (const scope of [
    { kind: 'all' },
    { kind: 'head' },
    { kind: 'staged' },
    { kind: 'since', ref: 'HEAD~1' },
  ] as const) {
    const { objects } = await listObjects(repo, scope)
    await readObjects(repo, objects, ({ data }) => void texts.push(data.toString()))
    if (scope.kind === 'all') await attribute(repo, new Set(objects.map(({ oid }) => oid)))
  }
  for (const file of (await listFiles(folder, repo)).files) texts.push((await readWorkFile(file)).toString())
  return texts
}

const victim = builtOnce(() => {
  const made = temporaryRepository()
  made.commit('one', {
    'a.txt': 'committed a',
    'b.txt': 'committed b',
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
  })
  made.commit('two', { 'a.txt': 'committed a2' })
  made.git('tag', '--annotate', '--message', 'tag', 'v1')
  made.write('a.txt', 'modified a')
  made.write('staged.txt', 'staged')
  made.git('add', 'staged.txt')
  made.write('untracked.txt', 'untracked')
  return made
})

/** A program that leaves a mark; as a filter it passes its input on. */
function program(): { path: string; hasRun: () => boolean } {
  const folder = temporaryFolder()
  const path = join(folder, 'program')
  writeFileSync(path, `#!/bin/sh\ntouch '${folder}/mark'\ncat\n`)
  chmodSync(path, 0o755)
  return { path, hasRun: () => existsSync(join(folder, 'mark')) }
}

const programs = [
  'core.fsmonitor',
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'core.editor',
  'core.pager',
  'pager.rev-list',
  'pager.cat-file',
  'core.alternateRefsCommand',
  'credential.helper',
  'diff.external',
  'diff.evil.command',
  'diff.evil.textconv',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.evil.process',
  'merge.evil.driver',
  'gpg.program',
  'gpg.ssh.program',
  'uploadpack.packObjectsHook',
  'trailer.evil.command',
  'interactive.diffFilter',
]

test('the planted programs would run: plain git runs the clean filter', () => {
  const made = victim()
  const evil = program()
  made.git('config', 'filter.evil.clean', evil.path)
  made.git('status', '--short')
  made.git('add', 'a.txt')
  expect(evil.hasRun()).toBe(true)
})

describe('never runs', () => {
  test('any program that the configuration names', async () => {
    const made = victim()
    const planted = programs.map((name) => ({ name, ...program() }))
    for (const { name, path } of planted) made.git('config', name, path)
    made.git('config', 'filter.evil.required', 'true')
    made.git('config', 'log.showSignature', 'true')
    for (const command of ['cat-file', 'rev-list', 'rev-parse', 'ls-files', 'diff-tree']) {
      made.git('config', `alias.${command}`, `!${planted[0]!.path}`)
    }
    const texts = await auditAll(made.folder)
    expect(planted.filter(({ hasRun }) => hasRun()).map(({ name }) => name)).toEqual([])
    expect(texts).toEqual(expect.arrayContaining(['committed a', 'committed b', 'staged', 'modified a', 'untracked']))
  })

  test('a clean filter on files as young as the index, which git would have to read', async () => {
    const made = victim()
    const evil = program()
    made.git('config', 'filter.evil.clean', evil.path)
    const { utimesSync } = await import('node:fs')
    const soon = Date.now() / 1000 + 5
    for (const name of ['a.txt', 'b.txt', 'staged.txt', '.git/index']) utimesSync(join(made.folder, name), soon, soon)
    await auditAll(made.folder)
    expect(evil.hasRun()).toBe(false)
  })

  test('hooks, in their usual folder or another', async () => {
    const made = victim()
    const evil = program()
    const hooks = join(made.folder, 'hooks')
    mkdirSync(hooks)
    for (const folder of [hooks, join(made.folder, '.git', 'hooks')]) {
      for (const name of ['post-index-change', 'reference-transaction', 'pre-auto-gc', 'fsmonitor-watchman']) {
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, name), `#!/bin/sh\n${evil.path} </dev/null\n`, { mode: 0o755 })
      }
    }
    made.git('config', 'core.hooksPath', hooks)
    await auditAll(made.folder)
    expect(evil.hasRun()).toBe(false)
  })

  test('a fetch of what a partial clone lacks', async () => {
    const made = temporaryRepository()
    made.commit('one', { f: '1' })
    made.commit('two', { f: '2' })
    made.git('config', 'uploadpack.allowFilter', 'true')
    const clone = temporaryRepository({
      from: `file://${made.folder}`,
      options: ['--filter=blob:none', '--no-checkout'],
    })
    const evil = program()
    clone.git('config', 'remote.origin.uploadpack', evil.path)
    clone.git('config', 'remote.origin.url', `ext::${evil.path}`)
    clone.git('config', 'protocol.ext.allow', 'always')
    const before = readdirSync(join(clone.folder, '.git/objects/pack'))
    await auditAll(clone.folder)
    expect(evil.hasRun()).toBe(false)
    expect(readdirSync(join(clone.folder, '.git/objects/pack'))).toEqual(before)
  })
})

const settings = {
  'core.quotePath': 'true',
  'core.checkStat': 'minimal',
  'core.trustctime': 'false',
  'core.ignoreStat': 'true',
  'core.deltaBaseCacheLimit': '0',
  'core.abbrev': '4',
  'core.useReplaceRefs': 'true',
  'log.showRoot': 'false',
  'diff.orderFile': '/nowhere',
  'diff.relative': 'true',
  'diff.ignoreSubmodules': 'all',
  'status.showUntrackedFiles': 'no',
  'i18n.logOutputEncoding': 'utf-16',
}

test.each([
  ['core.worktree', { 'core.worktree': '/' }],
  ['core.bare', { 'core.bare': 'true' }],
  ['all else that changes what git shows', settings],
])('%s hides nothing', async (_, given) => {
  const made = victim()
  for (const [name, value] of Object.entries(given)) made.git('config', name, value)
  const texts = await auditAll(made.folder)
  expect(texts).toEqual(expect.arrayContaining(['committed a', 'committed b', 'staged', 'modified a', 'untracked']))
})

test('grafts, replacements and shut eyes hide nothing', async () => {
  const made = victim()
  const oid = made.id('HEAD~1:a.txt')
  const [newer, older] = [made.id('HEAD'), made.id('HEAD~1')]
  made.git('replace', older, newer)
  made.git('update-index', '--assume-unchanged', 'b.txt')
  made.write('b.txt', 'modified b')
  mkdirSync(join(made.folder, '.git/info'), { recursive: true })
  writeFileSync(join(made.folder, '.git/info/grafts'), `${newer}\n`)
  const repo = (await openRepository(made.folder))!
  expect((await attribute(repo, new Set([oid]))).of.get(oid)).toMatchObject({ state: 'history', first: { oid: older } })
  expect(await auditAll(made.folder)).toEqual(expect.arrayContaining(['committed a', 'modified b']))
})

test('nothing in the repository is written', async () => {
  const made = victim()
  const state = () =>
    repositoryAt(made.folder)
      .git('ls-files', '--stage')
      .concat(
        ...readdirSync(made.folder, { recursive: true, encoding: 'utf8' })
          .sort()
          .map((path) => {
            const { mtimeMs, size } = statOf(join(made.folder, path))
            return `${path} ${mtimeMs} ${size}\n`
          }),
      )
  const before = state()
  await auditAll(made.folder)
  expect(state()).toBe(before)
})
