// How much is found, and how much is cried wolf: precision and recall of the secret detection on files made from our
// own templates. The rules were mended on the development part; only the held-out part says what to expect elsewhere.
// `--json FILE` writes the figures; `--verbose` prints every miss and false alarm of the development part, `--reveal`
// those of the held-out part too. `--exam` sits the exam instead: files by someone who had seen neither rules nor
// templates; then a second such exam, by itself. With FOLDER... it scans real files and counts what it reports in a thousand.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import type { Confidence } from '../../src/types.ts'
import { type CorpusFile, corpus, type Split, splitNames } from './detection/corpus.ts'
import { exam } from './detection/exam.ts'
import { sitExam2 } from './detection/exam2/exam.ts'
import { scanFolders } from './detection/real.ts'
import { evaluate, type Figures, figures, type Outcome, rank } from './detection/score.ts'

const levels = ['medium', 'low'] as const satisfies readonly Confidence[]
const shown = 25

/** @returns the exit code: 0, for numbers are no verdict; test/secrets/corpus.test.ts holds the floors */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: folders } = parseArgs({
    args,
    options: {
      json: { type: 'string' },
      verbose: { type: 'boolean' },
      reveal: { type: 'boolean' },
      exam: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  if (folders.length > 0) return scanFolders(folders, values.json)
  const results: { split: Split; outcomes: readonly Outcome[] }[] = []
  const files = values.exam ? exam : corpus
  for (const split of splitNames) results.push({ split, outcomes: await evaluate(files(split)) })
  for (const { split, outcomes } of results) {
    const files = outcomes.map(({ file }) => file)
    console.log(`\n${split}: ${describe(files)}`)
    console.log(secretsTable(outcomes))
    console.log(trapsTable(outcomes))
    // Who mends rules after reading these lines of the held-out part has no held-out part any more.
    if (split === 'held-out' && !values.reveal) continue
    printWorst(outcomes, values.verbose ? Number.POSITIVE_INFINITY : shown, values.exam ? masked : short)
  }
  const second = values.exam ? await sitExam2(values.reveal === true) : {}
  if (values.json !== undefined) {
    const sums = { ...Object.fromEntries(results.map(summary)), ...second }
    writeFileSync(values.json, `${JSON.stringify(sums, undefined, 2)}\n`)
    console.log(`\nfigures written to ${values.json}`)
  }
  return 0
}

function describe(files: readonly CorpusFile[]): string {
  const secrets = files.reduce((sum, { labels }) => sum + labels.length, 0)
  const traps = files.filter(({ trap }) => trap).length
  const names = new Set(files.map(({ path }) => path.replace(/^.*[./]/, ''))).size
  return `${files.length} files of ${names} kinds, ${files.length - traps} with ${secrets} secrets, ${traps} traps`
}

const kindsOf = (outcomes: readonly Outcome[]): readonly string[] =>
  [...new Set(outcomes.flatMap(({ labels }) => labels.map(({ label }) => label.kind)))].sort()
const trapKindsOf = (outcomes: readonly Outcome[]): readonly string[] =>
  [...new Set(outcomes.filter(({ file }) => file.trap).map(({ file }) => file.kind))].sort()

const text = (value: number | undefined): string => (value === undefined ? '–' : String(value))

function secretsTable(outcomes: readonly Outcome[]): string {
  const head = [
    'secrets',
    'labelled',
    ...levels.flatMap((level) => [`recall ≥ ${level}`, 'exact']),
    'precision ≥ medium',
    '≥ low',
  ]
  const table = new Table({ head, style: { head: [], border: [] } })
  const row = (name: string, kind?: string): void => {
    const at = levels.map((level) => figures(outcomes, level, kind))
    const precision = kind === undefined ? at.map((one) => text(one.precision)) : ['', '']
    table.push([
      name,
      String(at[0]!.secrets),
      ...at.flatMap((one) => [text(one.recall), String(one.exact)]),
      ...precision,
    ])
  }
  for (const kind of kindsOf(outcomes)) row(kind, kind)
  row('all')
  return table.toString()
}

function trapsTable(outcomes: readonly Outcome[]): string {
  const head = ['traps', 'files', 'false alarms: high', 'medium', 'low']
  const table = new Table({ head, style: { head: [], border: [] } })
  const row = (name: string, among: readonly Outcome[]): void => {
    const alarms = among.flatMap((one) => one.alarms)
    const count = (level: Confidence): string => String(alarms.filter(({ confidence }) => confidence === level).length)
    table.push([name, String(among.length), count('high'), count('medium'), count('low')])
  }
  const traps = outcomes.filter(({ file }) => file.trap)
  for (const kind of trapKindsOf(outcomes))
    row(
      kind,
      traps.filter(({ file }) => file.kind === kind),
    )
  row('all traps', traps)
  row(
    'beside secrets',
    outcomes.filter(({ file }) => !file.trap),
  )
  return table.toString()
}

/** Made-up secrets, and from our own templates: they may be shown, shortened. */
function printWorst(outcomes: readonly Outcome[], most: number, show: (value: string) => string): void {
  const misses = outcomes.flatMap(({ file, labels }) =>
    labels
      .filter(({ found }) => found === undefined || rank(found) < rank('medium'))
      .map(
        ({ label, found }) =>
          `  ${found ?? 'missed'}  ${label.kind}: ${label.what}  ${file.path}  ${show(label.value)}`,
      ),
  )
  const alarms = outcomes.flatMap(({ file, alarms }) =>
    alarms.map(
      (one) =>
        `  ${one.confidence}  ${one.rule}  ${file.kind}: ${file.id}  ${file.path}:${one.line}  ${show(one.value)}`,
    ),
  )
  printList('missed, or of low confidence', misses, most)
  printList('false alarms', alarms, most)
}

function printList(title: string, lines: readonly string[], most: number): void {
  const unique = [...new Set(lines)].sort()
  console.log(`\n${title}: ${lines.length}`)
  for (const line of unique.slice(0, most)) console.log(line)
  if (unique.length > most) console.log(`  … and ${unique.length - most} more: --verbose`)
}

const masked = (value: string): string => `${value.slice(0, 4)}… (${value.length})`

const short = (value: string): string => {
  const line = value.replaceAll('\n', '⏎')
  return line.length > 48 ? `${line.slice(0, 45)}…` : line
}

function summary({ split, outcomes }: { split: Split; outcomes: readonly Outcome[] }): [string, unknown] {
  const at = (kind?: string): Record<string, Figures> =>
    Object.fromEntries(levels.map((level) => [level, figures(outcomes, level, kind)]))
  const byKind = (kinds: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(kinds.map((kind) => [kind, at(kind)]))
  return [split, { overall: at(), kinds: byKind(kindsOf(outcomes)), traps: byKind(trapKindsOf(outcomes)) }]
}
