// A second blind exam of the secret detector, for the first one's results have been used for mends: files as a
// benchmark of scanners would hold, secrets and traps side by side, written with neither the rules nor the other corpora
// read. (Labels were checked afterwards, the texts stayed; `provider, late` came after the first totals, the rules still
// unread.) The halves share no template. Of the held-out half only the counts are printed.

import Table from 'cli-table3'
import type { CorpusFile, Split } from '../corpus.ts'
import { type Detection, evaluate, type Figures, figures, type Outcome, rank } from '../score.ts'
import { build, type Label, type Template } from './build.ts'
import { code } from './development/code.ts'
import { config } from './development/config.ts'
import { files } from './development/files.ts'
import { late } from './development/late.ts'
import { traps } from './development/traps.ts'
import { code as heldOutCode } from './heldout/code.ts'
import { config as heldOutConfig } from './heldout/config.ts'
import { files as heldOutFiles } from './heldout/files.ts'
import { late as heldOutLate } from './heldout/late.ts'
import { traps as heldOutTraps } from './heldout/traps.ts'

const halves: Readonly<Record<Split, readonly Template[]>> = {
  development: [...code, ...config, ...files, ...traps, ...late],
  'held-out': [...heldOutCode, ...heldOutConfig, ...heldOutFiles, ...heldOutTraps, ...heldOutLate],
}

/** The files of one half; `spots` are the traps' places, in bytes as the labels are. */
export function exam2(half: Split): readonly (CorpusFile & { readonly spots: CorpusFile['labels'] })[] {
  return halves[half].map((template, index) => {
    const { path, text, labels } = build(template, half.length * 7919 + index * 104_729)
    const byte = (at: number): number => Buffer.byteLength(text.slice(0, at))
    const some = (which: (label: Label) => boolean): CorpusFile['labels'] =>
      labels
        .filter(which)
        .map(({ kind, value, start, end }) => ({ kind, what: kind, value, start: byte(start), end: byte(end) }))
    const secrets = some(({ secret, kind }) => secret && kind !== 'neutral')
    return {
      id: `exam-2/${half}/${index}`,
      path,
      kind: 'mixed',
      trap: secrets.length === 0,
      text,
      labels: secrets,
      neutral: some(({ kind }) => kind === 'neutral'),
      spots: some(({ secret }) => !secret),
    }
  })
}

/** Sits the second exam and prints its tables. @returns the sums for a JSON file */
export async function sitExam2(reveal: boolean): Promise<Readonly<Record<string, Figures>>> {
  const sums: Record<string, Figures> = {}
  for (const half of ['development', 'held-out'] as const) {
    const papers = exam2(half)
    const outcomes = await evaluate(papers)
    const alarms = outcomes.flatMap(({ alarms }, index) =>
      alarms.map((alarm) => ({ alarm, kind: trapAt(papers[index]!.spots, alarm), path: papers[index]!.path })),
    )
    console.log(`\nexam 2, ${half}: ${papers.length} files, secrets and traps side by side`)
    console.log(secretsTable(outcomes))
    console.log(
      trapsTable(
        papers.flatMap(({ spots }) => spots),
        alarms,
      ),
    )
    for (const level of ['medium', 'low'] as const) sums[`exam-2/${half}/${level}`] = figures(outcomes, level)
    if (half === 'development' || reveal) printWrong(outcomes, alarms)
  }
  return sums
}

interface Alarm {
  readonly alarm: Detection
  readonly kind: string
  readonly path: string
}

/** The class of the trap that was fallen for; `elsewhere` for text that is no labelled trap. */
function trapAt(spots: CorpusFile['labels'], { start, value }: Detection): string {
  return spots.find((spot) => start < spot.end && spot.start < start + Math.max(1, value.length))?.kind ?? 'elsewhere'
}

const table = (head: string[]) => new Table({ head, style: { head: [], border: [] } })
const text = (value: number | undefined): string => (value === undefined ? '–' : String(value))

function secretsTable(outcomes: readonly Outcome[]): string {
  const out = table(['secrets', 'labelled', 'recall ≥ medium', 'recall ≥ low', 'exact', 'precision ≥ medium', '≥ low'])
  const kinds = new Set(outcomes.flatMap(({ labels }) => labels.map(({ label }) => label.kind)))
  for (const kind of [...[...kinds].sort(), undefined]) {
    const [medium, low] = [figures(outcomes, 'medium', kind), figures(outcomes, 'low', kind)]
    const precision = kind === undefined ? [text(medium.precision), text(low.precision)] : ['', '']
    out.push([kind ?? 'all', low.secrets, text(medium.recall), text(low.recall), low.exact, ...precision])
  }
  return out.toString()
}

function trapsTable(spots: CorpusFile['labels'], alarms: readonly Alarm[]): string {
  const out = table(['traps', 'places', 'false alarms: high', 'medium', 'low'])
  const kinds = [...new Set(spots.map(({ kind }) => kind))].sort()
  for (const kind of [...kinds, 'elsewhere', undefined]) {
    const mine = alarms.filter((one) => kind === undefined || one.kind === kind)
    const places = spots.filter((spot) => kind === undefined || spot.kind === kind).length
    const counts = (['high', 'medium', 'low'] as const).map(
      (level) => mine.filter(({ alarm }) => alarm.confidence === level).length,
    )
    out.push([kind ?? 'all', kind === 'elsewhere' ? '' : places, ...counts])
  }
  return out.toString()
}

/** Made-up values, but of real formats: their beginnings only. */
function printWrong(outcomes: readonly Outcome[], alarms: readonly Alarm[]): void {
  console.log('\nmissed, or of low confidence:')
  for (const { file, labels } of outcomes)
    for (const { label, found } of labels)
      if (found === undefined || rank(found) < rank('medium'))
        console.log(
          `  ${found ?? 'missed'}  ${label.kind}  ${file.path}:${lineOf(file, label.start)}  ${masked(label.value)}`,
        )
  console.log('false alarms:')
  for (const { alarm, kind, path } of alarms)
    console.log(`  ${alarm.confidence}  ${alarm.rule}  ${kind}  ${path}:${alarm.line}  ${masked(alarm.value)}`)
}

const lineOf = ({ text }: CorpusFile, byte: number): number =>
  Buffer.from(text).subarray(0, byte).toString('latin1').split('\n').length
const masked = (value: string): string => `${JSON.stringify(value.slice(0, 4))}… (${value.length})`
