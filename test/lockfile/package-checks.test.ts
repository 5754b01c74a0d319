import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Check, PackageInput } from '../../src/lockfile/check.ts'
import { age } from '../../src/lockfile/checks/age.ts'
import { deprecated } from '../../src/lockfile/checks/deprecated.ts'
import { downloads } from '../../src/lockfile/checks/downloads.ts'
import { typosquat } from '../../src/lockfile/checks/typosquat.ts'
import { vulnerability } from '../../src/lockfile/checks/vulnerability.ts'
import { daysAgo, packageExample } from '../../src/lockfile/package-example.ts'
import { ageInDays } from '../../src/lockfile/package-finding.ts'
import { packageChecks } from '../../src/lockfile/scan.ts'
import { judge } from '../../src/risk.ts'
import type { Advisory, Band, VersionFacts } from '../../src/types.ts'

const checks: readonly Check<PackageInput>[] = packageChecks

const bandOf = (...inputs: PackageInput[]): Band =>
  judge({
    results: [{ findings: inputs.flatMap((input) => checks.flatMap((check) => check.run(input))), coverage: [] }],
    policy: { failOn: 'high', required: [] },
    run: { tool: { name: 'audit-deps', version: '0' }, target: 't', startedAt: '', durationMs: 0 },
  }).risk.band

const yesterday = { created: '2026-05-31T11:00:00Z', version: { published: '2026-05-31T11:00:00Z' } }
/** A version of the day that follows an older one. */
const update = (version: VersionFacts, previous: VersionFacts, days = 0.5): PackageInput =>
  packageExample({ downloads: 1_000_000, facts: { version: { published: daysAgo(days), ...version }, previous } })
const ours: VersionFacts = { publisher: 'ada', maintainers: ['ada', 'ben'], provenance: 'attested' }

const reakt = {
  name: 'reakt',
  lookalikes: [{ target: 'react', kind: 'edit', distance: 1, rank: 441 }],
} as const satisfies Partial<PackageInput>

describe('what package facts add up to', () => {
  it.each<[string, PackageInput, Band]>([
    ['an old, used package', packageExample({ downloads: 1_000_000 }), 'none'],
    ['nothing known', packageExample({ facts: undefined }), 'none'],
    ['published yesterday', packageExample({ facts: yesterday }), 'medium'],
    ['12 downloads a week', packageExample({ downloads: 12 }), 'medium'],
    ['published yesterday, 12 downloads a week', packageExample({ facts: yesterday, downloads: 12 }), 'high'],
    ['an install script', packageExample({ installScript: true }), 'low'],
    [
      'a new version of a used package with an install script',
      packageExample({
        downloads: 1_000_000,
        facts: { version: { published: '2026-06-01T11:00:00Z', installScript: true } },
      }),
      'medium',
    ],
    ['a look-alike of which nothing is known', packageExample({ ...reakt, facts: undefined }), 'medium'],
    ['a look-alike published yesterday', packageExample({ ...reakt, facts: yesterday }), 'high'],
    ['a look-alike that is old and used', packageExample({ ...reakt, downloads: 2_000 }), 'none'],
    ['a look-alike that is old, use unknown', packageExample(reakt), 'low'],
    ['a new version by the usual people', update(ours, ours), 'low'],
    ['a new version by a colleague', update({ ...ours, publisher: 'ben' }, ours), 'low'],
    ['a new version by a stranger', update({ ...ours, publisher: 'eve', maintainers: ['ada', 'eve'] }, ours), 'medium'],
    [
      'a new version by a stranger, with a script that is new',
      update({ ...ours, publisher: 'eve', installScript: true }, { ...ours, installScript: false }),
      'high',
    ],
    ['a new version whose provenance is gone', update({ publisher: 'ada', maintainers: ['ada', 'ben'] }, ours), 'high'],
    ['the same, two months ago', update({ publisher: 'ada', maintainers: ['ada', 'ben'] }, ours, 60), 'low'],
    ['the same, two years ago', update({ publisher: 'eve', maintainers: ['eve'] }, ours, 700), 'none'],
    ['one whose signature does not hold', packageExample({ signature: { state: 'wrong', keyid: 'k' } }), 'high'],
    ['one that is not signed', packageExample({ signature: { state: 'missing' } }), 'low'],
    [
      'a version that was withdrawn',
      packageExample({ version: '2.0.0', facts: { withdrawn: { '2.0.0': daysAgo(3) } } }),
      'medium',
    ],
    [
      "somebody else's repository alone",
      packageExample({ namesakes: ['react'], facts: { version: { repository: 'github.com/a/b' } } }),
      'none',
    ],
    [
      'a look-alike with the repository of its target',
      packageExample({
        ...reakt,
        downloads: 90,
        namesakes: ['react'],
        facts: { version: { repository: 'github.com/a/b' } },
      }),
      'high',
    ],
    ['a command called git', packageExample({ facts: { version: { bins: ['git'] } } }), 'medium'],
    [
      'a look-alike published yesterday, 12 downloads, install script',
      packageExample({ ...reakt, facts: { ...yesterday, version: { installScript: true } }, downloads: 12 }),
      'critical',
    ],
  ])('%s', (_what, input, band) => {
    expect(bandOf(input)).toBe(band)
  })
})

