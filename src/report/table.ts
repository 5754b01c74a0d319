// The report for people: the verdict, ranked subjects with what drives their risk and what to do,
// then what was not checked. Readable at 80 columns, in a pipe, and without colour.

import Table from 'cli-table3'
import { sourceNames } from '../catalog.ts'
import { clean } from '../redact.ts'
import type { Band, Coverage, Evidence, Finding, RankedSubject, RenderOptions, Report, Reporter } from '../types.ts'
import { commandFor } from './next.ts'
import { type Look, paint, withColor } from './paint.ts'
import {
  changeWords,
  countNotes,
  placeOf,
  plural,
  seenAt,
  subjectTitle,
  verdictMarks,
  verdictNotes,
} from './phrases.ts'
import { bounded } from './text.ts'

/** Ranked subjects as a table, then coverage, then the verdict in one line: the end is what a terminal shows. */
export const table: Reporter = (report, options) => {
  const verdict = verdictLine(report, options)
  if (options.detail === 'quiet') return [withColor(`${verdict}\n`, options.color)]
  const parts = [
    heading(report),
    report.subjects.length > 0 ? subjectTable(report, options) : undefined,
    coverageLines(report, options),
    report.notes?.map((note) => wrap(bounded(note, longest), options.width)).join('\n'),
    verdict,
  ]
  return [withColor(`${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`, options.color)]
}

const heading = (report: Report): string =>
  `${paint('bold', `audit-deps ${bounded(report.tool.version, 100)}`)}  ${bounded(report.target, longest)}`

function verdictLine(report: Report, options: RenderOptions): string {
  const look = ({ pass: 'green', fail: 'red', incomplete: 'yellow' } as const)[report.verdict]
  const mark = verdictMarks[report.verdict]
  const line = wrap(`${mark}  ${verdictNotes(report).join(' · ')}`, options.width)
  return line.replace(mark, (label) => paint(look, label))
}

// ── Subjects ─────────────────────────────────────────────────────────────────────────────────────────────────────

const bandWidth = 10
/** Of one sentence, name or path. */
const longest = 600
/** Laying out a row costs a millisecond or more, and nobody reads a thousand. */
const shownSubjects = { quiet: 0, normal: 50, verbose: 1000 } as const satisfies Record<RenderOptions['detail'], number>

function subjectTable(report: Report, options: RenderOptions): string {
  const width = Math.max(40, Math.min(options.width, 120))
  const findings = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  const shown = report.subjects.slice(0, shownSubjects[options.detail])
  const rows = new Table({
    colWidths: [bandWidth, width - bandWidth - 3],
    // Its own word wrap trims indents and cuts through colour codes: the lines come wrapped.
    wordWrap: false,
    style: { head: [], border: [] },
  })
  const room = width - bandWidth - 5
  for (const subject of shown) rows.push([bandCell(subject), subjectCell(subject, findings, report, options, room)])
  const rest = report.subjects.length - shown.length
  if (rest === 0) return rows.toString()
  const more =
    report.subjects.length <= shownSubjects.verbose ? '--verbose shows them all' : '--format json has them all'
  return `${rows.toString()}\n… and ${rest} more: ${more}`
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
  const add = (text: string, look: Look = 'plain') => lines.push(paint(look, wrap(bounded(text, longest), room)))
  add(subjectTitle(ranked, report.rules), 'bold')
  const said = new Set<string>()
  for (const driver of ranked.drivers) {
    const found = findings.get(driver.fingerprint)
    if (found === undefined) continue
    add(`• ${clean(driver.message)}`)
    // Five signals about one package stand at one line of the manifest: it is said once.
    for (const line of evidenceLines(found, options).filter((one) => !said.has(one))) {
      said.add(line)
      add(`  ${line}`, 'dim')
    }
    const change = changeWords(found)
    const weight = `${driver.family} ${driver.counted ? '+' : 'not added: '}${driver.points}`
    add(`  ${driver.code} (${weight})${change === undefined ? '' : `, ${change}`}`, 'dim')
  }
  const strongest = ranked.drivers[0]
  const rule = strongest && report.rules[strongest.code]
  if (rule) add(`→ ${clean(rule.fix)}`)
  const leading = strongest && findings.get(strongest.fingerprint)
  const command = leading && commandFor(leading)
  if (command !== undefined) add(`  ${command}`)
  if (rule?.url !== undefined) add(`  ${clean(rule.url)}`)
  return lines.join('\n')
}

function evidenceLines(finding: Finding, options: RenderOptions): string[] {
  const places = finding.evidence.filter((evidence) => evidence.kind !== 'registry' || options.detail === 'verbose')
  const limit = options.detail === 'verbose' ? places.length : 2
  const lines = places.slice(0, limit).map(place)
  if (places.length > limit) lines.push(`… and ${plural(places.length - limit, 'more place')}`)
  return lines
}

function place(evidence: Evidence): string {
  return evidence.kind === 'registry'
    ? `${placeOf(evidence)}: ${seenAt(evidence)}`
    : `${placeOf(evidence)}  ${seenAt(evidence)}`
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
      if (verbose) gaps.push(`✓ ${name}: ${entry.checked} checked${amounts(entry)}`)
    } else {
      gaps.push(
        `${entry.required ? '!' : '-'} ${name}: ${entry.checked} checked${verbose ? amounts(entry) : ''}, not all`,
      )
      const missed = verbose ? entry.missed : entry.missed.slice(0, shownMissed)
      for (const { what, why, next } of missed) gaps.push(`    ${clean(what)}: ${clean(why)}`, `      → ${clean(next)}`)
      const rest = entry.missed.length - missed.length
      if (rest > 0) gaps.push(`    … and ${rest} more: --verbose shows them all`)
    }
  }
  const counts = countNotes(report)
  if (counts.length > 0) gaps.push(`- left out on purpose: ${counts.join(' · ')}`)
  if (gaps.length === 0) return ''
  const title = verbose ? 'What was checked' : 'Not checked'
  return `${paint('bold', title)}\n${gaps.map((line) => wrap(bounded(line, longest), options.width)).join('\n')}`
}

/** ` (12 commits, 80 blobs, 4096 bytes)`; nothing of what there is none of. */
const amounts = ({ amounts = {} }: Coverage): string => {
  const told = Object.entries(amounts).flatMap(([what, count]) => (count > 0 ? [`${count} ${clean(what)}`] : []))
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}

// ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Below it lines would be all indent. A terminal that does not know its width says 0. */
const narrowest = 20

/** Breaks at spaces where it can, inside words where it must; what follows keeps the line's indent. */
function wrap(line: string, columns: number): string {
  const width = Math.max(columns, narrowest)
  const indent = /^\s*/.exec(line)?.[0].slice(0, narrowest / 2) ?? ''
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
