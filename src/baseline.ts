// `.audit-deps-baseline`: what a team has accepted, one sorted line per finding, made to be read in review and to merge.
//
//   DIGEST CODE [PATH] [(history)]  # reason     a secret; the path where it could be guessed, for then its digest may
//                                                stand for another's password; (history) where no current file held it
//   FINGERPRINT CODE SUBJECT        # reason     anything else; the subject must be the finding's, so no line can lie
//
// No line numbers and no times: a moved line changes nothing. What is not understood is an error, never "nothing is
// accepted" and never "all is".

import { randomBytes } from 'node:crypto'
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError, reasonOf } from './errors.ts'
import { subjectKey } from './finding.ts'
import { clean, showsNothing } from './redact.ts'
import type { Baseline, BaselineLine, BaselineMatch, Evidence, Finding } from './types.ts'

export const baselineFile = '.audit-deps-baseline'
export const defaultReason = 'accepted at baseline'

/** Larger than any baseline that somebody reviews; it is read whole. */
const largestBytes = 50_000_000

/**
 * The lines of the folder's baseline; undefined where there is none.
 * @throws AuditError CONFIG_INVALID, naming the line
 */
export async function readBaseline(root: string): Promise<readonly BaselineLine[] | undefined> {
  const file = join(root, baselineFile)
  try {
    const entry = await lstat(file)
    // A link could lead out of the project, a pipe would never end.
    if (!entry.isFile()) throw invalid('it is no regular file', 'remove it, then run audit-deps baseline')
    if (entry.size > largestBytes)
      throw invalid(`it has ${entry.size} bytes`, 'remove it, then run audit-deps baseline')
    return parseBaseline(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof AuditError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw invalid(reasonOf(error), 'check its permissions', error)
  }
}

/** @throws AuditError CONFIG_INVALID, naming the line but not quoting it: it may be anything */
export function parseBaseline(text: string): BaselineLine[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/.test(line))
        throw invalid(
          `line ${index + 1} is a merge conflict`,
          'keep the lines of both sides and remove the markers; audit-deps baseline --prune then drops what is gone',
        )
      if (line.trim() === '' || line.startsWith('#')) return []
      const parts = linePattern.exec(line)?.groups
      if (parts === undefined || clean(line) !== line)
        throw invalid(
          `line ${index + 1} is not "ID CODE [PLACE] [(history)]  # reason"`,
          'mend or remove the line; audit-deps baseline writes it anew',
        )
      const { id, code, place, history, reason } = parts
      return [
        {
          id: id!,
          code: code!,
          ...(place !== undefined && { place }),
          history: history !== undefined,
          reason: reason!,
        },
      ]
    })
}

