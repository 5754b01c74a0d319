// Each thing a registry can say, and the one answer it stands for.

import { describe, expect, it } from 'vitest'
import type { FakePackage, Handler } from '../support/registry-server.ts'
import { brief, client, plain, server } from './setup.ts'

const old = { '1.0.0': { published: '2020-01-01T00:00:00.000Z' } }

const said: Record<string, { says: FakePackage | Handler; answer: RegExp | string }> = {
  'a package': { says: plain, answer: 'exists' },
  '404': { says: { status: 404 }, answer: 'not-found' },
  '451': { says: { status: 451 }, answer: 'security-held' },
  '401': { says: { status: 401 }, answer: /^forbidden: it answered 401/ },
  '403': { says: { status: 403 }, answer: /^forbidden: it answered 403/ },
  '400': { says: { status: 400 }, answer: /^unreachable: it answered 400/ },
  '408': { says: { status: 408 }, answer: /^unreachable: it answered 408/ },
  '410': { says: { status: 410 }, answer: /^unreachable: it answered 410/ },
  '429': { says: { status: 429 }, answer: /^unreachable: it answered 429: too many requests/ },
  '500': { says: { status: 500 }, answer: /^unreachable: it answered 500/ },
  '503': { says: { status: 503 }, answer: /^unreachable: it answered 503/ },
  '204 without a body': { says: { status: 204 }, answer: /^unreachable: it answered 204/ },
  'a web page': { says: { raw: '<!doctype html><p>Log in', type: 'text/html' }, answer: /with a web page/ },
  nothing: { says: { raw: '' }, answer: /with nothing instead of JSON/ },
  'broken JSON': { says: { raw: '{"name":' }, answer: /with broken JSON/ },
  'JSON that is a list': { says: { raw: '[]' }, answer: /no packument/ },
  'JSON null': { says: { raw: 'null' }, answer: /no packument/ },
  'another name': { says: { versions: old, packument: { name: 'other' } }, answer: /another name/ },
  'no name': { says: { versions: old, packument: { name: null } }, answer: /another name/ },
  'versions as a list': { says: { versions: {}, packument: { versions: ['1.0.0'] } }, answer: /no object/ },
  'versions as text': { says: { versions: {}, packument: { versions: '1.0.0' } }, answer: /no object/ },
  'a placeholder': { says: { versions: { '0.0.1-security': {} } }, answer: 'security-held' },
  'a numbered placeholder': { says: { versions: { '0.0.1-security.0': {} } }, answer: 'security-held' },
  'a described placeholder': {
    says: { versions: { '1.0.0': {} }, packument: { description: 'security holding package' } },
    answer: 'security-held',
  },
  'a real package with one -security version': {
    says: { versions: { '1.0.0': {}, '1.0.1-security': {} } },
    answer: 'exists',
  },
  'an unpublished package': {
    says: {
      versions: {},
      packument: { versions: undefined, time: { unpublished: { time: '2020-02-02T00:00:00.000Z', versions: [] } } },
    },
    answer: 'unpublished',
  },
  'a package without any version': { says: { versions: {} }, answer: 'unpublished' },
  'one published again': {
    says: { versions: old, packument: { time: { unpublished: { time: '2019-01-01T00:00:00.000Z' } } } },
    answer: 'exists',
  },
  'half an answer': {
    says: (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"name":')
      setTimeout(() => response.destroy(), 5)
    },
    answer: /^unreachable: the connection failed/,
  },
  'a closed connection': { says: (request) => void request.socket.destroy(), answer: /^unreachable: the connection/ },
  silence: { says: { hang: true }, answer: /^unreachable: no answer within 0\.2 s/ },
  'drips without an end': {
    says: (_request, response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    },
    answer: /^unreachable: no answer within 0\.2 s/,
  },
  'another protocol': {
    says: (request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')
    },
    answer: /^unreachable: the connection failed/,
  },
  'compressed noise': {
    says: (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end('not gzip at all')
    },
    answer: /^unreachable: /,
  },
}

describe('a registry that says', () => {
  it.each(Object.entries(said))('%s', async (_title, { says, answer }) => {
    const { url } = await server({ asked: says })
    const registry = await client({ config: { registry: url }, timing: { requestMs: 200, retryMs: [5] } })
    const given = await registry.package('asked')
    expect(brief(given)).toMatch(answer instanceof RegExp ? answer : new RegExp(`^${answer}$`))
    if ('next' in given) expect(given.next.length).toBeGreaterThan(10)
    if ('registry' in given) expect(given.registry).toBe(url)
  })

  it('more than 64 MiB, compressed to nearly nothing, is cut off', async () => {
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20))
    const { url } = await server({
      asked: (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' })
        response.end(bomb)
      },
    })
    const registry = await client({ config: { registry: url }, timing: { requestMs: 10_000 } })
    expect(brief(await registry.package('asked'))).toBe('unreachable: its answer is larger than 64 MiB')
  })

  it('nothing, because nobody is there', async () => {
    const gone = await server({})
    await gone.close()
    const registry = await client({ config: { registry: gone.url } })
    const answer = await registry.package('asked')
    expect(brief(answer)).toBe('unreachable: it refuses connections')
    // One of several registries may be down: the sentence says which.
    expect(answer).toMatchObject({ why: expect.stringMatching(/^127\.0\.0\.1:\d+: it refuses/) })
  })

  it('nothing, because its host does not exist', async () => {
    const registry = await client({ config: { registry: 'http://no-such-registry.invalid/' } })
    expect(brief(await registry.package('asked'))).toBe('unreachable: its host name does not resolve')
  })

  it('hello in plain text where TLS is expected', async () => {
    const { url } = await server({ asked: plain })
    const registry = await client({ config: { registry: url.replace('http:', 'https:') } })
    expect(brief(await registry.package('asked'))).toMatch(/^unreachable: /)
  })
})

