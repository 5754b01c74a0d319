// How far an object got: which branches and tags hold it at their tips, and whether a commit with it was pushed. Asked
// for few objects, so git is asked for names and ranges, never for whole trees or histories.

import { batches, lines } from './objects.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

/** Tips times paths; more would take git seconds, and then nothing is said of tips. */
const mostLookups = 50_000

/**
 * The branches (of remotes too) and tags whose tip holds an object at one of its paths.
 * @param paths by object id; from the top of the work tree, one latin1 character a byte
 * @returns ref names without `refs/heads/` and the like, latin1, by object id; undefined where it would cost too much
 */
export async function tipsHolding(
  repo: Repository,
  paths: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const tips = await tipsOf(repo)
  // An answer is a line: a path of two lines would be asked for twice.
  const all = [...new Set([...paths.values()].flatMap((some) => [...some]))].filter((path) => !path.includes('\n'))
  if (tips.size * all.length > mostLookups) return undefined
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

/** Commit → names of the refs that lead there. */
async function tipsOf(repo: Repository): Promise<ReadonlyMap<string, readonly string[]>> {
  const format = '--format=%(objectname) %(*objectname) %(refname)'
  const refs = await lines(git(repo, ['for-each-ref', format, 'refs/heads', 'refs/remotes', 'refs/tags']))
  const tips = new Map<string, string[]>()
  for (const line of refs) {
    const [, named = '', peeled = '', ref = ''] = /^(\S+) (\S*) refs\/(?:heads|remotes|tags)\/(.*)$/.exec(line) ?? []
    const tip = peeled || named
    if (tip !== '') tips.set(tip, [...(tips.get(tip) ?? []), ref])
  }
  return tips
}

/**
 * Those of the commits that no remote-tracking ref leads to; undefined where there is no such ref, and nobody knows
 * what was pushed.
 */
export async function localOnly(
  repo: Repository,
  commits: ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  const remotes = await lines(git(repo, ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/remotes']))
  if (remotes.length === 0) return undefined
  if (commits.size === 0) return new Set()
  return new Set(await lines(git(repo, ['rev-list', '--stdin', '--not', '--remotes'], { input: batches(commits) })))
}
