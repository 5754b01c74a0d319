// What happened since an earlier walk: only commits that came or left are asked for. Whatever cannot be told that way is
// for a walk over all of history.

import { type Ahead, readAhead } from './ahead.ts'
import { type Changes, readChanges, wantedOf } from './changes.ts'
import { between, type Held } from './held.ts'
import { batches, describe, lines } from './objects.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'
import { walk } from './walk.ts'
import type { Remembered } from './walk-memory.ts'

export interface CatchUp {
  readonly remembered: Remembered
  /** What runs until somebody reads it. */
  readonly running: readonly Ahead[]
  /**
   * Brings the remembered changes up to date, for `wanted` besides what is remembered. Without the stash, notes and
   * reflogs: their commits stand there as unreachable.
   * @returns undefined where history has to be walked anew
   */
  read(wanted: ReadonlySet<string>): Promise<Changes | undefined>
}

/** Starts at once. @param tips and @param held as they are now, the tips having been asked for first */
export function catchUp(repo: Repository, remembered: Remembered, tips: readonly string[], held: Held): CatchUp {
  const [before, now] = [new Set(remembered.tips), new Set(tips)]
  const came = tips.filter((tip) => !before.has(tip))
  const gone = remembered.tips.filter((tip) => !now.has(tip))
  const fresh =
    came.length === 0 ? undefined : walk(repo, [], { from: [...came, ...without(remembered.tips)], merges: true })
  const left = gone.length === 0 ? undefined : listed(repo, [...gone, ...without(tips)])
  return {
    remembered,
    running: [fresh, left].filter((stream) => stream !== undefined),
    async read(given) {
      const since = between(repo, remembered.held, held)
      const known = new Set(remembered.wanted)
      const unknown = [...given].filter((oid) => !known.has(oid))
      // An object that nobody asked for then may have come and gone in commits that are not looked at again.
      if (since.came === undefined || since.wasThere(unknown) !== false) return undefined

      const { changes } = remembered
      const wanted = wantedOf(new Set([...known, ...given]), digits)
      // Where clocks went backwards, git also names commits that are still reachable: then only all of history tells.
      if (left !== undefined && (await lines(left)).some((oid) => changes.commits.has(oid))) return undefined
      const met = new Set<string>()
      const into = { wanted, digits, changes }
      if (fresh !== undefined) await readChanges(fresh, { ...into, reach: 'history', met: (oid) => void met.add(oid) })
      const dangling = (await commitsOf(repo, since.came)).filter((oid) => !met.has(oid))
      if (dangling.length > 0) {
        const args = ['--ignore-missing', '--not', '--all', '--reflog']
        await readChanges(walk(repo, args, { from: dangling, merges: true }), { ...into, reach: 'unreachable' })
      }
      const inDoubt = [...changes.commits.values()].flatMap(({ oid, reach }) =>
        reach === 'unreachable' && (since.packGone || since.looseGone.has(oid)) ? [oid] : [],
      )
      if (inDoubt.length > 0) {
        const present = new Set((await describe(repo, inDoubt)).objects.map(({ oid }) => oid))
        changes.forget(new Set(inDoubt.filter((oid) => !present.has(oid))))
      }
      return changes
    },
  }
}

/** SHA-1's, for of other stores nothing is remembered. */
const digits = 40

const without = (oids: readonly string[]): string[] => oids.map((oid) => `^${oid}`)

function listed(repo: Repository, from: readonly string[]): Ahead {
  const abort = new AbortController()
  const list = git(repo, ['rev-list', '--stdin'], { input: batches(from), signal: abort.signal })
  return readAhead(list, mostWaiting, abort)
}

/** A million ids. */
const mostWaiting = 41 * 2 ** 20

async function commitsOf(repo: Repository, oids: readonly string[]): Promise<readonly string[]> {
  if (oids.length === 0) return []
  return (await describe(repo, oids)).objects.flatMap(({ oid, type }) => (type === 'commit' ? [oid] : []))
}
