import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attribute } from '../../src/git/attribution.ts'
import { readObjects } from '../../src/git/read.ts'
import { openRepository } from '../../src/git/repository.ts'
import { changedBy, listObjects, type Scope } from '../../src/git/scope.ts'
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

/** The texts of all objects in scope; of commits and tags, their messages. */
async function texts(made: TemporaryRepository, scope: Scope, folder = ''): Promise<string[]> {
  const repo = (await openRepository(join(made.folder, folder)))!
  const { objects, missed } = await listObjects(repo, scope)
  expect(missed).toEqual([])
  const all: string[] = []
  await readObjects(repo, objects, ({ type, data }) => {
    const text = data.toString()
    all.push(type === 'blob' ? text : `${type}: ${text.slice(text.indexOf('\n\n') + 2).trim()}`)
  })
  return all.sort()
}

/** A merge that brings something of its own: `evil`. */
function merged(): TemporaryRepository {
  const made = temporaryRepository()
  made.commit('one', { a: 'old' })
  made.git('switch', '--quiet', '--create', 'side')
  made.commit('on the side', { side: 'side' })
  made.git('switch', '--quiet', 'main')
  made.commit('on main', { b: 'main' })
  made.git('merge', '--quiet', '--no-commit', '--no-ff', 'side')
  made.commit('merged', { evil: 'evil' })
  return made
}

describe('commits', () => {
  const of = (made: TemporaryRepository, ...revisions: string[]) =>
    texts(made, { kind: 'commits', oids: revisions.map((revision) => made.id(revision)) })

  test('gives what each of them brought, and nothing of those between', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    made.commit('two', { b: 'new' })
    made.commit('three', { a: undefined, b: 'newer', ':100644 100644 x M': 'odd' })
    made.commit('four', { 'sub/c': 'last' })
    expect(await of(made, 'HEAD~3', 'HEAD~1')).toEqual(['commit: one', 'commit: three', 'newer', 'odd', 'old'])
    expect(await of(made)).toEqual([])
    const below = { kind: 'commits', oids: [made.id('HEAD'), made.id('HEAD~2')] } as const
    expect(await texts(made, below, 'sub')).toEqual(['commit: four', 'last'])
  })

  test('of a merge, what no parent has', async () => {
    expect(await of(merged(), 'HEAD')).toEqual(['commit: merged', 'evil'])
  })

  test('reads a tag as it is, and says which of them are not there', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    made.git('tag', '-a', '-m', 'told', 'v1')
    expect(await of(made, 'v1')).toEqual(['tag: told'])
    const repo = (await openRepository(made.folder))!
    const { objects, missed } = await listObjects(repo, { kind: 'commits', oids: ['0123456789'.repeat(4)] })
    expect(objects).toEqual([])
    expect(missed).toHaveLength(1)
  })

  test('passes over no tree in silence', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    const repo = (await openRepository(made.folder))!
    const tree = made.id('HEAD^{tree}')
    const { missed } = await listObjects(repo, { kind: 'commits', oids: [made.id('HEAD'), tree] })
    expect(missed).toMatchObject([{ what: `git object ${tree}`, why: expect.stringContaining('tree') }])
  })

  test('knows what stood there before all of them', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    made.commit('two', { a: 'new' })
    made.commit('three', { a: 'newer' })
    const repo = (await openRepository(made.folder))!
    const { before } = await changedBy(repo, [made.id('HEAD'), made.id('HEAD~1')])
    expect([...before]).toEqual([made.id('HEAD~2:a')])
  })
})

describe('since', () => {
  test('gives what the commits after it brought to HEAD', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    made.git('branch', 'base')
    made.commit('two', { b: 'new' })
    made.commit('three', { b: 'newer' })
    expect(await texts(made, { kind: 'since', ref: 'base' })).toEqual(['commit: three', 'commit: two', 'new', 'newer'])
    expect(await texts(made, { kind: 'since', ref: 'HEAD' })).toEqual([])
  })

  test('sees what a merge brought, by itself or from its side branch', async () => {
    expect(await texts(merged(), { kind: 'since', ref: 'HEAD^1' })).toEqual([
      'commit: merged',
      'commit: on the side',
      'evil',
      'side',
    ])
  })

  test.each([['no-such-ref'], ['--all'], ['HEAD:a'], ['']])('refuses %j, which names no commit', async (ref) => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    await expect(texts(made, { kind: 'since', ref })).rejects.toMatchObject({ code: 'USAGE', hint: expect.any(String) })
  })

  test('says so where the range runs into the end of a shallow clone', async () => {
    const made = temporaryRepository()
    for (const n of ['1', '2', '3']) made.commit(n, { a: n })
    made.git('switch', '--quiet', '--create', 'side', 'HEAD~2')
    made.commit('side', { b: 'side' })
    const from = `file://${made.folder}`
    const clone = temporaryRepository({ from, options: ['--depth=1', '--no-single-branch', '--branch=main'] })
    const repo = (await openRepository(clone.folder))!
    const { missed } = await listObjects(repo, { kind: 'since', ref: 'origin/side' })
    expect(missed).toMatchObject([
      { next: 'run git fetch --unshallow origin +refs/heads/side:refs/remotes/origin/side' },
    ])
  })
})

