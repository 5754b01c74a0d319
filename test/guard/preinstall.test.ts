import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../src/config.ts'
import { AuditError } from '../../src/errors.ts'
import { finding } from '../../src/finding.ts'
import { neededSources } from '../../src/guard/decide.ts'
import { addedNames, managerOf, preinstallTiming, type Timing } from '../../src/guard/managers.ts'
import { type GuardInput, guardPreinstall } from '../../src/guard/preinstall.ts'
import { phantomScanner } from '../../src/phantom/scan.ts'
import { judge } from '../../src/risk.ts'
import type { Answer, Coverage, Finding, Report, Source } from '../../src/types.ts'
import { context, facts, fakeRegistry, now, registryUrl } from '../support/context.ts'
import { temporaryFolder } from '../support/repository.ts'

const complete = (source: Source, checked = 3): Coverage => ({ scanner: 'phantom', source, state: 'complete', checked })
const all = neededSources.map((source) => complete(source))

const reportOf = (coverage: readonly Coverage[] = all, findings: readonly Finding[] = []): Report =>
  judge({
    results: [{ findings, coverage }],
    policy: { failOn: 'high', required: neededSources },
    run: { tool: { name: 'audit-deps', version: '0' }, target: 't', startedAt: '', durationMs: 0 },
  })

const without = (source: Source, instead?: Coverage): Report =>
  reportOf([...all.filter((entry) => entry.source !== source), ...(instead ? [instead] : [])])

const vetted = (report: Report) => ({ report, factsOf: () => undefined })

const decide = (audit: Report | Error, given: Partial<GuardInput> = {}) =>
  guardPreinstall({
    environment: { npm_config_user_agent: 'npm/12.2.0 node/v22.23.0 linux x64' },
    policy: () => defaults.guard,
    audit: async () => {
      if (audit instanceof Error) throw audit
      return vetted(audit)
    },
    check: () => Promise.reject(new Error('checked')),
    now,
    ...given,
  })

const ghost = finding({
  code: 'phantom/not-found',
  scanner: 'phantom',
  subject: { kind: 'package', name: 'ghost' },
  severity: 'high',
  confidence: 'high',
  message: 'ghost does not exist on registry.example',
  evidence: [{ kind: 'registry', source: registryUrl, observed: 'not found', observedAt: now.toISOString() }],
})

describe('guardPreinstall', () => {
  it('lets an install go on when every name was vetted and nothing speaks against it', async () => {
    expect(await decide(reportOf())).toMatchObject({ allow: true, exitCode: 0, reasons: [], timing: 'before' })
  })

  it('blocks findings, naming package and reason', async () => {
    expect(await decide(reportOf(all, [ghost]))).toMatchObject({
      allow: false,
      exitCode: 1,
      reasons: ['ghost: ghost does not exist on registry.example → correct the name, or remove it'],
    })
  })

  it('blocks what could not be vetted, with the way on', async () => {
    const missed = [{ what: 'left-pad', why: 'connection refused', next: 'check the registry and run again' }]
    const down: Coverage = { scanner: 'phantom', source: 'existence-transitive', state: 'partial', checked: 0, missed }
    expect(await decide(without('existence-transitive', down))).toMatchObject({
      allow: false,
      exitCode: 3,
      reasons: [
        expect.stringMatching(/^left-pad: connection refused → check the registry and run again; .*--allow-unverified/),
      ],
    })
  })

  it.each<[string, Report]>([
    [
      'skipped on purpose',
      without('existence-direct', {
        scanner: 'phantom',
        source: 'existence-direct',
        state: 'skipped',
        reason: 'offline',
      }),
    ],
    ['not reported at all', without('existence-direct')],
    ['no manifest', without('manifest', complete('manifest', 0))],
  ])('blocks although the report itself would pass: %s', async (_what, report) => {
    expect(report.verdict).toBe('pass')
    const decision = await decide(report)
    expect(decision).toMatchObject({ allow: false, exitCode: 3 })
    expect(decision.reasons).toHaveLength(1)
  })

  it.each([
    [
      new AuditError('CONFIG_INVALID', 'bad field', { hint: 'mend it' }),
      2,
      'nothing could be vetted: bad field; mend it',
    ],
    [new AuditError('GIT_FAILED', 'no git'), 3, 'nothing could be vetted: no git'],
    [
      new TypeError('x is undefined'),
      3,
      'nothing could be vetted: x is undefined; run audit-deps deps --verbose to see where',
    ],
  ])('blocks when the audit breaks: %s', async (error, exitCode, reason) => {
    expect(await decide(error)).toMatchObject({ allow: false, exitCode, reasons: [reason], reports: [] })
  })

  it('says that without a lockfile only direct names were vetted', async () => {
    const { allow, notes } = await decide(without('lockfile', complete('lockfile', 0)))
    expect(allow).toBe(true)
    expect(notes.join()).toMatch(/no lockfile: only direct/)
  })

  it('vets what yarn 1 is about to add, and findings there block too', async () => {
    const checked: unknown[] = []
    const check = async (specs: readonly string[]) => {
      checked.push(specs)
      return vetted(reportOf([complete('existence-direct')], [ghost]))
    }
    const environment = {
      npm_config_user_agent: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64',
      npm_config_argv: '{"remain":[],"cooked":["add"],"original":["add","--dev","ghost"]}',
    }
    expect(await decide(reportOf(), { environment, check })).toMatchObject({ allow: false, exitCode: 1 })
    expect(checked).toEqual([['ghost']])
  })

  it('tells plainly where the script comes too late, and still decides', async () => {
    const environment = { npm_config_user_agent: 'npm/10.9.0 node/v20.20.2 linux x64 workspaces/false' }
    const decision = await decide(reportOf(all, [ghost]), { environment })
    expect(decision).toMatchObject({ allow: false, timing: 'after', manager: { name: 'npm', version: '10.9.0' } })
    expect(decision.notes[0]).toMatch(/too late.*audit-deps deps/)
    expect((await decide(reportOf(), { environment: {} })).notes[0]).toMatch(/rehearsal/)
  })

  it.each<[string, Record<string, Answer>, boolean]>([
    ['all names exist', { here: facts('here') }, true],
    ['one does not', {}, false],
    [
      'the registry is down',
      { here: { state: 'unreachable', registry: registryUrl, why: 'timed out', next: 'try again' } },
      false,
    ],
  ])('with the real phantom scanner: %s', async (_what, packages, allow) => {
    const dependency = {
      name: 'here',
      target: 'here',
      range: '1.0.0',
      kind: 'registry',
      field: 'dependencies',
      line: 1,
      column: 1,
    } as const
    const manifest = { path: 'package.json', name: 'app', private: true, dependencies: [dependency], scripts: {} }
    const audit = async () => {
      const scanned = await phantomScanner.scan(
        context(temporaryFolder(), { project: { manifests: [manifest] }, registry: fakeRegistry(packages) }),
      )
      return vetted(reportOf([...scanned.coverage, complete('manifest', 1), complete('lockfile', 0)], scanned.findings))
    }
    const decision = await decide(reportOf(), { audit })
    expect(decision.allow, decision.reasons.join()).toBe(allow)
  })
})

