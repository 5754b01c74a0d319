import { describe, expect, it } from 'vitest'
import { defaults } from '../../src/config.ts'
import { finding } from '../../src/finding.ts'
import { type DecideInput, decide, neededSources } from '../../src/guard/decide.ts'
import { judge } from '../../src/risk.ts'
import type { Coverage, Finding, GuardPolicy, PackageFacts, Report, Severity, Source } from '../../src/types.ts'
import { now, registryUrl } from '../support/context.ts'

const complete = (source: Source): Coverage => ({ scanner: 'phantom', source, state: 'complete', checked: 3 })
const all = neededSources.map(complete)

const about = (code: string, given: { name?: string; version?: string; severity?: Severity } = {}): Finding =>
  finding({
    code,
    scanner: 'lockfile',
    subject: { kind: 'package', name: given.name ?? 'some-example', version: given.version ?? '1.1.0' },
    severity: given.severity ?? 'low',
    confidence: 'high',
    message: `says ${code}`,
    evidence: [{ kind: 'registry', source: registryUrl, observed: 'seen', observedAt: now.toISOString() }],
  })

const reportOf = (findings: readonly Finding[], coverage: readonly Coverage[] = all): Report =>
  judge({
    results: [{ findings, coverage }],
    policy: { failOn: 'high', required: neededSources },
    run: { tool: { name: 'audit-deps', version: '0' }, target: 't', startedAt: now.toISOString(), durationMs: 0 },
  })

const decided = (findings: readonly Finding[], given: Partial<DecideInput> & { guard?: Partial<GuardPolicy> } = {}) =>
  decide({
    report: reportOf(findings),
    policy: { ...defaults.guard, ...given.guard },
    needed: neededSources,
    now,
    ...given,
  })

const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString()

const factsWith = (versions: PackageFacts['versions']) => (): PackageFacts => ({
  name: 'some-example',
  registry: registryUrl,
  distTags: {},
  versions,
  observedAt: now.toISOString(),
})

