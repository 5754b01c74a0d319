// One text at one place: matched by the rules for that place, settled, and what a team ignores there left out. The
// same bytes under another path may be another kind of file: each path gets its own examination.

import type { ScanContext } from '../types.ts'
import { matchAgain, type Spots } from './delta.ts'
import { matchDeeply } from './derive.ts'
import { settle } from './filters.ts'
import { isProgram } from './fold-hint.ts'
import { type TextPlace, withExtraRules } from './gitleaks.ts'
import type { Matcher } from './match.ts'
import { createPlaces, type Place } from './places.ts'
import type { Sighting } from './sightings.ts'
import { ignoreFile, type TeamRules } from './team-rules.ts'

export interface Examiner {
  /** Every rule of the run, whichever paths it is for. */
  readonly matcher: Matcher
  /** Whether a file says what to ignore: by lines, which are known only of what is read. */
  readonly ignores: boolean
  /** @param spots where the shipped rules have found something, if they have looked already */
  examine(bytes: Buffer, where: TextPlace, spots?: Spots): Examined
}

export interface Examined {
  /** In the order they stand. */
  readonly seen: readonly (Pick<Sighting, 'settled' | 'allowed'> & { readonly place: Place })[]
  /** What was left out, by reason. */
  readonly dropped: ReadonlyMap<string, number>
}

export function createExaminer(
  { config: { inlineAllow, examples }, now }: Pick<ScanContext, 'config' | 'now'>,
  shipped: Matcher,
  { extra, ignored }: Pick<TeamRules, 'extra' | 'ignored'>,
): Examiner {
  const matcher = extra === undefined ? shipped : withExtraRules(shipped, extra)
  const { signatures } = matcher
  return {
    matcher,
    ignores: ignored !== undefined,
    examine(bytes, where, spots) {
      const { path } = where
      // Rules that a team brings may be for certain paths or commits only.
      const candidates =
        extra !== undefined
          ? matchDeeply(withExtraRules(shipped, extra, where), bytes, path)
          : spots === undefined || (isProgram(bytes, path) && !isProgram(bytes))
            ? matchDeeply(shipped, bytes, path)
            : matchAgain(shipped, bytes, spots)
      const placeOf = createPlaces(bytes, candidates)
      const settlement = settle(candidates, { bytes, path, signatures, inlineAllow, examples, now })
      const all = [
        ...settlement.settled.map((settled) => ({ settled })),
        ...settlement.allowed.map((settled) => ({ settled, allowed: true })),
      ]
      const placed = all
        .sort((a, b) => a.settled.start - b.settled.start)
        .map((one) => ({ ...one, place: placeOf(one.settled) }))
      const seen = placed.filter(
        ({ settled: { rule }, place: { line } }) =>
          path === undefined || ignored === undefined || !ignored.isIgnored({ ...where, path, rule, line }),
      )
      const left = placed.length - seen.length
      return { seen, dropped: left === 0 ? settlement.dropped : new Map([...settlement.dropped, [listed, left]]) }
    },
  }
}

const listed = `listed in ${ignoreFile}`
