// The whole scanner on real folders: what is found, what is covered, and what is never asked.

import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { resolveRange } from '../../src/lockfile/registry-facts.ts'
import { lockfileScanner } from '../../src/lockfile/scan.ts'
import { readProject } from '../../src/project/read.ts'
import type { Answer, Config, Coverage, Registry, ScanResult, SignatureState, Source } from '../../src/types.ts'
import { context, facts, fakeRegistry, now, registryUrl } from '../support/context.ts'
import { fixture, manifestsOf, projectWith } from './fixtures.ts'

async function scan(root: string, registry: Registry = known(), config: Partial<Config> = {}): Promise<ScanResult> {
  return lockfileScanner.scan(context(root, { registry, config, project: await readProject(root) }))
}

const names = ['@acme/core', 'right', 'left', 'builder', 'plugin', 'fast-on-one', 'carrier']
const versions = ['0.5.0', '1.0.0', '1.2.3', '1.4.0', '2.0.0', '3.1.0']
const old = Object.fromEntries(
  versions.map((version) => [version, { published: '2020-01-01T00:00:00Z', publisher: 'ada' }]),
)

const known = (more: Record<string, Answer> = {}, given: Parameters<typeof fakeRegistry>[1] = {}): Registry =>
  fakeRegistry(
    {
      ...Object.fromEntries(names.map((name) => [name, facts(name, { versions: old, distTags: { latest: '2.0.0' } })])),
      ...more,
    },
    {
      downloads: async (asked) => ({
        state: 'served',
        value: new Map(asked.map((name) => [name, 90_000])),
        missed: [],
      }),
      ...given,
    },
  )

const appWith = (lock: string): string =>
  projectWith({ ...manifestsOf('app'), 'package-lock.json': fixture(`${lock}.lock.json`) })

const seen = ({ findings }: ScanResult) =>
  findings
    // What carrier brings along has a test of its own, in formats.test.ts.
    .filter(({ code }) => code !== 'lockfile/bundled')
    .map(
      ({ code, subject }) =>
        `${code} ${subject.kind === 'package' ? subject.name : subject.kind === 'project' ? subject.path : ''}`,
    )
    .sort()
const of = ({ coverage }: ScanResult, source: Source): Coverage => coverage.find((entry) => entry.source === source)!

test.each(['app-v1', 'app-v2', 'app-v3', 'app-without-resolved'])(
  '%s, as npm wrote it: nothing but its install script',
  async (lock) => {
    const result = await scan(appWith(lock))
    expect(seen(result)).toEqual(lock === 'app-v1' ? [] : ['package/install-script builder'])
    expect(result.coverage.map(({ source, state }) => [source, state])).toEqual([
      ['manifest', 'complete'],
      ['lockfile', 'complete'],
      ['dependency-tree', 'complete'],
      ['packuments', 'complete'],
      ['advisories', 'complete'],
      ['publishers', 'complete'],
      ['signatures', 'complete'],
      ['downloads', 'complete'],
    ])
  },
)

test.each([
  ['swapped-host', ['lockfile/foreign-host left']],
  ['stripped-integrity', ['lockfile/integrity-missing left']],
  ['weakened-integrity', ['lockfile/integrity-weak left']],
  ['pretended-bundle', ['lockfile/foreign-host left', 'lockfile/integrity-missing left']],
])('%s', async (lock, codes) => {
  expect(seen(await scan(appWith(lock)))).toEqual([...codes, 'package/install-script builder'])
})