describe('hostile facts', () => {
  const hostile = (versions: unknown, version: string): PackageInput => {
    const base = packageExample({ version })
    return { ...base, facts: { ...base.facts!, versions: versions as never } }
  }
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a version called %s is just unknown',
    (version) => {
      expect(bandOf(hostile({ '1.0.0': { deprecated: 'x' } }, version))).toBe('none')
    },
  )

  it('of any text never break a check, and no control character is told', () => {
    const text = fc.string({ unit: 'binary' })
    const facts: fc.Arbitrary<VersionFacts> = fc.record(
      {
        published: fc.oneof(fc.constant(daysAgo(1)), text),
        deprecated: text,
        installScript: fc.boolean(),
        integrity: text,
        shasum: text,
        tarball: fc.oneof(text, fc.webUrl()),
        publisher: text,
        maintainers: fc.array(text),
        provenance: fc.constantFrom('attested', 'trusted-publisher'),
        repository: text,
        bins: fc.array(fc.oneof(text, fc.constantFrom('git', 'node'))),
      },
      { requiredKeys: [] },
    )
    const advisories = fc.array(
      fc.record({
        id: text,
        url: fc.constant(undefined),
        title: text,
        severity: fc.constant('high' as const),
        vulnerable: fc.oneof(text, fc.constant('*')),
        malware: fc.boolean(),
        aliases: fc.array(text),
        fixed: fc.array(text),
      }),
    )
    fc.assert(
      fc.property(facts, facts, advisories, fc.oneof(text, fc.webUrl()), (version, previous, known, resolved) => {
        const given = { facts: { version, previous }, advisories: known, namesakes: ['react'] }
        const input = packageExample({ ...given, locked: { integrity: resolved, resolved } })
        for (const { message } of checks.flatMap((check) => check.run(input))) expect(message).not.toMatch(/\p{Cc}/u)
      }),
      { numRuns: 300 },
    )
  })

  it('quotes a huge deprecation briefly', () => {
    const [found] = deprecated.run(packageExample({ facts: { version: { deprecated: 'gone\n'.repeat(100_000) } } }))
    expect(found?.message.length).toBeLessThan(250)
    expect(found?.message).not.toContain('\n')
  })
})

