// One project with a name of each verdict from each collector: reported exactly, nothing more.

import { describe, expect, it } from 'vitest'
import { contextFor } from '../../src/audit.ts'
import { defaults } from '../../src/config.ts'
import { phantomScanner } from '../../src/phantom/scan.ts'
import type { Answer, Config, Existence, Finding, Registry, ScanResult } from '../../src/types.ts'
import { facts, fakeRegistry, now, registryUrl } from '../support/context.ts'
import { temporaryRepository } from '../support/repository.ts'

const at = { registry: registryUrl, observedAt: now.toISOString() }

const lock = (packages: Record<string, object>): string =>
  JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages: { '': { name: 'app' }, ...packages } })

const files: Record<string, string> = {
  'package.json': JSON.stringify(
    {
      name: 'app',
      workspaces: ['packages/*'],
      scripts: { gen: 'npx -y ghost-script@1 --all && npx tsc', local: 'npx own-tool' },
      dependencies: { 'ghost-manifest': '^1.0.0', real: '^1.0.0', idle: '^1.0.0', withdrawn: '1.0.0', seized: '1.0.0' },
      devDependencies: { 'dev-real': '1.0.0', '@types/estree': '1.0.0', typescript: '5.0.0', late: '1.0.0' },
      eslintConfig: { plugins: ['ghost-embedded'] },
    },
    null,
    2,
  ),
  'package-lock.json': lock({
    'node_modules/real': { version: '1.0.0' },
    'node_modules/transitive': { version: '1.0.0' },
    'node_modules/typescript': { version: '5.0.0', bin: { tsc: 'bin/tsc' } },
    'node_modules/ghost-locked': { version: '1.0.0' },
    'node_modules/@acme/held': { version: '1.0.0', resolved: 'https://npm.acme.example/held-1.0.0.tgz' },
  }),
  'packages/own/package.json': '{ "name": "@app/own", "bin": { "own-tool": "cli.js" } }',
  'tsconfig.json': `{
    // comments are fine
    "extends": "ghost-tsconfig/base.json",
    "compilerOptions": { "types": ["ghost-types", "node"], "baseUrl": ".", "paths": { "@lib/*": ["./src/lib/*"] }, },
  }`,
  '.eslintrc.yml': 'extends:\n  - eslint:recommended\n  - plugin:ghost-yaml/recommended\nplugins: [react]\n',
  'babel.config.js': "module.exports = { presets: [['@babel/env', {}], 'ghost-babel'] }\n",
  'jest.config.mjs': "export default { preset: 'ghost-jest', testEnvironment: 'jsdom' }\n",
  'vite.config.ts':
    "import { defineConfig } from 'real'\nexport default defineConfig({ resolve: { alias: { aliased: './src' } } })\n",
  'src/index.ts': [
    "import a from 'real'",
    "import b from 'ghost-import/deep/path.js'",
    "import c from 'transitive'",
    "import d from 'elsewhere'",
    "import type { Node } from 'estree'",
    "import e from '@lib/x'",
    "import f from 'aliased/y'",
    "import g from '#internal'",
    "import h from 'node:fs'",
    "import i from 'fs/promises'",
    "import j from '@app/own/deep'",
    "import k from './relative.js'",
    "import l from 'virtual:pages'",
    "import m from 'https://esm.example/x'",
    "import n from 'src/lib/x'",
    "import o from '@acme/held'",
    "import p from '@secret/thing'",
    "import q from 'nobody-answers'",
    "import r from 'withdrawn'",
    "import s from 'late'",
    "try { require('ghost-optional') } catch {}",
    "export * from 'ghost-export'",
    "await import('ghost-dynamic')",
    "require.resolve('ghost-resolve')",
    "import.meta.resolve('ghost-meta')",
  ].join('\n'),
  'src/env.d.ts': '/// <reference types="ghost-reference" />\n',
  'src/lib/x.ts': 'export default 1\n',
  'src/App.vue': '<template><p/></template>\n<script setup>\nimport x from "ghost-vue"\n</script>\n',
  'test/a.test.ts': "import x from 'dev-real'\nimport y from 'ghost-test'\nimport z from 'foo'\n",
  'test/fixtures/x.ts': "import x from 'ghost-fixture'\n",
  'README.md': [
    '# App',
    'Run `npm i ghost-inline` or:',
    '```sh',
    '$ npm install --save-dev ghost-readme@^2 \\',
    '    "ghost-continued" real',
    'pnpm add <package> your-package @scope/name',
    'yarn dlx ghost-dlx',
    '```',
    '```ts',
    "import x from 'ghost-in-code'",
    '```',
    'You can npm install and then some prose.',
    '```json',
    '{ "mcpServers": { "x": { "command": "npx", "args": ["-y", "ghost-shown"] } } }',
    '```',
  ].join('\n'),
  'AGENTS.md': 'Always run `bunx ghost-agent` first.\n',
  '.cursor/rules/install.mdc': '- `bun add ghost-cursor`\n',
  '.github/workflows/ci.yml':
    'jobs:\n  a:\n    steps:\n      - name: npm install ghost-title\n        run: npx ghost-ci\n      - run: |\n          cd app && pnpm dlx ghost-block\n',
  Dockerfile: 'FROM node:20\nRUN --mount=type=cache,target=/x npm i -g ghost-docker\nCMD ["npx", "-y", "ghost-exec"]\n',
  'scripts/setup.sh': '#!/bin/sh\nset -e # it is ours\nsudo npm i -g "ghost-shell@latest"\nnpm i $NAME\n',
  '.mcp.json': '{ "mcpServers": { "files": { "command": "npx", "args": ["-y", "@ghost/mcp@1.0.0", "--root", "."] } } }',
  '.gitignore': 'ignored/\n',
  'ignored/README.md': '`npm i ghost-ignored`\n',
}

