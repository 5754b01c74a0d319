import { describe, expect, it } from 'vitest'
import { createMatcher } from '../../src/secrets/match.ts'
import { createPlaces } from '../../src/secrets/places.ts'
import { decodeText, scanText } from '../../src/secrets/text.ts'

const token = ['gh', 'p_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1', '4AEx1N'].join('') // audit-deps:allow made up for this test
const weak = ['h4rv3st', 'M00n'].join('') // audit-deps:allow made up for this test

describe('scanText', () => {
  it('says what, where and how sure, and never the secret', async () => {
    const { findings, rules, counts } = await scanText(`a = 1\nconst t = "${token}"\n`, { path: 'src/a.ts' })
    expect(findings).toMatchObject([
      {
        code: 'secret/github-pat',
        scanner: 'secrets',
        confidence: 'high',
        evidence: [{ kind: 'file', path: 'src/a.ts', line: 2, column: 12 }],
      },
    ])
    expect(rules['secret/github-pat']?.family).toBe('exposure')
    expect(counts).toEqual({})
    expect(JSON.stringify(findings)).not.toContain(token.slice(4, 14))
  })

  it('is silent on a text without secrets', async () => {
    expect((await scanText('const password = process.env.PASSWORD\n')).findings).toEqual([])
    expect((await scanText('')).findings).toEqual([])
  })

  it('one value in three places is one finding', async () => {
    const { findings } = await scanText(`a="${token}"\nb="${token}"\nc="${token}"\n`, { path: 'a' })
    expect(findings).toHaveLength(1)
    expect(findings[0]!.evidence.map((place) => 'line' in place && place.line)).toEqual([1, 2, 3])
  })

  it('masks every candidate of a shown line, dropped ones and repetitions too', async () => {
    const line = `a="${token}" password="${weak}" # gitleaks:allow`
    const allowed = await scanText(`${line}\n`)
    expect(allowed.findings).toEqual([])
    expect(allowed.counts).toEqual({ 'allowed by a comment': 2 })
    const { findings } = await scanText(`x="${token}"; password="${weak}"; was ${weak}\n`)
    expect(findings).toHaveLength(2)
    expect(JSON.stringify(findings)).not.toContain(weak)
    expect(JSON.stringify(findings)).not.toContain(token.slice(4, 14))
  })

  it('masks a secret in the path', async () => {
    const { findings } = await scanText(`password = "${weak}"`, { path: `dumps/${token}/a.sql` })
    expect(JSON.stringify(findings)).not.toContain(token.slice(4, 14))
    expect(findings[0]!.evidence[0]).toMatchObject({ path: expect.stringContaining('dumps/') })
  })

  it('reads UTF-16 in both byte orders, and what has no lines', async () => {
    const text = `\ufeffpassword = "${weak}"\n`
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    const plain = await scanText(text.slice(1))
    const noMark = Buffer.from(text.slice(1), 'utf16le')
    for (const bytes of [little, big, noMark, Buffer.from(noMark).swap16()]) {
      const { findings } = await scanText(bytes)
      expect(findings.map(({ fingerprint }) => fingerprint)).toEqual(
        plain.findings.map(({ fingerprint }) => fingerprint),
      )
    }
    expect(decodeText(Buffer.from([0xff, 0xfe, 0x41]))).toEqual(Buffer.from(''))
    expect(decodeText(Buffer.from([0xfe, 0xff, 0x00]))).toEqual(Buffer.from(''))
  })

  it('columns count bytes, and lines survive CRLF and non-ASCII text', async () => {
    const { findings } = await scanText(`é\r\nü = "${token}"\r\n`)
    expect(findings[0]!.evidence[0]).toMatchObject({ line: 2, column: 7 })
  })

  it('the same value gives the same digest wherever it stands', async () => {
    const [a, b] = await Promise.all([scanText(`x="${token}"`), scanText(`\n\ny: '${token}'`, { path: 'b' })])
    expect(a.findings[0]!.subject).toEqual(b.findings[0]!.subject)
    expect(a.findings[0]!.fingerprint).toBe(b.findings[0]!.fingerprint)
  })
})

it('places are right in any order and cheap on one endless line', () => {
  const matcher = createMatcher([])
  const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, i) => `password="aA1!b${i}" `).join(''))
  const candidates = matcher.match(bytes)
  expect(candidates).toHaveLength(10_000)
  const begin = performance.now()
  const placeOf = createPlaces(bytes, candidates)
  expect(candidates.every((candidate) => placeOf(candidate).line === 1)).toBe(true)
  expect(placeOf(candidates[3]!).excerpt).not.toContain('aA1!b')
  expect(performance.now() - begin).toBeLessThan(4000)
})
