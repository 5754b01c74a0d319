// One report, every reporter: whole screens as snapshots, and the same hostile text in each format.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { render, reporters } from '../../src/report/index.ts'
import type { Finding, Format, RenderOptions, Report } from '../../src/types.ts'
import { large } from '../support/reports.ts'

const report = JSON.parse(readFileSync(new URL('../../fixtures/report.json', import.meta.url), 'utf8')) as Report
const formats = Object.keys(reporters) as Format[]

describe('table', () => {
  test.each<[string, Partial<RenderOptions>]>([
    ['table-80', {}],
    ['table-120-verbose', { width: 120, detail: 'verbose' }],
    ['table-color', { color: true }],
    ['table-quiet', { detail: 'quiet' }],
  ])('%s', async (name, options) => {
    await expect(render(report, 'table', options)).toMatchFileSnapshot(`snapshots/${name}.txt`)
  })

  test.each([60, 80, 100])('no line is wider than %i columns', (width) => {
    const widest = Math.max(
      ...render(report, 'table', { width })
        .split('\n')
        .map((line) => line.length),
    )
    expect(widest).toBeLessThanOrEqual(width)
  })

  test.each([0, 1, 7])('a terminal of %i columns gets a report all the same', (width) =>
    expect(render(report, 'table', { width })).toMatch(/critical[\s\S]*fails/),
  )

  test('colour changes nothing but colour', () => {
    const plain = render(report, 'table', { color: true }).replace(/\u001b\[\d+m/g, '')
    expect(plain).toBe(render(report, 'table'))
  })

  test('nothing found says so in one line', () => {
    const clean: Report = {
      ...report,
      verdict: 'pass',
      subjects: [],
      findings: [],
      coverage: [],
      risk: { band: 'none', drivers: [] },
    }
    expect(render(clean, 'table')).toMatch(/✓ pass {2}risk none · nothing found/)
  })

  test('a wall of subjects is cut, and says so', () => {
    const many: Report = { ...report, subjects: Array.from({ length: 400 }, () => report.subjects[0]!) }
    expect(render(many, 'table')).toMatch(/… and 350 more: --verbose/)
  })
})

describe('30,000 findings', () => {
  const many = large(30_000)
  // JSON has them all; the others cut, and say so in their own tests. SARIF's renders as many.
  const limits = { json: 60e6, table: 2e6, markdown: 65_536, html: 30e6, github: 100_000 }
  test.each(Object.entries(limits))('%s', { timeout: 60_000 }, (format, limit) => {
    const { length } = render(many, format as Format, { detail: 'verbose' })
    expect(length).toBeGreaterThan(format === 'json' ? 15_000_000 : 1000)
    expect(length).toBeLessThan(limit)
  })
  test('no format is forgotten', () => expect([...Object.keys(limits), 'sarif'].sort()).toEqual([...formats].sort()))
})

test('json is the report itself', () => expect(JSON.parse(render(report, 'json'))).toEqual(report))

describe('text from outside is hostile', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2J\u202egpj.exe\u0000\r\n::error::x\u009b31m'
  const planted = (finding: Finding): Finding => ({
    ...finding,
    message: evil,
    subject: finding.subject.kind === 'package' ? { ...finding.subject, name: evil } : finding.subject,
  })
  const hostile: Report = {
    ...report,
    target: evil,
    findings: report.findings.map(planted),
    subjects: report.subjects.map((ranked) => ({
      ...ranked,
      subject: ranked.subject.kind === 'package' ? { ...ranked.subject, name: evil } : ranked.subject,
      drivers: ranked.drivers.map((driver) => ({ ...driver, message: evil })),
    })),
    counts: { [evil]: 1 },
  }

  test.each(formats)('%s lets no control or bidirectional character through', (format) => {
    const text = render(hostile, format, { detail: 'verbose' })
    expect(text).toContain('owned')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text).not.toMatch(/^::error::x/m)
  })
})
