// What is matched by what a delta adds is what the whole text yields: texts of few pieces, each of which means something
// only beside another one that may stand anywhere, edited again and again.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Copy } from '../../src/git/pack/delta.ts'
import { type Known, matchDelta } from '../../src/secrets/delta.ts'
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

interface Made {
  readonly text: string
  readonly copies: readonly Copy[]
}

function edited(text: string, { at, removed, piece }: typeof edit extends fc.Arbitrary<infer E> ? E : never): Made {
  const start = Math.floor(at * text.length)
  const end = Math.min(text.length, start + removed)
  const copies = [
    { from: 0, to: 0, length: start },
    { from: end, to: start + piece.length, length: text.length - end },
  ]
  return { text: text.slice(0, start) + piece + text.slice(end), copies: copies.filter(({ length }) => length > 0) }
}

const runs = Number(process.env.AUDIT_DEPS_DELTAS ?? 400)

describe('a text that is made of another', () => {
  it(`yields what it yields whole: ${runs} chains of edits`, { timeout: 60_000 + runs * 20 }, () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (pieces, edits) => {
          let text = pieces.join('')
          let known: Known = matchDelta(matcher, Buffer.from(text, 'latin1'))
          for (const one of edits) {
            const made = edited(text, one)
            const bytes = Buffer.from(made.text, 'latin1')
            known = matchDelta(matcher, bytes, { state: known, copies: made.copies })
            expect(known.candidates.map(key).sort()).toEqual(matchDeeply(matcher, decodeText(bytes)).map(key).sort())
            text = made.text
          }
        },
      ),
      { numRuns: runs },
    )
  })
})
