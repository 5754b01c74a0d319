// A key id and its secret stand side by side in configurations: each makes the other believable. What a generic rule
// found beside a provider's id, in the shape of that provider's secret, is that secret.

import { confidences, type Signature } from '../types.ts'
import { isGeneric } from './generic.ts'
import type { Settled } from './judged.ts'

const nearLines = 5
const nearBytes = 600

/** @param settled ordered by where they stand, without overlaps */
export function paired(
  settled: readonly Settled[],
  bytes: Buffer,
  signatures: ReadonlyMap<string, Signature>,
): readonly Settled[] {
  if (!settled.some(({ tier }) => tier === 'indicator')) return settled
  return settled.map((one, index) => {
    if (one.tier !== 'secret') return one
    for (const indicator of neighbours(settled, index)) {
      const partner = partnerOf(one, indicator, signatures)
      if (partner !== undefined && linesBetween(bytes, one, indicator) <= nearLines) return believed(one, partner)
    }
    return one
  })
}

function* neighbours(settled: readonly Settled[], index: number): Generator<Settled> {
  const { start, end } = settled[index]!
  for (let i = index - 1; i >= 0 && start - settled[i]!.end <= nearBytes; i--)
    if (settled[i]!.tier === 'indicator') yield settled[i]!
  for (let i = index + 1; i < settled.length && settled[i]!.start - end <= nearBytes; i++)
    if (settled[i]!.tier === 'indicator') yield settled[i]!
}

/** What `one` is beside the indicator: its own signature if both are one provider's, or the provider's that it fits. */
function partnerOf(
  one: Settled,
  indicator: Settled,
  signatures: ReadonlyMap<string, Signature>,
): Signature | undefined {
  const own = signatures.get(one.rule)
  const provider = providerOf(indicator.rule)
  if (providerOf(one.rule) === provider) return own
  if (own === undefined || !isGeneric(own) || one.form === undefined) return undefined
  for (const signature of signatures.values()) {
    if (signature.name === undefined || signature.tier !== undefined || providerOf(signature.id) !== provider) continue
    if (new RegExp(`^(?:${signature.pattern.source})$`).test(one.value)) return signature
  }
  return undefined
}

const providerOf = (rule: string): string => rule.split('-', 1)[0]!

function believed(one: Settled, { id, severity, confidence, strength }: Signature): Settled {
  if (one.rule === id) return { ...one, confidence: raised(one.confidence), note: one.note ?? besideItsId }
  return { ...one, rule: id, severity, strength, confidence: raised(confidence), note: besideItsId }
}

const besideItsId = 'beside its key id'

const raised = (confidence: Settled['confidence']): Settled['confidence'] =>
  confidences[Math.min(confidences.indexOf(confidence) + 1, confidences.length - 1)]!

function linesBetween(bytes: Buffer, a: Settled, b: Settled): number {
  const [first, second] = a.start < b.start ? [a, b] : [b, a]
  let lines = 0
  for (let at = bytes.indexOf(10, first.end); at !== -1 && at < second.start; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}
