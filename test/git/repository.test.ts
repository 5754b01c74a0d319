import { chmodSync, mkdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { openRepository } from '../../src/git/repository.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

afterEach(() => vi.unstubAllEnvs())

const thrown = async (folder: string) => {
  const error = await openRepository(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AuditError)
  return error as AuditError
}

describe('finds', () => {
  test('nothing in a folder without git', async () => {
    expect(await openRepository(temporaryFolder())).toBeUndefined()
  })

  test('a repository without commits', async () => {
    const { folder } = temporaryRepository()
    expect(await openRepository(folder)).toMatchObject({
      workTree: folder,
      prefix: '',
      head: undefined,
      shallow: false,
    })
  })

  test('the repository around a subfolder', async () => {
    const repo = temporaryRepository()
    const head = repo.commit('one', { 'a b/ü/file': 'x' })
    const found = await openRepository(join(repo.folder, 'a b/ü'))
    expect(found).toMatchObject({ workTree: repo.folder, prefix: 'a b/ü/', head, gitDir: join(repo.folder, '.git') })
  })

  test.each([['--bare'], ['--object-format=sha256']])('a repository made with %s', async (option) => {
    const repo = temporaryRepository({ options: [option] })
    const bare = option === '--bare'
    expect(await openRepository(repo.folder)).toMatchObject({
      workTree: bare ? undefined : repo.folder,
      gitDir: bare ? repo.folder : join(repo.folder, '.git'),
      objectFormat: bare ? 'sha1' : 'sha256',
    })
  })

  test('the object store when given the .git folder itself', async () => {
    const repo = temporaryRepository()
    repo.commit('one')
    const found = await openRepository(join(repo.folder, '.git', 'objects'))
    expect(found).toMatchObject({ workTree: undefined, prefix: '', gitDir: join(repo.folder, '.git') })
  })

  test('a linked work tree and what it shares', async () => {
    const repo = temporaryRepository()
    repo.commit('one')
    const linked = join(temporaryFolder(), 'linked')
    repo.git('worktree', 'add', '--quiet', '--detach', linked)
    const gitDir = join(repo.folder, '.git', 'worktrees', 'linked')
    expect(await openRepository(linked)).toMatchObject({
      workTree: linked,
      gitDir,
      commonDir: join(repo.folder, '.git'),
    })
  })

  test('a submodule as a repository of its own', async () => {
    const inner = temporaryRepository()
    inner.commit('inner', { 'sub/f': 'x' })
    const outer = temporaryRepository()
    outer.git('submodule', '--quiet', 'add', inner.folder, 'vendor/inner')
    const folder = join(outer.folder, 'vendor/inner')
    expect(await openRepository(join(folder, 'sub'))).toMatchObject({
      workTree: folder,
      prefix: 'sub/',
      gitDir: join(outer.folder, '.git/modules/vendor/inner'),
    })
  })

  test('shallow and partial clones', async () => {
    const repo = temporaryRepository()
    repo.commit('one', { f: '1' })
    repo.commit('two', { f: '2' })
    repo.git('config', 'uploadpack.allowFilter', 'true')
    const from = `file://${repo.folder}`
    const shallow = temporaryRepository({ from, options: ['--depth=1'] })
    const partial = temporaryRepository({ from, options: ['--filter=blob:none'] })
    expect(await openRepository(shallow.folder)).toMatchObject({ shallow: true, partial: false })
    expect(await openRepository(partial.folder)).toMatchObject({ shallow: false, partial: true })
  })
})

describe('is not led astray by', () => {
  test.each([
    ['core.worktree', '/'],
    ['core.bare', 'true'],
  ])('%s = %s', async (name, value) => {
    const repo = temporaryRepository()
    repo.commit('one', { 'a/f': 'x' })
    repo.git('config', name, value)
    expect(await openRepository(join(repo.folder, 'a'))).toMatchObject({ workTree: repo.folder, prefix: 'a/' })
  })

  test('an inherited GIT_DIR, but keeps the index a commit hook was given', async () => {
    const other = temporaryRepository()
    const repo = temporaryRepository()
    vi.stubEnv('GIT_DIR', join(other.folder, '.git'))
    vi.stubEnv('GIT_WORK_TREE', other.folder)
    vi.stubEnv('GIT_INDEX_FILE', join(repo.folder, '.git', 'next-index-1.lock'))
    expect(await openRepository(repo.folder)).toMatchObject({
      workTree: repo.folder,
      indexFile: join(repo.folder, '.git', 'next-index-1.lock'),
    })
    vi.stubEnv('GIT_INDEX_FILE', join(other.folder, '.git', 'index'))
    expect((await openRepository(repo.folder))?.indexFile).toBe(join(repo.folder, '.git', 'index'))
  })
})

describe('says what is wrong, and the next step, of', () => {
  test('a .git file that points nowhere', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, '.git'), 'gitdir: /nowhere/at/all\n')
    const { code, message, hint } = await thrown(folder)
    expect({ code, message }).toEqual({
      code: 'GIT_FAILED',
      message: `${folder}/.git is there, but leads to no repository`,
    })
    expect(hint).toContain('git worktree repair')
  })

  test('an emptied .git folder: not the same as no git', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.git'))
    expect((await thrown(folder)).message).toContain('leads to no repository')
  })

  test('a broken configuration', async () => {
    const repo = temporaryRepository()
    writeFileSync(join(repo.folder, '.git', 'config'), '[core\n')
    expect((await thrown(repo.folder)).message).toContain('bad config line 1')
  })

  test.runIf(process.getuid?.() === 0)("someone else's repository", async () => {
    const repo = temporaryRepository()
    const { chownSync } = await import('node:fs')
    for (const path of ['', '.git']) chownSync(join(repo.folder, path), 4321, 4321)
    vi.stubEnv('SUDO_UID', undefined)
    const { message, hint } = await thrown(repo.folder)
    expect(message).toContain('belongs to another user')
    expect(hint).toContain(`git config --global --add safe.directory '${repo.folder}'`)
  })

  test('a missing git', async () => {
    vi.stubEnv('PATH', temporaryFolder())
    expect(await thrown(temporaryFolder())).toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining('not on the PATH'),
    })
  })

  test('an old git', async () => {
    const bin = temporaryFolder()
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.17.1\n')
    chmodSync(join(bin, 'git'), 0o755)
    vi.stubEnv('PATH', bin)
    const { message, hint } = await thrown(temporaryFolder())
    expect(message).toContain('git 2.17 is too old')
    expect(hint).toContain('install git 2.25')
  })
})

test('a link to a folder is followed once, to where it really is', async () => {
  const repo = temporaryRepository()
  const moved = `${repo.folder}-moved`
  renameSync(repo.folder, moved)
  const { symlinkSync } = await import('node:fs')
  symlinkSync(moved, repo.folder)
  expect((await openRepository(repo.folder))?.workTree).toBe(realpathSync(moved))
})
