// The client against a real registry, with packages that were really published to it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startVerdaccio, type Verdaccio } from '../support/verdaccio.ts'
import { brief, client } from './setup.ts'

let verdaccio: Verdaccio
beforeAll(async () => {
  verdaccio = await startVerdaccio()
  const manifest = { name: '@acme/tool', version: '1.0.0', scripts: { postinstall: 'node setup.js' } }
  await verdaccio.publish({ 'package.json': JSON.stringify(manifest), 'setup.js': '' })
  await verdaccio.publish({ 'package.json': JSON.stringify({ ...manifest, version: '1.0.1', scripts: {} }) })
})
afterAll(() => verdaccio.close())

it('knows what was published, with its facts', async () => {
  const registry = await client({ config: { registry: verdaccio.url } })
  expect(await registry.package('@acme/tool')).toMatchObject({
    state: 'exists',
    facts: {
      name: '@acme/tool',
      distTags: { latest: '1.0.1' },
      created: expect.stringMatching(/^20/),
      versions: {
        '1.0.0': {
          installScript: true,
          integrity: expect.stringMatching(/^sha512-/),
          published: expect.stringMatching(/^20/),
        },
        '1.0.1': { installScript: false, tarball: `${verdaccio.url}@acme/tool/-/tool-1.0.1.tgz` },
      },
    },
  })
})

it('knows what was not, and serves neither downloads nor advisories', async () => {
  const registry = await client({ config: { registry: verdaccio.url } })
  expect(brief(await registry.package('missing'))).toBe('not-found')
  expect((await registry.downloads(['@acme/tool'])).state).toBe('not-served')
  expect(await registry.advisories(new Map([['@acme/tool', ['1.0.0']]]))).toMatchObject({
    state: 'not-served',
    missed: [{ why: expect.stringContaining('serves no advisories (404)') }],
  })
})

it('serves no signing keys: that is said, and accuses nobody', async () => {
  const registry = await client({ config: { registry: verdaccio.url } })
  expect(await registry.signatures(new Map([['@acme/tool', ['1.0.0', '1.0.1']]]))).toMatchObject({
    state: 'not-served',
    missed: [{ why: expect.stringContaining('serves no signing keys (404)') }],
  })
})

it('that wants a login says forbidden without the token, and answers with it', async () => {
  const closed = await startVerdaccio({ access: '$authenticated' })
  try {
    await closed.publish({ 'package.json': JSON.stringify({ name: 'inside', version: '1.0.0' }) })
    expect(brief(await (await client({ config: { registry: closed.url } })).package('inside'))).toMatch(/^forbidden/)
    const userNpmrc = `registry=${closed.url}\n${closed.url.slice('http:'.length)}:_authToken=${closed.token}`
    expect(brief(await (await client({ userNpmrc })).package('inside'))).toBe('exists')
  } finally {
    await closed.close()
  }
})
