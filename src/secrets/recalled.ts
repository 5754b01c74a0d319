// Objects that were judged before need not be read again to be counted among a secret's places: a thousand versions of
// a file say of one secret what the version says that a report shows. Remembered is, by numbers, which values stand at
// which paths and how they were judged; read again is what a report may show of each, and from that is learned what the
// numbers stand for. Where what is read now is not what was remembered, nothing of it counts.

import type { Origin } from '../git/attribution.ts'
import type { Judged } from './cache.ts'
import type { Settled } from './filters.ts'
import { byWeight, type Sighting } from './sightings.ts'

export interface Recalled {
  readonly oid: string
  readonly attribution: Origin | undefined
  readonly judged: Judged
}

/** What one object holds, at each of its paths. */
export interface Judgement {
  /** `path` is its place in `pathsOf`. */
  readonly seen: readonly { readonly path: number; readonly sighting: Sighting }[]
  readonly dropped: ReadonlyMap<string, number>
}

/** In an order that does not depend on how they were met; one that is unknown for what has no path. */
export const pathsOf = (attribution: Origin | undefined): readonly (string | undefined)[] =>
  attribution === undefined || attribution.paths.length === 0 ? [undefined] : [...attribution.paths].sort()

/** The objects of which a report may show a place: of each value, judged alike, at each path the one that counts most. */
export function representatives(all: readonly (Recalled & Pick<Weighed, 'first'>)[]): ReadonlySet<string> {
  const best = new Map<string, Weighed & { readonly oid: string }>()
  for (const { oid, attribution, judged, first } of all) {
    const paths = pathsOf(attribution)
    const own = { oid, state: attribution?.state ?? 'unreachable', first }
    for (const [path, value, kind, allowed] of judged.seen) {
      const key = `${value} ${kind} ${allowed} ${paths[path] ?? oid}`
      const known = best.get(key)
      if (known === undefined || byWeight(own, known) < 0) best.set(key, own)
    }
  }
  return new Set([...best.values()].map(({ oid }) => oid))
}

type Weighed = Parameters<typeof byWeight>[0]

/** How something was judged, without what it is: what is alike here is said in the same words. */
const kindOf = ({ rule, severity, confidence, strength, tier, exposure, note }: Settled): string =>
  JSON.stringify([rule, severity, confidence, strength, tier, exposure ?? '', note ?? ''])

/** The numbers of values and judgements, of this run and those before. */
export class Numbers {
  readonly #kinds: string[]
  readonly #values = new Map<string, number>()
  readonly #settled = new Map<number, Settled>()
  #next = 0

  /** @param kinds of the memory, or none */
  constructor(kinds: readonly string[] = []) {
    this.#kinds = [...kinds]
  }

  get kinds(): readonly string[] {
    return this.#kinds
  }

  /** Takes what the objects were remembered to hold from what they are seen to hold; false where that differs. */
  learn(all: readonly Recalled[], read: ReadonlyMap<string, Judgement>): boolean {
    const named = new Map<number, string>()
    for (const { oid, judged } of all) {
      for (const [, value] of judged.seen) this.#next = Math.max(this.#next, value + 1)
      const judgement = read.get(oid)
      if (judgement === undefined) continue
      const [before, now] = [byPath(judged.seen, ([path]) => path), byPath(judgement.seen, ({ path }) => path)]
      if (before.length !== now.length) return false
      for (const [index, [path, value, kind, allowed]] of before.entries()) {
        const seen = now[index]!
        const { settled } = seen.sighting
        if (path !== seen.path || (allowed === 1) !== (seen.sighting.allowed === true)) return false
        if (this.#kinds[kind] !== kindOf(settled) || (named.get(value) ?? settled.value) !== settled.value) return false
        named.set(value, settled.value)
        this.#settled.set(pairOf(value, kind), settled)
      }
    }
    for (const [number, value] of named) {
      if ((this.#values.get(value) ?? number) !== number) return false
      this.#values.set(value, number)
    }
    return all.every(({ judged }) => judged.seen.every(([, value, kind]) => this.#settled.has(pairOf(value, kind))))
  }

  /** @param seen of an object that learn() was told of */
  settled([, value, kind]: Judged['seen'][number]): Settled {
    return this.#settled.get(pairOf(value, kind))!
  }

  /** What to remember of an object. */
  judged(circumstances: string, { seen, dropped }: Judgement): Judged {
    return {
      circumstances,
      dropped: Object.fromEntries(dropped),
      seen: seen.map(({ path, sighting: { settled, allowed } }) => [
        path,
        this.#numberOf(settled.value),
        this.#kindNumber(kindOf(settled)),
        allowed ? 1 : 0,
      ]),
    }
  }

  #numberOf(value: string): number {
    const number = this.#values.get(value) ?? this.#next++
    this.#values.set(value, number)
    return number
  }

  #kindNumber(kind: string): number {
    const known = this.#kinds.indexOf(kind)
    return known === -1 ? this.#kinds.push(kind) - 1 : known
  }
}

/** Kinds are few, and both are small. */
const pairOf = (value: number, kind: number): number => value * 65_536 + kind

const byPath = <T>(all: readonly T[], pathOf: (one: T) => number): readonly T[] =>
  [...all].sort((a, b) => pathOf(a) - pathOf(b))
