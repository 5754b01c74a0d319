import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRepository } from '../../src/git/repository.ts'
import { listFiles, readWorkFile } from '../../src/secrets/files.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

const list = async (folder: string) => {
  const { files, counts, missed } = await listFiles(folder, await openRepository(folder))
  return { paths: files.map(({ path }) => path).sort(), files, counts, missed }
}

describe('in a repository', () => {
  test('changed and untracked files are listed; what git holds is not', async () => {
    const made = temporaryRepository()
    made.commit('one', { same: 'same', changed: 'before', deleted: 'x', 'd/changed': 'before' })
    made.write('changed', 'after!')
    made.write('d/changed', 'after, longer')
    made.write('new', 'new')
    made.write('d/staged', 'staged')
    made.git('add', 'd/staged')
    rmSync(join(made.folder, 'deleted'))
    const { paths, files, missed } = await list(made.folder)
    expect({ paths, missed }).toEqual({ paths: ['changed', 'd/changed', 'new'], missed: [] })
    expect(files.find(({ path }) => path === 'changed')?.size).toBe(6)
  })

  test('a change that leaves size and time as they were, in the second of the last commit', async () => {
    const made = temporaryRepository()
    made.write('f', 'AAAA')
    const time = Math.floor(Date.now() / 1000)
    utimesSync(join(made.folder, 'f'), time, time)
    made.commit('one')
    utimesSync(join(made.folder, '.git/index'), time, time)
    made.write('f', 'BBBB')
    utimesSync(join(made.folder, 'f'), time, time)
    expect((await list(made.folder)).paths).toEqual(['f'])
  })

  test('files that were only touched or moved about are not', async () => {
    const made = temporaryRepository()
    made.commit('one', { touched: 'same', 'd/f': 'same' })
    utimesSync(join(made.folder, 'touched'), 1_000_000_000, 1_000_000_000)
    expect((await list(made.folder)).paths).toEqual([])
  })

  test.skipIf(process.getuid?.() === 0)(
    'a folder that cannot be listed is named, though git only complains (root can list every one)',
    async () => {
      const made = temporaryRepository()
      made.commit('one', { f: 'same' })
      made.write('locked/new', 'new')
      const folder = join(made.folder, 'locked')
      chmodSync(folder, 0o000)
      onTestFinished(() => chmodSync(folder, 0o700))
      expect((await list(made.folder)).missed).toMatchObject([{ what: 'locked/', why: 'permission denied' }])
    },
  )

  test.each([['--assume-unchanged'], ['--skip-worktree']])('%s hides no change', async (option) => {
    const made = temporaryRepository()
    made.commit('one', { f: 'before', g: 'same' })
    made.git('update-index', option, 'f', 'g')
    made.write('f', 'after!')
    expect((await list(made.folder)).paths).toEqual(['f'])
  })

  test('before its first commit, with an intent to add, in a conflict', async () => {
    const made = temporaryRepository()
    made.write('new', 'new')
    made.write('intended', 'intended')
    made.git('add', '--intent-to-add', 'intended')
    expect((await list(made.folder)).paths).toEqual(['intended', 'new'])
    made.commit('base', { a: 'base' })
    made.git('switch', '--quiet', '--create', 'side')
    made.commit('side', { a: 'side' })
    made.git('switch', '--quiet', 'main')
    made.commit('main', { a: 'main' })
    expect(() => made.git('merge', 'side')).toThrow()
    expect((await list(made.folder)).paths).toEqual(['a'])
  })

  test('what git ignores is counted, a folder as one', async () => {
    const made = temporaryRepository()
    made.commit('one', { '.gitignore': '*.log\nout/\n' })
    for (const path of ['a.log', 'd/b.log', 'd/seen', 'all/c.log', 'out/1', 'out/2', 'out/deep/3', 'seen'])
      made.write(path, 'x')
    const { paths, counts } = await list(made.folder)
    expect(paths).toEqual(['d/seen', 'seen'])
    expect(counts).toEqual({ 'files ignored by git': 2, 'folders ignored by git': 2 })
  })

  test('a subfolder is listed for itself', async () => {
    const made = temporaryRepository()
    made.commit('one', { 'a/b/f': 'before', above: 'before' })
    for (const path of ['above', 'a/b/f', 'a/new above', 'a/b/ü']) made.write(path, 'after')
    const { paths, files } = await list(join(made.folder, 'a/b'))
    expect(paths).toEqual(['f', Buffer.from('ü').toString('latin1')])
    expect((await readWorkFile(files[0]!)).toString()).toBe('after')
  })

  test('neither links nor what lies behind them is followed', async () => {
    const elsewhere = temporaryFolder()
    writeFileSync(join(elsewhere, 'f'), 'outside')
    const made = temporaryRepository()
    made.commit('one', { 'd/f': 'inside', linked: 'inside' })
    rmSync(join(made.folder, 'd'), { recursive: true })
    rmSync(join(made.folder, 'linked'))
    symlinkSync(elsewhere, join(made.folder, 'd'))
    symlinkSync(join(elsewhere, 'f'), join(made.folder, 'linked'))
    const { paths, counts } = await list(made.folder)
    expect(paths).toEqual([])
    expect(counts).toMatchObject({ 'symbolic links': 2 })
  })

  test('a folder that became a file takes its own away, and only those', async () => {
    const made = temporaryRepository()
    made.commit('one', { 'a/b/c': 'before', 'a/d': 'before', e: 'before' })
    rmSync(join(made.folder, 'a'), { recursive: true })
    made.write('a', 'a file now')
    made.write('e', 'after!')
    const { paths, missed } = await list(made.folder)
    expect({ paths, missed }).toEqual({ paths: ['a', 'e'], missed: [] })
  })

  test('submodules and repositories within are counted: their files are theirs', async () => {
    const inner = temporaryRepository()
    inner.commit('inner', { f: 'x' })
    const made = temporaryRepository()
    made.git('submodule', '--quiet', 'add', inner.folder, 'sub')
    made.commit('with a submodule')
    made.git('clone', '--quiet', inner.folder, join(made.folder, 'nested'))
    const { paths, counts } = await list(made.folder)
    expect(paths).toEqual([])
    expect(counts).toEqual({ submodules: 1, 'nested git repositories': 1 })
  })

  test('a bare one has no files', async () => {
    const made = temporaryRepository({ options: ['--bare'] })
    expect((await list(made.folder)).paths).toEqual([])
  })
})

