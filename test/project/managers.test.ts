// Advice names the commands of the manager that a project uses, from its lockfile or its manifest's word.

import { describe, expect, test } from 'vitest'
import { audit } from '../../src/audit.ts'
import { declaredAt } from '../../src/lockfile/source.ts'
import { collectNames } from '../../src/phantom/names.ts'
import { managersOf } from '../../src/project/managers.ts'
import { readProject } from '../../src/project/read.ts'
import { commandFor } from '../../src/report/next.ts'
import { projectWith } from '../lockfile/fixtures.ts'

const classic = '# yarn lockfile v1\n\n'
const berry = '__metadata:\n  version: 8\n\n'
const asks = (given: object = {}) => ({ name: 'app', private: true, dependencies: { left: '^1.0.0' }, ...given })

describe('whose a file is', () => {
  test.each<[string, Record<string, unknown>, string, string | undefined]>([
    ['nobody says', {}, 'package.json', undefined],
    ['npm', { 'package-lock.json': { lockfileVersion: 3, packages: {} } }, 'package.json', 'npm'],
    ['Yarn 1', { 'yarn.lock': classic }, 'package.json', 'yarn-classic'],
    ['Yarn 2 and later', { 'yarn.lock': berry }, 'package.json', 'yarn-berry'],
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, 'packages/a/src/index.ts', 'pnpm'],
    ['only named', { 'package.json': asks({ packageManager: 'pnpm@10.1.0' }) }, 'package.json', 'pnpm'],
    [
      'only named, Yarn 1',
      { 'package.json': asks({ packageManager: 'yarn@1.22.22+sha1.ab' }) },
      'a.ts',
      'yarn-classic',
    ],
    ['only named, Yarn 4', { 'package.json': asks({ packageManager: 'yarn@4.9.0' }) }, 'a.ts', 'yarn-berry'],
    [
      'named by devEngines',
      { 'package.json': asks({ devEngines: { packageManager: { name: 'yarn', version: '^4.0.0' } } }) },
      'a.ts',
      'yarn-berry',
    ],
    ['a Yarn of no version', { 'package.json': asks({ packageManager: 'yarn' }) }, 'a.ts', undefined],
    [
      'a lockfile that cannot be read',
      { 'package.json': asks({ packageManager: 'yarn@4.9.0' }), 'yarn.lock': '__metadata:\n  version: 99\n' },
      'a.ts',
      'yarn-berry',
    ],
    ['an odd name', { 'package.json': asks({ packageManager: '__proto__@1' }) }, 'package.json', undefined],
    [
      'the nearest one',
      { 'yarn.lock': classic, 'site/package.json': asks(), 'site/bun.lock': '{"lockfileVersion":1,"workspaces":{}}' },
      'site/src/a.ts',
      'bun',
    ],
    [
      'of two the one that is named',
      { 'package.json': asks({ packageManager: 'yarn@4.9.0' }), 'package-lock.json': {}, 'yarn.lock': berry },
      'a.ts',
      'yarn-berry',
    ],
  ])('%s', async (_name, files, path, manager) => {
    const project = await readProject(projectWith({ 'package.json': asks(), ...files }))
    expect(managersOf(project)(path)).toBe(manager)
  })
})

test.each<[string, string]>([
  [classic, 'yarn install --ignore-scripts'],
  [berry, 'yarn install --mode=update-lockfile'],
])('an audit of a Yarn project ends with the line that its Yarn knows', async (lock, line) => {
  const root = projectWith({ 'package.json': asks(), 'yarn.lock': lock })
  const { findings } = await audit({ path: root, only: ['lockfile'], offline: true })
  const drift = findings.find(({ code }) => code === 'lockfile/drift')!
  expect(commandFor(drift)).toBe(line)
})

test('an unfinished merge of Yarn 1 names a command that it has', async () => {
  const { unread } = await readProject(projectWith({ 'package.json': asks(), 'yarn.lock': `${classic}<<<<<<< HEAD\n` }))
  expect(unread[0]!.next).toBe('take one side, then run yarn install --ignore-scripts')
})

test('what only stands in overrides is not offered for removal', async () => {
  const project = await readProject(projectWith({ 'package.json': asks({ overrides: { gone: '1.0.0' } }) }))
  const [manifest] = project.manifests
  const line = manifest!.dependencies.find(({ name }) => name === 'gone')!
  const told = collectNames(project, { privateNames: [] }).asked.find(({ name }) => name === 'gone')!
  for (const place of [declaredAt(manifest!, line), told.places[0]!])
    expect(place.excerpt).toBe('overrides: "gone": "1.0.0"')
})
