// OSV's records, its service on loopback and its exports on disk, honest and hostile; and one advisory of many names.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holds, merged } from '../../src/registry/known-advisories.ts'
import { advisoryOf, packagesOf } from '../../src/registry/osv.ts'
import type { Advisory, Config } from '../../src/types.ts'
import type { FakeAdvisory, FakePackage, Handler } from '../support/registry-server.ts'
import { client, folder, server } from './setup.ts'
import { bomb, zipOf } from './zips.ts'

const record = (given: object = {}, affected: object = {}) => ({
  id: 'GHSA-aaaa-bbbb-cccc',
  aliases: ['CVE-2026-1'],
  summary: 'Prototype pollution',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'pkg' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.2.0' }] }],
      ...affected,
    },
  ],
  references: [
    { type: 'WEB', url: 'https://advisories.example/other' },
    { type: 'ADVISORY', url: 'https://advisories.example/x' },
  ],
  database_specific: { severity: 'HIGH' },
  ...given,
})

describe('a record', () => {
  it('is an advisory', () => {
    expect(packagesOf(record())).toEqual(['pkg'])
    expect(advisoryOf(record(), 'pkg')).toEqual({
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: ['CVE-2026-1'],
      url: 'https://advisories.example/x',
      title: 'Prototype pollution',
      severity: 'high',
      vulnerable: '<1.2.0',
      fixed: ['1.2.0'],
      malware: false,
    })
  })

  const semver = (...events: object[]) => ({ ranges: [{ type: 'SEMVER', events }] })
  it.each<[string, object, readonly string[], readonly string[]]>([
    [
      'up to a fix',
      semver({ introduced: '0' }, { fixed: '1.2.0' }),
      ['0.0.1-a', '1.1.9', '1.2.0-rc.1'],
      ['1.2.0', '2.0.0'],
    ],
    ['from one on', semver({ introduced: '1.0.0' }), ['1.0.0', '9.0.0'], ['0.9.0', '1.0.0-rc.1']],
    ['all', semver({ introduced: '0' }), ['0.0.0', '9.0.0', '1.0.0-a'], []],
    ['up to a last one', semver({ introduced: '0' }, { last_affected: '1.2.0' }), ['1.2.0'], ['1.2.1']],
    [
      'two spans, in any order',
      semver({ fixed: '2.3.0' }, { introduced: '2.0.0' }, { fixed: '1.2.0' }, { introduced: '1.0.0' }),
      ['1.1.0', '2.2.9'],
      ['0.9.0', '1.2.0', '1.9.0', '2.3.0'],
    ],
    ['in one event', semver({ introduced: '1.0.0', fixed: '1.2.0' }), ['1.1.0'], ['1.2.0']],
    ['single versions', { ranges: [], versions: ['1.0.0', '3.0.0'] }, ['1.0.0', '3.0.0'], ['2.0.0']],
    [
      'single ones beside a range',
      { ...semver({ introduced: '1.0.0' }, { fixed: '1.1.0' }), versions: ['7.0.0'] },
      ['1.0.5', '7.0.0'],
      ['2.0.0'],
    ],
    [
      'no fix, but a last known one',
      { ...semver({ introduced: '0' }), database_specific: { last_known_affected_version_range: '<= 1.2.3' } },
      ['1.2.3'],
      ['1.2.4', '9.0.0'],
    ],
    [
      'git beside versions',
      { ranges: [{ type: 'GIT', events: [{ introduced: 'abc' }] }], versions: ['1.0.0'] },
      ['1.0.0'],
      ['2.0.0'],
    ],
  ])('%s', (_title, affected, hit, free) => {
    const advisory = advisoryOf(record({}, affected), 'pkg')!
    expect(hit.filter((version) => !holds(advisory.vulnerable, version))).toEqual([])
    expect(free.filter((version) => holds(advisory.vulnerable, version))).toEqual([])
  })

  it.each<[string, object, Partial<Advisory>]>([
    ['malware by its id', { id: 'MAL-2026-1', aliases: [] }, { malware: true }],
    ['malware by another name of it', { aliases: ['MAL-2026-1'] }, { malware: true }],
    ['malware by its weakness', { database_specific: { cwe_ids: ['CWE-506'] } }, { malware: true, severity: 'medium' }],
    ['of unknown severity', { database_specific: { severity: 'DREADFUL' } }, { severity: 'medium' }],
    ['without a title', { summary: '', details: 7 }, { title: 'no title' }],
    ['with a page of details', { summary: undefined, details: 'first line\nsecond' }, { title: 'first line' }],
    [
      'with no link that is one',
      { references: [{ type: 'ADVISORY', url: 'javascript:alert(1)' }] },
      { url: undefined },
    ],
  ])('%s', (_title, given, expected) => {
    expect(advisoryOf(record(given), 'pkg')).toMatchObject(expected)
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x'],
    ['without an id', { ...record(), id: 7 }],
    ['withdrawn', record({ withdrawn: '2026-01-01T00:00:00Z' })],
    ['of another ecosystem', record({}, { package: { ecosystem: 'PyPI', name: 'pkg' } })],
    ['of nothing', record({ affected: 'all' })],
  ])('%s is of no package', (_title, given) => {
    expect(packagesOf(given)).toEqual([])
  })

  it.each<[string, object]>([
    ['versions that are none', { ranges: [{ type: 'SEMVER', events: [{ introduced: 'one' }] }] }],
    ['nothing', { ranges: undefined }],
    ['ranges of git only', { ranges: [{ type: 'GIT', events: [{ introduced: 'abc' }] }] }],
  ])('that says %s of versions cannot be read', (_title, affected) => {
    expect(advisoryOf(record({}, affected), 'pkg')).toBeUndefined()
  })

  it('of noise never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (one, two, three) => {
        for (const given of [one, record({ affected: one, references: two, database_specific: three })])
          for (const name of packagesOf(given)) advisoryOf(given, name)
        advisoryOf(record({ aliases: three }, { ranges: one, versions: two, database_specific: three }), 'pkg')
        advisoryOf(record({}, { ranges: [{ events: one }, { events: [two, three] }] }), 'pkg')
      }),
      { numRuns: 300 },
    )
  })
})

