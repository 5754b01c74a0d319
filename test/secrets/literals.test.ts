import fc from 'fast-check'
import { expect, it } from 'vitest'
import { requiredLiterals } from '../../src/secrets/literals.ts'

it.each([
  ['stripe.*secrets', ['secrets']],
  ['aws.*secret', ['secret']],
  ['(?:api|app)[_-]?key', ['api', 'app']],
  ['aws.{0,20}secret|secret_access_key', ['secret', 'secret_access_key']],
  ['Data(?:dog)?[_.-]?key', ['data']],
  ['dd(?=api)', ['dd']],
  ['ab+cde', ['cde']],
  ['(?<name>token){1,2}', ['token']],
  ['a{2}bcd', ['bcd']],
  ['\\x41bcd\\.e', ['bcd.e']],
  ['[abc]+', []],
  ['(?:key)?', []],
  ['key|.*', []],
  ['.', []],
] as const)('%s forces %j', (source, words) => {
  expect([...requiredLiterals(source)].sort()).toEqual([...words].sort())
})

it.each([
  ['stripe.*_key', ['key']],
  ['(?:expo|eas)[_.-]?(?:access[_.-]?)?token', ['token']],
  ['stripe.*(?:key|secret)', ['stripe']],
  ['api_key', ['api_key']],
] as const)('%s forces %j where key and token are looked for anyway', (source, words) => {
  expect(requiredLiterals(source, new Set(['key', 'token']))).toEqual(words)
})

it('never names a word that a match can do without', () => {
  const atom = fc.constantFrom(
    'ab',
    'cde',
    '[xy]',
    '.',
    'f?',
    'g*',
    'h+',
    '(?:ij|kl)',
    '(?:mn)?',
    '\\d',
    '(?:op|)',
    'q{0,2}',
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(atom, fc.constant('|')), { minLength: 1, maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqxy1'), maxLength: 30 }),
      fc.subarray(['ab', 'cde', 'ij', 'h']),
      (atoms, text, sought) => {
        const source = atoms.join('')
        const match = new RegExp(source, 'i').exec(text)
        const words = requiredLiterals(source, new Set(sought))
        if (match && words.length > 0) expect(words.some((word) => match[0].includes(word))).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})
