// The lightest question: a status, and when to believe it.

import { describe, expect, it } from 'vitest'
import type { FakePackage, Handler } from '../support/registry-server.ts'
import { client, folder, plain, server } from './setup.ts'

const npm = { '/npm/latest': { raw: '{"name":"npm"}' } } satisfies Record<string, FakePackage>

/** A registry that is held to be the one everybody shares. */
const publicOne = async (packages: Record<string, FakePackage | Handler>, given: Parameters<typeof client>[0] = {}) => {
  const started = await server(packages)
  const registry = await client({
    ...given,
    publicRegistry: started.url,
    config: { ...given.config, registry: started.url },
  })
  return { registry, requests: started.requests }
}

describe('exists', () => {
  it.each<[string, FakePackage, string]>([
    ['200', plain, 'exists'],
    ['404', { status: 404 }, 'not-found'],
    ['451', { status: 451 }, 'security-held'],
    ['401', { status: 401 }, 'forbidden'],
    ['403', { status: 403 }, 'forbidden'],
    ['429', { status: 429 }, 'unreachable'],
    ['500', { status: 500 }, 'unreachable'],
    ['302 to nowhere', { status: 302 }, 'unreachable'],
  ])('%s', async (_said, says, state) => {
    const { registry } = await publicOne({ ...npm, '@a/b': says })
    expect((await registry.exists('@a/b')).state).toBe(state)
  })

  it('asks by HEAD, once a name', async () => {
    const { registry, requests } = await publicOne({ ...npm, a: plain })
    await Promise.all([registry.exists('a'), registry.exists('a'), registry.exists('ghost')])
    expect([...requests].sort()).toEqual(['GET /npm/latest', 'HEAD /a', 'HEAD /ghost'])
  })

  it('asks nothing where the package itself was asked for', async () => {
    const { registry, requests } = await publicOne({ ...npm, a: plain })
    await registry.package('a')
    expect((await registry.exists('a')).state).toBe('exists')
    expect(requests).toEqual(['GET /a'])
  })

  it.each<[string, FakePackage]>([
    ['200', { raw: '<!doctype html><p>Log in', type: 'text/html' }],
    ['404', { status: 404 }],
  ])('a portal that answers %s for everything is not believed', async (_said, says) => {
    const { registry } = await publicOne({ a: says, '/npm/latest': says })
    expect(await registry.exists('a')).toMatchObject({ state: 'unreachable', why: expect.stringContaining('npm') })
  })

  it('asks by GET where HEAD is not known', async () => {
    const { registry } = await publicOne({
      ...npm,
      a: (request, response) => response.writeHead(request.method === 'HEAD' ? 405 : 200).end('{}'),
    })
    expect((await registry.exists('a')).state).toBe('exists')
  })

  it('a page to log in, where nobody vouches for the registry, is nobody’s package', async () => {
    const page = {
      status: 200,
      body: '<!doctype html><p>Log in',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    }
    const { url, requests } = await server({ a: page })
    const registry = await client({ config: { registry: url } })
    expect(await registry.exists('a')).toMatchObject({ state: 'unreachable', why: expect.stringMatching(/web page/) })
    expect(requests).toEqual(['HEAD /a', 'GET /a'])
  })

  it('remembers: what is there for a day, what is not for minutes', async () => {
    const home = folder()
    let now = new Date('2026-06-01T00:00:00Z')
    const given = { home, now: () => now, config: { cache: true } }
    const { registry, requests } = await publicOne({ ...npm, a: plain }, given)
    const options = {
      ...given,
      publicRegistry: registry.urlFor(),
      config: { cache: true, registry: registry.urlFor() },
    }
    const ask = async () => {
      const client_ = await client(options)
      return [await client_.exists('a'), await client_.exists('ghost')].map(({ state }) => state)
    }
    expect(await ask()).toEqual(['exists', 'not-found'])
    const asked = requests.length
    expect(await ask()).toEqual(['exists', 'not-found'])
    expect(requests.length).toBe(asked)
    now = new Date('2026-06-01T00:11:00Z')
    await ask()
    expect(requests.slice(asked)).toEqual(expect.arrayContaining(['HEAD /ghost']))
    expect(requests.slice(asked)).not.toContain('HEAD /a')
  })

  it('never asks for private names', async () => {
    const { registry, requests } = await publicOne({ ...npm }, { config: { privateNames: ['@acme/*'] } })
    expect((await registry.exists('@acme/x')).state).toBe('not-asked')
    expect((await registry.exists('../x')).state).toBe('not-asked')
    expect(requests).toEqual([])
  })
})
