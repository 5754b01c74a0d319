// What a tarball holds, honest, lying or hostile: read as npm would, bounded, and nothing left behind.

import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import ssri from 'ssri'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unpackManifest } from '../../src/registry/unpack.ts'
import type { ManifestFacts, Served, TarballFacts } from '../../src/types.ts'
import { temporaryFolder } from '../support/repository.ts'
import { client, type Given, server } from './setup.ts'
import { archive, type Entry, manifest, type Published, publish, tarball } from './tarballs.ts'

const lookInto = async (bytes: Buffer, published?: Published, given: Given = {}): Promise<Served<TarballFacts>> => {
  const { url } = await publish(bytes, published)
  const registry = await client({ ...given, config: { registry: url, ...given.config } })
  return registry.tarballManifest('a', '1.0.0')
}

const held = async (...entries: readonly Entry[]): Promise<ManifestFacts> => {
  const answer = await lookInto(tarball(...entries))
  if (answer.state !== 'served' || 'promised' in answer.value.held) throw new Error(JSON.stringify(answer))
  return answer.value.held
}

const why = (answer: Served<unknown>): string => (answer.state === 'not-served' ? answer.missed[0].why : answer.state)

describe('a tarball', () => {
  it('is read, and stands beside what the registry shows', async () => {
    const scripts = { postinstall: 'node setup.js', test: 'true' }
    const shown = { scripts: { test: 'true' }, dependencies: { b: '^1.0.0' } }
    const bytes = tarball(manifest({ scripts, dependencies: { b: '^1.0.0', c: '2' }, bin: './a.js' }))
    expect(await lookInto(bytes, { shown })).toMatchObject({
      state: 'served',
      missed: [],
      value: {
        shown: { name: 'a', version: '1.0.0', installScripts: {}, dependencies: new Map([['b', '^1.0.0']]), bins: [] },
        held: {
          name: 'a',
          version: '1.0.0',
          installScripts: { postinstall: 'node setup.js' },
          dependencies: new Map([
            ['b', '^1.0.0'],
            ['c', '2'],
          ]),
          bins: ['a'],
        },
      },
    })
  })

  it.each<[string, object]>([
    ['optional dependencies, merged by the registry', { dependencies: { b: '1' }, optionalDependencies: { c: '2' } }],
    ['an install script', { scripts: { install: 'node x.js', prepare: 'tsc' } }],
    ['a script by its path', { scripts: { preinstall: './node_modules/.bin/x' } }],
    ['commands as a table', { bin: { a: './a.js', b: 'b.js' } }],
    ['bundled dependencies', { dependencies: { b: '1' }, bundledDependencies: ['b'] }],
    ['dependencies that are none', { dependencies: ['b'], scripts: [], bin: 7 }],
  ])('with %s is the same on both sides', async (_title, given) => {
    const { dependencies, optionalDependencies } = given as Record<string, object>
    const merged = Array.isArray(dependencies) ? dependencies : { ...dependencies, ...optionalDependencies }
    const answer = await lookInto(tarball(manifest(given)), { shown: { ...given, dependencies: merged } })
    if (answer.state !== 'served') throw new Error(why(answer))
    expect(answer.value.held).toEqual(answer.value.shown)
  })

  it('with a binding.gyp is built at install, unless it says otherwise', async () => {
    const gyp = { path: 'package/binding.gyp', text: '{}' }
    const built = { install: 'node-gyp rebuild' }
    expect((await held(manifest(), gyp)).installScripts).toEqual(built)
    expect((await held(manifest({ gypfile: false }), gyp)).installScripts).toEqual({})
    expect((await held(manifest({ scripts: { install: 'x' } }), gyp)).installScripts).toEqual({ install: 'x' })
    expect((await held(manifest(), { ...gyp, path: 'package/deps/binding.gyp' })).installScripts).toEqual({})
    const shown = await lookInto(tarball(manifest(), gyp), { shown: { gypfile: true } })
    expect(shown).toMatchObject({ value: { shown: { installScripts: built }, held: { installScripts: built } } })
  })

  it.each<[string, readonly Entry[], string]>([
    ['the last of two counts', [manifest({ version: '1.0.0' }), manifest({ version: '6.6.6' })], '6.6.6'],
    ['whatever the folder is called', [{ ...manifest({ version: '2.0.0' }), path: 'any/package.json' }], '2.0.0'],
    ['a dot in its path', [{ ...manifest({ version: '3.0.0' }), path: 'package/./package.json' }], '3.0.0'],
    ['one further down does not count', [manifest(), { ...manifest(), path: 'package/x/package.json' }], '1.0.0'],
  ])('is read where npm reads it: %s', async (_title, entries, version) => {
    expect((await held(...entries)).version).toBe(version)
  })

  it('that is not compressed is read too, and a registry without version documents is asked for the packument', async () => {
    const answer = await lookInto(archive([manifest()]), { packumentOnly: true })
    expect(answer).toMatchObject({ state: 'served', value: { held: { name: 'a' } } })
  })
})

