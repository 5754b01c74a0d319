// What the eye or the tongue takes for the same name: forms in which a name and its imitation are equal.

import { isSeparator, scopeOf, wordsOf } from './words.ts'

/** Without separators and scope marks: `@babel/core`, `babel-core` and `babel.core` are one. */
export const withoutSeparators = (name: string): string => mapped(name, plainLetters)

/** Characters that look alike, in the letter they are read as. Cyrillic and Greek ones cannot be published any more. */
const readAs: ReadonlyMap<string, string> = new Map(
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

/** Look-alike characters (`1`, `i` and `l`, accents, other alphabets) as one, separators dropped: letter for letter. */
export const lettersOf = (name: string): string =>
  /[^\0-\x7f]/.test(name)
    ? withoutSeparators(name.normalize('NFKD').replace(/\p{M}/gu, '')).replace(/./gu, (one) => readAs.get(one) ?? one)
    : mapped(name, readLetters)

/** What each ASCII character becomes: 0 for nothing. */
const plainLetters = Uint8Array.from({ length: 128 }, (_, code) =>
  isSeparator(code) ? 0 : String.fromCharCode(code).toLowerCase().charCodeAt(0),
)
const readLetters = plainLetters.map((code) =>
  (readAs.get(String.fromCharCode(code)) ?? String.fromCharCode(code)).charCodeAt(0),
)

/** A tenth of what a regular expression takes, and every name passes here several times. */
function mapped(name: string, table: Uint8Array): string {
  let text = ''
  let start = 0
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code > 127) return name.toLowerCase().replace(/[-_.@/~]/g, '')
    const to = table[code]!
    if (to === code) continue
    text += to === 0 ? name.slice(start, at) : name.slice(start, at) + String.fromCharCode(to)
    start = at + 1
  }
  return start === 0 ? name : text + name.slice(start)
}

/** A name in the forms in which it is compared. */
export interface Spelled {
  readonly name: string
  readonly scope: string
  /** Without separators and scope marks. */
  readonly bare: string
  /** Look-alike characters as one, letter for letter. */
  readonly letters: string
  /** Besides these, letters that together look like another: `rn` and `m`, `vv` and `w`. */
  readonly read: string
  /** Runs of one character as one, as read: `expresss`, `lodassh` and `lodash`. */
  readonly unrepeated: string
  /** What looks alike only at a glance as well: `cl` and `d`, `nn` and `m`. */
  readonly glance: string
  /** What is pronounced alike, in one spelling. */
  readonly heard: string
  /** The name's words in alphabetical order, where there are several. */
  readonly ordered: string | undefined
}

export function spell(name: string): Spelled {
  const bare = withoutSeparators(name)
  const letters = lettersOf(name)
  const read = letters.replaceAll('rn', 'm').replaceAll('vv', 'w')
  const words = wordsOf(name.toLowerCase())
  return {
    name,
    scope: scopeOf(name),
    bare,
    letters,
    read,
    unrepeated: unrepeated(read),
    glance: read.replaceAll('nn', 'm').replaceAll('cl', 'd'),
    heard: unrepeated(bare.replace(sounds, (sound) => spokenAs[sound as keyof typeof spokenAs])),
    ordered: words.length > 1 ? words.sort().join('-') : undefined,
  }
}

function unrepeated(text: string): string {
  let kept = ''
  let start = 0
  for (let at = 1; at < text.length; at++)
    if (text[at] === text[at - 1]) {
      kept += text.slice(start, at)
      start = at + 1
    }
  return start === 0 ? text : kept + text.slice(start)
}

const sounds = /ph|c[eiy]|c?k|[cqzxy]|e[ea]|o[ou]|wr|kn|(?:or|er|re)$/g
const spokenAs = {
  ph: 'f',
  ce: 'se',
  ci: 'si',
  cy: 'si',
  ck: 'k',
  k: 'k',
  c: 'k',
  q: 'k',
  z: 's',
  x: 'ks',
  y: 'i',
  ee: 'i',
  ea: 'i',
  oo: 'u',
  ou: 'u',
  wr: 'r',
  kn: 'n',
  or: 'r',
  er: 'r',
  re: 'r',
} as const
