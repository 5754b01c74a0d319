import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, createMatcher, hitStride } from '../../src/secrets/match.ts'
import { allSignatures } from '../../src/secrets/signatures.ts'
import type { Signature } from '../../src/types.ts'

const { signatures } = allSignatures()
const matcher = createMatcher(signatures)

// Whole examples, pieces of them, and glue that makes and breaks assignments: what meets in a real file, worse mixed.
const examples = signatures.flatMap(({ matches, ignores }) => [...matches, ...ignores])
const glue = [
  '\n',
  ' ',
  '"',
  "'",
  '=',
  ': ',
  ',',
  ';',
  '\\',
  '://',
  '@',
  'key',
  'password',
  'token="',
  '-',
  '\xff',
  '\0',
  'a1B2',
]
const piece = fc.oneof(
  fc.constantFrom(...examples),
  fc.constantFrom(...glue),
  fc
    .tuple(fc.constantFrom(...examples), fc.nat(80), fc.nat(80))
    .map(([text, a, b]) => text.slice(Math.min(a, b), Math.max(a, b))),
  fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 12 }),
)
const text = fc.array(piece, { minLength: 1, maxLength: 25 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'))

describe('a candidate is a function of the bytes it says it depended on', () => {
  it('any window that holds them yields it, and yields no other', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (bytes, a, b) => {
        const whole = matcher.match(bytes)
        const from = Math.min(a % (bytes.length + 1), b % (bytes.length + 1))
        const to = Math.max(a % (bytes.length + 1), b % (bytes.length + 1))
        const inWindow = matcher.match(Buffer.from(bytes.subarray(from, to))).map((found) => shifted(found, from))
        expect(sorted(inWindow.filter(within(from, to, bytes.length)))).toEqual(
          sorted(whole.filter(within(from, to, bytes.length))),
        )
      }),
      { numRuns: 400 },
    )
  })

  it('other text outside of them changes nothing', () => {
    fc.assert(
      fc.property(text, text, text, (bytes, before, behind) => {
        const joined = Buffer.concat([before, bytes, behind])
        const inside = within(before.length, before.length + bytes.length, joined.length)
        const alone = matcher.match(bytes).map((found) => shifted(found, before.length))
        expect(sorted(alone.filter(inside))).toEqual(sorted(matcher.match(joined).filter(inside)))
      }),
      { numRuns: 200 },
    )
  })

  it('two scans that share the text between them find what one scan finds', () => {
    fc.assert(
      fc.property(text, fc.nat(), (bytes, at) => {
        const cut = at % (bytes.length + 1)
        const parts = [...matcher.match(bytes, 0, cut), ...matcher.match(bytes, cut)]
        expect(new Set(sorted(parts))).toEqual(new Set(sorted(matcher.match(bytes))))
      }),
      { numRuns: 200 },
    )
  })

  it('none depends on more than the reach of a word that begins nearby, and hits judged apart say the same', () => {
    fc.assert(
      fc.property(text, (bytes) => {
        const hits: number[] = []
        matcher.hits(bytes, 0, bytes.length, hits)
        const each = hits.flatMap((hit) => {
          const start = Math.floor(hit / hitStride)
          const { before, after } = matcher.reach[hit % hitStride]!
          const found = matcher.judge(bytes, Float64Array.of(hit))
          for (const { from, to } of found) {
            expect(from).toBeGreaterThanOrEqual(start - before)
            expect(to).toBeLessThanOrEqual(start + after)
          }
          return found
        })
        expect(new Set(sorted(each))).toEqual(new Set(sorted(matcher.match(bytes))))
      }),
      { numRuns: 200 },
    )
  })
})

describe('anchored signatures find what their pattern finds everywhere', () => {
  const anchored = signatures.filter((signature) => signature.anchors !== undefined && !('accepts' in signature))

  it('compared with every pattern run at every byte of a small text', () => {
    const near = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((pieces) => Buffer.from(pieces.join('').slice(0, 400), 'latin1'))
    fc.assert(
      fc.property(near, (bytes) => {
        const found = matcher.match(bytes)
        for (const signature of anchored) {
          const own = found.filter(({ rule }) => rule === signature.id).map(({ start, end }) => `${start}-${end}`)
          expect(new Set(own), signature.id).toEqual(new Set(naive(signature, bytes)))
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Per anchor the leftmost match that holds it, on the bytes that the signature may use. */
function naive({ anchors, pattern, before = 0, after = 256 }: Signature, bytes: Buffer): string[] {
  const latin1 = bytes.toString('latin1')
  const spans: string[] = []
  for (const anchor of anchors!)
    for (let at = latin1.indexOf(anchor); at !== -1; at = latin1.indexOf(anchor, at + 1)) {
      const from = Math.max(0, at - before - 16)
      const window = latin1.slice(from, at + after + 16)
      const spansHere = matchesOf(pattern, window)
        .filter(({ index, length }) => {
          const begins = from + index
          return begins >= at - before && begins <= at && begins + length >= at + anchor.length
        })
        .map(({ span }) => `${from + span[0]}-${from + span[1]}`)
      spans.push(...spansHere.slice(0, 1))
    }
  return spans
}

function matchesOf(pattern: RegExp, text: string): { index: number; length: number; span: [number, number] }[] {
  const sticky = new RegExp(pattern.source, 'dy')
  return Array.from(text, (_, at) => {
    sticky.lastIndex = at
    return sticky.exec(text)
  }).flatMap((match) =>
    match
      ? [{ index: match.index, length: match[0].length, span: match.indices!.groups!.secret! as [number, number] }]
      : [],
  )
}

const shifted = (found: Candidate, by: number): Candidate => ({
  ...found,
  start: found.start + by,
  end: found.end + by,
  from: found.from + by,
  to: found.to + by,
})

/** An interval that reaches beyond the text depended on where the text ends: only a window that ends there holds it. */
const within =
  (from: number, to: number, length: number) =>
  (found: Candidate): boolean =>
    (found.from >= from || (from === 0 && found.from < 0)) && (found.to <= to || (to === length && found.to > length))

const sorted = (found: readonly Candidate[]): string[] => [...new Set(found.map((one) => JSON.stringify(one)))].sort()
