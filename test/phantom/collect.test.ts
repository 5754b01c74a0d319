// Collectors, each on the ways in which its files name packages, and on what only looks like it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasesOf } from '../../src/phantom/collect/aliases.ts'
import { isWanted, textMentions } from '../../src/phantom/collect/all.ts'
import { importMentions } from '../../src/phantom/collect/imports.ts'
import { kindOf } from '../../src/phantom/collect/kinds.ts'
import { literals, yamlLiterals } from '../../src/phantom/collect/literals.ts'
import { shown } from '../../src/phantom/collect/place.ts'
import { placeholder } from '../../src/phantom/collect/placeholders.ts'
import type { ImportSite, SourceFile } from '../../src/types.ts'

/** `name@wanted line:column`, in the order of the file. */
const read = (path: string, text: string): string[] =>
  textMentions({ files: [{ path, text }] }).map(
    ({ name, wanted, line, column }) => `${name}${wanted === undefined ? '' : `@${wanted}`} ${line}:${column}`,
  )
const names = (path: string, text: string): string[] =>
  textMentions({ files: [{ path, text }] }).map(({ name }) => name)

describe('documents', () => {
  it.each<[string, string, string[]]>([
    ['a fence', '```bash\nnpm i left-pad@^1\n```', ['left-pad@^1 2:7']],
    ['a fence without a language', '~~~\n$ yarn add a-b\n~~~', ['a-b 2:12']],
    ['a quoted fence in a list', '> 1. x\n>    ```sh\n>    $ npx -y thing@2\n>    ```', ['thing@2 3:15']],
    ['a fence that nothing closes', '```sh\nbunx one-tool', ['one-tool 2:6']],
    ['inline code', 'Run `npm i -D one two` or ``pnpm add three``.', ['one 1:15', 'two 1:19', 'three 1:38']],
    ['HTML', '<code>npm i one-two</code>', ['one-two 1:13']],
    ['a line that is a command', 'npm install one-two', ['one-two 1:13']],
    ['a list item that is one', '- yarn add one-two', ['one-two 1:12']],
    ['several lines', '```sh\nnpm i \\\n  one-two \\\n  three\n```', ['one-two 3:3', 'three 4:3']],
    ['an apostrophe before it', "```sh\necho don't\nnpm i one-two\n```", ['one-two 3:7']],
    ['CRLF', '```sh\r\nnpm i one-two\r\n```\r\n', ['one-two 2:7']],
    ['a diff', '```diff\n+ npm i one-two\n```', []],
    ['code of another language', '```js\nnpm i one-two\n```', []],
    ['prose', 'You may npm install one and two, then yarn add three.', []],
    ['a sentence that begins with it', 'npm install and then restart the server', []],
    [
      'a placeholder',
      '`npm i <package-name>` `npm i your-package` `npm i @scope/name` `npm i $NAME` `npm i PACKAGE`',
      [],
    ],
    ['paths, git and tarballs', '`npm i ./x ../y a/b git+https://x.example/y.git https://x.example/z.tgz file:x`', []],
    ['no names', '`npm install` `npm ci` `yarn` `npm run x` `pnpm exec y`', []],
    ['a full stop after it', 'Then `npm i one-two.`', ['one-two 1:13']],
  ])('%s', (_what, text, expected) => expect(read('README.md', text)).toEqual(expected))

  it('MCP servers in examples', () => {
    const text = '```json\n{ "mcpServers": { "a": { "args": ["-y", "one-mcp"], "command": "npx" } } }\n```'
    // Arguments before the command are the same object all the same.
    expect(
      names(
        'docs/a.md',
        text.replace('"args": ["-y", "one-mcp"], "command": "npx"', '"command": "npx", "args": ["-y", "one-mcp"]'),
      ),
    ).toEqual(['one-mcp'])
  })
})

