// Download counts: in bulk, bounded, from the shared registry only, and whatever was not asked is said.

import { describe, expect, it } from 'vitest'
import { downloadsUrl } from '../../src/registry/downloads.ts'
import type { FakePackage } from '../support/registry-server.ts'
import { client, folder, server } from './setup.ts'

const path = '/downloads/point/last-week/'
const names = (count: number, prefix = 'p') => Array.from({ length: count }, (_, at) => `${prefix}${at}`)
const counts = (given: readonly string[]) => Object.fromEntries(given.map((name, at) => [name, at]))

/** A client whose shared registry is this server. */
const shared = async (downloads: Record<string, number>, odd: Record<string, FakePackage> = {}) => {
  const started = await server(odd, { downloads })
  const registry = await client({
    config: { registry: started.url },
    publicRegistry: started.url,
    timing: { retryMs: [5] },
  })
  return { ...started, registry }
}

it('the API’s host follows from the registry’s', () => {
  expect(downloadsUrl('https://registry.example/')).toBe('https://registry.example/'.replace('registry.', 'api.'))
  expect(downloadsUrl('https://npm.example/')).toBe('https://npm.example/')
})

describe('downloads', () => {
  it('come 128 names a request, scoped ones singly', async () => {
    const asked = [...names(300), '@a/x', '@b/y']
    const { registry, requests } = await shared(counts(asked))
    const given = await registry.downloads([...asked, 'p1', 'p2'])
    expect(given).toEqual({ state: 'served', value: new Map(Object.entries(counts(asked))), missed: [] })
    expect(requests).toHaveLength(5)
    expect(requests.map((request) => request.split(',').length).sort((a, b) => a - b)).toEqual([1, 1, 44, 128, 128])
  })

  it('of unknown names are absent, in bulk and singly', async () => {
    const { registry } = await shared({ known: 7 })
    expect(await registry.downloads(['known', 'unknown', '@s/unknown'])).toEqual({
      state: 'served',
      value: new Map([['known', 7]]),
      missed: [],
    })
    expect(await registry.downloads(['other'])).toEqual({ state: 'served', value: new Map(), missed: [] })
  })

  it('of nothing ask nothing', async () => {
    const { registry, requests } = await shared({})
    expect(await registry.downloads([])).toEqual({ state: 'served', value: new Map(), missed: [] })
    expect(requests).toEqual([])
  })

  it('of many scoped names are bounded, and the rest is named', async () => {
    const asked = names(80, '@s/p')
    const { registry, requests } = await shared(counts(asked))
    const given = await registry.downloads(asked)
    expect(given).toMatchObject({
      state: 'served',
      missed: [{ what: 'downloads of 16 packages', why: expect.stringContaining('one by one') }],
    })
    expect(requests).toHaveLength(64)
  })

  it('stop at 429 and keep what came', async () => {
    const asked = names(400)
    const odd = { [`${path}${asked.slice(128, 256).join(',')}`]: { status: 429 } }
    const { registry } = await shared(counts(asked), odd)
    const given = await registry.downloads(asked)
    expect(given).toMatchObject({
      state: 'served',
      missed: [{ what: expect.stringMatching(/^downloads of \d+ packages$/), why: expect.stringContaining('429') }],
    })
    expect(given.state === 'served' && given.value.size).toBeGreaterThanOrEqual(128)
  })

  it('end after the first request where nothing is served', async () => {
    const asked = names(1000)
    const odd = { [`${path}${asked.slice(0, 128).join(',')}`]: { status: 405 } }
    const { registry, requests } = await shared({}, odd)
    const given = await registry.downloads(asked)
    expect(given).toMatchObject({
      state: 'not-served',
      missed: [{ what: 'downloads of 1000 packages', why: expect.stringContaining('405') }],
    })
    expect(requests.length).toBeLessThanOrEqual(1)
  })

  it.each<[string, unknown]>([
    ['negative', { downloads: -1 }],
    ['fractional', { downloads: 1.5 }],
    ['text', { downloads: '12' }],
    ['huge', { downloads: 1e300 }],
    ['another package’s', { downloads: 12, package: 'other' }],
    ['null', null],
    ['a list', []],
  ])('that are %s are absent', async (_title, says) => {
    const { registry } = await shared({}, { [`${path}a,b`]: { raw: JSON.stringify({ a: says, b: { downloads: 3 } }) } })
    expect(await registry.downloads(['a', 'b'])).toMatchObject({ state: 'served', value: new Map([['b', 3]]) })
  })

  it.each<[string, FakePackage]>([
    ['a web page', { raw: '<html>' }],
    ['text', { raw: '"x"' }],
    ['500', { status: 500 }],
    ['silence', { hang: true }],
  ])('are not served by %s', async (_title, says) => {
    const started = await server({ [`${path}a,b`]: says })
    const registry = await client({
      config: { registry: started.url },
      publicRegistry: started.url,
      timing: { requestMs: 100, retryMs: [] },
    })
    expect((await registry.downloads(['a', 'b'])).state).toBe('not-served')
  })

  it('are remembered for a day', async () => {
    const started = await server({}, { downloads: { a: 1, b: 2 } })
    const given = { home: folder(), publicRegistry: started.url, config: { registry: started.url, cache: true } }
    await (await client(given)).downloads(['a', 'b'])
    const again = await (await client(given)).downloads(['a', 'b'])
    expect(again).toMatchObject({
      value: new Map([
        ['a', 1],
        ['b', 2],
      ]),
    })
    expect(started.requests).toHaveLength(1)
  })

  it('are not asked of a private registry, nor for names that belong to one', async () => {
    const [own, everybody] = [
      await server({}, { downloads: { a: 1 } }),
      await server({}, { downloads: { a: 1, '@acme/a': 1 } }),
    ]
    const privately = await client({ config: { registry: own.url }, publicRegistry: everybody.url })
    expect(await privately.downloads(['a'])).toMatchObject({
      state: 'not-served',
      missed: [{ why: expect.stringContaining('publishes no download') }],
    })
    const mixed = await client({
      publicRegistry: everybody.url,
      userNpmrc: `registry=${everybody.url}\n@acme:registry=${own.url}`,
    })
    expect(await mixed.downloads(['a', '@acme/a'])).toMatchObject({ value: new Map([['a', 1]]) })
    expect([...own.requests, ...everybody.requests]).toEqual([`GET ${path}a`])
  })

  it('come from a mirror that the user names', async () => {
    const [own, mirror] = [await server({}), await server({}, { downloads: { a: 9 } })]
    const registry = await client({
      config: { registry: own.url },
      environment: { AUDIT_DEPS_DOWNLOADS_URL: mirror.url },
    })
    expect(await registry.downloads(['a'])).toMatchObject({ value: new Map([['a', 9]]) })
    expect(own.requests).toEqual([])
  })
})