const answers: Record<string, Answer> = {
  ...Object.fromEntries(
    [
      ...['real', 'idle', 'dev-real', '@types/estree', 'typescript', 'transitive', 'elsewhere', 'foo', 'foobar'],
      ...['eslint-plugin-react', '@babel/preset-env', 'jest-environment-jsdom', '@types/node'],
    ].map((name) => [name, facts(name)]),
  ),
  late: facts('late', { created: '2025-03-01T00:00:00.000Z' }),
  withdrawn: { state: 'unpublished', at: '2026-01-02T00:00:00Z', ...at },
  seized: { state: 'security-held', ...at },
  'nobody-answers': { state: 'unreachable', registry: registryUrl, why: 'it answered 503', next: 'run again later' },
}

const place = ({ evidence: [first] }: Finding): string =>
  first.kind === 'file' ? `${first.path}:${first.line}` : first.kind

const shown = ({ findings }: ScanResult, code: string): string[] =>
  findings
    .filter((found) => found.code === code)
    .map((found) => `${found.subject.kind === 'package' ? found.subject.name : ''} ${found.severity} ${place(found)}`)
    .sort()

async function scan(given: { files?: Record<string, string>; config?: Partial<Config>; registry?: Registry } = {}) {
  const repository = temporaryRepository()
  repository.commit('first', given.files ?? files)
  const asked: string[] = []
  const registry = given.registry ?? fakeRegistry(answers)
  const config: Config = { ...defaults, cache: false, privateNames: ['@secret/*'], ...given.config }
  const result = await phantomScanner.scan({
    ...contextFor(repository.folder, config, () => {}, now),
    registry: async () => ({
      ...registry,
      exists: (name) => {
        asked.push(name)
        return registry.exists(name)
      },
    }),
  })
  return { result, asked, repository }
}

