// npm-shrinkwrap.json, as npm itself writes it: read like any lockfile of npm, and the only one that npm reads where a
// package-lock.json lies beside it.

import { describe, expect, test } from 'vitest'
import { audit } from '../../src/audit.ts'
import { readProject } from '../../src/project/read.ts'
import { fixture, manifestsOf, projectWith } from './fixtures.ts'

const shrunk = (version: number, given: Readonly<Record<string, unknown>> = {}) => ({
  ...manifestsOf('shrunk'),
  'npm-shrinkwrap.json': fixture(`shrunk-${version}.shrinkwrap.json`),
  ...given,
})
const packageLock = { 'package-lock.json': fixture('shrunk-3.lock.json') }

const pins = async (files: Readonly<Record<string, unknown>>) => {
  const { lockfiles, shadowed, unread } = await readProject(projectWith(files))
  const locked = lockfiles.map(({ path, format, version, packages }) => [
    `${path}: ${format} ${version}`,
    ...packages.map((one) => `${one.key.replaceAll('node_modules/', '')} ${one.version}${one.direct ? ' direct' : ''}`),
  ])
  return { locked, shadowed, unread }
}

const told = async (files: Readonly<Record<string, unknown>>) => {
  const registry = 'https://registry.example/'
  const report = await audit({ path: projectWith(files), only: ['lockfile'], offline: true, cache: false, registry })
  return report.findings.map(({ code, severity, message }) => `${code} ${severity}: ${message}`)
}

describe.each([1, 2, 3])('lockfileVersion %i', (version) => {
  test("every package of it, those that a dependency's own shrinkwrap pins among them", async () => {
    expect((await pins(shrunk(version))).locked).toEqual([
      [
        `npm-shrinkwrap.json: npm-shrinkwrap ${version}`,
        `left ${version === 3 ? '2.0.0' : '2.1.0'} direct`,
        'right 1.1.0',
        'shipped 1.0.0 direct',
        'shipped/right 1.0.0',
      ],
    ])
  })

  test('as npm wrote it nothing is wrong with it', async () => expect(await told(shrunk(version))).toEqual([]))
})

describe('with a package-lock.json beside it', () => {
  test('the shrinkwrap alone is read, as npm does', async () => {
    const { locked, shadowed, unread } = await pins(shrunk(3, packageLock))
    expect(locked.map(([first, left]) => [first, left])).toEqual([
      ['npm-shrinkwrap.json: npm-shrinkwrap 3', 'left 2.0.0 direct'],
    ])
    expect([shadowed, unread]).toEqual([['package-lock.json'], []])
  })

  test('whatever stands in the other file, it is told once that nobody installs it', async () => {
    const evil = packageLock['package-lock.json'].replace('https://registry.example/left', 'https://evil.example/left')
    for (const other of [packageLock['package-lock.json'], evil, '{'])
      expect(await told(shrunk(3, { 'package-lock.json': other }))).toEqual([
        'lockfile/multiple low: npm installs what npm-shrinkwrap.json says and never reads package-lock.json beside it: nothing in that file was judged',
      ])
  })

  test('what the shrinkwrap pins is judged', async () => {
    const evil = fixture('shrunk-3.shrinkwrap.json').replace(
      'https://registry.example/left',
      'http://evil.example/left',
    )
    const codes = (await told(shrunk(3, { ...packageLock, 'npm-shrinkwrap.json': evil }))).map(
      (one) => one.split(' ')[0],
    )
    expect(codes).toEqual(expect.arrayContaining(['lockfile/insecure-url', 'lockfile/multiple']))
  })

  test('in another folder each is its own', async () => {
    const { locked, shadowed } = await pins(
      shrunk(3, { 'b/package.json': { name: 'b' }, 'b/package-lock.json': packageLock['package-lock.json'] }),
    )
    expect(locked.map(([first]) => first)).toEqual([
      'npm-shrinkwrap.json: npm-shrinkwrap 3',
      'b/package-lock.json: package-lock 3',
    ])
    expect(shadowed).toBeUndefined()
  })
})