describe('one advisory of several names', () => {
  const advisory = (id: string, given: Partial<Advisory> = {}): Advisory => ({
    id,
    url: undefined,
    title: id,
    severity: 'medium',
    vulnerable: '<2.0.0',
    malware: false,
    ...given,
  })
  it('keeps the first words, the gravest severity, every name and every fix', () => {
    const list = [
      advisory('GHSA-1', { url: 'https://one.example/' }),
      advisory('MAL-1', { aliases: ['ghsa-1'], malware: true, severity: 'critical', fixed: ['2.0.0'] }),
      advisory('OTHER'),
    ]
    expect(merged(list, ['1.0.0'])).toEqual([
      {
        ...list[0],
        severity: 'critical',
        malware: true,
        aliases: ['MAL-1'],
        fixed: ['2.0.0'],
      },
      list[2],
    ])
  })

  it('is found over several steps, in any order', () => {
    const chain = [
      advisory('A', { aliases: ['B'] }),
      advisory('D', { aliases: ['C'] }),
      advisory('B', { aliases: ['C'] }),
    ]
    expect(merged(chain, ['1.0.0'])).toHaveLength(1)
  })

  it('holds every installed version that any of them holds', () => {
    const [one] = merged(
      [advisory('A', { vulnerable: '<1.0.0' }), advisory('B', { aliases: ['A'] })],
      ['0.9.0', '1.5.0'],
    )
    expect(['0.9.0', '1.5.0'].every((version) => holds(one!.vulnerable, version))).toBe(true)
  })
})

type Records = Readonly<Record<string, object>>