describe('a project with one of each', () => {
  it('is reported exactly', async () => {
    const { result, asked } = await scan()
    expect(shown(result, 'phantom/not-found')).toEqual([
      '@ghost/mcp high .mcp.json:1',
      '@types/ghost-reference medium src/env.d.ts:1',
      '@types/ghost-types medium tsconfig.json:4',
      'babel-preset-ghost-babel medium babel.config.js:1',
      'eslint-plugin-ghost-embedded medium package.json:25',
      'eslint-plugin-ghost-yaml medium .eslintrc.yml:3',
      'ghost-agent high AGENTS.md:1',
      'ghost-block high .github/workflows/ci.yml:7',
      'ghost-ci high .github/workflows/ci.yml:5',
      'ghost-continued medium README.md:5',
      'ghost-cursor high .cursor/rules/install.mdc:1',
      'ghost-dlx medium README.md:7',
      'ghost-docker high Dockerfile:2',
      'ghost-dynamic high src/index.ts:23',
      'ghost-exec high Dockerfile:3',
      'ghost-export high src/index.ts:22',
      'ghost-import high src/index.ts:2',
      'ghost-inline medium README.md:2',
      'ghost-jest medium jest.config.mjs:1',
      'ghost-locked high package-lock.json:1',
      'ghost-manifest high package.json:11',
      'ghost-meta high src/index.ts:25',
      'ghost-optional medium src/index.ts:21',
      'ghost-readme medium README.md:4',
      'ghost-resolve high src/index.ts:24',
      'ghost-script high package.json:7',
      'ghost-shell high scripts/setup.sh:3',
      'ghost-shown medium README.md:14',
      'ghost-test medium test/a.test.ts:2',
      'ghost-tsconfig medium tsconfig.json:3',
      'ghost-vue high src/App.vue:3',
    ])
    expect(shown(result, 'phantom/undeclared')).toEqual([
      '@acme/held medium src/index.ts:16',
      'elsewhere medium src/index.ts:4',
      'transitive medium src/index.ts:3',
    ])
    expect(shown(result, 'phantom/unused')).toEqual([
      'ghost-manifest info package.json:11',
      'idle info package.json:13',
      'seized info package.json:15',
    ])
    expect(shown(result, 'package/unpublished')).toEqual(['withdrawn high package.json:14'])
    expect(shown(result, 'package/security-held')).toEqual(['seized critical package.json:15'])
    expect(shown(result, 'phantom/squatted-later')).toEqual(['late high package.json:21'])
    // What could not be asked is unknown: coverage, no finding. So is a scope that the lockfile takes elsewhere.
    expect(result.coverage.find(({ source }) => source === 'existence-mentioned')).toMatchObject({
      state: 'partial',
      missed: [{ what: 'nobody-answers', why: 'it answered 503' }],
    })
    expect(asked).not.toEqual(expect.arrayContaining([expect.stringMatching(/^@(?:secret|acme|app|lib|scope)\//)]))
    expect(asked.filter((name, index) => asked.indexOf(name) !== index)).toEqual([])
    expect(result.counts).toMatchObject({
      'private names in files, not asked of a registry': 1,
      'commands of installed packages, not asked of a registry': 2,
      'imports in test fixtures': 1,
      'imports of placeholders': 1,
    })
  })

  it('offline nothing is asked, and only what the lockfile proves is said', async () => {
    const { result, asked } = await scan({ config: { offline: true } })
    expect(asked).toEqual([])
    expect(shown(result, 'phantom/not-found')).toEqual([])
    expect(shown(result, 'phantom/undeclared')).toEqual([
      '@acme/held medium src/index.ts:16',
      'transitive medium src/index.ts:3',
    ])
  })

  it('asks the public registry for private names only where the policy says so', async () => {
    const asked: string[] = []
    const registry: Registry = {
      ...fakeRegistry(answers),
      existsPublicly: async (name): Promise<Existence> => {
        asked.push(name)
        return { state: name === '@secret/thing' ? 'exists' : 'not-found', ...at }
      },
    }
    await scan({ registry })
    expect(asked).toEqual([])
    const { result } = await scan({ registry, config: { confusion: true } })
    expect(asked.sort()).toEqual(['@acme/held', '@app/own', '@secret/thing'])
    expect(shown(result, 'phantom/confusion')).toEqual([
      '@acme/held medium package-lock.json:1',
      '@app/own medium packages/own/package.json:1',
      '@secret/thing high src/index.ts:17',
    ])
  })
})