describe('decide', () => {
  it('allows where nothing speaks against it', () => {
    expect(decided([])).toEqual({ verdict: 'allow', exitCode: 0, reasons: [] })
  })

  it.each<[string, Severity, string, 'block' | 'warn']>([
    ['phantom/not-found', 'high', 'phantom', 'block'],
    ['package/unpublished', 'high', 'phantom', 'block'],
    ['package/security-held', 'critical', 'securityHeld', 'block'],
    ['package/malware', 'critical', 'malware', 'block'],
    ['lockfile/foreign-host', 'high', 'tampered', 'block'],
    ['package/integrity-mismatch', 'high', 'tampered', 'block'],
    ['lockfile/resolved-mismatch', 'high', 'tampered', 'block'],
    ['lockfile/contradiction', 'high', 'tampered', 'block'],
    ['package/signature-invalid', 'high', 'tampered', 'block'],
    // By a key that is none of the registry's.
    ['package/signature-invalid', 'medium', 'tampered', 'block'],
    ['package/version-withdrawn', 'high', 'tampered', 'block'],
    ['package/version-unknown', 'medium', 'tampered', 'warn'],
    ['package/typosquat', 'high', 'typosquat', 'block'],
    ['package/typosquat', 'medium', 'typosquat', 'warn'],
    ['package/new-version', 'low', 'young', 'block'],
    ['package/low-downloads', 'low', 'fewDownloads', 'warn'],
    ['package/install-script', 'low', 'installScript', 'warn'],
    ['lockfile/git-source', 'low', 'exoticSource', 'block'],
    ['lockfile/remote-tarball', 'medium', 'exoticSource', 'block'],
    ['package/vulnerability', 'high', 'vulnerable', 'warn'],
  ])('%s (%s): %s, %s', (code, severity, rule, action) => {
    const { verdict, reasons } = decided([about(code, { severity })])
    expect([verdict, reasons[0]?.rule, reasons[0]?.action]).toEqual([action, rule, action])
    expect(reasons[0]?.wayOn).not.toBe('')
  })

  it('lets policy say otherwise, rule by rule', () => {
    const typosquat = about('package/typosquat', { severity: 'high' })
    expect(decided([typosquat], { guard: { typosquat: 'warn', risk: 'allow' } }).verdict).toBe('warn')
    expect(decided([typosquat], { guard: { typosquat: 'allow', risk: 'allow' } }).verdict).toBe('allow')
    expect(decided([about('package/low-downloads')], { guard: { fewDownloads: 'block' } }).exitCode).toBe(1)
  })

  it.each([
    [1, 'block'],
    [23.9, 'block'],
    [24, 'allow'],
    [30, 'allow'],
  ] as const)('counts a version’s age in hours: %d → %s', (hours, verdict) => {
    const factsOf = factsWith({ '1.1.0': { published: hoursAgo(hours) } })
    expect(decided([about('package/new-version')], { factsOf }).verdict).toBe(verdict)
  })

  it('says until when to wait', () => {
    const factsOf = factsWith({ '1.1.0': { published: hoursAgo(20) } })
    const [reason] = decided([about('package/new-version')], { factsOf, guard: { minimumAgeHours: 48 } }).reasons
    expect(reason?.wayOn).toMatch(/^wait until 2026-06-02 16:00 UTC .*exception for package\/new-version/)
  })

  it('tells an update that brings a script from a package that always ran one', () => {
    const found = [about('package/install-script')]
    const quiet = factsWith({ '1.0.0': { installScript: false }, '1.1.0': { installScript: true } })
    const loud = factsWith({ '1.0.0': { installScript: true }, '1.1.0': { installScript: true } })
    const before = () => ['1.0.0']
    expect(decided(found, { factsOf: quiet, before }).reasons[0]).toMatchObject({
      rule: 'newInstallScript',
      action: 'block',
    })
    expect(decided(found, { factsOf: loud, before }).reasons[0]?.rule).toBe('installScript')
    expect(decided(found, { factsOf: quiet }).reasons[0]?.rule).toBe('installScript')
    expect(decided(found, { before }).reasons[0]?.rule).toBe('installScript')
  })

  it('judges what was vetted before by the lasting rules only', () => {
    const isNew = () => false
    const passing = ['package/typosquat', 'package/new-version', 'package/install-script', 'lockfile/git-source']
    expect(
      decided(
        passing.map((code) => about(code, { severity: 'high' })),
        { isNew },
      ).verdict,
    ).toBe('allow')
    for (const code of ['package/malware', 'package/signature-invalid', 'package/version-withdrawn'])
      expect(decided([about(code, { severity: 'critical' })], { isNew }).verdict).toBe('block')
  })

  it('adds up what is weak alone, known vulnerabilities apart', () => {
    const weak = [about('package/new', { severity: 'medium' }), about('package/low-downloads', { severity: 'medium' })]
    expect(decided(weak).reasons[0]).toMatchObject({ rule: 'risk', action: 'block', subject: 'some-example@1.1.0' })
    expect(decided(weak, { isNew: () => false }).verdict).toBe('allow')
    expect(decided([about('package/vulnerability', { severity: 'critical' })]).verdict).toBe('warn')
  })

  const missed = [{ what: 'some-example', why: 'timed out', next: 'try again' }]
  it.each<[string, readonly Coverage[]]>([
    [
      'unreachable',
      [...all.slice(0, 3), { scanner: 'phantom', source: neededSources[3], state: 'partial', checked: 0, missed }],
    ],
    [
      'skipped',
      [...all.slice(0, 3), { scanner: 'phantom', source: neededSources[3], state: 'skipped', reason: 'offline' }],
    ],
    ['never mentioned', all.slice(0, 3)],
  ])('blocks what nobody could vouch for (%s), and lets it through by name only', (_why, coverage) => {
    const report = reportOf([], coverage)
    expect(decided([], { report })).toMatchObject({ verdict: 'block', exitCode: 3 })
    const let_ = decided([], { report, allowUnverified: true })
    expect(let_).toMatchObject({ verdict: 'warn', exitCode: 0 })
    expect(let_.reasons[0]?.message).toMatch(/^NOT VERIFIED/)
    const known = reportOf([about('package/malware', { severity: 'critical' })], coverage)
    expect(decided([], { report: known, allowUnverified: true })).toMatchObject({ verdict: 'block', exitCode: 1 })
  })

  it('says one thing once, and cleans what comes from outside', () => {
    const name = 'some\u001b[2J\u202eexample'
    const { reasons } = decided([
      about('package/malware', { name, severity: 'critical' }),
      about('package/malware', { name, severity: 'critical', version: '1.1.0' }),
    ])
    expect(reasons).toHaveLength(1)
    expect(reasons[0]?.subject).not.toMatch(/[\u001b\u202e]/)
  })
})
