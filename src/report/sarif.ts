// SARIF 2.1.0 for code scanning. What GitHub documents as required or limited is kept ("SARIF support for code
// scanning", "SARIF results exceed one or more limits"), and what had to be cut is said in a notification.
// Accepted findings are left out: GitHub ignores suppressions. Columns are ours, see `regionOf`.

import { gzipSync } from 'node:zlib'
import { sourceNames } from '../catalog.ts'
import { type Band, bands, confidences, type Evidence, type Report, type Reporter } from '../types.ts'
import { jsonPieces } from './json.ts'
import { link, prose } from './markdown-text.ts'
import { commandFor } from './next.ts'
import { countNotes, placeOf, plural, seenAt } from './phrases.ts'
import { isPlace, type Place, type RankedFinding, rankedFindings } from './ranked.ts'
import { bounded, webAddress, wellFormed } from './text.ts'

/** GitHub refuses a run with more results or a larger file; of locations it keeps 100, of our tags there are few. */
const limits = { results: 25_000, gzipBytes: 10_000_000, locations: 100, ruleText: 1000 } as const

/** Results in order of risk, so that what a limit cuts off weighs least. */
export const sarif: Reporter = (report) => {
  let kept: RankedFinding[] = []
  for (const ranked of rankedFindings(report)) if (kept.push(ranked) === limits.results) break
  for (;;) {
    const log = logOf(report, kept, report.findings.length - kept.length)
    const bytes = uploadBytes(jsonPieces(log, unfolded))
    if (bytes <= limits.gzipBytes || kept.length === 0) return jsonPieces(log, unfolded)
    kept = kept.slice(0, Math.floor((kept.length * limits.gzipBytes * 0.95) / bytes))
  }
}

/** Down to the single result. */
const unfolded = 4

/**
 * At most so many bytes are uploaded. A UTF-16 unit is three bytes at most, so only what could be too large is worth
 * compressing: each piece for itself and by the quickest level, so the upload is not larger.
 */
function uploadBytes(pieces: Iterable<string>): number {
  let units = 0
  let compressed = 0
  const held: string[] = []
  for (const piece of pieces) {
    units += piece.length
    held.push(piece)
    if (units * 3 <= limits.gzipBytes) continue
    for (const one of held.splice(0)) compressed += gzipSync(one, { level: 1 }).length
  }
  return units * 3 <= limits.gzipBytes ? units * 3 : compressed
}

function logOf(report: Report, kept: readonly RankedFinding[], left: number): object {
  const rules = rulesOf(kept, report.rules)
  const index = new Map(rules.map(({ id }, position) => [id, position]))
  const notifications = [...cutNotes(left), ...coverageNotes(report)]
  const { name, version } = report.tool
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name, version, semanticVersion: version, rules, notifications: descriptorsOf(notifications) },
        },
        invocations: [
          {
            executionSuccessful: !report.coverage.some((entry) => entry.required && entry.state === 'partial'),
            ...times(report),
            toolExecutionNotifications: notifications,
          },
        ],
        columnKind: 'utf16CodeUnits',
        // Made one by one, as they are written.
        results: { [Symbol.iterator]: () => resultsOf(kept, index, report.prefix) },
        properties: { verdict: report.verdict, risk: report.risk.band, failOn: report.failOn, target: report.target },
      },
    ],
  }
}

function times({ startedAt, durationMs }: Report): object {
  const start = Date.parse(startedAt)
  return Number.isNaN(start) ? {} : { startTimeUtc: startedAt, endTimeUtc: new Date(start + durationMs).toISOString() }
}

// ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** GitHub's bands: critical over 9.0, high from 7.0, medium from 4.0, low from 0.1; 0.0 is no security severity. */
const securitySeverity = {
  none: '0.0',
  low: '2.0',
  medium: '5.5',
  high: '8.0',
  critical: '9.5',
} as const satisfies Record<Band, string>
const levels = {
  none: 'note',
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
} as const satisfies Record<Band, string>

