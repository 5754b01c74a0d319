// Typosquats: how many imitations are found, how many real names are flagged, how long loading and a look-up take.
// Two makers of imitations: names/blind.ts, whose author knew no rule, with weights as public reports have them; and
// names/imitations.ts, as many of each way. Targets are divided by a hash: the weights were fitted on the tuning part of
// blind.ts, the held-out part says what to expect elsewhere.
// `--real FILE`: real package names, one a line, downloads a week after a tab where known: for the false alarms, and
// names that exist are no imitations. The file's tuning half is divided again: `--count` counts the words of one part
// (signatures/words.tsv), `--fit` learns from the second how much everything weighs (src/names/weights.ts), and sets the
// bar by the third. `--curve`: what is found at other shares of false alarms.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { indexTargets, type Lists } from '../../src/names/index-targets.ts'
import { readLists } from '../../src/names/kept.ts'
import { features, type Weights } from '../../src/names/likelihood.ts'
import { findLookalikes, judgedFor, type Lookalike, lookalikesIn, ordered } from '../../src/names/lookalikes.ts'
import type { Targets } from '../../src/names/targets.ts'
import { seeded } from './detection/random.ts'
import { blindImitations, seeded as blindly } from './names/blind.ts'
import { bestOf, examplesOf, fitWeights, thresholdAt } from './names/fit.ts'
import { groups, hash, type Imitation, imitations, type Split, splitNames, splitOf } from './names/imitations.ts'
import { countWords } from './names/usage.ts'
import { wideImitations } from './names/wide.ts'

const sampleSize = 20_000
/** What may be flagged of the real names that nobody knows. */
const alarmsAtMost = 0.0095
const wellUsedWeekly = 10_000

interface Real {
  readonly name: string
  readonly weekly: number | undefined
}
type Find = (name: string) => readonly Lookalike[]

/** @returns the exit code: 0, for numbers are no verdict; test/names/imitations.test.ts holds the floors */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      real: { type: 'string' },
      each: { type: 'string', default: '300' },
      split: { type: 'string' },
      count: { type: 'boolean' },
      fit: { type: 'boolean' },
      curve: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  })
  const started = performance.now()
  await findLookalikes('reakt')
  console.log(`lists loaded, indexed and asked once in ${Math.round(performance.now() - started)} ms`)
  const lists = await readLists()
  const targets = indexTargets(lists)
  const real = values.real === undefined ? [] : readReal(values.real)
  if (values.count) return count(real)
  if (values.fit) return learn(targets, lists, real)
  const find: Find = (name) => lookalikesIn(targets, name)
  for (const split of splitNames.filter((one) => values.split === undefined || one === values.split)) {
    for (const [title, pairs] of Object.entries(pairsOf(split, targets, lists.dependedOn, real, Number(values.each)))) {
      const missed = pairs.filter(({ name, target }) => find(name)[0]?.target !== target)
      console.log(`\n${split}, ${title}`)
      console.log(foundTable(pairs, new Set(missed), new Set(pairs.filter(({ name }) => find(name).length > 0))))
      if (values.verbose)
        for (const { kind, name, target } of missed)
          console.log(`  missed  ${kind}: ${name} for ${target}, not ${find(name)[0]?.target}`)
    }
    const unknown = real.filter(({ name }) => splitOf(name) === split && targets.placeOf(name) === undefined)
    if (unknown.length > 0) printAlarms(find, sampleOf(unknown, split), values.verbose === true)
    if (values.curve)
      printCurve(
        targets,
        pairsOf(split, targets, lists.dependedOn, real, Number(values.each)),
        sampleOf(unknown, split),
      )
  }
  return 0
}

function pairsOf(
  split: Split,
  { names }: Targets,
  dependedOn: readonly string[],
  real: readonly Real[],
  each: number,
): Readonly<Record<string, readonly Imitation[]>> {
  const taken = new Set(real.map(({ name }) => name))
  const blind = blindImitations(names, each * 40, blindly(7), taken, dependedOn)
  return {
    'by a hand that knew no rule, weighted': blind.filter(({ target }) => splitOf(target) === split),
    'as many of each way': imitations(split, names, each).filter(({ name }) => !taken.has(name)),
  }
}

const readReal = (file: string): readonly Real[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([name]) => name !== '')
    .map(([name, weekly]) => ({ name: name!, weekly: weekly ? Number(weekly) : undefined }))

/** What the tuning half of the real names is used for: no name for two things. */
function partOf(name: string): 'counted' | 'learned' | 'bar' {
  const bits = hash(name)
  return (bits & 2) !== 0 ? 'counted' : (bits & 12) !== 0 ? 'learned' : 'bar'
}

const tuningNames = (real: readonly Real[], part: ReturnType<typeof partOf>): readonly string[] => {
  if (real.length === 0) throw new Error('--count and --fit need --real FILE')
  return real.map(({ name }) => name).filter((name) => splitOf(name) === 'tuning' && partOf(name) === part)
}

const root = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))

function count(real: readonly Real[]): number {
  const usage = countWords(tuningNames(real, 'counted'))
  writeFileSync(root('signatures/words.tsv'), usage.map((row) => `${row.join('\t')}\n`).join(''))
  console.log(`${usage.length} words and beginnings`)
  return 0
}

