// One walk over some of a repository's commits: git lists them and says what each changed. It starts at once and is read
// later, when it is known which objects are wanted.

import { type Ahead, readAhead } from './ahead.ts'
import { header } from './changes.ts'
import { batches } from './objects.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

export interface WalkOptions {
  /** Commits, and `^` before those that end the walk, besides the arguments. */
  readonly from?: Iterable<string>
  /** What merges changed against all of their parents; else they are named only. */
  readonly merges?: boolean
}

const changesOf = [
  'diff-tree',
  ...['--stdin', '-r', '--root', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff'],
  ...['--always', `--format=${header}`],
]

/** What waits in memory to be read: of most histories all. */
const mostWaiting = 48 * 1024 * 1024

/** @param revisions arguments of `git rev-list`. The result is readChanges()'s to read. */
export function walk(repo: Repository, revisions: readonly string[], options: WalkOptions = {}): Ahead {
  const abort = new AbortController()
  const { signal } = abort
  const list = git(repo, ['rev-list', '--stdin', ...revisions], { input: batches(options.from ?? []), signal })
  return changes(repo, list, options.merges === true, abort)
}

/** As walk(), of these commits alone. */
export const walkOnly = (repo: Repository, commits: Iterable<string>, merges: boolean): Ahead =>
  changes(repo, batches(commits), merges, new AbortController())

function changes(
  repo: Repository,
  input: Iterable<string> | AsyncIterable<Buffer>,
  merges: boolean,
  abort: AbortController,
): Ahead {
  const output = git(repo, merges ? [...changesOf, '-c'] : changesOf, { input, signal: abort.signal })
  return readAhead(output, mostWaiting, abort)
}

/** The whole output of a small command, from now on. */
export const ahead = (repo: Repository, args: readonly string[]): Ahead => {
  const abort = new AbortController()
  return readAhead(git(repo, args, { signal: abort.signal }), mostWaiting, abort)
}
