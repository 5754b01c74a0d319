// `--since REF`: what the change brought, and nothing else; the older state is read from git's objects.

import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lockfileScanner } from '../../src/lockfile/scan.ts'
import { readProject } from '../../src/project/read.ts'
import { render } from '../../src/report/index.ts'
import { judge } from '../../src/risk.ts'
import type { Registry, ScanResult } from '../../src/types.ts'
import { context, facts, fakeRegistry } from '../support/context.ts'
import { fixture, manifestsOf, projectWith } from './fixtures.ts'

type Json = Record<string, unknown>

const run = (root: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  })

/** A repository whose one commit holds the files. */
function committed(files: Record<string, unknown>): string {
  const root = projectWith(files)
  run(root, 'init', '-q')
  run(root, 'add', '-A')
  run(root, 'commit', '-qm', 'first')
  return root
}

const asked: string[] = []
const registry = (): Registry => {
  asked.length = 0
  const known = fakeRegistry({
    fresh: facts('fresh', { versions: { '1.0.0': { published: '2026-05-30T12:00:00Z' } } }),
    left: facts('left', { versions: { '2.1.0': { published: '2020-01-01T00:00:00Z' } } }),
  })
  return {
    ...known,
    package: (name) => {
      asked.push(name)
      return known.package(name)
    },
  }
}

async function since(root: string, folder = root, ref = 'HEAD'): Promise<ScanResult> {
  const project = await readProject(folder)
  return lockfileScanner.scan(context(folder, { project, registry: registry(), config: { since: ref } }))
}

const codes = ({ findings }: ScanResult): string[] =>
  findings.map(({ code, subject }) => `${code} ${'name' in subject ? subject.name : ''}`.trim()).sort()

const integrity = `sha512-${Buffer.alloc(64, 9).toString('base64')}`
const app = { ...manifestsOf('app'), 'package-lock.json': fixture('app-v3.lock.json') }

/** Writes the lockfile and the manifest anew. */
function change(root: string, edit: (packages: Record<string, Json>, manifest: Record<string, Json>) => void): void {
  const lock = JSON.parse(fixture('app-v3.lock.json')) as { packages: Record<string, Json> }
  const manifest = structuredClone(manifestsOf('app')['package.json']) as Record<string, Json>
  edit(lock.packages, manifest)
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock, null, 2))
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest, null, 2))
}

const fresh = (packages: Record<string, Json>, manifest: Record<string, Json>): void => {
  packages['node_modules/fresh'] = {
    version: '1.0.0',
    resolved: 'https://registry.example/fresh/-/fresh-1.0.0.tgz',
    integrity,
    hasInstallScript: true,
  }
  manifest.dependencies!.fresh = '^1.0.0'
}

test('nothing changed: nothing is told, nobody is asked', async () => {
  const result = await since(committed(app))
  expect(codes(result)).toEqual([])
  expect(asked).toEqual([])
  expect(result.notes).toEqual(['no package came since HEAD'])
})

test('a package that came is asked about and judged; what was there before is not told again', async () => {
  const root = committed(app)
  change(root, fresh)
  const result = await since(root)
  expect(asked).toEqual(['fresh'])
  expect(codes(result)).toEqual(['package/install-script fresh', 'package/new-version fresh'])
  expect(result.findings.every(({ introduced }) => introduced === true)).toBe(true)
  expect(result.notes).toEqual([
    '1 package came since HEAD (1 new); the youngest, fresh@1.0.0, was published 2 days ago',
  ])
})

test('another version, another hash, one that went', async () => {
  const root = committed(app)
  change(root, (packages, manifest) => {
    fresh(packages, manifest)
    Object.assign(packages['node_modules/left']!, {
      version: '2.1.0',
      resolved: 'https://registry.example/left/-/left-2.1.0.tgz',
      integrity,
    })
    Object.assign(packages['node_modules/plugin']!, { integrity })
    delete packages['node_modules/fast-on-one']
    delete manifest.optionalDependencies
  })
  const result = await since(root)
  expect(asked.sort()).toEqual(['fresh', 'left', 'plugin'])
  expect(result.notes![0]).toMatch(
    /^3 packages came since HEAD \(1 new, 2 in another version or other bytes\), 1 went; /,
  )
})