/** Speaks as the service does: ids by query, pages, records by id. */
const osv = async (
  hits: Readonly<Record<string, readonly string[]>>,
  records: Records,
  given: { pageSize?: number } = {},
) => {
  const asked: { version: string; page_token?: string; package: { name: string } }[][] = []
  const batch: Handler = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { queries } = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as {
        queries: (typeof asked)[number]
      }
      asked.push(queries)
      const results = queries.map((query) => {
        const all = hits[`${query.package.name}@${query.version}`] ?? []
        const from = Number(query.page_token ?? 0)
        const to = from + (given.pageSize ?? all.length)
        const vulns = all.slice(from, to).map((id) => ({ id, modified: '2026-01-01T00:00:00Z' }))
        return { ...(vulns.length > 0 && { vulns }), ...(to < all.length && { next_page_token: String(to) }) }
      })
      response.end(JSON.stringify({ results }))
    })
  }
  const paths = Object.entries(records).map(([id, value]): [string, FakePackage] => [
    `/v1/vulns/${id}`,
    { raw: JSON.stringify(value) },
  ])
  return { ...(await server({ '/v1/querybatch': batch, ...Object.fromEntries(paths) })), asked }
}

const ask = async (
  osvUrl: string,
  installed: Readonly<Record<string, readonly string[]>>,
  given: {
    config?: Partial<Config>
    advisories?: Record<string, FakeAdvisory[]>
    home?: string
    now?: () => Date
  } = {},
) => {
  const { url } = await server({}, given.advisories ? { advisories: given.advisories } : {})
  const registry = await client({
    ...(given.home && { home: given.home }),
    ...(given.now && { now: given.now }),
    environment: { AUDIT_DEPS_OSV_URL: osvUrl },
    config: { registry: url, osv: true, cache: given.home !== undefined, ...given.config },
  })
  return registry.advisories(new Map(Object.entries(installed)))
}

