import { describe, expect, test } from 'vitest'
import { bandOf } from '../src/bands.ts'
import { createBaseline, linesFor } from '../src/baseline.ts'
import { finding } from '../src/finding.ts'
import { harmless } from '../src/redact.ts'
import { exitCodeOf, judge } from '../src/risk.ts'
import type { Baseline, Confidence, Coverage, FailOn, Finding, ScannerName, Severity, Source } from '../src/types.ts'

const run = {
  tool: { name: 'audit-deps', version: '0.0.0' },
  target: 'demo',
  startedAt: '2026-06-01T00:00:00.000Z',
  durationMs: 5,
} as const

const place = { kind: 'file', path: harmless('package.json'), line: 1, column: 1, excerpt: harmless('') } as const

const seen = (code: string, severity: Severity, confidence: Confidence = 'high', name = 'reakt'): Finding =>
  finding({
    code,
    scanner: 'lockfile',
    subject: { kind: 'package', name },
    severity,
    confidence,
    message: code,
    evidence: [place],
  })

const judged = (
  findings: readonly Finding[],
  given: { coverage?: readonly Coverage[]; failOn?: FailOn; required?: readonly Source[]; baseline?: Baseline } = {},
) =>
  judge({
    results: [{ findings, coverage: given.coverage ?? [] }],
    policy: { failOn: given.failOn ?? 'high', required: given.required ?? ['lockfile'] },
    ...(given.baseline && { baseline: given.baseline }),
    run,
  })

const partial = (source: Source): Coverage => ({
  scanner: 'lockfile',
  source,
  state: 'partial',
  checked: 0,
  missed: [{ what: 'a', why: 'b', next: 'c' }],
})

describe('bands are thresholds on the sum', () => {
  test.each([
    [0, 'none'],
    [9, 'none'],
    [10, 'low'],
    [29, 'low'],
    [30, 'medium'],
    [60, 'high'],
    [99, 'high'],
    [100, 'critical'],
    [1000, 'critical'],
  ])('%i → %s', (points, band) => expect(bandOf(points)).toBe(band))
})

describe('families', () => {
  test.each<[string, Finding[], string]>([
    ['one certain critical fact is critical alone', [seen('package/malware', 'critical')], 'critical'],
    [
      'novelty and popularity add up to high',
      [seen('package/new', 'medium'), seen('package/low-downloads', 'medium')],
      'high',
    ],
    [
      'two signals of one family count once',
      [seen('package/new', 'medium'), seen('package/new-version', 'medium')],
      'medium',
    ],
    ['low confidence weighs less', [seen('package/typosquat', 'high', 'low')], 'low'],
    ['an info finding weighs nothing', [seen('package/deprecated', 'info')], 'none'],
  ])('%s', (_title, findings, band) => expect(judged(findings).risk.band).toBe(band))

  test('the drivers say what was counted and what was not', () => {
    const [subject] = judged([seen('package/new', 'medium'), seen('package/new-version', 'low')]).subjects
    expect(subject?.drivers.map(({ code, counted }) => [code, counted])).toEqual([
      ['package/new', true],
      ['package/new-version', false],
    ])
  })

  test('one subject joins what different scanners say', () => {
    const phantom: Finding = { ...seen('phantom/not-found', 'high'), scanner: 'phantom' }
    expect(judged([seen('package/typosquat', 'medium'), phantom]).subjects).toHaveLength(1)
  })
})

describe('verdict and exit code', () => {
  test.each<[string, Finding[], Coverage[], FailOn, number]>([
    ['nothing found, all read', [], [], 'high', 0],
    ['a high subject', [seen('package/typosquat', 'high')], [], 'high', 1],
    ['a high subject under --fail-on critical', [seen('package/typosquat', 'high')], [], 'critical', 0],
    ['--fail-on never', [seen('package/malware', 'critical')], [], 'never', 0],
    ['a required source unread', [], [partial('lockfile')], 'high', 3],
    ['an optional source unread', [], [partial('downloads')], 'high', 0],
    ['findings beat incompleteness', [seen('package/malware', 'critical')], [partial('lockfile')], 'high', 1],
    [
      'left out on purpose',
      [],
      [{ scanner: 'lockfile', source: 'lockfile', state: 'skipped', reason: 'x' }],
      'high',
      0,
    ],
  ])('%s', (_title, findings, coverage, failOn, code) =>
    expect(exitCodeOf(judged(findings, { coverage, failOn }))).toBe(code),
  )
})

test('the baseline hides what was accepted, and counts it', () => {
  const old = seen('package/malware', 'critical')
  const report = judged([old, seen('package/new', 'low')], {
    baseline: createBaseline(linesFor(old, 'known')),
  })
  expect(report.accepted).toBe(1)
  expect(report.acceptedFindings).toEqual([
    { fingerprint: old.fingerprint, code: 'package/malware', by: 'baseline', reason: 'known' },
  ])
  expect(report.findings.map(({ code }) => code)).toEqual(['package/new'])
  expect(report.verdict).toBe('pass')
})

test.each([
  [[false, true], true],
  [[true, false], true],
  [[false, false], undefined],
])('the same fact, introduced in one place (%j), fails (%j)', (introduced, fails) => {
  const all = introduced.map((one) => ({ ...seen('package/malware', 'critical'), introduced: one }))
  expect(judged(all).subjects[0]?.fails).toBe(fails)
})

test('the same fact from two places is one finding with both places, as severe as the worse', () => {
  const first = seen('package/deprecated', 'low')
  const second = { ...seen('package/deprecated', 'medium'), evidence: [{ ...place, line: 7 }] as const }
  const [only, ...rest] = judged([first, second]).findings
  expect(rest).toEqual([])
  expect(only?.severity).toBe('medium')
  expect(only?.evidence).toHaveLength(2)
  expect(judged([second, second, second]).findings.map(({ evidence }) => evidence.length)).toEqual([1])
})

test('hostile codes and names stay data', () => {
  const report = judged([
    seen('__proto__', 'high', 'high', '__proto__'),
    seen('constructor', 'high', 'high', 'toString'),
  ])
  expect(report.subjects).toHaveLength(2)
  expect(Object.keys(report.rules).length).toBeGreaterThan(0)
})

describe('what --offline leaves out', () => {
  const skipped: Coverage = { scanner: 'phantom', source: 'existence-direct', state: 'skipped', reason: 'offline' }
  const offline = (required: readonly Source[], only: readonly ScannerName[] = ['lockfile', 'phantom']) =>
    judge({
      results: [{ findings: [], coverage: [skipped] }],
      policy: { failOn: 'high', required, offline: true, only },
      run,
    })

  test('and is required in so many words makes the run incomplete, and is said', () => {
    const report = offline(['existence-direct'])
    expect(exitCodeOf(report)).toBe(3)
    expect(report.notes).toEqual([
      'existence of direct dependencies: the configuration requires it and --offline leaves it out; ask a registry, or take existence-direct out of `required`',
    ])
  })

  test('passes where nobody requires it, or the run has no such scanner', () => {
    for (const report of [offline([]), offline(['existence-direct'], ['secrets'])]) {
      expect(exitCodeOf(report)).toBe(0)
      expect(report.notes).toBeUndefined()
    }
  })
})
