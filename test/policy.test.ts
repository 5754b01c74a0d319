import { describe, expect, test } from 'vitest'
import { createBaseline, linesFor } from '../src/baseline.ts'
import { finding } from '../src/finding.ts'
import { applyPolicy, type FindingPolicy } from '../src/policy.ts'
import { harmless } from '../src/redact.ts'
import { exitCodeOf, judge } from '../src/risk.ts'
import type { Config, Coverage, Exception, Finding, Severity, Source } from '../src/types.ts'

const today = '2026-06-01'
const digest = 'd'.repeat(32)

const at = (path: string) =>
  ({ kind: 'file', path: harmless(path), line: 1, column: 1, excerpt: harmless('') }) as const

const pack = (name: string, code = 'package/install-script', version = '1.0.0', path = 'package-lock.json'): Finding =>
  finding({
    code,
    scanner: 'lockfile',
    subject: { kind: 'package', name, version },
    severity: 'high',
    confidence: 'high',
    message: code,
    evidence: [at(path)],
  })

const secret = (...paths: [string, ...string[]]): Finding => {
  const [first, ...rest] = paths.map(at)
  return finding({
    code: 'secret/github-pat',
    scanner: 'secrets',
    subject: { kind: 'secret', digest, preview: harmless('ghp_x••••••yz') },
    severity: 'critical',
    confidence: 'high',
    message: 'a token',
    evidence: [first!, ...rest],
  })
}

const exception = (given: Partial<Exception>): Exception => ({ reason: 'we read it', expires: '2026-12-31', ...given })

const apply = (findings: readonly Finding[], policy: FindingPolicy, accepted: readonly Finding[] = []) =>
  applyPolicy(findings, policy, createBaseline(accepted.flatMap((one) => linesFor(one, 'known'))), today)

describe('an exception covers what all of its fields name', () => {
  const esbuild = pack('esbuild')
  test.each<[string, Partial<Exception>, Finding, boolean]>([
    ['a code', { code: 'package/install-script' }, esbuild, true],
    ['another code', { code: 'package/new' }, esbuild, false],
    ['a package', { package: 'esbuild' }, esbuild, true],
    ['a glob of packages', { package: '@acme/*' }, pack('@acme/x'), true],
    ['a glob that does not reach it', { package: '@acme/*' }, esbuild, false],
    ['a package and another code', { package: 'esbuild', code: 'package/new' }, esbuild, false],
    ['its version', { package: 'esbuild', version: '1.0.0' }, esbuild, true],
    ['another version', { package: 'esbuild', version: '1.0.1' }, esbuild, false],
    ['its fingerprint', { fingerprint: esbuild.fingerprint }, esbuild, true],
    ['a secret', { secret: digest }, secret('a.js'), true],
    ['a secret, for a package', { secret: digest }, esbuild, false],
    ['a path', { path: 'test/**' }, secret('test/a.js'), true],
    ['a path that is not its only one', { path: 'test/**' }, secret('test/a.js', 'src/a.js'), false],
    ['until today', { package: 'esbuild', expires: today }, esbuild, true],
  ])('%s', (_title, given, found, covered) => {
    const { open, accepted } = apply([found], { exceptions: [exception(given)] })
    expect([open.length, accepted.length]).toEqual(covered ? [0, 1] : [1, 0])
  })

  test('one version of two stays open', () => {
    const both = [pack('esbuild'), pack('esbuild', 'package/install-script', '2.0.0')]
    const { open } = apply(both, { exceptions: [exception({ package: 'esbuild', version: '1.0.0' })] })
    expect(open.map(({ subject }) => subject)).toEqual([both[1]!.subject])
  })

  test('what it accepts is told with reason and end; what matches nothing is counted', () => {
    const { accepted, counts } = apply([esbuild], {
      exceptions: [exception({ package: 'esbuild' }), exception({ package: 'gone' })],
    })
    expect(accepted).toEqual([
      {
        fingerprint: esbuild.fingerprint,
        code: esbuild.code,
        by: 'exception',
        reason: 'we read it',
        expires: '2026-12-31',
      },
    ])
    expect(counts).toEqual({
      'accepted by an exception: package/install-script': 1,
      'exceptions that match nothing: gone': 1,
    })
  })
})

