// Whom we ask, and what we tell: levels of .npmrc, hosts that only the project names, tokens and where they go.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { brief, client, folder, plain, server } from './setup.ts'

const secret = ['npmtoken', 'made', 'up', 'for', 'tests'].join('-')
const nerf = (url: string): string => url.replace(/^https?:/, '')
const host = (url: string): string => new URL(url).host
/** The same server under another host name: 127.0.0.1 is localhost, and a different host all the same. */
const renamed = (url: string): string => url.replace('127.0.0.1', 'localhost')

describe('the responsible registry', () => {
  it('is the scope’s where the user maps it, else the default', async () => {
    const [standard, scoped] = [await server({ a: plain }), await server({ '@acme/a': plain })]
    const registry = await client({ userNpmrc: `registry=${standard.url}\n@acme:registry=${scoped.url}` })
    expect(brief(await registry.package('a'))).toBe('exists')
    expect(brief(await registry.package('@acme/a'))).toBe('exists')
    expect(standard.requests).toEqual(['GET /a'])
    expect(scoped.requests).toEqual(['GET /@acme%2fa'])
    expect([registry.urlFor(), registry.urlFor('@acme/a'), registry.urlFor('@other/a')]).toEqual([
      standard.url,
      scoped.url,
      standard.url,
    ])
  })

  it('is npm’s own default where nobody says otherwise', async () => {
    const { default: fetch } = await import('npm-registry-fetch')
    expect((await client()).urlFor('x')).toBe(fetch.pickRegistry('x', {}))
  })

  it.each<[string, (a: string, b: string) => Parameters<typeof client>[0]]>([
    [
      '--registry beats the environment',
      (a, b) => ({ config: { registry: a }, environment: { npm_config_registry: b } }),
    ],
    [
      'the environment beats the user',
      (a, b) => ({ environment: { npm_config_registry: a }, userNpmrc: `registry=${b}` }),
    ],
    ['capitals in the environment count', (a) => ({ environment: { NPM_CONFIG_REGISTRY: a } })],
    [
      'the project beats the user, if the user knows the host',
      (a, b) => ({ projectNpmrc: `registry=${a}`, userNpmrc: `registry=${b}\n@x:registry=${a}` }),
    ],
    [
      'the project does not beat the environment',
      (a, b) => ({ environment: { npm_config_registry: a }, projectNpmrc: `registry=${b}` }),
    ],
    ['the project does not beat --registry', (a, b) => ({ config: { registry: a }, projectNpmrc: `registry=${b}` })],
    ['a missing slash is added', (a) => ({ config: { registry: a.slice(0, -1) } })],
  ])('%s', async (_title, given) => {
    const [a, b] = ['https://a.example/npm/', 'https://b.example/']
    const registry = await client(given(a, b))
    expect([registry.urlFor('x'), registry.urlFor('@scope/x')]).toEqual([a, a])
    expect(registry.untrustedRegistries).toEqual([])
  })

  it.each([
    ['a registry of no web protocol', { config: { registry: 'ftp://registry.example/' } }],
    ['a path', { config: { registry: './registry' } }],
    ['a file', { userNpmrc: 'registry=file:///etc/passwd' }],
    ['nonsense for a scope', { userNpmrc: '@acme:registry=nonsense' }],
  ])('%s is refused with the way out', async (_title, given) => {
    const error = await client(given).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AuditError)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringMatching(/./) })
  })

  it.each([false, true])(
    'a project’s .npmrc that never ends is not opened (trusted: %s)',
    async (trustProjectNpmrc) => {
      const root = folder()
      symlinkSync('/dev/zero', join(root, '.npmrc'))
      const asked = client({ root, config: { trustProjectNpmrc } })
      await expect(asked).rejects.toThrow(/^the project's \.npmrc cannot be read: it is no regular file$/)
    },
  )

  it('a project’s .npmrc that is nothing sets nothing', async () => {
    const root = folder()
    symlinkSync('/dev/null', join(root, '.npmrc'))
    expect((await client({ root, userNpmrc: 'registry=https://a.example/' })).urlFor('x')).toBe('https://a.example/')
  })

  it('a project’s .npmrc that cannot be read is an error, not an empty one', async () => {
    const root = folder()
    mkdirSync(join(root, '.npmrc'))
    await expect(client({ root })).rejects.toThrow(/^the project's \.npmrc cannot be read: it is a folder$/)
    await expect(client({ root, config: { trustProjectNpmrc: true } })).rejects.toThrow(/^the project's \.npmrc cannot/)
  })

  it('so is one’s own: private names could else go to the public registry', async () => {
    const home = folder()
    mkdirSync(join(home, '.npmrc'))
    await expect(client({ home })).rejects.toThrow(/^your own \.npmrc cannot be read: it is a folder$/)
  })
})

describe('a host that only the project names', () => {
  it('is reported and not contacted, for a scope', async () => {
    const [standard, stranger] = [await server({ a: plain }), await server({ '@evil/a': plain })]
    const registry = await client({
      userNpmrc: `registry=${standard.url}`,
      projectNpmrc: `@evil:registry=${renamed(stranger.url)}`,
    })
    expect(registry.untrustedRegistries).toEqual([
      {
        host: host(renamed(stranger.url)),
        setting: '@evil:registry',
        value: renamed(stranger.url),
        path: '.npmrc',
        line: 1,
      },
    ])
    const answer = await registry.package('@evil/a')
    expect(answer).toMatchObject({ state: 'not-asked', next: expect.stringContaining('--trust-project-npmrc') })
    expect(brief(answer)).toContain(host(renamed(stranger.url)))
    expect(brief(await registry.package('a'))).toBe('exists')
    expect([...standard.requests, ...stranger.requests]).toEqual(['GET /a'])
  })

  it('is told with its line, the one that counts, and without credentials', async () => {
    const projectNpmrc = [
      '; registry=https://commented.example/',
      '@evil:registry=https://first.example/',
      '"registry" = https://stranger.example/npm',
      'save-exact=true',
      `@evil:registry=https://user:${secret}@second.example:8443/`,
      '@known:registry=https://known.example/',
      `@leak:registry=https://third.example/\${TOKEN}/`,
    ].join('\r\n')
    const { untrustedRegistries } = await client({ projectNpmrc, userNpmrc: 'registry=https://known.example/' })
    expect(untrustedRegistries.map(({ host, setting, path, line }) => [path, line, setting, host]).sort()).toEqual([
      ['.npmrc', 3, 'registry', 'stranger.example'],
      ['.npmrc', 5, '@evil:registry', 'second.example:8443'],
      ['.npmrc', 7, '@leak:registry', 'third.example'],
    ])
    expect(JSON.stringify(untrustedRegistries)).not.toContain(secret)
  })

  it('is not contacted as the default either: no package, no advisories, no downloads', async () => {
    const stranger = await server({ a: plain }, { downloads: { a: 1 }, advisories: {} })
    const registry = await client({ projectNpmrc: `registry=${stranger.url}` })
    expect((await registry.package('a')).state).toBe('not-asked')
    expect((await registry.advisories(new Map([['a', ['1.0.0']]]))).state).toBe('not-served')
    expect((await registry.downloads(['a'])).state).toBe('not-served')
    expect(stranger.requests).toEqual([])
  })

  it('is asked with --trust-project-npmrc', async () => {
    const stranger = await server({ '@acme/a': plain })
    const registry = await client({
      projectNpmrc: `@acme:registry=${stranger.url}\n${nerf(stranger.url)}:_authToken=\${TOKEN}`,
      environment: { TOKEN: secret },
      config: { trustProjectNpmrc: true },
    })
    expect(brief(await registry.package('@acme/a'))).toBe('exists')
    expect(stranger.authorizations).toEqual([`Bearer ${secret}`])
    expect(registry.untrustedRegistries).toEqual([])
  })

  it.each([
    [
      'an environment variable in the host',
      `@acme:registry=http://\${SECRET}.example/`,
      'needs an environment variable',
    ],
    [
      'an environment variable in the path',
      `@acme:registry=https://registry.example/\${SECRET}/`,
      'needs an environment',
    ],
    ['no URL', '@acme:registry=evil', 'is no http or https URL'],
    ['true', '@acme:registry=true', 'is no http or https URL'],
    ['a list', '@acme:registry[]=https://registry.example/', 'is no http or https URL|not contacted'],
    ['http where the user has https', '@acme:registry=http://known.example/', 'not contacted'],
    ['another port', '@acme:registry=https://known.example:8443/', 'not contacted'],
  ])('stays unasked: %s', async (_title, projectNpmrc, why) => {
    const registry = await client({
      projectNpmrc,
      userNpmrc: '@x:registry=https://known.example/',
      environment: { SECRET: secret },
    })
    const answer = await registry.package('@acme/a')
    if (!projectNpmrc.includes('[]')) expect(brief(answer)).toMatch(new RegExp(`^not-asked: .*(${why})`))
    expect(JSON.stringify([answer, registry.urlFor('@acme/a'), registry.untrustedRegistries])).not.toContain(secret)
  })

  it('may be one for which the user keeps a token', async () => {
    const known = await server({ '@acme/a': plain })
    const registry = await client({
      projectNpmrc: `@acme:registry=${known.url}`,
      userNpmrc: `${nerf(known.url)}:_authToken=${secret}`,
    })
    expect(brief(await registry.package('@acme/a'))).toBe('exists')
    expect(known.authorizations).toEqual([`Bearer ${secret}`])
  })

  it('cannot become known by files that the project points to', async () => {
    const [root, stranger] = [folder(), await server({ a: plain })]
    mkdirSync(join(root, 'etc'))
    for (const file of ['evil', 'etc/npmrc'])
      writeFileSync(join(root, file), `registry=${stranger.url}\n${nerf(stranger.url)}:_authToken=\${SECRET}`)
    const registry = await client({
      root,
      projectNpmrc: `userconfig=${root}/evil\nglobalconfig=${root}/evil\nprefix=${root}\nregistry=${stranger.url}`,
      environment: { SECRET: secret },
    })
    expect((await registry.package('a')).state).toBe('not-asked')
    expect(stranger.requests).toEqual([])
  })

  it('cannot be reached by a proxy, a certificate or TLS settings of the project', async () => {
    const [good, proxy] = [await server({ a: plain }), await server({})]
    const registry = await client({
      userNpmrc: `registry=${good.url}`,
      projectNpmrc: `proxy=${proxy.url}\nhttps-proxy=${proxy.url}\nstrict-ssl=false\nca=x`,
    })
    expect(brief(await registry.package('a'))).toBe('exists')
    expect(proxy.requests).toEqual([])
  })
})

describe('a token', () => {
  it('goes to its own host and path only', async () => {
    const packages = {
      '/team/a': { raw: '{"name":"a","versions":{"1.0.0":{}}}' },
      '/other/@s%2fa': plain,
      '@t/a': plain,
    }
    const [own, other] = [await server(packages), await server({ '@u/a': plain })]
    const registry = await client({
      userNpmrc: [
        `registry=${own.url}team/`,
        `@s:registry=${own.url}other/`,
        `@t:registry=${own.url}`,
        `@u:registry=${other.url}`,
        `@v:registry=${renamed(own.url)}team/`,
        `${nerf(own.url)}team/:_authToken=${secret}`,
      ].join('\n'),
    })
    for (const name of ['a', '@s/a', '@t/a', '@u/a', '@v/a']) await registry.package(name)
    expect(own.requests).toEqual(['GET /team/a', 'GET /other/@s%2fa', 'GET /@t%2fa', 'GET /team/@v%2fa'])
    expect(own.authorizations).toEqual([`Bearer ${secret}`, undefined, undefined, undefined])
    expect(other.authorizations).toEqual([undefined])
  })

  it('goes along with advisories to its own registry', async () => {
    const own = await server({}, { advisories: {} })
    const registry = await client({ userNpmrc: `registry=${own.url}\n${nerf(own.url)}:_authToken=${secret}` })
    await registry.advisories(new Map([['a', ['1.0.0']]]))
    expect(own.authorizations).toEqual([`Bearer ${secret}`])
  })

  it('comes from the environment where the user’s .npmrc says so, and is not sent by its name where it is unset', async () => {
    const own = await server({ a: plain })
    const userNpmrc = `registry=${own.url}\n${nerf(own.url)}:_authToken=\${NPM_TOKEN}`
    for (const environment of [{ NPM_TOKEN: secret }, {}]) await (await client({ userNpmrc, environment })).package('a')
    expect(own.authorizations).toEqual([`Bearer ${secret}`, undefined])
  })

  it('in the project’s .npmrc is not used', async () => {
    const own = await server({ a: plain })
    const projectNpmrc = `${nerf(own.url)}:_authToken=${secret}`
    await (await client({ userNpmrc: `registry=${own.url}`, projectNpmrc })).package('a')
    expect(own.authorizations).toEqual([undefined])
  })

  it('may be a user and a password, in .npmrc or in the URL; neither is ever shown', async () => {
    const own = await server({ a: { status: 403 } })
    const basic = `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`
    const nerfed = `${nerf(own.url)}:username=me\n${nerf(own.url)}:_password=${Buffer.from(secret).toString('base64')}`
    for (const given of [
      { userNpmrc: `registry=${own.url}\n${nerfed}` },
      { userNpmrc: `registry=${own.url.replace('//', `//me:${secret}@`)}` },
      { config: { registry: own.url.replace('//', `//me:${secret}@`) } },
    ]) {
      const registry = await client(given)
      const answer = await registry.package('a')
      expect(answer.state).toBe('forbidden')
      expect(JSON.stringify([answer, registry.urlFor(), registry.urlFor('a')])).not.toContain(secret)
    }
    expect(own.authorizations).toEqual([basic, basic, basic])
  })

  it('in a registry URL that is refused is not shown', async () => {
    const error = await client({ config: { registry: `htp://me:${secret}@registry.example` } }).catch(String)
    expect(error).toContain('registry.example')
    expect(error).not.toContain(secret)
  })
})

describe('a redirect', () => {
  const to = (location: string, status = 302) => ({ status, headers: { location } })
  const npmrc = (url: string): string => `registry=${url}\n${nerf(url)}:_authToken=${secret}`

  it('to another port goes without the token, which the transport itself would have sent along', async () => {
    const other = await server({ a: plain })
    const own = await server({ a: to(`${other.url}a`) })
    const registry = await client({ userNpmrc: npmrc(own.url) })
    const answer = await registry.package('a')
    expect(answer).toMatchObject({ state: 'exists', facts: { registry: own.url } })
    expect(own.authorizations).toEqual([`Bearer ${secret}`])
    expect(other.authorizations).toEqual([undefined])
  })

  it('to another port goes without that host’s token too', async () => {
    const other = await server({ a: plain })
    const own = await server({ a: to(`${other.url}a`) })
    await (await client({ userNpmrc: `${npmrc(own.url)}\n${nerf(other.url)}:_authToken=another` })).package('a')
    expect(other.authorizations).toEqual([undefined])
  })

  it('out of the token’s path goes without it', async () => {
    const own = await server({ '/team/a': to('/a'), a: plain })
    const registry = await client({ userNpmrc: npmrc(`${own.url}team/`) })
    expect(brief(await registry.package('a'))).toBe('exists')
    expect(own.authorizations).toEqual([`Bearer ${secret}`, undefined])
  })

  it('to another host’s private address is not followed', async () => {
    const inside = await server({ a: plain })
    for (const location of [renamed(`${inside.url}a`), `http://127.0.0.2:${new URL(inside.url).port}/a`]) {
      const own = await server({ a: to(location) })
      const answer = await (await client({ userNpmrc: npmrc(own.url) })).package('a')
      expect(brief(answer)).toBe(`unreachable: it redirects to ${host(location)}: a private address`)
    }
    expect(inside.requests).toEqual([])
  })

  it.each([
    ['without a place', { status: 302 }, 'it redirects to nowhere'],
    ['to no URL', to('http://'), 'it redirects to nowhere'],
    ['to a file', to('file:///etc/passwd'), 'an unencrypted or unknown protocol'],
    ['to data', to('data:application/json,{"name":"a","versions":{"1.0.0":{}}}'), 'unknown protocol'],
    ['with credentials', to('http://a:b@127.0.0.1/a'), 'with credentials in the address'],
    ['to itself, for ever', to('/a'), 'it redirects more than 3 times'],
  ])('%s is no answer', async (_title, says, why) => {
    const own = await server({ a: says })
    const answer = await (await client({ config: { registry: own.url } })).package('a')
    expect(brief(answer)).toMatch(/^unreachable: /)
    expect(brief(answer)).toContain(why)
    expect(own.requests.length).toBeLessThanOrEqual(4)
  })

  it('with a body that never ends is left behind', async () => {
    let left: () => void = () => {}
    const closed = new Promise<void>((done) => {
      left = done
    })
    const own = await server({
      a: (_request, response) => {
        response.writeHead(302, { location: '/b' })
        const drip = setInterval(() => response.write('x'.repeat(1000)), 5)
        response.on('close', () => {
          clearInterval(drip)
          left()
        })
      },
      '/b': { raw: '{"name":"a","versions":{"1.0.0":{}}}' },
    })
    expect(brief(await (await client({ config: { registry: own.url } })).package('a'))).toBe('exists')
    await closed
  })

  it('of what is posted is not followed', async () => {
    const other = await server({}, { advisories: {} })
    const own = await server({
      '/-/npm/v1/security/advisories/bulk': to(`${other.url}-/npm/v1/security/advisories/bulk`, 307),
    })
    const given = await (await client({ config: { registry: own.url } })).advisories(new Map([['a', ['1.0.0']]]))
    expect(given).toMatchObject({ state: 'not-served', missed: [{ why: expect.stringContaining('not passed on') }] })
    expect(other.requests).toEqual([])
  })
})

describe('a proxy', () => {
  /** Forwards plain requests and CONNECT, and remembers both. */
  const startProxy = async () => {
    const asked: string[] = []
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      fetch(request.url!).then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
    })
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`)
      const [name, port] = request.url!.split(':')
      const through = connect(Number(port), name, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket).pipe(through)
      })
      through.on('error', () => socket.destroy())
      socket.on('error', () => through.destroy())
      onTestFinished(() => void through.destroy())
    })
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
    onTestFinished(() => {
      proxy.close()
      proxy.closeAllConnections()
    })
    return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  }

  it.each<[string, (proxy: string) => Parameters<typeof client>[0], boolean]>([
    ['of the user’s .npmrc', (proxy) => ({ userNpmrc: `proxy=${proxy}` }), true],
    ['of npm_config_proxy', (npm_config_proxy) => ({ environment: { npm_config_proxy } }), true],
    ['of npm_config_https_proxy', (npm_config_https_proxy) => ({ environment: { npm_config_https_proxy } }), true],
    ['of HTTP_PROXY', (HTTP_PROXY) => ({ environment: { HTTP_PROXY } }), true],
    ['of https_proxy', (https_proxy) => ({ environment: { https_proxy } }), true],
    ['not for NO_PROXY', (https_proxy) => ({ environment: { https_proxy, NO_PROXY: '127.0.0.1' } }), false],
    ['not for noproxy', (proxy) => ({ userNpmrc: `proxy=${proxy}\nnoproxy=127.0.0.1` }), false],
  ])('is used: %s', async (_title, given, uses) => {
    const [{ url }, proxy] = [await server({ a: plain }), await startProxy()]
    const registry = await client({ ...given(proxy.url), config: { registry: url } })
    expect(brief(await registry.package('a'))).toBe('exists')
    expect(proxy.asked.length > 0).toBe(uses)
  })
})