describe('scripts, CI, containers, MCP', () => {
  it.each<[string, string, string[]]>([
    ['Dockerfile', 'RUN npm i -g one \\\n  two && npx three', ['one 1:14', 'two 2:3', 'three 2:14']],
    ['web/prod.Dockerfile', 'CMD ["npx", "-y", "one@1"]', ['one@1 1:20']],
    ['Dockerfile.dev', 'RUN --mount=type=secret,id=npm corepack pnpm add one-two', ['one-two 1:50']],
    ['x.sh', 'if true; then\n  sudo npm i -g "one-two@1"\nfi', ['one-two@1 2:17']],
    ['Makefile', 'all:\n\t@npx one-two\n', ['one-two 2:7']],
    ['.husky/pre-commit', 'npx one-two --staged', ['one-two 1:5']],
    ['.github/workflows/a.yml', 'steps:\n  - run: npm i one-two\n', ['one-two 2:16']],
    [
      '.github/workflows/a.yml',
      'steps:\n  - run: |\n      npx one-two\n  - run: "npx three"\n',
      ['one-two 3:11', 'three 4:15'],
    ],
    ['.github/workflows/a.yml', 'steps:\n  - name: npm i one-two\n    if: npx three\n', []],
    ['.gitlab-ci.yml', 'a:\n  script:\n    - npx one-two\n', ['one-two 3:11']],
    ['.devcontainer/devcontainer.json', '{ "postCreateCommand": "npm i -g one-two" }', ['one-two 1:34']],
    ['.mcp.json', '{"mcpServers":{"a":{"command":"npx","args":["-y","@one/two@3"]}}}', ['@one/two@3 1:51']],
    [
      '.vscode/mcp.json',
      '{ // JSON with comments\n"servers":{"a":{"command":"bunx","args":["one-two",],},}}',
      ['one-two 2:43'],
    ],
    ['opencode.json', '{"mcp":{"a":{"command":["npx","-y","one-two"]}}}', ['one-two 1:37']],
    ['.mcp.json', '{"mcpServers":{"a":{"command":"node","args":["npx","one-two"]}}}', ['one-two 1:53']],
    ['.mcp.json', '{"mcpServers":{"a":{"command":"uvx","args":["one-two"]}}}', []],
    [
      'package.json',
      '{"scripts":{"x":"npx one-two && pnpm dlx three"},"npx":"npx four"}',
      ['one-two 1:22', 'three 1:42'],
    ],
  ])('%s: %j', (path, text, expected) => expect(read(path, text)).toEqual(expected))
})

it.each([
  ['npx one-two', true],
  ['npx one-two@1', undefined],
  ['npx -p one-two three', undefined],
  ['pnpm --package=one-two dlx three', undefined],
  ['npm i one-two', undefined],
])('whether %j may name the command of another package', (line, expected) => {
  const [mention] = textMentions({ files: [{ path: 'x.sh', text: line }] })
  expect(mention).toMatchObject({ name: 'one-two' })
  expect(mention!.command).toBe(expected)
})

