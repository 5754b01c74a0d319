// Which objects there are, over `git cat-file`: whatever git knows of (loose, packed, alternates, SHA-256); and of
// everything else, what was missed. Their bytes are read.ts's.

import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Missed } from '../types.ts'
import type { Repository } from './repository.ts'
import { git, records } from './run.ts'

export interface GitObject {
  readonly oid: string
  readonly type: 'blob' | 'commit' | 'tag'
  /** In bytes, uncompressed. */
  readonly size: number
}

export interface Listing {
  readonly objects: readonly GitObject[]
  readonly missed: readonly Missed[]
}

/**
 * Every blob, commit and tag in the object store, reachable or not, in the order of the packs (reading in this order
 * is twice as fast as by name). Trees are left out: their names are told by attribution.
 * @param except ids that git is not asked about
 */
export async function listAll(repo: Repository, except: ReadonlySet<string> = new Set()): Promise<Listing> {
  const complaints: string[] = []
  const args = ['cat-file', '--batch-all-objects', '--unordered', '--buffer']
  const options = { complaints: (text: string) => complaints.push(text) }
  const missed = [...boundaries(repo), ...(await unpairedPacks(repo))]
  try {
    if (except.size > 0) throw new AuditError('GIT_FAILED', 'the object store is damaged')
    const listing = await parse(git(repo, [...args, '--batch-check'], options))
    return { objects: listing.objects, missed: [...missed, ...listing.missed, ...damages(complaints)] }
  } catch (error) {
    // One damaged pack ends that command. Its index still names the objects, and asked one by one git gives the rest.
    const named = await lines(git(repo, [...args, '--batch-check=%(objectname)'], options))
    const listing = await describe(
      repo,
      named.filter((oid) => !except.has(oid)),
    )
    const why = except.size > 0 ? complaints : [reasonOf(error)]
    return { objects: listing.objects, missed: [...missed, ...listing.missed, ...damages(why)] }
  }
}

/** The objects that stand in files of their own, and everything that listAll() would have missed elsewhere. */
export async function looseNames(repo: Repository): Promise<{ oids: readonly string[]; missed: readonly Missed[] }> {
  const folder = join(repo.commonDir, 'objects')
  const missed = [...boundaries(repo), ...(await unpairedPacks(repo))]
  const fanout = (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name))
  const oids: string[] = []
  for (const two of fanout) {
    try {
      for (const name of readdirSync(join(folder, two))) if (looseName.test(name)) oids.push(two + name)
    } catch (error) {
      const next = `make .git/objects/${two} readable for this user`
      missed.push({ what: `the objects in objects/${two}`, why: reasonOf(error), next })
    }
  }
  return { oids, missed }
}

const looseName = /^(?:[0-9a-f]{38}|[0-9a-f]{62})$/

/** Type and size of the given objects, in the order given; trees are kept apart, absent ones are missed. */
export async function describe(
  repo: Repository,
  oids: Iterable<string>,
): Promise<Listing & { readonly trees: readonly string[] }> {
  const trees: string[] = []
  const { here, elsewhere } = await split(repo, oids)
  const objects: GitObject[] = []
  const unread: string[] = []
  const wanted = [...here]
  for (let from = 0; from < wanted.length; ) {
    const rest = from === 0 ? wanted : wanted.slice(from)
    const answers = { objects, trees, unread, count: 0 }
    try {
      await gather(git(repo, ['cat-file', '--batch-check', '--buffer'], { input: batches(rest) }), answers)
      break
    } catch (error) {
      if (!(error instanceof AuditError) || unread.length > mostDamaged) throw error
      // Some damage ends git: at the object it did not answer for.
      from += answers.count
      if (from < wanted.length) unread.push(wanted[from++]!)
    }
  }
  return { objects, trees, missed: [...unreadable(unread), ...absent(repo, elsewhere)] }
}

const mostDamaged = 500

/** Asked for an object that a partial clone lacks, git tries to fetch it and then dies: ask only for what is here. */
async function split(repo: Repository, oids: Iterable<string>) {
  if (!repo.partial) return { here: oids, elsewhere: [] }
  const args = ['cat-file', '--batch-all-objects', '--unordered', '--buffer', '--batch-check=%(objectname)']
  const present = new Set(await lines(git(repo, args)))
  const all = [...oids]
  return { here: all.filter((oid) => present.has(oid)), elsewhere: all.filter((oid) => !present.has(oid)) }
}

