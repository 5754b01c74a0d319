// Learns how much each feature of a likeness weighs (src/names/weights.ts): one small network for all ways of being
// alike, made-up imitations against real names, so that the sum is the log-odds of purpose over chance.

import { features, observe, sumOf, type Weights } from '../../../src/names/likelihood.ts'
import { candidatesFor } from '../../../src/names/lookalikes.ts'
import type { Targets } from '../../../src/names/targets.ts'
import { kindOfWay, type Way } from '../../../src/names/ways.ts'
import { scopeOf } from '../../../src/names/words.ts'
import { type Random, seeded } from '../detection/random.ts'
import type { Imitation } from './imitations.ts'

interface Option {
  readonly way: number
  readonly observed: readonly number[]
}
/** What a name could be taken for. */
export interface Example {
  /** What it is meant to be taken for; for a real name whatever it looks like. */
  readonly meant: readonly Option[]
  /** What it only looks like besides. */
  readonly others: readonly Option[]
  readonly isImitation: boolean
  /** Both classes weigh the same in sum, however many there are. */
  readonly weight: number
}

const ways = Object.keys(kindOfWay) as readonly Way[]
const units = 32
const rounds = 50
const batch = 64
/** How much it counts that the true target comes first. */
const inOrder = 0.5
/** Pulls weights towards zero, so that what few examples say does not count much. */
const decay = 2e-5

/** @param real names of packages that imitate nobody */
export function examplesOf(targets: Targets, imitations: readonly Imitation[], real: readonly string[]): Example[] {
  const optionsOf = (
    name: string,
    isMeant: (target: string, way: Way) => boolean,
  ): Pick<Example, 'meant' | 'others'> => {
    const candidates = candidatesFor(targets, name)
    const meant: Option[] = []
    const others: Option[] = []
    for (const one of candidates)
      (isMeant(targets.nameAt(one.place), one.way) ? meant : others).push({
        way: ways.indexOf(one.way),
        observed: observe(targets, name, one, candidates.length),
      })
    return { meant, others }
  }
  const weight = real.length / imitations.length
  return [
    ...imitations.map(({ name, target }) => ({
      // A family's leader stands for all of its members, those too that no list has.
      ...optionsOf(name, (one, way) => one === target || (way === 'scope-family' && scopeOf(one) === scopeOf(target))),
      isImitation: true,
      weight,
    })),
    ...real.map((name) => ({ ...optionsOf(name, () => true), isImitation: false, weight: 1 })),
  ].filter(({ meant }) => meant.length > 0)
}

/** Stochastic gradient descent (Adam) on the log-loss; the same numbers every time. */
export function fitWeights(examples: readonly Example[], seed = 1): Weights {
  const random = seeded(seed)
  const inputs = features.length
  const size = (ways.length + inputs + 1) * units + 1
  const [outAt, restAt] = [(ways.length + inputs) * units, size - 1]
  const values = Float64Array.from({ length: size }, (_, at) => (at === restAt ? 0 : (uniform(random) - 0.5) * 0.6))
  const [slope, first, second] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  const inner = new Float64Array(units)
  const forward = ({ way, observed }: Option): number => {
    for (let unit = 0; unit < units; unit++) inner[unit] = values[way * units + unit]!
    for (let input = 0; input < inputs; input++) {
      const value = observed[input]!
      if (value === 0) continue
      const from = (ways.length + input) * units
      for (let unit = 0; unit < units; unit++) inner[unit]! += value * values[from + unit]!
    }
    let sum = values[restAt]!
    for (let unit = 0; unit < units; unit++) {
      inner[unit] = Math.tanh(inner[unit]!)
      sum += inner[unit]! * values[outAt + unit]!
    }
    return sum
  }
  const likeliest = (options: readonly Option[]): readonly [Option, number] =>
    options.map((one) => [one, forward(one)] as const).reduce((best, one) => (one[1] > best[1] ? one : best))
  const learn = (option: Option, error: number): void => {
    const { way, observed } = option
    forward(option)
    slope[restAt]! += error
    for (let unit = 0; unit < units; unit++) {
      const active = inner[unit]!
      slope[outAt + unit]! += error * active
      inner[unit] = error * values[outAt + unit]! * (1 - active * active)
      slope[way * units + unit]! += inner[unit]!
    }
    for (let input = 0; input < inputs; input++) {
      const value = observed[input]!
      if (value === 0) continue
      const from = (ways.length + input) * units
      for (let unit = 0; unit < units; unit++) slope[from + unit]! += inner[unit]! * value
    }
  }
  const order = Array.from(examples, (_, at) => at)
  const steps = Math.ceil(examples.length / batch) * rounds
  let step = 0
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random)
    for (let from = 0; from < order.length; from += batch) {
      slope.fill(0)
      for (const at of order.slice(from, from + batch)) {
        const { meant, others, isImitation, weight } = examples[at]!
        // A name is judged by the likeliest of what it could be taken for, so that alone is what learns.
        const [best, sum] = likeliest(meant)
        let error = 1 / (1 + Math.exp(-sum)) - Number(isImitation)
        if (isImitation && others.length > 0) {
          const [other, otherSum] = likeliest(others)
          const lead = inOrder / (1 + Math.exp(sum - otherSum))
          learn(other, weight * lead)
          error -= lead
        }
        learn(best, weight * error)
      }
      step++
      const rate = 0.006 * (1 - step / (steps + 1))
      for (let at = 0; at < size; at++) {
        const gradient = slope[at]! / batch + (at === restAt ? 0 : decay * values[at]!)
        first[at] = 0.9 * first[at]! + 0.1 * gradient
        second[at] = 0.999 * second[at]! + 0.001 * gradient * gradient
        const mean = first[at]! / (1 - 0.9 ** step)
        const spread = second[at]! / (1 - 0.999 ** step)
        values[at]! -= (rate * mean) / (Math.sqrt(spread) + 1e-8)
      }
    }
  }
  const row = (at: number): readonly number[] => [...values.subarray(at * units, (at + 1) * units)].map(rounded)
  return {
    bar: 0,
    rest: rounded(values[restAt]!),
    out: row(ways.length + inputs),
    ways: Object.fromEntries(ways.map((way, at) => [way, row(at)])) as unknown as Weights['ways'],
    features: Object.fromEntries(
      features.map((feature, at) => [feature, row(ways.length + at)]),
    ) as unknown as Weights['features'],
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
const uniform = (random: Random): number => random.below(1_000_000) / 1_000_000

function shuffle(order: number[], random: Random): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
}

/** The highest sum of what each name could be taken for. */
export const bestOf = (targets: Targets, names: readonly string[], weights: Weights): readonly number[] =>
  names.map((name) => {
    const candidates = candidatesFor(targets, name)
    return candidates.reduce(
      (most, one) => Math.max(most, sumOf(weights, one.way, observe(targets, name, one, candidates.length))),
      Number.NEGATIVE_INFINITY,
    )
  })

/** The value above which `share` of the real names would be told. */
export function thresholdAt(share: number, best: readonly number[]): number {
  const sorted = [...best].sort((a, b) => b - a)
  return sorted[Math.floor(share * sorted.length)]!
}
