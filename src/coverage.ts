// How a scanner says what it read of each source and what it did not, and why: one line per reason.

import { listed } from './listed.ts'
import type { Amounts, Coverage, Missed, ScannerName, Served, Source } from './types.ts'

const shownReasons = 20

export interface CoverageWords {
  /** Complete, or partial where anything was missed; what has one reason is one entry. */
  coverageOf(source: Source, checked: number, missed: readonly Missed[], amounts?: Amounts): Coverage
  skipped(source: Source, reason: string): Coverage
  /** @param checked of what was asked, if the source served it. */
  servedCoverage<T>(source: Source, served: Served<T>, checked: (value: T) => number): Coverage
}

/** The words of one scanner. */
export function coverageBy(scanner: ScannerName): CoverageWords {
  const coverageOf: CoverageWords['coverageOf'] = (source, checked, missed, amounts) => ({
    ...(missed.length === 0
      ? { scanner, source, state: 'complete', checked }
      : { scanner, source, state: 'partial', checked, missed: grouped(missed) }),
    ...(amounts && { amounts }),
  })
  const skipped: CoverageWords['skipped'] = (source, reason) => ({ scanner, source, state: 'skipped', reason })
  return {
    coverageOf,
    skipped,
    servedCoverage: (source, served, checked) =>
      served.state === 'skipped'
        ? skipped(source, served.reason)
        : coverageOf(source, served.state === 'served' ? checked(served.value) : 0, served.missed),
  }
}

/** What was never asked is not checked: it may not hide behind what was. */
export function besides<T>(unasked: readonly Missed[], served: Served<T>): Served<T> {
  if (served.state === 'skipped') return served
  if (served.state === 'served') return { ...served, missed: [...served.missed, ...unasked] }
  return { ...served, missed: [...served.missed, ...unasked] }
}

/** One entry per reason, so that a registry that is down is one line and not a thousand. */
function grouped(missed: readonly Missed[]): Missed[] {
  const reasons = new Map<string, [Missed, ...Missed[]]>()
  for (const one of missed) {
    const key = `${one.why}\0${one.next}`
    const known = reasons.get(key)
    if (known) known.push(one)
    else reasons.set(key, [one])
  }
  const sorted = [...reasons.values()].sort((a, b) => b.length - a.length)
  const rest = sorted.slice(shownReasons).reduce((sum, group) => sum + group.length, 0)
  const shown = sorted
    .slice(0, shownReasons)
    .map((group) => ({ ...group[0], what: listed(group.map(({ what }) => what)) }))
  if (rest === 0) return shown
  return [...shown, { what: `${rest} more`, why: 'other reasons', next: 'mend the ones above first' }]
}
