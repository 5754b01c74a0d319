// The checks on every format: a lockfile as its manager wrote it is clean, and each lie is told in its own words.

import { describe, expect, test } from 'vitest'
import { lockfileScanner } from '../../src/lockfile/scan.ts'
import { readProject } from '../../src/project/read.ts'
import type { ScanResult } from '../../src/types.ts'
import { familyOf, filesOf, lockNameOf, lockOf, monoFormats, protocolFormats } from '../project/formats.ts'
import { context, fakeRegistry } from '../support/context.ts'
import { projectWith } from './fixtures.ts'

type Files = Record<string, Record<string, unknown>>
type Change = (lock: string, files: Files) => string

async function scan(
  project: 'mono' | 'protocols',
  format: string,
  change: Change = (lock) => lock,
): Promise<ScanResult> {
  const files = structuredClone(filesOf(project, format))
  const text = change(lockOf(project, format), files)
  return scanFiles({ ...files, [lockNameOf(format)]: text })
}

async function scanFiles(files: Record<string, unknown>): Promise<ScanResult> {
  const root = projectWith(files)
  return lockfileScanner.scan(
    context(root, { registry: fakeRegistry({}), config: { offline: true }, project: await readProject(root) }),
  )
}

/** What carrier brings along is no lie; it has a test of its own. */
const seen = ({ findings }: ScanResult, family = 'lockfile/'): string[] =>
  findings
    .filter(({ code }) => code.startsWith(family) && code !== 'lockfile/bundled')
    .map(
      ({ code, subject }) =>
        `${code.slice(9)} ${'name' in subject ? subject.name : 'path' in subject ? subject.path : ''}`,
    )
    .sort()

const driftOf = ({ findings }: ScanResult) => findings.filter(({ code }) => code === 'lockfile/drift')

const others = monoFormats.filter((format) => familyOf(format) !== 'npm')
const dependenciesOf = (files: Files): Record<string, string> =>
  files['package.json']!.dependencies as Record<string, string>

describe.each(monoFormats)('mono, %s', (format) => {
  test('as its manager wrote it: nothing, and everything covered', async () => {
    const result = await scan('mono', format)
    expect(seen(result)).toEqual([])
    expect(result.coverage.slice(0, 3)).toMatchObject([
      { source: 'manifest', state: 'complete', checked: 3 },
      { source: 'lockfile', state: 'complete', checked: 1 },
      { source: 'dependency-tree', state: 'complete', checked: expect.any(Number) },
    ])
  })

  test('what another package brings along, where the format says so', async () => {
    const { findings } = await scan('mono', format)
    const bundles = findings.filter(({ code }) => code === 'lockfile/bundled')
    expect(bundles.map(({ subject, message }) => [subject, message])).toEqual(
      /^(?:npm|bun)/.test(format)
        ? [[{ kind: 'package', name: 'carrier', version: '1.0.0' }, 'brings a package in its own tarball: inner@1.0.0']]
        : [],
    )
  })

  test('a range that changed since', async () => {
    const result = await scan('mono', format, (lock, files) => {
      dependenciesOf(files).left = '^3.0.0'
      return lock
    })
    expect(driftOf(result)).toMatchObject([{ severity: 'high', message: expect.stringContaining('left@^3.0.0') }])
    expect(JSON.stringify(driftOf(result)[0]!.evidence[0])).toContain('"package.json"')
  })

  test('a dependency that is not locked', async () => {
    const result = await scan('mono', format, (lock, files) => {
      dependenciesOf(files).extra = '^1.0.0'
      return lock
    })
    expect(
      driftOf(result)
        .map(({ message }) => message)
        .join(),
    ).toContain('extra@^1.0.0 is not locked')
  })
})

