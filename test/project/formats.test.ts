// One project, written down by every package manager in every version of its format, reads to one list.

import { parseSyml } from '@yarnpkg/parsers'
import { describe, expect, test } from 'vitest'
import { parseYarnClassic } from '../../src/project/lockfiles/yarn-classic.ts'
import { readLockfile, readProject } from '../../src/project/read.ts'
import type { LockedPackage, Lockfile } from '../../src/types.ts'
import { fixture, projectWith } from '../lockfile/fixtures.ts'
import { familyOf, filesOf, lockNameOf, lockOf, monoFormats, protocolFormats } from './formats.ts'

async function read(project: 'mono' | 'protocols', format: string): Promise<Lockfile> {
  const root = projectWith({ ...filesOf(project, format), [lockNameOf(format)]: lockOf(project, format) })
  const { lockfiles, unread } = await readProject(root)
  expect(unread).toEqual([])
  return lockfiles[0]!
}

const flags = ['direct', 'dev', 'optional', 'peer', 'bundled'] as const
const brief = (one: LockedPackage): string =>
  [
    `${one.name}@${one.version}`,
    ...(one.alias === undefined ? [] : [`as ${one.alias}`]),
    ...flags.filter((flag) => one[flag]),
  ].join(' ')
const ofRegistry = ({ packages }: Lockfile): readonly LockedPackage[] =>
  packages.filter(({ kind }) => kind === 'registry')

const expected = [
  '@acme/core@1.4.0 direct',
  'builder@3.1.0 direct dev',
  'carrier@1.0.0 direct',
  'fast-on-one@1.0.0 direct optional',
  'hammer@1.0.0 dev',
  'left@1.2.3 as old direct',
  'left@1.2.3',
  'left@2.0.0 direct',
  'plugin@0.5.0 direct dev',
  'quick@1.0.0 optional',
  'right@1.0.0 direct',
].sort()

/** What another package brings along in its tarball: fetched all the same, marked, or not listed. */
const bundled: Record<string, readonly string[]> = {
  npm: ['inner@1.0.0 bundled'],
  yarn: ['inner@1.0.0'],
  berry: ['inner@1.0.0'],
  pnpm: [],
  bun: ['inner@1.0.0 bundled'],
}

/** By address: npm's own word is what the others are measured by. */
const integrities = new Map(
  Object.values(
    (JSON.parse(fixture('mono-npm-3.lock')) as { packages: Record<string, Record<string, unknown>> }).packages,
  ).map(({ resolved, integrity }) => [resolved, integrity]),
)

describe.each(monoFormats)('mono, %s', (format) => {
  const family = familyOf(format)

  test('gives the same packages, with who is direct, for development, optional, aliased', async () => {
    const lockfile = await read('mono', format)
    expect(lockfile.version).toBe(Number(format.split('-')[1]))
    // npm 6 knew no workspaces: its format names their folders, and nobody below the root is direct.
    const direct = (line: string): string =>
      format === 'npm-1' ? line.replace('right@1.0.0 direct', 'right@1.0.0') : line
    expect(ofRegistry(lockfile).map(brief).sort()).toEqual([...expected.map(direct), ...bundled[family]!].sort())
  })

  test('binds each by its integrity, or by a checksum that is none', async () => {
    for (const one of ofRegistry(await read('mono', format))) {
      if (one.name === 'inner') continue
      const address = `https://registry.example/${one.name}/-/${one.name.split('/').at(-1)}-${one.version}.tgz`
      if (family === 'berry') {
        expect(one).toMatchObject({ integrity: undefined, resolved: undefined })
        expect(one.conditions === undefined).toBe(one.checksum !== undefined)
      } else expect(one.integrity).toBe(integrities.get(address))
      if (family === 'yarn' || family === 'npm' || family === 'bun') expect(one.resolved).toBe(address)
    }
  })

  test('names workspaces, asked of nobody', async () => {
    const { packages } = await read('mono', format)
    const ours = packages
      .filter(({ kind }) => kind === 'workspace' || kind === 'local')
      .map(({ name, key }) => `${name} in ${key}`)
    const places = format === 'npm-1' ? 'node_modules' : 'packages'
    expect(ours.sort()).toEqual([`one in ${places}/one`, `two in ${places}/two`])
  })

  test('points to the line of each entry, and finds nothing amiss', async () => {
    const lines = lockOf('mono', format).split('\n')
    const { packages, problems } = await read('mono', format)
    for (const one of ofRegistry({ packages } as Lockfile)) {
      expect(lines[one.line - 1]).toContain(format === 'npm-1' ? (one.alias ?? one.name) : one.key)
    }
    expect(problems).toEqual(format === 'npm-1' ? undefined : [])
  })

  test('tells install scripts where the format does, and on which way each came in', async () => {
    const { packages } = await read('mono', format)
    const scripts = packages.filter(({ installScript }) => installScript).map(({ name }) => name)
    const told = /^(?:npm-[234]|bun-2|pnpm-[56])/.test(format)
    expect(scripts.includes('builder')).toBe(told)
    if (format === 'npm-1') return
    expect(packages.find(({ name }) => name === 'hammer')!.path).toEqual(['builder', 'hammer'])
    expect(packages.find(({ alias }) => alias === 'old')!.path).toEqual(['old'])
  })

  test('by itself reads the same as with its project', async () => {
    const root = projectWith({
      ...filesOf('mono', format),
      // pnpm does not ask package.json for workspaces.
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      [lockNameOf(format)]: lockOf('mono', format),
    })
    const path = `${root}/${lockNameOf(format)}`
    expect(await readLockfile(path)).toEqual({ ...(await read('mono', format)), path })
  })
})

