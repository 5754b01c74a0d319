import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readInstalled } from '../../src/project/installed.ts'
import { readProject } from '../../src/project/read.ts'
import { unitsOf } from '../../src/project/units.ts'
import { fixture, manifestsOf, projectWith } from '../lockfile/fixtures.ts'

test('an empty folder holds nothing, and that is no problem', async () => {
  const project = await readProject(projectWith({}))
  expect(project).toEqual({ manifests: [], lockfiles: [], unread: [], workspaceNames: new Set() })
})

test('manifests and lockfiles at any depth, but none in node_modules or .git', async () => {
  const root = projectWith({
    'package.json': { dependencies: { left: '^2.0.0' } },
    'package-lock.json': fixture('app-v1.lock.json'),
    'examples/one/package.json': {},
    'node_modules/left/package.json': {},
    'examples/one/node_modules/left/package.json': {},
    '.git/package.json': {},
    '.config/package.json': {},
  })
  const { manifests, lockfiles } = await readProject(root)
  expect(manifests.map(({ path }) => path)).toEqual([
    'package.json',
    '.config/package.json',
    'examples/one/package.json',
  ])
  expect(lockfiles.map(({ path }) => path)).toEqual(['package-lock.json'])
  // Version 1 does not say who is direct: the manifest beside it does.
  expect(lockfiles[0]!.packages.filter(({ direct }) => direct).map(({ key }) => key)).toEqual(['node_modules/left'])
})

describe('workspaces', () => {
  test('are those that an ancestor takes in', async () => {
    const { workspaceNames } = await readProject(projectWith(manifestsOf('workspaces')))
    expect(workspaceNames).toEqual(new Set(['one', 'two']))
  })

  test('of pnpm as well, and not what merely claims a name', async () => {
    const root = projectWith({
      'package.json': { name: 'root' },
      'pnpm-workspace.yaml': 'packages:\n  # ours\n  - \'libs/*\'\n  - "!libs/not"\nother:\n  - tests/*\n',
      'libs/a/package.json': { name: 'a' },
      'libs/not/package.json': { name: 'not' },
      'tests/fixture/package.json': { name: 'lodash' },
    })
    expect((await readProject(root)).workspaceNames).toEqual(new Set(['a']))
  })
})

test.each(['pnpm-lock', 'yarn-berry', 'bun'] as const)('of a %s that is gone nothing is known', async (format) => {
  const lockfile = { path: 'gone', format, version: 0, packages: [] }
  expect(await readInstalled(projectWith({}), [], [lockfile])).toMatchObject({
    commandsKnown: false,
    peersKnown: false,
  })
})

describe('what cannot be read is named', () => {
  test('settings that say which packages are ours', async () => {
    const root = projectWith({ 'package.json': { name: 'root' }, 'libs/a/package.json': { name: 'a' } })
    symlinkSync('/dev/zero', join(root, 'pnpm-workspace.yaml'))
    const { workspaceNames, unread } = await readProject(root)
    expect(workspaceNames).toEqual(new Set())
    expect(unread).toMatchObject([{ path: 'pnpm-workspace.yaml', why: expect.stringMatching(/^cannot read it: /) }])
  })

  test.each(['bun.lockb', 'shrinkwrap.yaml', 'deno.lock', 'vlt-lock.json'])('%s', async (name) => {
    const { lockfiles, unread } = await readProject(projectWith({ 'package.json': {}, [name]: 'x' }))
    expect(lockfiles).toEqual([])
    expect(unread).toEqual([expect.objectContaining({ path: name, why: 'this lockfile format is not supported' })])
    expect(unread[0]!.next).toContain('package-lock.json')
    expect(unread[0]!.next.includes('--save-text-lockfile')).toBe(name === 'bun.lockb')
  })

  test('conflict markers, before anything is parsed', async () => {
    const root = projectWith({ 'package-lock.json': fixture('unfinished-merge.lock.json').replaceAll('\n', '\r\n') })
    const { unread } = await readProject(root)
    expect(unread).toEqual([expect.objectContaining({ problem: 'conflict-markers', line: expect.any(Number) })])
    expect(fixture('unfinished-merge.lock.json').split('\n')[unread[0]!.line! - 1]).toBe('<<<<<<< HEAD')
  })

  test('broken files, while their neighbours are read', async () => {
    const root = projectWith({
      'package.json': '{',
      'package-lock.json': fixture('cut-off.lock.json'),
      'a/package.json': { name: 'a' },
    })
    const { manifests, unread } = await readProject(root)
    expect(manifests.map(({ path }) => path)).toEqual(['a/package.json'])
    expect(unread.map(({ path }) => path)).toEqual(['package.json', 'package-lock.json'])
  })

  test('links that lead out, devices and folders of that name', async () => {
    const outside = projectWith({ 'package.json': { name: 'outside' } })
    const root = projectWith({ 'real/package.json': { name: 'real' } })
    for (const name of ['out', 'device', 'inside', 'loop']) mkdirSync(join(root, name))
    symlinkSync(join(outside, 'package.json'), join(root, 'out/package.json'))
    symlinkSync('/dev/zero', join(root, 'device/package.json'))
    symlinkSync('../real/package.json', join(root, 'inside/package.json'))
    symlinkSync('..', join(root, 'loop/again'))
    symlinkSync('package.json', join(root, 'loop/package.json'))
    mkdirSync(join(root, 'folder/package.json'), { recursive: true })
    const { manifests, unread } = await readProject(root)
    expect(manifests.map(({ path }) => path)).toEqual(['inside/package.json', 'real/package.json'])
    expect(unread.map(({ path }) => path)).toEqual(['device/package.json', 'loop/package.json', 'out/package.json'])
  })

  test('a folder that cannot be listed', async () => {
    const { unread } = await readProject(join(projectWith({}), 'nowhere'))
    expect(unread).toEqual([expect.objectContaining({ path: '.', what: 'the folder .' })])
  })
})

