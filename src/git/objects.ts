// Which objects there are, and their bytes: the streaming path, over `git cat-file`. It reads whatever git can read
// (loose, packed, alternates, SHA-256), and says of everything else what was missed.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Missed } from '../types.ts'
import type { Repository } from './repository.ts'
import { git, type Place, records } from './run.ts'

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
 */
export async function listAll(repo: Repository): Promise<Listing> {
  const complaints: string[] = []
  const args = ['cat-file', '--batch-all-objects', '--unordered', '--buffer']
  const options = { complaints: (text: string) => complaints.push(text) }
  const missed = [...boundaries(repo), ...(await unpairedPacks(repo))]
  try {
    const listing = await parse(git(repo, [...args, '--batch-check'], options))
    return { objects: listing.objects, missed: [...missed, ...listing.missed, ...damages(complaints)] }
  } catch (error) {
    // One damaged pack ends that command. Its index still names the objects, and asked one by one git gives the rest.
    const named = await lines(git(repo, [...args, '--batch-check=%(objectname)'], options))
    const listing = await describe(repo, named)
    return { objects: listing.objects, missed: [...missed, ...listing.missed, ...damages([reasonOf(error)])] }
  }
}

/** Type and size of the given objects, in the order given; trees are kept apart, absent ones are missed. */
export async function describe(
  repo: Repository,
  oids: Iterable<string>,
): Promise<Listing & { readonly trees: readonly string[] }> {
  const trees: string[] = []
  const { here, elsewhere } = await split(repo, oids)
  const checked = git(repo, ['cat-file', '--batch-check', '--buffer'], { input: batches(here) })
  const { objects, missed } = await parse(checked, trees)
  return { objects, trees, missed: [...missed, ...absent(repo, elsewhere)] }
}

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

async function parse(stream: AsyncIterable<Buffer>, trees?: string[]): Promise<Listing> {
  const objects: GitObject[] = []
  const unread: string[] = []
  for await (const some of records(stream, '\n')) {
    for (const line of some) {
      const [oid = '', type, size] = line.split(' ')
      if (type === 'blob' || type === 'commit' || type === 'tag') objects.push({ oid, type, size: Number(size) })
      else if (type === 'tree') trees?.push(oid)
      else if (type === 'missing') unread.push(oid)
    }
  }
  return { objects, missed: unreadable(unread) }
}

const namedOneByOne = 20

/** Objects that a tree or a caller names, and that are not in the store. */
export const absent = (repo: Repository, oids: readonly string[]): Missed[] =>
  repo.partial
    ? unreadable(oids, 'this partial clone left it on the server', 'run git fetch --refetch --no-filter')
    : unreadable(oids)

