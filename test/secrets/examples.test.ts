// Every signature brings its proof, both ways: what it must find and what it must leave alone.

import { describe, expect, it } from 'vitest'
import { settle } from '../../src/secrets/filters.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { allSignatures } from '../../src/secrets/signatures.ts'

const { signatures, problems } = allSignatures()
const matcher = createMatcher(signatures)

it('all shipped signatures can be used', () => {
  expect(problems.map(({ message }) => message)).toEqual([])
  expect(signatures.length).toBeGreaterThan(40)
})

describe.each(signatures.map((signature) => [signature.id, signature] as const))('%s', (id, { matches, ignores }) => {
  it.each(matches.map((example, index) => [index, example] as const))('finds example %i', (_, example) => {
    expect(rulesIn(example)).toContain(id)
  })

  it.each(ignores.map((example, index) => [index, example] as const))('leaves near miss %i alone', (_, example) => {
    expect(rulesIn(example)).not.toContain(id)
  })
})

function rulesIn(text: string): string[] {
  const bytes = Buffer.from(text)
  return settle(matcher.match(bytes), { bytes, signatures: matcher.signatures }).settled.map(({ rule }) => rule)
}