test('head gives the files of HEAD and no history; of no commits, nothing', async () => {
  const made = temporaryRepository()
  expect(await texts(made, { kind: 'head' })).toEqual([])
  made.commit('one', { a: 'old', 'd/b': 'kept' })
  made.commit('two', { a: 'new' })
  expect(await texts(made, { kind: 'head' })).toEqual(['kept', 'new'])
  expect(await texts(made, { kind: 'head' }, 'd')).toEqual(['kept'])
})

describe('staged', () => {
  test('gives what the index adds or changes, not what lies unstaged beside it', async () => {
    const made = temporaryRepository()
    made.write('first', 'first')
    made.git('add', 'first')
    expect(await texts(made, { kind: 'staged' })).toEqual(['first'])
    made.commit('one', { a: 'old', gone: 'gone' })
    made.write('a', 'staged')
    made.write('copy', 'first')
    made.git('add', '.')
    made.git('rm', '--quiet', 'gone')
    made.write('a', 'unstaged')
    made.write('later', 'intended')
    made.git('add', '--intent-to-add', 'later')
    expect(await texts(made, { kind: 'staged' })).toEqual(['first', 'staged'])
  })

  test('is attributed without a walk through history', async () => {
    const made = temporaryRepository()
    made.commit('one', { a: 'old' })
    made.write('d/b', 'staged')
    made.git('add', '.')
    const repo = (await openRepository(made.folder))!
    const oid = made.id(':d/b')
    const { of } = await attribute(repo, new Set([oid]), 'staged')
    expect(of.get(oid)).toEqual({ object: 'blob', paths: ['d/b'], state: 'worktree' })
  })

  test('holds all sides of a conflict', async () => {
    const made = temporaryRepository()
    made.commit('base', { a: 'base' })
    made.git('switch', '--quiet', '--create', 'side')
    made.commit('side', { a: 'side' })
    made.git('switch', '--quiet', 'main')
    made.commit('main', { a: 'main' })
    expect(() => made.git('merge', 'side')).toThrow()
    expect(await texts(made, { kind: 'staged' })).toEqual(['base', 'main', 'side'])
  })
})

describe('a subfolder', () => {
  function nested(name: string): TemporaryRepository {
    const made = temporaryRepository()
    made.commit('outside', { other: 'other' })
    made.commit('inside', { [`${name}/f`]: 'first' })
    made.commit('outside again', { other: 'other 2' })
    made.git('switch', '--quiet', '--create', 'side', 'HEAD~1')
    made.commit('undone on a side branch', { [`${name}/f`]: 'undone' })
    made.commit('and put back', { [`${name}/f`]: 'first' })
    made.git('switch', '--quiet', 'main')
    made.git('merge', '--quiet', '--message', 'merge that simplification would skip', 'side')
    made.write(`${name}/f`, 'stashed')
    made.git('stash', '--quiet')
    made.commit('reset away', { [`${name}/f`]: 'in the reflog' })
    made.git('reset', '--quiet', '--hard', 'HEAD~1')
    made.git('tag', '--annotate', '--message', 'a tag', 'v1')
    made.gitWith('dangling', 'hash-object', '-w', '--stdin')
    made.write(`${name}/staged`, 'staged')
    made.git('add', '.')
    return made
  }

  test.each([['sub'], ['deep/er'], ['with space'], ['*'], [':(glob)x'], ['ü'], ['line\nbreak']])(
    '%j has its whole history, from every commit, and nobody else’s',
    async (name) => {
      const all = await texts(nested(name), { kind: 'all' }, name)
      expect(all.filter((text) => !text.startsWith('commit: '))).toEqual(
        ['first', 'in the reflog', 'staged', 'stashed', 'undone'].sort(),
      )
      const messages = all.filter((text) => text.startsWith('commit: '))
      expect(messages).toEqual(
        expect.arrayContaining(['commit: inside', 'commit: undone on a side branch', 'commit: reset away']),
      )
      expect(messages.join()).not.toContain('outside')
    },
  )

  test('since a commit, likewise', async () => {
    expect(await texts(nested('sub'), { kind: 'since', ref: 'HEAD^1' }, 'sub')).toEqual([
      'commit: and put back',
      'commit: undone on a side branch',
      'undone',
    ])
  })

  test('does not lose a tree that also stood elsewhere', async () => {
    const made = temporaryRepository()
    made.commit('same content above', { 'x/x/f': 'inner', 'x/g': 'beside' })
    made.git('rm', '-r', '--quiet', '.')
    made.commit('and below', { 'x/x/x/f': 'inner', 'x/x/g': 'beside' })
    expect((await texts(made, { kind: 'all' }, 'x/x')).filter((text) => !text.startsWith('commit'))).toEqual([
      'beside',
      'inner',
    ])
  })

  test('is what attributed paths are relative to', async () => {
    const made = nested('sub')
    made.commit('the same elsewhere', { elsewhere: 'first' })
    const repo = (await openRepository(join(made.folder, 'sub')))!
    const oid = made.id('HEAD:sub/f')
    expect((await attribute(repo, new Set([oid]))).of.get(oid)).toMatchObject({ paths: ['f'], state: 'head' })
  })
})

