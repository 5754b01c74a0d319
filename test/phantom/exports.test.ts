// What packages have, both ways for each form; and packages that were made to mislead, loop or break.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkExports } from '../../src/phantom/exports/check.ts'
import { judgePackage, type Use, type Verdict } from '../../src/phantom/exports/judge.ts'
import { literalMethods } from '../../src/phantom/exports/literals.ts'
import type { PackageFiles } from '../../src/project/sources/disk.ts'
import { parseSource } from '../../src/project/sources/parse.ts'
import { readSources } from '../../src/project/sources.ts'
import { context } from '../support/context.ts'
import { temporaryFolder } from '../support/repository.ts'

const root = '/app/node_modules'

/** A disk of texts; paths below node_modules. */
function disk(texts: Record<string, string>): PackageFiles {
  const files = new Map(Object.entries(texts).map(([path, text]) => [`${root}/${path}`, text]))
  const folders = new Set(
    [...files.keys()].flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
  )
  return {
    text: (file) => files.get(file),
    kind: (path) => (files.has(path) ? 'file' : folders.has(path) ? 'folder' : undefined),
    real: (folder) => (folders.has(folder) ? folder : undefined),
  }
}

/** `a` · `.a` member · `default.a` of the default · `type a` · `/sub a` · `/sub` alone. */
function use(text: string): Use {
  const [, type, subpath = '', of, name] = /^(type )?(\/\S+)? ?(default\.|\.)?(.+)?$/.exec(text)!
  return {
    subpath: subpath === '' ? '.' : `.${subpath}`,
    ...(name !== undefined && { name }),
    kind: of === undefined ? 'named' : of === '.' ? 'member' : 'default-member',
    typeOnly: type !== undefined,
  }
}

function verdict(texts: Record<string, string>, used: string): Verdict {
  const typed = Object.keys(texts).some((path) => path.startsWith('@types/p/'))
  const question = { name: 'p', folder: `${root}/p`, typesFolder: typed ? `${root}/@types/p` : undefined }
  return judgePackage(disk(texts), { ...question, uses: [use(used)] })[0]!
}

const esm = (index: string, more: Record<string, string> = {}): Record<string, string> => ({
  'p/package.json': '{ "type": "module", "main": "index.js" }',
  'p/index.js': index,
  ...more,
})
const cjs = (index: string, more: Record<string, string> = {}): Record<string, string> => ({
  'p/package.json': '{}',
  'p/index.js': index,
  ...more,
})
const exported = (exports: unknown, files: Record<string, string> = {}): Record<string, string> => ({
  'p/package.json': JSON.stringify({ type: 'module', exports }),
  ...files,
})
const typed = (types: string, more: Record<string, string> = {}) =>
  esm('export const v = 1', { 'p/index.d.ts': types, ...more })

