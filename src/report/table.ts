// The report for people: the verdict, ranked subjects with what drives their risk and what to do,
// then what was not checked. Readable at 80 columns, in a pipe, and without colour.

import Table from 'cli-table3'
import { sourceNames } from '../catalog.ts'
import { clean } from '../redact.ts'
import type { Band, Evidence, Finding, RankedSubject, RenderOptions, Report, Reporter } from '../types.ts'
import { type Paint, painter } from './paint.ts'

/** Ranked subjects as a table, then coverage, then the verdict in one line: the end is what a terminal shows. */
export const table: Reporter = (report, options) => {
  const paint = painter(options.color)
  const verdict = verdictLine(report, paint)
  if (options.detail === 'quiet') return `${verdict}\n`
  const parts = [
    heading(report, paint),
    report.subjects.length > 0 ? subjectTable(report, options, paint) : undefined,
    coverageLines(report, options, paint),
    verdict,
  ]
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`
}

const heading = (report: Report, paint: Paint): string =>
  `${paint.bold(`audit-deps ${report.tool.version}`)}  ${clean(report.target)}`

const marks = { pass: '✓ pass', fail: '✗ fail', incomplete: '? incomplete' } as const

function verdictLine(report: Report, paint: Paint): string {
  const label = { pass: paint.green, fail: paint.red, incomplete: paint.yellow }[report.verdict](marks[report.verdict])
  const count = report.subjects.filter((subject) => subject.band !== 'none').length
  const notes = [
    `risk ${report.risk.band}`,
    count === 0 ? 'nothing found' : plural(count, 'subject'),
    report.accepted > 0 ? `${report.accepted} accepted` : undefined,
    incompleteNote(report),
    `fails on ${report.failOn}`,
    `${(report.durationMs / 1000).toFixed(1)} s`,
  ]
  return `${label}  ${notes.filter((note) => note !== undefined).join(' · ')}`
}

function incompleteNote(report: Report): string | undefined {
  const gaps = report.coverage.filter((entry) => entry.state === 'partial').length
  return gaps === 0 ? undefined : `${plural(gaps, 'source')} not fully checked`
}

// ── Subjects ─────────────────────────────────────────────────────────────────────────────────────────────────────

const bandWidth = 10
const shownSubjects = 50

function subjectTable(report: Report, options: RenderOptions, paint: Paint): string {
  const width = Math.max(50, Math.min(options.width, 120))
  const findings = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  const shown = options.detail === 'verbose' ? report.subjects : report.subjects.slice(0, shownSubjects)
  const rows = new Table({
    colWidths: [bandWidth, width - bandWidth - 3],
    // Lines are already wrapped to the column; this catches what is wider than its characters (CJK).
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  })
  const room = width - bandWidth - 5
  for (const subject of shown)
    rows.push([bandCell(subject, paint), subjectCell(subject, findings, report, options, paint, room)])
  const rest = report.subjects.length - shown.length
  return rest > 0 ? `${rows.toString()}\n… and ${rest} more: --verbose shows them all` : rows.toString()
}

function bandCell(subject: RankedSubject, paint: Paint): string {
  return `${bandPaint(paint)[subject.band](subject.band === 'none' ? 'info' : subject.band)}\n${paint.dim(String(subject.points))}`
}

const bandPaint = (paint: Paint): Record<Band, (text: string) => string> => ({
  none: paint.dim,
  low: paint.cyan,
  medium: paint.yellow,
  high: paint.red,
  critical: paint.inverse,
})

function subjectCell(
  ranked: RankedSubject,
  findings: ReadonlyMap<string, Finding>,
  report: Report,
  options: RenderOptions,
  paint: Paint,
  room: number,
): string {
  const lines: string[] = []
  const add = (text: string, look: (text: string) => string) => lines.push(look(wrap(text, room)))
  add(subjectTitle(ranked, report), paint.bold)
  for (const driver of ranked.drivers) {
    const found = findings.get(driver.fingerprint)
    if (found === undefined) continue
    add(`• ${clean(driver.message)}`, (text) => text)
    for (const line of evidenceLines(found, options)) add(`  ${line}`, paint.dim)
    add(`  ${driver.code} (${driver.family} ${driver.counted ? '+' : 'not added: '}${driver.points})`, paint.dim)
  }
  const strongest = ranked.drivers[0]
  const rule = strongest && report.rules[strongest.code]
  if (rule) add(`→ ${clean(rule.fix)}`, (text) => text)
  return lines.join('\n')
}

function subjectTitle({ subject, drivers }: RankedSubject, report: Report): string {
  switch (subject.kind) {
    case 'secret': {
      const code = drivers[0]?.code ?? ''
      return `${clean(report.rules[code]?.title ?? code)}  ${subject.preview}`
    }
    case 'package':
      return clean(subject.version === undefined ? subject.name : `${subject.name} ${subject.version}`)
    case 'project':
      return clean(subject.path)
  }
}

function evidenceLines(finding: Finding, options: RenderOptions): string[] {
  const places = finding.evidence.filter((evidence) => evidence.kind !== 'registry' || options.detail === 'verbose')
  const limit = options.detail === 'verbose' ? places.length : 2
  const lines = places.slice(0, limit).flatMap((evidence) => place(evidence))
  if (places.length > limit) lines.push(`… and ${plural(places.length - limit, 'more place')}`)
  return lines
}

function place(evidence: Evidence): string[] {
  switch (evidence.kind) {
    case 'file':
      return [`${evidence.path}:${evidence.line}:${evidence.column}`, ...excerptOf(evidence.excerpt)]
    case 'git': {
      const where =
        evidence.path === undefined ? evidence.object : `${evidence.path}:${evidence.line}:${evidence.column}`
      return [`${where} in ${(evidence.commit ?? evidence.oid).slice(0, 10)}`, ...excerptOf(evidence.excerpt)]
    }
    case 'registry':
      return [`${clean(evidence.source)} (${evidence.observedAt.slice(0, 10)}): ${clean(evidence.observed)}`]
  }
}

const excerptOf = (excerpt: string): string[] => (excerpt === '' ? [] : [clean(excerpt)])

// ── Coverage ─────────────────────────────────────────────────────────────────────────────────────────────────────

const shownMissed = 3

function coverageLines(report: Report, options: RenderOptions, paint: Paint): string {
  const verbose = options.detail === 'verbose'
  const gaps: string[] = []
  for (const entry of report.coverage) {
    const name = `${sourceNames[entry.source]} (${entry.scanner})`
    if (entry.state === 'skipped') gaps.push(`- ${name}: skipped, ${clean(entry.reason)}`)
    else if (entry.state === 'complete') {
      if (verbose) gaps.push(`✓ ${name}: ${entry.checked} checked`)
    } else {
      gaps.push(`${entry.required ? '!' : '-'} ${name}: ${entry.checked} checked, not all`)
      const missed = verbose ? entry.missed : entry.missed.slice(0, shownMissed)
      for (const { what, why, next } of missed) gaps.push(`    ${clean(what)}: ${clean(why)}`, `      → ${clean(next)}`)
      const rest = entry.missed.length - missed.length
      if (rest > 0) gaps.push(`    … and ${rest} more: --verbose shows them all`)
    }
  }
  for (const [label, count] of Object.entries(report.counts)) if (verbose) gaps.push(`- ${clean(label)}: ${count}`)
  if (gaps.length === 0) return ''
  const title = verbose ? 'What was checked' : 'Not checked'
  return `${paint.bold(title)}\n${gaps.map((line) => wrap(line, options.width)).join('\n')}`
}

// ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Breaks at spaces where it can, inside words where it must; what follows keeps the line's indent. */
function wrap(line: string, width: number): string {
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let rest = line
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const cut = space > indent.length + width / 3 ? space : width
    lines.push(rest.slice(0, cut))
    rest = `${indent}  ${rest.slice(cut).trimStart()}`
  }
  return [...lines, rest].join('\n')
}
