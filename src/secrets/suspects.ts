// Which objects hold a candidate at all: the first of two passes. Packs are matched by what their deltas add; whatever
// else there is, or where the rules look as far as they like, objects are streamed and matched one by one.

import type { GitObject } from '../git/objects.ts'
import { readObjects } from '../git/read.ts'
import type { Repository } from '../git/repository.ts'
import { listObjects, type Scope } from '../git/scope.ts'
import type { Config, Missed, Progress } from '../types.ts'
import { matchDeeply } from './derive.ts'
import type { Matcher, WindowMatcher } from './match.ts'
import { decodeText } from './text.ts'

export interface Suspects {
  readonly suspects: readonly GitObject[]
  /** Objects that were matched. */
  readonly checked: number
  readonly missed: readonly Missed[]
}

export interface SuspectOptions {
  readonly scope: Scope
  readonly engine: Config['engine']
  readonly shipped: WindowMatcher
  /** With the rules that a team brings; the shipped one where there are none. */
  readonly matcher: Matcher
  readonly progress: Progress
}

export async function findSuspects(repo: Repository, options: SuspectOptions): Promise<Suspects> {
  const { scope, engine, shipped, matcher, progress } = options
  // What stands below a subfolder is known by name only, and packs are read whole.
  const everything = scope.kind === 'all' && repo.prefix === ''
  if (engine === 'stream' || !everything || matcher !== shipped)
    return stream(repo, await listObjects(repo, scope), matcher, progress)
  const { matchPacks } = await import('./pool.ts')
  const packed = await matchPacks(repo, shipped, { progress })
  const rest = await stream(repo, packed.rest, shipped, progress)
  return {
    suspects: [...packed.suspects, ...rest.suspects],
    checked: packed.checked + rest.checked,
    missed: rest.missed,
  }
}

async function stream(
  repo: Repository,
  { objects, missed }: Awaited<ReturnType<typeof listObjects>>,
  matcher: Matcher,
  progress: Progress,
): Promise<Suspects> {
  const suspects: GitObject[] = []
  const byOid = new Map(objects.map((object) => [object.oid, object]))
  const read = await readObjects(
    repo,
    objects,
    ({ oid, data }) => {
      if (matchDeeply(matcher, decodeText(data)).length > 0) suspects.push(byOid.get(oid)!)
    },
    (done, total) => progress('reading git objects', done, total),
  )
  return { suspects, checked: read.checked, missed: [...missed, ...read.missed] }
}
