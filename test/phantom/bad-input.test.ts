// Files and registries that are broken, hostile or absurd: what can be read is, the rest is said, nothing is made up.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contextFor } from '../../src/audit.ts'
import { defaults } from '../../src/config.ts'
import { phantomScanner } from '../../src/phantom/scan.ts'
import { createRegistry } from '../../src/registry/client.ts'
import type { Registry, ScanResult } from '../../src/types.ts'
import { facts, fakeRegistry, now } from '../support/context.ts'
import { type FakePackage, type Handler, startRegistryServer } from '../support/registry-server.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

const manifest = (dependencies: Record<string, string> = {}): string => JSON.stringify({ name: 'app', dependencies })

const scanFolder = (root: string, registry: Registry): Promise<ScanResult> =>
  phantomScanner.scan({
    ...contextFor(root, { ...defaults, cache: false }, () => {}, now),
    registry: async () => registry,
  })

/** The scan of a repository of these files, and the names that were asked for. */
async function scan(files: Record<string, string | Buffer>, prepare: (folder: string) => void = () => {}) {
  const repository = temporaryRepository()
  repository.commit('first', files)
  prepare(repository.folder)
  const asked: string[] = []
  const inner = fakeRegistry({ real: facts('real') })
  const note =
    <T>(ask: (name: string) => Promise<T>) =>
    (name: string) => {
      asked.push(name)
      return ask(name)
    }
  const result = await scanFolder(repository.folder, {
    ...inner,
    package: note(inner.package),
    exists: note(inner.exists),
  })
  const names = result.findings
    .filter(({ code }) => code === 'phantom/not-found')
    .map(({ subject }) => (subject.kind === 'package' ? subject.name : ''))
  return { result, asked: asked.sort(), names: names.sort() }
}

const missed = ({ coverage }: ScanResult, source: string): string =>
  JSON.stringify(coverage.filter((entry) => entry.source === source && entry.state === 'partial'))

