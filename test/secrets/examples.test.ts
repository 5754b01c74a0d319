// Every signature brings its proof, both ways: what it must find and what it must leave alone.

import { describe, expect, it } from 'vitest'
import { settle } from '../../src/secrets/filters.ts'
import { genericSignatures } from '../../src/secrets/generic.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { allSignatures } from '../../src/secrets/signatures.ts'

const { signatures, problems } = allSignatures()
const matcher = createMatcher(signatures)
const generic = new Set(genericSignatures.map(({ id }) => id))

it('all shipped signatures can be used', () => {
  expect(problems.map(({ message }) => message)).toEqual([])
  expect(signatures.length).toBeGreaterThan(40)
})

describe.each(signatures.map((signature) => [signature.id, signature] as const))('%s', (id, { matches, ignores }) => {
  it.each(matches.map((example, index) => [index, example] as const))('finds example %i', (_, example) => {
    // What is the same for everybody is silent unless asked for.
    const { raw, settled } = rulesIn(example, matcher.signatures.get(id)?.tier === 'example')
    expect(raw).toContain(id)
    // A provider's rule may know better than a generic one what the value is.
    if (generic.has(id)) expect(settled).not.toEqual([])
    else expect(settled).toContain(id)
  })

  it.each(ignores.map((example, index) => [index, example] as const))('leaves near miss %i alone', (_, example) => {
    expect(rulesIn(example).settled).not.toContain(id)
  })
})

function rulesIn(text: string, examples = false): { raw: readonly string[]; settled: readonly string[] } {
  const bytes = Buffer.from(text)
  const candidates = matcher.match(bytes)
  const { settled } = settle(candidates, { bytes, signatures: matcher.signatures, examples })
  return { raw: candidates.map(({ rule }) => rule), settled: settled.map(({ rule }) => rule) }
}