describe('an exception past its day', () => {
  const past = exception({
    package: 'esbuild',
    expires: '2026-05-31',
    where: { path: 'audit-deps.json', line: 4 },
  })

  test('hides nothing, and is a finding that names reason and place', () => {
    const { open } = apply([pack('esbuild')], { exceptions: [past] })
    expect(open.map(({ code }) => code)).toEqual(['package/install-script', 'policy/expired-exception'])
    expect(open[1]!.message).toMatch(/esbuild expired on 2026-05-31.*we read it/)
    expect(open[1]!.evidence[0]).toMatchObject({ path: 'audit-deps.json', line: 4 })
  })

  test('another that still holds takes its place', () =>
    expect(apply([pack('esbuild')], { exceptions: [past, exception({ package: '*' })] }).open).toEqual([]))

  test('says nothing where there is nothing left to hide', () =>
    expect(apply([pack('other')], { exceptions: [past] }).open).toHaveLength(1))

  test.each<[Config['failOn'], number]>([
    ['critical', 1],
    ['never', 0],
  ])('fails under failOn %s: exit %i', (failOn, code) =>
    expect(exitCodeOf(judged([pack('esbuild')], { failOn, exceptions: [past] }))).toBe(code),
  )
})

describe('an exception that matches nothing is told only where the run looked at all it could be about', () => {
  const asked = (...sources: Source[]): Coverage[] =>
    sources.map((source) => ({ scanner: 'lockfile', source, state: 'complete', checked: 1 }))
  const skipped = (source: Source): Coverage => ({ scanner: 'lockfile', source, state: 'skipped', reason: 'offline' })
  const partial = (source: Source): Coverage => ({
    scanner: 'lockfile',
    source,
    state: 'partial',
    checked: 1,
    missed: [{ what: 'left', why: 'timed out', next: 'try again' }],
  })
  const files = asked('manifest', 'lockfile')
  const everything = asked(
    ...(['manifest', 'lockfile', 'source-files', 'documents', 'packuments', 'advisories', 'downloads'] as const),
    ...(['existence-direct', 'existence-transitive', 'existence-mentioned'] as const),
  )
  test.each<[string, Partial<Exception>, Coverage[], Partial<Config>, boolean]>([
    ['its registry answered', { code: 'package/deprecated' }, [...files, ...asked('packuments')], {}, true],
    ['offline', { code: 'package/deprecated' }, [...files, skipped('packuments')], {}, false],
    ['not all answered', { code: 'package/deprecated' }, [...files, partial('packuments')], {}, false],
    ['another source was skipped', { code: 'lockfile/unpinned' }, [...files, skipped('packuments')], {}, true],
    ['no advisories', { code: 'package/vulnerability' }, [...files, skipped('advisories')], {}, false],
    ['only check opens tarballs', { code: 'package/manifest-mismatch' }, everything, {}, false],
    ['history was left out', { secret: digest }, [skipped('git-objects'), ...asked('work-tree')], {}, false],
    ['all was read', { secret: digest }, asked('git-objects', 'work-tree'), {}, true],
    ['secrets were left out', { code: 'secret/github-pat' }, [...files, skipped('git-objects')], {}, false],
    ['a package, everything asked', { package: 'left' }, everything, {}, true],
    ['a package, phantom was left out', { package: 'left' }, [...files, skipped('existence-direct')], {}, false],
    ['a path, something was skipped', { path: 'a/**' }, [...everything, skipped('tarball')], {}, false],
    ['a path, nothing was skipped', { path: 'a/**' }, everything, {}, true],
    ['only what the change brings', { code: 'lockfile/unpinned' }, files, { since: 'main' }, false],
    ['only what is staged', { code: 'lockfile/unpinned' }, files, { staged: true }, false],
    ['only what some commits bring', { secret: digest }, asked('git-objects', 'work-tree'), { commits: [] }, false],
    ['the policy asks for no confusion', { code: 'phantom/confusion' }, everything, {}, false],
    ['the policy asks for it', { code: 'phantom/confusion' }, everything, { confusion: true }, true],
  ])('%s: %o', (_title, given, coverage, policy, told) => {
    const { counts } = judged([], { exceptions: [exception(given)], ...policy }, coverage)
    expect(Object.keys(counts)).toEqual(told ? [expect.stringMatching(/^exceptions that match nothing: /)] : [])
  })
})

