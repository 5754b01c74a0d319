// How far an object got, of those few of which something is said: who brought it and who held it last, which branches
// and tags hold it at their tips, and whether a commit with it was pushed.

import { lines } from './objects.ts'
import { readObjects } from './read.ts'
import type { Ref } from './refs.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

export interface Signature {
  readonly oid: string
  /** `Name <email>` as the object holds it, one latin1 character a byte: outside text, to be masked by the caller. */
  readonly author: string
  /** ISO 8601, in UTC */
  readonly date: string
}

/** Who wrote the commits and tags, and when; one that cannot be read, or does not say, is absent. */
export async function signatures(repo: Repository, oids: ReadonlySet<string>): Promise<ReadonlyMap<string, Signature>> {
  const found = new Map<string, Signature>()
  const objects = [...oids].map((oid) => ({ oid, type: 'commit' as const, size: 0 }))
  await readObjects(repo, objects, ({ oid, data }) => {
    const end = data.indexOf('\n\n')
    const header = data.toString('latin1', 0, end === -1 ? data.length : end)
    const match = /^(?:author|tagger) (.*?) (-?\d{1,14}) [+-]\d{4}$/m.exec(header)
    if (match === null) return
    const time = new Date(Number(match[2]) * 1000)
    const date = Number.isNaN(time.getTime()) ? new Date(0) : time
    found.set(oid, { oid, author: match[1]!, date: date.toISOString() })
  })
  return found
}

/** Tips times paths; more would take git seconds, and then nothing is said of tips. */
const mostLookups = 50_000

/**
 * The branches (of remotes too) and tags whose tip holds an object at one of its paths.
 * @param paths by object id; from the top of the work tree, one latin1 character a byte
 * @returns ref names without `refs/heads/` and the like, latin1, by object id; undefined where it would cost too much
 */
export async function tipsHolding(
  repo: Repository,
  refs: readonly Ref[],
  paths: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const tips = tipsOf(refs)
  // An answer is a line: a path of two lines would be asked for twice.
  const all = [...new Set([...paths.values()].flatMap((some) => [...some]))].filter((path) => !path.includes('\n'))
  if (tips.size * all.length > mostLookups) return undefined
  if (tips.size * all.length === 0) return new Map()
  const lookups = [...tips.keys()].flatMap((tip) => all.map((path) => ({ tip, path })))
  const input = lookups.map(({ tip, path }) => Buffer.from(`${tip}:${path}\n`, 'latin1'))
  const answers = await lines(git(repo, ['cat-file', '--buffer', '--batch-check=%(objectname)'], { input }))
  const found = new Map<string, Set<string>>()
  for (const [i, { tip, path }] of lookups.entries()) {
    const oid = answers[i] ?? ''
    if (!paths.get(oid)?.has(path)) continue
    const names = found.get(oid) ?? new Set()
    for (const name of tips.get(tip)!) names.add(name)
    found.set(oid, names)
  }
  return new Map([...found].map(([oid, names]) => [oid, [...names].sort()]))
}

/** Commit (or a tag of a tag, which git follows) → names of the refs that lead there. */
function tipsOf(refs: readonly Ref[]): ReadonlyMap<string, readonly string[]> {
  const tips = new Map<string, string[]>()
  for (const { name, oid, target } of refs) {
    const short = /^refs\/(?:heads|remotes|tags)\/(.*)$/.exec(name)?.[1]
    if (short === undefined) continue
    const tip = target?.type === 'commit' ? target.oid : oid
    tips.set(tip, [...(tips.get(tip) ?? []), short])
  }
  return tips
}

/** The commits that branches, tags and HEAD lead to, and no remote-tracking ref; undefined where there is none of these. */
export async function localOnly(repo: Repository, refs: readonly Ref[]): Promise<ReadonlySet<string> | undefined> {
  if (!refs.some(({ name }) => name.startsWith('refs/remotes/'))) return undefined
  return new Set(await lines(git(repo, ['rev-list', ...history, '--not', '--remotes'])))
}

/** What counts as history: all refs and HEAD (of every work tree), but for stash and notes. */
export const history = ['--exclude=refs/stash', '--exclude=refs/notes/*', '--all'] as const
