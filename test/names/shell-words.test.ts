import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellCommands } from '../../src/names/shell-words.ts'

const read = (line: string): string[] => shellCommands(line).map((words) => words.map(({ text }) => text).join(' '))

describe('words of a shell line', () => {
  it.each([...'\t\v\f\r\u00a0\u2003\u2028\u3000\ufeff'])('are parted by the blank %j', (blank) => {
    expect(read(`npm${blank}i${blank}${blank}x${blank}`)).toEqual(['npm i x'])
    expect(read(`${blank}npm i x >${blank}log y`)).toEqual(['npm i x y'])
  })

  it.each([
    ['>|log npm i x', ['npm i x']],
    ['>\tlog npm i x', ['npm i x']],
    ['{log}>x npm i x', ['npm i x']],
    ['npm &>log i x', ['npm i x']],
    ['npm i x >&2', ['npm i x']],
    ['npm i x | cat', ['npm i x', 'cat']],
    ['a & npm i x', ['a', 'npm i x']],
    ['a &<log npm i x', ['a', 'npm i x']],
  ])('%j: redirections are none of them', (line, expected) => expect(read(line)).toEqual(expected))

  it('come to an end with any text', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(' ', '\v', '\u00a0', '$(', '"', '\\', '>', '&'),
    )
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 20 }), (units) => {
        const text = units.join('')
        for (const word of shellCommands(text).flat()) expect(word.end).toBeGreaterThan(word.at)
      }),
    )
  })
})
