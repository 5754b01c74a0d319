// `audit-deps explain FINGERPRINT`: one finding of a report, or of a fresh audit where none is given: where it stands,
// what it adds to its subject's risk, what to do now, and how to accept it if that is what the team decides.

import { audit } from '../audit.ts'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import { commandFor } from '../report/next.ts'
import { placeOf, plural, seenAt, subjectTitle } from '../report/phrases.ts'
import { type Driver, type Finding, type RankedSubject, type Report, type Rule, scannerNames } from '../types.ts'
import { order } from './explain.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { progressLine } from './progress.ts'
import { readReport } from './render.ts'
import { wrapped } from './wrapped.ts'

export interface ExplainFlags extends Flags {
  readonly report?: string
}

/** A fingerprint, or so much of one as tells it apart. */
export const isFingerprint = (word: string): boolean => /^[0-9a-f]{6,32}$/.test(word)

/**
 * @param path the folder to audit, where `--report` names no report
 * @throws AuditError UNKNOWN_CODE where the report has no such finding, USAGE where it has several, and what audit() and readReport() throw
 */
export async function explainFinding(start: string, path: string, flags: ExplainFlags): Promise<number> {
  const report = flags.report === undefined ? await freshReport(path, flags) : await readReport(flags.report)
  const isMeant = ({ fingerprint }: { readonly fingerprint: string }): boolean => fingerprint.startsWith(start)
  const finding = report.findings.find(isMeant)
  const accepted = report.acceptedFindings.find(isMeant)
  const matching = [...report.findings, ...report.acceptedFindings].filter(isMeant)
  if (matching.length > 1)
    throw new AuditError('USAGE', `${plural(matching.length, 'finding')} begin with ${start}`, {
      hint: `give more of it: ${matching[0]!.fingerprint}, ${matching[1]!.fingerprint}`,
    })
  if (finding !== undefined) print(told(finding, report))
  else if (accepted !== undefined)
    print([
      `${accepted.fingerprint}  ${accepted.code}`,
      ...wrapped(
        `accepted by ${accepted.by === 'baseline' ? 'the baseline' : 'an exception'}: ${accepted.reason}`,
        '  ',
      ),
      ...(accepted.expires === undefined ? [] : [`  until ${accepted.expires}`]),
      '',
      `→ audit-deps explain ${accepted.code}`,
    ])
  else throw unknown(start, report, flags)
  return 0
}

async function freshReport(path: string, flags: Flags): Promise<Report> {
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  return audit({ ...auditOptionsOf(flags, scannerNames), path, progress }).finally(done)
}

const unknown = (start: string, { verdict }: Report, { report }: ExplainFlags): AuditError =>
  new AuditError(
    'UNKNOWN_CODE',
    `no finding has the fingerprint ${start}${report === undefined ? ' in this audit' : ''}`,
    {
      hint:
        verdict === 'incomplete'
          ? 'not everything was read, so it may still be there: audit-deps --verbose says what was not'
          : 'it may be gone: audit-deps --format json lists the fingerprints of what is there',
    },
  )

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(clean).join('\n')}\n`)
}

const shownPlaces = 20

function told(finding: Finding, report: Report): string[] {
  const { code, fingerprint, message, evidence, via = [] } = finding
  const rule = Object.hasOwn(report.rules, code) ? report.rules[code] : undefined
  const ranked = report.subjects.find(({ drivers }) => drivers.some((driver) => driver.fingerprint === fingerprint))
  const rest = evidence.length - shownPlaces
  return [
    `${fingerprint}  ${code}`,
    ...wrapped(message, '  '),
    '',
    ...evidence.slice(0, shownPlaces).flatMap((seen, index) => {
      const head = index === 0 ? 'Seen  ' : '      '
      return [`${head}${placeOf(seen)}`, ...wrapped(seenAt(seen), '        ')]
    }),
    ...(rest > 0 ? [`      … and ${plural(rest, 'more place')}`] : []),
    ...(via.length > 1 ? wrapped(`this project → ${via.join(' → ')}`, 'Way   ') : []),
    ...changeOf(finding),
    ...(ranked === undefined ? [] : ['', ...sumOf(ranked, fingerprint, report)]),
    ...(rule === undefined ? [] : ['', ...adviceOf(finding, rule)]),
    '',
    ...acceptance(finding),
  ]
}

const changeOf = ({ introduced }: Finding): string[] =>
  introduced === undefined ? [] : [introduced ? 'New   introduced here' : 'New   no, it was there before this change']

/** The sum of the subject, with this finding's part in it. */
function sumOf(ranked: RankedSubject, fingerprint: string, report: Report): string[] {
  const line = (driver: Driver): string => {
    const weight = driver.counted ? `+${driver.points}` : `(${driver.points})`
    const mark = driver.fingerprint === fingerprint ? '▸' : ' '
    return `${mark} ${weight.padStart(6)}  ${driver.family.padEnd(13)} ${driver.code}`
  }
  const skips = ranked.drivers.some(({ counted, points }) => !counted && points > 0)
  return [
    ...wrapped(`${subjectTitle(ranked, report.rules)}: ${ranked.points} points, ${ranked.band}`, 'Risk  '),
    ...ranked.drivers.map((driver) => `      ${line(driver)}`),
    ...(skips ? wrapped('in brackets: a stronger signal of its family counts already', '        ') : []),
  ]
}

function adviceOf(finding: Finding, rule: Rule): string[] {
  const command = commandFor(finding)
  return [
    ...wrapped(rule.why, 'Why   '),
    ...wrapped(rule.fix, 'Next  '),
    // What is to be pasted is not broken.
    ...(command === undefined ? [] : [`        ${command}`]),
    ...(rule.url === undefined ? [] : [`      ${rule.url}`]),
    ...(finding.subject.kind === 'secret' ? ['', ...order] : []),
  ]
}

const acceptance = ({ fingerprint }: Finding): string[] => [
  ...wrapped('it is meant to be so? In audit-deps.json, with your reason and a day that is near:', 'Else  '),
  `        "exceptions": [{ "fingerprint": "${fingerprint}",`,
  '          "reason": "…", "expires": "YYYY-MM-DD" }]',
]
