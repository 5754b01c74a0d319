// A report in another format, and one finding of it: from a file that anybody may have written.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReport } from '../../src/commands/render.ts'
import { render } from '../../src/report/index.ts'
import { firstProblem, type Schema, withoutPrototypes } from '../../src/report/validate.ts'
import { formats, type Report } from '../../src/types.ts'
import { cli } from '../support/cli.ts'
import { hostileTexts, planted, report } from '../support/reports.ts'
import { temporaryFolder } from '../support/repository.ts'

const fixture = new URL('../../fixtures/report.json', import.meta.url).pathname
const schema = JSON.parse(
  readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
) as Schema

function written(text: string): string {
  const file = join(temporaryFolder(), 'report.json')
  writeFileSync(file, text)
  return file
}

describe('render', () => {
  test.each(formats)('%s: the same as the run itself would have written', async (format) => {
    const { stdout, code } = await cli(['render', fixture, '--format', format])
    expect(stdout).toBe(render(report, format))
    expect(code).toBe(0)
  })

  test('from standard input into a file', async () => {
    const file = join(temporaryFolder(), 'page.html')
    const ran = await cli(['render', '-', '--format', 'html', '--output', file], { input: JSON.stringify(report) })
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', ''])
    expect(readFileSync(file, 'utf8')).toBe(render(report, 'html'))
  })

  test.each(hostileTexts)('what is in it may be hostile: %s', async (_name, text) => {
    const given = await readReport(written(render(planted(text), 'json')))
    for (const format of formats) expect(render(given, format).length).toBeGreaterThan(100)
  })

  test('codes that are names of Object.prototype', async () => {
    for (const code of ['__proto__', 'constructor', 'toString']) {
      const text = JSON.stringify(report).replaceAll('"package/new"', JSON.stringify(code))
      const given = await readReport(written(text))
      for (const format of formats) expect(render(given, format).length).toBeGreaterThan(100)
      expect(render(given, 'html')).toContain(code)
    }
  })
})

const text = JSON.stringify(report, null, 2)

describe('what is no report: exit 2, what is wrong and where', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /it is empty/],
    ['not JSON', 'Fail\n', /line 1 is no JSON/],
    ['cut off', text.slice(0, 3000), /it ends in line \d+, before the report does/],
    ['another thing', '[]', /the report is no object/],
    ['a word that is not known', text.replace('"critical"', '"worst"'), /risk\.band is none of none, low/],
    [
      'a line that is a text',
      text.replace('"line": 12', '"line": "12"'),
      /findings\[0\]\.evidence\[0\]\.line is no integer/,
    ],
    ['a later schema', text.replace('"schema": 1', '"schema": 2'), /schema is not 1/],
    [
      'no evidence',
      JSON.stringify({ ...report, findings: [{ ...report.findings[0], evidence: [] }] }),
      /findings\[0\]\.evidence is empty/,
    ],
    ['no tool', JSON.stringify({ ...report, tool: undefined }), /the report has no "tool"/],
  ])('%s', async (_name, given, words) => {
    await expect(readReport(written(given))).rejects.toThrow(words)
  })

  test('by exit code', async () => {
    const { code, stdout, stderr } = await cli(['render', written('{'), '--format', 'html'])
    expect(stderr).toMatch(
      /is no report of audit-deps: it ends in line 1.*\n {2}→ write it anew: audit-deps --format json/,
    )
    expect([code, stdout]).toEqual([2, ''])
    expect((await cli(['render', '/nowhere/report.json'])).stderr).toMatch(/it is gone or not there/)
  })

  test('any change of one value is refused, or rendered', () => {
    const places: (string | number)[][] = []
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) places.push(path)
      if (typeof value === 'object' && value !== null)
        for (const [key, one] of Object.entries(value)) walk(one, [...path, Array.isArray(value) ? Number(key) : key])
    }
    walk(report, [])
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (path, value) => {
        const changed = structuredClone(report) as unknown as Record<string | number, unknown>
        let at = changed
        for (const step of path.slice(0, -1)) at = at[step] as typeof at
        at[path.at(-1)!] = value
        if (firstProblem(changed, schema) !== undefined) return
        const given = withoutPrototypes(changed as unknown as Report)
        for (const format of formats) render(given, format)
      }),
      { numRuns: 300 },
    )
  })
})

describe('output', () => {
  test.each<[string, (folder: string) => string, RegExp]>([
    ['a folder that is not there', (folder) => join(folder, 'no', 'report.html'), /it is gone or not there/],
    ['a folder', (folder) => folder, /it is a folder/],
    ['below a file', (folder) => join(written('x'), folder.slice(1)), /a file stands where a folder should be/],
    ['a full disk', () => '/dev/full', /the disk is full; what is there is not whole/],
  ])('into %s: exit 2, and the reason', async (_name, path, words) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'there'))
    const { code, stderr } = await cli(['render', fixture, '--format', 'json', '--output', path(folder)])
    expect(stderr).toMatch(words)
    expect(stderr).toMatch(/→ name another file with --output/)
    expect(code).toBe(2)
  })
})

describe('explain FINGERPRINT', () => {
  test('a finding of a report: places, its part in the sum, the next step, how to accept it', async () => {
    const { stdout, code } = await cli(['explain', '14958fd0078e', '--report', fixture])
    expect(stdout).toMatchInlineSnapshot(`
      "14958fd0078ed5265ae04f4816fba6e3  package/new
        first published 2026-05-31, 1 day ago

      Seen  https://registry.example/ (2026-06-01)
              created 2026-05-31T10:00:00.000Z

      Risk  reakt 1.0.2: 130 points, critical
                 +60  identity      package/typosquat
                 +30  popularity    package/low-downloads
            ▸    +30  novelty       package/new
                 +10  behaviour     package/install-script
                (10)  novelty       package/new-version
              in brackets: a stronger signal of its family counts already

      Why   Most malicious packages are found and removed within days: who waits is
            not hit.
      Next  Wait, or read its code before you install it.
              npm view reakt@1.0.2 repository.url time maintainers

      Else  it is meant to be so? In audit-deps.json, with your reason and a day that
            is near:
              "exceptions": [{ "fingerprint": "14958fd0078ed5265ae04f4816fba6e3",
                "reason": "…", "expires": "YYYY-MM-DD" }]
      "
    `)
    expect(code).toBe(0)
  })

  test('one that is accepted, one that is not there, one that is not told apart', async () => {
    expect((await cli(['explain', '0e1d2c3b', '--report', fixture])).stdout).toMatch(
      /accepted by an exception: not reach[\s\S]*until 2026-09-30/,
    )
    const gone = await cli(['explain', 'ffffffff', '--report', fixture])
    expect([gone.code, gone.stdout]).toEqual([2, ''])
    expect(gone.stderr).toMatch(/no finding has the fingerprint ffffffff\n {2}→ /)
    const twins = report.findings.map((finding, index) => ({
      ...finding,
      fingerprint: `abcdef${String(index).padStart(26, '0')}`,
    }))
    const both = await cli(['explain', 'abcdef', '--report', written(JSON.stringify({ ...report, findings: twins }))])
    expect(both.stderr).toMatch(/10 findings begin with abcdef\n {2}→ give more of it: abcdef0+, /)
    const acceptedFindings = report.acceptedFindings.map((one) => ({ ...one, fingerprint: twins[0]!.fingerprint }))
    const file = written(JSON.stringify({ ...report, findings: twins.slice(0, 1), acceptedFindings }))
    expect((await cli(['explain', 'abcdef', '--report', file])).stderr).toMatch(/ findings begin with abcdef\n/)
  })
})
