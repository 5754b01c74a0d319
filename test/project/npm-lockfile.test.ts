import { describe, expect, test } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { parseNpmLockfile } from '../../src/project/lockfiles/npm.ts'
import { readLockfile } from '../../src/project/read.ts'
import type { LockedPackage } from '../../src/types.ts'
import { fixture, projectWith } from '../lockfile/fixtures.ts'

const declared = new Set(['@acme/core', 'carrier', 'left', 'old', 'builder', 'plugin', 'fast-on-one'])
const read = (text: string) => parseNpmLockfile(text, 'package-lock.json', declared)
const brief = ({ name, version, key, kind }: LockedPackage) => `${key} = ${name}@${version} ${kind}`
const find = (packages: readonly LockedPackage[], key: string) => packages.find((entry) => entry.key === key)!

describe.each([1, 2, 3])('package-lock version %i, written by npm', (version) => {
  const text = fixture(`app-v${version}.lock.json`)
  const { packages, ...lockfile } = read(text)

  test('gives every package once', () => {
    // Version 1 does not say what packages bring.
    const brings = version === 1 ? {} : { brings: { commands: new Set(), peers: new Set(['left']) } }
    expect(lockfile).toEqual({ path: 'package-lock.json', format: 'package-lock', version, ...brings })
    expect(packages.map(brief).sort()).toEqual([
      'node_modules/@acme/core = @acme/core@1.4.0 registry',
      'node_modules/builder = builder@3.1.0 registry',
      'node_modules/carrier = carrier@1.0.0 registry',
      'node_modules/carrier/node_modules/inner = inner@1.0.0 registry',
      'node_modules/fast-on-one = fast-on-one@1.0.0 registry',
      'node_modules/left = left@2.0.0 registry',
      'node_modules/old = left@1.2.3 registry',
      'node_modules/plugin = plugin@0.5.0 registry',
      'node_modules/right = right@1.0.0 registry',
      'node_modules/right/node_modules/left = left@1.2.3 registry',
    ])
  })

  test('knows alias, bundle, dev, optional and who is direct', () => {
    expect(find(packages, 'node_modules/old')).toMatchObject({ name: 'left', alias: 'old', direct: true })
    expect(find(packages, 'node_modules/carrier/node_modules/inner')).toMatchObject({ bundled: true, direct: false })
    expect(find(packages, 'node_modules/builder')).toMatchObject({ dev: true, installScript: version > 1 })
    expect(find(packages, 'node_modules/fast-on-one')).toMatchObject({ optional: true, dev: false })
    expect(packages.filter(({ direct }) => direct).map(({ alias, name }) => alias ?? name)).toHaveLength(declared.size)
    expect(find(packages, 'node_modules/right')).toMatchObject({ direct: false, bundled: false, alias: undefined })
  })

  test('names the line of each entry', () => {
    const lines = text.split('\n')
    for (const { key, alias, name, line } of packages) {
      expect(lines[line - 1]).toContain(version === 1 ? `"${alias ?? name}": {` : `"${key}": {`)
    }
  })
})

test('workspaces and file dependencies are named once and asked of nobody', () => {
  const { packages } = parseNpmLockfile(fixture('workspaces.lock.json'), 'package-lock.json')
  expect(packages.map(brief)).toEqual([
    'beside = beside@0.1.0 local',
    'node_modules/left = left@2.0.0 registry',
    'node_modules/right = right@1.0.0 registry',
    'node_modules/right/node_modules/left = left@1.2.3 registry',
    'packages/one = one@1.0.0 workspace',
    'packages/two = two@1.0.0 workspace',
  ])
  expect(packages.filter(({ direct }) => direct).map(({ key }) => key)).toEqual([
    'node_modules/left',
    'node_modules/right',
  ])
})

describe('where a package comes from', () => {
  const kindIn = (entry: object, root: object = {}): LockedPackage => {
    const file = { lockfileVersion: 3, packages: { '': root, 'node_modules/a': { version: '1.0.0', ...entry } } }
    return read(JSON.stringify(file)).packages[0]!
  }
  const url = 'https://cdn.example/a.tgz'
  test.each([
    ['git over ssh', { resolved: 'git+ssh://git@git.example/a.git#0' }, {}, 'git'],
    ['a code host', { resolved: 'github:acme/a#0' }, {}, 'git'],
    ['a local tarball', { resolved: 'file:a.tgz' }, {}, 'local'],
    ['a URL that the root asks for', { resolved: url }, { dependencies: { a: url } }, 'tarball'],
    ['the same URL where only a range is asked for', { resolved: url }, { dependencies: { a: '^1.0.0' } }, 'registry'],
    ['no URL at all', {}, {}, 'registry'],
    ['a link without an entry of its own', { resolved: '../a', link: true }, {}, 'local'],
  ])('%s', (_, entry, root, kind) => {
    expect(kindIn(entry, root).kind).toBe(kind)
  })

  test('the bundle mark alone excuses nothing', () => {
    expect(kindIn({ inBundle: true }).bundled).toBe(false)
    const pretended = read(fixture('pretended-bundle.lock.json')).packages
    expect(find(pretended, 'node_modules/left').bundled).toBe(false)
  })

  test('version 1 keeps the source in its version', () => {
    const dependencies = {
      g: { version: 'git+ssh://git@git.example/g.git#0', from: 'g@git+ssh://git@git.example/g.git' },
      t: { version: url, integrity: 'x' },
      f: { version: 'file:f' },
      n: { version: 'npm:@acme/real@2.0.0', resolved: false },
    }
    const { packages } = read(JSON.stringify({ lockfileVersion: 1, dependencies }))
    expect(packages.map(brief)).toEqual([
      'node_modules/g = g@undefined git',
      'node_modules/t = t@undefined tarball',
      'node_modules/f = f@undefined local',
      'node_modules/n = @acme/real@2.0.0 registry',
    ])
    expect(packages[0]!.resolved).toBe('git+ssh://git@git.example/g.git#0')
  })
})