describe('names', () => {
  it('are sent encoded, scopes too, and under their own base path', async () => {
    const { url, requests } = await server({
      '/base/@scope%2fname': { versions: old, packument: { name: '@scope/name' } },
    })
    const registry = await client({ config: { registry: `${url}base` } })
    expect(brief(await registry.package('@scope/name'))).toBe('exists')
    expect(requests).toEqual(['GET /base/@scope%2fname'])
    expect(registry.urlFor('@scope/name')).toBe(`${url}base/`)
  })

  it.each([
    '',
    ' ',
    '../x',
    './x',
    '/etc/passwd',
    'a/b/c',
    'a/b',
    '@scope',
    '@scope/',
    '@/x',
    '@a/b/c',
    'x y',
    'x\ny',
    'x\0',
    'a?b=c',
    'a#b',
    'a%2fb',
    '💥',
    'näme',
    '.hidden',
    '_under',
    '__proto__',
    '-',
    'node_modules',
    'favicon.ico',
    'https://registry.example/x',
    'git+ssh://x',
    'x@1.0.0',
    'npm:x',
    'file:x',
    'x'.repeat(300),
  ])('that are none are never sent: %j', async (name) => {
    const { url, requests } = await server({})
    const registry = await client({ config: { registry: url } })
    expect(brief(await registry.package(name))).toMatch(/^not-asked: it is no valid package name: ./)
    expect(requests).toEqual([])
  })

  it.each(['constructor', 'hasOwnProperty', 'toString', 'JSONStream', '@types/node', 'a.b', 'a~b'])(
    'that are odd but allowed are asked: %s',
    async (name) => {
      const { url, requests } = await server({ [name]: plain })
      const registry = await client({ config: { registry: url } })
      expect(brief(await registry.package(name))).toBe('exists')
      expect(requests).toHaveLength(1)
    },
  )
})

describe('private names', () => {
  it('are asked nowhere, and not among downloads or advisories either', async () => {
    const { url, requests, posted } = await server({ open: plain }, { downloads: { open: 5, mine: 7 }, advisories: {} })
    const registry = await client({
      config: { registry: url, privateNames: ['@acme/*', 'acme-*', '*-internal'] },
      workspaceNames: new Set(['mine']),
      publicRegistry: url,
    })
    const names = ['@acme/x', 'acme-y', 'z-internal', 'mine', '../bad']
    for (const name of names) expect((await registry.package(name)).state).toBe('not-asked')
    const counts = await registry.downloads([...names, 'open'])
    expect(counts).toMatchObject({ value: new Map([['open', 5]]), missed: names.map((what) => ({ what })) })
    await registry.advisories(new Map([...names, 'open'].map((name) => [name, ['1.0.0']])))
    expect(posted).toEqual([{ open: ['1.0.0'] }])
    expect(requests).toEqual(['GET /downloads/point/last-week/open', 'POST /-/npm/v1/security/advisories/bulk'])
  })
})