test('what is wrong with the files is told where the change brought it, drift among it', async () => {
  const root = committed({ ...app, 'package-lock.json': fixture('swapped-host.lock.json') })
  expect(codes(await since(root))).toEqual([])
  run(root, 'checkout', '-q', '--orphan', 'clean')
  change(root, () => {})
  run(root, 'commit', '-qam', 'clean')
  writeFileSync(join(root, 'package-lock.json'), fixture('swapped-host.lock.json'))
  expect(codes(await since(root))).toContain('lockfile/foreign-host left')
  change(root, (_, manifest) => Object.assign(manifest.dependencies!, { left: '^9.0.0' }))
  expect(codes(await since(root))).toEqual(['lockfile/drift'])
})

test('a lockfile that is new, or gone', async () => {
  const { 'package-lock.json': lock, ...rest } = app
  const without = committed(rest)
  writeFileSync(join(without, 'package-lock.json'), lock as string)
  const came = await since(without)
  expect(came.notes![0]).toMatch(/ came since HEAD/)
  expect(codes(came)).not.toContain('lockfile/uncommitted')
  const gone = committed(app)
  rmSync(join(gone, 'package-lock.json'))
  expect(codes(await since(gone))).toContain('lockfile/missing')
})

test('below a subfolder, by any name of a commit', async () => {
  const inner = Object.fromEntries(Object.entries(app).map(([path, content]) => [`sub/${path}`, content]))
  const root = committed(inner)
  run(root, 'tag', 'v1')
  change(join(root, 'sub'), fresh)
  run(root, 'commit', '-qam', 'second')
  expect((await since(root, join(root, 'sub'), 'v1')).notes![0]).toMatch(/^1 package came since v1 \(1 new\)/)
})

test('what the other branch brought meanwhile, or took away, is not this change', async () => {
  const root = committed(app)
  run(root, 'branch', 'main-line')
  change(root, fresh)
  run(root, 'commit', '-qam', 'ours')
  run(root, 'checkout', '-q', 'main-line')
  change(root, (packages, manifest) => {
    delete packages['node_modules/fast-on-one']
    delete manifest.optionalDependencies
  })
  run(root, 'commit', '-qam', 'theirs')
  run(root, 'checkout', '-q', '-')
  expect((await since(root, root, 'main-line')).notes![0]).toMatch(/^1 package came since main-line \(1 new\);/)
})

describe('what cannot be compared is said', () => {
  test('no such commit, no repository', async () => {
    await expect(since(committed(app), undefined, 'nowhere')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(since(committed(app), undefined, '--output=x')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(since(projectWith(app))).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('a lockfile that was broken then', async () => {
    const root = committed({ ...app, 'package-lock.json': '{' })
    change(root, () => {})
    const { coverage } = await since(root)
    expect(coverage.find(({ source }) => source === 'lockfile')).toMatchObject({
      state: 'partial',
      missed: [{ what: 'package-lock.json at HEAD', why: expect.stringContaining('not JSON') }],
    })
  })
})

test('every report holds the sentence', async () => {
  const root = committed(app)
  change(root, fresh)
  const report = judge({
    results: [await since(root)],
    policy: { failOn: 'high', required: [] },
    run: { tool: { name: 'audit-deps', version: '0' }, target: 'x', startedAt: '2026-06-01T12:00:00Z', durationMs: 1 },
  })
  for (const format of ['table', 'markdown', 'json'] as const) {
    const text = render(report, format, { color: false, width: 200, detail: 'normal' })
    expect(String(text).replaceAll('\\', '')).toContain('1 package came since HEAD (1 new)')
  }
})

test.each([
  ['which was there', 'registry = https://npm.stranger.example/', false],
  ['which was in a comment', '# registry=https://npm.stranger.example/', true],
  ['of which another one began the same', 'registry=https://npm.stranger.example/team/', true],
  ['which another line beat', 'registry=https://npm.stranger.example/\nregistry=https://other.example/', true],
])('a registry that only the project names, %s', async (_title, before, isNew) => {
  const root = committed({ ...app, '.npmrc': before })
  const untrusted = { host: 'npm.stranger.example', setting: 'registry', path: '.npmrc', line: 1 }
  const value = 'https://npm.stranger.example/'
  const known = { ...registry(), untrustedRegistries: [{ ...untrusted, value }] }
  const project = await readProject(root)
  const result = await lockfileScanner.scan(context(root, { project, registry: known, config: { since: 'HEAD' } }))
  expect(codes(result)).toEqual(isNew ? ['lockfile/untrusted-registry'] : [])
})