describe('what a package has, has not, and what cannot be known', () => {
  const tables: Record<string, [Record<string, string>, { has?: string[]; missing?: string[]; unknown?: string[] }][]> =
    {
      'ES modules': [
        [
          esm('export const a = 1; export function b() {}; export { c as d }; let c'),
          { has: ['a', 'b', 'd', '.a', '.hasOwnProperty'], missing: ['c', 'e', '.e', 'default'] },
        ],
        [esm('export default 1'), { has: ['default'], missing: ['a'], unknown: ['default.a'] }],
        [
          esm('export default { a, b() {}, "c": 1 }'),
          { has: ['default.a', 'default.c', 'default.toString'], missing: ['default.d'] },
        ],
        [esm('export default { a, ...b }'), { unknown: ['default.c'] }],
        [
          esm("export * from './b.js'", {
            'p/b.js': "export const b = 1; export default 2; export * from './index.js'",
          }),
          { has: ['b'], missing: ['a', 'default'] },
        ],
        [esm("export * as ns from './b.js'; export { x } from 'nowhere'", {}), { has: ['ns', 'x'], missing: ['b'] }],
        [esm("export * from 'nowhere'; export const a = 1"), { has: ['a'], unknown: ['b'] }],
        [esm("export * from 'node:fs'"), { unknown: ['readFile'] }],
        [
          esm("export * from 'q'", { 'q/package.json': '{"exports": "./q.mjs"}', 'q/q.mjs': 'export const q = 1' }),
          { has: ['q'], missing: ['a'] },
        ],
        [esm("export * from './b.cjs'", { 'p/b.cjs': 'exports.b = 1' }), { has: ['b'], missing: ['c'] }],
      ],
      CommonJS: [
        [
          cjs('exports.a = 1; module.exports.b = 2; Object.defineProperty(exports, "c", { get() {} })'),
          { has: ['a', 'b', '.c', 'default', 'default.a'], missing: ['d', '.d', 'default.d'] },
        ],
        [cjs('module.exports = { a, b: 1, "c": 2 }'), { has: ['a', 'b', 'c'], missing: ['d'] }],
        [cjs('exports = module.exports = { a }; exports.b = 1'), { has: ['a', 'b'], missing: ['c'] }],
        [cjs('module.exports = require("./b")', { 'p/b/index.js': 'exports.b = 1' }), { has: ['b'], missing: ['a'] }],
        [
          cjs('if (process.env.X) module.exports = require("./b"); else module.exports = require("./c")', {
            'p/b.js': 'exports.b = 1',
            'p/c.js': 'exports.c = 1',
          }),
          { has: ['b', 'c'], missing: ['a'] },
        ],
        [
          cjs('module.exports = { ...require("./b"), a }', { 'p/b.js': 'exports.b = 1' }),
          { has: ['a', 'b'], missing: ['c'] },
        ],
        [
          cjs(
            '"use strict"; var tslib_1 = require("tslib"); tslib_1.__exportStar(require("./b"), exports); exports.a = void 0',
            { 'p/b.js': 'exports.b = 1' },
          ),
          { has: ['a', 'b'], missing: ['c'] },
        ],
        [
          cjs('Object.defineProperty(exports, "__esModule", { value: true }); exports.default = x'),
          { has: ['default'], missing: ['a'], unknown: ['default.a'] },
        ],
        [
          cjs(
            'var _b = require("./b"); Object.keys(_b).forEach(function (key) { if (key in exports && exports[key] === _b[key]) return; Object.defineProperty(exports, key, { get: function () { return _b[key] } }) })',
            { 'p/b.js': 'exports.b = 1' },
          ),
          { has: ['b'], missing: ['a'] },
        ],
        [
          cjs('__export(src, { a: () => a }); module.exports = __toCommonJS(src); 0 && (module.exports = { a })'),
          { has: ['a'], missing: ['b'] },
        ],
        [
          cjs(
            'Object.defineProperties(exports, { __esModule: {}, [Symbol.toStringTag]: { value: "Module" } }); exports.a = 1',
          ),
          { has: ['a'], missing: ['b'] },
        ],
        [
          cjs('Object.defineProperty(exports, Symbol.toStringTag, { value: "Module" }); exports.a = 1'),
          { has: ['a'], missing: ['b'] },
        ],
        [cjs('Object.defineProperties(exports, { [Symbol[x]]: {}, [x]: {} }); exports.a = 1'), { unknown: ['b'] }],
        [cjs('Object.defineProperty(exports, x.toStringTag, {}); exports.a = 1'), { unknown: ['b'] }],
        // Made when it runs.
        [cjs('module.exports = make()'), { has: ['default'], unknown: ['a'] }],
        [cjs('module.exports = function () {}; module.exports.a = 1'), { has: ['a'], unknown: ['b'] }],
        [cjs('for (const k of keys) exports[k] = 1'), { unknown: ['a'] }],
        [cjs('fill(exports)'), { unknown: ['a'] }],
        [cjs('const api = module.exports = {}; api.a = 1'), { unknown: ['b'] }],
        [cjs('const api = exports; api.a = 1'), { unknown: ['b'] }],
        [cjs('this.a = 1'), { unknown: ['b'] }],
        [cjs('(function (f) { f(exports) })(function (e) { e.a = 1 })'), { unknown: ['b'] }],
        [cjs('module.exports = new Proxy({}, {})'), { unknown: ['a'] }],
        [cjs('exports.a = 1; eval(code)'), { unknown: ['b'] }],
        [cjs('exports.a = 1; require("./b")', { 'p/b.js': 'require(".").b = 1' }), { has: ['a'], unknown: ['b'] }],
        [cjs('exports.a = 1; names.forEach((n) => require("./" + n))'), { has: ['a'], unknown: ['b'] }],
        [cjs('exports.a = 1;('), { has: ['a'], unknown: ['b'] }],
      ],
      types: [
        [
          typed('export type T = 1; export declare const v: 1; export default v'),
          { has: ['type T', 'v', 'T'], missing: ['type U', 'w'] },
        ],
        [
          typed('export interface I {} export { I as J } from "./more"; export * from "./more.js"', {
            'p/more.d.ts': 'export class K {}',
          }),
          { has: ['type I', 'type J', 'type K'], missing: ['type L'] },
        ],
        [typed('interface Hidden {} export {}'), { missing: ['type Hidden'] }],
        [typed('interface Open {} export interface I {}'), { has: ['type Open'] }],
        [
          typed(
            'declare function p(): void; declare namespace p { interface I {} const v: 1; export { x as y } } export = p',
          ),
          { has: ['type I', 'v', 'y', 'type default'], missing: ['type J'] },
        ],
        [typed('declare const p: P; interface P { a: 1 } export = p'), { unknown: ['a', 'type I'] }],
        [
          typed(
            'declare module "p" { export const a: 1; export type T = 1 } declare module "other" { export const b: 1 }',
          ),
          { has: ['a', 'type T'], missing: ['type b', 'b'] },
        ],
        [typed('/// <reference path="./more.d.ts" />\nexport const a: 1'), { has: ['a'], unknown: ['b', 'type T'] }],
        [typed('export const a: 1; const'), { unknown: ['b'] }],
        [esm('export const v = 1'), { unknown: ['type T'] }],
        // Runtime and types must both lack it.
        [typed('export const onlyTyped: 1'), { has: ['v', 'onlyTyped'], missing: ['neither'] }],
        [
          cjs('module.exports = make()', {
            '@types/p/package.json': '{"types":"index.d.ts"}',
            '@types/p/index.d.ts': 'export const a: 1',
          }),
          { has: ['a', 'type a'], missing: ['type b'], unknown: ['b'] },
        ],
        [
          cjs('exports.a = 1', { 'p/index.d.ts': 'export const a: 1' }),
          { has: ['default.a'], missing: ['b'], unknown: ['default.b'] },
        ],
      ],
      entries: [
        [
          exported(
            { '.': './a.js', './b': './b.js', './c/*': './d/*.js', './e': null },
            {
              'p/a.js': 'export const a = 1',
              'p/b.js': 'export const b = 1',
              'p/d/x.js': 'export const x = 1',
              'p/e.js': '',
            },
          ),
          {
            has: ['a', '/b b', '/c/x x', '/b', '/c/x'],
            missing: ['b', '/b a', '/c/x y', '/d/x', '/a.js', '/e', '/c/nope'],
          },
        ],
        [
          exported(
            { import: './a.mjs', require: './a.cjs', types: './a.d.ts' },
            { 'p/a.mjs': 'export const a = 1', 'p/a.cjs': 'exports.b = 1', 'p/a.d.ts': 'export const t: 1' },
          ),
          { has: ['a', 'b', 't', 'type t'], missing: ['c'] },
        ],
        [
          exported([{ node: './a.js' }, './b.js'], { 'p/a.js': 'export const a = 1', 'p/b.js': 'export const b = 1' }),
          { has: ['a', 'b'], missing: ['c'] },
        ],
        [exported('./../../secret.js', { 'secret.js': 'export const a = 1' }), { unknown: ['a'] }],
        [exported({ '.': './not-built.js' }), { unknown: ['a'] }],
        [exported({ '.': './a.json' }, { 'p/a.json': '{}' }), { unknown: ['a'] }],
        [
          {
            'p/package.json': '{"main":"lib","module":"m.js","types":"t.d.ts"}',
            'p/lib/index.js': 'exports.a = 1',
            'p/m.js': 'export const m = 1',
            'p/t.d.ts': 'export const t: 1',
          },
          { has: ['a', 'm', 't'], missing: ['b'] },
        ],
        [
          {
            ...cjs('exports.a = 1'),
            'p/sub/package.json': '{"main":"s.js"}',
            'p/sub/s.js': 'exports.s = 1',
            'p/x.js': '',
            'p/theme.scss': '',
          },
          {
            has: ['/sub s', '/x', '/x.js', '/theme', '/theme.scss'],
            missing: ['/nope', '/sub t'],
            unknown: ['type /nope T'],
          },
        ],
        [
          { ...cjs(''), 'p/package.json': '{"scripts":{"postinstall":"make"}}' },
          { unknown: ['/made a'], has: ['/made'] },
        ],
        [{ 'p/package.json': 'no JSON', 'p/index.js': 'exports.a = 1' }, { unknown: ['b'] }],
      ],
    }
  for (const [title, cases] of Object.entries(tables))
    describe(title, () => {
      const rows = cases.flatMap(([files, { has = [], missing = [], unknown = [] }]) => [
        ...has.map((used) => [used, 'has', files] as const),
        ...missing.map((used) => [used, 'missing', files] as const),
        ...unknown.map((used) => [used, 'unknown', files] as const),
      ])
      test.each(rows)('%s: %s %#', (used, state, files) => {
        expect(verdict(files, used).state, JSON.stringify(files, null, 1)).toBe(state)
      })
    })

  test('did you mean', () => {
    expect(verdict(esm('export const useState = 1'), 'useStat')).toMatchObject({ meant: 'useState' })
    expect(verdict(exported({ './server': './s.js' }, { 'p/s.js': '' }), '/serve')).toMatchObject({ meant: './server' })
  })
})