describe('files', () => {
  test('a folder without package.json: complete, nothing checked, nothing found', async () => {
    const { findings, coverage } = await scan(projectWith({ 'README.md': '' }))
    expect(findings).toEqual([])
    expect(coverage.map((entry) => entry.state === 'complete' && entry.checked)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('a registry that only the project names is one finding, at its line', async () => {
    const setting = '@acme:registry'
    const value = 'https://npm.stranger.example/'
    const untrusted = { host: 'npm.stranger.example', setting, value, path: '.npmrc', line: 2 }
    const registry = known({}, { untrustedRegistries: [untrusted] })
    const { findings } = await scan(projectWith({ 'README.md': '' }), registry)
    expect(findings).toMatchObject([
      {
        code: 'lockfile/untrusted-registry',
        message: expect.stringContaining('npm.stranger.example for packages of @acme'),
        evidence: [{ path: '.npmrc', line: 2, excerpt: '@acme:registry=https://npm.stranger.example/' }],
      },
    ])
  })

  test('an unfinished merge is a finding and coverage', async () => {
    const result = await scan(appWith('unfinished-merge'))
    expect(seen(result)).toContain('lockfile/conflict-markers package-lock.json')
    expect(seen(result)).not.toContain('lockfile/missing package.json')
    expect(of(result, 'lockfile')).toMatchObject({ state: 'partial', checked: 0 })
    expect(of(result, 'dependency-tree')).toMatchObject({ state: 'partial', missed: [{ what: 'package-lock.json' }] })
  })

  test.each([
    ['bun.lockb', ''],
    ['package-lock.json', fixture('from-the-future.lock.json')],
  ])('%s that stays unread is coverage, and the manifest is vetted all the same', async (name, text) => {
    const root = projectWith({ 'package.json': { dependencies: { left: '^2.0.0' } }, [name]: text })
    const result = await scan(root, known({ left: facts('left', { created: '2026-05-31T00:00:00Z', versions: old }) }))
    expect(seen(result)).toEqual(['package/new left'])
    expect(of(result, 'lockfile')).toMatchObject({ state: 'partial', missed: [{ what: name }] })
  })

  test.each([
    ['package-lock.json', '{"lockfileVersion": 9}', /1 to 4.*: npm install --package-lock-only --lockfile-version=3$/],
    ['npm-shrinkwrap.json', '{}', /1 to 4.*: npm install --package-lock-only --lockfile-version=3$/],
    ['pnpm-lock.yaml', "lockfileVersion: '12.0'\n", /9\.0.*: npx pnpm@10 install --lockfile-only$/],
    ['yarn.lock', '__metadata:\n  version: 99\n', /4 to 10.*: yarn set version 4, then yarn install/],
    ['bun.lock', '{"lockfileVersion": 7}', /0 to 2.*: npx bun@1\.3 install --lockfile-only$/],
  ])('%s of a version to come: coverage says what to do', async (name, text, next) => {
    const result = await scan(projectWith({ 'package.json': { dependencies: {} }, [name]: text }))
    expect(of(result, 'lockfile')).toMatchObject({
      state: 'partial',
      missed: [{ what: name, next: expect.stringMatching(/^update audit-deps/) }],
    })
    expect(of(result, 'lockfile')).toMatchObject({ missed: [{ next: expect.stringMatching(next) }] })
  })

  test('no lockfile: said once, and the version npm would take today is vetted', async () => {
    const root = projectWith({ 'package.json': { private: true, dependencies: { left: '^1.0.0' } } })
    const fresh = { '1.2.3': { published: '2020-01-01T00:00:00Z' }, '1.9.0': { published: '2026-06-01T00:00:00Z' } }
    const result = await scan(root, known({ left: facts('left', { versions: fresh, distTags: { latest: '2.0.0' } }) }))
    expect(seen(result)).toEqual(['lockfile/missing package.json', 'package/new-version left'])
    expect(result.findings[1]!.subject).toMatchObject({ version: '1.9.0' })
  })

  test('a lockfile without its manifest is judged, but nothing can be said of drift', async () => {
    const root = projectWith({ 'package-lock.json': fixture('app-v1.lock.json'), 'below/package.json': {} })
    const result = await scan(root)
    expect(seen(result)).toEqual([])
    expect(of(result, 'dependency-tree')).toMatchObject({ state: 'partial', missed: [{ what: 'package-lock.json' }] })
  })

  test('a broken manifest and a broken lockfile are named with the line', async () => {
    const result = await scan(projectWith({ 'package.json': '{\n', 'package-lock.json': '{\n\n"a"}' }))
    expect(of(result, 'manifest')).toMatchObject({ missed: [{ what: 'package.json', why: 'it is not JSON: line 2' }] })
    expect(of(result, 'lockfile')).toMatchObject({ missed: [{ what: 'package-lock.json', why: 'line 3 is not JSON' }] })
  })

  test('a tree that cannot be built leaves the rest as it is', async () => {
    const root = projectWith({
      'package.json': {},
      'package-lock.json': {
        lockfileVersion: 3,
        packages: { '': {}, 'node_modules/a': { link: true, resolved: 'gone' } },
      },
    })
    const result = await scan(root)
    expect(of(result, 'dependency-tree')).toMatchObject({ state: 'partial', missed: [{ what: 'package-lock.json' }] })
    expect(of(result, 'lockfile')).toMatchObject({ state: 'complete' })
  })
})

describe('what git says of the lockfile', () => {
  const repository = (ignore: string, ...added: string[]): string => {
    const root = projectWith({
      'package.json': {},
      'package-lock.json': { lockfileVersion: 3, packages: { '': {} } },
      '.gitignore': ignore,
    })
    execFileSync('git', ['init', '-q'], { cwd: root })
    if (added.length > 0) execFileSync('git', ['add', '-f', ...added], { cwd: root })
    return root
  }
  test.each([
    ['added', '', ['package.json', 'package-lock.json'], []],
    ['ignored', '*-lock.json\n', ['package.json'], ['lockfile/uncommitted package-lock.json']],
    ['ignored but added', '*-lock.json\n', ['package.json', 'package-lock.json'], []],
    ['not added', '', ['package.json'], ['lockfile/uncommitted package-lock.json']],
    ['nothing added yet', '', [], []],
    ['the whole folder ignored', '*\n', [], []],
  ] as const)('%s', async (_, ignore, added, codes) => {
    expect(seen(await scan(repository(ignore, ...added)))).toEqual([...codes])
  })

  test('a repository that git cannot read is coverage', async () => {
    const root = projectWith({
      'package.json': {},
      'package-lock.json': { lockfileVersion: 3 },
      '.git': 'gitdir: nowhere\n',
    })
    expect(of(await scan(root), 'lockfile')).toMatchObject({ missed: [{ what: 'whether lockfiles are committed' }] })
  })
})

describe('what the registry knows', () => {
  test('other bytes than the lockfile pins', async () => {
    const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
    const swapped = facts('left', { versions: { ...old, '2.0.0': { ...old['2.0.0'], integrity } } })
    const result = await scan(appWith('app-v3'), known({ left: swapped }))
    expect(seen(result)).toEqual(['lockfile/integrity-mismatch left', 'package/install-script builder'])
    expect(result.findings.find(({ code }) => code === 'lockfile/integrity-mismatch')).toMatchObject({
      severity: 'critical',
      subject: { name: 'left', version: '2.0.0' },
    })
  })

  test('advisories, with the way to the package; only what development needs is less sure', async () => {
    const advisory = {
      id: 'GHSA-1',
      url: undefined,
      title: 'Broken',
      severity: 'high',
      vulnerable: '<1.3.0',
      malware: false,
    } as const
    const asked: (readonly string[])[] = []
    const advisories: Registry['advisories'] = async (installed) => {
      asked.push(...[...installed].map(([name, list]) => [name, ...[...list].sort()]))
      return {
        state: 'served',
        value: new Map([
          ['left', [advisory]],
          ['right', [advisory]],
          ['inner', [advisory]],
        ]),
        missed: [],
      }
    }
    const { findings } = await scan(appWith('app-v3'), known({}, { advisories }))
    const vulnerable = findings.filter(({ code }) => code === 'package/vulnerability')
    expect(vulnerable.map(({ subject, message }) => [subject, message])).toEqual([
      [{ kind: 'package', name: 'inner', version: '1.0.0' }, 'Broken (GHSA-1, affects <1.3.0), asked for by carrier'],
      [{ kind: 'package', name: 'left', version: '1.2.3' }, 'Broken (GHSA-1, affects <1.3.0, fixed in 1.4.0)'],
      [
        { kind: 'package', name: 'right', version: '1.0.0' },
        'Broken (GHSA-1, affects <1.3.0, fixed in 1.4.0), asked for by @acme/core',
      ],
    ])
    expect(asked).toContainEqual(['left', '1.2.3', '2.0.0'])
  })

  test.each<[string, Record<string, SignatureState>, string[], object]>([
    [
      'one is wrong',
      { 'left@1.2.3': { state: 'wrong', keyid: 'k' } },
      ['package/signature-invalid left'],
      { state: 'complete', checked: 5 },
    ],
    [
      'one is missing',
      { 'left@1.2.3': { state: 'missing' } },
      ['package/signature-missing left'],
      { state: 'complete' },
    ],
    [
      'most are missing: a mirror, no attack',
      {
        'left@1.2.3': { state: 'missing' },
        'left@2.0.0': { state: 'missing' },
        'right@1.0.0': { state: 'unknown-key', keyid: 'k' },
      },
      [],
      {
        state: 'partial',
        checked: 2,
        missed: [{ why: `${registryUrl} signs few of its packages with keys that it publishes` }],
      },
    ],
    [
      'most are missing, and one is wrong all the same',
      {
        'left@1.2.3': { state: 'missing' },
        'left@2.0.0': { state: 'missing' },
        'right@1.0.0': { state: 'wrong', keyid: 'k' },
      },
      ['package/signature-invalid right'],
      { state: 'partial' },
    ],
    ['nothing was hashed', { 'left@1.2.3': { state: 'no-integrity' } }, [], { state: 'partial', checked: 4 }],
  ])('signatures: %s', async (_title, odd, codes, covered) => {
    const value = new Map<string, SignatureState>(
      ['left@1.2.3', 'left@2.0.0', 'right@1.0.0', 'plugin@1.0.0', 'builder@3.1.0'].map((id) => [
        id,
        odd[id] ?? { state: 'valid' },
      ]),
    )
    const asked: string[] = []
    const signatures: Registry['signatures'] = async (wanted) => {
      asked.push(...wanted.keys())
      return { state: 'served', value, missed: [] }
    }
    const result = await scan(appWith('app-v3'), known({}, { signatures }))
    expect(seen(result)).toEqual(['package/install-script builder', ...codes].sort())
    expect(of(result, 'signatures')).toMatchObject(covered)
    // What lies in another's tarball, the registry has not signed.
    expect(asked).not.toContain('inner')
  })

  test('a registry without signatures and publishers is coverage, never an accusation', async () => {
    const bare = Object.fromEntries(versions.map((version) => [version, { published: '2020-01-01T00:00:00Z' }]))
    const registry = known(Object.fromEntries(names.map((name) => [name, facts(name, { versions: bare })])), {
      signatures: async () => ({
        state: 'not-served',
        missed: [{ what: 'signatures', why: 'no keys (404)', next: 'none' }],
      }),
    })
    const result = await scan(appWith('app-v3'), registry)
    expect(seen(result)).toEqual(['package/install-script builder'])
    expect(of(result, 'signatures')).toMatchObject({ state: 'partial', checked: 0 })
    expect(of(result, 'publishers')).toMatchObject({
      state: 'partial',
      checked: 0,
      missed: [{ why: `${registryUrl} does not say who published it` }],
    })
  })

  test('statements of provenance are seen, and the report says that nobody verified them', async () => {
    const built = (provenance?: 'attested') =>
      Object.fromEntries(
        versions.map((one) => [one, { published: '2020-01-01T00:00:00Z', ...(provenance && { provenance }) }]),
      )
    const count = async (...attested: string[]) => {
      const given = names.map((name) => [
        name,
        facts(name, { versions: built(attested.includes(name) ? 'attested' : undefined) }),
      ])
      return (await scan(appWith('app-v3'), known(Object.fromEntries(given)))).counts ?? {}
    }
    const told = 'statements of provenance that the registry lists, seen and not verified'
    expect(Object.keys(await count())).not.toContain(told)
    expect(Object.keys(await count(names[0]!))).toContain(told)
  })

  test('a hash that the registry does not serve was not compared, and that is counted', async () => {
    const told = "bytes not compared with the registry's, for it serves no hash of the kind that is pinned"
    const count = async (dist: object) => {
      const served = Object.fromEntries(versions.map((one) => [one, { published: '2020-01-01T00:00:00Z', ...dist }]))
      const given = Object.fromEntries(names.map((name) => [name, facts(name, { versions: served })]))
      return (await scan(appWith('app-v3'), known(given))).counts?.[told]
    }
    expect(await count({})).toBe(await count({ shasum: '0'.repeat(40) }))
    expect(await count({})).toBeGreaterThan(5)
    expect(await count({ integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}` })).toBeUndefined()
  })

  test('a package from the repository of a popular one by other people', async () => {
    const from = (maintainers: string[]) => ({
      versions: Object.fromEntries(
        versions.map((version) => [
          version,
          { publisher: 'ada', maintainers, repository: 'github.com/facebook/react' },
        ]),
      ),
      distTags: { latest: '1.0.0' },
    })
    const root = projectWith({
      'package.json': { dependencies: { react: '1.0.0', borrower: '1.0.0', sibling: '1.0.0' } },
    })
    const result = await scan(
      root,
      known({
        react: facts('react', from(['ada', 'ben'])),
        borrower: facts('borrower', from(['eve'])),
        // A monorepo: somebody of theirs can publish both.
        sibling: facts('sibling', from(['ben', 'eve'])),
      }),
    )
    expect(seen(result).filter((code) => code.startsWith('package/'))).toEqual(['package/repository-mismatch borrower'])
  })

  test('a version that was withdrawn, and one that never was', async () => {
    const root = projectWith({ 'package.json': { dependencies: { left: '7.0.0', right: '8.0.0' } } })
    const withdrawn = { '7.0.0': '2026-05-30T00:00:00Z' }
    const result = await scan(
      root,
      known({ left: facts('left', { versions: old, withdrawn }), right: facts('right', { versions: old }) }),
    )
    expect(seen(result).filter((code) => code.startsWith('package/'))).toEqual([
      'package/version-unknown right',
      'package/version-withdrawn left',
    ])
  })

  test('downloads are asked for direct dependencies and for whoever looks odd', async () => {
    const asked: string[] = []
    const downloads: Registry['downloads'] = async (list) => {
      asked.push(...list)
      return { state: 'served', value: new Map([['right', 12]]), missed: [] }
    }
    const young = facts('right', { created: '2026-05-31T00:00:00Z', versions: old })
    const result = await scan(appWith('app-v3'), known({ right: young }, { downloads }))
    expect(asked.sort()).toEqual([...names].sort())
    expect(seen(result)).toEqual(['package/install-script builder', 'package/low-downloads right', 'package/new right'])
    expect(of(result, 'downloads')).toMatchObject({ checked: 1 })
  })

  test('a registry that lacks even what everybody uses has not answered', async () => {
    const root = projectWith({
      'package.json': JSON.stringify({ name: 'app', dependencies: { react: '^18.0.0', ghost: '^1.0.0' } }),
    })
    const silent = await scan(root, fakeRegistry({}))
    expect(of(silent, 'packuments')).toMatchObject({
      state: 'partial',
      checked: 0,
      missed: [{ what: 'react, ghost', why: 'registry.example: it answers 404 for everything, even react' }],
    })
    const speaking = await scan(root, fakeRegistry({ ghost: facts('ghost') }))
    expect(of(speaking, 'packuments')).toMatchObject({ state: 'complete' })
  })

  test('no answer is coverage, in one line, and never a finding', async () => {
    const down: Answer = {
      state: 'unreachable',
      registry: registryUrl,
      why: 'it does not answer',
      next: 'try again later',
    }
    const nothing = fakeRegistry(Object.fromEntries(names.map((name) => [name, down])), {
      advisories: async () => ({ state: 'not-served', missed: [{ what: 'advisories', why: 'no', next: 'none' }] }),
      downloads: async () => ({ state: 'skipped', reason: 'this registry counts none' }),
    })
    const result = await scan(appWith('app-v3'), nothing)
    expect(seen(result)).toEqual(['package/install-script builder'])
    expect(of(result, 'packuments')).toEqual({
      scanner: 'lockfile',
      source: 'packuments',
      state: 'partial',
      checked: 0,
      missed: [
        {
          what: '@acme/core, builder, carrier, fast-on-one, left and 2 more',
          why: 'it does not answer',
          next: 'try again later',
        },
      ],
    })
    expect(of(result, 'advisories')).toMatchObject({ state: 'partial', checked: 0 })
    expect(of(result, 'downloads')).toEqual({
      scanner: 'lockfile',
      source: 'downloads',
      state: 'skipped',
      reason: 'this registry counts none',
    })
  })

  test('facts that are not served, and versions it never heard of, are coverage', async () => {
    const mute: Answer = {
      state: 'exists',
      facts: {
        name: 'left',
        registry: registryUrl,
        distTags: {},
        versions: { '2.0.0': {} },
        observedAt: now.toISOString(),
      },
    }
    const result = await scan(appWith('app-v3'), known({ left: mute }))
    const packuments = of(result, 'packuments')
    expect(packuments.state === 'partial' && packuments.missed.map(({ what, why }) => [what, why])).toEqual([
      ['left@2.0.0', `${registryUrl} serves no publish times`],
      ['left@1.2.3', `${registryUrl} lists no such version`],
    ])
  })

  test('without a lockfile and an answer nothing is known of versions: no source is complete', async () => {
    const down: Answer = { state: 'unreachable', registry: registryUrl, why: 'it is down', next: 'try again later' }
    const root = projectWith({
      'package.json': { dependencies: { left: '^1.0.0', right: '^9.0.0', pinned: 'v1.2.3' } },
    })
    const result = await scan(root, known({ left: down, pinned: facts('pinned', { versions: old }) }))
    expect(of(result, 'advisories')).toMatchObject({
      state: 'partial',
      checked: 1,
      missed: [
        { what: 'left', why: expect.stringContaining('no lockfile pins it'), next: 'try again later' },
        { what: 'right@^9.0.0', why: expect.stringContaining('no published version fits') },
      ],
    })
    expect(of(result, 'downloads')).toMatchObject({ state: 'partial', missed: [{ what: 'left', why: 'it is down' }] })
    expect(of(result, 'dependency-tree')).toMatchObject({ state: 'skipped' })
    expect(result.findings.map(({ code }) => code)).toEqual(['lockfile/missing'])
  })

  test('many reasons are cut, with a count', async () => {
    const dependencies = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`pkg-number-${index}`, '1.0.0']))
    const registry = {
      ...known(),
      package: async (name: string): Promise<Answer> => ({
        state: 'forbidden',
        registry: registryUrl,
        why: `no ${name}`,
        next: 'ask',
      }),
    }
    const packuments = of(await scan(projectWith({ 'package.json': { dependencies } }), registry), 'packuments')
    expect(packuments.state === 'partial' && packuments.missed).toHaveLength(21)
    expect(packuments.state === 'partial' && packuments.missed.at(-1)).toMatchObject({ what: '30 more' })
  })
})

test('advisories of what is pinned do not wait for the packages', async () => {
  let asked = (): void => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const base = known()
  const result = await scan(appWith('app-v3'), {
    ...base,
    package: (name) => isAsked.then(() => base.package(name)),
    advisories: (installed) => {
      asked()
      return base.advisories(installed)
    },
  })
  expect(of(result, 'advisories').state).toBe('complete')
})

describe('what is never asked', () => {
  const recording = () => {
    const asked = new Set<string>()
    const base = known()
    const note = (names: Iterable<string>): void => {
      for (const name of names) asked.add(name)
    }
    const registry: Registry = {
      ...base,
      async package(name) {
        note([name])
        return base.package(name)
      },
      async downloads(list) {
        note(list)
        return base.downloads(list)
      },
      async advisories(installed) {
        note(installed.keys())
        return base.advisories(installed)
      },
    }
    return { asked, registry }
  }

  test('workspaces and local packages', async () => {
    const { asked, registry } = recording()
    await scan(
      projectWith({ ...manifestsOf('workspaces'), 'package-lock.json': fixture('workspaces.lock.json') }),
      registry,
    )
    expect([...asked].sort()).toEqual(['left', 'right'])
  })

  test('a scope that the lockfile takes from elsewhere, allowed or not', async () => {
    const lock = fixture('app-v3.lock.json').replace('https://registry.example/@acme', 'https://npm.acme.example/@acme')
    for (const allowedHosts of [[], ['npm.acme.example']]) {
      const { asked, registry } = recording()
      const result = await scan(projectWith({ ...manifestsOf('app'), 'package-lock.json': lock }), registry, {
        allowedHosts,
      })
      expect([...asked]).not.toContain('@acme/core')
      expect(seen(result).includes('lockfile/foreign-host @acme/core')).toBe(allowedHosts.length === 0)
      expect(of(result, 'packuments')).toMatchObject({ state: 'partial', missed: [{ what: '@acme/core' }] })
    }
  })

  test('anything, offline; a local export of advisories is read all the same', async () => {
    const asked: string[] = []
    const registry = fakeRegistry(
      {},
      {
        advisories: async (installed) => {
          asked.push(...installed.keys())
          const advisory = {
            id: 'MAL-1',
            url: undefined,
            title: 'Malware',
            severity: 'high',
            vulnerable: '*',
            malware: true,
          } as const
          return {
            state: 'served',
            value: new Map([...installed.keys()].map((name) => [name, name === 'left' ? [advisory] : []])),
            missed: [],
          }
        },
      },
    )
    const result = await scan(appWith('app-v3'), registry, { offline: true, advisories: 'all.zip' })
    expect(seen(result)).toContain('package/malware left')
    expect(asked).toContain('@acme/core')
    expect(of(result, 'advisories')).toMatchObject({ state: 'complete', checked: asked.length })
    const unpinned = await scan(
      projectWith({ 'package.json': { dependencies: { left: '^1.0.0', right: '1.0.0' } } }),
      registry,
      {
        offline: true,
        advisories: 'all.zip',
      },
    )
    expect(of(unpinned, 'advisories')).toMatchObject({
      state: 'partial',
      checked: 1,
      missed: [{ what: 'left', why: expect.stringContaining('no lockfile pins it') }],
    })
  })

  test('anything, offline; names are still compared', async () => {
    const { asked, registry } = recording()
    const root = projectWith({ 'package.json': { dependencies: { lodahs: '4.17.21' } } })
    const result = await scan(root, registry, { offline: true })
    expect(asked.size).toBe(0)
    expect(seen(result)).toContain('package/typosquat lodahs')
    expect(result.coverage.filter(({ state }) => state === 'skipped').map(({ source }) => source)).toEqual([
      'dependency-tree',
      'packuments',
      'advisories',
      'publishers',
      'signatures',
      'downloads',
    ])
  })
})

test.each([
  ['v1.2.3', '1.2.3'],
  [' 1.2.3 ', '1.2.3'],
  ['^1.0.0', undefined],
  [undefined, undefined],
])('without an answer %j is %j', (range, version) => expect(resolveRange(range, undefined)).toBe(version))

test('a copy without a hash is judged by its own address, wherever in the tree it stands', async () => {
  const at = (resolved: string) => ({ version: '1.2.3', resolved: `${registryUrl}${resolved}` })
  const asked = { left: '1.2.3', right: '1.2.3' }
  const packages = {
    '': { name: 'app', dependencies: asked },
    'node_modules/left': at('left/-/left-1.2.3.tgz'),
    'node_modules/right': { ...at('right/-/right-1.2.3.tgz'), dependencies: { left: '1.2.3' } },
    'node_modules/right/node_modules/left': at('files/7.tgz'),
  }
  const root = projectWith({
    'package.json': JSON.stringify({ name: 'app', dependencies: asked }),
    'package-lock.json': JSON.stringify({ name: 'app', lockfileVersion: 3, packages }),
  })
  const tarball = `${registryUrl}left/-/left-1.2.3.tgz`
  const result = await scan(
    root,
    known({ left: facts('left', { versions: { '1.2.3': { ...old['1.2.3'], tarball } } }) }),
  )
  expect(seen(result)).toContain('lockfile/resolved-mismatch left')
})
