// The report for people: the verdict, ranked subjects with what drives their risk and what to do,
// then what was not checked. Readable at 80 columns, in a pipe, and without colour.

import Table from 'cli-table3'
import { sourceNames } from '../catalog.ts'
import { clean } from '../redact.ts'
import type { Band, Evidence, Finding, RankedSubject, RenderOptions, Report, Reporter } from '../types.ts'
import { type Look, paint, withColor } from './paint.ts'

/** Ranked subjects as a table, then coverage, then the verdict in one line: the end is what a terminal shows. */
export const table: Reporter = (report, options) => {
  const verdict = verdictLine(report, options)
  if (options.detail === 'quiet') return withColor(`${verdict}\n`, options.color)
  const parts = [
    heading(report),
    report.subjects.length > 0 ? subjectTable(report, options) : undefined,
    coverageLines(report, options),
    verdict,
  ]
  return withColor(`${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`, options.color)
}

const heading = (report: Report): string =>
  `${paint('bold', `audit-deps ${report.tool.version}`)}  ${clean(report.target)}`

const marks = { pass: '✓ pass', fail: '✗ fail', incomplete: '? incomplete' } as const

function verdictLine(report: Report, options: RenderOptions): string {
  const look = ({ pass: 'green', fail: 'red', incomplete: 'yellow' } as const)[report.verdict]
  const count = report.subjects.filter((subject) => subject.band !== 'none').length
  const notes = [
    `risk ${report.risk.band}`,
    count === 0 ? 'nothing found' : plural(count, 'subject'),
    report.accepted > 0 ? `${report.accepted} accepted` : undefined,
    incompleteNote(report),
    `fails on ${report.failOn}`,
    `${(report.durationMs / 1000).toFixed(1)} s`,
  ]
  const line = wrap(
    `${marks[report.verdict]}  ${notes.filter((note) => note !== undefined).join(' · ')}`,
    options.width,
  )
  return line.replace(marks[report.verdict], (label) => paint(look, label))
}

function incompleteNote(report: Report): string | undefined {
  const gaps = report.coverage.filter((entry) => entry.state === 'partial').length
  return gaps === 0 ? undefined : `${plural(gaps, 'source')} not fully checked`
}

// ── Subjects ─────────────────────────────────────────────────────────────────────────────────────────────────────

const bandWidth = 10
const shownSubjects = 50

function subjectTable(report: Report, options: RenderOptions): string {
  const width = Math.max(50, Math.min(options.width, 120))
  const findings = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  const shown = options.detail === 'verbose' ? report.subjects : report.subjects.slice(0, shownSubjects)
  const rows = new Table({
    colWidths: [bandWidth, width - bandWidth - 3],
    // Its own word wrap trims indents and cuts through colour codes: the lines come wrapped.
    wordWrap: false,
    style: { head: [], border: [] },
  })
  const room = width - bandWidth - 5
  for (const subject of shown) rows.push([bandCell(subject), subjectCell(subject, findings, report, options, room)])
  const rest = report.subjects.length - shown.length
  return rest > 0 ? `${rows.toString()}\n… and ${rest} more: --verbose shows them all` : rows.toString()
}

const bandLooks = {
  none: 'dim',
  low: 'cyan',
  medium: 'yellow',
  high: 'red',
  critical: 'inverse',
} as const satisfies Record<Band, Look>

const bandCell = ({ band, points }: RankedSubject): string =>
  `${paint(bandLooks[band], band === 'none' ? 'info' : band)}\n${paint('dim', String(points))}`

function subjectCell(
  ranked: RankedSubject,
  findings: ReadonlyMap<string, Finding>,
  report: Report,
  options: RenderOptions,
  room: number,
): string {
  const lines: string[] = []
  // cli-table3 is quadratic in runs of unpainted text: `plain` keeps the runs short.
  const add = (text: string, look: Look = 'plain') => lines.push(paint(look, wrap(text, room)))
  add(subjectTitle(ranked, report), 'bold')
  for (const driver of ranked.drivers) {
    const found = findings.get(driver.fingerprint)
    if (found === undefined) continue
    add(`• ${clean(driver.message)}`)
    for (const line of evidenceLines(found, options)) add(`  ${line}`, 'dim')
    add(`  ${driver.code} (${driver.family} ${driver.counted ? '+' : 'not added: '}${driver.points})`, 'dim')
  }
  const strongest = ranked.drivers[0]
  const rule = strongest && report.rules[strongest.code]
  if (rule) add(`→ ${clean(rule.fix)}`)
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
  const lines = places.slice(0, limit).map(place)
  if (places.length > limit) lines.push(`… and ${plural(places.length - limit, 'more place')}`)
  return lines
}

function place(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'file':
      return `${evidence.path}:${evidence.line}:${evidence.column}  ${clean(evidence.excerpt)}`
    case 'git': {
      const where =
        evidence.path === undefined ? evidence.object : `${evidence.path}:${evidence.line}:${evidence.column}`
      return `${where} in ${(evidence.commit ?? evidence.oid).slice(0, 10)}  ${clean(evidence.excerpt)}`
    }
    case 'registry':
      return `${clean(evidence.source)} (${evidence.observedAt.slice(0, 10)}): ${clean(evidence.observed)}`
  }
}

// ── Coverage ─────────────────────────────────────────────────────────────────────────────────────────────────────

const shownMissed = 3

function coverageLines(report: Report, options: RenderOptions): string {
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
  return `${paint('bold', title)}\n${gaps.map((line) => wrap(line, options.width)).join('\n')}`
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