/** GitHub knows severity and precision of rules only: the gravest and surest of a rule's findings speaks for it. */
function rulesOf(kept: readonly RankedFinding[], known: Report['rules']) {
  const codes = new Map<string, { band: number; confidence: number }>()
  for (const { finding, band } of kept) {
    const most = codes.get(finding.code) ?? { band: 0, confidence: 0 }
    codes.set(finding.code, {
      band: Math.max(most.band, bands.indexOf(band)),
      confidence: Math.max(most.confidence, confidences.indexOf(finding.confidence)),
    })
  }
  return [...codes].map(([code, most]) => {
    const { title, family, why, fix, url } = known[code] ?? { title: code, family: 'exposure', why: code, fix: '' }
    const band = bands[most.band]!
    const more = `audit-deps explain ${code}`
    const page = url === undefined ? undefined : webAddress(url)
    return {
      id: code,
      shortDescription: { text: message(title, limits.ruleText) },
      fullDescription: { text: message(why, limits.ruleText) },
      help: {
        text: [why, fix, page, more]
          .filter(Boolean)
          .map((line) => message(line!, 4000))
          .join('\n\n'),
        markdown: [prose(why, 4000), prose(fix, 4000), page && link('How to revoke or mend it', page), `\`${more}\``]
          .filter(Boolean)
          .map((line) => doubleBraces(line!))
          .join('\n\n'),
      },
      ...(page !== undefined && { helpUri: page }),
      defaultConfiguration: { level: levels[band] },
      properties: {
        tags: ['security', code.split('/')[0]!, family],
        precision: confidences[most.confidence]!,
        'security-severity': securitySeverity[band],
      },
    }
  })
}

// ── Results ──────────────────────────────────────────────────────────────────────────────────────────────────────

const linked = 3

function* resultsOf(
  kept: readonly RankedFinding[],
  index: ReadonlyMap<string, number>,
  prefix: string | undefined,
): Generator<object> {
  for (const ranked of kept) yield resultOf(ranked, index, prefix)
}

function resultOf(ranked: RankedFinding, index: ReadonlyMap<string, number>, prefix = ''): object {
  const { finding, driver, band, leads } = ranked
  const others = finding.evidence.filter((evidence) => isPlace(evidence) && evidence !== ranked.place) as Place[]
  const related = others.slice(0, limits.locations - 1)
  return {
    ruleId: finding.code,
    ruleIndex: index.get(finding.code)!,
    level: levels[band],
    rank: Math.min(100, leads ? ranked.ranked.points : driver.points),
    message: { text: textOf(ranked, related) },
    locations: [
      { ...locationOf(ranked.place ? below(prefix, ranked.place) : fallback(ranked, prefix)), ...logical(ranked) },
    ],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({ id: id + 1, ...locationOf(below(prefix, place)) })),
    }),
    partialFingerprints: { primaryLocationLineHash: finding.fingerprint, 'auditDeps/v1': finding.fingerprint },
    properties: {
      band,
      points: driver.points,
      severity: finding.severity,
      confidence: finding.confidence,
      ...(finding.life && { life: finding.life.state }),
      ...(finding.introduced !== undefined && { introduced: finding.introduced }),
      ...(finding.via && { via: finding.via.map((name) => bounded(name, 300)).slice(0, limits.locations) }),
      ...(others.length > related.length && { placesLeftOut: others.length - related.length }),
    },
  }
}