describe('configuration', () => {
  it.each<[string, string, string[]]>([
    [
      '.eslintrc.json',
      '{"extends":["eslint:recommended","airbnb","plugin:vue/x","@a","@a/b","./own"]}',
      ['eslint-config-airbnb', 'eslint-plugin-vue', '@a/eslint-config', '@a/eslint-config-b'],
    ],
    [
      '.eslintrc.cjs',
      "module.exports = {\n  plugins: ['react', '@a'],\n  parser: '@b/parser',\n  rules: { 'react/x': 'off' },\n}",
      ['eslint-plugin-react', '@a/eslint-plugin', '@b/parser'],
    ],
    [
      '.eslintrc.yml',
      'extends: airbnb\nplugins:\n  - react\n  - "vue"\nrules:\n  quotes: single\n',
      ['eslint-config-airbnb', 'eslint-plugin-react', 'eslint-plugin-vue'],
    ],
    [
      '.eslintrc.yaml',
      'extends: [airbnb, \'prettier\']\nplugins: [ react, "a, b]", vue ]\n',
      ['eslint-config-airbnb', 'eslint-config-prettier', 'eslint-plugin-react', 'eslint-plugin-vue'],
    ],
    [
      '.babelrc',
      '{"presets":["@babel/env",["react",{}],"module:metro-x"],"plugins":["@babel/plugin-a","./b"]}',
      ['@babel/preset-env', 'babel-preset-react', 'metro-x', '@babel/plugin-a'],
    ],
    [
      'jest.config.js',
      "module.exports = { preset: 'ts-jest', testEnvironment: 'node', transform: { '^.+$': ['@swc/jest', {}] }, setupFiles: ['<rootDir>/x', 'whatwg-fetch'] }",
      ['ts-jest', '@swc/jest', 'whatwg-fetch'],
    ],
    [
      'jest.config.ts',
      "const config: Config = { testEnvironment: 'jsdom' }\nexport default config",
      ['jest-environment-jsdom'],
    ],
    ['.prettierrc', '{"plugins":["prettier-plugin-x"],"semi":false}', ['prettier-plugin-x']],
    ['.prettierrc', 'plugins:\n  - prettier-plugin-x\nsemi: false\n', ['prettier-plugin-x']],
    [
      'postcss.config.js',
      'module.exports = { plugins: { tailwindcss: {}, "postcss-x": {} } }',
      ['tailwindcss', 'postcss-x'],
    ],
    ['.stylelintrc.json', '{"extends":"stylelint-config-standard"}', ['stylelint-config-standard']],
    [
      'commitlint.config.js',
      "export default { extends: ['@commitlint/config-conventional'] }",
      ['@commitlint/config-conventional'],
    ],
    ['.releaserc', '{"plugins":["@semantic-release/git",["a-b",{}]]}', ['@semantic-release/git', 'a-b']],
    [
      'tsconfig.json',
      '{"extends":["@a/tsconfig/base","./b"],"compilerOptions":{"types":["node","vite/client"],"jsxImportSource":"preact"}}',
      ['@a/tsconfig', '@types/node', 'vite', 'preact'],
    ],
    [
      'package.json',
      '{"eslintConfig":{"extends":"react-app"},"prettier":"@a/prettier","jest":{"preset":"b-jest"}}',
      ['eslint-config-react-app', 'b-jest', '@a/prettier'],
    ],
  ])('%s: %j', (path, text, expected) => expect(names(path, text)).toEqual(expected))

  it('literals: keys on the way, whatever is around them', () => {
    const text = `// 'comment'\nexport default defineConfig({ a: { 'b-c': ['x', [\`y\`, f('z')]], d: 'p' }, /* 'no' */ e: /'r'/, f: "it's" })`
    const values = literals(text).filter(({ isKey }) => !isKey)
    expect(values.map(({ path, value, at }) => [path.join('>'), value, text.slice(at, at + value.length)])).toEqual([
      ['a>b-c>[]', 'x', 'x'],
      ['a>b-c>[]>[]', 'y', 'y'],
      ['a>b-c>[]>[]', 'z', 'z'],
      ['a>d', 'p', 'p'],
      ['f', "it's", "it's"],
    ])
    expect(
      yamlLiterals('a:\n  - b\n  - c: d\n    e: "f" # g\nh: i\n').map(({ path, value }) => [path.join('>'), value]),
    ).toEqual([
      ['a>[]', 'b'],
      ['a>[]>c', 'd'],
      ['a>[]>e', 'f'],
      ['h', 'i'],
    ])
  })
})

const site = (specifier: string, given: Partial<ImportSite> = {}): ImportSite => ({
  specifier,
  how: 'import',
  typeOnly: false,
  optional: false,
  names: [],
  line: 1,
  column: 1,
  ...given,
})
const source = (
  path: string,
  specifiers: readonly (string | ImportSite)[],
  given: Partial<SourceFile> = {},
): SourceFile => ({
  path,
  imports: specifiers.map((one) => (typeof one === 'string' ? site(one) : one)),
  literalCalls: [],
  ...given,
})
const none = aliasesOf([], [])
const imported = (files: SourceFile[], aliases = none, local: string[] = [], installed: string[] = []) =>
  importMentions({ files, missed: [] }, aliases, new Set(local), new Set(installed)).mentions.map(({ name }) => name)

