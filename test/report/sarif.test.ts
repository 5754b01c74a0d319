// SARIF against the schema (as a package ships it; the ratified one differs in descriptions and in nothing we use),
// and against what GitHub's documentation asks for beyond it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/report/index.ts'
import type { Finding, Report } from '../../src/types.ts'
import { hostileTexts, large, nothingFound, planted, report } from '../support/reports.ts'

const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
// Draft 4, of which it uses nothing that draft 7 reads otherwise.
const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const validate = ajv.compile(schema)

interface Location {
  physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> }
  logicalLocations?: { fullyQualifiedName: string }[]
}
interface Run {
  tool: { driver: { rules: { id: string; properties: { tags: string[]; 'security-severity': string } }[] } }
  invocations: {
    executionSuccessful: boolean
    toolExecutionNotifications: { level: string; message: { text: string } }[]
  }[]
  results: {
    ruleId: string
    ruleIndex: number
    level: string
    message: { text: string }
    locations: Location[]
    relatedLocations?: Location[]
    partialFingerprints: Record<string, string>
  }[]
}

function runOf(given: Report): Run {
  const log = JSON.parse(render(given, 'sarif')) as { runs: [Run] }
  expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true)
  return log.runs[0]
}

const withFindings = (findings: readonly Finding[]): Report => ({
  ...nothingFound,
  findings,
  rules: report.rules,
  subjects: findings.map(({ code, subject, fingerprint, message }) => ({
    subject,
    band: 'high',
    points: 60,
    drivers: [{ code, family: 'identity', points: 60, counted: true, message, fingerprint }],
  })),
})
const byCode = (code: string): Finding => report.findings.find((finding) => finding.code === code)!

test('the whole output', async () => {
  await expect(render(report, 'sarif')).toMatchFileSnapshot('snapshots/sarif.txt')
})

test('the schema refuses what is no SARIF', () => {
  expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false)
  expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'a' } }, columnKind: 'bytes' }] })).toBe(false)
})