describe('an advisory', () => {
  const advisory: Advisory = {
    id: 'GHSA-1',
    url: undefined,
    title: 'Broken',
    severity: 'high',
    vulnerable: '<1.2.0',
    malware: false,
  }
  const versions = Object.fromEntries(
    ['1.0.0', '1.1.0', '1.2.0-rc.1', '1.2.0', '1.10.0', '2.0.0'].map((version) => [version, {}]),
  )
  const message = (given: Partial<Advisory>, more: Partial<PackageInput> = {}): string | undefined => {
    const base = packageExample({ advisories: [{ ...advisory, ...given }] })
    return vulnerability.run({ ...base, facts: { ...base.facts!, versions }, ...more })[0]?.message
  }
  it.each<[string, Partial<Advisory>, Partial<PackageInput>, string]>([
    ['the first published version that is free', {}, {}, 'Broken (GHSA-1, affects <1.2.0, fixed in 1.2.0)'],
    [
      'what the advisory names, where it is later',
      { fixed: ['1.2.0', '0.9.9'] },
      {},
      'Broken (GHSA-1, affects <1.2.0, fixed in 1.2.0)',
    ],
    [
      'no other version that is hit',
      { vulnerable: '<1.2.0 || >=1.2.0 <2.0.0', fixed: ['1.2.0'] },
      {},
      'Broken (GHSA-1, affects <1.2.0 || >=1.2.0 <2.0.0, fixed in 2.0.0)',
    ],
    ['that there is none', { vulnerable: '*' }, {}, 'Broken (GHSA-1, affects *, and no later version is free of it)'],
    ['nothing that nobody knows', {}, { facts: undefined as never }, 'Broken (GHSA-1, affects <1.2.0)'],
    [
      'all its names, who needs it, and by whom',
      { aliases: ['CVE-1'] },
      { dev: true, direct: false, path: ['top', 'example'] },
      'Broken (GHSA-1, CVE-1, affects <1.2.0, fixed in 1.2.0), for development only, asked for by top',
    ],
    ['no fix of malware', { id: 'MAL-1', malware: true }, {}, 'Broken (MAL-1, affects <1.2.0)'],
    [
      'fixes that are no versions not',
      { fixed: ['soon', '__proto__'] },
      {},
      'Broken (GHSA-1, affects <1.2.0, fixed in 1.2.0)',
    ],
  ])('tells %s', (_title, given, more, expected) => {
    const { facts, ...rest } = more
    expect(message(given, 'facts' in more ? ({ ...rest, facts } as never) : rest)).toBe(expected)
  })

  it('carries the way from the root', () => {
    const [found] = vulnerability.run(
      packageExample({ advisories: [advisory], direct: false, path: ['top', 'example'] }),
    )
    expect(found?.via).toEqual(['top', 'example'])
  })
})

describe('ageInDays', () => {
  const now = new Date('2026-06-01T12:00:00Z')
  it.each([
    ['2026-05-31T12:00:00Z', 1],
    ['2026-06-01T18:00:00Z', 0],
    ['2026-06-04T18:00:00Z', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s → %s', (time, days) => {
    expect(ageInDays(time, now)).toBe(days)
  })
})

describe('fingerprints', () => {
  it('accepting a deprecation or a new version is for that version only', () => {
    const facts = { version: { deprecated: 'old', published: '2026-06-01T11:00:00Z' } }
    const prints = (version: string): string[] => {
      const input = packageExample({ version, facts })
      const versions = { [version]: input.facts!.versions['1.0.0']! }
      return checks
        .flatMap((check) => check.run({ ...input, facts: { ...input.facts!, versions } }))
        .map((f) => f.fingerprint)
    }
    expect(prints('1.0.0')).toHaveLength(2)
    expect(new Set([...prints('1.0.0'), ...prints('1.0.1')]).size).toBe(4)
  })

  it('accepting a package’s age, use or name is for all its versions', () => {
    const print = (version: string) =>
      [
        ...age.run(packageExample({ version, facts: { created: '2026-05-20T00:00:00Z' } })),
        ...downloads.run(packageExample({ version, downloads: 3 })),
        ...typosquat.run(packageExample({ version, ...reakt })),
      ].map((f) => f.fingerprint)
    expect(print('1.0.0')).toEqual(print('2.0.0'))
    expect(print('1.0.0')).toHaveLength(3)
  })
})
