// `catalog:` and `patch:` say nothing themselves: what they stand for is read and judged, by every manager's rules.

import { describe, expect, test } from 'vitest'
import { origin } from '../../src/lockfile/checks/origin.ts'
import { outsideProject } from '../../src/lockfile/checks/outside-project.ts'
import { unpinned } from '../../src/lockfile/checks/unpinned.ts'
import { fileInput } from '../../src/lockfile/file-example.ts'
import { readProject } from '../../src/project/read.ts'
import { projectWith } from '../lockfile/fixtures.ts'

const manifest = (dependencies: object, given: object = {}) => ({ name: 'app', private: true, dependencies, ...given })
const read = (files: Record<string, unknown>) => readProject(projectWith(files))

const pnpm = `packages:
  - packages/*
# react: ^17
catalog:
  react: ^18.2.0 # the one
  'left': ">=1"
catalogs:
  old:
    react: ^16.0.0
  "moved":
    left: npm:right@^2.0.0
`

describe('a catalog says what is asked for', () => {
  test('pnpm: by name, with the line, for every workspace', async () => {
    const { manifests, unread } = await read({
      'pnpm-workspace.yaml': pnpm,
      'package.json': manifest({ react: 'catalog:', left: 'catalog:moved' }),
      'packages/a/package.json': manifest({ react: 'catalog:old', left: 'catalog:default' }),
    })
    expect(unread).toEqual([])
    const told = manifests.flatMap(({ dependencies }) =>
      dependencies.map(({ range, target, kind, meant }) => [
        range,
        target,
        kind,
        meant?.range,
        meant?.path,
        meant?.line,
      ]),
    )
    expect(told).toEqual([
      ['catalog:', 'react', 'registry', '^18.2.0', 'pnpm-workspace.yaml', 5],
      ['catalog:moved', 'right', 'registry', 'npm:right@^2.0.0', 'pnpm-workspace.yaml', 11],
      ['catalog:old', 'react', 'registry', '^16.0.0', 'pnpm-workspace.yaml', 9],
      ['catalog:default', 'left', 'registry', '>=1', 'pnpm-workspace.yaml', 6],
    ])
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['Yarn', { '.yarnrc.yml': 'catalog:\n  left: "*"\n' }, '.yarnrc.yml'],
    [
      'Bun',
      { 'package.json': manifest({}, { workspaces: { packages: ['a'], catalog: { left: '*' } } }) },
      'package.json',
    ],
    [
      'Bun, at the top',
      { 'package.json': manifest({}, { workspaces: ['a'], catalog: { left: '*' } }) },
      'package.json',
    ],
  ])('%s: an open range in it is found, there', async (_name, files, where) => {
    const { manifests } = await read({
      'package.json': manifest({}, { workspaces: ['a'] }),
      ...files,
      'a/package.json': manifest({ left: 'catalog:' }),
    })
    const [found, ...more] = unpinned.run(fileInput({ manifests }))
    expect(more).toEqual([])
    expect(found).toMatchObject({ message: `left@* in ${where}: it takes every version to come` })
    expect(found!.evidence.map((one) => (one.kind === 'file' ? one.path : ''))).toEqual(['a/package.json', where])
  })

  test.each<[string, Record<string, unknown>]>([
    ['none', {}],
    ['another package', { 'pnpm-workspace.yaml': 'catalog:\n  right: ^1\n' }],
    ['another catalog', { 'pnpm-workspace.yaml': 'catalogs:\n  old:\n    left: ^1\n' }],
    ['no YAML', { 'pnpm-workspace.yaml': 'catalog:\n  left: [\n' }],
    ['prototype', { 'pnpm-workspace.yaml': 'catalog:\n  __proto__:\n    left: ^1\n' }],
    ['itself, without end', { 'pnpm-workspace.yaml': "catalog:\n  left: 'catalog:'\n" }],
  ])('%s: what it asks for is not known, and that is said', async (_name, files) => {
    const { unread } = await read({ ...files, 'package.json': manifest({ left: 'catalog:' }) })
    expect(unread).toEqual([
      expect.objectContaining({ path: 'package.json', what: 'what package.json asks for of left' }),
    ])
  })
})

test('what a catalog takes from a URL or git is judged as if the manifest did, on the catalog’s line', async () => {
  const secret = ['hunter2', 'hunter2hunter2'].join('-') // audit-deps:allow made up for this test
  const { manifests } = await read({
    'package.json': manifest({ left: 'catalog:', right: 'catalog:', up: 'catalog:' }),
    'pnpm-workspace.yaml': `catalog:\n  left: https://me:${secret}@cdn.example/left.tgz\n  right: github:acme/right\n  up: file:../up\n`,
  })
  const found = [origin, unpinned, outsideProject].flatMap((check) => check.run(fileInput({ manifests })))
  const told = found.map(
    ({ code, evidence }) => `${code} ${evidence.map((one) => 'line' in one && `${one.path}:${one.line}`)}`,
  )
  expect(told.sort()).toEqual([
    'lockfile/credentials-in-url pnpm-workspace.yaml:2',
    'lockfile/git-source pnpm-workspace.yaml:3',
    'lockfile/outside-project package.json:7',
    'lockfile/remote-tarball pnpm-workspace.yaml:2',
    'lockfile/unpinned package.json:6,pnpm-workspace.yaml:3',
  ])
  expect(JSON.stringify(found)).not.toContain(secret)
})

describe('a patch wraps what is asked for', () => {
  test.each<[string, string | undefined]>([
    ['patch:left@npm%3A^1.0.0#./left.patch', 'npm:^1.0.0'],
    ['patch:left@^1.0.0#~/.yarn/patches/left.patch', '^1.0.0'],
    ['patch:left@1.0.0#optional!builtin<compat/left>', '1.0.0'],
    ['patch:@a/left@npm%3A*#./left.patch', 'npm:*'],
    ['patch:left@patch%3Aleft@npm%253A2.0.0%23./one.patch#./two.patch', 'npm:2.0.0'],
    ['patch:left@%#./left.patch', undefined],
    ['patch:left', undefined],
    ['patch:', undefined],
  ])('%s: %s', async (range, meant) => {
    const { manifests, unread } = await read({ 'package.json': manifest({ left: range }) })
    expect(manifests[0]!.dependencies[0]!.meant?.range).toBe(meant)
    expect(unread).toHaveLength(meant === undefined ? 1 : 0)
  })
})

describe('a catalog that asks for more than is locked is drift', () => {
  const lock = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      left:
        specifier: 'catalog:'
        version: 1.4.0
packages:
  left@1.4.0:
    resolution: {integrity: sha512-${Buffer.alloc(64, 7).toString('base64')}}
snapshots:
  left@1.4.0: {}
`
  test.each<[string, object, string[]]>([
    ['^1.0.0', {}, []],
    ['^2.0.0', {}, ['left: ^2.0.0, 1.4.0']],
    // Which version that is, only a registry knows.
    ['latest', {}, []],
  ])('%s', async (range, given, told) => {
    const { lockfiles } = await read({
      'package.json': manifest({ left: 'catalog:' }, given),
      'pnpm-workspace.yaml': `catalog:\n  left: ${range}\n`,
      'pnpm-lock.yaml': lock,
    })
    const problems = lockfiles[0]!.problems!.map(({ name, wanted, locked }) => `${name}: ${wanted}, ${locked}`)
    expect(problems).toEqual(told)
  })
})
