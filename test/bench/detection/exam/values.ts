// Values and shapes that both halves of the exam's general secrets use: passwords as people choose them, random keys.

import { AN, B64, B64U, DIGIT, HEX, type Random } from './random.ts'

/** One secret in one file, before it is labelled: [path, text, the exact value], and the id of its pair. */
export type Planted = readonly [path: string, text: string, value: string, beside?: string]
/** A family of secrets: its kind for the table, the template's name, and the template. */
export type Family = readonly [kind: string, name: string, make: (r: Random) => Planted]
/** A family of traps: files in which nothing may be reported at medium confidence or higher. */
export type Trap = readonly [kind: string, name: string, make: (r: Random) => readonly [path: string, text: string]]

const words = [
  'Winter',
  'Sommer',
  'Dragon',
  'Falcon',
  'Marble',
  'Bigfoot',
  'Hamburg',
  'Copper',
  'Lakers',
  'Tiger',
  'Mango',
]

/** What a person types: a word, a number, maybe a sign. */
export const weak = (r: Random): string =>
  `${r.pick(words)}${r.pick(['', '_', '-'])}${r.text(DIGIT, r.int(2, 4))}${r.pick(['', '!', '#', '!!'])}`
/** What a password manager makes: 14 to 20 characters with signs that need no escape. */
export const strong = (r: Random): string =>
  `${r.text(AN, r.int(6, 9))}${r.pick(['!', '%', '^', '*', '~'])}${r.text(AN, r.int(7, 10))}`
/** A password for a URL: letters and digits only. */
export const plain = (r: Random): string => r.text(AN, r.int(12, 22))
/** A random key as servers make them. */
export const key = (r: Random): string =>
  r.pick([
    () => r.text(HEX, 32),
    () => r.text(HEX, 64),
    () => r.text(AN, 40),
    () => `${r.text(B64, 43)}=`,
    () => r.text(B64U, 43),
  ])()
export const host = (r: Random, kind = 'db'): string =>
  `${kind}-${r.pick(['prod', 'eu1', 'main', '02'])}.${r.pick(['corp', 'infra', 'svc'])}.acme.io`
export const user = (r: Random): string => r.pick(['deploy', 'orders', 'svc_billing', 'reporting', 'etl'])
