// Typosquats: how many imitations are found, how many real names are flagged, how long a look-up takes.
// Imitations are our own (names/imitations.ts); the rules were mended on the tuning part, the held-out part says what to
// expect elsewhere. `--real FILE` reads real package names, the first column of each line, for the false alarms.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { indexPopular, lookalikesIn } from '../../src/names/lookalikes.ts'
import { describePopular, loadPopular } from '../../src/names/popular.ts'
import { seeded } from './detection/random.ts'
import {
  type Group,
  groups,
  hash,
  type Imitation,
  imitations,
  type Split,
  splitNames,
  splitOf,
} from './names/imitations.ts'

const sampleSize = 20_000

/** @returns the exit code: 0, for numbers are no verdict; test/names/imitations.test.ts holds the floors */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      real: { type: 'string' },
      each: { type: 'string', default: '300' },
      split: { type: 'string' },
      verbose: { type: 'boolean' },
    },
  })
  const { names } = await loadPopular()
  const started = performance.now()
  const index = indexPopular(describePopular(names))
  console.log(`${names.length} popular names, indexed in ${Math.round(performance.now() - started)} ms`)
  const find = (name: string) => lookalikesIn(index, name)
  for (const split of splitNames.filter((one) => values.split === undefined || one === values.split)) {
    const pairs = imitations(split, names, Number(values.each))
    const missed = pairs.filter(({ name, target }) => !find(name).some((one) => one.target === target))
    console.log(`\n${split}`)
    console.log(foundTable(pairs, missed, new Set(pairs.filter(({ name }) => find(name).length > 0))))
    if (values.verbose)
      for (const { kind, name, target } of missed) console.log(`  missed  ${kind}: ${name} for ${target}`)
    if (values.real !== undefined) printAlarms(find, values.real, names, split, values.verbose === true)
  }
  return 0
}

function foundTable(
  pairs: readonly Imitation[],
  missed: readonly Imitation[],
  flagged: ReadonlySet<Imitation>,
): string {
  const table = new Table({
    head: ['imitation', 'group', 'pairs', 'target named %', 'flagged %'],
    style: { head: [], border: [] },
  })
  const row = (name: string, group: string, among: (one: Imitation) => boolean): void => {
    const all = pairs.filter(among)
    const percent = (part: number): string => ((100 * part) / all.length).toFixed(1)
    table.push([
      name,
      group,
      all.length,
      percent(all.length - missed.filter(among).length),
      percent(all.filter((one) => flagged.has(one)).length),
    ])
  }
  for (const kind of new Set(pairs.map((one) => one.kind)))
    row(kind, pairs.find((one) => one.kind === kind)!.group, (one) => one.kind === kind)
  for (const group of groups) row(`all`, group, (one) => one.group === (group as Group))
  row('all', '', () => true)
  return table.toString()
}

function printAlarms(
  find: (name: string) => readonly { kind: string; target: string }[],
  file: string,
  popular: readonly string[],
  split: Split,
  verbose: boolean,
): void {
  const known = new Set(popular)
  const real = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split('\t')[0]!)
    .filter((name) => name !== '' && !known.has(name) && splitOf(name) === split)
  const sample = sampleOf(real, split)
  const started = performance.now()
  const alarms = sample.map((name) => ({ name, found: find(name) })).filter(({ found }) => found.length > 0)
  const each = ((performance.now() - started) * 1000) / sample.length
  const kinds = new Map<string, number>()
  for (const { found } of alarms) kinds.set(found[0]!.kind, (kinds.get(found[0]!.kind) ?? 0) + 1)
  const unscoped = sample.filter((name) => !name.startsWith('@')).length
  const per = (count: number, of: number): string => ((1000 * count) / of).toFixed(2)
  console.log(
    `real names: ${sample.length}, ${per(alarms.length, sample.length)} of 1,000 flagged; of ${unscoped} unscoped ${per(alarms.filter(({ name }) => !name.startsWith('@')).length, unscoped)}; ${each.toFixed(1)} µs each`,
  )
  console.log(
    [...kinds]
      .sort((a, b) => b[1] - a[1])
      .map(([kind, count]) => `  ${kind} ${per(count, sample.length)}`)
      .join('\n'),
  )
  if (verbose)
    for (const { name, found } of alarms) console.log(`  alarm  ${found[0]!.kind}: ${name} for ${found[0]!.target}`)
}

/** The same names every time, drawn without order. */
function sampleOf(names: readonly string[], split: Split): readonly string[] {
  const random = seeded(hash(split))
  const left = [...names]
  for (let i = 0; i < Math.min(sampleSize, left.length); i++) {
    const j = random.between(i, left.length - 1)
    ;[left[i], left[j]] = [left[j]!, left[i]!]
  }
  return left.slice(0, sampleSize)
}