describe('bytes', () => {
  it('that are not the promised ones are told as such, and not unpacked', async () => {
    const promised = ssri.fromData('other').toString()
    const bytes = tarball(manifest())
    const answer = await lookInto(bytes, { dist: { integrity: promised } })
    expect(answer).toMatchObject({ value: { held: { promised, received: ssri.fromData(bytes).toString() } } })
  })

  it('that broke on the way once are fetched again', async () => {
    const good = tarball(manifest())
    let asked = 0
    const { url } = await server({
      '/a/1.0.0': (_request, response) => {
        const dist = { tarball: `${url}a.tgz`, integrity: ssri.fromData(good).toString() }
        response.end(JSON.stringify({ name: 'a', version: '1.0.0', dist }))
      },
      '/a.tgz': (_request, response) => response.end(asked++ === 0 ? good.subarray(0, 50) : good),
    })
    const registry = await client({ config: { registry: url } })
    expect(await registry.tarballManifest('a', '1.0.0')).toMatchObject({ value: { held: { name: 'a' } } })
    expect(asked).toBe(2)
  })

  it('are checked against sha1 where there is nothing better, and said to be unverified where there is nothing', async () => {
    const bytes = tarball(manifest())
    const sha1 = (data: Buffer | string) => ssri.fromData(data, { algorithms: ['sha1'] }).hexDigest()
    const none = { integrity: undefined, shasum: undefined }
    expect(await lookInto(bytes, { dist: { ...none, shasum: sha1(bytes) } })).toMatchObject({ missed: [] })
    expect(await lookInto(bytes, { dist: { ...none, shasum: sha1('x') } })).toMatchObject({
      value: { held: { promised: expect.stringMatching(/^sha1-/) } },
    })
    for (const integrity of [undefined, 'sha512-AAAA', 'nonsense', 7])
      expect(await lookInto(bytes, { dist: { integrity } }), String(integrity)).toMatchObject({
        state: 'served',
        missed: [{ why: expect.stringContaining('not verified') }],
      })
  })

  it.each([
    ['a web page', Buffer.from('<!doctype html><p>Log in')],
    ['a message', Buffer.from('{"error":"no"}')],
    ['nothing', Buffer.alloc(0)],
  ])('that are %s are no tarball and no attack', async (_title, bytes) => {
    expect(why(await lookInto(bytes, { dist: { integrity: ssri.fromData('x').toString() } }))).toMatch(/in its place/)
  })
})

describe('the address of a tarball', () => {
  const bytes = tarball(manifest())

  it('on another host is not followed, unless policy allows that host', async () => {
    const elsewhere = await publish(bytes)
    const dist = { tarball: `${elsewhere.url}a/-/a-1.0.0.tgz` }
    expect(why(await lookInto(bytes, { dist }))).toMatch(/is not the registry: it was not downloaded/)
    expect(elsewhere.requests).toEqual([])
    const allowed = { config: { allowedHosts: [new URL(elsewhere.url).host] } }
    expect(await lookInto(bytes, { dist }, allowed)).toMatchObject({ state: 'served' })
    expect(elsewhere.requests).toEqual(['GET /a/-/a-1.0.0.tgz'])
  })

  it('upstream is read as the mirror’s own, as npm does', async () => {
    const dist = { tarball: 'https://upstream.example/a/-/a-1.0.0.tgz' }
    expect(await lookInto(bytes, { dist }, { publicRegistry: 'https://upstream.example/' })).toMatchObject({
      state: 'served',
    })
  })

  it.each([
    ['none', undefined],
    ['no URL', 'a.tgz'],
    ['a file', 'file:///etc/passwd'],
    ['plain http elsewhere', 'http://files.example/a.tgz'],
    ['credentials', 'https://u:p@files.example/a.tgz'],
  ])('is not followed: %s', async (_title, address) => {
    const answer = await lookInto(
      bytes,
      { dist: { tarball: address } },
      { config: { allowedHosts: ['files.example', ''] } },
    )
    expect(answer.state).toBe('not-served')
    expect(JSON.stringify(answer)).not.toContain('u:p')
  })
})

describe('nobody is asked', () => {
  it.each<[string, Given, string]>([
    ['offline', { config: { offline: true } }, 'skipped'],
    ['for private names', { config: { privateNames: ['a'] } }, 'privateNames holds "a"'],
    ['for workspaces', { workspaceNames: new Set(['a']) }, 'it is a workspace of this repository'],
  ])('%s', async (_title, given, expected) => {
    const { url, requests } = await publish(tarball(manifest()))
    const registry = await client({ ...given, config: { ...given.config, registry: url } })
    expect(why(await registry.tarballManifest('a', '1.0.0'))).toBe(expected)
    expect(requests).toEqual([])
  })

  it('for what is no version', async () => {
    const { url, requests } = await publish(tarball(manifest()))
    const registry = await client({ config: { registry: url } })
    for (const version of ['latest', '', '../x', '__proto__'])
      expect(why(await registry.tarballManifest('a', version))).toBe('it is no exact version')
    expect(requests).toEqual([])
  })
})

