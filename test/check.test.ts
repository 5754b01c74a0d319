import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { baselineFile, formatBaseline, linesFor } from '../src/baseline.ts'
import { checkReport, vetPackages } from '../src/check.ts'
import { defaults } from '../src/config.ts'
import { createRegistry } from '../src/registry/client.ts'
import { exitCodeOf } from '../src/risk.ts'
import type { Answer, Config, Registry, Report, ScanContext } from '../src/types.ts'
import { context, facts, fakeRegistry, now, registryUrl } from './support/context.ts'
import { temporaryFolder } from './support/repository.ts'

const contextOf = (registry: Registry, config: Partial<Config> = {}): ScanContext =>
  context('/project', { registry, config })

const served = (downloads: Record<string, number>) => ({
  downloads: async () => ({ state: 'served', value: new Map(Object.entries(downloads)), missed: [] }) as const,
})

const at = { registry: registryUrl, observedAt: now.toISOString() }
const versions = {
  '17.0.2': { published: '2021-03-22T00:00:00Z' },
  '18.3.1': { published: '2024-04-26T00:00:00Z' },
  '19.0.0': { published: '2024-12-05T00:00:00Z', deprecated: 'broken, use 19.0.1' },
  '20.0.0-rc.1': { published: '2026-05-01T00:00:00Z', installScript: true },
}
const react = facts('react', { distTags: { latest: '18.3.1', next: '20.0.0-rc.1' }, versions })