/** Objects that git has a name for and cannot read: each by name, but not thousands of them. */
function unreadable(
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
  const names = new Set(await readdir(join(repo.commonDir, 'objects', 'pack')).catch(() => []))
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

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Bytes above which an object or file is not read, but reported as missed: two of them still fit in memory. */
export const largestBytes = 64 * 1024 * 1024

export interface ReadObject {
  readonly oid: string
  readonly type: GitObject['type']
  /** Valid only during the visit: the buffer is used again for the next object. */
  readonly data: Buffer
}

export type Visit = (object: ReadObject) => void | Promise<void>

export interface ReadResult {
  /** Objects handed to the visitor. */
  readonly checked: number
  readonly bytes: number
  readonly missed: readonly Missed[]
}

/**
 * Reads the objects in the order given and hands each to `visit`; a visit that returns a promise is waited for, and
 * git with it. `progress` is told the objects done, about every megabyte. What `visit` throws is thrown on.
 */
export async function readObjects(
  place: Place,
  objects: readonly GitObject[],
  visit: Visit,
  progress?: (done: number, total: number) => void,
): Promise<ReadResult> {
  const wanted = objects.filter(({ size }) => size <= largestBytes)
  const reader = new Reader(wanted, visit, progress)
  let failedAt = -1
  while (reader.position < wanted.length) {
    const start = reader.position
    try {
      await reader.read(git(place, ['cat-file', '--batch', '--buffer'], { input: reader.remaining() }))
      reader.requireEnd()
    } catch (error) {
      if (!(error instanceof AuditError)) throw error
      // A damaged object ends cat-file. It is blamed only if it does so as the first of a fresh process too.
      if (reader.position === start && failedAt === start) reader.skip()
      else failedAt = reader.position
      if (reader.unread.length > mostDamaged) reader.giveUp()
    }
  }
  return { checked: reader.checked, bytes: reader.bytes, missed: [...tooLarge(objects), ...unreadable(reader.unread)] }
}

const mostDamaged = 500

const tooLarge = (objects: readonly GitObject[]): Missed[] =>
  objects
    .filter(({ size }) => size > largestBytes)
    .map(({ oid, size }) => ({
      what: `git object ${oid}`,
      why: `it has ${Math.round(size / 1024 / 1024)} MiB, and objects above ${largestBytes / 1024 / 1024} MiB are not read`,
      next: `look through it by other means: git cat-file -p ${oid}`,
    }))

/** Cuts cat-file's output, `<oid> <type> <size>\n<data>\n` each, into objects. Both parts may straddle chunks. */
class Reader {
  position = 0
  checked = 0
  bytes = 0
  readonly unread: string[] = []
  private readonly objects: readonly GitObject[]
  private readonly visit: Visit
  private readonly progress: ((done: number, total: number) => void) | undefined
  private spare = Buffer.allocUnsafe(64 * 1024)
  private told = 0

  constructor(objects: readonly GitObject[], visit: Visit, progress?: (done: number, total: number) => void) {
    this.objects = objects
    this.visit = visit
    this.progress = progress
  }

  *remaining(): Generator<string> {
    const { objects, position } = this
    yield* batches(
      (function* () {
        for (let index = position; index < objects.length; index++) yield objects[index]!.oid
      })(),
    )
  }

  async read(stream: AsyncIterable<Buffer>): Promise<void> {
    let pending: { type: GitObject['type']; size: number; filled: number } | undefined
    let partialHeader = ''
    for await (const chunk of stream) {
      let at = 0
      while (at < chunk.length) {
        if (pending === undefined) {
          const end = chunk.indexOf(10, at)
          partialHeader += chunk.toString('latin1', at, end === -1 ? chunk.length : end)
          if (end === -1) break
          at = end + 1
          pending = this.header(partialHeader)
          partialHeader = ''
          if (pending === undefined) continue
        }
        const { type, size, filled } = pending
        if (filled === 0 && chunk.length - at > size) {
          const visited = this.deliver(type, chunk.subarray(at, at + size))
          if (visited !== undefined) await visited
          at += size + 1
          pending = undefined
          continue
        }
        // One byte more than the object: the line break that ends it.
        const taken = Math.min(size + 1 - filled, chunk.length - at)
        this.keep(chunk.subarray(at, at + taken), filled, size + 1)
        at += taken
        pending.filled = filled + taken
        if (pending.filled <= size) continue
        const visited = this.deliver(type, this.spare.subarray(0, size))
        if (visited !== undefined) await visited
        pending = undefined
      }
    }
  }

  /** The object that the line announces; undefined where it has no body. */
  private header(line: string): { type: GitObject['type']; size: number; filled: number } | undefined {
    const expected = this.objects[this.position]?.oid
    const [oid, type, size] = line.split(' ')
    if (oid !== expected) throw new Error(`git cat-file answered ${clean(line.slice(0, 80))}, not ${expected}`)
    if (type === 'blob' || type === 'commit' || type === 'tag') return { type, size: Number(size), filled: 0 }
    this.skip()
    return undefined
  }

  private deliver(type: GitObject['type'], data: Buffer): void | Promise<void> {
    const { oid } = this.objects[this.position]!
    this.position++
    this.checked++
    this.bytes += data.length
    if (this.progress !== undefined && this.bytes - this.told >= 1024 * 1024) {
      this.told = this.bytes
      this.progress(this.position, this.objects.length)
    }
    return this.visit({ oid, type, data })
  }

  private keep(part: Buffer, filled: number, needed: number): void {
    if (this.spare.length < needed) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.spare.length * 2))
      this.spare.copy(larger, 0, 0, filled)
      this.spare = larger
    }
    part.copy(this.spare, filled)
  }

  skip(): void {
    this.unread.push(this.objects[this.position]!.oid)
    this.position++
  }

  giveUp(): void {
    while (this.position < this.objects.length) this.skip()
  }

  requireEnd(): void {
    if (this.position < this.objects.length) throw new AuditError('GIT_FAILED', 'git cat-file stopped early')
  }
}
