// Which of the repository's objects an audit is about: all it remembers, what came after a commit, HEAD's files, or
// what is staged; each narrowed to the audited subfolder. Narrowing looks up the subfolder in every commit itself,
// for git's own path limiting simplifies history.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import { objectId } from '../shape.ts'
import type { Missed } from '../types.ts'
import { absent, batches, describe, type Listing, lines, listAll, unreadable } from './objects.ts'
import { commitNamed, query } from './query.ts'
import type { Repository } from './repository.ts'
import { git, records } from './run.ts'

export type Scope =
  /** Everything in the object store, reachable or not. */
  | { readonly kind: 'all' }
  /** What the commits in `ref..HEAD` brought. */
  | { readonly kind: 'since'; readonly ref: string }
  /** What each of these commits brought, whatever came before it. */
  | { readonly kind: 'commits'; readonly oids: readonly string[] }
  /** The files of HEAD, without any history. */
  | { readonly kind: 'head' }
  /** What the index would add to or change in HEAD. */
  | { readonly kind: 'staged' }

/**
 * The blobs, commits and tags in scope. Below a subfolder: every version any commit (of any ref, stash or reflog,
 * or of none) has of its files, and the messages of commits that changed it; tags and notes have no folder and are
 * left out. Throws AuditError('USAGE') for a `since` that names no commit, AuditError('GIT_FAILED') where history
 * cannot be walked.
 */
export async function listObjects(repo: Repository, scope: Scope): Promise<Listing> {
  if (scope.kind === 'all') return repo.prefix === '' ? listAll(repo) : allBelow(repo)
  if (scope.kind === 'since') return since(repo, scope.ref)
  if (scope.kind === 'commits') return ofCommits(repo, scope.oids)
  return describe(repo, new Set(scope.kind === 'head' ? await headBlobs(repo) : await stagedBlobs(repo)))
}

async function allBelow(repo: Repository): Promise<Listing> {
  const { objects, missed } = await listAll(repo)
  const commits = objects.filter(({ type }) => type === 'commit').map(({ oid }) => oid)
  const below = await objectsBelow(repo, commits, [])
  const touching = git(repo, ['rev-list', '--ignore-missing', '--full-history', '--stdin', '--', repo.prefix], {
    input: batches(commits),
  })
  const inScope = new Set([...below.oids, ...(await lines(touching)), ...(await indexBlobs(repo))])
  return { objects: objects.filter(({ oid }) => inScope.has(oid)), missed: [...missed, ...absent(repo, below.absent)] }
}

async function since(repo: Repository, ref: string): Promise<Listing> {
  const base = await commitNamed(repo, ref)
  if (base === undefined) {
    throw new AuditError('USAGE', `--since ${clean(ref)}: there is no such commit here`, {
      hint: fetchLine(repo, ref),
    })
  }
  if (repo.head === undefined) return { objects: [], missed: [] }
  const range = [repo.head, `^${base}`]
  const commits = await lines(git(repo, ['rev-list', ...range, '--']))
  const found = repo.prefix === '' ? await walk(repo, range) : await objectsBelow(repo, commits, [base])
  const messages =
    repo.prefix === '' ? [] : await lines(git(repo, ['rev-list', '--full-history', ...range, '--', repo.prefix]))
  const listing = await describe(repo, new Set([...found.oids, ...messages]))
  const missed = [...listing.missed, ...absent(repo, found.absent), ...(await shallowEnd(repo, commits, ref))]
  return { objects: listing.objects, missed }
}

/** Tags and blobs are read as they are: whoever lists pushed objects may list them, too. */
async function ofCommits(repo: Repository, oids: readonly string[]): Promise<Listing> {
  const given = await describe(repo, new Set(oids))
  const commits = given.objects.flatMap(({ oid, type }) => (type === 'commit' ? [oid] : []))
  const [{ brought }, within] = [await changedBy(repo, commits), await touching(repo, commits)]
  const blobs = await describe(repo, brought)
  return {
    objects: [...given.objects.filter(({ oid, type }) => type !== 'commit' || within.has(oid)), ...blobs.objects],
    missed: [
      ...given.missed,
      ...unreadable(given.trees, 'it is a tree, and brought nothing by itself', 'name the commits that brought it'),
      ...blobs.missed,
    ],
  }
}