describe('which lockfile answers for which manifest', () => {
  const pairs = async (root: string) =>
    unitsOf(await readProject(root)).map(({ manifests, lockfile, unread }) => [
      lockfile?.path ?? unread?.path,
      manifests.map(({ path }) => path),
    ])

  test('the nearest upwards; the shrinkwrap wins, and what it shadows is none', async () => {
    const root = projectWith({
      'package.json': {},
      'package-lock.json': { lockfileVersion: 3 },
      'a/package.json': {},
      'b/package.json': {},
      'b/package-lock.json': { lockfileVersion: 3 },
      'b/npm-shrinkwrap.json': { lockfileVersion: 3 },
      'b/c/package.json': {},
    })
    expect(await pairs(root)).toEqual([
      ['package-lock.json', ['package.json', 'a/package.json']],
      ['b/npm-shrinkwrap.json', ['b/package.json', 'b/c/package.json']],
    ])
  })

  test('without one, what stands below the topmost manifest is one unit', async () => {
    const root = projectWith({ 'x/package.json': {}, 'x/y/package.json': {}, 'xy/package.json': {} })
    expect(await pairs(root)).toEqual([
      [undefined, ['x/package.json', 'x/y/package.json']],
      [undefined, ['xy/package.json']],
    ])
  })

  test('a lockfile above the audited folder is not read, and not called missing', async () => {
    const root = projectWith({ 'package-lock.json': { lockfileVersion: 3 }, 'packages/a/package.json': {} })
    execFileSync('git', ['init', '-q'], { cwd: root })
    const project = await readProject(join(root, 'packages/a'))
    expect(project.unread).toEqual([expect.objectContaining({ path: '../../package-lock.json' })])
    expect(await pairs(join(root, 'packages/a'))).toEqual([['../../package-lock.json', ['package.json']]])
  })
})

test('absurd sizes are read up to a bound, what was asked for first, and the rest is named', async () => {
  const many = (count: number, prefix: string, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}p${at}`, value]))
  const packages = {
    '': { dependencies: { wanted: '1.0.0' } },
    ...many(100_002, 'node_modules/', { version: '1.0.0' }),
    'node_modules/wanted': { version: '1.0.0' },
  }
  const root = projectWith({
    'package.json': { dependencies: { wanted: '1.0.0' } },
    'package-lock.json': { lockfileVersion: 3, packages },
    'wide/package.json': { dependencies: many(20_005, '', '1.0.0') },
  })
  const { manifests, lockfiles, unread } = await readProject(root)
  expect(manifests.map(({ dependencies }) => dependencies.length)).toEqual([1, 20_000])
  expect(lockfiles.map(({ packages }) => packages.length)).toEqual([100_000])
  expect(lockfiles[0]!.packages[0]).toMatchObject({ name: 'wanted', direct: true })
  expect(unread.map(({ path, what }) => [path, what])).toEqual([
    ['wide/package.json', '5 of the dependencies in wide/package.json'],
    ['package-lock.json', '3 of the packages in package-lock.json'],
  ])
})
