// Source files: which are read, whom they name and where, and what happens over files that were made to break parsers.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSource } from '../../src/project/sources/parse.ts'
import { scriptsOf } from '../../src/project/sources/scripts.ts'
import { readSources } from '../../src/project/sources.ts'
import type { ImportSite } from '../../src/types.ts'
import { context } from '../support/context.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

/** `how specifier [names]`, with what is special about it. */
const shown = ({ how, specifier, names, typeOnly, optional }: ImportSite): string => {
  const list = names.map(({ name, member, of, typeOnly }) =>
    [member ? '.' : '', name, of ? `@${of}` : '', typeOnly ? ':type' : ''].join(''),
  )
  return [how, specifier, `[${list.join(' ')}]`, typeOnly ? 'type' : '', optional ? 'optional' : '']
    .filter(Boolean)
    .join(' ')
}

const importsOf = (text: string, path = 'a.ts'): string[] => parseSource(path, text).file?.imports.map(shown) ?? []

describe('whom a file names', () => {
  const cases: [string, string[], string?][] = [
    ["import 'x'", ['import x []']],
    ["import a from 'x'", ['import x [default]']],
    ["import a, { b as c, default as d } from 'x'", ['import x [default b default]']],
    ["import { type A, b } from 'x'", ['import x [A:type b]']],
    ["import type { A } from 'x'", ['import x [A:type] type']],
    ["import { 'a b' as c } from 'x'", ['import x [a b]']],
    ["import * as ns from 'x'; ns.a(); ns.b.c", ['import x [.a .b]']],
    ["import * as ns from 'x'; let a: ns.A, b: typeof ns.b", ['import x [.A:type .b:type]']],
    ["import a from 'x'; a.b; a['c']; a[d]", ['import x [default .b@default .c@default]']],
    ["import R from 'x'; const e = <R.A/>", ['import x [default .A@default]'], 'a.tsx'],
    ["import R from 'x'; const { a, b: { c }, d = 1 } = R", ['import x [default .a@default .b@default]']],
    ["export { a, b as default } from 'x'", ['export x [a b]']],
    ["export * from 'x'; export * as y from 'y'; export {} from 'z'", ['export x []', 'export y []', 'export z []']],
    ["import { a } from 'x'; export { a }", ['import x [a]']],
    ["export type { A } from 'x'", ['export x [A:type] type']],
    ["const a = require('x'); a.b; a.c()", ['require x [.b .c]']],
    ["const { a, b: c } = require('x')", ['require x [.a .b]']],
    ["require('x').a; require(`y`); require('z' + w); require(v)", ['require x [.a]', 'require y []']],
    ["import a = require('x'); a.b", ['require x [.b]']],
    ["try { require('x') } catch {}", ['require x [] optional']],
    ["try { a() } catch { require('x') }", ['require x []']],
    ["try { require('x') } finally {}", ['require x []']],
    ["import('x')", ['dynamic x []']],
    ["const { a } = await import('x')", ['dynamic x [.a]']],
    ["(await import('x')).a", ['dynamic x [.a]']],
    ["import('x').then(({ a }) => a)", ['dynamic x [.a]']],
    ["import('x').then((m) => m.a).catch(() => {})", ['dynamic x [.a] optional']],
    ["import('x').then(a, b)", ['dynamic x [] optional']],
    ["require.resolve('x'); import.meta.resolve('y')", ['resolve x []', 'resolve y []']],
    ["let a: import('x').A.B", ['types x [A:type] type']],
    ['/// <reference types="x" />\n', ['types x [] type']],
    ['a\n/// <reference types="x" />\n', []],
    [
      "import { createRequire } from 'node:module'; const load = createRequire(import.meta.url); load('x')",
      ['import node:module [createRequire]', 'require x []'],
    ],
    ["import type { A } from 'x'; export declare const a: A", ['import x [A:type] type'], 'a.d.ts'],
    ["import { A } from 'x'", ['import x [A:type] type'], 'a.d.ts'],
  ]
  test.each(cases)('%s', (text, expected, path) => {
    expect(importsOf(text, path)).toEqual(expected)
  })

  const silent: [string, string[], string?][] = [
    // Another thing of the same name.
    ["import a from 'x'; function f(a) { a.b }", ['import x [default]']],
    ["import a from 'x'; { const a = 1; a.b }", ['import x [default]']],
    ["let a = require('x'); a = y; a.b", ['require x []']],
    ["define(function (require) { require('x') })", [], 'a.js'],
    ["var require = load; require('x')", [], 'a.js'],
    // Asked for, not relied upon.
    ["import * as a from 'x'; if (a.b) a.b()", ['import x []']],
    ["import * as a from 'x'; a.b?.(); a.c", ['import x [.c]']],
    ["import * as a from 'x'; a.b || c; typeof a.d; 'e' in a; a.e", ['import x []']],
    ["import * as a from 'x'; a.b = 1", ['import x []']],
    // No code at all.
    ["// import 'x'\n'import y'", []],
  ]
  test.each(silent)('silent: %s', (text, expected, path) => {
    expect(importsOf(text, path)).toEqual(expected)
  })

  test('places count lines from 1 and columns in bytes', () => {
    const [site] = parseSource('a.ts', "// ü\n/* ü */ import { b } from 'x'").file!.imports
    expect(site).toMatchObject({ line: 2, column: 28, names: [{ line: 2, column: 19 }] })
  })

  test('methods of literals that no built-in has, and who may have added them', () => {
    const text =
      "[].filterByKey(); 'x'.capitalize(); [1].map(f); a[0].other(); `t`.trim(); [].maybe?.()\nArray.prototype.last = 1"
    expect(parseSource('a.js', text).file).toMatchObject({
      literalCalls: [
        { on: 'array', name: 'filterByKey', line: 1, column: 4 },
        { on: 'string', name: 'capitalize', line: 1, column: 23 },
      ],
      prototypes: ['last'],
    })
  })

  test('declared and mocked modules', () => {
    const text = "declare module 'x' {}\nvi.mock('y', () => ({})); jest.mock(\"z\")"
    expect(parseSource('a.ts', text).file).toMatchObject({ declares: ['x'], mocks: ['y', 'z'] })
  })
})

