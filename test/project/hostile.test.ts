// Whatever stands in these files, it is read or named: no other error, no stall, no prototype touched.

import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { parseLockfile } from '../../src/project/lockfile.ts'
import { parseManifest } from '../../src/project/manifest.ts'
import { fixture } from '../lockfile/fixtures.ts'

const names = new Set(['left', '__proto__'])
const lock = (text: string) => parseLockfile(text, 'package-lock.json', names)
const isAnswer = (answer: ReturnType<typeof lock>) => 'packages' in answer || answer.next.length > 0

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('noise', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      expect(isAnswer(lock(text))).toBe(true)
      expect(parseManifest(text, 'package.json')).toHaveProperty('unread')
    }),
  )
})

test.each(['app-v1', 'app-v2', 'app-v3', 'workspaces'])('%s, cut off and overwritten anywhere', (name) => {
  const text = fixture(`${name}.lock.json`)
  fc.assert(
    fc.property(fc.nat(text.length), fc.string({ maxLength: 8 }), fc.boolean(), (at, noise, cut) => {
      expect(isAnswer(lock(text.slice(0, at) + noise + (cut ? '' : text.slice(at + noise.length))))).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('hostile keys and values in the right places', () => {
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
    'x'.repeat(5000),
  )
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant('https://a.example/x.tgz'), fc.constant('file:..'))
  const entry = fc.dictionary(
    fc.oneof(
      key,
      fc.constantFrom(
        'version',
        'resolved',
        'integrity',
        'link',
        'name',
        'inBundle',
        'dependencies',
        'workspaces',
        'bundleDependencies',
      ),
    ),
    value,
  )
  const pairs = fc.array(fc.tuple(key, fc.oneof(entry, value)))
  const object = pairs.map((list) => `{${list.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`)
  fc.assert(
    fc.property(
      object,
      fc.constantFrom(1, 2, 3, 4),
      fc.constantFrom('packages', 'dependencies'),
      (body, version, field) => {
        expect(isAnswer(lock(`{"lockfileVersion":${version},"${field}":${body}}`))).toBe(true)
        const fields = ['dependencies', 'overrides', 'resolutions', 'workspaces', 'scripts', 'bundleDependencies']
        const manifest = `{${fields.map((name) => `"${name}":${body}`).join(',')}}`
        expect(parseManifest(manifest, 'package.json').parsed).toBeDefined()
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  ['open objects', '{"a":'.repeat(100_000)],
  ['open lists', '['.repeat(100_000)],
  ['closed objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  [
    'nested packages',
    `{"lockfileVersion":1${',"dependencies":{"a":{"version":"1"'.repeat(50_000)}${'}}'.repeat(50_000)}}`,
  ],
  ['nested overrides', `{"lockfileVersion":3,"overrides":${'{"a":'.repeat(50_000)}{}${'}'.repeat(50_000)}}`],
  [
    'a key of a megabyte',
    `{"lockfileVersion":3,"packages":{"${'a/'.repeat(500_000)}":{"dependencies":{"x":"https://a"}}}}`,
  ],
  ['a megabyte of backslashes', `{"lockfileVersion":3,"a":"${'\\\\'.repeat(500_000)}"}`],
  ['a megabyte of quotes', `{"lockfileVersion":3,"a":"${'\\"'.repeat(500_000)}"}`],
  ['a megabyte of newlines', '\n'.repeat(1_000_000)],
  ['a megabyte of almost-markers', '<<<<<< '.repeat(150_000)],
])('%s', (_, text) => {
  const start = performance.now()
  expect(isAnswer(lock(text))).toBe(true)
  expect(parseManifest(text, 'package.json')).toHaveProperty('unread')
  expect(performance.now() - start).toBeLessThan(1_500)
})