describe('without git', () => {
  test('every file, but not what node_modules holds', async () => {
    const folder = temporaryFolder()
    for (const path of ['a', 'd/e/f', 'node_modules/x/index.js', 'd/node_modules/y', 'inner/.git/config', 'inner/g']) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), 'x')
    }
    symlinkSync('a', join(folder, 'link'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('\xff', 'latin1')]), 'raw name')
    const { paths, files, counts } = await list(folder)
    expect(paths).toEqual(['a', 'd/e/f', 'inner/g', '\xff'])
    expect((await readWorkFile(files.find(({ path }) => path === '\xff')!)).toString()).toBe('raw name')
    expect(counts).toEqual({
      'node_modules folders': 2,
      'nested git repositories': 1,
      'symbolic links': 1,
      'pipes, sockets and devices': 1,
    })
  })

  test('files too large for memory are missed, and say why', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'large'), '')
    truncateSync(join(folder, 'large'), 65 * 1024 * 1024)
    const { paths, missed } = await list(folder)
    expect(paths).toEqual([])
    expect(missed).toMatchObject([{ what: 'large', why: 'it has 65 MiB, and files above 64 MiB are not read' }])
  })
})

describe('reading', () => {
  const listed = async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'f'), 'text')
    const [file] = (await list(folder)).files
    return { folder, file: file! }
  }

  test.each([
    ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['nothing', () => {}],
  ])('a file that has become %s is refused, and nothing hangs', async (_, become) => {
    const { folder, file } = await listed()
    rmSync(join(folder, 'f'))
    become(join(folder, 'f'))
    await expect(readWorkFile(file)).rejects.toMatchObject({
      name: 'AuditError',
      message: expect.stringContaining('cannot read f'),
    })
  })
})