/** Of the commits those that change the audited subfolder. */
async function touching(repo: Repository, commits: readonly string[]): Promise<ReadonlySet<string>> {
  if (repo.prefix === '') return new Set(commits)
  const args = ['rev-list', '--no-walk', '--full-history', '--stdin', '--', repo.prefix]
  return new Set(await lines(git(repo, args, { input: batches(commits) })))
}

/**
 * The blobs that commits brought below the audited folder, of merges those that no parent has; and what stood in their
 * place before all of them.
 */
export async function changedBy(
  repo: Repository,
  commits: readonly string[],
): Promise<{ brought: ReadonlySet<string>; before: ReadonlySet<string> }> {
  const found = { brought: new Set<string>(), before: new Set<string>() }
  if (commits.length === 0) return found
  const args = ['diff-tree', '--stdin', '-r', '-c', '--root', '--raw', '-z', '--no-abbrev', '--no-renames']
  const changes = git(repo, [...args, '--no-ext-diff', ...below(repo)], { input: batches(commits) })
  let isPath = false
  for await (const some of records(changes, '\0'))
    for (const field of some) {
      // Behind each change stands its path, which may look like another.
      const change: readonly string[] | null = isPath ? null : rawChange.exec(field)
      isPath = change !== null
      if (change === null) continue
      const [, colons = '', words = ''] = change
      const all = words.trim().split(' ')
      const [modes, oids] = [all.slice(0, colons.length + 1), all.slice(colons.length + 1)]
      // A submodule's commit (160000) is not ours.
      for (const [index, mode] of modes.entries())
        if (/^1[02]0/.test(mode)) found[index === colons.length ? 'brought' : 'before'].add(oids[index]!)
    }
  for (const oid of found.brought) found.before.delete(oid)
  return found
}

const rawChange = /^(:+)((?:[0-7]{6} )+(?:[0-9a-f]{40,64} )+)[A-Z]+$/

interface Found {
  readonly oids: readonly string[]
  /** Named by a tree, but not there: left on the server, or lost. */
  readonly absent: readonly string[]
}

/** All objects reachable from the revisions, given on stdin for there may be thousands. */
async function walk(repo: Repository, revisions: Iterable<string>): Promise<Found> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--stdin']
  const listed = await lines(git(repo, args, { input: batches(revisions) }))
  const isAbsent = (line: string) => line.startsWith('?')
  return {
    oids: listed.filter((line) => !isAbsent(line)),
    absent: listed.filter(isAbsent).map((line) => line.slice(1)),
  }
}

async function objectsBelow(repo: Repository, commits: readonly string[], except: readonly string[]): Promise<Found> {
  const wanted = await atPrefix(repo, commits)
  if (wanted.size === 0) return { oids: [], absent: [] }
  const known = await atPrefix(repo, except)
  return walk(repo, [...wanted, ...[...known].map((oid) => `^${oid}`)])
}

/** What stands at the subfolder's path (a tree, or once a file) in each of the commits. */
async function atPrefix(repo: Repository, commits: readonly string[]): Promise<Set<string>> {
  const path = Buffer.from(repo.prefix.slice(0, -1)).toString('latin1')
  // Lines are cut at line breaks; `-z` (git 2.38) is asked for only where the path holds one.
  const [end, option] = path.includes('\n') ? (['\0', ['-z']] as const) : (['\n', []] as const)
  const input = commits.map((commit) => Buffer.from(`${commit}:${path}${end}`, 'latin1'))
  const format = '--batch-check=%(objectname) %(objecttype)'
  const answers = await lines(git(repo, ['cat-file', '--buffer', ...option, format], { input }))
  const found = answers.map((line) => /^([0-9a-f]{40,64}) (?:tree|blob)$/.exec(line)?.[1])
  return new Set(found.filter((oid) => oid !== undefined))
}