describe('imports', () => {
  it.each([
    './a',
    '../a',
    '/a',
    '.',
    '..',
    '#a',
    '~/a',
    '@/a',
    '$lib/a',
    'node:fs',
    'fs',
    'fs/promises',
    'bun',
    'bun:test',
    'cloudflare:workers',
    'virtual:a',
    'https://x.example/a',
    'data:text/javascript,1',
    'file:///a',
    'C:\\a',
    'a b',
    '',
    '@scope',
    '../x',
    '__proto__',
    '.hidden',
    '_x',
    '🙂',
    'x'.repeat(300),
    'node_modules/x',
    'style-loader!./x.css',
    'vscode',
  ])('%j is no package', (specifier) => expect(imported([source('a.ts', [specifier])])).toEqual([]))

  it.each([
    ['left-pad', 'left-pad'],
    ['@a/b', '@a/b'],
    ['@a/b/c/d.js', '@a/b'],
    ['a/b/c', 'a'],
    ['JSONStream', 'JSONStream'],
    ['constructor', 'constructor'],
    ['hasOwnProperty', 'hasOwnProperty'],
    ['punycode/', 'punycode'],
    ['x?raw', 'x'],
  ])('%j is %s', (specifier, name) => expect(imported([source('a.ts', [specifier])])).toEqual([name]))

  it('own packages, mocks, fixtures, ambient modules and inputs of tests are none', () => {
    const files = [
      source('src/a.ts', ['@me/own/x', 'declared-here', 'image.svg']),
      source('src/types.d.ts', [], { declares: ['declared-here', '*.svg'] }),
      source('test/a.test.ts', ['mocked', 'foo'], { mocks: ['mocked'] }),
      source('test/fixtures/b.ts', ['ghost']),
      source('tests/format/c.js', ['Fictional']),
      source('tests/helper.js', ['node:fs', 'real-helper']),
    ]
    expect(imported(files, none, ['@me/own'])).toEqual(['real-helper'])
  })

  it('aliases of compilers and bundlers are none, where they hold', () => {
    const files = [
      {
        path: 'web/tsconfig.json',
        text: '{ "compilerOptions": { "baseUrl": "./src", "paths": { "@app/*": ["x/*"], "exact": ["y"], }, } }',
      },
      {
        path: 'web/vite.config.ts',
        text: "export default { resolve: { alias: [{ find: 'found', replacement: 'x' }] } }",
      },
      {
        path: 'webpack.config.js',
        text: "module.exports = { resolve: { alias: { vue$: 'vue/dist/x.js', Utilities: path.resolve(d) } } }",
      },
      { path: 'jest.config.js', text: "module.exports = { moduleNameMapper: { '^@mapped/(.*)$': '<rootDir>/$1' } }" },
      { path: 'deno.json', text: '{ "imports": { "@std/path": "jsr:@std/path" } }' },
    ]
    const aliases = aliasesOf(files, ['web/src/components/a.ts', 'web/src/helpers.ts', 'lib/shared/b.ts'])
    const all = [
      '@app/x',
      'exact',
      'exact/deep',
      'found/x',
      'vue',
      'vue/x',
      'Utilities/x',
      '@mapped/x',
      '@std/path',
      'components/a',
      'helpers',
      'lib/shared/b',
      'components-not/x',
    ]
    expect(imported([source('web/src/a.ts', all)], aliases)).toEqual(['exact', 'vue', 'components-not'])
    expect(imported([source('other/a.ts', ['@app/x', 'components/a'])], aliases)).toEqual(['@app/x', 'components'])
    const folders = aliasesOf([], ['src/store/index.js', 'src/pages/a.js', 'lib/helper.js'])
    expect(imported([source('src/pages/a.js', ['store', 'pages/b', 'helper'])], folders)).toEqual(['helper'])
    // What is declared is a package, alias or not.
    expect(imported([source('web/src/a.ts', ['helpers'])], aliases, [], ['helpers'])).toEqual(['helpers'])
  })
})