test('a file may have the name of a commit or a ref', async () => {
  const made = temporaryRepository()
  made.commit('one', { a: 'old' })
  made.commit('two', { 'refs/stash': 'in the way', b: 'new' })
  for (const revision of ['HEAD', 'HEAD~1']) made.write(made.id(revision), 'in the way, too')
  expect(await texts(made, { kind: 'since', ref: 'HEAD~1' })).toEqual(['commit: two', 'in the way', 'new'])
  made.write('b', 'staged')
  made.git('add', 'b')
  expect(await texts(made, { kind: 'staged' })).toEqual(['staged'])
  made.write('b', 'stashed')
  made.git('stash', '--quiet')
  const blob = made.git('rev-parse', 'stash@{0}:b')
  const { of, missed } = await attribute((await openRepository(made.folder))!, new Set([blob]))
  expect(missed).toEqual([])
  expect(of.get(blob)).toMatchObject({ state: 'stash', paths: ['b'] })
})

test('a bare repository may have a stash', async () => {
  const made = temporaryRepository({ options: ['--bare'] })
  const blob = made.gitWith('stashed', 'hash-object', '-w', '--stdin')
  const tree = made.gitWith(`100644 blob ${blob}\ta\n`, 'mktree')
  const [older, newest] = ['older', 'newest'].map((message) => made.git('commit-tree', '-m', message, tree))
  for (const commit of [older!, newest!]) made.git('update-ref', '--create-reflog', '-m', 'wip', 'refs/stash', commit)
  const { of, missed } = await attribute((await openRepository(made.folder))!, new Set([blob, older!, newest!]))
  expect(missed).toEqual([])
  for (const oid of [blob, older!, newest!]) expect(of.get(oid)?.state).toBe('stash')
})

test('paths of any bytes come back as latin1, one character a byte', async () => {
  const made = temporaryRepository()
  const names = ['line\nbreak', 'quote"\'s', 'tab\there', '\u202egnp.exe', 'ü']
  made.commit('odd names', Object.fromEntries(names.map((name) => [name, `in ${name}`])))
  const raw = Buffer.from('not \xff utf8', 'latin1')
  const blob = made.gitWith('raw', 'hash-object', '-w', '--stdin')
  made.gitWith(
    Buffer.concat([Buffer.from(`100644 ${blob}\t`), raw, Buffer.from('\0')]),
    'update-index',
    '-z',
    '--index-info',
  )
  made.git('commit', '--quiet', '--message', 'a name that is not UTF-8')
  const repo = (await openRepository(made.folder))!
  const { objects } = await listObjects(repo, { kind: 'head' })
  const { of } = await attribute(repo, new Set(objects.map(({ oid }) => oid)))
  const paths = [...of.values()].flatMap((attribution) => attribution.paths)
  const expected = [...names.map((name) => Buffer.from(name).toString('latin1')), raw.toString('latin1')]
  expect(paths.sort()).toEqual(expected.sort())
  for (const { first } of of.values()) expect(first?.oid).toMatch(/^[0-9a-f]{40}$/)
})