describe('packages made to mislead', () => {
  test('names of prototypes are names', () => {
    const odd = esm('export const __proto__ = 1; export { x as constructor }; let x')
    expect(verdict(odd, '__proto__').state).toBe('has')
    expect(
      verdict(exported(JSON.parse('{"__proto__": "./a.js", ".": "./a.js"}'), { 'p/a.js': 'export let a' }), 'b').state,
    ).toBe('missing')
  })

  test('a chain of 10,000 files is given up, not followed for ever', () => {
    const files = esm("export * from './f0.js'")
    for (let index = 0; index < 10_000; index++) files[`p/f${index}.js`] = `export * from './f${index + 1}.js'`
    expect(verdict(files, 'a')).toMatchObject({ state: 'unknown', why: expect.stringContaining('3000 files') })
  })

  test('a web in which every file takes all of every other', () => {
    const files = esm("export * from './f0.js'")
    const all = Array.from({ length: 60 }, (_, index) => `export * from './f${index}.js'`).join('\n')
    for (let index = 0; index < 60; index++) files[`p/f${index}.js`] = `${all}\nexport const n${index} = 1`
    expect(verdict(files, 'n59').state).toBe('has')
    expect(verdict(files, 'other').state).toBe('missing')
  })

  test('conditions nested without end', () => {
    let exports: unknown = './a.js'
    for (let depth = 0; depth < 2_000; depth++) exports = { node: exports }
    expect(verdict(exported(exports, { 'p/a.js': 'export let a' }), 'b').state).not.toBe('has')
  })

  test('declarations of a megabyte', () => {
    const types = Array.from({ length: 20_000 }, (_, index) => `export declare const name${index}: { a: string }`).join(
      '\n',
    )
    expect(verdict(typed(types), 'name19999').state).toBe('has')
    expect(verdict(typed(types), 'type other').state).toBe('missing')
  })

  test('no manifest throws', () => {
    const leaf = fc.oneof(
      fc.constantFrom('./a.js', './b.d.ts', '../x', '', '*', './*', '/etc/passwd'),
      fc.constant(null),
      fc.integer(),
    )
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom('.', './a', './*', './b/', 'import', 'types', 'default', '__proto__'),
          tie('node'),
          { maxKeys: 3 },
        ),
      ),
    })).node
    fc.assert(
      fc.property(value, value, value, (exports, main, types) => {
        const files = {
          'p/package.json': JSON.stringify({ exports, main, types }),
          'p/a.js': 'export let a',
          'p/b.d.ts': 'export {}',
        }
        for (const used of ['a', 'b', '/a a', '/b/c', 'type t', 'default.x'])
          expect(verdict(files, used).state).toMatch(/^(?:has|missing|unknown)$/)
      }),
    )
  })
})