function learn(targets: Targets, { dependedOn, usage }: Lists, real: readonly Real[]): number {
  const unknown = (part: ReturnType<typeof partOf>): readonly string[] =>
    tuningNames(real, part).filter((name) => targets.placeOf(name) === undefined)
  const taken = new Set(real.map(({ name }) => name))
  const pairs = [
    ...blindImitations(targets.names, 100_000, blindly(101), taken, dependedOn),
    ...wideImitations(targets.names, usage, 20_000, taken),
  ].filter(({ target }) => splitOf(target) === 'tuning')
  const learned = unknown('learned')
  console.log(`fitting ${pairs.length} imitations against ${learned.length} real names`)
  const weights = fitWeights(examplesOf(targets, pairs, learned))
  const bar = thresholdAt(alarmsAtMost, bestOf(targets, unknown('bar'), weights))
  writeFileSync(root('src/names/weights.ts'), source({ ...weights, bar: Math.round(bar * 100) / 100 }))
  return 0
}

const source = ({ bar, rest, out, ways, features: rows }: Weights): string => {
  const line = (row: readonly number[]): string => `[${row.join(', ')}]`
  return `// What measuring gave: how much each feature of a likeness (likelihood.ts) speaks for purpose, and each way of being
// alike. Written by \`npm run bench -- names --real FILE --fit\`, not by hand.
// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: what is near a constant is so by chance

import type { Weights } from './likelihood.ts'

// biome-ignore format: a table
export const weights: Weights = {
  bar: ${bar},
  rest: ${rest},
  out: ${line(out)},
  ways: {
${Object.entries(ways)
  .map(([way, row]) => `    ${way.includes('-') ? `'${way}'` : way}: ${line(row)},`)
  .join('\n')}
  },
  features: {
${features.map((feature) => `    ${feature}: ${line(rows[feature])},`).join('\n')}
  },
}
`
}

function foundTable(
  pairs: readonly Imitation[],
  missed: ReadonlySet<Imitation>,
  flagged: ReadonlySet<Imitation>,
): string {
  const table = new Table({
    head: ['imitation', 'group', 'pairs', 'target first %', 'flagged %'],
    style: { head: [], border: [] },
  })
  const row = (name: string, group: string, all: readonly Imitation[]): void => {
    if (all.length === 0) return
    const percent = (part: readonly Imitation[]): string => ((100 * part.length) / all.length).toFixed(1)
    table.push([
      name,
      group,
      all.length,
      percent(all.filter((one) => !missed.has(one))),
      percent(all.filter((one) => flagged.has(one))),
    ])
  }
  for (const kind of new Set(pairs.map((one) => one.kind))) {
    const all = pairs.filter((one) => one.kind === kind)
    row(kind, all[0]!.group, all)
  }
  for (const group of groups)
    row(
      'all',
      group,
      pairs.filter((one) => one.group === group),
    )
  row('all', '', pairs)
  return table.toString()
}

function printAlarms(find: Find, sample: readonly Real[], verbose: boolean): void {
  const started = performance.now()
  const alarms = sample.map((one) => ({ ...one, found: find(one.name) })).filter(({ found }) => found.length > 0)
  const each = ((performance.now() - started) * 1000) / sample.length
  const share = (part: readonly Real[], of: readonly Real[]): string =>
    `${((100 * part.length) / Math.max(1, of.length)).toFixed(2)} % of ${of.length}`
  const unscoped = ({ name }: Real): boolean => !name.startsWith('@')
  const little = ({ weekly }: Real): boolean => weekly === undefined || weekly < wellUsedWeekly
  console.log(
    [
      `real names that no list has: ${share(alarms, sample)} flagged`,
      `of those without a scope ${share(alarms.filter(unscoped), sample.filter(unscoped))}`,
      `after the veto of ${wellUsedWeekly} downloads a week ${share(alarms.filter(little), sample)}`,
      `${each.toFixed(1)} µs a name`,
    ].join('; '),
  )
  for (const [kind, count] of [...countBy(alarms.map(({ found }) => found[0]!.kind))].sort((a, b) => b[1] - a[1]))
    console.log(`  ${kind} ${count}`)
  if (verbose)
    for (const { name, found } of alarms) console.log(`  alarm  ${found[0]!.kind}: ${name} for ${found[0]!.target}`)
}

/** What would be found if the bar lay where a given share of these real names is flagged. */
function printCurve(
  targets: Targets,
  makers: Readonly<Record<string, readonly Imitation[]>>,
  real: readonly Real[],
): void {
  const best = real.map(({ name }) => Math.max(...judgedFor(targets, name).map(({ likelihood }) => likelihood)))
  for (const [title, pairs] of Object.entries(makers))
    for (const share of [0.0025, 0.005, 0.01, 0.02, 0.04]) {
      const bar = thresholdAt(share, best)
      const first = pairs.map(({ name, target }) => ({ target, found: ordered(judgedFor(targets, name), bar)[0] }))
      const flagged = first.filter(({ found }) => found !== undefined)
      const right = flagged.filter(({ target, found }) => targets.nameAt(found!.place) === target)
      const percent = (part: readonly unknown[]): string => ((100 * part.length) / pairs.length).toFixed(1)
      console.log(
        `${title}: ${(100 * share).toFixed(2)} % flagged: ${percent(right)} % target first, ${percent(flagged)} % flagged`,
      )
    }
}

function countBy(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

/** The same names every time, drawn without order. */
function sampleOf(names: readonly Real[], split: Split): readonly Real[] {
  const random = seeded(hash(split))
  const left = [...names]
  for (let i = 0; i < Math.min(sampleSize, left.length); i++) {
    const j = random.between(i, left.length - 1)
    ;[left[i], left[j]] = [left[j]!, left[i]!]
  }
  return left.slice(0, sampleSize)
}
