// Runs the real pipeline over labelled files and counts: of the secrets, how many are found (recall); of what is
// reported, how much is a secret (precision). Information (severity `info`) is not an alarm and finds nothing.

import type { Digester } from '../../../src/secrets/digest.ts'
import type { Matcher } from '../../../src/secrets/match.ts'
import { scanText, shippedMatcher } from '../../../src/secrets/text.ts'
import { type Confidence, confidences } from '../../../src/types.ts'
import type { CorpusFile, Label } from './corpus.ts'

export interface Detection {
  readonly rule: string
  readonly confidence: Confidence
  readonly severity: string
  /** latin1, as candidates hold it. */
  readonly value: string
  /** In bytes. */
  readonly start: number
  readonly line: number
  /** The line, with every candidate on it masked. */
  readonly excerpt: string
}

export interface Outcome {
  readonly file: CorpusFile
  /** With the confidence by which it was found; undefined where it was missed. */
  readonly labels: readonly {
    readonly label: Label
    readonly found?: Confidence
    readonly exact: boolean
    readonly rule?: string
  }[]
  readonly alarms: readonly Detection[]
}

/** Stands in for the digest, so that the value comes back with its finding: only a benchmark may do that. */
const transparent: Digester = { digest: (value) => Promise.resolve(value), begin: () => {} }

/** What scanText finds in one text, one entry per place, each with its value. */
export async function detect(text: string | Buffer, path: string, matcher: Matcher): Promise<readonly Detection[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const { findings } = await scanText(bytes, { path, matcher, digester: transparent })
  const lines = lineStarts(bytes)
  return findings.flatMap(({ code, confidence, severity, subject, evidence }) =>
    evidence.flatMap((place) =>
      place.kind === 'file' && subject.kind === 'secret'
        ? [
            {
              rule: code.replace(/^secret\//, ''),
              confidence,
              severity,
              value: subject.digest,
              start: lines[place.line - 1]! + place.column - 1,
              line: place.line,
              excerpt: place.excerpt,
            },
          ]
        : [],
    ),
  )
}

/** Scans the files and holds what is found against their labels. */
export async function evaluate(files: readonly CorpusFile[]): Promise<readonly Outcome[]> {
  const matcher = shippedMatcher()
  const outcomes: Outcome[] = []
  for (const file of files) {
    const all = await detect(file.text, file.path, matcher)
    const found = all.filter(({ severity }) => severity !== 'info')
    const labels = file.labels.map((label) => {
      const hits = found.filter((detection) => meets(detection, label))
      const best = hits.reduce<Detection | undefined>(
        (one, next) => (one === undefined || rank(next.confidence) > rank(one.confidence) ? next : one),
        undefined,
      )
      const exact = hits.some(({ value }) => value === Buffer.from(label.value).toString('latin1'))
      return { label, exact, ...(best && { found: best.confidence, rule: best.rule }) }
    })
    const known = [...file.labels, ...file.neutral]
    outcomes.push({ file, labels, alarms: found.filter((one) => !known.some((label) => meets(one, label))) })
  }
  return outcomes
}

export const rank = (confidence: Confidence): number => confidences.indexOf(confidence)

/** They overlap. What was decoded is as long as its code at least. */
function meets({ start, value }: Detection, label: Label): boolean {
  return start < label.end && label.start < start + Math.max(1, value.length)
}

function lineStarts(bytes: Buffer): readonly number[] {
  const starts = [0]
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  return starts
}

/** Found and missed at one level of confidence and above. */
export interface Figures {
  readonly secrets: number
  readonly found: number
  /** Found with exactly the secret's own bytes. */
  readonly exact: number
  readonly alarms: number
  readonly files: number
  /** Percent; undefined where nothing was there to find, or nothing was reported. */
  readonly recall: number | undefined
  readonly precision: number | undefined
}

/** Sums outcomes up at `least` confidence and above. */
export function figures(outcomes: readonly Outcome[], least: Confidence, kind?: string): Figures {
  const labels = outcomes.flatMap((one) => one.labels).filter(({ label }) => kind === undefined || label.kind === kind)
  const hits = labels.filter(({ found }) => found !== undefined && rank(found) >= rank(least))
  const files = outcomes.filter(({ file }) => kind === undefined || file.kind === kind)
  const alarms = files.flatMap((one) => one.alarms).filter(({ confidence }) => rank(confidence) >= rank(least)).length
  return {
    secrets: labels.length,
    found: hits.length,
    exact: hits.filter(({ exact }) => exact).length,
    alarms,
    files: files.length,
    recall: percent(hits.length, labels.length),
    precision: percent(hits.length, hits.length + alarms),
  }
}

const percent = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : Math.round((1000 * part) / whole) / 10
