// The disk cache: what is remembered, for how long, for whom, and that nothing about it can hurt.

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheFolder } from '../../src/cache-folder.ts'
import { openCache } from '../../src/registry/cache.ts'
import { expand } from '../../src/registry/compact.ts'
import { brief, client, folder, plain, server } from './setup.ts'

const minute = 60_000
const start = Date.parse('2026-06-01T12:00:00Z')
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** Asks for one name at a moment, in a run of its own. */
const ask = async (home: string, registry: string, name: string, at = start, given: object = {}) =>
  brief(
    await (await client({ home, now: () => new Date(at), ...given, config: { registry, cache: true } })).package(name),
  )

describe('a second run', () => {
  it.each([
    ['what exists', plain, 24 * 60],
    ['what is security-held', { status: 451 }, 24 * 60],
    ['what is unpublished', { versions: {} }, 24 * 60],
    ['what is not there', { status: 404 }, 10],
  ] as const)('knows %s', async (_title, says, minutes) => {
    const { url, requests } = await server({ asked: says })
    const home = folder()
    const first = await ask(home, url, 'asked')
    expect(await ask(home, url, 'asked', start + (minutes - 1) * minute)).toBe(first)
    expect(requests).toHaveLength(1)
    await ask(home, url, 'asked', start + (minutes + 1) * minute)
    expect(requests).toHaveLength(2)
    // A clock that was set back must not make it fresh for longer.
    await ask(home, url, 'asked', start - 60 * minute)
    expect(requests).toHaveLength(3)
  })

  it.each([
    ['forbidden', { status: 403 }],
    ['failing', { status: 500 }],
    ['lying', { raw: '{"name":"other","versions":{}}' }],
  ] as const)('asks again what was %s', async (_title, says) => {
    const { url, requests } = await server({ asked: says })
    const home = folder()
    await ask(home, url, 'asked')
    const before = requests.length
    await ask(home, url, 'asked')
    expect(requests.length).toBeGreaterThan(before)
  })

  it('gives the same facts and the time they were observed', async () => {
    const { url } = await server({
      '@s/asked': {
        created: '2019-01-01T00:00:00.000Z',
        versions: {
          '1.0.0': { published: '2020-01-01T00:00:00.000Z', integrity: 'sha512-x', shasum: 'abc', deprecated: 'old' },
          '2.0.0': { scripts: { install: 'x' }, tarball: 'https://cdn.example/x.tgz' },
        },
      },
    })
    const home = folder()
    const run = async (at: number) =>
      (await client({ home, now: () => new Date(at), config: { registry: url, cache: true } })).package('@s/asked')
    const first = await run(start)
    expect(await run(start + 5 * minute)).toEqual(first)
    expect(first).toMatchObject({ facts: { observedAt: '2026-06-01T12:00:00.000Z' } })
  })

  it('with another token, or at another registry, asks for itself', async () => {
    const [a, b] = [await server({ asked: plain }), await server({ asked: { status: 404 } })]
    const home = folder()
    const token = (value: string) => ({ userNpmrc: `${a.url.slice(5)}:_authToken=${value}` })
    for (const given of [token('one'), token('one'), token('two')]) await ask(home, a.url, 'asked', start, given)
    expect(a.authorizations).toEqual(['Bearer one', 'Bearer two'])
    expect(await ask(home, b.url, 'asked')).toBe('not-found')
    expect(
      filesBelow(home)
        .map((file) => readFileSync(file, 'utf8'))
        .join(),
    ).not.toMatch(/Bearer|[^_]one\b/)
  })

  it('with --no-cache neither reads nor writes', async () => {
    const { url, requests } = await server({ asked: plain })
    const home = folder()
    for (let run = 0; run < 2; run++)
      await (await client({ home, config: { registry: url, cache: false } })).package('asked')
    expect(requests).toHaveLength(2)
    expect(filesBelow(home)).toEqual([])
  })
})