describe.each(others)('mono, %s: lies', (format) => {
  const family = familyOf(format)

  test('a dependency that nobody asks for any longer', async () => {
    const result = await scan('mono', format, (lock, files) => {
      delete dependenciesOf(files).carrier
      return lock
    })
    expect(driftOf(result)).toMatchObject([{ severity: 'low', message: expect.stringContaining('carrier') }])
  })

  test('an older version under the key of the range', async () => {
    const older: Record<string, Change> = {
      yarn: (lock) => lock.replace('left@^2.0.0:\n  version "2.0.0"', 'left@^2.0.0:\n  version "1.0.0"'),
      berry: (lock) => lock.replace('resolution: "left@npm:2.0.0"', 'resolution: "left@npm:1.0.0"'),
      pnpm: (lock) =>
        lock.replaceAll(/(left[@/])2\.0\.0(?=:)/g, '$11.0.0').replace(/(left: |version: )2\.0\.0/, '$11.0.0'),
      bun: (lock) => lock.replace('"left@2.0.0"', '"left@1.0.0"'),
    }
    const result = await scan('mono', format, older[family]!)
    expect(driftOf(result)[0]).toMatchObject({ severity: 'high', message: expect.stringContaining('1.0.0') })
  })

  test('another package under a name', async () => {
    const other: Record<string, Change> = {
      yarn: (lock) => lock.replace('right@^1.0.0:', 'right@^1.0.0:\n  name evil'),
      berry: (lock) => lock.replace('resolution: "right@npm:1.0.0"', 'resolution: "evil@npm:1.0.0"'),
      pnpm: (lock) =>
        lock
          .replaceAll(/right([@/])1\.0\.0(?=['"]?:)/g, 'evil$11.0.0')
          .replaceAll(
            /right: 1\.0\.0/g,
            `right: ${format === 'pnpm-9.0' ? 'evil@' : format.startsWith('pnpm-6') ? '/evil@' : '/evil/'}1.0.0`,
          )
          .replaceAll(
            /(right:\n\s+specifier: \^1\.0\.0\n\s+version: )1\.0\.0/g,
            `$1${format === 'pnpm-9.0' ? 'evil@' : '/evil@'}1.0.0`,
          ),
      bun: (lock) => lock.replace('"right@1.0.0"', '"evil@1.0.0"'),
    }
    const result = await scan('mono', format, other[family]!)
    expect(driftOf(result)[0]).toMatchObject({ severity: 'high', message: expect.stringContaining('right@^1.0.0') })
  })

  test('a hash that was taken out', async () => {
    const without: Record<string, Change> = {
      yarn: (lock) => lock.replace(/(hammer-1\.0\.0\.tgz)#[\da-f]+"\n {2}integrity .*/, '$1"'),
      berry: (lock) => lock.replace(/(resolution: "hammer@npm:1\.0\.0"\n) {2}checksum: .*\n/, '$1'),
      pnpm: (lock) =>
        lock.replace(/(hammer[@/]1\.0\.0:\n(?: {4}dev: true\n)? {4}resolution:\s*\{?)\s*integrity: [\w+/=-]+/, '$1'),
      bun: (lock) => lock.replace(/(hammer-1\.0\.0\.tgz", \{\}), "sha512-[^"]+"/, '$1'),
    }
    expect(seen(await scan('mono', format, without[family]!))).toEqual(['integrity-missing hammer'])
  })

  test('another host', async () => {
    const elsewhere: Record<string, Change> = {
      yarn: (lock) => lock.replace('registry.example/hammer', 'evil.example/hammer'),
      berry: (lock) =>
        lock.replace(
          'resolution: "hammer@npm:1.0.0"',
          `resolution: "hammer@npm:1.0.0::__archiveUrl=${encodeURIComponent('https://evil.example/hammer.tgz')}"`,
        ),
      pnpm: (lock) =>
        lock
          .replace(/(hammer[@/]1\.0\.0:\n\s+resolution: \{)/, '$1tarball: https://evil.example/hammer.tgz, ')
          .replace(
            /(hammer\/1\.0\.0:\n\s+dev: true\n\s+resolution:\n)/,
            '$1      tarball: https://evil.example/hammer.tgz\n',
          ),
      bun: (lock) => lock.replace('registry.example/hammer', 'evil.example/hammer'),
    }
    expect(seen(await scan('mono', format, elsewhere[family]!))).toEqual(['foreign-host hammer'])
  })

  test('an entry that was cut out, and one that nobody asks for', async () => {
    const cut: Record<string, Change> = {
      yarn: (lock) => lock.replace(/\nhammer@[^\n]+\n(?: .*\n)+/, ''),
      berry: (lock) => lock.replace(/\n"hammer@[^\n]+\n(?: .*\n)+/, ''),
      pnpm: (lock) => lock.replaceAll(/\n {2}\/?hammer[@/]1\.0\.0:[^\n]*\n(?: {4}.*\n)*/g, '\n'),
      bun: (lock) => lock.replace(/\n {4}"hammer": .*/, ''),
    }
    const stray: Record<string, Change> = {
      yarn: (lock) => lock.replace(/^hammer@.*:/m, 'stray@^1.0.0, hammer@^1.0.0:'),
      berry: (lock) => lock.replace('"hammer@npm:^1.0.0":', '"hammer@npm:^1.0.0, stray@npm:hammer@^1.0.0":'),
      pnpm: (lock) =>
        lock.replace(
          /^packages:\n/m,
          `packages:\n\n  ${format === 'pnpm-9.0' ? '' : '/'}stray${Number(format.slice(5)) < 6 ? '/' : '@'}1.0.0:\n    resolution: {integrity: ${hash}}\n`,
        ),
      bun: (lock) => lock.replace('"packages": {', `"packages": {\n    "stray": ["stray@1.0.0", "", {}, "${hash}"],`),
    }
    expect(driftOf(await scan('mono', format, cut[family]!))[0]).toMatchObject({
      severity: 'high',
      message: expect.stringMatching(/hammer@\S+ is not locked/),
    })
    expect(driftOf(await scan('mono', format, stray[family]!))).toMatchObject([
      { severity: 'low', message: expect.stringContaining('stray@1.0.0') },
    ])
  })
})

test.each(others.filter((format) => familyOf(format) !== 'berry'))(
  '%s: a hash cut short, and a weak one',
  async (format) => {
    const one = /sha512-l\+W5su6hnG48[\w+/=]+/g
    expect(seen(await scan('mono', format, (lock) => lock.replace(one, 'sha512-AAAA')))).toEqual([
      'integrity-malformed hammer',
    ])
    const sha1 = `sha1-${Buffer.alloc(20, 1).toString('base64')}`
    expect(seen(await scan('mono', format, (lock) => lock.replace(one, sha1)))).toEqual(['integrity-weak hammer'])
  },
)

test.each(others.filter((format) => /^(?:yarn|bun)/.test(format)))(
  '%s: credentials, and an unencrypted connection',
  async (format) => {
    const user = ['https://user', 'swordfish@registry.example/hammer'].join(':')
    const result = await scan('mono', format, (lock) => lock.replace('https://registry.example/hammer', user))
    expect(seen(result)).toEqual(['credentials-in-url hammer'])
    expect(JSON.stringify(result)).not.toContain('swordfish')
    const open = await scan('mono', format, (lock) =>
      lock.replace('https://registry.example/hammer', 'http://registry.example/hammer'),
    )
    expect(seen(open)).toEqual(['insecure-url hammer'])
  },
)

const hash = `sha512-${Buffer.alloc(64, 3).toString('base64')}`

describe.each(protocolFormats)('protocols, %s', (format) => {
  test('are named for what they are, and nothing is missed that a format rightly has not', async () => {
    const unbound = ['pnpm-5.3', 'pnpm-5.4', 'pnpm-6.0', 'pnpm-9.0', 'bun-1'].includes(format)
    const result = await scan('protocols', format)
    expect(seen(result)).toEqual(
      [
        'git-source from-git',
        // In these projects `resolve` stands for `quick`.
        ...(['berry-4', 'berry-5', 'berry-6', 'berry-8'].includes(format) ? ['alias-shadow quick'] : []),
        ...(unbound ? [/pnpm|bun/.test(format) ? 'integrity-missing left' : ''] : []),
        ...(format === 'yarn-1' ? ['integrity-weak packed'] : []),
        `remote-tarball ${/pnpm|bun/.test(format) ? 'left' : 'packed'}`,
        // The manifest names a branch.
        'unpinned from-git',
      ].sort(),
    )
    expect(result.findings.find(({ code }) => code === 'lockfile/git-source')!.severity).toBe('low')
  })
})

test.each(['berry-8', 'yarn-1', 'pnpm-9.0'])('%s: what no registry can confirm is counted', async (format) => {
  const root = projectWith({ ...filesOf('mono', format), [lockNameOf(format)]: lockOf('mono', format) })
  const { counts } = await lockfileScanner.scan(
    context(root, { registry: fakeRegistry({}), project: await readProject(root) }),
  )
  expect(Object.keys(counts ?? {})).toEqual(
    format.startsWith('berry') ? [expect.stringContaining('bytes not compared')] : [],
  )
})

describe('overrides of pnpm', () => {
  const lied = (lock: string): string => `${lock}\noverrides:\n  left: npm:evil@2.0.0\n`
  const drifted = async (format: string, change: Change): Promise<string[]> =>
    driftOf(await scan('mono', format, change)).map(({ message }) => message)

  test.each(monoFormats.filter((format) => familyOf(format) === 'pnpm'))(
    '%s: only the lockfile claims one',
    async (format) => {
      expect((await drifted(format, lied)).join()).toContain(
        'left@* is locked as npm:evil@2.0.0 by an override that no file of the project names',
      )
    },
  )

  test('one that package.json or pnpm-workspace.yaml names is no lie; one that the lockfile lacks is drift', async () => {
    const inManifest: Change = (lock, files) => {
      files['package.json']!.pnpm = { overrides: { left: 'npm:evil@2.0.0' } }
      return lied(lock)
    }
    expect(await drifted('pnpm-9.0', inManifest)).toEqual([])
    const inWorkspace: Change = (lock, files) => {
      Object.assign(files, { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\noverrides:\n  left: npm:evil@2.0.0\n' })
      return lied(lock)
    }
    expect(await drifted('pnpm-9.0', inWorkspace)).toEqual([])
    const lacking: Change = (lock, files) => {
      files['package.json']!.pnpm = { overrides: { left: '3.0.0' } }
      return lock
    }
    expect((await drifted('pnpm-9.0', lacking)).join()).toContain(
      'left@3.0.0 is locked as if there were no such override',
    )
    const another: Change = (lock, files) => {
      files['package.json']!.pnpm = { overrides: { left: '2.0.0' } }
      return lied(lock)
    }
    expect((await drifted('pnpm-9.0', another)).join()).toContain('npm:evil@2.0.0 by an override of its own')
  })
})

describe('lockfiles of several managers', () => {
  const both: Record<string, unknown> = {
    ...filesOf('mono', 'npm-3'),
    'package-lock.json': lockOf('mono', 'npm-3'),
    'yarn.lock': lockOf('mono', 'yarn-1'),
  }

  test('side by side: said once, the tree is judged by the first, and both are read', async () => {
    const result = await scanFiles(both)
    expect(seen(result)).toEqual(['multiple package-lock.json'])
    expect(result.coverage.slice(1, 3)).toMatchObject([
      { source: 'lockfile', state: 'complete', checked: 2 },
      { source: 'dependency-tree', state: 'complete' },
    ])
  })

  test.each([
    { packageManager: 'yarn@1.22.22' },
    { devEngines: { packageManager: { name: 'yarn', onFail: 'error' } } },
  ])('the manifest decides which one counts: %o', async (field) => {
    const result = await scanFiles({ ...both, 'package.json': { ...(both['package.json'] as object), ...field } })
    expect(seen(result)).toEqual(['multiple yarn.lock'])
    expect(result.findings.find(({ code }) => code === 'lockfile/multiple')!.message).toContain(
      'packageManager says yarn',
    )
  })

  test('in other folders they are no rivals', async () => {
    expect(
      seen(
        await scanFiles({
          'a/package.json': {},
          'a/yarn.lock': '',
          'package.json': {},
          'bun.lock': '{"lockfileVersion":1}',
        }),
      ),
    ).toEqual([])
  })

  test('one that cannot be read is a rival too', async () => {
    const result = await scanFiles({
      ...filesOf('mono', 'yarn-1'),
      'yarn.lock': lockOf('mono', 'yarn-1'),
      'bun.lockb': 'x',
    })
    expect(seen(result)).toEqual(['multiple yarn.lock'])
    expect(result.coverage[1]).toMatchObject({ state: 'partial', missed: [{ what: 'bun.lockb' }] })
  })
})