describe('files that cannot be read', () => {
  const cut = fixture('cut-off.lock.json')
  test.each([
    ['no JSON', '{\n  "a": 1,\n  b\n}', /package-lock\.json, line 3, is not JSON/],
    ['cut off', cut, new RegExp(`line ${cut.split('\n').length}, is not JSON`)],
    ['empty', '', /line 1, is not JSON/],
    ['a list', '[]', /holds no JSON object/],
    ['no version', '{}', /names no lockfileVersion/],
    [
      'a version nobody knows',
      fixture('from-the-future.lock.json'),
      /lockfileVersion that audit-deps does not know: 9/,
    ],
    ['a version of another type', '{"lockfileVersion":"3"}', /does not know: "3"/],
    ['packages that are a list', '{"lockfileVersion":3,"packages":[]}', /"packages" that is no object/],
    ['an entry that is null', '{"lockfileVersion":3,\n"packages":{\n"node_modules/a":null}}', /line 3, .*is no object/],
    [
      'a version that is a number',
      '{"lockfileVersion":3,"packages":{"node_modules/a":{"version":1}}}',
      /"version" that is no text/,
    ],
    ['nesting without end', nested(300), /nests packages deeper than 200 levels/],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(AuditError)
    expect(() => read(text)).toThrow(message)
  })

  test('the text itself is never quoted: it may hold a secret', () => {
    expect(() => read('{"token": hunter-two}')).toThrow(expect.not.stringContaining('hunter'))
  })
})

test('readLockfile reads from disk, with the manifest beside it, and refuses what it cannot', async () => {
  const root = projectWith({
    'package.json': '\ufeff{"dependencies":{"left":"^2.0.0"}}',
    'package-lock.json': `\ufeff${fixture('app-v1.lock.json').replaceAll('\n', '\r\n')}`,
    'bun.lockb': '',
    'broken/package-lock.json': fixture('unfinished-merge.lock.json'),
  })
  const { packages } = await readLockfile(`${root}/package-lock.json`)
  expect(packages.filter(({ direct }) => direct).map(({ name }) => name)).toEqual(['left'])
  await expect(readLockfile(`${root}/bun.lockb`)).rejects.toThrow(/not supported/)
  await expect(readLockfile(`${root}/broken/package-lock.json`)).rejects.toThrow(/unfinished merge \(line \d+\)/)
  await expect(readLockfile(`${root}/none.json`)).rejects.toMatchObject({ code: 'LOCKFILE_INVALID' })
})

test('5,000 packages take well under 300 ms of processor time, on many lines or on one', () => {
  const packages: Record<string, object> = { '': { dependencies: { p0: '1' } } }
  const integrity = `sha512-${Buffer.alloc(64, 5).toString('base64')}`
  for (let i = 0; i < 5000; i++)
    packages[`node_modules/p${i}`] = {
      version: '1.0.0',
      resolved: `https://registry.example/p${i}/-/p${i}-1.0.0.tgz`,
      integrity,
      dependencies: { [`p${(i * 7) % 5000}`]: '^1.0.0', [`p${(i * 11) % 5000}`]: '^1.0.0' },
    }
  for (const indent of [2, 0]) {
    const text = JSON.stringify({ lockfileVersion: 3, packages }, null, indent)
    // Processor time, and the best of three: other tests run beside this one.
    const times = [1, 2, 3].map(() => {
      const before = process.cpuUsage()
      expect(read(text).packages).toHaveLength(5000)
      return process.cpuUsage(before).user / 1000
    })
    expect(Math.min(...times)).toBeLessThan(900)
  }
})

function nested(levels: number): string {
  return `{"lockfileVersion":1${',"dependencies":{"a":{"version":"1.0.0"'.repeat(levels)}${'}}'.repeat(levels)}}`
}
