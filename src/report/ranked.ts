// Findings in the order of their risk, for formats that know findings and not subjects. There a subject's leading
// finding stands for the whole subject, so that four weak signs that add up to critical don't end as four weak alerts.

import { bandOf } from '../bands.ts'
import type { Band, Driver, Evidence, FileEvidence, Finding, GitEvidence, RankedSubject, Report } from '../types.ts'

/** Evidence that stands in a file, today or once. */
export type Place = FileEvidence | (GitEvidence & { readonly path: NonNullable<GitEvidence['path']> })

export interface RankedFinding {
  readonly finding: Finding
  readonly driver: Driver
  readonly ranked: RankedSubject
  /** The subject's for its leading finding, the finding's own for the others. */
  readonly band: Band
  readonly leads: boolean
  /** Where to look: its own place, else its subject's (a registry's answer about a package that a lockfile names). */
  readonly place: Place | undefined
}

/** Highest risk first, each finding once. */
export function* rankedFindings(report: Report): Generator<RankedFinding> {
  const byFingerprint = new Map(report.findings.map((finding) => [finding.fingerprint, finding]))
  for (const ranked of report.subjects) {
    const known = ranked.drivers.flatMap((driver) => {
      const finding = byFingerprint.get(driver.fingerprint)
      return finding === undefined ? [] : [{ driver, finding }]
    })
    const subjectPlace = firstPlace(known.flatMap(({ finding }) => finding.evidence))
    for (const [index, { driver, finding }] of known.entries())
      yield {
        finding,
        driver,
        ranked,
        band: index === 0 ? ranked.band : bandOf(driver.points),
        leads: index === 0,
        place: firstPlace(finding.evidence) ?? subjectPlace,
      }
  }
}

export const isPlace = (evidence: Evidence): evidence is Place =>
  evidence.kind === 'file' || (evidence.kind === 'git' && evidence.path !== undefined)

/** Scanners put the weightiest first: what stands in HEAD before what history holds. */
const firstPlace = (evidence: readonly Evidence[]): Place | undefined => evidence.find(isPlace)
