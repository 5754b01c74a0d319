// What we call drift is what `npm ci` refuses. npm decides by building the ideal tree over the lockfile and comparing
// both (its validate-lockfile.js): that is done here for every case, against a loopback registry.

import Arborist from '@npmcli/arborist'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drift } from '../../src/lockfile/checks/drift.ts'
import { fileInput } from '../../src/lockfile/file-example.ts'
import { onDisk, readProject } from '../../src/project/read.ts'
import { readTree, type Tree } from '../../src/project/tree.ts'
import { unitsOf } from '../../src/project/units.ts'
import { type RegistryServer, startRegistryServer } from '../support/registry-server.ts'
import { fixture, manifestsOf, projectWith } from './fixtures.ts'

type Files = Record<string, Record<string, unknown>>
type Packages = Record<string, Record<string, unknown>>

let registry: RegistryServer

beforeAll(async () => {
  const published = '2020-01-01T00:00:00Z'
  const plain = (...versions: string[]) => ({
    versions: Object.fromEntries(versions.map((version) => [version, { published }])),
  })
  const asking = (version: string, manifest: Record<string, unknown>) => ({
    versions: { [version]: { published, manifest } },
  })
  registry = await startRegistryServer({
    left: plain('1.0.0', '1.2.3', '2.0.0', '3.0.0'),
    right: asking('1.0.0', { dependencies: { left: '^1.0.0' } }),
    '@acme/core': asking('1.4.0', { dependencies: { right: '^1.0.0' } }),
    builder: asking('3.1.0', { dependencies: { left: '^2.0.0' } }),
    plugin: asking('0.5.0', { peerDependencies: { left: '^2.0.0' } }),
    'fast-on-one': asking('1.0.0', { os: ['darwin'] }),
    carrier: asking('1.0.0', { dependencies: { inner: '1.0.0' }, bundleDependencies: ['inner'] }),
    inner: plain('1.0.0'),
    peer: plain('1.0.0'),
  })
})
afterAll(() => registry.close())

const root = (files: Files) =>
  files['package.json']! as { dependencies: Record<string, string> } & Record<string, unknown>

interface Case {
  readonly what: string
  readonly from: 'app' | 'workspaces' | 'overrides'
  readonly lock?: string
  readonly change?: (files: Files, packages: Packages) => void
  readonly refused: boolean
}

const cases: readonly Case[] = [
  { what: 'version 1 as npm wrote it', from: 'app', lock: 'app-v1', refused: false },
  { what: 'version 2 as npm wrote it', from: 'app', lock: 'app-v2', refused: false },
  { what: 'version 3 as npm wrote it', from: 'app', lock: 'app-v3', refused: false },
  { what: 'no resolved anywhere', from: 'app', lock: 'app-without-resolved', refused: false },
  { what: 'workspaces as npm wrote them', from: 'workspaces', refused: false },
  { what: 'overrides as npm wrote them', from: 'overrides', refused: false },
  {
    what: 'a range that the locked version does not satisfy',
    from: 'app',
    change: (files) => Object.assign(root(files).dependencies, { left: '^3.0.0' }),
    refused: true,
  },
  {
    what: 'a wider range that it still satisfies',
    from: 'app',
    change: (files) => Object.assign(root(files).dependencies, { left: '>=1' }),
    refused: false,
  },
  {
    what: 'a dependency that is not locked',
    from: 'app',
    change: (files) => Object.assign(root(files).dependencies, { peer: '^1.0.0' }),
    refused: true,
  },
  {
    what: 'an alias that now means another major',
    from: 'app',
    change: (files) => Object.assign(root(files).dependencies, { old: 'npm:left@^3.0.0' }),
    refused: true,
  },
  {
    what: 'a dependency taken out of the manifest only',
    from: 'app',
    change: (files) => Reflect.deleteProperty(root(files).dependencies, '@acme/core'),
    refused: false,
  },
  {
    what: 'a transitive package cut out of the lock',
    from: 'app',
    change: (_, packages) => {
      delete packages['node_modules/right']
      delete packages['node_modules/right/node_modules/left']
    },
    refused: true,
  },
  {
    what: 'a transitive package locked in a version nobody asked for',
    from: 'app',
    change: (_, packages) => Object.assign(packages['node_modules/right/node_modules/left']!, { version: '3.0.0' }),
    refused: true,
  },
  {
    what: 'an optional peer that is not there',
    from: 'app',
    change: (_, packages) =>
      Object.assign(packages['node_modules/right']!, {
        peerDependencies: { peer: '^1.0.0' },
        peerDependenciesMeta: { peer: { optional: true } },
      }),
    refused: false,
  },
  {
    what: 'a peer that is not there',
    from: 'app',
    change: (_, packages) => Object.assign(packages['node_modules/right']!, { peerDependencies: { peer: '^1.0.0' } }),
    refused: true,
  },
  {
    what: 'a bundled package that is not listed',
    from: 'app',
    change: (_, packages) => Reflect.deleteProperty(packages, 'node_modules/carrier/node_modules/inner'),
    refused: false,
  },
  {
    what: 'a workspace that asks for more than is locked',
    from: 'workspaces',
    change: (files) => Object.assign(files['packages/one/package.json']!, { dependencies: { left: '^3.0.0' } }),
    refused: true,
  },
  {
    what: 'a workspace that the lock does not know',
    from: 'workspaces',
    change: (files) => Object.assign(files, { 'packages/new/package.json': { name: 'new', version: '1.0.0' } }),
    refused: true,
  },
  {
    what: 'an override that was taken back',
    from: 'overrides',
    change: (files) => Reflect.deleteProperty(root(files), 'overrides'),
    refused: true,
  },
  {
    what: 'an override that came later',
    from: 'app',
    change: (files) => Object.assign(root(files), { overrides: { right: { left: '1.0.0' } } }),
    refused: true,
  },
]

