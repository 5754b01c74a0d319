// Learns how much each feature of a likeness weighs (src/names/weights.ts): logistic regression for each way of being
// alike, of made-up imitations against real names, so that the sum is the log-odds of purpose over chance.

import { features, observe } from '../../../src/names/likelihood.ts'
import { candidatesFor } from '../../../src/names/lookalikes.ts'
import type { Targets } from '../../../src/names/targets.ts'
import { kindOfWay, type Way } from '../../../src/names/ways.ts'
import { scopeOf } from '../../../src/names/words.ts'
import type { Imitation } from './imitations.ts'

export type Weights = Readonly<Partial<Record<Way, readonly number[]>>>

interface Example {
  readonly observed: readonly number[]
  readonly meant: 0 | 1
}

/** Both classes count as many examples as this in sum, however many there are. */
const mass = 20_000
/** Pulls weights that little speaks for towards zero. */
const ridge = 0.3
const rounds = 60

/** @param real names of packages that imitate nobody */
export function fitWeights(targets: Targets, imitations: readonly Imitation[], real: readonly string[]): Weights {
  const examples = new Map<Way, Example[]>()
  const add = (way: Way, example: Example): void => {
    const group = examples.get(way)
    if (group) group.push(example)
    else examples.set(way, [example])
  }
  // A family's leader stands for all of its members, those too that no list has.
  for (const { name, target } of imitations)
    for (const one of candidatesFor(targets, name)) {
      const found = targets.nameAt(one.place)
      if (found === target || (one.way === 'scope-family' && scopeOf(found) === scopeOf(target)))
        add(one.way, { observed: observe(targets, name, one), meant: 1 })
    }
  for (const name of real)
    for (const one of candidatesFor(targets, name)) add(one.way, { observed: observe(targets, name, one), meant: 0 })
  const weightOf = [mass / real.length, mass / imitations.length] as const
  const weights: Partial<Record<Way, readonly number[]>> = {}
  for (const way of Object.keys(kindOfWay) as Way[]) {
    const group = examples.get(way) ?? []
    if (group.some(({ meant }) => meant === 1)) weights[way] = regress(group, weightOf)
  }
  return weights
}

/** The value above which `share` of the real names would be told. */
export function thresholdAt(share: number, best: readonly number[]): number {
  const sorted = [...best].sort((a, b) => b - a)
  return sorted[Math.floor(share * sorted.length)]!
}

/** Newton's method; the ridge keeps it finite where a feature tells the two apart altogether. */
function regress(examples: readonly Example[], weightOf: readonly [number, number]): readonly number[] {
  const size = features.length
  let weights = new Array<number>(size).fill(0)
  for (let round = 0; round < rounds; round++) {
    const slope = weights.map((weight, at) => -weight * (at === 0 ? 0.01 : ridge))
    const curve = weights.map((_, row) => weights.map((_, column) => (row !== column ? 0 : row === 0 ? 0.01 : ridge)))
    for (const { observed, meant } of examples) {
      const sum = observed.reduce((total, value, at) => total + value * weights[at]!, 0)
      const guess = 1 / (1 + Math.exp(-sum))
      const weight = weightOf[meant]
      for (let row = 0; row < size; row++) {
        slope[row]! += weight * (meant - guess) * observed[row]!
        for (let column = 0; column <= row; column++)
          curve[row]![column]! += weight * guess * (1 - guess) * observed[row]! * observed[column]!
      }
    }
    for (let row = 0; row < size; row++)
      for (let column = row + 1; column < size; column++) curve[row]![column] = curve[column]![row]!
    const step = solve(curve, slope)
    const longest = Math.max(...step.map(Math.abs))
    if (!Number.isFinite(longest)) throw new Error(`round ${round} diverges`)
    weights = weights.map((weight, at) => weight + step[at]! * Math.min(1, 2 / longest))
    if (longest < 1e-4) break
  }
  return weights
}

/** Gauss–Jordan with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  for (let at = 0; at < rows.length; at++) {
    let pivot = at
    for (let row = at + 1; row < rows.length; row++)
      if (Math.abs(rows[row]![at]!) > Math.abs(rows[pivot]![at]!)) pivot = row
    ;[rows[at], rows[pivot]] = [rows[pivot]!, rows[at]!]
    const head = rows[at]!
    for (const [index, row] of rows.entries()) {
      if (index === at) continue
      const factor = row[at]! / head[at]!
      for (let column = at; column <= rows.length; column++) row[column]! -= factor * head[column]!
    }
  }
  return rows.map((row, at) => row.at(-1)! / row[at]!)
}