/** Output lines as latin1, all in memory: for lists of object ids. */
export async function lines(stream: AsyncIterable<Buffer>): Promise<string[]> {
  const all: string[] = []
  for await (const some of records(stream, '\n')) for (const line of some) all.push(line)
  return all
}

/** Lines for git's stdin in chunks, for a pipe is slow with one write a line. */
export function* batches(all: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const line of all) {
    chunk += `${line}\n`
    if (chunk.length >= 32_768) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

async function parse(stream: AsyncIterable<Buffer>): Promise<Listing> {
  const answers = { objects: [] as GitObject[], trees: [], unread: [] as string[], count: 0 }
  await gather(stream, answers)
  return { objects: answers.objects, missed: unreadable(answers.unread) }
}

interface Answers {
  readonly objects: GitObject[]
  readonly trees: string[]
  readonly unread: string[]
  count: number
}

async function gather(stream: AsyncIterable<Buffer>, into: Answers): Promise<void> {
  for await (const some of records(stream, '\n')) {
    for (const line of some) {
      const [oid = '', type, size] = line.split(' ')
      into.count++
      if (type === 'blob' || type === 'commit' || type === 'tag') into.objects.push({ oid, type, size: Number(size) })
      else if (type === 'tree') into.trees.push(oid)
      else if (type === 'missing') into.unread.push(oid)
    }
  }
}

const namedOneByOne = 20

/** Objects that a tree or a caller names, and that are not in the store. */
export const absent = (repo: Repository, oids: readonly string[]): Missed[] =>
  repo.partial
    ? unreadable(oids, 'this partial clone left it on the server', 'run git fetch --refetch --no-filter')
    : unreadable(oids)

/** Objects that git has a name for and cannot read: each by name, but not thousands of them. */
export function unreadable(
  oids: readonly string[],
  why = 'it is damaged or absent, and git cannot read it',
  next = 'run git fsck --full, then fetch or restore what it names',
): Missed[] {
  const missed = oids.slice(0, namedOneByOne).map((oid) => ({ what: `git object ${oid}`, why, next }))
  const more = oids.length - missed.length
  return more > 0 ? [...missed, { what: `${more} more git objects`, why, next }] : missed
}

function boundaries(repo: Repository): Missed[] {
  const missed: Missed[] = []
  if (repo.shallow) {
    const why = 'this is a shallow clone, which ends there'
    missed.push({ what: 'history before the oldest fetched commits', why, next: 'run git fetch --unshallow' })
  }
  if (repo.partial) {
    const why = 'this is a partial clone, and an audit fetches nothing'
    missed.push({ what: 'objects left on the server', why, next: 'run git fetch --refetch --no-filter' })
  }
  return missed
}

/** A pack without its index (or the other way round) is invisible to git, which does not even complain. */
async function unpairedPacks(repo: Repository): Promise<Missed[]> {
  let names: ReadonlySet<string>
  try {
    names = new Set(await readdir(join(repo.commonDir, 'objects', 'pack')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    return [
      { what: 'the folder of packs', why: reasonOf(error), next: 'make .git/objects/pack readable for this user' },
    ]
  }
  const orphans = [...names].filter(
    (name) =>
      (name.endsWith('.pack') && !names.has(name.replace(/pack$/, 'idx'))) ||
      (name.endsWith('.idx') && !names.has(name.replace(/idx$/, 'pack'))),
  )
  return orphans.map((name) => ({
    what: `the objects of ${clean(name)}`,
    why: name.endsWith('.pack') ? 'its .idx file is absent, so git does not see them' : 'its .pack file is absent',
    next: name.endsWith('.pack') ? `run git index-pack on objects/pack/${clean(name)}` : 'fetch or restore the pack',
  }))
}

function damages(complaints: readonly string[]): Missed[] {
  const said = complaints
    .flatMap((text) => text.split('\n'))
    .filter((line) => /^(?:error|fatal|git cat-file)/.test(line))
  return [...new Set(said)].slice(0, namedOneByOne).map((line) => ({
    what: 'part of the object store',
    why: clean(line.replace(/^(?:error|fatal): /, '')).slice(0, 300),
    next: 'run git fsck --full, then fetch or restore what it names',
  }))
}
