// What is matched by what a delta adds is what the whole text yields: texts of few pieces, each of which means something
// only beside another one that may stand anywhere, edited again and again.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Copy } from '../../src/git/pack/delta.ts'
import { type Known, matchAgain, matchDelta, spotsOf } from '../../src/secrets/delta.ts'
import { matchDeeply } from '../../src/secrets/derive.ts'
import { decodeText, shippedMatcher } from '../../src/secrets/text.ts'
import { key } from './engines.ts'

const matcher = shippedMatcher()
const token = ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join('')
const inBase64 = Buffer.from(`{"secret": "${token}", "more": "of it"}`).toString('base64')
const codes = [...token].map((character) => character.charCodeAt(0))

const halves = [
  `const a = '${token.slice(0, 12)}'\n`,
  `const b = '${token.slice(12)}'\n`,
  'f(a + b)\n',
  `let s = '${token.slice(0, 14)}'\n`,
  `s += '${token.slice(14)}'\n`,
  `const list = ['${token.slice(0, 9)}', '${token.slice(9)}']\n`,
  "list.join('')\n",
  `x = [${codes.join(', ')}]\n`,
  'String.fromCharCode(...x)\n',
  'apiVersion: v1\nkind: Secret\n',
  'kind: Secret\n',
  'data:\n',
  `  password: ${Buffer.from('tr0ub4dor&3-horse').toString('base64')}\n`,
  inBase64.slice(0, 23),
  inBase64.slice(23),
  `${inBase64.match(/.{1,60}/g)!.join('\n    ')}\n`,
  Buffer.from(token).toString('hex').slice(0, 37),
  Buffer.from(token).toString('hex').slice(37),
  [...token].map((one) => `%${one.charCodeAt(0).toString(16)}`).join(''),
  token.slice(0, 7),
  token.slice(7),
  'password = ',
  '"tr0ub4dor&3xQ"\n',
  "'",
  '"',
  '`',
  ' +\n  ',
]
const filler = fc.oneof(
  fc.nat({ max: 60 }).map((count) => 'word of no meaning, at all. '.repeat(count)),
  fc.nat({ max: 30 }).map((count) => 'if (x) { return y(z) }\n'.repeat(count)),
  fc.nat({ max: 400 }).map((count) => ' '.repeat(count)),
  fc.constant('\n'),
)
const piece = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...halves) }, { weight: 3, arbitrary: filler })

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 30 }), fc.nat({ max: 2000 })),
  piece: fc.oneof({ weight: 4, arbitrary: piece }, fc.constant('')),
})

type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never

/** What stands between the edits was copied, wherever they are. */
function edited(text: string, edits: readonly Edit[]): { readonly text: string; readonly copies: readonly Copy[] } {
  const copies: Copy[] = []
  let made = ''
  let from = 0
  const copy = (end: number): void => {
    if (end > from) copies.push({ from, to: made.length, length: end - from })
    made += text.slice(from, end)
  }
  for (const { at, removed, piece } of [...edits].sort((a, b) => a.at - b.at)) {
    const start = Math.floor(at * text.length)
    if (start < from) continue
    copy(start)
    made += piece
    from = Math.min(text.length, start + removed)
  }
  copy(text.length)
  return { text: made, copies }
}

const runs = Number(process.env.AUDIT_DEPS_DELTAS ?? 400)

describe('a text that is made of another', () => {
  it(`yields what it yields whole: ${runs} chains of edits`, { timeout: 60_000 + runs * 20 }, () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (pieces, versions) => {
          let text = pieces.join('')
          let known: Known = matchDelta(matcher, Buffer.from(text, 'latin1'))
          for (const edits of versions) {
            const made = edited(text, edits)
            const bytes = Buffer.from(made.text, 'latin1')
            known = matchDelta(matcher, bytes, { state: known, copies: made.copies })
            const { hits, chains } = matchDelta(matcher, bytes)
            expect({ hits: known.hits, chains: known.chains }).toEqual({ hits, chains })
            const expected = matchDeeply(matcher, decodeText(bytes)).map(key)
            expect(known.candidates.map(key).sort()).toEqual([...expected].sort())
            const spots = spotsOf(known)
            // In their order: of equals the first is told.
            if (spots !== undefined) expect(matchAgain(matcher, bytes, spots).map(key)).toEqual(expected)
            text = made.text
          }
        },
      ),
      { numRuns: runs },
    )
  })
})
