// What the eye or the tongue takes for the same name: forms in which a name and its imitation are equal.

import { wordsOf } from './popular.ts'

/** Without separators and scope marks: `@babel/core`, `babel-core` and `babel.core` are one. */
export const withoutSeparators = (name: string): string => name.toLowerCase().replace(/[-_.@/~]/g, '')

/** Characters that look alike, in the letter they are read as. Cyrillic and Greek ones cannot be published any more. */
export const readAs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    l: '1i|ıіι',
    o: '0οо',
    e: '3е',
    a: '4αа',
    s: '5ѕ',
    t: '7',
    b: '8',
    g: '9',
    c: 'сϲ',
    p: 'рρ',
    x: 'хχ',
    y: 'уγ',
    k: 'кκ',
    n: 'η',
    v: 'ν',
    j: 'ј',
    h: 'һ',
  }).flatMap(([letter, twins]) => [...twins].map((twin): [string, string] => [twin, letter])),
)

/** Look-alike characters (`1`, `i` and `l`, `rn` and `m`, accents, other alphabets) in one form, separators dropped. */
export function asRead(name: string): string {
  const plain = /[^\0-\x7f]/.test(name) ? name.normalize('NFKD').replace(/\p{M}/gu, '') : name
  let read = ''
  for (const character of withoutSeparators(plain)) read += readAs.get(character) ?? character
  return read.replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** Runs of one character as one: `expresss`, `lodassh` and `lodash`. Built on the form as read. */
export const withoutRepetition = (name: string): string => asRead(name).replace(/(.)\1+/gu, '$1')

/** The name's words in alphabetical order, or undefined where there is only one. */
export function inOrder(name: string): string | undefined {
  const words = wordsOf(name.toLowerCase())
  return words.length > 1 ? words.sort().join('-') : undefined
}
