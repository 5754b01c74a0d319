import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAutomaton } from '../../src/secrets/automaton.ts'

describe('automaton', () => {
  it('finds every word that a plain search finds, and nothing else', () => {
    const letter = fc.constantFrom('a', 'b', 'A', '_', '\xff')
    const word = fc.string({ unit: letter, minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 8, selector: (value) => value.toLowerCase() }),
        fc.string({ unit: letter, maxLength: 60 }),
        fc.nat(60),
        fc.nat(60),
        (words, text, from, to) => {
          expect(found(words, text, from, to)).toEqual(plain(words, text, from, to))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reports a word inside a longer one, and both in any case', () => {
    expect(found(['token', 'auth_token', 'ken'], 'X-AUTH_TOKEN', 0, 12)).toEqual(['auth_token@2', 'ken@9', 'token@7'])
  })

  it('without words finds nothing', () => {
    expect(found([], 'anything', 0, 8)).toEqual([])
  })
})

function found(words: readonly string[], text: string, from: number, to: number): string[] {
  const hits: string[] = []
  buildAutomaton(words).find(Buffer.from(text, 'latin1'), from, to, (word, start) =>
    hits.push(`${words[word]}@${start}`),
  )
  return hits.sort()
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function plain(words: readonly string[], text: string, from: number, to: number): string[] {
  const hits: string[] = []
  for (const word of words)
    for (let at = from; at < Math.min(to, text.length); at++)
      if (lowerAscii(text).startsWith(lowerAscii(word), at)) hits.push(`${word}@${at}`)
  return hits.sort()
}