describe("OSV's service", () => {
  it('is asked by batch and by id, and merged with the registry', async () => {
    const service = await osv(
      { 'pkg@1.0.0': ['GHSA-aaaa-bbbb-cccc', 'MAL-2026-7'], 'pkg@1.5.0': [] },
      {
        'GHSA-aaaa-bbbb-cccc': record(),
        'MAL-2026-7': record({ id: 'MAL-2026-7', aliases: [] }, { ranges: [], versions: ['1.0.0'] }),
      },
    )
    const known = {
      id: 1,
      url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
      title: 'As the registry calls it',
      severity: 'moderate',
      vulnerable_versions: '<1.2.0',
    }
    const answer = await ask(
      service.url,
      { pkg: ['1.0.0', '1.5.0'], free: ['1.0.0'] },
      { advisories: { pkg: [known] } },
    )
    expect(answer).toMatchObject({ state: 'served', missed: [] })
    expect(answer.state === 'served' && [...answer.value]).toMatchObject([
      [
        'pkg',
        [
          {
            id: 'GHSA-aaaa-bbbb-cccc',
            title: 'As the registry calls it',
            severity: 'high',
            aliases: ['CVE-2026-1'],
            fixed: ['1.2.0'],
          },
          { id: 'MAL-2026-7', malware: true },
        ],
      ],
      ['free', []],
    ])
    expect(service.asked).toEqual([
      [
        { package: { name: 'pkg', ecosystem: 'npm' }, version: '1.0.0' },
        { package: { name: 'pkg', ecosystem: 'npm' }, version: '1.5.0' },
        { package: { name: 'free', ecosystem: 'npm' }, version: '1.0.0' },
      ],
    ])
  })

  it('is believed where its record says nothing of versions, unless that was withdrawn', async () => {
    const bare = { id: 'MAL-2026-7' }
    const service = await osv(
      { 'pkg@1.0.0': ['MAL-2026-7'], 'old@1.0.0': ['MAL-2026-8'] },
      { 'MAL-2026-7': bare, 'MAL-2026-8': { id: 'MAL-2026-8', withdrawn: '2026-01-01T00:00:00Z' } },
    )
    const answer = await ask(service.url, { pkg: ['1.0.0'], old: ['1.0.0'] }, { advisories: {} })
    expect(answer.state === 'served' && [...answer.value]).toMatchObject([
      ['pkg', [{ id: 'MAL-2026-7', malware: true, vulnerable: '1.0.0' }]],
      ['old', []],
    ])
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['advisories that are no list', { vulns: {} }],
  ])('whose result is %s has not answered', async (_title, result) => {
    const { url } = await server({ '/v1/querybatch': { raw: JSON.stringify({ results: [result] }) } })
    const answer = await ask(url, { pkg: ['1.0.0'] }, { advisories: {} })
    expect(answer).toMatchObject({ missed: [{ why: expect.stringContaining('does not fit the question') }] })
  })

  it('is not asked unless the user says so', async () => {
    const service = await osv({}, {})
    await ask(service.url, { pkg: ['1.0.0'] }, { config: { osv: false }, advisories: {} })
    await ask(service.url, { pkg: ['1.0.0'] }, { config: { offline: true } })
    expect(service.requests).toEqual([])
  })

  it('is told nothing of private names, and without a mirror of its own only what is public', async () => {
    const service = await osv({}, {})
    const answer = await ask(
      service.url,
      { pkg: ['1.0.0'], 'mine-x': ['1.0.0'] },
      { config: { privateNames: ['mine-*'] }, advisories: {} },
    )
    expect(service.asked.flat().map((query) => query.package.name)).toEqual(['pkg'])
    expect(answer).toMatchObject({ missed: [{ what: 'mine-x' }] })
    const { url } = await server({}, { advisories: {} })
    const registry = await client({ environment: {}, config: { registry: url, osv: true } })
    // Nothing may be told, so nobody is asked: this test needs no network.
    expect(await registry.advisories(new Map([['pkg', ['1.0.0']]]))).toMatchObject({
      missed: [{ what: 'pkg', why: expect.stringContaining('OSV is told public names only') }],
    })
  })

  it('gets 1,000 versions a request, and every page is read', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`p${at}`, ['1.0.0']]))
    const ids = Array.from({ length: 5 }, (_, at) => `OSV-2026-${at}`)
    const records = Object.fromEntries(
      ids.map((id) => [id, record({ id, aliases: [] }, { package: { ecosystem: 'npm', name: 'p7' } })]),
    )
    const service = await osv({ 'p7@1.0.0': ids }, records, { pageSize: 2 })
    const answer = await ask(service.url, many)
    expect(answer.state === 'served' && answer.value.get('p7')?.map(({ id }) => id)).toEqual(ids)
    expect(service.asked.map((batch) => batch.length).sort()).toEqual([1, 1, 1000, 500].sort())
  })

  it('answers a warm run from the cache, for an hour', async () => {
    const service = await osv({ 'pkg@1.0.0': ['GHSA-aaaa-bbbb-cccc'] }, { 'GHSA-aaaa-bbbb-cccc': record() })
    const home = folder()
    const run = (minutes: number) =>
      ask(service.url, { pkg: ['1.0.0'] }, { home, now: () => new Date(Date.parse('2026-06-01') + minutes * 60_000) })
    const first = await run(0)
    expect(await run(59)).toEqual(first)
    expect(service.requests).toHaveLength(2)
    await run(61)
    expect(service.requests).toHaveLength(3)
  })

  it('that gives no details is believed all the same', async () => {
    const service = await osv({ 'pkg@1.0.0': ['MAL-2026-7', 'OSV-1'] }, { 'OSV-1': { id: 'OSV-2' } })
    expect(await ask(service.url, { pkg: ['1.0.0'] })).toMatchObject({
      state: 'served',
      value: new Map([
        [
          'pkg',
          [
            { id: 'MAL-2026-7', malware: true, vulnerable: '1.0.0' },
            { id: 'OSV-1', malware: false },
          ],
        ],
      ]),
      missed: expect.arrayContaining([
        { what: 'details of MAL-2026-7', why: expect.stringContaining('404'), next: expect.anything() },
        { what: 'details of OSV-1', why: expect.stringContaining('another record'), next: expect.anything() },
      ]),
    })
  })

  it('is not believed where the record says that this version is free', async () => {
    const service = await osv({ 'pkg@9.0.0': ['GHSA-aaaa-bbbb-cccc'] }, { 'GHSA-aaaa-bbbb-cccc': record() })
    expect(await ask(service.url, { pkg: ['9.0.0'] })).toMatchObject({ value: new Map([['pkg', []]]) })
  })

  it.each<[string, FakePackage]>([
    ['is not there', { status: 404 }],
    ['fails', { status: 500 }],
    ['is a web page', { raw: '<html>' }],
    ['answers null', { raw: 'null' }],
    ['answers a list', { raw: '[]' }],
    ['answers for another number of questions', { raw: '{"results":[{},{},{}]}' }],
    ['names what is no id', { raw: '{"results":[{"vulns":[{"id":"../../etc/passwd"}]}]}' }],
    ['names numbers', { raw: '{"results":[{"vulns":[{"id":7}]}]}' }],
    ['never ends', { raw: '{"results":[{"next_page_token":"again"}]}' }],
    ['sends us elsewhere', { status: 307, headers: { location: 'http://169.254.1.1/' } }],
  ])('that %s has not answered, and the registry still has', async (_title, says) => {
    const service = await server({ '/v1/querybatch': says })
    const known = { id: 1, title: 'Known', severity: 'low', vulnerable_versions: '*' }
    const answer = await ask(service.url, { pkg: ['1.0.0'] }, { advisories: { pkg: [known] } })
    expect(answer).toMatchObject({ state: 'served', missed: [{ what: expect.stringContaining("OSV's advisories") }] })
    expect(answer.state === 'served' && answer.value.get('pkg')).toMatchObject([{ title: 'Known' }])
  })
})