describe.each(protocolFormats)('protocols, %s', (format) => {
  test('are what they are, and ask nobody who is not to be asked', async () => {
    const { packages, problems } = await read('protocols', format)
    const kinds = Object.fromEntries(
      packages.map(({ name, alias, kind, version }) => [`${alias ?? name}@${version}`, kind]),
    )
    const kindOf = (name: string): string | undefined =>
      Object.entries(kinds).find(([id]) => id.startsWith(`${name}@`))?.[1]
    expect(problems).toEqual([])
    expect(kindOf('from-git')).toBe('git')
    expect(kindOf('packed')).toBe('tarball')
    expect(kindOf('beside')).toBe('local')
    expect(kindOf('one')).toBe('workspace')
    if (familyOf(format) !== 'bun') expect(kindOf('linked')).toBe('local')
    if (familyOf(format) === 'berry') expect(kindOf('portalled')).toBe('local')
    // An override or resolution sends right's left to version 3; Bun has none in this project.
    if (familyOf(format) !== 'bun') expect(kinds['left@3.0.0']).toBe('registry')
  })

  test('git names its full commit, an archive its address', async () => {
    const { packages } = await read('protocols', format)
    const named = (name: string) => packages.find((one) => (one.alias ?? one.name) === name)!
    expect(named('from-git').resolved).toMatch(/^git\+https:\/\/git\.example\/acme\/from-git\.git#[\da-f]{40}$/)
    expect(named('packed').resolved).toBe('https://cdn.example/left.tgz')
    expect(named('from-git').direct).toBe(true)
  })
})

describe('what single formats have', () => {
  test.each(['berry-4', 'berry-5', 'berry-6', 'berry-8', 'berry-10'])(
    '%s: a patched package is listed twice, and only the original is of the registry',
    async (format) => {
      const hammers = (await read('protocols', format)).packages.filter(({ name }) => name === 'hammer')
      expect(hammers.map(({ kind, direct }) => [kind, direct])).toEqual([
        ['registry', true],
        ['local', true],
      ])
    },
  )

  test('yarn 1: without an integrity, the fragment of the address is the hash', async () => {
    const packed = (await read('protocols', 'yarn-1')).packages.find(({ name }) => name === 'packed')!
    expect(packed).toMatchObject({
      integrity: expect.stringMatching(/^sha1-/),
      resolved: 'https://cdn.example/left.tgz',
    })
  })

  test('pnpm 11: what pnpm itself needs stands in a document of its own', async () => {
    const { packages } = await read('protocols', 'pnpm-9.0-config')
    const config = packages.find(({ name }) => name === 'shared-config')!
    expect(config).toMatchObject({ direct: true, dev: false, line: 14 })
    expect(lockOf('protocols', 'pnpm-9.0-config').split('\n')[13]).toContain('shared-config@1.0.0')
  })

  test('pnpm 5: a suffix that tells peers apart is no part of the version', async () => {
    const { packages } = await read('mono', 'pnpm-5.4')
    expect(packages.find(({ name }) => name === 'plugin')).toMatchObject({
      version: '0.5.0',
      key: '/plugin/0.5.0_left@2.0.0',
    })
  })

  test("Bun: an optional peer that is there is somebody's, one that is not is nobody's", async () => {
    const entry = (name: string, info: object) => [`${name}@1.0.0`, '', info, 'sha512-x']
    const lock = {
      lockfileVersion: 1,
      workspaces: { '': { name: 'app', dependencies: { a: '1.0.0' } } },
      packages: {
        a: entry('a', { peerDependencies: { b: '*', c: '*' }, optionalPeers: ['b', 'c'] }),
        b: entry('b', {}),
      },
    }
    const { packages, problems } = await readLockfile(`${projectWith({ 'bun.lock': lock })}/bun.lock`)
    expect(packages.map(({ name, peer, direct }) => ({ name, peer, direct }))).toEqual([
      { name: 'a', peer: false, direct: true },
      { name: 'b', peer: true, direct: false },
    ])
    expect(problems).toEqual([])
  })

  test('yarn 1: a list of ranges, other blocks, comments and Windows line ends', () => {
    const text = [
      '# yarn lockfile v1',
      'a@^1.0.0, "a@>=1 <2", a@:',
      '  version "1.2.0"',
      '  resolved "https://registry.example/a/-/a-1.2.0.tgz"',
      '  permissions:',
      '    x "y"',
      '  optionalDependencies:',
      '    "@b/c" "1"',
      '"@b/c@1":',
      '  version "1.0.0"',
    ].join('\r\n')
    const { packages } = parseYarnClassic(text, 'yarn.lock', [])
    expect(packages.map(({ name, version, key }) => `${name}@${version} ${key}`)).toEqual([
      'a@1.2.0 a@^1.0.0',
      '@b/c@1.0.0 @b/c@1',
    ])
  })

  test.each(['mono', 'protocols'] as const)('yarn 1: %s reads as it does with the parser of Yarn itself', (project) => {
    const text = lockOf(project, 'yarn-1')
    const oracle = Object.entries(parseSyml(text)).map(([pattern, entry]) => [pattern, entry.version, entry.integrity])
    const ours = parseYarnClassic(text, 'yarn.lock', []).packages
    expect(
      ours.map(({ key, version, integrity }) => [key, version, integrity?.startsWith('sha1') ? undefined : integrity]),
    ).toEqual(oracle)
  })
})