describe('components', () => {
  const cases: [string, string, string[]][] = [
    [
      'a.vue',
      "<template><x/></template>\n<script>\nimport a from 'x'\n</script>\n<script setup lang='ts'>let b: B; import { b } from 'y'</script>",
      ['3:15 x', '5:53 y'],
    ],
    [
      'a.vue',
      '<!-- <script>import \'no\'</script> --><script src="./b.js"></script><script lang="coffee">import \'no\'</script>',
      [],
    ],
    ['a.svelte', "<script module>import 'x'</script>\n<p>{a}</p><SCRIPT>import 'y'</SCRIPT >", ['1:23 x', '2:26 y']],
    [
      'a.astro',
      "---\nimport A from 'x'\n---\n<A/><script>import 'y'</script><script type=\"application/json\">{}</script>",
      ['2:15 x', '4:20 y'],
    ],
    ['a.astro', '<p/>', []],
  ]
  test.each(cases)('%s: %s', (path, text, expected) => {
    const outcome = parseSource(path, text)
    expect(outcome.missed).toBeUndefined()
    expect(outcome.file!.imports.map(({ line, column, specifier }) => `${line}:${column} ${specifier}`)).toEqual(
      expected,
    )
  })

  test('scripts stand where they say, whatever the text', () => {
    const piece = fc.constantFrom(
      '<script>',
      '<script lang="ts">',
      '</script>',
      '<!--',
      '-->',
      '---\n',
      '\n',
      'x',
      '"',
      "'",
      '<',
      '>',
      '/',
    )
    const kind = fc.constantFrom('vue', 'svelte', 'astro')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), kind, (pieces, kind) => {
        const text = pieces.join('')
        for (const { text: script, offset } of scriptsOf(text, kind as 'vue'))
          expect(text.slice(offset, offset + script.length)).toBe(script)
      }),
    )
  })
})

describe('broken files', () => {
  test('what stands before the error is kept, and the file is named', () => {
    const { file, missed } = parseSource('a.ts', "import { a } from 'x'\nconst b: = 1")
    expect(file!.imports.map(shown)).toEqual(['import x [a]'])
    expect(missed!.why).toMatch(/does not parse: .+ \(line 2\)/)
  })
  test('errors that the parser recovers from cost nothing', () => {
    const outcome = parseSource('a.js', "const a = require('x')\nreturn a.b")
    expect(outcome.missed).toBeUndefined()
    expect(outcome.file!.imports.map(shown)).toEqual(['require x [.b]'])
  })
  test('minified files are counted, not read', () => {
    expect(parseSource('a.js', `require('x');${'a();'.repeat(2_000)}`)).toEqual({ skipped: 'minified source files' })
  })
  test('hostile names are ordinary ones', () => {
    const text =
      "import { __proto__ as a, constructor } from '__proto__'; import b from 'constructor'; b.__proto__; b.hasOwnProperty"
    expect(importsOf(text)).toEqual([
      'import __proto__ [__proto__ constructor]',
      'import constructor [default .__proto__@default .hasOwnProperty@default]',
    ])
  })
  test('no text throws, or takes long', () => {
    const words = fc.constantFrom(
      'import',
      'export',
      '{',
      '}',
      '*',
      'from',
      "'x'",
      'require',
      '(',
      ')',
      'as',
      'ns',
      '.',
      'a',
      '=',
      ';',
      '\n',
      '[]',
      '`',
      '${',
      '/*',
      '<a>',
      'try',
      'catch',
    )
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 40 }),
        fc.constantFrom('a.js', 'a.tsx', 'a.vue', 'a.d.ts'),
        (parts, path) => {
          const outcome = parseSource(path, parts.join(' '))
          expect(outcome.file ?? outcome.skipped).toBeDefined()
        },
      ),
    )
  })
})

