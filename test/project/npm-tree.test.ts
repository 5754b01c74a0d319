// Our own yes is Arborist's yes: what the reader calls plain, Arborist finds nothing wrong with, on the same ways; and
// what npm wrote is plain, so that Arborist is asked for trees that are in doubt only.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onDisk, readProject } from '../../src/project/read.ts'
import { readTree, type Tree } from '../../src/project/tree.ts'
import type { Lockfile } from '../../src/types.ts'
import { fixture, manifestsOf, projectWith } from '../lockfile/fixtures.ts'

type Json = Record<string, unknown>

async function both(files: Record<string, unknown>): Promise<{ ours: Lockfile; npm: Tree | undefined }> {
  const root = projectWith(files)
  const { lockfiles, manifests } = await readProject(root)
  const npm = await readTree(onDisk(root), lockfiles[0]!, manifests).catch(() => undefined)
  return { ours: lockfiles[0]!, npm }
}

const names = ['a', 'b', 'c', '@s/d'] as const
const name = fc.constantFrom(...names)
/** Mostly what fits: of trees at random hardly any would. */
const version = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('1.0.0', '1.2.0') },
  { weight: 1, arbitrary: fc.constantFrom('2.0.0', '2.0.0-rc.1') },
)
const range = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom('^1.0.0', '*', '>=1', '1 || 2', '', 'latest', 'npm:a@^1.0.0', 'npm:b') },
  { weight: 1, arbitrary: fc.constantFrom('^2.0.0', '~1.2.0', 'file:w', 'file:packages/w', 'a/b', '1.0.0') },
)
const asks = fc.dictionary(name, range, { maxKeys: 2, noNullPrototype: true })
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, value)

const entry = fc
  .record(
    {
      version,
      dependencies: asks,
      optionalDependencies: sometimes(asks),
      peerDependencies: sometimes(asks),
      peerDependenciesMeta: sometimes(fc.constant({ a: { optional: true } })),
      bundleDependencies: sometimes(fc.constantFrom(['a'], ['b'])),
      inBundle: sometimes(fc.boolean()),
      name: sometimes(name),
      hasShrinkwrap: sometimes(sometimes(fc.constant(true))),
    },
    { requiredKeys: ['version'] },
  )
  .map((one) => ({ resolved: 'https://registry.example/x.tgz', ...clean(one) }))

const clean = (given: Json): Json => Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined))

const manifest = fc
  .record({
    dependencies: asks,
    devDependencies: sometimes(asks),
    optionalDependencies: sometimes(asks),
    peerDependencies: sometimes(asks),
    overrides: sometimes(
      fc.oneof(
        fc.dictionary(name, fc.constantFrom('1.0.0', '^2.0.0', '1.2.0'), { maxKeys: 1, noNullPrototype: true }),
        fc.constantFrom({ 'a@1': '2.0.0' }, { a: { b: '1.0.0' } }, { a: '$b' }),
      ),
    ),
  })
  .map(clean)

const lock = fc.record({
  root: manifest,
  workspace: sometimes(manifest),
  linked: fc.boolean(),
  top: fc.record({ a: entry, b: entry, c: entry, '@s/d': sometimes(entry) }).map(clean),
  nested: fc.array(fc.tuple(name, name, entry), { maxLength: 3 }),
  inWorkspace: sometimes(fc.tuple(name, entry)),
  prune: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
})

/** What nobody asks for is taken out again, most of the time, for otherwise hardly any tree would fit. */
function filesOf({
  root,
  workspace,
  linked,
  top,
  nested,
  inWorkspace,
}: typeof lock extends fc.Arbitrary<infer T> ? T : never) {
  const packages: Record<string, Json> = {}
  for (const [one, given] of Object.entries(top as Record<string, Json>)) packages[`node_modules/${one}`] = given
  for (const [outer, inner, given] of nested)
    if (packages[`node_modules/${outer}`]) packages[`node_modules/${outer}/node_modules/${inner}`] = given
  if (inWorkspace && workspace) packages[`packages/w/node_modules/${inWorkspace[0]}`] = inWorkspace[1]
  const rootManifest = { name: 'app', version: '1.0.0', ...(workspace && { workspaces: ['packages/*'] }), ...root }
  if (workspace && linked) {
    packages['node_modules/w'] = { resolved: 'packages/w', link: true }
    packages['packages/w'] = { version: '1.0.0', ...workspace }
  }
  return {
    'package.json': rootManifest,
    ...(workspace && { 'packages/w/package.json': { name: 'w', version: '1.0.0', ...workspace } }),
    'package-lock.json': { name: 'app', lockfileVersion: 3, packages: { '': rootManifest, ...packages } },
  }
}

/** The lock without what is asked for by nobody, as far as a first look tells: makes many of the trees plain. */
function pruned(files: ReturnType<typeof filesOf>): ReturnType<typeof filesOf> {
  const { packages } = files['package-lock.json']
  const kept = new Set<string>([''])
  const queue: string[] = [
    '',
    ...Object.keys(packages).filter((key) => key.startsWith('packages/w') && !key.includes('node_modules')),
  ]
  for (const from of queue) {
    kept.add(from)
    const given: Json = from === '' ? files['package.json'] : ((packages as Record<string, Json>)[from] ?? {})
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])
      for (const asked of Object.keys((given[field] as Json | undefined) ?? {}))
        for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
          const key = `${folder === '' ? '' : `${folder}/`}node_modules/${asked}`
          if (Object.hasOwn(packages, key)) {
            if (!queue.includes(key)) queue.push(key)
            break
          }
          if (folder === '') break
        }
  }
  const left = Object.entries(packages).filter(([key]) => kept.has(key) || key === 'node_modules/w')
  return {
    ...files,
    'package-lock.json': { ...files['package-lock.json'], packages: Object.fromEntries(left) as typeof packages },
  }
}

