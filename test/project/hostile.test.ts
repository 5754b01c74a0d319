// Whatever stands in these files, it is read or named: no other error, no stall, no prototype touched.

import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { parseLockfile } from '../../src/project/lockfile.ts'
import { parseManifest } from '../../src/project/manifest.ts'
import type { Manifest } from '../../src/types.ts'
import { fixture } from '../lockfile/fixtures.ts'
import { lockNameOf, lockOf, monoFormats, protocolFormats } from './formats.ts'

const asking = JSON.stringify({ dependencies: { left: '^2.0.0', __proto__x: '1' }, resolutions: { constructor: '1' } })
const manifests: readonly Manifest[] = [
  parseManifest(asking.replace('__proto__x', '__proto__'), 'package.json').parsed!.manifest,
]
const lock = (text: string, name = 'package-lock.json') => parseLockfile(text, name, manifests)
const isAnswer = (answer: Awaited<ReturnType<typeof lock>>) => 'packages' in answer || answer.next.length > 0
/** One name for each way of reading. */
const readable = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

/** Marks that mean something to one of the formats, so that noise gets past the first line. */
const grammar = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['\n', ':', '  ', '    ', '"', "'", ',', '{', '}', '[', ']', '- ', '? ', '#', '@', '^1.0.0', 'npm:', '\r\n'],
        ...[
          '__metadata:\n  version: 8\n',
          "lockfileVersion: '9.0'\n",
          '# yarn lockfile v1\n',
          'packages:\n',
          'snapshots:\n',
        ],
        ...[
          'importers:\n',
          'left',
          '__proto__',
          'resolution: ',
          'version',
          'dependencies:\n',
          '---\n',
          '&a ',
          '*a',
          '<<: *a',
        ],
        ...[
          '"lockfileVersion": 1,',
          '"packages": {',
          '!!js/function x',
          '%YAML 1.2\n',
          'a@workspace:.',
          'a@patch:',
          '|',
          '>',
        ],
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

test('noise', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: 'binary' }), fc.json(), grammar),
      fc.constantFrom(...readable),
      async (text, name) => {
        expect(isAnswer(await lock(text, name))).toBe(true)
        expect(parseManifest(text, 'package.json')).toHaveProperty('unread')
      },
    ),
    { numRuns: 300 },
  )
})

const originals: readonly (readonly [string, string, string])[] = [
  ...['app-v1', 'app-v2', 'app-v3', 'workspaces'].map(
    (name) => [name, 'package-lock.json', fixture(`${name}.lock.json`)] as const,
  ),
  ...monoFormats.map((format) => [`mono-${format}`, lockNameOf(format), lockOf('mono', format)] as const),
  ...protocolFormats.map((format) => [`protocols-${format}`, lockNameOf(format), lockOf('protocols', format)] as const),
]

test.each(originals)('%s, cut off and overwritten anywhere', async (_, name, text) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length),
      fc.oneof(fc.string({ maxLength: 8 }), grammar),
      fc.boolean(),
      async (at, noise, cut) => {
        const changed = text.slice(0, at) + noise + (cut ? '' : text.slice(at + noise.length))
        expect(isAnswer(await lock(changed, name))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

test('hostile keys and values in the right places', async () => {
  const key = fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '',
    '.',
    '..',
    '/',
    'node_modules/',
    'node_modules/a',
    'a/node_modules/__proto__',
    '../../node_modules/x',
    'node_modules/a\u0000b',
    'a@1.0.0',
    '/a/1.0.0_b@1',
    'a@workspace:..',
    '@a/b@patch:@a/b@npm%3A1#x',
    'x'.repeat(5000),
  )
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant('https://a.example/x.tgz'),
    fc.constant('file:..'),
    key,
  )
  const entry = fc.dictionary(
    fc.oneof(
      key,
      fc.constantFrom(
        ...['version', 'resolved', 'integrity', 'link', 'name', 'inBundle', 'dependencies', 'workspaces'],
        ...['bundleDependencies', 'resolution', 'checksum', 'specifiers', 'optionalDependencies', 'dependenciesMeta'],
      ),
    ),
    value,
  )
  const pairs = fc.array(fc.tuple(key, fc.oneof(entry, value)))
  const object = pairs.map((list) => `{${list.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`)
  const fields = ['dependencies', 'overrides', 'resolutions', 'workspaces', 'scripts', 'bundleDependencies']
  await fc.assert(
    fc.asyncProperty(object, object, fc.constantFrom(1, 2, 3, 4, 5.4, 6, 9), async (body, other, version) => {
      for (const field of ['packages', 'dependencies'])
        expect(isAnswer(await lock(`{"lockfileVersion":${version},"${field}":${body}}`))).toBe(true)
      // JSON is YAML too.
      const pnpm = `{"lockfileVersion":${version},"importers":${other},"packages":${body},"snapshots":${body}}`
      expect(isAnswer(await lock(pnpm, 'pnpm-lock.yaml'))).toBe(true)
      const bun = `{"lockfileVersion":1,"workspaces":${other},"packages":${body.replaceAll('{"', '[{"')}}`
      expect(isAnswer(await lock(bun, 'bun.lock'))).toBe(true)
      const berry = `__metadata:\n  version: 8\n${JSON.stringify(`a@${'x'}`)}: ${body}\n`
      expect(isAnswer(await lock(berry, 'yarn.lock'))).toBe(true)
      const manifest = `{${fields.map((name) => `"${name}":${body}`).join(',')}}`
      expect(parseManifest(manifest, 'package.json').parsed).toBeDefined()
    }),
    { numRuns: 150 },
  )
})