function build({ from, lock, change }: Case): string {
  const files = manifestsOf(from)
  const locked = JSON.parse(fixture(`${lock ?? (from === 'app' ? 'app-v3' : from)}.lock.json`))
  change?.(files, locked.packages)
  return projectWith({ ...files, 'package-lock.json': locked })
}

async function ours(folder: string): Promise<Tree> {
  const unit = unitsOf(await readProject(folder)).find(({ lockfile }) => lockfile)!
  return readTree(onDisk(folder), unit.lockfile!, unit.manifests)
}

/** npm's own comparison: is everything in the ideal tree locked, in that version? */
async function refusedByNpm(path: string): Promise<boolean> {
  const options = {
    path,
    registry: registry.url,
    save: false,
    ignoreScripts: true,
    audit: false,
    cache: `${path}/.cache`,
  }
  const locked = await new Arborist(options).loadVirtual()
  const before = new Map([...locked.inventory.entries()].map(([key, { version }]) => [key, version]))
  const ideal = await new Arborist(options).buildIdealTree()
  return [...ideal.inventory.entries()].some(([key, { version }]) => !before.has(key) || before.get(key) !== version)
}

describe('npm ci and we agree', () => {
  test.each(cases)('$what', async (given) => {
    const folder = build(given)
    const { problems } = await ours(folder)
    expect(await refusedByNpm(folder)).toBe(given.refused)
    expect(problems.filter(({ kind }) => kind !== 'extraneous').length > 0).toBe(given.refused)
    // The reader alone says yes or nothing.
    const { lockfiles } = await readProject(folder)
    expect(lockfiles[0]!.problems).toEqual(lockfiles[0]!.problems && problems)
  })
})

test('what nobody asks for is told apart from what is refused', async () => {
  const taken = cases.find(({ what }) => what === 'a dependency taken out of the manifest only')!
  const folder = build(taken)
  const { problems } = await ours(folder)
  const { lockfiles, manifests } = await readProject(folder)
  const findings = drift.run(fileInput({ manifests, lockfile: lockfiles[0]!, problems }))
  expect(findings.map(({ severity, message }) => [severity, message])).toEqual([
    ['low', 'package-lock.json locks what nobody asks for: @acme/core@1.4.0, right@1.0.0, left@1.2.3'],
  ])
})

test('a finding says what is asked for, by whom, and on which line', async () => {
  const folder = build(cases.find(({ what }) => what === 'a range that the locked version does not satisfy')!)
  const { problems } = await ours(folder)
  const { lockfiles, manifests } = await readProject(folder)
  const [finding] = drift.run(fileInput({ manifests, lockfile: lockfiles[0]!, problems }))
  expect(finding).toMatchObject({
    severity: 'high',
    subject: { kind: 'project', path: 'package-lock.json' },
    message: 'package-lock.json does not give what is asked for: left@^3.0.0 is locked as 2.0.0',
  })
  expect(finding!.evidence[0]).toMatchObject({ path: 'package.json', excerpt: '"left": "^3.0.0"' })
})

test('the tree knows who asked first, and leaves nothing behind in the project', async () => {
  const folder = build(cases[2]!)
  const before = await readProject(folder)
  const { paths, size } = await ours(folder)
  expect(paths.get('node_modules/right/node_modules/left')).toEqual(['@acme/core', 'right', 'left'])
  expect(size).toBe(10)
  expect(await readProject(folder)).toEqual(before)
})

test('neither globs nor links lead out of the temporary copy', async () => {
  const started = performance.now()
  const folder = projectWith({
    'package.json': { workspaces: ['../../../**', 'packages/*'] },
    'packages/a/package.json': { name: 'a', version: '1.0.0' },
    'package-lock.json': {
      lockfileVersion: 3,
      packages: {
        '': { workspaces: ['../../../**', 'packages/*'] },
        'node_modules/a': { resolved: 'packages/a', link: true },
        'packages/a': { version: '1.0.0' },
        'node_modules/out': { resolved: '../../../../etc', link: true },
        '../../../../etc': { version: '1.0.0' },
      },
    },
  })
  const { problems } = await ours(folder)
  expect(problems.map(({ kind, name }) => [kind, name])).toEqual([['extraneous', expect.any(String)]])
  expect(performance.now() - started).toBeLessThan(5_000)
})

test.each([
  ['a link to nothing', { 'node_modules/a': { resolved: 'gone', link: true } }],
  ['an override that refers to nothing', {}],
])('where Arborist gives up, so do we, aloud: %s', async (what, packages) => {
  const overrides = what.startsWith('an override') ? { overrides: { a: '$nothing' }, dependencies: { a: '1' } } : {}
  const folder = projectWith({
    'package.json': overrides,
    'package-lock.json': { lockfileVersion: 3, packages: { '': {}, ...packages } },
  })
  await expect(ours(folder)).rejects.toThrow()
})