describe('offline', () => {
  it('answers from the cache, and touches no network for the rest', async () => {
    const { url, requests } = await server(
      { known: plain },
      {
        downloads: { known: 3 },
        advisories: { known: [{ id: 1, title: 'x', severity: 'low', vulnerable_versions: '*' }] },
      },
    )
    const home = folder()
    const shared = { home, publicRegistry: url, now: () => new Date(start) }
    const online = await client({ ...shared, config: { registry: url, cache: true } })
    await online.package('known')
    await online.downloads(['known'])
    await online.advisories(new Map([['known', ['1.0.0']]]))
    const before = requests.length
    const offline = await client({ ...shared, config: { registry: url, cache: true, offline: true } })
    expect(brief(await offline.package('known'))).toBe('exists')
    expect(await offline.package('unknown')).toEqual({
      state: 'not-asked',
      why: 'offline',
      next: 'run without --offline',
    })
    expect(await offline.downloads(['known'])).toMatchObject({
      state: 'served',
      value: new Map([['known', 3]]),
      missed: [],
    })
    expect(await offline.downloads(['known', 'new'])).toMatchObject({
      missed: [{ what: 'downloads of 1 package', why: 'offline' }],
    })
    expect(await offline.downloads(['new'])).toEqual({ state: 'skipped', reason: 'offline' })
    const advisories = await offline.advisories(
      new Map([
        ['known', ['1.0.0']],
        ['new', ['1.0.0']],
      ]),
    )
    expect(advisories).toMatchObject({ state: 'served', missed: [{ what: 'advisories of 1 package', why: 'offline' }] })
    expect(await offline.advisories(new Map([['new', ['1.0.0']]]))).toEqual({ state: 'skipped', reason: 'offline' })
    expect(requests).toHaveLength(before)
  })
})

describe('a cache that is', () => {
  const spoil: Record<string, (file: string) => void> = {
    empty: (file) => writeFileSync(file, ''),
    noise: (file) => writeFileSync(file, Buffer.from([0, 255, 10, 9, 10, 9, 9, 0])),
    'cut in the middle': (file) => writeFileSync(file, readFileSync(file).subarray(0, -20)),
    'of another registry': (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/http:\S+/, 'http://x/')),
    'of another version': (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('cache 2', 'cache 0')),
    'without times': (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/\t\d+\t/g, '\tnever\t')),
    'not JSON': (file) => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('[', '<')),
    'writable for others': (file) => chmodSync(file, 0o666),
    'a link': (file) => {
      renameSync(file, `${file}.behind`)
      symlinkSync(`${file}.behind`, file)
    },
    'of another shape': (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('["e"', '["z"')),
  }
  it.each(Object.entries(spoil))('%s is asked anew and mended', async (_title, hurt) => {
    const { url, requests } = await server({ asked: plain })
    const home = folder()
    await ask(home, url, 'asked')
    const [file] = filesBelow(home)
    hurt(file!)
    expect(await ask(home, url, 'asked')).toBe('exists')
    expect(requests).toHaveLength(2)
    expect(await ask(home, url, 'asked')).toBe('exists')
    expect(requests).toHaveLength(2)
  })

  it.skipIf(process.platform === 'win32').each<[string, (file: string) => void]>([
    ['a pipe that nobody writes to', (file) => execFileSync('mkfifo', [file])],
    ['larger than any', (file) => truncateSync(file, 2 ** 31)],
    ['a folder', (file) => mkdirSync(file)],
  ])('%s is neither waited for nor read', (title, put) => {
    const path = folder()
    const options = { folder: path, registry: 'https://registry.example/', identity: 'x', now: () => new Date(start) }
    const cache = openCache(options)
    cache.set('p:a', ['n'])
    cache.flush()
    const [file] = filesBelow(path)
    if (!title.startsWith('larger')) rmSync(file!)
    put(file!)
    const next = openCache(options)
    expect(next.get('p:a', minute)).toBeUndefined()
    next.set('p:a', ['s'])
    next.flush()
    expect(next.get('p:a', minute)?.value).toEqual(['s'])
  })

  it.skipIf(process.getuid?.() !== 0)("somebody else's is not read", () => {
    const path = folder()
    const options = { folder: path, registry: 'https://registry.example/', identity: 'x', now: () => new Date(start) }
    const cache = openCache(options)
    cache.set('p:a', ['n'])
    cache.flush()
    chownSync(filesBelow(path)[0]!, 1234, 1234)
    expect(openCache(options).get('p:a', minute)).toBeUndefined()
  })

  it.each<[string, object]>([
    ['a version that is none', { '1.0.0': 5 }],
    ['a version that is null', { '1.0.0': null }],
    ['maintainers that are no list', { '1.0.0': { maintainers: 'ada' } }],
    ['signatures that are none', { '1.0.0': { signatures: [7] } }],
    ['a time that is none', { '1.0.0': { published: {} } }],
    ['a note that is no text', { '1.0.0': { deprecated: { toString: 1 } } }],
  ])('holding %s is not believed', (_title, odd) => {
    const expanded = (versions: object, withdrawn: unknown = 0) =>
      expand(['e', 0, {}, '|1.0.0|', versions, [], [], withdrawn], 'pkg', 'https://registry.example/', start)
    expect(expanded({ '1.0.0': { deprecated: 'old' } })).toMatchObject({ state: 'exists' })
    expect(expanded(odd)).toBeUndefined()
    expect(expanded({}, { '0.9.0': 7 })).not.toHaveProperty('facts.withdrawn')
  })

  it.each<[string, (home: string) => void]>([
    ['behind a file', (home) => writeFileSync(join(home, '.cache'), '')],
    [
      'a file itself',
      (home) => {
        mkdirSync(join(home, '.cache'))
        writeFileSync(join(home, '.cache', 'audit-deps'), '')
      },
    ],
  ])('%s only costs speed', async (_title, prepare) => {
    const { url, requests } = await server({ asked: plain })
    const home = folder()
    prepare(home)
    for (let run = 0; run < 2; run++) expect(await ask(home, url, 'asked')).toBe('exists')
    expect(requests).toHaveLength(2)
  })

  it('not writable in one place leaves no temporary file behind', async () => {
    const { url } = await server({ asked: plain })
    const home = folder()
    await ask(home, url, 'asked')
    const [file] = filesBelow(home)
    rmSync(file!)
    mkdirSync(join(file!, 'in-the-way'), { recursive: true })
    expect(await ask(home, url, 'asked')).toBe('exists')
    expect(filesBelow(home)).toEqual([])
  })
})

