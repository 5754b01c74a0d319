import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clean, excerpt, harmless, knownMasker, masked, preview } from '../src/redact.ts'

describe('preview', () => {
  test.each([
    ['guessable shows nothing', 'hunter2hunter2hunter2', 'guessable', '••••••••'],
    ['short shows nothing', 'abc123', 'random', '••••••••'],
    ['a long random one shows its ends', `ghp_${'a1B2'.repeat(9)}`, 'random', 'ghp_a••••••B2'],
  ] as const)('%s', (_title, value, strength, shown) => expect(preview(value, strength)).toBe(shown))
})

describe('excerpt', () => {
  const text = 'first line\nconst token = "SECRETSECRET" // and OTHER\nlast'
  const at = { start: text.indexOf('SECRET'), end: text.indexOf('" //') }
  const other = { start: text.indexOf('OTHER'), end: text.indexOf('OTHER') + 5 }

  test('masks every candidate on the line, not only its own', () =>
    expect(excerpt(text, at, [other])).toBe('const token = "••••••••" // and •••••'))

  test('a span that spills over the line is masked as far as it is shown', () =>
    expect(excerpt(text, at, [{ start: 0, end: text.length }])).toBe('••••••••'))

  test('a line of a megabyte is shown in part', () => {
    const long = `${'x'.repeat(500_000)}SECRET${'y'.repeat(500_000)}`
    const shown = excerpt(long, { start: 500_000, end: 500_006 }, [])
    expect(shown).not.toContain('SECRET')
    expect(shown.length).toBeLessThan(200)
  })

  test('UTF-8 bytes read as latin1 are shown as what they are', () => {
    const latin1 = Buffer.from('clé = "SECRET" ✓').toString('latin1')
    const start = latin1.indexOf('SECRET')
    expect(excerpt(latin1, { start, end: start + 6 }, [])).toBe('clé = "••••••" ✓')
  })

  test('no byte of any span is ever shown, wherever spans lie', () => {
    const spans = fc.array(fc.tuple(fc.nat(300), fc.nat(40)), { maxLength: 6 })
    fc.assert(
      fc.property(fc.nat(299), fc.integer({ min: 1, max: 60 }), spans, (start, length, others) => {
        // Secret bytes are S, all others are dots, line breaks every 70.
        const list = [[start, length] as const, ...others].map(([from, size]) => ({ start: from, end: from + size }))
        const characters: string[] = Array.from({ length: 300 }, (_, i) => (i % 70 === 69 ? '\n' : '.'))
        for (const span of list) for (let i = span.start; i < Math.min(span.end, 300); i++) characters[i] = 'S'
        const shown = excerpt(characters.join(''), list[0]!, list.slice(1))
        expect(shown).not.toContain('S')
        expect(masked(characters.join(''), list)).not.toContain('S')
      }),
    )
  })
})

test('clean shows what could rewrite a terminal or hide text', () =>
  expect(clean('a\u001b[31mb\u202ec\u200bd\r\n')).toBe('a\\u001b[31mb\\u202ec\\u200bd\\u000d\\u000a'))

test.each([
  ['an Arabic letter mark', '\u061c'],
  ['a soft hyphen', '\u00ad'],
  ['a Mongolian vowel separator', '\u180e'],
  ['a Hangul filler', '\u3164'],
  ['an empty Braille pattern', '\u2800'],
  ['a combining grapheme joiner', '\u034f'],
  ['an interlinear anchor', '\ufff9'],
  ['a variation selector', '\ufe00'],
  ['a tag', '\u{e0041}'],
  ['a variation selector of the supplement', '\u{e0100}'],
  ['a musical control', '\u{1d173}'],
])('%s is shown', (_name, character) => {
  const digits = character.codePointAt(0)!.toString(16)
  expect(clean(`a${character}b`)).toBe(digits.length > 4 ? `a\\u{${digits}}b` : `a\\u${digits.padStart(4, '0')}b`)
})

test('letters, spaces and emoji stay', () => {
  const text = 'é ß 漢字 ไทย ก็ عربي\u00a0x ❤\ufe0f 😀 • …'
  expect(clean(text)).toBe(text)
})

test('no category that hides anything is left, whatever the character', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if ((code >= 0xd800 && code <= 0xdfff) || code === 0xfe0e || code === 0xfe0f) continue
    const character = String.fromCodePoint(code)
    const hides = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(character)
    if (hides && clean(character) === character) throw new Error(`U+${code.toString(16)} is not shown`)
  }
})

describe('values that became known elsewhere', () => {
  const mask = knownMasker(['correcthorse', 'first-line\r\nsecond-line', 'abc', 'caf\u00c3\u00a9-noir'])
  test.each([
    ['whole', 'was correcthorse, is correcthorse', 'was ••••••••, is ••••••••'],
    ['cut at the end', 'was correctho…', 'was ••••••••…'],
    ['cut at the beginning', '…ecthorse it was', '…•••••••• it was'],
    ['one line of many', 'x second-line y', 'x •••••••• y'],
    ['not ASCII', 'x café-noir y', 'x •••••••• y'],
    ['a part where nothing was cut', 'correctness', 'correctness'],
    ['too short to be told from text', 'abc', 'abc'],
    ['overlapping', 'correcthorsecond-line', '••••••••'],
  ])('%s', (_, text, shown) => expect(mask(harmless(text))).toBe(shown))

  test('no value of eight characters or more survives, wherever it stands and is cut', () => {
    const word = fc.stringMatching(/^[a-e]{8,12}$/)
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.array(word, { maxLength: 4 }),
        (values, others) => {
          const shown = knownMasker(values)(harmless([...others, ...values].join(' ')))
          for (const value of values) expect(shown).not.toContain(value)
        },
      ),
    )
  })
})
