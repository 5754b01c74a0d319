// What every reporter says in the same words: the verdict, what a subject is called, where something stands.
// Text from outside is freed of control characters here; escaping for a format is that reporter's.

import { clean } from '../redact.ts'
import type { Evidence, Finding, RankedSubject, Report } from '../types.ts'

export const verdictMarks = { pass: '✓ pass', fail: '✗ fail', incomplete: '? incomplete' } as const

/** What stands behind the verdict: risk, how many subjects, what was accepted, what was not checked. */
export function verdictNotes(report: Report): readonly string[] {
  const count = report.subjects.filter((subject) => subject.band !== 'none').length
  const gaps = report.coverage.filter((entry) => entry.state === 'partial').length
  const notes = [
    `risk ${report.risk.band}`,
    count === 0 ? 'nothing found' : plural(count, 'subject'),
    introducedNote(report),
    report.accepted > 0 ? `${report.accepted} accepted` : undefined,
    gaps === 0 ? undefined : `${plural(gaps, 'source')} not fully checked`,
    `fails on ${failsOn(report)}`,
    `${(report.durationMs / 1000).toFixed(1)} s`,
  ]
  return notes.filter((note) => note !== undefined)
}

function introducedNote(report: Report): string | undefined {
  if (!isCompared(report)) return undefined
  return `${report.findings.filter(({ introduced }) => introduced === true).length} introduced here`
}

/** Whether a run was compared with an earlier state, and has something to say of that. */
export const isCompared = ({ findings }: Report): boolean => findings.some(({ introduced }) => introduced !== undefined)

/** What a run that compares says of one finding. */
export const changeWords = ({ introduced }: Pick<Finding, 'introduced'>): string | undefined =>
  introduced === undefined ? undefined : introduced ? 'introduced here' : 'was there'

/** The level that fails, and the scanners that have another. */
export function failsOn({ failOn, failOnPerScanner = {} }: Pick<Report, 'failOn' | 'failOnPerScanner'>): string {
  const others = Object.entries(failOnPerScanner).map(([scanner, level]) => `${clean(scanner)}: ${level}`)
  return others.length === 0 ? failOn : `${failOn} (${others.join(', ')})`
}

/** Of a secret what it is and its preview, of a package name and version, of a project's file its path. */
export function subjectTitle({ subject, drivers }: RankedSubject, rules: Report['rules']): string {
  switch (subject.kind) {
    case 'secret': {
      const code = drivers[0]?.code ?? ''
      return `${clean(rules[code]?.title ?? code)}  ${subject.preview}`
    }
    case 'package':
      return clean(subject.version === undefined ? subject.name : `${subject.name} ${subject.version}`)
    case 'project':
      return clean(subject.path)
  }
}

/** `path:line:column`, with the commit where it is git that remembers; or which registry said it, and when. */
export function placeOf(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'file':
      return `${clean(evidence.path)}:${evidence.line}:${evidence.column}`
    case 'git': {
      const where =
        evidence.path === undefined ? evidence.object : `${clean(evidence.path)}:${evidence.line}:${evidence.column}`
      return `${where} in ${(evidence.commit ?? evidence.oid).slice(0, 10)}`
    }
    case 'registry':
      return `${clean(evidence.source)} (${evidence.observedAt.slice(0, 10)})`
  }
}

/** What was left out or changed on purpose, the defaults that the project itself weakens among it: `label: count`. */
export const countNotes = ({ counts }: Pick<Report, 'counts'>): readonly string[] =>
  Object.entries(counts).map(([label, count]) => `${clean(label)}: ${count}`)

/** What was seen there. */
export const seenAt = (evidence: Evidence): string =>
  clean(evidence.kind === 'registry' ? evidence.observed : evidence.excerpt)

/** `1 finding`, `2 findings`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