describe('an export', () => {
  const malware = record({ id: 'MAL-2026-7', aliases: [] }, { ranges: [], versions: ['1.0.0'] })
  const texts = {
    'GHSA-aaaa-bbbb-cccc.json': JSON.stringify(record()),
    'MAL-2026-7.json': JSON.stringify(malware, null, 2),
    'other.json': JSON.stringify(record({ id: 'X' }, { package: { ecosystem: 'npm', name: 'other' } })),
  }
  const read = async (path: string, installed: Readonly<Record<string, readonly string[]>> = { pkg: ['1.0.0'] }) => {
    const registry = await client({ config: { offline: true, advisories: path } })
    return registry.advisories(new Map(Object.entries(installed)))
  }
  const hit = {
    state: 'served',
    missed: [],
    value: new Map([['pkg', [{ id: 'GHSA-aaaa-bbbb-cccc' }, { id: 'MAL-2026-7', malware: true }]]]),
  }
  const zipped = (...entries: Parameters<typeof zipOf>[0]) => {
    const path = join(folder(), 'all.zip')
    writeFileSync(path, zipOf(entries))
    return path
  }
  const entriesOf = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([name, text]) => ({ name, text }))

  it('says of which versions nothing could be said', async () => {
    const path = zipped(...entriesOf(texts))
    const answer = await read(path, { pkg: ['1.0.0', 'banana'], free: ['^1.0.0', '=1.0'] })
    expect(answer).toMatchObject({ state: 'served', missed: [{ what: 'advisories of pkg@banana' }] })
  })

  it('in a folder, with folders in it, answers offline', async () => {
    const path = folder()
    mkdirSync(join(path, 'npm'))
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(path, 'npm', name), text)
    writeFileSync(join(path, 'README.md'), 'not a record')
    expect(await read(path)).toMatchObject(hit)
    expect(await read(path, { pkg: ['2.0.0'], absent: ['1.0.0'] })).toEqual({
      state: 'served',
      missed: [],
      value: new Map([
        ['pkg', []],
        ['absent', []],
      ]),
    })
  })

  it('in a zip answers the same, packed or stored, wherever its paths lead', async () => {
    expect(await read(zipped(...entriesOf(texts)))).toMatchObject(hit)
    const odd = entriesOf(texts).map((entry, at) => ({
      ...entry,
      name: ['../../../etc/x.json', '/abs.json', 'a\\b.json'][at]!,
      stored: at === 0,
    }))
    expect(await read(zipped(...odd, { name: 'folder/', text: '' }, { name: 'README', text: 'x' }))).toMatchObject(hit)
  })

  it('finds names however they are written', async () => {
    const escaped = JSON.stringify(record()).replace('"pkg"', '"\\u0070kg"')
    const key = JSON.stringify({ ...malware }).replaceAll('"name"', '"n\\u0061me"')
    expect(await read(zipped({ name: 'a.json', text: escaped }, { name: 'b.json', text: key }))).toMatchObject(hit)
  })

  it.each<[string, Parameters<typeof zipOf>[0][number]]>([
    ['broken JSON', { name: 'x.json', text: '{"affected":[{"package":{"name":"pkg"' }],
    ['JSON that was cut off before any name', { name: 'x.json', text: '{"id":"GHSA-1","summary":"' }],
    ['a list', { name: 'x.json', text: '[]' }],
    ['unreadable versions', { name: 'x.json', text: JSON.stringify(record({}, { ranges: [] })) }],
    ['more than it says', { name: 'x.json', text: JSON.stringify(record()), claims: 10 }],
    ['less than it says', { name: 'x.json', text: JSON.stringify(record()), claims: 100_000 }],
    ['encrypted bytes', { name: 'x.json', text: JSON.stringify(record()), flags: 1 }],
    ['an unknown packing', { name: 'x.json', text: JSON.stringify(record()), method: 99 }],
    ['a gigabyte of nothing', bomb],
  ])('with %s says what it could not read', async (_title, entry) => {
    expect(await read(zipped(...entriesOf(texts), entry))).toMatchObject({
      ...hit,
      missed: [{ what: '1 records of all.zip', why: 'they cannot be understood' }],
    })
  })

  it('takes a folder of other JSON for no export', async () => {
    const path = folder()
    writeFileSync(join(path, 'package.json'), '{"name":"pkg"}')
    await expect(read(path)).rejects.toThrow('there is no OSV record')
  })

  it('does not follow links out of a folder', async () => {
    const [path, outside] = [folder(), folder()]
    writeFileSync(join(outside, 'x.json'), JSON.stringify(record()))
    symlinkSync(outside, join(path, 'linked'))
    symlinkSync(join(outside, 'x.json'), join(path, 'x.json'))
    await expect(read(path)).rejects.toThrow('there is no OSV record')
  })

  it.each<[string, (path: string) => void]>([
    ['is not there', () => {}],
    ['is no zip', (path) => writeFileSync(path, 'PK nothing')],
    ['is empty', (path) => writeFileSync(path, '')],
    ['is an empty folder', (path) => mkdirSync(path)],
    ['is cut off', (path) => writeFileSync(path, zipOf(entriesOf(texts)).subarray(0, -30))],
    ['holds no record', (path) => writeFileSync(path, zipOf([{ name: 'README', text: 'x' }]))],
  ])('that %s ends the run: what the user named must be read', async (_title, make) => {
    const path = join(folder(), 'all.zip')
    make(path)
    await expect(read(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('OSV') })
  })

  it('of noise is an answer or an error of ours, never a crash', async () => {
    const whole = zipOf(entriesOf(texts))
    const path = join(folder(), 'all.zip')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }),
        async (changes) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          writeFileSync(path, bytes)
          const answer = await read(path).catch((error: unknown) => error)
          expect(answer).toHaveProperty(answer instanceof Error ? 'hint' : 'state')
        },
      ),
      { numRuns: 60 },
    )
  })
})
