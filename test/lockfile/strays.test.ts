// A manifest below a lockfile that answers for others: whoever installs there gets what nobody pinned.

import { describe, expect, test } from 'vitest'
import { lockfileScanner } from '../../src/lockfile/scan.ts'
import { readProject } from '../../src/project/read.ts'
import { context, facts, fakeRegistry } from '../support/context.ts'
import { projectWith } from './fixtures.ts'

const manifest = (name: string, dependencies: object, given: object = {}) => ({
  name,
  private: true,
  dependencies,
  ...given,
})
const entry = (name: string, version: string) => ({
  version,
  resolved: `https://registry.example/${name}/-/${name}-${version}.tgz`,
  integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
})
const root = manifest('root', { linked: 'file:./linked' }, { workspaces: ['packages/*'] })
const files = {
  'package.json': root,
  'packages/a/package.json': manifest('a', { left: '^1.0.0' }),
  'linked/package.json': manifest('linked', { left: '^1.0.0' }),
  'package-lock.json': {
    name: 'root',
    lockfileVersion: 3,
    packages: {
      '': root,
      'packages/a': { name: 'a', version: '1.0.0', dependencies: { left: '^1.0.0' } },
      'node_modules/a': { resolved: 'packages/a', link: true },
      linked: { name: 'linked', version: '1.0.0', dependencies: { left: '^1.0.0' } },
      'node_modules/linked': { resolved: 'linked', link: true },
      'node_modules/left': entry('left', '1.1.0'),
    },
  },
}
const site = { 'site/package.json': manifest('site', { left: '^2.0.0' }) }

describe('who is answered for', () => {
  test.each<[string, Record<string, unknown>, string[] | undefined]>([
    ['workspaces, and what is linked', {}, undefined],
    ['no workspace', site, ['site/package.json']],
    ['with a lockfile of its own', { ...site, 'site/yarn.lock': '# yarn lockfile v1\n\n' }, undefined],
    [
      'a workspace of a project below, which has a lockfile',
      {
        'x/package.json': { workspaces: ['*'] },
        'x/package-lock.json': { lockfileVersion: 3, packages: {} },
        'x/y/package.json': {},
      },
      undefined,
    ],
    ['pnpm’s, by its own file', { ...site, 'pnpm-workspace.yaml': 'packages:\n  - site\n' }, undefined],
  ])('%s', async (_name, more, strays) =>
    expect((await readProject(projectWith({ ...files, ...more }))).strays).toEqual(strays),
  )

  test('without any lockfile there is nothing to stray from', async () => {
    const { 'package-lock.json': _, ...rest } = files
    expect((await readProject(projectWith({ ...rest, ...site }))).strays).toBeUndefined()
  })
})

test('its packages are vetted in the version that it would get, and that nothing pins them is told', async () => {
  const folder = projectWith({ ...files, ...site })
  const versions = { '1.1.0': { published: '2020-01-01T00:00:00Z' }, '2.0.0': { published: '2026-06-01T00:00:00Z' } }
  const left = facts('left', { versions, distTags: { latest: '2.0.0' } })
  const project = await readProject(folder)
  const { findings } = await lockfileScanner.scan(context(folder, { project, registry: fakeRegistry({ left }) }))
  expect(findings.map(({ code, severity, subject }) => [code, severity, subject])).toEqual([
    ['lockfile/missing', 'low', { kind: 'project', path: 'site/package.json' }],
    ['package/new-version', expect.any(String), { kind: 'package', name: 'left', version: '2.0.0' }],
  ])
})
