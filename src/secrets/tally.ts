// What of an object store was matched, by kind: whoever doubts a coverage can count with git.

import type { GitObject } from '../git/objects.ts'

/** Objects, each once; and bytes, uncompressed, of those that this run has read. */
export interface Tally {
  readonly commits: number
  readonly blobs: number
  readonly tags: number
  /** Of which an earlier run has told what they hold. */
  readonly remembered: number
  readonly bytes: number
}

export const emptyTally: Tally = { commits: 0, blobs: 0, tags: 0, remembered: 0, bytes: 0 }

/** @param without what is not to be counted after all */
export function tallyOf(
  { commit, blob, tag }: Readonly<Record<GitObject['type'], number>>,
  without: readonly Pick<GitObject, 'type'>[] = [],
): Tally {
  const but = countsOf(without)
  return { ...emptyTally, commits: commit - but.commit, blobs: blob - but.blob, tags: tag - but.tag }
}

export function countsOf(objects: Iterable<Pick<GitObject, 'type'>>): Record<GitObject['type'], number> {
  const counts = { commit: 0, blob: 0, tag: 0 }
  for (const { type } of objects) counts[type]++
  return counts
}

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, one) => ({
      commits: sum.commits + one.commits,
      blobs: sum.blobs + one.blobs,
      tags: sum.tags + one.tags,
      remembered: sum.remembered + one.remembered,
      bytes: sum.bytes + one.bytes,
    }),
    emptyTally,
  )

export const objectsIn = ({ commits, blobs, tags, remembered }: Tally): number => commits + blobs + tags + remembered