describe('the folder', () => {
  it.each<[string, NodeJS.ProcessEnv, string, NodeJS.Platform, string | undefined]>([
    ['XDG', { XDG_CACHE_HOME: '/xdg' }, '/home/u', 'linux', '/xdg/audit-deps'],
    ['relative XDG is none', { XDG_CACHE_HOME: 'xdg' }, '/home/u', 'linux', '/home/u/.cache/audit-deps'],
    ['Linux', {}, '/home/u', 'linux', '/home/u/.cache/audit-deps'],
    ['macOS', {}, '/Users/u', 'darwin', '/Users/u/Library/Caches/audit-deps'],
    ['Windows', { LOCALAPPDATA: '/l' }, '/u', 'win32', '/l/audit-deps/cache'],
    ['Windows without a place', {}, '/u', 'win32', undefined],
    ['nowhere', {}, '', 'linux', undefined],
  ])('%s', (_title, environment, home, platform, expected) => {
    expect(cacheFolder(environment, home, platform)).toBe(expected)
  })

  it('is the user’s alone, holds no temporary file, and forgets what is older than a day', () => {
    const path = folder()
    let at = start
    const options = { folder: path, registry: 'https://registry.example/', identity: 'x', now: () => new Date(at) }
    const cache = openCache(options)
    for (let key = 0; key < 500; key++) cache.set(`p:old-${key}`, ['n'])
    cache.flush()
    at += 25 * 60 * minute
    const next = openCache(options)
    for (let key = 0; key < 500; key++) next.set(`p:new-${key}`, ['n'])
    next.flush()
    const files = filesBelow(path)
    expect(files.length).toBeLessThanOrEqual(64)
    expect(files.every((file) => /[/\\]\d+\.txt$/.test(file))).toBe(true)
    expect(files.map((file) => readFileSync(file, 'utf8')).join()).not.toContain('old-')
    if (process.platform !== 'win32') expect(files.every((file) => (statSync(file).mode & 0o077) === 0)).toBe(true)
    expect(openCache(options).get('p:new-7', minute)).toEqual({ at, value: ['n'] })
    expect(openCache({ ...options, identity: 'y' }).get('p:new-7', minute)).toBeUndefined()
  })
})