describe('a run', () => {
  it('asks each name once, however often and at once it is wanted', async () => {
    const { url, requests } = await server({ a: plain, b: plain }, { latencyMs: 20 })
    const registry = await client({ config: { registry: url } })
    await Promise.all(Array.from({ length: 50 }, (_, at) => registry.package(at % 2 ? 'a' : 'b')))
    await registry.package('a')
    expect([...requests].sort()).toEqual(['GET /a', 'GET /b'])
  })

  it('never has more than 64 requests in flight', async () => {
    let now = 0
    let most = 0
    const slow: Handler = (request, response) => {
      most = Math.max(most, ++now)
      setTimeout(() => {
        now--
        response.end(JSON.stringify({ name: request.url!.slice(1), versions: { '1.0.0': {} } }))
      }, 50)
    }
    const names = Array.from({ length: 200 }, (_, at) => `p${at}`)
    const { url } = await server(Object.fromEntries(names.map((name) => [name, slow])))
    const registry = await client({ config: { registry: url } })
    const answers = await Promise.all(names.map((name) => registry.package(name)))
    expect(answers.every(({ state }) => state === 'exists')).toBe(true)
    expect(most).toBeGreaterThan(32)
    expect(most).toBeLessThanOrEqual(64)
  })

  it('tries again what may pass, and waits as long as the registry asks', async () => {
    let calls = 0
    const { url, requests } = await server({
      flaky: (_request, response) => {
        calls++
        if (calls < 3) response.writeHead(calls === 1 ? 503 : 429, { 'retry-after': '0' }).end()
        else response.end(JSON.stringify({ name: 'flaky', versions: { '1.0.0': {} } }))
      },
    })
    const registry = await client({ config: { registry: url } })
    expect(brief(await registry.package('flaky'))).toBe('exists')
    expect(requests).toHaveLength(3)
  })

  it('stops asking after five failures in a row, and says so', async () => {
    const broken = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`p${at}`, { status: 500 }]))
    const { url, requests } = await server(broken)
    const registry = await client({ config: { registry: url }, timing: { retryMs: [] } })
    for (let at = 0; at < 5; at++) expect(brief(await registry.package(`p${at}`))).toBe('unreachable: it answered 500')
    expect(brief(await registry.package('p5'))).toBe(
      'unreachable: not asked any more after 5 failures in a row (it answered 500)',
    )
    expect(requests).toHaveLength(5)
  })

  it('keeps asking while any answer comes in between', async () => {
    const bad = Array.from({ length: 8 }, (_, at) => `bad-${at}`)
    const { url, requests } = await server(Object.fromEntries(bad.map((name) => [name, { status: 500 }])))
    const registry = await client({ config: { registry: url }, timing: { retryMs: [] } })
    for (const name of bad) {
      await registry.package(`missing-${name}`)
      await registry.package(name)
    }
    expect(requests).toHaveLength(16)
  })

  it('gives one broken registry up without giving up another', async () => {
    const good = await server({ '@good/a': plain })
    const bad = await server(Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`p${at}`, { status: 502 }])))
    const registry = await client({
      config: { registry: bad.url },
      userNpmrc: `@good:registry=${good.url}`,
      timing: { retryMs: [] },
    })
    for (let at = 0; at < 6; at++) await registry.package(`p${at}`)
    expect(brief(await registry.package('@good/a'))).toBe('exists')
  })

  it('ends by itself: a hanging registry costs its deadline, not 200 timeouts', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `p${at}`)
    const { url } = await server(Object.fromEntries(names.map((name) => [name, { hang: true } as const])))
    const registry = await client({
      config: { registry: url },
      timing: { requestMs: 100, deadlineMs: 250, retryMs: [5] },
    })
    const started = performance.now()
    const answers = await Promise.all(names.map((name) => registry.package(name)))
    expect(performance.now() - started).toBeLessThan(2000)
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['unreachable']))
  })

  it('says that its time on the network is over', async () => {
    const { url } = await server({ a: plain, b: plain }, { latencyMs: 30 })
    const registry = await client({ config: { registry: url }, timing: { deadlineMs: 20, retryMs: [] } })
    await registry.package('a')
    expect(brief(await registry.package('b'))).toMatch(/a run may spend on the network are over/)
  })
})

describe('404 from the registry that everybody shares', () => {
  it('is believed once it has shown any package', async () => {
    const { url, requests } = await server({ real: plain })
    const registry = await client({ config: { registry: url }, publicRegistry: url })
    await registry.package('real')
    expect(brief(await registry.package('missing'))).toBe('not-found')
    expect(requests).toEqual(['GET /real', 'GET /missing'])
  })

  it('is believed if it knows npm, which is asked once', async () => {
    const { url, requests } = await server({ '/npm/latest': { raw: '{"name":"npm"}' } })
    const registry = await client({ config: { registry: url }, publicRegistry: url })
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => registry.package(name)))
    expect(answers.map(brief)).toEqual(['not-found', 'not-found', 'not-found'])
    expect(requests.filter((request) => request.includes('npm'))).toHaveLength(1)
  })

  it.each<[string, FakePackage, RegExp]>([
    ['404 too', { status: 404 }, /^unreachable: it answers 404 for everything, even npm$/],
    ['403', { status: 403 }, /^unreachable: it answered 404, and 403 for npm itself$/],
    ['500', { status: 500 }, /^unreachable: it answered 404, and asking for npm itself failed: it answered 500$/],
    ['a web page', { raw: '<html>' }, /asking for npm itself failed: it answered with a web page/],
    ['another package', { raw: '{"name":"x"}' }, /^unreachable: it answered 404, and 200 for npm itself$/],
  ])('is not believed if npm gets %s', async (_title, npm, expected) => {
    const { url } = await server({ '/npm/latest': npm })
    const registry = await client({ config: { registry: url }, publicRegistry: url })
    expect(brief(await registry.package('missing'))).toMatch(expected)
  })

  it('needs no voucher where the registry is a private one', async () => {
    const { url, requests } = await server({})
    const registry = await client({ config: { registry: url } })
    expect(brief(await registry.package('missing'))).toBe('not-found')
    expect(requests).toEqual(['GET /missing'])
  })
})
