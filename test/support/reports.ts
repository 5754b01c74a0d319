// The one report of the fixtures, and what can be made of it: hostile in every text, or very large.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Band, Evidence, Finding, Redacted, Report, Subject } from '../../src/types.ts'

export const report = JSON.parse(readFileSync(new URL('../../fixtures/report.json', import.meta.url), 'utf8')) as Report

/** The same report with `text` wherever text from outside can stand. */
export function planted(text: string): Report {
  const evil = text as Redacted
  const subjectOf = (subject: Subject): Subject => {
    if (subject.kind === 'secret') return { ...subject, preview: evil }
    return subject.kind === 'package' ? { ...subject, name: text, version: text } : { ...subject, path: text }
  }
  const evidenceOf = (evidence: Evidence): Evidence => {
    if (evidence.kind === 'registry') return { ...evidence, observed: text }
    return { ...evidence, path: evil, excerpt: evil }
  }
  return {
    ...report,
    target: text,
    findings: report.findings.map((finding) => ({
      ...finding,
      message: text,
      subject: subjectOf(finding.subject),
      evidence: finding.evidence.map(evidenceOf) as unknown as Finding['evidence'],
    })),
    subjects: report.subjects.map((ranked) => ({
      ...ranked,
      subject: subjectOf(ranked.subject),
      drivers: ranked.drivers.map((driver) => ({ ...driver, message: text })),
    })),
    coverage: report.coverage.map((entry) => {
      if (entry.state === 'skipped') return { ...entry, reason: text }
      const read = { ...entry, amounts: { [text]: 1 } }
      return read.state === 'partial' ? { ...read, missed: [{ what: text, why: text, next: text }] } : read
    }),
    counts: { [text]: 1 },
    // A rule's texts are ours, or come with a configuration that the user brings.
    rules: Object.fromEntries(
      Object.entries(report.rules).map(([code, rule]) => [
        code,
        { ...rule, title: text, why: text, fix: text, url: text },
      ]),
    ),
  }
}

const bandsInTurn = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Band[]

/** One finding a subject, highest risk first, made from the fixture's in turn. */
export function large(count: number, message?: (index: number) => string): Report {
  const made = Array.from({ length: count }, (_, index) => {
    const model = report.findings[index % report.findings.length]!
    const fingerprint = createHash('sha256').update(String(index)).digest('hex').slice(0, 32)
    const band = bandsInTurn[Math.floor((index * bandsInTurn.length) / count)]!
    const subject = { kind: 'package', name: `package-${index}` } as const
    const finding: Finding = { ...model, subject, fingerprint, message: message?.(index) ?? model.message }
    const driver = { code: model.code, family: 'identity', points: 60, counted: true, fingerprint } as const
    return { finding, ranked: { subject, band, points: 60, drivers: [{ ...driver, message: finding.message }] } }
  })
  return { ...report, findings: made.map(({ finding }) => finding), subjects: made.map(({ ranked }) => ranked) }
}

export const nothingFound: Report = {
  ...report,
  verdict: 'pass',
  subjects: [],
  findings: [],
  coverage: [],
  counts: {},
  rules: {},
  risk: { band: 'none', drivers: [] },
}

/** What people have tried on reports: terminals, CI logs, HTML, Markdown, SARIF, strict JSON, sheer length. */
export const hostileTexts: readonly [name: string, text: string][] = [
  ['terminal', '\u001b]0;owned\u0007\u001b[2J\u009b31m\u0000'],
  ['right to left', 'a\u202egpj.exe\u2066b\u200f'],
  ['workflow command', 'x\r\n::error file=a,line=1::owned\n%0A::warning::owned\n##[error]owned'],
  ['html', '<img src=x onerror=alert(1)></details></summary><!-- <script>alert(1)</script> &lt;b&gt; -->'],
  ['markdown', '[a](javascript:alert(1)) ![b](http://evil.example/p.png) **c** ~~d~~ # e\n\n1. f\n> g\n| h | i |'],
  ['mentions', '@everyone #1 GH-1 acme/app#1 acme/app@0123456789abcdef 0123456 www.evil.example a@evil.example'],
  ['backticks', '`a`x`@everyone` ``b` #1 ```c `` @everyone ` <b> \\` [d](http://evil.example)'],
  ['sarif', '{0} {{1}} [x](http://evil.example) [y](1) \\[z\\](2) sarif:/runs/0'],
  ['paths', '../../etc/passwd?a=b#c%2e%2e/\\..\\é😀 //evil.example/x'],
  ['lone surrogates', 'a\ud800b\udc00c \\ud800 😀\ud83d'],
  ['ten thousand characters', 'x'.repeat(10_000)],
  ['ten thousand emoji', '😀'.repeat(5_000)],
  ['prototype', '__proto__'],
  ['nothing', ''],
]