describe('a hostile tarball', () => {
  // One of our own, so that what is left in it was left by the test.
  beforeEach(() => {
    vi.stubEnv('TMPDIR', temporaryFolder())
  })
  afterEach(() => {
    // Everything in it but the folders of the test's own client.
    expect(readdirSync(tmpdir()).filter((name) => !name.startsWith('audit-deps-test-'))).toEqual([])
    vi.unstubAllEnvs()
  })

  const outside: readonly Entry[] = [
    '/package.json',
    '../package.json',
    'package/../package.json',
    '/x/../package.json',
  ].map((path) => ({ ...manifest({ version: '6.6.6' }), path }))

  it('writes nowhere but into its own folder, through no path and no link', async () => {
    expect((await held(...outside, manifest())).version).toBe('1.0.0')
    const links: readonly Entry[] = [
      { path: 'package/package.json', type: 'SymbolicLink', linkpath: '/etc/hostname' },
      { path: 'package/binding.gyp', type: 'Link', linkpath: '/etc/hostname' },
    ]
    expect(await held(manifest(), ...links)).toMatchObject({ version: '1.0.0', installScripts: {} })
    expect(why(await lookInto(tarball(...links)))).toBe('its tarball holds no package.json')
  })

  it.each<[string, () => Buffer, RegExp]>([
    ['no archive', () => Buffer.from('not a tarball at all'), /holds no package\.json/],
    ['broken gzip', () => tarball(manifest()).subarray(0, 60), /cannot be read \(Z_BUF_ERROR\)/],
    ['gzip in gzip', () => gzipSync(tarball(manifest())), /cannot be read/],
    [
      'cut off',
      () => gzipSync(archive([manifest({ description: 'x'.repeat(2000) })]).subarray(0, 900)),
      /cannot be read|holds no/,
    ],
    ['an empty archive', () => tarball(), /holds no package\.json/],
    ['a manifest that is no JSON', () => tarball({ path: 'package/package.json', text: '{' }), /cannot be read/],
    [
      'a manifest of 5 MiB',
      () => tarball({ path: 'package/package.json', text: ' '.repeat(5 * 2 ** 20) }),
      /more than 4 MiB/,
    ],
    [
      'a hundred and one manifests',
      () => tarball(...Array.from({ length: 101 }, () => manifest())),
      /more than 100 files/,
    ],
  ])('is not vetted, and says why: %s', async (_title, bytes, expected) => {
    expect(why(await lookInto(bytes()))).toMatch(expected)
  })

  it.each<[string, Entry[], Parameters<typeof unpackManifest>[1], RegExp]>([
    [
      'in bytes',
      [{ path: 'package/big', text: Buffer.alloc(40 * 2 ** 20) }],
      { unpackedBytes: 32 * 2 ** 20, ms: 20_000 },
      /unpacks to more than 32 MiB/,
    ],
    [
      'in time',
      Array.from({ length: 20_000 }, () => ({ path: 'package/f' })),
      { unpackedBytes: 2 ** 30, ms: 10 },
      /takes more than 0\.01 s/,
    ],
  ])('is given up where it grows beyond all measure: %s', async (_title, entries, limits, expected) => {
    const bomb = tarball(manifest(), ...entries)
    expect(bomb.length).toBeLessThan(2 ** 20)
    await expect(unpackManifest(bomb, limits)).rejects.toThrow(expected)
  })

  it('is read to its end mark, as in npm: what follows is not even kept in memory', async () => {
    const zeros = gzipSync(Buffer.alloc(64 * 2 ** 20))
    const late = tarball(manifest({ version: '6.6.6' }))
    const started = performance.now()
    const { version } = await unpackManifest(Buffer.concat([tarball(manifest()), zeros, zeros, zeros, zeros, late]))
    expect(version).toBe('1.0.0')
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('with many files writes none of them', async () => {
    const files = Array.from({ length: 5000 }, (_, at) => ({ path: `package/f${at}` }))
    expect((await held(manifest(), ...files)).name).toBe('a')
  })

  it('has no names that reach a prototype', async () => {
    const text =
      '{"name":"a","version":"1.0.0","dependencies":{"__proto__":"1"},"scripts":{"__proto__":{"install":"x"}}}'
    const { dependencies, installScripts } = await held({ path: 'package/package.json', text })
    expect(installScripts).toEqual({})
    expect([...dependencies.keys()].every((name) => name === '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>).install).toBeUndefined()
  })
})