describe('checkReport', () => {
  it('passes an old, used package and says what it covered', async () => {
    const report = await checkReport(['react@^18'], contextOf(fakeRegistry({ react }, served({ react: 20_000_000 }))))
    expect(report).toMatchObject({ verdict: 'pass', target: 'react@^18', findings: [], risk: { band: 'none' } })
    expect(report.coverage.map(({ source, state }) => [source, state])).toEqual([
      ['existence-direct', 'complete'],
      ['packuments', 'complete'],
      ['advisories', 'complete'],
      ['publishers', 'partial'],
      ['signatures', 'skipped'],
      ['downloads', 'complete'],
      ['tarball', 'skipped'],
    ])
  })

  it('says nothing of exceptions for packages that nobody named', async () => {
    const exceptions = [{ code: 'lockfile/unpinned', package: 'left', reason: 'ours', expires: '2030-01-01' }]
    const registry = fakeRegistry({ react }, served({ react: 20_000_000 }))
    expect((await checkReport(['react@^18'], contextOf(registry, { exceptions }))).counts).toEqual({})
  })

  it('joins all that is odd about one package in one subject', async () => {
    const published = '2026-05-31T12:00:00Z'
    const reakt = facts('reakt', {
      created: published,
      versions: { '1.0.0': { published, installScript: true, deprecated: 'oh' } },
    })
    const report = await checkReport(
      ['reakt', 'react'],
      contextOf(fakeRegistry({ react, reakt }, served({ reakt: 12, react: 9e6 }))),
    )
    expect(report.verdict).toBe('fail')
    expect(report.subjects).toHaveLength(1)
    expect(report.subjects[0]).toMatchObject({ subject: { name: 'reakt', version: '1.0.0' }, band: 'critical' })
    expect(report.subjects[0]?.drivers.map(({ code }) => code).sort()).toEqual([
      'package/deprecated',
      'package/install-script',
      'package/low-downloads',
      'package/new',
      'package/new-version',
      'package/typosquat',
    ])
  })

  it('finds known vulnerabilities of the version that the range takes', async () => {
    const asked: unknown[] = []
    const registry = fakeRegistry(
      { react },
      {
        advisories: async (installed) => {
          asked.push(Object.fromEntries(installed))
          const advisory = {
            id: 'GHSA-x',
            url: undefined,
            title: 'XSS',
            severity: 'high',
            vulnerable: '<18',
            malware: false,
          } as const
          return { state: 'served', value: new Map([['react', [advisory]]]), missed: [] }
        },
      },
    )
    const old = await checkReport(['react@17'], contextOf(registry))
    expect(old.findings.map(({ code }) => code)).toEqual(['package/vulnerability'])
    expect(asked).toEqual([{ react: ['17.0.2'] }])
    expect((await checkReport(['react'], contextOf(registry))).findings).toEqual([])
  })

  it.each<[string, Answer, string, RegExp]>([
    ['not found', { state: 'not-found', ...at }, 'phantom/not-found', /did you mean lodash\?$/],
    [
      'unpublished',
      { state: 'unpublished', at: '2026-01-02T00:00:00Z', ...at },
      'package/unpublished',
      /on 2026-01-02/,
    ],
    ['security-held', { state: 'security-held', ...at }, 'package/security-held', /taken down/],
  ])('fails what is %s, in one finding', async (_state, answer, code, message) => {
    const report = await checkReport(['loadsh'], contextOf(fakeRegistry({ loadsh: answer })))
    expect(report.verdict).toBe('fail')
    expect(report.findings.map((one) => one.code)).toEqual([code])
    expect(report.findings[0]?.message).toMatch(message)
  })

  it.each<[string, Answer]>([
    ['forbidden', { state: 'forbidden', registry: registryUrl, why: 'answered 403', next: 'log in' }],
    ['unreachable', { state: 'unreachable', registry: registryUrl, why: 'timed out', next: 'try again' }],
    ['not asked', { state: 'not-asked', why: 'private', next: 'ask its owners' }],
  ])('%s is incomplete, exit 3; likeness is still told', async (state, answer) => {
    const report = await checkReport(['loadsh'], contextOf(fakeRegistry({ loadsh: answer })))
    expect(exitCodeOf(report), state).toBe(3)
    expect(report.findings.map(({ code }) => code)).toEqual(['package/typosquat'])
  })

  it('a registry that lacks even what everybody uses is not believed', async () => {
    const report = await checkReport(['react', 'loadsh'], contextOf(fakeRegistry({})))
    expect(exitCodeOf(report)).toBe(3)
    expect(report.findings.map(({ code }) => code)).not.toContain('phantom/not-found')
  })

  it('a version that does not exist is incomplete, and names one that does', async () => {
    for (const spec of ['react@99', 'react@99.0.0', 'react@nightly']) {
      const report = await checkReport([spec], contextOf(fakeRegistry({ react })))
      expect(exitCodeOf(report), spec).toBe(3)
      expect(report.coverage).toContainEqual(
        expect.objectContaining({
          source: 'existence-direct',
          missed: [expect.objectContaining({ what: spec, next: expect.stringContaining('react@18.3.1') })],
        }),
      )
    }
  })

  it.each([
    ['left-pad@github:someone/left-pad', 'lockfile/git-source', 'left-pad'],
    ['git+https://user:hunter2hunter2@git.example/x.git', 'lockfile/git-source', undefined],
    ['https://files.example/x.tgz', 'lockfile/remote-tarball', undefined],
    ['./somewhere', undefined, undefined],
  ])('%s is not vetted, and says so', async (spec, code, name) => {
    const asked: string[] = []
    const registry = { ...fakeRegistry({}), package: (one: string) => Promise.reject(asked.push(one)) }
    const report = await checkReport([spec], contextOf(registry))
    expect(asked).toEqual([])
    expect(exitCodeOf(report)).toBe(3)
    expect(report.findings.map((one) => one.code)).toEqual(code === undefined ? [] : [code])
    if (name) expect(report.findings[0]?.subject).toEqual({ kind: 'package', name })
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })

  describe('offline, with an export of advisories', () => {
    const affected = (name: string, events: object[]) => ({
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events }],
    })
    const records = [
      { id: 'MAL-2026-7', summary: 'steals keys', affected: [affected('evil', [{ introduced: '0' }])] },
      { id: 'GHSA-7', summary: 'hole', affected: [affected('old', [{ introduced: '0' }, { fixed: '1.5.0' }])] },
    ]
    const run = async (...specs: string[]) => {
      const root = temporaryFolder()
      for (const one of records) writeFileSync(join(root, `${one.id}.json`), JSON.stringify(one))
      const config = { offline: true, advisories: root } as const
      const registry = await createRegistry({ root, config: { ...defaults, ...config, cache: false }, home: root })
      return checkReport(specs, contextOf(registry, config))
    }
    const codesOf = ({ findings }: Report) => findings.map(({ code, subject }) => [code, subject])

    it('finds the version that is named', async () => {
      const report = await run('old@1.4.9', 'evil@2.0.0')
      expect(codesOf(report).sort()).toEqual([
        ['package/malware', { kind: 'package', name: 'evil', version: '2.0.0' }],
        ['package/vulnerability', { kind: 'package', name: 'old', version: '1.4.9' }],
      ])
      expect(report.coverage).toContainEqual(
        expect.objectContaining({ source: 'advisories', state: 'complete', checked: 2 }),
      )
      expect((await run('old@1.5.0')).findings).toEqual([])
    })

    it('without a version finds what every version is, and says what stays open', async () => {
      const report = await run('evil', 'old', 'old@~1.4.0')
      expect(codesOf(report)).toEqual([
        ['package/malware', { kind: 'package', name: 'evil' }],
        ['package/vulnerability', { kind: 'package', name: 'old' }],
      ])
      expect(report.coverage).toContainEqual(
        expect.objectContaining({
          source: 'advisories',
          state: 'partial',
          missed: expect.arrayContaining([
            expect.objectContaining({ what: 'evil, old, old', next: expect.stringContaining('NAME@VERSION') }),
          ]),
        }),
      )
    })
  })

  it('offline tells likeness only, opens no registry, and says what was skipped', async () => {
    const report = await checkReport(['reakt'], {
      ...contextOf(fakeRegistry({}), { offline: true }),
      registry: () => Promise.reject(new Error('opened')),
    })
    expect(report.findings.map(({ code }) => code)).toEqual(['package/typosquat'])
    expect(report.coverage.map(({ state }) => state)).toEqual(Array(7).fill('skipped'))
    expect(report.verdict).toBe('incomplete')
  })

  it('sources that are not served are coverage, not findings', async () => {
    const missed = [{ what: 'downloads', why: 'answered 404', next: 'nothing' }] as const
    const registry = fakeRegistry(
      {
        bare: {
          state: 'exists',
          facts: {
            name: 'bare',
            registry: registryUrl,
            distTags: { latest: '1.0.0' },
            versions: { '1.0.0': {} },
            observedAt: now.toISOString(),
          },
        },
      },
      {
        downloads: async () => ({ state: 'not-served', missed }),
        advisories: async () => ({ state: 'not-served', missed }),
      },
    )
    const report = await checkReport(['bare'], contextOf(registry))
    expect(report).toMatchObject({ verdict: 'pass', findings: [] })
    expect(report.coverage.filter(({ state }) => state === 'partial').map(({ source }) => source)).toEqual([
      'packuments',
      'advisories',
      'publishers',
      'downloads',
    ])
  })

  it('where nothing was found, nothing is said to be complete but the search', async () => {
    const missing = await checkReport(['lodahs'], contextOf(fakeRegistry({})))
    expect(missing.coverage.map((entry) => [entry.source, entry.state])).toEqual([
      ['existence-direct', 'complete'],
      ['packuments', 'complete'],
      ['advisories', 'skipped'],
      ['publishers', 'skipped'],
      ['signatures', 'skipped'],
      ['downloads', 'skipped'],
      ['tarball', 'skipped'],
    ])
    expect(missing.coverage).toContainEqual(expect.objectContaining({ reason: 'nothing to ask: no package was found' }))
  })

  it('tells what a tarball hides, and looks into each version once', async () => {
    const shown = { name: 'react', version: '18.3.1', installScripts: {}, dependencies: new Map(), bins: [] }
    const asked: string[] = []
    const registry = fakeRegistry(
      { react },
      {
        tarballManifest: async (name, version) => {
          asked.push(`${name}@${version}`)
          const held = { ...shown, installScripts: { postinstall: 'node steal.js' } }
          return {
            state: 'served',
            value: { registry: registryUrl, observedAt: at.observedAt, shown, held },
            missed: [],
          }
        },
      },
    )
    const report = await checkReport(['react', 'react@18', 'react@99'], contextOf(registry))
    expect(asked).toEqual(['react@18.3.1'])
    expect(report).toMatchObject({ verdict: 'fail', risk: { band: 'high' } })
    expect(report.findings.map(({ code, message }) => [code, message])).toEqual([
      ['package/manifest-mismatch', 'its tarball holds a hidden postinstall script: node steal.js'],
    ])
    expect(report.coverage).toContainEqual(
      expect.objectContaining({ source: 'tarball', state: 'complete', checked: 1 }),
    )
  })

  it('a tarball that could not be looked into is coverage', async () => {
    const missed = [{ what: 'the tarball', why: 'it lies elsewhere', next: 'allow it' }] as const
    const registry = fakeRegistry({ react }, { tarballManifest: async () => ({ state: 'not-served', missed }) })
    const report = await checkReport(['react'], contextOf(registry))
    expect(report).toMatchObject({ verdict: 'pass', findings: [] })
    expect(report.coverage).toContainEqual(expect.objectContaining({ source: 'tarball', state: 'partial', missed }))
  })

  it.each([[[]], [['']], [['  ']], [['a b']], [['🙂']], [['@scope']], [['x'.repeat(300)]], [['__proto__']]])(
    'refuses %j as wrong usage, before anything is asked',
    async (specs: string[]) => {
      const silent = { ...contextOf(fakeRegistry({})), registry: () => Promise.reject(new Error('asked')) }
      await expect(checkReport(specs, silent)).rejects.toMatchObject({ code: 'USAGE' })
    },
  )
})

