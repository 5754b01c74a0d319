// What a registry signed, against what it serves: with keys of our own, made for the test.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SignatureState } from '../../src/types.ts'
import type { FakePackage, FakeVersion, Handler } from '../support/registry-server.ts'
import { client, folder, server } from './setup.ts'

const keysPath = '/-/npm/v1/keys'
const pair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve })
const [mine, older, other] = [pair(), pair(), pair()]
const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`

const published = (key: KeyObject, keyid: string, given: object = {}) => ({
  keyid,
  keytype: 'ecdsa-sha2-nistp256',
  scheme: 'ecdsa-sha2-nistp256',
  key: key.export({ type: 'spki', format: 'der' }).toString('base64'),
  expires: null,
  ...given,
})
const keys = [
  published(mine.publicKey, 'SHA256:mine'),
  published(older.publicKey, 'SHA256:older', { expires: '2021-01-01T00:00:00.000Z' }),
]

const signed = (name: string, version: string, key = mine.privateKey, keyid = 'SHA256:mine', hash = integrity) => ({
  keyid,
  sig: sign('sha256', Buffer.from(`${name}@${version}:${hash}`), key).toString('base64'),
})
const versionWith = (signatures: unknown, given: FakeVersion = {}): FakeVersion => ({
  published: '2022-01-01T00:00:00.000Z',
  ...given,
  manifest: { dist: { integrity, tarball: 'https://registry.example/pkg.tgz', signatures } },
})

const stateOf = async (version: FakeVersion, keysAnswer: FakePackage | Handler = { raw: JSON.stringify({ keys }) }) => {
  const { url } = await server({ pkg: { versions: { '1.0.0': version } }, [keysPath]: keysAnswer })
  const answer = await (await client({ config: { registry: url } })).signatures(new Map([['pkg', ['1.0.0', '9.9.9']]]))
  return answer.state === 'served' ? answer.value.get('pkg@1.0.0') : answer
}

describe('a version', () => {
  it.each<[string, FakeVersion, SignatureState]>([
    ['signed', versionWith([signed('pkg', '1.0.0')]), { state: 'valid' }],
    [
      'signed with a key before it expired',
      versionWith([signed('pkg', '1.0.0', older.privateKey, 'SHA256:older')], {
        published: '2020-01-01T00:00:00.000Z',
      }),
      { state: 'valid' },
    ],
    [
      'signed with a key after it expired',
      versionWith([signed('pkg', '1.0.0', older.privateKey, 'SHA256:older')]),
      { state: 'expired-key', keyid: 'SHA256:older' },
    ],
    ['signed for another version', versionWith([signed('pkg', '1.0.1')]), { state: 'wrong', keyid: 'SHA256:mine' }],
    ['signed for another package', versionWith([signed('pkq', '1.0.0')]), { state: 'wrong', keyid: 'SHA256:mine' }],
    [
      'whose hash was changed',
      versionWith([signed('pkg', '1.0.0', mine.privateKey, 'SHA256:mine', integrity.replace('AQ', 'Ag'))]),
      { state: 'wrong', keyid: 'SHA256:mine' },
    ],
    [
      'signed by somebody in the name of the key',
      versionWith([signed('pkg', '1.0.0', other.privateKey)]),
      { state: 'wrong', keyid: 'SHA256:mine' },
    ],
    [
      'signed with a key of nobody',
      versionWith([signed('pkg', '1.0.0', other.privateKey, 'SHA256:other')]),
      { state: 'unknown-key', keyid: 'SHA256:other' },
    ],
    [
      'signed with an old and a coming key',
      versionWith([signed('pkg', '1.0.0', other.privateKey, 'SHA256:coming'), signed('pkg', '1.0.0')]),
      { state: 'valid' },
    ],
    [
      'with one signature that holds and one that does not',
      versionWith([signed('pkg', '1.0.0'), signed('pkg', '1.0.0', other.privateKey)]),
      { state: 'wrong', keyid: 'SHA256:mine' },
    ],
    [
      'signed with noise',
      versionWith([{ keyid: 'SHA256:mine', sig: 'A'.repeat(96) }]),
      { state: 'wrong', keyid: 'SHA256:mine' },
    ],
    ['signed with no signature', versionWith('x'), { state: 'malformed' }],
    ['not signed', versionWith(undefined), { state: 'missing' }],
    ['without a hash', { manifest: { dist: { signatures: [signed('pkg', '1.0.0')] } } }, { state: 'no-integrity' }],
  ])('%s', async (_title, version, state) => {
    expect(await stateOf(version)).toEqual(state)
  })
})

describe('keys', () => {
  const fine = versionWith([signed('pkg', '1.0.0')])
  it.each<[string, FakePackage, RegExp]>([
    ['404, as Verdaccio', { status: 404 }, /serves no signing keys \(404\)/],
    ['403', { status: 403 }, /serves no signing keys \(403\)/],
    ['a web page', { raw: '<html>' }, /web page/],
    ['a list', { raw: '[]' }, /no signing key that we can use/],
    ['null', { raw: 'null' }, /no signing key/],
    [
      'keys that are none',
      { raw: JSON.stringify({ keys: [null, 1, {}, { keyid: 'x', key: 'y' }] }) },
      /no signing key/,
    ],
    [
      'a key of another curve',
      { raw: JSON.stringify({ keys: [published(pair('P-384').publicKey, 'SHA256:mine')] }) },
      /no signing key/,
    ],
    [
      'a key whose end is no time',
      { raw: JSON.stringify({ keys: [published(mine.publicKey, 'SHA256:mine', { expires: 'soon' })] }) },
      /no signing key/,
    ],
  ])('that are %s are not served, and accuse nobody', async (_title, says, why) => {
    expect(await stateOf(fine, says)).toMatchObject({
      state: 'not-served',
      missed: [{ why: expect.stringMatching(why) }],
    })
  })

  it('are asked for once, and a warm run asks nothing and says the same', async () => {
    const { url, requests } = await server({
      pkg: { versions: { '1.0.0': fine, '1.1.0': versionWith([signed('pkg', '1.1.0', other.privateKey)]) } },
      [keysPath]: { raw: JSON.stringify({ keys }) },
    })
    const home = folder()
    const run = async () =>
      (await client({ home, config: { registry: url, cache: true } })).signatures(
        new Map([['pkg', ['1.0.0', '1.1.0']]]),
      )
    const first = await run()
    expect(first).toMatchObject({
      value: new Map([
        ['pkg@1.0.0', { state: 'valid' }],
        ['pkg@1.1.0', { state: 'wrong', keyid: 'SHA256:mine' }],
      ]),
    })
    expect(requests).toHaveLength(2)
    expect(await run()).toEqual(first)
    expect(requests).toHaveLength(2)
  })

  it('are not asked for again within the hour where there are none', async () => {
    const { url, requests } = await server({ pkg: { versions: { '1.0.0': fine } }, [keysPath]: { status: 404 } })
    const home = folder()
    const run = async (now: Date) =>
      (await client({ home, now: () => now, config: { registry: url, cache: true } })).signatures(
        new Map([['pkg', ['1.0.0']]]),
      )
    const started = Date.now()
    const first = await run(new Date(started))
    expect(first).toMatchObject({ state: 'not-served' })
    expect(await run(new Date(started + 3_000_000))).toEqual(first)
    expect(requests).toHaveLength(2)
    await run(new Date(started + 4_000_000))
    expect(requests).toHaveLength(3)
  })

  it('that changed are asked again about what was valid', async () => {
    let served: object[] = keys
    const answering: Handler = (_request, response) => response.end(JSON.stringify({ keys: served }))
    const { url } = await server({ pkg: { versions: { '1.0.0': fine } }, [keysPath]: answering })
    const home = folder()
    const started = Date.now()
    const run = async (hours: number) => {
      const now = () => new Date(started + hours * 3_700_000)
      const registry = await client({ home, now, config: { registry: url, cache: true } })
      const answer = await registry.signatures(new Map([['pkg', ['1.0.0']]]))
      return answer.state === 'served' && answer.value.get('pkg@1.0.0')
    }
    expect(await run(0)).toEqual({ state: 'valid' })
    served = [published(mine.publicKey, 'SHA256:mine', { expires: '2020-01-01T00:00:00.000Z' })]
    expect(await run(1)).toEqual({ state: 'expired-key', keyid: 'SHA256:mine' })
    served = [published(other.publicKey, 'SHA256:other')]
    expect(await run(2)).toEqual({ state: 'unknown-key', keyid: 'SHA256:mine' })
  })

  it('nested too deep to be kept are keys all the same', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const raw = `{"keys":${JSON.stringify(keys)},"more":${deep}}`
    const { url } = await server({ pkg: { versions: { '1.0.0': fine } }, [keysPath]: { raw } })
    const registry = await client({ home: folder(), config: { registry: url, cache: true } })
    expect(await registry.signatures(new Map([['pkg', ['1.0.0']]]))).toMatchObject({
      value: new Map([['pkg@1.0.0', { state: 'valid' }]]),
    })
  })

  it('of one registry say nothing of another', async () => {
    const two = { versions: { '1.0.0': versionWith([signed('@two/pkg', '1.0.0')]) }, packument: { name: '@two/pkg' } }
    const a = await server({ pkg: { versions: { '1.0.0': fine } }, [keysPath]: { raw: JSON.stringify({ keys }) } })
    const b = await server({ '@two/pkg': two })
    const registry = await client({ userNpmrc: `registry=${a.url}\n@two:registry=${b.url}` })
    const wanted = new Map([
      ['pkg', ['1.0.0']],
      ['@two/pkg', ['1.0.0']],
    ] as const)
    expect(await registry.signatures(wanted)).toMatchObject({
      state: 'served',
      value: new Map([['pkg@1.0.0', { state: 'valid' }]]),
      missed: [{ why: expect.stringContaining(new URL(b.url).host) }],
    })
  })

  it('are not asked for where nothing is to verify', async () => {
    const { url, requests } = await server({})
    const registry = await client({ config: { registry: url } })
    expect(await registry.signatures(new Map())).toEqual({ state: 'served', value: new Map(), missed: [] })
    expect(requests).toEqual([])
  })
})
