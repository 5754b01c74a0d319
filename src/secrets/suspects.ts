// Which objects hold a candidate at all: the first of two passes. Packs are matched by what their deltas add; whatever
// else there is, or where the rules look as far as they like, objects are streamed and matched one by one. What an
// earlier run has matched is not read again.

import { type GitObject, unreadable } from '../git/objects.ts'
import { readObjects } from '../git/read.ts'
import type { Repository } from '../git/repository.ts'
import { listObjects, type Scope } from '../git/scope.ts'
import type { Config, Missed, Progress } from '../types.ts'
import { attempt, matcherFailed } from './attempt.ts'
import type { Kept, Memory } from './cache.ts'
import type { Spots } from './delta.ts'
import { matchDeeply } from './derive.ts'
import type { Matcher, WindowMatcher } from './match.ts'
import { countsOf, emptyTally, sumOf, type Tally, tallyOf } from './tally.ts'
import { decodeText } from './text.ts'

export interface Suspects {
  readonly suspects: readonly GitObject[]
  /** By id, of those for which it is known. */
  readonly spots?: ReadonlyMap<string, Spots>
  /** All commits that are stored, where that is known. */
  readonly commits?: readonly string[] | undefined
  /** Of what was matched, now or before. */
  readonly tally: Tally
  readonly missed: readonly Missed[]
  /** What earlier runs knew, and what of this one is worth keeping; absent where nothing is remembered. */
  readonly memory?: Memory
  readonly kept?: Pick<Kept, 'packs' | 'loose'>
}

export interface SuspectOptions {
  readonly scope: Scope
  readonly engine: Config['engine']
  readonly shipped: WindowMatcher
  /** With the rules that a team brings; the shipped one where there are none. */
  readonly matcher: Matcher
  readonly progress: Progress
  /** Where whole histories are remembered that the shipped rules alone have matched; undefined: nowhere. */
  readonly cache?: string | undefined
}

export async function findSuspects(repo: Repository, options: SuspectOptions): Promise<Suspects> {
  const { scope, engine, shipped, matcher, progress, cache } = options
  // What stands below a subfolder is known by name only, and packs are read whole.
  const everything = scope.kind === 'all' && repo.prefix === ''
  if (engine === 'stream' || !everything || matcher !== shipped)
    return stream(repo, await listObjects(repo, scope), matcher, progress)
  const { matchPacks } = await import('./pool.ts')
  const memory =
    cache === undefined ? undefined : (await import('./cache.ts')).openMemory(cache, repo, shipped.signatures.values())
  const packed = await matchPacks(repo, shipped, { progress, memory })
  const rest = await stream(repo, packed.rest, shipped, progress)
  const { packs, loose } = packed
  const before = new Map(loose.known.map((oid) => [oid, memory!.looseOne(oid)]))
  const again = loose.counted.flatMap((oid) => {
    const { type, suspect } = before.get(oid)!
    return type !== 'tree' && suspect ? [{ oid, type, size: 0 }] : []
  })
  const suspects = [...packed.suspects, ...again, ...rest.suspects]
  const held = new Set(suspects.map(({ oid }) => oid))
  const unread = new Set(packed.rest.objects.flatMap(({ oid }) => (rest.read.has(oid) ? [] : [oid])))
  for (const { oid, type, stamp } of loose.fresh)
    if (!unread.has(oid)) before.set(oid, { stamp, type, suspect: held.has(oid) })
  return {
    suspects,
    spots: packed.spots,
    commits: packed.commits,
    tally: sumOf([packed.tally, { ...emptyTally, remembered: loose.counted.length }, rest.tally]),
    missed: rest.missed,
    ...(memory && { memory, kept: { packs, loose: before } }),
  }
}

async function stream(
  repo: Repository,
  { objects, missed }: Awaited<ReturnType<typeof listObjects>>,
  matcher: Matcher,
  progress: Progress,
): Promise<Suspects & { readonly read: ReadonlySet<string> }> {
  const suspects: GitObject[] = []
  const byOid = new Map(objects.map((object) => [object.oid, object]))
  const read = new Set<string>()
  const failed: string[] = []
  const result = await readObjects(
    repo,
    objects,
    ({ oid, data }) => {
      const candidates = attempt(() => matchDeeply(matcher, decodeText(data)))
      if (candidates === undefined) failed.push(oid)
      else {
        read.add(oid)
        if (candidates.length > 0) suspects.push(byOid.get(oid)!)
      }
    },
    (done, total, bytes) => progress('reading git objects', done, total, bytes),
  )
  const tally = { ...tallyOf(countsOf(objects.filter(({ oid }) => read.has(oid)))), bytes: result.bytes }
  return { suspects, tally, missed: [...missed, ...result.missed, ...unmatched(failed)], read }
}

/** Objects on which the matcher failed. */
export const unmatched = (oids: readonly string[]): Missed[] => unreadable(oids, matcherFailed.why, matcherFailed.next)
