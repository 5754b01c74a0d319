// Arborist meets hostile lockfiles: it gives a tree or an error, in bounded time, and nothing outlives the call.

import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onDisk, readProject } from '../../src/project/read.ts'
import { readTree } from '../../src/project/tree.ts'
import { projectWith } from '../lockfile/fixtures.ts'
import { removeFolder } from '../support/repository.ts'

// A temporary folder of its own, so that no other test's copies are counted.
const { TMPDIR } = process.env
const own = mkdtempSync(join(tmpdir(), 'audit-deps-test-'))
beforeAll(() => {
  process.env.TMPDIR = own
})
afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  removeFolder(own)
})
const copies = () => readdirSync(own).filter((name) => name.startsWith('audit-deps-tree-'))

async function treeOf(files: Record<string, unknown>): Promise<'tree' | 'error' | 'unread'> {
  const root = projectWith(files)
  const { lockfiles, manifests } = await readProject(root)
  if (!lockfiles[0]) return 'unread'
  const answer = await readTree(onDisk(root), lockfiles[0], manifests).then(
    () => 'tree' as const,
    () => 'error' as const,
  )
  expect(copies()).toEqual([])
  return answer
}

test('hostile entries', async () => {
  const key = fc.constantFrom(
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/b',
    'a',
    '..',
    '/',
    '.',
    'node_modules/__proto__',
    'node_modules',
    '../../x',
  )
  const range = fc.constantFrom(
    '*',
    '^1.0.0',
    'npm:a@1',
    'file:..',
    'file:a',
    'github:a/b',
    'https://a.example/a.tgz',
    '',
    '$a',
  )
  const asks = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '..'), range, { maxKeys: 3 })
  const entry = fc.record(
    {
      version: fc.constantFrom('1.0.0', 'not a version', ''),
      resolved: fc.constantFrom('a', '..', '/', 'file:../a', 'https://a.example/a.tgz'),
      link: fc.boolean(),
      inBundle: fc.boolean(),
      dependencies: asks,
      peerDependencies: asks,
      bundleDependencies: fc.constantFrom(true, ['a'], ['..']),
    },
    { requiredKeys: [] },
  )
  const packages = fc.dictionary(key, entry, { maxKeys: 6 })
  const manifest = fc.record(
    { dependencies: asks, overrides: asks, workspaces: fc.constant(['**', '../**']) },
    { requiredKeys: [] },
  )
  const answers = new Set<string>()
  await fc.assert(
    fc.asyncProperty(packages, manifest, async (entries, root) => {
      answers.add(
        await treeOf({
          'package.json': root,
          'package-lock.json': { lockfileVersion: 3, packages: { '': root, ...entries } },
        }),
      )
    }),
    // One of each kind for certain: thirty at random may all be refused.
    {
      numRuns: 30,
      examples: [
        [{}, {}],
        [{ '..': { link: true, resolved: '/' } }, { dependencies: { a: 'file:..' } }],
      ],
    },
  )
  expect(answers).toContain('tree')
  expect(answers).toContain('error')
}, 20_000)

test('a chain of a thousand and a ring', async () => {
  const size = 1_000
  const packages = Object.fromEntries(
    Array.from({ length: size }, (_, index) => [
      `node_modules/p${index}`,
      { version: '1.0.0', dependencies: { [`p${(index + 1) % size}`]: '1.0.0' } },
    ]),
  )
  const root = { dependencies: { p0: '1.0.0' } }
  expect(
    await treeOf({
      'package.json': root,
      'package-lock.json': { lockfileVersion: 3, packages: { '': root, ...packages } },
    }),
  ).toBe('tree')
})

test.each(['d', 'shared', 'audit-deps'])(
  'a folder beside the project, called %s, answers as npm says',
  async (name) => {
    const asks = { name: 'app', dependencies: { [name]: `file:../${name}` } }
    const root = projectWith({
      'app/package.json': asks,
      'app/package-lock.json': {
        lockfileVersion: 3,
        packages: {
          '': asks,
          [`../${name}`]: { version: '1.0.0' },
          [`node_modules/${name}`]: { resolved: `../${name}`, link: true },
        },
      },
    })
    const { lockfiles, manifests } = await readProject(join(root, 'app'))
    expect((await readTree(onDisk(join(root, 'app')), lockfiles[0]!, manifests)).problems).toEqual([])
  },
)