describe('vetPackages', () => {
  it('says of each what an install would take', async () => {
    const { packages } = await vetPackages(
      ['react', 'react@next', 'react@17.x', 'other@npm:react@17', 'react'],
      contextOf(fakeRegistry({ react }, served({ react: 5 }))),
    )
    expect(packages.map(({ spec, name, state, version }) => [spec, name, state, version])).toEqual([
      ['react', 'react', 'exists', '18.3.1'],
      ['react@next', 'react', 'exists', '20.0.0-rc.1'],
      ['react@17.x', 'react', 'exists', '17.0.2'],
      ['other@npm:react@17', 'react', 'exists', '17.0.2'],
    ])
    expect(packages[0]).toMatchObject({ created: '2015-01-01T00:00:00Z', weeklyDownloads: 5, lookalikes: [] })
  })

  it.each([
    ['the newest that is not deprecated, though latest is', 'x', '1.1.0'],
    ['a deprecated one where a range takes no other', 'x@2', '2.0.0'],
    ['a deprecated one that is asked for by version', 'x@2.0.0', '2.0.0'],
    ['a tag, whatever it names', 'x@latest', '2.0.0'],
  ])('an install takes %s', async (_title, spec, version) => {
    const versions = { '1.0.0': {}, '1.1.0': {}, '2.0.0': { deprecated: 'broken' } }
    const x = facts('x', { distTags: { latest: '2.0.0' }, versions })
    expect((await vetPackages([spec], contextOf(fakeRegistry({ x })))).packages[0]?.version).toBe(version)
  })

  it('asks for each name once, and for none that was not given', async () => {
    const asked: string[] = []
    const inner = fakeRegistry({ react })
    const registry: Registry = {
      ...inner,
      package: (name) => {
        asked.push(name)
        return inner.package(name)
      },
    }
    await vetPackages(['react@17', 'react@18', 'lodahs'], contextOf(registry))
    expect([...new Set(asked)].sort()).toEqual(['lodahs', 'react'])
  })
})

it('what the baseline of the folder accepts stays accepted, and its other lines are left alone', async () => {
  const root = temporaryFolder()
  const registry = fakeRegistry({ react }, served({ react: 20_000_000 }))
  const asking = (config: Partial<Config> = {}) => checkReport(['react@19'], context(root, { registry, config }))
  const [found] = (await asking()).findings
  expect(found).toBeDefined()
  const other = { ...found!, fingerprint: '0'.repeat(32) }
  writeFileSync(join(root, baselineFile), formatBaseline([found!, other].flatMap((one) => linesFor(one, 'ours'))))
  const accepted = await asking()
  expect(accepted.findings.map(({ fingerprint }) => fingerprint)).not.toContain(found!.fingerprint)
  expect(accepted.acceptedFindings).toMatchObject([{ by: 'baseline', reason: 'ours' }])
  expect(Object.keys(accepted.counts).join()).not.toContain('baseline lines')
  expect((await asking({ baseline: false })).findings.map(({ fingerprint }) => fingerprint)).toContain(
    found!.fingerprint,
  )
})