async function headBlobs(repo: Repository): Promise<string[]> {
  if (repo.head === undefined) return []
  const args = ['ls-tree', '-r', '-z', '--full-tree', repo.head, ...below(repo)]
  const entries = await fields(repo, args)
  return entries
    .map((entry) => /^(?:10\d{4}|120000) blob ([0-9a-f]+)\t/.exec(entry)?.[1])
    .filter((oid) => oid !== undefined)
}

async function stagedBlobs(repo: Repository): Promise<string[]> {
  if (repo.head === undefined) return indexBlobs(repo)
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', '--ita-invisible-in-index']
  // A file may have a commit's id for its name.
  const changes = await fields(repo, [...args, repo.head, ...(repo.prefix === '' ? ['--'] : below(repo))])
  const added = changes.map((field) => /^:\d+ (?:10\d{4}|120000) [0-9a-f]+ ([0-9a-f]+) [AMT]$/.exec(field)?.[1])
  return [...added.filter((oid) => oid !== undefined), ...(await indexBlobs(repo, ['--unmerged']))]
}

async function indexBlobs(repo: Repository, options: readonly string[] = []): Promise<string[]> {
  if (repo.workTree === undefined) return []
  const entries = await fields(repo, ['ls-files', '--stage', '-z', ...options, ...below(repo)])
  // A submodule's commit (160000) is not ours.
  return entries.map((entry) => /^(?:10\d{4}|120000) ([0-9a-f]+) /.exec(entry)?.[1]).filter((oid) => oid !== undefined)
}

/** The pathspec of the audited subfolder; all are literal (GIT_LITERAL_PATHSPECS). */
export const below = (repo: Repository): readonly string[] => (repo.prefix === '' ? [] : ['--', repo.prefix])

async function fields(repo: Repository, args: readonly string[]): Promise<string[]> {
  const all: string[] = []
  for await (const some of records(git(repo, args), '\0')) for (const field of some) all.push(field)
  return all
}

/** A range that runs into the end of a shallow clone may lack commits of its other side. */
async function shallowEnd(repo: Repository, commits: readonly string[], ref: string): Promise<Missed[]> {
  if (!repo.shallow) return []
  const ends = new Set((await readFile(join(repo.commonDir, 'shallow'), 'latin1')).split('\n'))
  if (!commits.some((commit) => ends.has(commit))) return []
  const why = 'the range runs into the end of this shallow clone'
  return [{ what: 'commits before the oldest fetched ones', why, next: fetchLine(repo, ref) }]
}

/** The line that brings what a comparison needs; CI's own checkout is told instead where it is known. */
function fetchLine({ shallow }: Repository, ref: string): string {
  const branch = /^origin\/([\w.-][\w./-]*)$/.exec(ref)?.[1]
  const refspec = branch === undefined ? '' : ` origin +refs/heads/${branch}:refs/remotes/origin/${branch}`
  if (!shallow && branch === undefined)
    return 'name a branch, tag or commit that git rev-parse knows, or fetch it first'
  const line = `run git fetch${shallow ? ' --unshallow' : ''}${refspec}`
  if (process.env.GITHUB_ACTIONS) return `${line}, or give actions/checkout "fetch-depth: 0"`
  return process.env.GITLAB_CI ? `${line}, or set the job's variable GIT_DEPTH to 0` : line
}

/** Where HEAD's line and that of `ref` parted; undefined where that cannot be told, as in a shallow clone. */
export async function mergeBase(repo: Repository, ref: string): Promise<string | undefined> {
  if (repo.head === undefined) return undefined
  const commit = await commitNamed(repo, ref)
  if (commit === undefined) return undefined
  const base = await query(repo, ['merge-base', commit, repo.head])
  return objectId(base) ? base : undefined
}
