import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/project/manifest.ts'
import type { Declared } from '../../src/types.ts'

const parse = (manifest: object | string) =>
  parseManifest(typeof manifest === 'string' ? manifest : JSON.stringify(manifest), 'package.json')
const dependencies = (manifest: object | string): readonly Declared[] =>
  parse(manifest).parsed?.manifest.dependencies ?? []

test('names line and column of each dependency, in bytes', () => {
  const text =
    '{\r\n\t"dependencies": { "é": "1", "a\\u0062": "^1" },\r\n  "description": "\\"b\\": {",\r\n  "devDependencies":{\r\n"b":"2"}}'
  const places = dependencies(text).map(({ name, line, column }) => [name, line, column])
  expect(places).toEqual([
    ['é', 2, 20],
    ['ab', 2, 31],
    ['b', 5, 1],
  ])
})

describe('what a range means', () => {
  test.each([
    ['^1.0.0', 'registry', 'a'],
    ['', 'registry', 'a'],
    ['latest', 'registry', 'a'],
    ['npm:@acme/real@^1', 'registry', '@acme/real'],
    ['npm:real', 'registry', 'real'],
    ['github:acme/a', 'git', 'a'],
    ['acme/a#main', 'git', 'a'],
    ['git+https://git.example/a.git', 'git', 'a'],
    ['https://cdn.example/a.tgz', 'tarball', 'a'],
    ['file:../a', 'local', 'a'],
    ['link:../a', 'local', 'a'],
    ['workspace:*', 'workspace', 'a'],
    ['catalog:', 'registry', 'a'],
    ['patch:a@npm%3A1.0.0#a.patch', 'registry', 'a'],
    ['what is this?', 'invalid', 'a'],
    ['foo:bar', 'invalid', 'a'],
  ] as const)('%s is %s of %s', (range, kind, target) => {
    expect(dependencies({ dependencies: { a: range } })).toMatchObject([{ name: 'a', range, kind, target }])
  })

  test('names that no package could have, and ranges that are no text, are invalid', () => {
    const odd = dependencies('{"dependencies":{"../a":"1","__proto__":"1","constructor":"1","b":{"x":1},"c":null}}')
    expect(odd.map(({ name, kind }) => [name, kind])).toEqual([
      ['../a', 'invalid'],
      ['__proto__', 'invalid'],
      ['constructor', 'registry'],
      ['b', 'invalid'],
      ['c', 'invalid'],
    ])
  })
})

test('every field is read', () => {
  const found = dependencies({
    dependencies: { a: '1' },
    devDependencies: { b: '1' },
    optionalDependencies: { c: '1' },
    peerDependencies: { d: '1' },
    bundledDependencies: ['a'],
    overrides: { e: '1', 'f@^2': { '.': '2.1.0', g: '$a', h: { i: '3' } }, '@s/j@1': 'npm:k@2' },
    resolutions: { 'l/**/@s/m': '1', 'n@npm:^1': '2' },
  })
  expect(found.map(({ name, range, field }) => `${field} ${name}@${range}`)).toEqual([
    'dependencies a@1',
    'devDependencies b@1',
    'optionalDependencies c@1',
    'peerDependencies d@1',
    'bundleDependencies a@',
    'overrides e@1',
    'overrides @s/j@npm:k@2',
    'overrides f@2.1.0',
    'overrides g@1',
    'overrides h@',
    'overrides i@3',
    'resolutions @s/m@1',
    'resolutions n@2',
  ])
  expect(found.find(({ name }) => name === '@s/j')?.target).toBe('k')
})

test.each([
  [['packages/*'], ['packages/*']],
  [{ packages: ['a', 'b/*'], nohoist: [] }, ['a', 'b/*']],
  [undefined, []],
])('workspaces %j', (workspaces, patterns) => {
  expect(parse({ workspaces }).parsed?.workspaces).toEqual(patterns)
})

test('a field of the wrong type is named, and the rest is read', () => {
  const { parsed, unread } = parse({
    name: 7,
    private: 'yes',
    dependencies: ['a'],
    devDependencies: { b: '1' },
    overrides: 'x',
    workspaces: 'packages/*',
    scripts: { a: 1, b: 'echo' },
  })
  expect(parsed?.manifest).toMatchObject({ name: undefined, private: false, scripts: { b: 'echo' } })
  expect(parsed?.manifest.dependencies.map(({ name }) => name)).toEqual(['b'])
  expect(unread.map(({ why }) => /"(\w+)"/.exec(why)?.[1])).toEqual(['dependencies', 'overrides', 'workspaces'])
})

test.each([
  ['{"a":1,\n}', 'it is not JSON: line 2'],
  ['', 'it is not JSON: line 1'],
  ['null', 'it holds no JSON object'],
  ['["a"]', 'it holds no JSON object'],
])('broken: %j', (text, why) => {
  expect(parse(text)).toEqual({ unread: [expect.objectContaining({ path: 'package.json', why })] })
})

test.each([
  '{"name":{"toString":1},"version":"9"}',
  '{"name":"npm","version":{"toString":1}}',
  '[{"name":[[{"toString":1}]]}]',
  '7',
])('a manager that is named by %s does not break the rest', (manager) => {
  const { parsed, unread } = parse(`{"name":"a","devEngines":{"packageManager":${manager}}}`)
  expect(unread).toEqual([])
  expect(parsed?.manifest.name).toBe('a')
})
