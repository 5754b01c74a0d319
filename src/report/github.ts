// Workflow commands that GitHub shows as annotations: one a subject, at the place of its strongest finding. GitHub
// shows ten errors, ten warnings and ten notices a step and drops the others in silence: we count them.
// Escaping is that of the runner's own toolkit: https://github.com/actions/toolkit (packages/core/src/command.ts).

import { sourceNames } from '../catalog.ts'
import type { Band, Report, Reporter } from '../types.ts'
import { commandFor } from './next.ts'
import { changeWords, countNotes, placeOf, plural, subjectTitle, verdictMarks, verdictNotes } from './phrases.ts'
import { type RankedFinding, rankedFindings } from './ranked.ts'
import { bounded } from './text.ts'

type Level = 'error' | 'warning' | 'notice'

/** Per level and step. */
const shown = 10
const shownMissed = 3

/** Required gaps before findings of the same level: the verdict hangs on them. The last line is the verdict. */
export const github: Reporter = (report, options) => {
  const summary = summaryOf(report)
  if (options.detail === 'quiet') return [`${commandOf('notice', {}, summary)}\n`]
  const counts = countNotes(report)
  const leftOut = counts.length === 0 ? [] : [bounded(`left out on purpose: ${counts.join(' · ')}`, 1000)]
  const total = commandOf('notice', {}, [summary, ...leftOut].join('\n'))
  const written = { error: 0, warning: 0, notice: 1 }
  const left = new Map<Level, number>()
  const lines: string[] = []
  for (const { level, properties, message } of annotations(report)) {
    if (written[level]++ < shown) lines.push(commandOf(level, properties(), message()))
    else left.set(level, (left.get(level) ?? 0) + 1)
  }
  for (const [level, count] of left)
    lines.push(`… and ${plural(count, `more ${level}`)} (GitHub shows ${shown} a step)`)
  return [`${[...lines, total].join('\n')}\n`]
}

const summaryOf = (report: Report): string => `${verdictMarks[report.verdict]}  ${verdictNotes(report).join(' · ')}`

type Properties = Readonly<Record<string, string | number>>

interface Annotation {
  readonly level: Level
  /** Asked for only if it is shown. */
  readonly properties: () => Properties
  readonly message: () => string
}

const levels = {
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'error',
} as const satisfies Record<Exclude<Band, 'none'>, Level>

function* annotations(report: Report): Generator<Annotation> {
  yield* gaps(report, true)
  for (const ranked of rankedFindings(report)) {
    const { band } = ranked
    if (!ranked.leads || band === 'none') continue
    // What was there before fails nothing, so it is no error of this change.
    const level = ranked.finding.introduced === false ? 'notice' : levels[band]
    yield { level, properties: () => propertiesOf(ranked, report), message: () => messageOf(ranked, report) }
  }
  yield* gaps(report, false)
}

function propertiesOf({ place, ranked, finding }: RankedFinding, report: Report): Properties {
  const title = bounded(`${ranked.band}: ${subjectTitle(ranked, report.rules)}`, 200)
  const gone = place?.kind === 'git' && finding.life !== undefined && finding.life.state !== 'head'
  // A file that HEAD does not have cannot carry an annotation; the message names the commit instead.
  if (place === undefined || gone) return { title }
  return { file: bounded((report.prefix ?? '') + place.path, 4096), line: place.line, col: place.column, title }
}

function messageOf({ finding, place, ranked }: RankedFinding, { rules }: Report): string {
  const others = ranked.drivers.filter((driver) => driver.counted && driver.fingerprint !== finding.fingerprint)
  const rule = rules[finding.code]
  const command = commandFor(finding)
  return [
    [bounded(finding.message, 500), changeWords(finding)].filter(Boolean).join(' · '),
    ...others.map((driver) => bounded(driver.message, 300)),
    ...(place?.kind === 'git' ? [bounded(placeOf(place), 500)] : []),
    ...(rule === undefined ? [] : [`→ ${bounded(rule.fix, 500)}`]),
    ...(command === undefined ? [] : [`  ${command}`]),
    ...(rule?.url === undefined ? [] : [`  ${bounded(rule.url, 500)}`]),
    `audit-deps explain ${bounded(finding.code, 200)}`,
  ].join('\n')
}

function* gaps(report: Report, required: boolean): Generator<Annotation> {
  for (const entry of report.coverage) {
    if (entry.state !== 'partial' || entry.required !== required) continue
    const title = `not checked: ${sourceNames[entry.source]} (${entry.scanner})`
    const rest = entry.missed.length - shownMissed
    const lines = entry.missed
      .slice(0, shownMissed)
      .map(({ what, why, next }) => bounded(`${what}: ${why} → ${next}`, 500))
    yield {
      level: 'warning',
      properties: () => ({ title }),
      message: () =>
        [`${entry.checked} checked, not all${required ? ' (required)' : ''}`, ...lines]
          .concat(rest > 0 ? [`… and ${rest} more`] : [])
          .join('\n'),
    }
  }
}

// ── Workflow commands ────────────────────────────────────────────────────────────────────────────────────────────

function commandOf(level: Level, properties: Properties, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${level}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