const judged = (
  findings: readonly Finding[],
  policy: FindingPolicy & Partial<Config>,
  coverage: readonly Coverage[] = [],
) =>
  judge({
    results: [{ findings, coverage }],
    policy: { failOn: 'high', required: [], ...policy },
    run: {
      tool: { name: 'audit-deps', version: '0' },
      target: 'x',
      startedAt: `${today}T00:00:00.000Z`,
      durationMs: 1,
    },
  })

describe('paths that are ignored', () => {
  test.each<[string, Finding, boolean]>([
    ['a secret that stands only there', secret('fixtures/a.js', 'fixtures/deep/b.js'), true],
    ['a secret that stands elsewhere too', secret('fixtures/a.js', 'src/a.js'), false],
    ['a package', pack('a', 'package/new', '1.0.0', 'fixtures/package-lock.json'), false],
  ])('%s', (_title, found, ignored) => {
    const { open, accepted, counts } = apply([found], { paths: { ignore: ['fixtures/**'] } })
    expect([open.length, accepted.length]).toEqual([ignored ? 0 : 1, 0])
    expect(counts).toEqual(ignored ? { 'secrets only in paths that the configuration ignores': 1 } : {})
  })
})

test('severities per code move the risk, and are counted', () => {
  const report = judged([pack('a')], { severities: { 'package/install-script': 'info' } })
  expect([report.risk.band, report.verdict]).toEqual(['none', 'pass'])
  expect(report.counts).toEqual({ 'severity set by the configuration: package/install-script': 1 })
})

test('a guessable secret at a second place is shown with that place first', () => {
  const password = (...paths: [string, ...string[]]): Finding => ({
    ...secret(...paths),
    subject: { kind: 'secret', digest, preview: harmless('••••••••') },
  })
  const { open } = apply([password('a.env', 'b.env')], {}, [password('a.env')])
  expect(open[0]!.evidence.map((one) => 'path' in one && one.path)).toEqual(['b.env', 'a.env'])
})

test('baseline lines that match nothing are counted', () =>
  expect(apply([], {}, [secret('a')]).counts).toEqual({ 'baseline lines that match nothing found in this run': 1 }))

test('accepted in one lockfile and open in another is open, and counted once', () => {
  const both = [pack('a', 'package/new', '1.0.0', 'one/x'), pack('a', 'package/new', '1.0.0', 'two/x')]
  const report = judged(both, { exceptions: [exception({ path: 'one/**' })] })
  expect([report.findings.length, report.accepted]).toEqual([1, 0])
  expect(report.findings[0]!.evidence).toEqual([at('two/x')])
})

describe('a level per scanner', () => {
  const medium = (scanner: Finding['scanner'], code: string, severity: Severity = 'medium'): Finding => ({
    ...pack('a', code),
    scanner,
    severity,
  })
  const lockfile = medium('lockfile', 'package/new')
  const phantom = medium('phantom', 'package/low-downloads')
  test.each<[string, Finding[], Config['failOnPerScanner'], boolean]>([
    ['one scanner’s own level', [lockfile], { lockfile: 'medium' }, true],
    ['another’s level is not its own', [lockfile], { phantom: 'medium' }, false],
    ['together they reach the common level', [lockfile, phantom], {}, true],
    ['together they must reach the most lenient', [lockfile, phantom], { lockfile: 'never' }, false],
    ['never is never, the other still speaks', [lockfile, phantom], { lockfile: 'never', phantom: 'low' }, true],
  ])('%s', (_title, findings, failOnPerScanner, fails) => {
    const report = judged(findings, { failOnPerScanner })
    expect(report.verdict).toBe(fails ? 'fail' : 'pass')
    expect(report.subjects[0]!.fails).toBe(fails ? true : undefined)
  })
})
