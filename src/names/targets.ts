// The names that can be imitated, popular ones and known members of big scopes, by their place, and everything under
// which they are looked up. Made once by index-targets.ts, when the program is built; opening it costs next to nothing.

import { type Hashed, keyOf, numberOf, numbersOf } from './hashed.ts'
import { type Knowledge, type Tables, understand } from './knowledge.ts'
import { lazily } from './lazily.ts'
import { unpack } from './packed.ts'

/** Under what a name is found: the number is part of the hash. */
export const under = {
  exact: 0,
  /** Without separators. */
  bare: 1,
  /** What stands behind the scope, without separators. */
  part: 2,
  unrepeated: 3,
  glance: 4,
  heard: 5,
  ordered: 6,
  /** Without one of its words. */
  lessOne: 7,
  /** How names of only one scope begin: its most popular one. */
  family: 8,
  /** Its scope. */
  scope: 9,
} as const

/** What is counted. */
export const counted = {
  /** Owners in whose names a word stands; a word of one alone is not counted. */
  owners: 16,
  /** Names of two words or more that a word begins, or ends. */
  first: 17,
  last: 18,
  /** Names that begin with a name and a separator: platforms are extended by everybody. */
  extensions: 19,
  /** Packages of a scope. */
  scope: 20,
  /** Owners, among real packages of all sorts, in whose names a word stands; how many of these names it begins, or ends. */
  used: 21,
  usedFirst: 22,
  usedLast: 23,
  /** Real names that begin with a name and a separator. */
  usedBeginning: 24,
} as const

/** Pieces of a name of so many letters: see neighbours.ts. */
export const pieceKind = (piece: number, length: number): number => 32 + 4 * length + piece

export interface Targets {
  /** Most popular first, then members of scopes that few install. */
  readonly names: readonly string[]
  readonly knowledge: Knowledge
  nameAt(place: number): string
  /** Undefined for a name that nobody would imitate. */
  placeOf(name: string): number | undefined
  /** Places of names, the most popular first. Compare before believing: a hash may lie. */
  find(how: number, text: string): readonly number[]
  /** The same by the key that hashed.ts makes. */
  at(key: number): readonly number[]
  count(what: number, text: string): number
  /** 1 for the name that most packages depend on, by place; 0 for one that is not among the few thousand first. */
  readonly typed: Uint16Array
  /** One bit for each letter that occurs, by place. */
  readonly letters: Uint32Array
  /** How rare each sequence of three letters is: oddness.ts. */
  readonly rarity: Uint8Array
}

/** Of how many names the popular ones are the first: what other parts of the program take for popular. */
export interface Popular {
  readonly names: readonly string[]
  readonly rank: Ranks
}
/** name → 1 for the most popular */
export type Ranks = Pick<ReadonlyMap<string, number>, 'get' | 'has'>

export interface Facts {
  readonly popular: number
  readonly tables: Tables
}

interface Sections extends Hashed {
  /** All names, one a line, and where each begins. */
  readonly text: Uint8Array<ArrayBuffer>
  readonly begins: Uint32Array
  readonly typed: Uint16Array
  readonly letters: Uint32Array
  readonly rarity: Uint8Array
}

/** @returns undefined where the bytes were made for another kind of machine, or are none of ours. */
export function openTargets(bytes: Uint8Array<ArrayBuffer>): { targets: Targets; popular: Popular } | undefined {
  const packed = unpack(bytes)
  if (packed === undefined) return undefined
  const { popular, tables } = packed.facts as Facts
  const { text, begins, typed, letters, rarity, ...hashed } = packed.arrays as unknown as Sections
  const all = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1')
  const nameAt = (place: number): string => all.slice(begins[place]!, begins[place + 1]! - 1)
  const find = (how: number, key: string): readonly number[] => numbersOf(hashed, keyOf(how, key))
  const names = lazily(() => all.slice(0, -1).split('\n'))
  const knowledge = lazily(() => understand(tables))
  const targets: Targets = {
    get names() {
      return names()
    },
    get knowledge() {
      return knowledge()
    },
    nameAt,
    placeOf: (name) => find(under.exact, name).find((place) => nameAt(place) === name),
    find,
    at: (key) => numbersOf(hashed, key),
    count: (what, key) => numberOf(hashed, keyOf(what, key)),
    typed,
    letters,
    rarity,
  }
  return { targets, popular: popularAmong(targets, popular) }
}

function popularAmong(targets: Targets, count: number): Popular {
  const names = lazily(() => targets.names.slice(0, count))
  const get = (name: string): number | undefined => {
    const place = targets.placeOf(name)
    return place === undefined || place >= count ? undefined : place + 1
  }
  return {
    get names() {
      return names()
    },
    rank: { get, has: (name) => get(name) !== undefined },
  }
}
