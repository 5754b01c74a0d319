// Advisories: which hit an installed version, which are malware, and what a registry without them means.

import { describe, expect, it } from 'vitest'
import type { Advisory } from '../../src/types.ts'
import type { FakeAdvisory, FakePackage } from '../support/registry-server.ts'
import { client, folder, server } from './setup.ts'

const endpoint = '/-/npm/v1/security/advisories/bulk'
const advisory = (given: Partial<FakeAdvisory> = {}): FakeAdvisory => ({
  id: 1234,
  url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
  title: 'Prototype pollution',
  severity: 'moderate',
  vulnerable_versions: '<2.0.0',
  ...given,
})

const found = async (given: Partial<FakeAdvisory>, versions = ['1.0.0']): Promise<readonly Advisory[]> => {
  const { url } = await server({}, { advisories: { a: [advisory(given)] } })
  const answer = await (await client({ config: { registry: url } })).advisories(new Map([['a', versions]]))
  return answer.state === 'served' ? (answer.value.get('a') ?? []) : []
}

describe('an advisory', () => {
  it('is told with its id, severity and range', async () => {
    expect(await found({})).toEqual([
      {
        id: 'GHSA-aaaa-bbbb-cccc',
        url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
        title: 'Prototype pollution',
        severity: 'medium',
        vulnerable: '<2.0.0',
        malware: false,
      },
    ])
  })

  it.each<[string, Partial<FakeAdvisory>, Partial<Advisory>]>([
    ['a number where the URL shows no id', { url: 'https://advisories.example/1' }, { id: '1234' }],
    ['without a number where it is none', { url: 'x', id: JSON.parse('{"toString":1}') }, { id: 'no id' }],
    ['no URL that is none', { url: 'javascript:alert(1)' }, { url: undefined, id: '1234' }],
    ['malware by its weakness', { cwe: ['CWE-506'] }, { malware: true }],
    ['malware by its title', { title: 'Malware in a' }, { malware: true }],
    ['malware by its id', { url: 'https://advisories.example/MAL-2026-12' }, { id: 'MAL-2026-12', malware: true }],
    ['no malware by another weakness', { cwe: ['CWE-79'] }, { malware: false }],
    ['low', { severity: 'low' }, { severity: 'low' }],
    ['critical', { severity: 'critical' }, { severity: 'critical' }],
    ['medium where the severity is unknown', { severity: 'dreadful' }, { severity: 'medium' }],
  ])('is %s', async (_title, given, expected) => {
    expect(await found(given)).toMatchObject([expected])
  })

  it.each<[string, string[], boolean]>([
    ['<2.0.0', ['1.9.9'], true],
    ['<2.0.0', ['2.0.0'], false],
    ['<2.0.0', ['2.0.0', '1.0.0'], true],
    ['>=1.0.0 <1.2.0 || 3.x', ['3.4.5'], true],
    ['*', ['1.0.0-beta.1'], true],
    ['<2.0.0', ['2.0.0-rc.1'], true],
    ['=1.0.0', ['v1.0.0'], true],
    ['<2.0.0', ['not a version'], false],
    ['<2.0.0', [], false],
  ])('for %s hits %j: %s', async (range, versions, hits) => {
    expect(await found({ vulnerable_versions: range }, versions)).toHaveLength(hits ? 1 : 0)
  })
})

