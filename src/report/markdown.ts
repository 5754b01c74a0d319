// A comment for a pull request: the verdict, the top of the ranking as a table, the rest folded. GitHub refuses a
// comment of more than 65,536 characters, so what does not fit is counted. What is from outside: see markdown-text.ts.

import { sourceNames } from '../catalog.ts'
import type { Finding, RankedSubject, Report, Reporter } from '../types.ts'
import { code, link, prose } from './markdown-text.ts'
import { commandFor } from './next.ts'
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

/** In bytes, of which there are never fewer than characters. */
const limits = { comment: 65_000, rows: 20, subjects: 100, drivers: 10, places: 3, gaps: 30, missed: 3 } as const

/** Opens with a comment that nobody sees, by which a workflow finds its own comment again. */
export const markdown: Reporter = (report, options) => {
  const head = [
    '<!-- audit-deps -->',
    `### ${verdictMarks[report.verdict]} — audit-deps`,
    verdictNotes(report).join(' · '),
    ...(report.notes ?? []).map((note) => prose(note, 300)),
  ]
  if (options.detail === 'quiet') return [`${head.join('\n\n')}\n`]
  const findings = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  const table = subjectTable(report, findings)
  const gaps = gapsFold(report)
  const room = limits.comment - bytesOf([...head, ...table, ...gaps].join('\n\n'))
  return [`${[...head, ...table, ...detailsFold(report, findings, room), ...gaps].join('\n\n')}\n`]
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

// ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────

type Findings = ReadonlyMap<string, Finding>

function subjectTable(report: Report, findings: Findings): string[] {
  const risky = report.subjects.filter(({ band }) => band !== 'none')
  if (risky.length === 0) return []
  const rows = risky.slice(0, limits.rows).map((ranked) => `| ${rowOf(ranked, report, findings).join(' | ')} |`)
  const rest = risky.length - rows.length
  return [
    ['| Risk | What | Why | Next step |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...(rest > 0 ? [`… and ${plural(rest, 'more subject')}.`] : []),
  ]
}

function rowOf(ranked: RankedSubject, { rules }: Report, findings: Findings): string[] {
  const counted = ranked.drivers.filter((driver) => driver.counted).slice(0, limits.places)
  const why = counted.map((driver) => prose(driver.message, 200))
  const more = ranked.drivers.length - counted.length
  return [
    `**${ranked.band}** (${ranked.points})`,
    titleOf(ranked, rules),
    [...why, ...(more > 0 ? [`${more} more below`] : [])].join('<br>'),
    nextStep(ranked, rules, findings).join('<br>'),
  ]
}

const titleOf = (ranked: RankedSubject, rules: Report['rules']): string =>
  ranked.subject.kind === 'secret' ? prose(subjectTitle(ranked, rules), 200) : code(subjectTitle(ranked, rules), 200)

function nextStep({ drivers }: RankedSubject, rules: Report['rules'], findings: Findings): string[] {
  const strongest = drivers[0]
  const rule = strongest && rules[strongest.code]
  const finding = strongest && findings.get(strongest.fingerprint)
  const command = finding && commandFor(finding)
  return [
    ...(rule === undefined ? [] : [prose(rule.fix, 300)]),
    ...(command === undefined ? [] : [code(command)]),
    ...(rule?.url === undefined ? [] : [link('How', rule.url)]),
  ]
}

// ── Evidence, as far as there is room ────────────────────────────────────────────────────────────────────────────

function detailsFold(report: Report, findings: Findings, room: number): string[] {
  const open = '<details><summary>Evidence</summary>'
  const close = '</details>'
  const parts: string[] = []
  // The line that counts the rest, and the blank lines between parts.
  let left = room - 200
  for (const ranked of report.subjects.slice(0, limits.subjects)) {
    const part = detailsOf(ranked, report.rules, findings)
    left -= bytesOf(part) + 2
    if (left < 0) break
    parts.push(part)
  }
  const rest = report.subjects.length - parts.length
  if (rest > 0) parts.push(`… and the evidence of ${plural(rest, 'more subject')}: \`--format json\` has all of it.`)
  return parts.length === 0 ? [] : [open, ...parts, close]
}

function detailsOf(ranked: RankedSubject, rules: Report['rules'], findings: Findings): string {
  const lines = [`**${ranked.band === 'none' ? 'info' : ranked.band}** ${titleOf(ranked, rules)}`, '']
  for (const driver of ranked.drivers.slice(0, limits.drivers)) {
    const weight = `${driver.family} ${driver.counted ? '+' : 'not added: '}${driver.points}`
    const finding = findings.get(driver.fingerprint)
    const change = finding && changeWords(finding)
    lines.push(`- ${prose(driver.message)} (${[code(driver.code), weight, change].filter(Boolean).join(', ')})`)
    const evidence = finding?.evidence ?? []
    for (const seen of evidence.slice(0, limits.places))
      lines.push(`  - ${code(placeOf(seen))} ${code(seenAt(seen), 160)}`)
    const rest = evidence.length - limits.places
    if (rest > 0) lines.push(`  - … and ${plural(rest, 'more place')}`)
  }
  const rest = ranked.drivers.length - limits.drivers
  if (rest > 0) lines.push(`- … and ${plural(rest, 'more finding')}`)
  const strongest = ranked.drivers[0]
  if (strongest) lines.push('', `More: ${code(`audit-deps explain ${strongest.code}`)}`)
  return lines.join('\n')
}

// ── What was not checked ─────────────────────────────────────────────────────────────────────────────────────────

function gapsFold(report: Report): string[] {
  const lines: string[] = []
  const gaps = report.coverage.filter((entry) => entry.state !== 'complete')
  for (const entry of gaps.slice(0, limits.gaps)) {
    const name = `${sourceNames[entry.source]} (${entry.scanner})`
    if (entry.state === 'skipped') lines.push(`- ${name}: skipped, ${prose(entry.reason)}`)
    else if (entry.state === 'partial') {
      lines.push(`- ${entry.required ? '**required** ' : ''}${name}: ${entry.checked} checked, not all`)
      for (const { what, why, next } of entry.missed.slice(0, limits.missed))
        lines.push(`  - ${prose(what, 200)}: ${prose(why, 200)}. Next: ${stepOf(next)}`)
      const rest = entry.missed.length - limits.missed
      if (rest > 0) lines.push(`  - … and ${rest} more`)
    }
  }
  if (gaps.length > limits.gaps) lines.push(`- … and ${gaps.length - limits.gaps} more`)
  const counts = countNotes(report)
  if (counts.length > 0) lines.push(`- left out on purpose: ${prose(counts.join(' · '), 1000)}`)
  if (lines.length === 0) return []
  const required = gaps.some((entry) => entry.required && entry.state === 'partial')
  return [`<details${required ? ' open' : ''}><summary>Not checked</summary>`, lines.join('\n'), '</details>']
}

/** What begins like a command is one to paste whole. */
const stepOf = (next: string): string =>
  /^(?:git|npm|pnpm|yarn|bun|npx|audit-deps) /.test(next) ? code(next) : prose(next, 200)