test('generated trees', async () => {
  let plain = 0
  let doubted = 0
  await fc.assert(
    fc.asyncProperty(lock, async (given) => {
      const files = given.prune ? pruned(filesOf(given)) : filesOf(given)
      const { ours, npm } = await both(files)
      if (ours.problems === undefined) {
        doubted++
        return
      }
      plain++
      expect(npm?.problems).toEqual([])
      for (const { key, path } of ours.packages) expect(path?.length).toBe(npm!.paths.get(key)?.length)
    }),
    { numRuns: Number(process.env.TREES ?? 150) },
  )
  // Of both kinds enough: a reader that doubts everything would pass, and be of no use.
  expect(plain).toBeGreaterThan(10)
  expect(doubted).toBeGreaterThan(10)
  if (process.env.TREES) console.log({ plain, doubted })
}, 600_000)

describe('what npm wrote is plain', () => {
  test.each(['app-v2', 'app-v3', 'app-without-resolved', 'workspaces', 'overrides'])('%s', async (lockName) => {
    const project = lockName.startsWith('app') ? 'app' : lockName
    const { ours, npm } = await both({
      ...manifestsOf(project),
      'package-lock.json': fixture(`${lockName}.lock.json`),
    })
    expect(npm!.problems).toEqual([])
    // Nested overrides, and folders that are no workspaces, are left to Arborist.
    expect(ours.problems).toEqual(lockName.startsWith('app') ? [] : undefined)
    expect(ours.contradictions).toBeUndefined()
  })

  test("this repository's own, with an override", async () => {
    const own = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const { ours, npm } = await both({
      'package.json': own('package.json'),
      'package-lock.json': own('package-lock.json'),
    })
    expect(ours.problems).toEqual([])
    expect(npm!.problems).toEqual([])
    for (const { key, path } of ours.packages) expect(path?.length).toBe(npm!.paths.get(key)?.length)
  })
})

describe('an entry that calls itself another package', () => {
  const entryOf = (given: Json) => ({
    version: '1.0.0',
    resolved: 'https://registry.example/evil/-/evil-1.0.0.tgz',
    ...given,
  })
  const holding = async (root: Json, packages: Record<string, Json>): Promise<Lockfile> =>
    (
      await both({
        'package.json': root,
        'package-lock.json': { lockfileVersion: 3, packages: { '': root, ...packages } },
      })
    ).ours

  test('is told, for npm installs it and calls the tree valid', async () => {
    const root = { dependencies: { left: '^1.0.0' } }
    const files = { 'node_modules/left': entryOf({ name: 'evil' }) }
    const { ours, npm } = await both({
      'package.json': root,
      'package-lock.json': { lockfileVersion: 3, packages: { '': root, ...files } },
    })
    expect(npm!.problems).toEqual([])
    expect(ours.contradictions).toMatchObject([{ kind: 'name', key: 'node_modules/left', says: 'evil', other: 'left' }])
  })

  test.each([
    ['an alias', { dependencies: { left: 'npm:evil@^1.0.0' } }],
    ['an address', { dependencies: { left: 'https://registry.example/evil/-/evil-1.0.0.tgz' } }],
    ['an override', { dependencies: { right: '^1.0.0' }, overrides: { left: 'npm:evil@1.0.0' } }],
  ])('is meant where somebody asks for it so: %s', async (_, root) => {
    const right = { version: '1.0.0', dependencies: { left: '^1.0.0' } }
    const ours = await holding(root, { 'node_modules/left': entryOf({ name: 'evil' }), 'node_modules/right': right })
    expect(ours.contradictions).toBeUndefined()
  })
})

describe('package-lock version 2 tells npm 6 the same as npm 7', () => {
  const text = fixture('app-v2.lock.json')
  const read = async (changed: string) =>
    (await both({ ...manifestsOf('app'), 'package-lock.json': changed })).ours.contradictions
  const inOldSection = (change: (section: Record<string, Json>) => void): string => {
    const json = JSON.parse(text)
    change(json.dependencies)
    return JSON.stringify(json, null, 2)
  }

  test.each([
    [
      'another version',
      (old: Record<string, Json>) => Object.assign(old.left!, { version: '1.0.0' }),
      [{ key: 'node_modules/left', field: 'version', says: '2.0.0', other: '1.0.0' }],
    ],
    [
      'another address',
      (old: Record<string, Json>) => Object.assign(old.left!, { resolved: 'https://evil.example/left.tgz' }),
      [{ key: 'node_modules/left', field: 'resolved', other: 'https://evil.example/left.tgz' }],
    ],
    [
      'another hash',
      (old: Record<string, Json>) => Object.assign(old.left!, { integrity: `sha512-${'A'.repeat(86)}==` }),
      [{ key: 'node_modules/left', field: 'integrity' }],
    ],
    [
      'another package',
      (old: Record<string, Json>) => Object.assign(old.left!, { version: 'npm:evil@2.0.0' }),
      [{ key: 'node_modules/left', field: 'name', says: 'left', other: 'evil' }],
    ],
    [
      'one package more',
      (old: Record<string, Json>) => Object.assign(old, { evil: { version: '1.0.0' } }),
      [{ key: 'node_modules/evil', field: 'entry', other: 'evil' }],
    ],
  ])('%s', async (_, change, expected) => {
    expect(await read(inOldSection(change))).toMatchObject(expected)
  })

  test('as npm wrote it, nothing', async () => {
    expect(await read(text)).toBeUndefined()
    const { ours } = await both({ ...manifestsOf('mono'), 'package-lock.json': fixture('mono-npm-2.lock') })
    expect(ours.contradictions).toBeUndefined()
  })
})