describe('bad input', () => {
  it('partly broken TypeScript: what parses is read, and the file is named', async () => {
    const { result, names } = await scan({
      'package.json': manifest(),
      'a.ts': "import x from 'ghost-before'\nconst y: = {{{ 1\nimport z from 'ghost-after'\n",
      'b.ts': "import x from 'ghost-beside'\n",
    })
    expect(names).toContain('ghost-beside')
    expect(missed(result, 'source-files')).toContain('a.ts')
  })

  it('JSON with comments and trailing commas, and JSON that is broken', async () => {
    const { names } = await scan({
      'package.json': manifest(),
      'tsconfig.json': '{ /* a */ "extends": "ghost-base", // b\n "compilerOptions": { "types": ["ghost-typed",], }, }',
      'x/tsconfig.json': '{ "extends": "ghost-cut", "compilerOptions": { "types": [',
      '.mcp.json': '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "ghost-mcp"',
    })
    expect(names).toEqual(['@types/ghost-typed', 'ghost-base', 'ghost-cut', 'ghost-mcp'])
  })

  it('a bundle of megabytes is not parsed, and said', async () => {
    const bundle = `import 'ghost-bundled'\n${'const a = 1\n'.repeat(1_800_000)}`
    const { result, names } = await scan({
      'package.json': manifest(),
      'big.js': bundle,
      'big.md': `\`npm i ghost-big\`\n${'x '.repeat(1_500_000)}`,
    })
    expect(names).toEqual([])
    expect(missed(result, 'source-files')).toContain('big.js')
    expect(missed(result, 'documents')).toContain('big.md')
  })

  it('a folder linked into itself, links that lead outside, and files that git ignores', async () => {
    const outside = temporaryFolder()
    const { names } = await scan(
      {
        'package.json': manifest(),
        'a/x.md': '`npm i ghost-once`',
        '.gitignore': 'out/\n',
        'out/y.md': '`npm i ghost-ignored`',
      },
      (folder) => {
        symlinkSync('.', join(folder, 'a/loop'))
        symlinkSync(outside, join(folder, 'outside'))
        symlinkSync('/dev/zero', join(folder, 'README.md'))
      },
    )
    expect(names).toEqual(['ghost-once'])
  })

  it('names that are none are never asked for, odd ones that could be are', async () => {
    const odd = [
      '../x',
      'constructor',
      '__proto__',
      'x'.repeat(300),
      'UPPER',
      '🙂',
      '@scope',
      'a/b/c',
      'https://registry.example/x',
      'toString',
      '.x',
      '_x',
      'x\\u0000y',
      ' ',
    ]
    const { asked, names } = await scan({
      'package.json': manifest(),
      'a.js': odd.map((name) => `import ${JSON.stringify(name)}`).join('\n'),
      'README.md': odd.map((name) => `\`npm i ${name}\``).join('\n'),
      'tsconfig.json': JSON.stringify({ compilerOptions: { types: odd } }),
    })
    expect(asked.filter((name) => !/^(?:@types\/)?[\w.-]+$/.test(name))).toEqual([])
    expect(asked).toEqual(expect.arrayContaining(['constructor', 'toString', 'UPPER', 'a']))
    expect(asked.join()).not.toMatch(/x{300}|__proto__|🙂|\.\./)
    expect(names).toContain('constructor')
  })

  it('a project of nothing', async () => {
    const { result } = await scan({ 'a.txt': '' })
    expect(result.findings).toEqual([])
  })

  it('a folder without git is read, but nothing of node_modules', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'node_modules/x'), { recursive: true })
    mkdirSync(join(folder, '.github/workflows'), { recursive: true })
    writeFileSync(join(folder, 'node_modules/x/README.md'), '`npm i ghost-deep`')
    writeFileSync(join(folder, '.github/workflows/a.yml'), '- run: npx ghost-ci')
    writeFileSync(join(folder, 'AGENTS.md'), '`npm i ghost-agent`')
    const { findings } = await scanFolder(folder, fakeRegistry({}))
    expect(findings.map(({ subject }) => (subject.kind === 'package' ? subject.name : '')).sort()).toEqual([
      'ghost-agent',
      'ghost-ci',
    ])
  })
})

describe('registries that answer the same for everything', () => {
  const page: FakePackage = { raw: '<!doctype html><p>Log in', type: 'text/html' }
  const npm: Record<string, FakePackage> = { '/npm/latest': { raw: '{"name":"npm"}' } }

  it.each<[string, Record<string, FakePackage | Handler>, string[]]>([
    ['404, npm too: a captive page', { '/npm/latest': { status: 404 } }, []],
    ['404, but npm is there: believed', npm, ['ghost-imported', 'ghost-read']],
    ['200 with a web page', { '/ghost-imported': page, '/ghost-read': page, '/npm/latest': page }, []],
    ['500', { '/ghost-imported': { status: 500 }, '/ghost-read': { status: 500 }, '/npm/latest': { status: 500 } }, []],
  ])('%s', async (_what, packages, found) => {
    const server = await startRegistryServer(packages)
    try {
      const repository = temporaryRepository()
      repository.commit('first', {
        'package.json': manifest(),
        'a.js': "import 'ghost-imported'\n",
        'README.md': '`npx ghost-read`',
      })
      const registry = await createRegistry({
        root: repository.folder,
        home: temporaryFolder(),
        environment: {},
        config: { ...defaults, cache: false, registry: server.url },
        publicRegistry: server.url,
        timing: { requestMs: 2_000, retryMs: [5], longestWaitMs: 20 },
      })
      const result = await scanFolder(repository.folder, registry)
      expect(result.findings.map(({ subject }) => (subject.kind === 'package' ? subject.name : '')).sort()).toEqual(
        found,
      )
      const mentioned = result.coverage.find(({ source }) => source === 'existence-mentioned')
      expect(mentioned?.state).toBe(found.length > 0 ? 'complete' : 'partial')
    } finally {
      await server.close()
    }
  })
})