function blocks(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}a:\n`).join('')
}

/** Each name stands for nine of the one before: 9⁹ in the end. */
const bomb = Array.from('abcdefghi', (name, index) => {
  const before = String.fromCharCode(name.charCodeAt(0) - 1)
  return `${name}: &${name} {${Array.from({ length: 9 }, (_, at) => `k${at}: ${index === 0 ? 'x' : `*${before}`}`).join(', ')}}\n`
}).join('')

const chain = `# yarn lockfile v1\n${Array.from({ length: 20_000 }, (_, at) => `p${at}@1:\n  version "1.0.0"\n  dependencies:\n    p${at + 1} "1"\n`).join('')}`

const deep = 100_000

describe.each(readable)('%s within bounds', (name) => {
  test.each([
    ['open objects', '{"a":'.repeat(deep)],
    ['open lists', '['.repeat(deep)],
    ['closed objects', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['nested blocks of yarn 1', `# yarn lockfile v1\n${blocks(1_000)}`],
    ['nested blocks of YAML', `__metadata:\n  version: 8\n${blocks(1_000)}`],
    [
      'nested packages of npm',
      `{"lockfileVersion":1${',"dependencies":{"a":{"version":"1"'.repeat(50_000)}${'}}'.repeat(50_000)}}`,
    ],
    ['nested packages of Bun', `{"lockfileVersion":1,"packages":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}`],
    ['nested overrides', `{"lockfileVersion":3,"overrides":${'{"a":'.repeat(50_000)}{}${'}'.repeat(50_000)}}`],
    [
      'a key of a megabyte',
      `{"lockfileVersion":3,"packages":{"${'a/'.repeat(500_000)}":{"dependencies":{"x":"https://a"}}}}`,
    ],
    [
      'a place of a hundred thousand names',
      `{"lockfileVersion":1,"packages":{"${'a/'.repeat(deep)}b":["b@1.0.0","",{"dependencies":{"z":"1"}}]}}`,
    ],
    ['a megabyte of backslashes', `{"lockfileVersion":3,"a":"${'\\\\'.repeat(500_000)}"}`],
    ['a megabyte of quotes', `{"lockfileVersion":3,"a":"${'\\"'.repeat(500_000)}"}`],
    ['a megabyte of newlines', '\n'.repeat(1_000_000)],
    ['a megabyte of almost-markers', '<<<<<< '.repeat(150_000)],
    ['a megabyte of questions', '? '.repeat(500_000)],
    ['a megabyte of dashes', '- '.repeat(500_000)],
    ['a megabyte of documents', '---\n'.repeat(250_000)],
    ['a megabyte of ranges', `${'a@1, '.repeat(200_000)}a@2:\n  version "1"\n`],
    ['a megabyte in one pair of quotes', `"${'a@1'.repeat(350_000)}":\n  version "1"\n`],
    ['a YAML bomb', `lockfileVersion: '9.0'\n${bomb}packages: *i\n`],
    ['a YAML bomb in a yarn.lock', `__metadata:\n  version: 8\n${bomb}`],
    ['an alias that contains itself', `lockfileVersion: '9.0'\nimporters: &a\n  .: *a\npackages: &p\n  a@1.0.0: *p\n`],
    ['a chain of a hundred thousand', chain],
  ])('%s', async (_, text) => {
    const start = performance.now()
    expect(isAnswer(await lock(text, name))).toBe(true)
    expect(parseManifest(text, 'package.json')).toHaveProperty('unread')
    expect(performance.now() - start).toBeLessThan(6_000)
  })
})

test.each([
  ['a tag', "lockfileVersion: '9.0'\npackages: !!js/regexp /a/\n", 'pnpm-lock.yaml', /line 2 is no YAML/],
  ['a tag', '__metadata:\n  version: 8\na@1: !!binary aGk=\n', 'yarn.lock', /line 3 is no YAML/],
  [
    'a merge key',
    "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    <<: {resolution: x}\n",
    'pnpm-lock.yaml',
    /merge key/,
  ],
  ['five documents', '---\na: b\n'.repeat(5), 'pnpm-lock.yaml', /more than 4 YAML documents/],
  ['a list', '- a\n', 'pnpm-lock.yaml', /is no YAML/],
  [
    'a version nobody knows',
    "lockfileVersion: '12.0'\n",
    'pnpm-lock.yaml',
    /lockfileVersion that audit-deps does not know/,
  ],
  ['no version', 'packages:\n', 'pnpm-lock.yaml', /lockfileVersion that audit-deps does not know/],
  [
    'a version nobody knows',
    '__metadata:\n  version: 99\n',
    'yarn.lock',
    /__metadata.version that audit-deps does not know/,
  ],
  [
    'an entry without a resolution',
    '__metadata:\n  version: 8\n"a@npm:1":\n  version: 1\n',
    'yarn.lock',
    /line 3 begins an entry without/,
  ],
  [
    'a line of no kind',
    '# yarn lockfile v1\na@1:\n  version 1 2\n',
    'yarn.lock',
    /line 3 is no line that yarn 1 writes/,
  ],
  ['a field of nothing', '# yarn lockfile v1\n  version "1"\n', 'yarn.lock', /line 2 is no line/],
  ['a version nobody knows', '{"lockfileVersion": 7}', 'bun.lock', /lockfileVersion that audit-deps does not know/],
  [
    'an entry that is no list',
    '{"lockfileVersion":1,\n"packages":{\n"a":{}}}',
    'bun.lock',
    /line 3 holds an entry that is no list/,
  ],
  ['broken JSON', '{"lockfileVersion":1,\n"packages" {}}', 'bun.lock', /line 2 is not JSON/],
])('%s is refused: %j in %s', async (_, text, name, why) => {
  const next = why.source.includes('does not know') ? expect.stringContaining('update audit-deps') : expect.any(String)
  expect(await lock(text, name)).toMatchObject({ why: expect.stringMatching(why), next })
})

test('what a parser says of the text is not handed on: it may hold a secret', async () => {
  for (const name of readable) expect(JSON.stringify(await lock('"token: hunter-two', name))).not.toContain('hunter')
})

test('a package-lock.json of 200 MB is read or named, and does not take the process down', async () => {
  const entry = `"node_modules/a":{"version":"1.0.0","resolved":"https://a.example/${'x'.repeat(1_000)}"}`
  const text = `{"lockfileVersion":3,"packages":{${`${entry},`.repeat(200_000)}${entry}}}`
  expect(text.length).toBeGreaterThan(200 * 2 ** 20)
  expect(isAnswer(await lock(text))).toBe(true)
}, 60_000)

test.each(['pnpm-lock.yaml', 'yarn.lock', 'bun.lock'])('%s of more than 64 MB is named, not parsed', async (name) => {
  const start = performance.now()
  expect(await lock(`__metadata:\n${'#'.repeat(65 * 2 ** 20)}`, name)).toMatchObject({ why: 'it is larger than 64 MB' })
  expect(performance.now() - start).toBeLessThan(6_000)
})
