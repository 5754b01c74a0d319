import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { phantomScanner } from '../../src/phantom/scan.ts'
import { judge } from '../../src/risk.ts'
import type { Answer, Config, Declared, LockedPackage, Missed, Project, Registry, ScanResult } from '../../src/types.ts'
import { context, facts, fakeRegistry, now, registryUrl } from '../support/context.ts'
import { removeFolder } from '../support/repository.ts'

const declared = (name: string, given: Partial<Declared> = {}): Declared => ({
  name,
  target: name,
  range: '^1.0.0',
  kind: 'registry',
  field: 'dependencies',
  line: 3,
  column: 5,
  ...given,
})

const locked = (name: string, given: Partial<LockedPackage> = {}): LockedPackage => ({
  name,
  version: '1.0.0',
  key: `node_modules/${name}`,
  alias: undefined,
  resolved: `${registryUrl}${name}/-/x-1.0.0.tgz`,
  integrity: undefined,
  kind: 'registry',
  direct: false,
  dev: false,
  optional: false,
  peer: false,
  bundled: false,
  installScript: false,
  line: 40,
  ...given,
})

const projectOf = (
  dependencies: Declared[],
  packages: LockedPackage[] = [],
  workspaceNames: string[] = [],
): Project => ({
  manifests: [{ path: 'package.json', name: 'app', private: true, dependencies, scripts: {} }],
  lockfiles: packages.length === 0 ? [] : [{ path: 'package-lock.json', format: 'package-lock', version: 3, packages }],
  unread: [],
  workspaceNames: new Set(workspaceNames),
})

/** An empty folder: these tests bring the project as it would have been read. */
const root = mkdtempSync(join(tmpdir(), 'audit-deps-phantom-'))
afterAll(() => removeFolder(root))

const scan = (project: Project, registry: Registry, config: Partial<Config> = {}): Promise<ScanResult> =>
  phantomScanner.scan(context(root, { project, registry, config }))

const verdict = (result: ScanResult) =>
  judge({
    results: [result],
    policy: { failOn: 'high', required: ['existence-direct'] },
    run: { tool: { name: 'audit-deps', version: '0' }, target: 't', startedAt: '', durationMs: 0 },
  })

const at = { registry: registryUrl, observedAt: now.toISOString() }

const missedOf = (result: ScanResult): readonly Missed[] =>
  result.coverage.flatMap((entry) => (entry.state === 'partial' ? entry.missed : []))

/** A registry that remembers what it was asked. */
function recording(answers: Record<string, Answer> = {}): { registry: Registry; asked: string[] } {
  const asked: string[] = []
  const inner = fakeRegistry(answers)
  return {
    asked,
    registry: {
      ...inner,
      package: (name) => {
        asked.push(name)
        return inner.package(name)
      },
    },
  }
}