describe('the files of a project', () => {
  test('what git ignores, links lead to, or node_modules holds is not read', async () => {
    const repo = temporaryRepository()
    repo.write('.gitignore', 'ignored/\nnode_modules/\n')
    repo.commit('first', {
      'src/a.ts': "import 'a'",
      'gone.js': "import 'gone'",
      'vendor/node_modules/b/i.js': "import 'b'",
    })
    for (const path of ['ignored/b.js', 'node_modules/c/index.js', 'untracked/d.vue', 'e.txt'])
      repo.write(path, "<script>import 'x'</script>")
    repo.write('.hidden/f.mjs', "import 'f'")
    symlinkSync('/etc', join(repo.folder, 'linked'))
    symlinkSync('src/a.ts', join(repo.folder, 'link.ts'))
    symlinkSync('.', join(repo.folder, 'loop'))
    repo.git('rm', '--cached', '--quiet', 'gone.js')
    repo.git('add', 'link.ts')
    repo.write('tracked-then-deleted.js', '')
    repo.git('add', 'tracked-then-deleted.js')
    repo.git('rm', '--quiet', '--force', 'tracked-then-deleted.js')
    const { files, missed, counts } = await readSources(context(repo.folder))
    expect(files.map(({ path }) => path)).toEqual(['.hidden/f.mjs', 'gone.js', 'src/a.ts', 'untracked/d.vue'])
    expect(missed).toEqual([])
    expect(counts).toEqual({ 'source files behind symbolic links': 1 })
  })

  test('a folder below the repository has its own files only, with paths of its own', async () => {
    const repo = temporaryRepository()
    repo.commit('first', { 'päckages/a/i.ts': "import 'a'", 'other.ts': "import 'b'" })
    const { files } = await readSources(context(join(repo.folder, 'päckages')))
    expect(files.map(({ path }) => path)).toEqual(['a/i.ts'])
  })

  test('without git all but node_modules and dot folders', async () => {
    const folder = temporaryFolder()
    for (const path of ['a.js', '.cache/b.js', 'node_modules/c.js', 'd/e.cts']) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), '')
    }
    symlinkSync(folder, join(folder, 'd/again'))
    expect((await readSources(context(folder))).files.map(({ path }) => path)).toEqual(['a.js', 'd/e.cts'])
  })

  test('a folder without source files starts no child', async () => {
    expect(await readSources(context(temporaryFolder()))).toEqual({ files: [], missed: [], counts: {} })
  })

  test('files that kill the parser are named, and all others are read', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder()
    const lines = '\n'.repeat(500)
    const hostile = {
      'brackets.js': '[\n'.repeat(20_000),
      'plus.js': `x = 'a'${"\n+'a'".repeat(200_000)}`,
      'templates.js': `${'`${\n'.repeat(5_000)}`,
      'parentheses.ts': '(\n'.repeat(100_000) + lines,
      'huge.js': '// x\n'.repeat(600_000),
    }
    for (const [path, text] of Object.entries(hostile)) writeFileSync(join(folder, path), text)
    for (let index = 0; index < 60; index++) writeFileSync(join(folder, `good-${index}.js`), "import a from 'x'; a.b()")
    const { files, missed } = await readSources(context(folder))
    expect(files.filter(({ path, imports }) => path.startsWith('good') && imports.length === 1)).toHaveLength(60)
    const reasons = new Map(missed.map(({ what, why }) => [what, why]))
    expect(reasons.get('huge.js')).toMatch(/3 MiB/)
    // Which of the others end the parser is its version's affair; none may be taken for read.
    for (const path of Object.keys(hostile).filter((path) => path !== 'huge.js' && !reasons.has(path)))
      expect(
        files.find((file) => file.path === path),
        path,
      ).toBeDefined()
    expect([...reasons.values()].some((why) => why === 'the parser died on it')).toBe(true)
  })
})