describe('what is shown, asked and read', () => {
  it.each([
    'my-package',
    'your-lib',
    '@scope/x',
    '@acme/utils',
    'foo',
    'foo-bar',
    'package-name',
    'PACKAGE',
    '<x>',
    '@org/pkg',
    'package-a',
    'x',
    'and',
    'example',
    'some-package',
  ])('%s is a placeholder', (name) => expect(placeholder(name)).toBeDefined())
  it.each([
    'react',
    'left-pad',
    '@babel/core',
    'express',
    'JSONStream',
    'ghost-pkg',
    'foobar-real-thing',

    'any-promise',
    'is-my-json-valid',
    'lodash',

    '@types/node',
  ])('%s is none', (name) => expect(placeholder(name)).toBeUndefined())

  it('masks what looks like a credential', () => {
    const token = ['npm', 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5'].join('_')
    for (const text of [
      `npm i --//x/:_authToken=${token} y`,
      `npm i https://me:${token}@x.example/y`,
      `TOKEN ${token} x`,
    ])
      expect(shown(text)).not.toContain(token.slice(4))
    expect(shown('npm i @modelcontextprotocol/server-filesystem@1.0.0')).toBe(
      'npm i @modelcontextprotocol/server-filesystem@1.0.0',
    )
  })

  it.each<[string, ReturnType<typeof kindOf>]>([
    ['README.md', 'document'],
    ['docs/a/b.mdx', 'document'],
    ['AGENTS.md', 'agent'],
    ['x/CLAUDE.md', 'agent'],
    ['.claude/skills/x/SKILL.md', 'agent'],
    ['.cursorrules', 'agent'],
    ['.cursor/rules/a.mdc', 'agent'],
    ['.windsurfrules', 'agent'],
    ['.github/copilot-instructions.md', 'agent'],
    ['.github/workflows/a.yml', 'ci'],
    ['.github/actions/a/action.yaml', 'ci'],
    ['.gitlab-ci.yml', 'ci'],
    ['.circleci/config.yml', 'ci'],
    ['Dockerfile', 'docker'],
    ['a/Dockerfile.prod', 'docker'],
    ['Containerfile', 'docker'],
    ['a.sh', 'shell'],
    ['Makefile', 'shell'],
    ['.mcp.json', 'mcp'],
    ['.vscode/mcp.json', 'mcp'],
    ['claude_desktop_config.json', 'mcp'],
    ['.cursor/mcp.json', 'mcp'],
    ['tsconfig.build.json', 'config'],
    ['.eslintrc.cjs', 'config'],
    ['babel.config.js', 'config'],
    ['vite.config.ts', 'config'],
    ['CHANGELOG.md', undefined],
    ['src/index.ts', undefined],
    ['a.json', undefined],
    ['a.png', undefined],
  ])('%s: %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind)
    expect(isWanted(path)).toBe(kind !== undefined)
  })

  it('takes any text, in bounded time', () => {
    const paths = [
      'a.md',
      'AGENTS.md',
      '.mcp.json',
      'Dockerfile',
      'a.sh',
      '.github/workflows/a.yml',
      '.eslintrc.js',
      '.eslintrc.yml',
      'tsconfig.json',
      'package.json',
    ]
    const pieces = fc.constantFrom(
      '`',
      '```',
      '\n',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '(',
      ':',
      ',',
      'npm i ',
      'x',
      '/',
      '//',
      '/*',
      '\\',
      '- ',
      'command',
      '$',
      '<',
      '…',
      '🙂',
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(pieces, { maxLength: 80 }), (path, parts) => {
        for (const { line, column, name } of textMentions({ files: [{ path, text: parts.join('') }] })) {
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
          expect(name).not.toBe('')
        }
      }),
    )
    for (const piece of [
      '`',
      '"',
      '{',
      '[',
      '/',
      '\\',
      '/*',
      "'",
      '$(',
      '`npm i ',
      '<code>npm ',
      '"command":"npx",',
      '- - ',
      ' ',
      'npm i x\\\n',
      '>',
      '[[',
    ])
      for (const path of paths) {
        const started = performance.now()
        textMentions({ files: [{ path, text: piece.repeat(Math.ceil(50_000 / piece.length)) }] })
        expect(performance.now() - started, `${path} of ${piece}`).toBeLessThan(2_000)
      }
  }, 120_000)
})