// `place` has no parenthesis unless it is the whole of a marker, so that no path can pass for "(history)".
const linePattern =
  /^(?<id>[0-9a-f]{32}) (?<code>[a-z][a-z0-9-]*\/[A-Za-z0-9_.-]+)(?: (?<place>[^\s()#]+|\((?:commit-message|tag|note|text)\)))?(?<history> \(history\))? +# (?<reason>\S.*)$/

/** Answers for each finding which lines accept how much of it. */
export function createBaseline(lines: readonly BaselineLine[]): Baseline {
  const byFinding = new Map<string, BaselineLine[]>()
  for (const line of lines) {
    const key = `${line.id} ${line.code}`
    const known = byFinding.get(key)
    if (known) known.push(line)
    else byFinding.set(key, [line])
  }
  return {
    size: lines.length,
    match(finding) {
      const current = finding.life?.state === 'head' || finding.life?.state === 'worktree'
      const lines = (byFinding.get(`${idOf(finding)} ${finding.code}`) ?? []).filter(
        (line) => !(line.history && current),
      )
      if (lines.length === 0) return undefined
      return matchOf(finding, lines)
    },
  }
}

function matchOf(finding: Finding, lines: readonly BaselineLine[]): BaselineMatch | undefined {
  if (finding.subject.kind === 'secret' && !isGuessable(finding)) return { lines: [lines[0]!], fresh: [] }
  const places = new Set(placesOf(finding))
  const [first, ...rest] = lines.filter(({ place }) => places.has(place))
  if (first === undefined) return undefined
  const accepted = new Set([first, ...rest].map(({ place }) => place))
  const fresh =
    finding.subject.kind === 'secret' ? finding.evidence.filter((evidence) => !accepted.has(placeOf(evidence))) : []
  return { lines: [first, ...rest], fresh }
}

/** The lines that accept all of a finding: one, or for a guessable secret one for each path. */
export function linesFor(finding: Finding, reason: string): BaselineLine[] {
  const history = finding.life !== undefined && finding.life.state !== 'head' && finding.life.state !== 'worktree'
  return placesOf(finding).map((place) => ({
    id: idOf(finding),
    code: finding.code,
    ...(place !== undefined && { place }),
    history,
    reason,
  }))
}

/** The same for two lines that accept the same, whatever their reason and state. */
export const sameFinding = ({ id, code, place = '' }: BaselineLine): string => `${id} ${code} ${place}`

const idOf = ({ subject, fingerprint }: Finding): string => (subject.kind === 'secret' ? subject.digest : fingerprint)

const isGuessable = ({ subject }: Finding): boolean => subject.kind === 'secret' && showsNothing(subject.preview)

function placesOf(finding: Finding): readonly (string | undefined)[] {
  if (finding.subject.kind !== 'secret') return [escaped(subjectKey(finding.subject))]
  return isGuessable(finding) ? [...new Set(finding.evidence.map(placeOf))] : [undefined]
}

function placeOf(evidence: Evidence): string {
  if (evidence.kind === 'registry') return '(text)'
  if (evidence.path !== undefined) return escaped(evidence.path)
  return evidence.kind === 'git' && evidence.object !== 'blob' ? `(${evidence.object})` : '(text)'
}

/** A place is one word of plain ASCII: a file's name can neither end the line nor look like something else in review. */
const escaped = (text: string): string =>
  [...text]
    .map((character) =>
      /[A-Za-z0-9_.,:;/@+~=[\]{}-]/.test(character)
        ? character
        : [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    )
    .join('')

const header = `# What audit-deps found and somebody accepted: later runs count these findings and show only what is new.
# Made by "audit-deps baseline"; "audit-deps baseline --prune" drops what is gone. Review it as you review code.
# ID CODE [PLACE] [(history)]  # reason
`

/** Sorted, without doubles, so that two branches merge. */
export function formatBaseline(lines: readonly BaselineLine[]): string {
  const texts = lines.map(
    ({ id, code, place, history, reason }) =>
      `${id} ${code}${place === undefined ? '' : ` ${place}`}${history ? ' (history)' : ''}  # ${clean(reason).trim()}\n`,
  )
  return header + [...new Set(texts)].sort().join('')
}

/**
 * Written beside and moved into place: a reader never sees half of it, and a link is replaced, not followed.
 * @throws AuditError OUTPUT_UNWRITABLE
 */
export async function writeBaseline(root: string, lines: readonly BaselineLine[]): Promise<void> {
  const file = join(root, baselineFile)
  // In a container one run has the number of the last one, which may have been ended here.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(draft, formatBaseline(lines), { flag: 'wx' })
    await rename(draft, file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true })
    throw new AuditError('OUTPUT_UNWRITABLE', `cannot write ${baselineFile}: ${reasonOf(cause)}`, {
      hint: 'make the folder writable, then run it again',
      cause,
    })
  }
}

const invalid = (why: string, hint: string, cause?: unknown): AuditError =>
  new AuditError('CONFIG_INVALID', `${baselineFile}: ${why}`, { hint, ...(cause !== undefined && { cause }) })