describe('preinstallTiming', () => {
  it.each<[string, Timing]>([
    ['npm/12.2.0 node/v22.23.0 linux x64', 'before'],
    ['npm/13.0.0-pre.1 node/v24', 'before'],
    ['npm/11.19.0 node/v20', 'after'],
    ['npm/7.24.2 node/v14', 'after'],
    ['npm/6.14.18 node/v12', 'unknown'],
    ['pnpm/12.21.0 npm/? node/v22', 'before'],
    ['pnpm/11.28.0 npm/? node/v22', 'before'],
    ['pnpm/10.34.0 npm/? node/v20', 'after'],
    ['pnpm/8.0.0 npm/? node/v20', 'unknown'],
    ['yarn/1.22.22 npm/? node/v20', 'before'],
    ['yarn/4.18.0 npm/? node/v20', 'after'],
    ['yarn/3.8.0 npm/? node/v20', 'unknown'],
    ['bun/1.4.0 npm/? node/v24', 'after'],
    ['cnpm/9.0.0 node/v20', 'unknown'],
    ['npm/? node/v20', 'unknown'],
  ])('%s: %s', (agent, timing) => {
    const manager = managerOf(agent)
    expect(manager).toBeDefined()
    expect(preinstallTiming(manager!).timing).toBe(timing)
  })

  it.each([undefined, '', 'curl', '/', 'NPM/1', `${'x'.repeat(1e6)}/1`])('no manager in %j', (agent) => {
    expect(managerOf(agent)).toBeUndefined()
  })
})

describe('addedNames', () => {
  it.each([
    [
      ['add', 'left-pad', '@a/b@1'],
      ['left-pad', '@a/b@1'],
    ],
    [['add', '--cwd', 'folder', '-D', 'x'], ['x']],
    [['workspace', 'app', 'add', 'x', '--exact'], ['x']],
    [['install'], []],
    [['upgrade', 'x'], []],
    [[], []],
  ])('%j → %j', (original, names) => {
    expect(addedNames(JSON.stringify({ original }))).toEqual(names)
  })

  it('survives whatever the environment holds', () => {
    for (const argv of [undefined, '', '{', 'null', '[]', '{"original":1}', '{"original":[1,null,"add",{}]}'])
      expect(addedNames(argv)).toEqual([])
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (argv) => {
        expect(Array.isArray(addedNames(argv))).toBe(true)
      }),
    )
  })
})
