// The objects' bytes: the streaming path, over `git cat-file --batch`. It reads whatever git can read, and a reader
// of packs is measured against it. A damaged object costs that object, not the rest.

import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Missed } from '../types.ts'
import { batches, type GitObject, unreadable } from './objects.ts'
import { git, type Place } from './run.ts'

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
 * git with it. `progress` is told the objects and bytes done, about every megabyte. What `visit` throws is thrown on.
 */
export async function readObjects(
  place: Place,
  objects: readonly GitObject[],
  visit: Visit,
  progress?: (done: number, total: number, bytes: number) => void,
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
      if (reader.visiting || !(error instanceof AuditError)) throw error
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
  /** Tells the visitor's errors from git's. */
  visiting = false
  readonly unread: string[] = []
  private readonly objects: readonly GitObject[]
  private readonly visit: Visit
  private readonly progress: ((done: number, total: number, bytes: number) => void) | undefined
  private spare = Buffer.allocUnsafe(64 * 1024)
  private told = 0

  constructor(
    objects: readonly GitObject[],
    visit: Visit,
    progress?: (done: number, total: number, bytes: number) => void,
  ) {
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
          this.visiting = false
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
        this.visiting = false
        pending = undefined
      }
    }
  }

  /** The object that the line announces; undefined where it has no body. */
  private header(line: string): { type: GitObject['type']; size: number; filled: number } | undefined {
    const expected = this.objects[this.position]?.oid
    const [oid, type, size] = line.split(' ')
    if (oid !== expected) {
      throw new AuditError('GIT_FAILED', `git cat-file answered ${clean(line.slice(0, 80))}, not ${expected}`)
    }
    // Of a damaged object git can announce what it did not list: gigabytes are not waited for.
    if (Number(size) > largestBytes) throw new AuditError('GIT_FAILED', `git cat-file announced ${clean(line)}`)
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
      this.progress(this.position, this.objects.length, this.bytes)
    }
    this.visiting = true
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