describe('methods of literals', () => {
  const found = (...texts: string[]) =>
    literalMethods({ files: texts.map((text, index) => parseSource(`${index}.ts`, text).file!), missed: [] }).map(
      ({ message }) => message,
    )
  test('are found where nothing could have added them', () => {
    expect(found("[].filterByKey(); 'x'.startWith('y'); [1].filterByKey()")).toEqual([
      'arrays have no method filterByKey',
      'strings have no method startWith; did you mean startsWith?',
    ])
  })
  test.each([
    ['[].last()', 'Array.prototype.last = function () {}'],
    ['[].last()', "Object.defineProperty(Array.prototype, 'last', {})"],
    ['[].anything()', 'Object.assign(Array.prototype, methods)'],
    ["'x'.anything()", 'declare global { interface String { anything(): void } }'],
    ["'x'.to('file')", "import 'shelljs/global'"],
  ])('%s is not, for %s', (call, reason) => {
    expect(found(call)).toHaveLength(1)
    expect(found(call, reason)).toEqual([])
  })
})

describe('a project', () => {
  function project(files: Record<string, string>): string {
    const folder = temporaryFolder()
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }
  const real = {
    'node_modules/real/package.json':
      '{"name":"real","version":"1.2.3","type":"module","exports":{".":"./i.js","./more":"./m.js"}}',
    'node_modules/real/i.js': 'export const useState = 1; export const other = 2',
    'node_modules/real/m.js': 'export const more = 1',
  }
  const check = async (folder: string, options?: Parameters<typeof checkExports>[2]) =>
    checkExports(context(folder), await readSources(context(folder)), options)

  test('findings say what, where and what was meant; one for all places', async () => {
    const folder = project({
      ...real,
      'a.ts': "import { useState, useStat } from 'real'\nimport { more, mor } from 'real/more'",
      'b.ts': "import * as r from 'real'\nr.other; r.nothing; export { useStat } from 'real'\nimport x from 'real/moe'",
    })
    const { findings, coverage } = await check(folder)
    expect(
      findings.map(({ message, evidence }) => [
        message,
        evidence.map((one) => one.kind === 'file' && `${one.path}:${one.line}:${one.column}`).join(' '),
      ]),
    ).toEqual([
      ['real 1.2.3 has no export useStat; did you mean useState?', 'a.ts:1:20 b.ts:2:30'],
      ['real/more 1.2.3 has no export mor; did you mean more?', 'a.ts:2:16'],
      ['real 1.2.3 has no export nothing', 'b.ts:2:12'],
      ['real 1.2.3 does not offer real/moe: its exports have no such subpath; did you mean real/more?', 'b.ts:3:15'],
    ])
    expect(findings[0]).toMatchObject({
      code: 'phantom/export',
      subject: { kind: 'package', name: 'real', version: '1.2.3' },
      confidence: 'high',
    })
    expect(coverage).toMatchObject([{ source: 'exports', state: 'complete' }])
  })

  test('what is aliased, mocked, optional, declared, built in or of the project itself is not judged', async () => {
    const folder = project({
      ...real,
      'a.ts': "import { no } from 'real'\nvi.mock('real')",
      'b.js': "try { require('real').no } catch {}",
      'c.ts': "import { no } from 'real'",
      'd.ts':
        "import { no } from 'node:fs'; import { no2 } from 'fs'; import { no3 } from './x'; import { no4 } from '#x'",
      'e.ts': "import { no } from 'self'",
    })
    const manifest = { path: 'package.json', name: 'self', private: true, dependencies: [], scripts: {} }
    const given = context(folder, { project: { manifests: [manifest] } })
    const result = await checkExports(given, await readSources(context(folder)), {
      isAliased: (specifier, path) => specifier === 'real' && path === 'c.ts',
    })
    expect(result).toMatchObject({ findings: [], coverage: [{ state: 'complete', checked: 0 }] })
    writeFileSync(join(folder, 'f.d.ts'), "declare module 'real' { export const no: 1 }")
    expect((await check(folder)).findings).toEqual([])
  })

  test('not installed is coverage; the nearest installed one counts', async () => {
    const folder = project({
      ...real,
      'a.js': "import { x } from 'absent'; import { useState } from 'real'",
      'packages/a/b.js': "import { useState, old } from 'real'",
      'packages/a/node_modules/real/package.json': '{"version":"0.1.0","type":"module","main":"i.js"}',
      'packages/a/node_modules/real/i.js': 'export const old = 1',
    })
    const { findings, coverage } = await check(folder)
    expect(findings.map(({ message }) => message)).toEqual(['real 0.1.0 has no export useState'])
    expect(coverage).toMatchObject([
      { state: 'partial', missed: [{ what: 'absent', why: expect.stringContaining('not installed') }] },
    ])
    const empty = project({ 'a.js': "import { x } from 'absent'" })
    expect((await check(empty)).coverage).toMatchObject([{ source: 'exports', state: 'skipped' }])
  })

  test('links: into node_modules they are followed, out of the project they are not', async () => {
    const outside = project({ 'package.json': '{"type":"module","main":"i.js"}', 'i.js': 'export const secret = 1' })
    const folder = project({
      'a.js': "import { secre } from 'out'; import { no } from 'store'",
      'node_modules/.pnpm/store@1/node_modules/store/package.json': '{"type":"module","main":"i.js"}',
      'node_modules/.pnpm/store@1/node_modules/store/i.js': 'export const a = 1',
    })
    symlinkSync(outside, join(folder, 'node_modules/out'))
    symlinkSync('.pnpm/store@1/node_modules/store', join(folder, 'node_modules/store'))
    const loopy = join(folder, 'node_modules/loopy')
    mkdirSync(loopy)
    writeFileSync(join(loopy, 'package.json'), '{"type":"module","main":"i.js"}')
    writeFileSync(join(loopy, 'i.js'), "export const a = 1; export * from './loop/i.js'")
    symlinkSync('.', join(loopy, 'loop'))
    writeFileSync(join(folder, 'b.js'), "import { a, no } from 'loopy'")
    const { findings, coverage } = await check(folder)
    expect(findings.map(({ message }) => message)).toEqual(['store has no export no'])
    expect(coverage).toMatchObject([
      {
        state: 'partial',
        missed: [
          { what: 'out', why: expect.stringContaining('linked') },
          { what: 'no of loopy', why: expect.stringContaining('is not known') },
        ],
      },
    ])
  })

  test('a package that kills the parser is named, and the others are judged', { timeout: 60_000 }, async () => {
    const folder = project({
      ...real,
      'a.js': "import { a } from 'deadly'; import { no } from 'real'",
      'node_modules/deadly/package.json': '{"type":"module","main":"i.js"}',
      'node_modules/deadly/i.js': `export * from ${'[\n'.repeat(20_000)}`,
      'node_modules/deadly/i.d.ts': `export const x: ${'(\n'.repeat(100_000)}`,
    })
    const { findings, coverage } = await check(folder)
    expect(findings.map(({ message }) => message)).toEqual(['real 1.2.3 has no export no'])
    expect(coverage).toMatchObject([{ state: 'partial', missed: [{ what: expect.stringContaining('deadly') }] }])
  })
})