function textOf({ finding, place }: RankedFinding, related: readonly Place[]): string {
  const first = finding.evidence[0]
  const command = commandFor(finding)
  const links = related.slice(0, linked).map((other, id) => `[${linkText(placeOf(other))}](${id + 1})`)
  const more = related.length > linked ? `, and ${plural(related.length - linked, 'more place')}` : ''
  return [
    sentence(message(finding.message, 1000)),
    // GitHub shows a path that exists today; where it does not, these words are all there is.
    place?.kind === 'git' || first.kind === 'git' ? message(`Seen as ${placeOf(place ?? first)}.`, 600) : '',
    first.kind === 'registry' ? message(`${placeOf(first)} said: ${seenAt(first)}.`, 600) : '',
    command === undefined ? '' : message(`Next: ${command}`, 400),
    links.length > 0 ? `Also in ${links.join(', ')}${more}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** Code scanning needs a file for every result: a lockfile's own path, the manifest, or git's folder for a message. */
function fallback({ finding: { subject } }: RankedFinding, prefix: string): Parameters<typeof locationOf>[0] {
  const start = { line: 1, column: 1 }
  if (subject.kind === 'secret') return { path: '.git', ...start }
  return { path: prefix + (subject.kind === 'project' ? subject.path : 'package.json'), ...start }
}

/** Code hosts name files from the repository's root. */
const below = (prefix: string, place: Place): Parameters<typeof locationOf>[0] => ({
  ...place,
  path: prefix + place.path,
})

function locationOf(place: Pick<Place, 'line' | 'column'> & { path: string; excerpt?: string }): object {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(place.path) }, region: regionOf(place) },
    ...(place.excerpt !== undefined && { message: { text: message(place.excerpt, 400) } }),
  }
}

/** What GitHub's place cannot say: the object in git, as `git show` takes it; the package. */
function logical({ finding, place }: RankedFinding): object {
  const seen = [...(place ? [place] : []), ...finding.evidence].find((evidence) => evidence.kind === 'git')
  const { subject } = finding
  const names = [
    ...(seen === undefined ? [] : [{ fullyQualifiedName: bounded(objectName(seen), 4096), kind: seen.object }]),
    ...(subject.kind === 'package'
      ? [
          {
            fullyQualifiedName: bounded([subject.name, subject.version].filter(Boolean).join('@'), 300),
            kind: 'package',
          },
        ]
      : []),
  ]
  return names.length === 0 ? {} : { logicalLocations: names }
}

const objectName = (seen: Extract<Evidence, { kind: 'git' }>): string =>
  seen.commit !== undefined && seen.path !== undefined ? `${seen.commit}:${seen.path}` : (seen.commit ?? seen.oid)

/**
 * Our columns count bytes, SARIF's UTF-16 units: the same on a line of ASCII. Elsewhere the whole line is named.
 * Where a thing ends is not known, so a region is one character long.
 */
function regionOf({ line, column, excerpt = '' }: { line: number; column: number; excerpt?: string }): object {
  const startLine = Math.max(1, line)
  const ascii = !/[^\0-\x7f•…]/.test(excerpt)
  if (!ascii) return { startLine, startColumn: 1, endLine: startLine }
  const startColumn = Math.max(1, column)
  return { startLine, startColumn, endLine: startLine, endColumn: startColumn + 1 }
}

/** Relative to the repository's root, percent-encoded, and never out of it. */
function uriOf(path: string): string {
  const segments = path.split('/').filter((segment) => !['', '.', '..'].includes(segment))
  return segments.map((segment) => encodeURIComponent(wellFormed(segment))).join('/') || 'package.json'
}

// ── Notifications ────────────────────────────────────────────────────────────────────────────────────────────────

interface Notification {
  readonly descriptor: { readonly id: string }
  readonly level: 'error' | 'warning' | 'note'
  readonly message: { readonly text: string }
}

const note = (id: string, level: Notification['level'], text: string): Notification => ({
  descriptor: { id },
  level,
  message: { text: message(text, 1000) },
})

const shownMissed = 10

function* cutNotes(left: number): Generator<Notification> {
  if (left === 0) return
  const why = `code scanning takes ${limits.results} results and ${limits.gzipBytes / 1_000_000} MB, compressed, a run`
  yield note(
    'report/cut',
    'warning',
    `${plural(left, 'finding')} of the lowest risk left out: ${why}. JSON has them all.`,
  )
}

/** An error here tells every reader that the results are not complete: what is required and was not read. */
function* coverageNotes(report: Report): Generator<Notification> {
  for (const entry of report.coverage) {
    const id = `coverage/${entry.source}`
    const name = `${sourceNames[entry.source]} (${entry.scanner})`
    if (entry.state === 'skipped') yield note(id, 'note', `${name}: skipped, ${entry.reason}`)
    if (entry.state !== 'partial') continue
    const level = entry.required ? 'error' : 'warning'
    const checked = `${name}: ${entry.checked} checked, not all`
    for (const { what, why, next } of entry.missed.slice(0, shownMissed))
      yield note(id, level, `${checked}. ${what}: ${why}. Next: ${next}`)
    const rest = entry.missed.length - shownMissed
    if (rest > 0) yield note(id, level, `${checked}. … and ${rest} more`)
    if (entry.missed.length === 0) yield note(id, level, checked)
  }
  for (const words of countNotes(report)) yield note('report/left-out', 'note', `Left out on purpose: ${words}`)
  if (report.accepted > 0)
    yield note('report/accepted', 'note', `${plural(report.accepted, 'finding')} accepted before`)
}

const descriptorsOf = (notifications: readonly Notification[]): object[] =>
  [...new Set(notifications.map(({ descriptor }) => descriptor.id))].map((id) => ({ id }))

// ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** In a message, braces are placeholders unless doubled, and `[text](target)` is a link (SARIF 3.11.5, 3.11.6). */
const message = (text: string, longest: number): string => doubleBraces(bounded(text, longest)).replaceAll('](', '] (')

const sentence = (text: string): string => (/[.?!…]$/.test(text) ? text : `${text}.`)

const doubleBraces = (text: string): string => text.replace(/[{}]/g, '$&$&')

const linkText = (text: string): string => message(text, 200).replace(/[\\[\]]/g, '\\$&')