describe('phantomScanner', () => {
  it('does not believe a registry that does not even know what everybody uses', async () => {
    const project = projectOf([declared('react'), declared('ghost')], [locked('ghost-below')])
    const silent = await scan(project, fakeRegistry({}))
    expect(silent.findings.filter(({ code }) => code === 'phantom/not-found')).toEqual([])
    expect(verdict(silent).verdict).toBe('incomplete')
    expect(missedOf(silent).slice(0, 2)).toMatchObject([
      { what: 'react, ghost', why: 'registry.example: it answers 404 for everything, even react' },
      { what: 'ghost-below', next: expect.stringContaining('.npmrc') },
    ])
    // Whoever has shown a package is believed: it may lack one that is popular elsewhere.
    const speaking = await scan(project, fakeRegistry({ 'ghost-below': facts('ghost-below') }))
    expect(speaking.findings.map(({ subject }) => subject)).toMatchObject([{ name: 'react' }, { name: 'ghost' }])
  })

  it.each<[string, Answer, string, string]>([
    ['not found', { state: 'not-found', ...at }, 'phantom/not-found', 'high'],
    ['unpublished', { state: 'unpublished', at: '2026-01-02T00:00:00Z', ...at }, 'package/unpublished', 'high'],
    ['security-held', { state: 'security-held', ...at }, 'package/security-held', 'critical'],
  ])('%s fails by default, direct or transitive', async (_state, answer, code, band) => {
    for (const project of [projectOf([declared('ghost')]), projectOf([], [locked('ghost')])]) {
      const result = await scan(project, fakeRegistry({ ghost: answer }))
      expect(result.findings.map((found) => found.code)).toEqual([code])
      expect(verdict(result)).toMatchObject({ verdict: 'fail', risk: { band } })
    }
  })

  it('shows the line to change first, then the registry’s answer', async () => {
    const project = projectOf([declared('loadsh', { line: 7, column: 9 })], [locked('loadsh', { direct: true })])
    const { findings } = await scan(project, fakeRegistry({}))
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      code: 'phantom/not-found',
      subject: { kind: 'package', name: 'loadsh' },
      message: 'loadsh does not exist on registry.example; did you mean lodash?',
      evidence: [
        { kind: 'file', path: 'package.json', line: 7, column: 9, excerpt: '"loadsh": "^1.0.0"' },
        { kind: 'file', path: 'package-lock.json', line: 40, excerpt: '"node_modules/loadsh"' },
        { kind: 'registry', source: registryUrl, observed: 'not found (404)' },
      ],
    })
  })

  it('means a name the project itself uses, where no popular one is like it', async () => {
    const project = projectOf([declared('@acme/utlis'), declared('@acme/utils')])
    const { findings } = await scan(project, fakeRegistry({ '@acme/utils': facts('@acme/utils') }))
    expect(findings.map(({ message }) => message)).toEqual([
      '@acme/utlis does not exist on registry.example; did you mean @acme/utils?',
    ])
  })

  it.each<[string, Answer]>([
    ['forbidden', { state: 'forbidden', registry: registryUrl, why: 'answered 403', next: 'log in' }],
    ['unreachable', { state: 'unreachable', registry: registryUrl, why: 'timed out', next: 'try again' }],
    ['not asked', { state: 'not-asked', why: 'only the project names it', next: 'map the scope' }],
  ])('%s is coverage: never a finding, never clean', async (_state, answer) => {
    const registry = fakeRegistry({ here: facts('here'), direct: answer, deep: answer })
    const result = await scan(projectOf([declared('here'), declared('direct')], [locked('deep')]), registry)
    const { why, next } = answer as { why: string; next: string }
    expect(result.findings).toEqual([])
    expect(result.coverage.slice(0, 2)).toEqual([
      {
        scanner: 'phantom',
        source: 'existence-direct',
        state: 'partial',
        checked: 1,
        missed: [{ what: 'direct', why, next }],
      },
      {
        scanner: 'phantom',
        source: 'existence-transitive',
        state: 'partial',
        checked: 0,
        missed: [{ what: 'deep', why, next }],
      },
    ])
    expect(verdict(result).verdict).toBe('incomplete')
  })

  it('says it once when a registry is down, and bounds reasons that differ', async () => {
    const down: Answer = { state: 'unreachable', registry: registryUrl, why: 'connection refused', next: 'try again' }
    const many = Array.from({ length: 500 }, (_, i) => locked(`package-${i}`))
    const same = await scan(projectOf([], many), { ...fakeRegistry({}), package: async () => down })
    expect(same.coverage[1]).toMatchObject({ checked: 0, missed: [{ why: 'connection refused' }] })
    expect(missedOf(same)[0]?.what).toMatch(/^package-0, .* and 495 more$/)
    const differing = await scan(projectOf([], many), {
      ...fakeRegistry({}),
      package: async (name) => ({ ...down, why: `${name}: refused` }),
    })
    const missed = missedOf(differing)
    expect(missed).toHaveLength(21)
    expect(missed.at(-1)?.what).toBe('480 more')
  })

  it('asks every registry name once, under its real name, and nothing else', async () => {
    const { registry, asked } = recording()
    const project = projectOf(
      [
        declared('alias', { target: 'real', range: 'npm:real@1' }),
        declared('peer', { field: 'peerDependencies' }),
        declared('override', { field: 'overrides' }),
        declared('member', { kind: 'workspace' }),
        declared('sibling'),
        declared('from-git', { kind: 'git' }),
        declared('from-url', { kind: 'tarball' }),
        declared('from-disk', { kind: 'local' }),
        declared('@acme/secret'),
        declared('acme-internal'),
      ],
      [
        locked('real', { alias: 'alias', direct: true }),
        locked('deep'),
        locked('deep', { key: 'x' }),
        locked('inside', { bundled: true }),
      ],
      ['member', 'sibling'],
    )
    const { counts } = await scan(project, registry, { privateNames: ['@acme/*', 'acme-*'] })
    expect(asked.sort()).toEqual(['deep', 'override', 'peer', 'real'])
    expect(Object.values(counts!).sort()).toEqual([1, 2, 2, 3])
  })

  it('never asks for a scope that the lockfile takes from another host', async () => {
    const { registry, asked } = recording({ '@acme/a': facts('@acme/a') })
    const elsewhere = { resolved: 'https://npm.acme.example/@acme/b/-/b-1.0.0.tgz' }
    const result = await scan(
      projectOf([declared('@acme/a')], [locked('@acme/b', elsewhere), locked('@else/c')]),
      registry,
    )
    expect(asked).toEqual(['@else/c'])
    expect(result.coverage[0]).toMatchObject({ state: 'partial', missed: [{ what: '@acme/a' }] })
    expect(JSON.stringify(result.coverage)).toContain('npm.acme.example')
    expect(result.findings.map(({ subject }) => subject)).toEqual([{ kind: 'package', name: '@else/c' }])
  })

  it.each(['../etc/passwd', '🙂', '__proto__', 'a b', '@scope', '@a/b/c', 'x'.repeat(300), '', 'http://evil.example/'])(
    'does not ask for %j, which no registry can hold, and says so',
    async (name) => {
      const { registry, asked } = recording()
      const result = await scan(projectOf([declared(name, { kind: 'invalid' })], [locked(name)]), registry)
      expect(asked).toEqual([])
      expect(result.findings).toEqual([])
      expect(result.coverage[0]).toMatchObject({ state: 'partial', missed: [{ next: 'correct the name' }] })
    },
  )

  it('asks for names that only look odd: capitals, prototype members, a range of the wrong type', async () => {
    const { registry, asked } = recording()
    await scan(
      projectOf([declared('JSONStream'), declared('constructor'), declared('odd', { kind: 'invalid' })]),
      registry,
    )
    expect(asked).toEqual(['JSONStream', 'constructor', 'odd'])
  })

  it('offline: skipped with the reason, and no registry is even opened', async () => {
    const result = await phantomScanner.scan({
      ...context(root, { project: projectOf([declared('a')]), config: { offline: true } }),
      registry: () => Promise.reject(new Error('opened')),
    })
    expect(result.coverage.slice(0, 3).map(({ state }) => state)).toEqual(['skipped', 'skipped', 'skipped'])
    expect(verdict(result).verdict).toBe('pass')
  })

  it('without a lockfile nobody has seen what the dependencies need', async () => {
    const registry = fakeRegistry({ a: facts('a') })
    const [direct, transitive] = (await scan(projectOf([declared('a')]), registry)).coverage
    expect(direct).toMatchObject({ state: 'complete', checked: 1 })
    expect(transitive).toMatchObject({ state: 'skipped', reason: 'there is no lockfile that names them' })
    const unread = [
      { path: 'package-lock.json', what: 'package-lock.json', why: 'line 3 is not JSON', next: 'mend it' },
    ]
    const broken = await scan({ ...projectOf([declared('a')]), unread }, registry)
    expect(broken.coverage[1]).toMatchObject({
      state: 'partial',
      missed: [{ what: 'what package-lock.json pins', next: 'mend it' }],
    })
  })

  it('a project without dependencies is complete', async () => {
    const result = await scan(projectOf([]), fakeRegistry({}))
    expect(result.coverage.slice(0, 3).map((entry) => entry.state)).toEqual(['complete', 'complete', 'complete'])
  })
})