describe('a registry', () => {
  it.each<[FakePackage, RegExp]>([
    [{ status: 404 }, /serves no advisories \(404\)/],
    [{ status: 405 }, /serves no advisories \(405\)/],
    [{ status: 501 }, /it answered 501/],
    [{ status: 401 }, /refuses advisories \(401\)/],
    [{ status: 503 }, /it answered 503/],
    [{ raw: '<html>' }, /web page/],
    [{ raw: '[]' }, /no object/],
    [{ raw: '{"error":"not supported"}' }, /about something else/],
    [{ raw: '{"a":[],"__proto__":{"a":1}}' }, /about something else/],
    [{ hang: true }, /no answer within/],
  ])('that says %j serves none', async (says, why) => {
    const { url } = await server({ [endpoint]: says })
    const registry = await client({ config: { registry: url }, timing: { requestMs: 150, retryMs: [] } })
    const answer = await registry.advisories(new Map([['a', ['1.0.0']]]))
    expect(answer).toMatchObject({
      state: 'not-served',
      missed: [{ what: 'advisories of 1 package', why: expect.stringMatching(why) }],
    })
  })

  it.each<[string, unknown]>([
    ['a range that is none', [{ ...advisory(), vulnerable_versions: 'many' }]],
    ['no range', [{ ...advisory(), vulnerable_versions: undefined }]],
    ['no list', 'vulnerable'],
    ['null', [null]],
  ])('that gives %s is partly missed, not clean', async (_title, list) => {
    const { url } = await server({ [endpoint]: { raw: JSON.stringify({ a: list, b: [advisory()] }) } })
    const registry = await client({ config: { registry: url } })
    const answer = await registry.advisories(
      new Map([
        ['a', ['1.0.0']],
        ['b', ['1.0.0']],
      ]),
    )
    expect(answer).toMatchObject({ state: 'served', missed: [{ what: 'advisories of a' }] })
    expect(answer.state === 'served' && [...answer.value.keys()]).toEqual(['b'])
  })

  it('is not asked for what is no version, and that is said', async () => {
    const { url, posted } = await server({}, { advisories: {} })
    const registry = await client({ config: { registry: url } })
    const answer = await registry.advisories(
      new Map([
        ['a', ['1.0.0', 'latest']],
        ['b', ['nonsense']],
      ]),
    )
    expect(posted).toEqual([{ a: ['1.0.0'] }])
    expect(answer).toMatchObject({
      value: new Map([['a', []]]),
      missed: [{ what: 'advisories of a@latest' }, { what: 'advisories of b@nonsense' }],
    })
  })

  it('cannot speak of names that were not asked', async () => {
    const text = JSON.stringify(advisory())
    const { url } = await server({
      [endpoint]: { raw: `{"other":[${text}],"__proto__":[${text}]}` },
    })
    const answer = await (await client({ config: { registry: url } })).advisories(new Map([['a', ['1.0.0']]]))
    expect(answer).toEqual({ state: 'served', value: new Map([['a', []]]), missed: [] })
  })

  it('gets 1,000 names a request, once each, and private scopes never', async () => {
    const { url, posted } = await server({}, { advisories: {} })
    const other = await server({}, { advisories: {} })
    const registry = await client({
      userNpmrc: `registry=${url}\n@acme:registry=${other.url}`,
      config: { privateNames: ['mine-*'] },
    })
    const many = Array.from({ length: 1500 }, (_, at): [string, string[]] => [`p${at}`, ['1.0.0', '1.0.0', '2.0.0']])
    const answer = await registry.advisories(new Map([...many, ['@acme/x', ['1.0.0']], ['mine-x', ['1.0.0']]]))
    expect(answer.state !== 'skipped' && answer.missed.map(({ what }) => what)).toEqual(['@acme/x', 'mine-x'])
    expect(answer.state === 'served' && answer.value.size).toBe(1500)
    expect(posted.map((body) => Object.keys(body as object).length).sort()).toEqual([1000, 500])
    expect(Object.assign({}, ...posted)).toEqual(Object.fromEntries(many.map(([name]) => [name, ['1.0.0', '2.0.0']])))
    expect(other.requests).toEqual([])
  })

  it('is asked again after an hour, or for other versions', async () => {
    const { url, posted } = await server({}, { advisories: { a: [advisory()] } })
    const home = folder()
    const run = async (minutes: number, version: string) =>
      (
        await client({
          home,
          now: () => new Date(Date.parse('2026-06-01') + minutes * 60_000),
          config: { registry: url, cache: true },
        })
      ).advisories(new Map([['a', [version]]]))
    const first = await run(0, '1.0.0')
    expect(first).toMatchObject({ value: new Map([['a', [{ id: 'GHSA-aaaa-bbbb-cccc' }]]]) })
    expect(await run(59, '1.0.0')).toEqual(first)
    expect(posted).toHaveLength(1)
    await run(59, '1.1.0')
    await run(61, '1.0.0')
    expect(posted).toHaveLength(3)
  })
})
