import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byStreams, createInflater, type Inflate } from '../../../src/git/pack/inflate.ts'

describe.each<[string, () => Inflate]>([
  ['an engine that is used again', createInflater],
  ['a stream for each object', () => byStreams],
])('%s', (_, create) => {
  it('inflates whatever comes in turn, and refuses what is damaged', () => {
    const inflate = create()
    const step = fc.record({
      data: fc.uint8Array({ maxLength: 5000 }),
      repeated: fc.integer({ min: 1, max: 40 }),
      spare: fc.integer({ min: -200, max: 200 }),
      cut: fc.option(fc.double({ min: 0, max: 0.9, noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        for (const { data, repeated, spare, cut } of steps) {
          const whole = Buffer.concat(Array.from({ length: repeated }, () => data))
          const deflated = deflateSync(whole)
          const into = Buffer.alloc(Math.max(1, whole.length + spare))
          const room = Math.min(into.length, whole.length)
          if (cut === null) {
            expect(inflate(deflated, into)).toBe(room)
            if (into.length > whole.length) expect(into.subarray(0, room).equals(whole)).toBe(true)
          } else if (into.length > whole.length) {
            expect(() => inflate(deflated.subarray(0, Math.floor(deflated.length * cut)), into)).toThrow(/inflate/)
          }
        }
      }),
    )
  })

  it('tells the checksum of one stream from that of another', () => {
    const inflate = create()
    const deflated = deflateSync(Buffer.from('as it was written'))
    deflated[deflated.length - 1]! ^= 1
    expect(() => inflate(deflated, Buffer.alloc(40))).toThrow(/inflate/)
    expect(inflate(deflateSync(Buffer.from('another')), Buffer.alloc(40))).toBe(7)
  })
})