describe('valid, and complete for code scanning', () => {
  test.each<[string, Report]>([
    ['fixture', report],
    ['nothing found', nothingFound],
    ...hostileTexts.map(([name, text]): [string, Report] => [name, planted(text)]),
  ])('%s', (_name, given) => {
    const { tool, results } = runOf(given)
    expect(results.length).toBe(given.findings.length)
    for (const { ruleId, ruleIndex, message, locations, partialFingerprints } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
      expect(message.text).not.toBe('')
      expect(message.text.length).toBeLessThan(5000)
      // A placeholder, or a link to anywhere but our own related locations.
      expect(message.text.replaceAll(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/)
      expect(message.text).not.toMatch(/\]\((?!\d+\))/)
      expect(partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}$/)
      for (const { physicalLocation } of locations) {
        const { uri } = physicalLocation.artifactLocation
        expect(uri).toMatch(/^[\w!'()*.~%/-]+$/)
        expect(new URL(uri, 'file:///repository/').href.startsWith('file:///repository/')).toBe(true)
        expect(physicalLocation.region.startLine).toBeGreaterThan(0)
      }
    }
  })
})

describe('severity', () => {
  const severities = Object.fromEntries(
    runOf(report).tool.driver.rules.map((rule) => [rule.id, rule.properties['security-severity']]),
  )
  test.each([
    ['package/typosquat', '9.5', 'leads a critical subject, though high alone'],
    ['package/new', '5.5', 'weighs medium beside it'],
    ['lockfile/drift', '5.5', 'medium'],
    ['secret/generic-password', '2.0', 'low'],
    ['package/deprecated', '0.0', 'info is no security severity'],
  ])('%s %s: %s', (code, severity) => expect(severities[code]).toBe(severity))
})

describe('every result has a place', () => {
  test('a registry says it: where the subject stands in the project', () => {
    const result = runOf(report).results.find(({ ruleId }) => ruleId === 'package/new')!
    expect(result.locations[0]!.physicalLocation.artifactLocation.uri).toBe('apps/demo-app/package.json')
    expect(result.locations[0]!.physicalLocation.region.startLine).toBe(9)
    expect(result.message.text).toMatch(/registry\.example/)
  })

  test('a registry says it, and nothing else is known', () => {
    const [result] = runOf(withFindings([byCode('package/new')])).results
    expect(result!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('apps/demo-app/package.json')
  })

  test('history only: the path, and the commit in words and as an object', () => {
    const result = runOf(report).results.find(({ ruleId }) => ruleId === 'secret/github-pat')!
    expect(result.locations[0]!.physicalLocation.artifactLocation.uri).toBe('apps/demo-app/config/deploy.old.js')
    expect(result.message.text).toMatch(/config\/deploy\.old\.js:12:17 in 1f2e3d4c5b/)
    expect(result.locations[0]!.logicalLocations![0]!.fullyQualifiedName).toBe(
      '1f2e3d4c5b6a79880716253443526170819fa0b1:config/deploy.old.js',
    )
    expect(result.relatedLocations).toHaveLength(1)
  })

  test('a commit message only', () => {
    const pat = byCode('secret/github-pat')
    const [result] = runOf(withFindings([{ ...pat, evidence: [pat.evidence[1]!] }])).results
    expect(result!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('.git')
    expect(result!.message.text).toMatch(/commit-message in b6589fc6ab/)
  })

  test.each([
    ['const a = "••••"', { startLine: 3, startColumn: 7, endLine: 3, endColumn: 8 }],
    // A column of bytes says nothing about UTF-16 units here: the line is named.
    ['const größe = "••••"', { startLine: 3, startColumn: 1, endLine: 3 }],
  ])('columns: %s', (excerpt, region) => {
    const found = byCode('secret/generic-password')
    const evidence = { ...found.evidence[0], kind: 'file', path: 'a.ts', line: 3, column: 7, excerpt } as never
    const [result] = runOf(withFindings([{ ...found, evidence: [evidence] }])).results
    expect(result!.locations[0]!.physicalLocation.region).toEqual(region)
  })
})

describe('what was not checked', () => {
  test('something required: not successful, an error with the next step', () => {
    const [invocation] = runOf(report).invocations
    expect(invocation!.executionSuccessful).toBe(false)
    const errors = invocation!.toolExecutionNotifications.filter(({ level }) => level === 'error')
    expect(errors.map(({ message }) => message.text)).toEqual([expect.stringMatching(/git fetch --unshallow$/)])
  })

  test('something optional: successful, with a warning', () => {
    const coverage = report.coverage.filter(({ required }) => !required)
    const [invocation] = runOf({ ...report, coverage }).invocations
    expect(invocation!.executionSuccessful).toBe(true)
    expect(invocation!.toolExecutionNotifications.map(({ level }) => level)).toContain('warning')
  })

  test('accepted findings are counted, not listed', () => {
    const [invocation] = runOf({ ...nothingFound, accepted: 7 }).invocations
    expect(invocation!.toolExecutionNotifications[0]!.message.text).toMatch(/^7 findings accepted/)
  })
})

describe("GitHub's limits", () => {
  const cut = ({ invocations }: Run): string =>
    invocations[0]!.toolExecutionNotifications
      .map(({ message }) => message.text)
      .find((text) => /left out:/.test(text))!

  test('25,000 results; what is cut weighs least, and is counted', { timeout: 120_000 }, () => {
    const text = render(large(30_000), 'sarif')
    const run = (JSON.parse(text) as { runs: [Run] }).runs[0]
    expect(run.results).toHaveLength(25_000)
    expect(run.results[0]!.level).toBe('error')
    expect(cut(run)).toMatch(/^5000 findings/)
    expect(text.length).toBeLessThan(50_000_000)
    expect(gzipSync(text, { level: 1 }).length).toBeLessThan(10_000_000)
  })

  test('10 MB, however badly it compresses', { timeout: 120_000 }, () => {
    let state = 1
    const pool = Array.from({ length: 200_000 }, () => {
      state = (state * 48_271) % 2_147_483_647
      return String.fromCodePoint(0x4e00 + (state % 20_000))
    }).join('')
    // Repeated, but further apart than gzip looks back.
    const noise = (index: number) => pool.slice((index * 1000) % 199_000).slice(0, 1000)
    const text = render(large(7_000, noise), 'sarif')
    const run = (JSON.parse(text) as { runs: [Run] }).runs[0]
    expect(gzipSync(text, { level: 1 }).length).toBeLessThan(10_000_000)
    expect(run.results.length).toBeGreaterThan(1000)
    expect(cut(run)).toMatch(new RegExp(`^${7_000 - run.results.length} findings`))
  })

  test('a secret in 5,000 places names 100, and counts the rest', () => {
    const found = byCode('secret/generic-password')
    const evidence = Array.from({ length: 5000 }, (_unused, line) => ({ ...found.evidence[0], line: line + 1 }))
    const [result] = runOf(withFindings([{ ...found, evidence: evidence as never }])).results
    expect(result!.locations.length + result!.relatedLocations!.length).toBe(100)
    expect(result).toMatchObject({ properties: { placesLeftOut: 4900 } })
  })

  test('few tags', () => {
    for (const rule of runOf(report).tool.driver.rules) expect(rule.properties.tags.length).toBeLessThanOrEqual(10)
  })
})
