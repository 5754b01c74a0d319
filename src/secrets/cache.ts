// What a run has read of a repository's objects, for the next run to pass over: which packs and loose objects, and which
// of their objects hold a candidate. Ids, checksums and counts only; no value, no path, no place. It counts for one
// program with one set of signatures, and for files that nobody has touched; whatever is wrong with it (damaged,
// foreign, full disk, read-only) only means that everything is read.

import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { GitObject } from '../git/objects.ts'
import type { Seal } from '../git/pack/seal.ts'
import type { Recall } from '../git/pack/store.ts'
import type { Repository } from '../git/repository.ts'
import type { Signature } from '../types.ts'
import { version } from '../version.ts'

/** Of a pack that was read to its end. */
export interface PackMemory {
  readonly seal: Seal
  /** Blobs, commits and tags that no pack before this one holds. */
  readonly count: number
  /** Whether an earlier pack holds some of its objects: then this one's count needs the earlier ones. */
  readonly repeats: boolean
  readonly suspects: readonly Named[]
  /** Left to git. */
  readonly unread: readonly Named[]
}

type Named = Pick<GitObject, 'oid' | 'type'>

export interface LooseMemory {
  readonly stamp: string
  readonly type: GitObject['type'] | 'tree'
  readonly suspect: boolean
}

/** What was said of an object that holds candidates. */
export interface Judged {
  /** Under which it was said, as a hash. */
  readonly circumstances: string
  /** What was left out, by reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** What was not, by numbers: see recalled.ts. */
  readonly seen: readonly (readonly [path: number, value: number, kind: number, allowed: 0 | 1])[]
}

export interface Memory extends Recall {
  /** @param seal one of those that `packs` gave */
  pack(seal: Seal): PackMemory
  looseOne(oid: string): LooseMemory
  /** What was said of a suspect under the same circumstances. */
  judged(oid: string, circumstances: string): Judged | undefined
  /** What the numbers of judgements stand for. */
  readonly kinds: readonly string[]
  /** Keeps what this run knows, and nothing else. Never throws. @returns why it could not be kept */
  save(kept: Kept): string | undefined
}

export interface Kept {
  readonly packs: readonly PackMemory[]
  readonly loose: ReadonlyMap<string, LooseMemory>
  readonly judged: ReadonlyMap<string, Judged>
  readonly kinds: readonly string[]
}

const format = 'audit-deps secrets memory 2'
const largestBytes = 64 * 1024 * 1024
/** Loose objects are git's to pack long before there are as many. */
const mostLoose = 200_000
const daysUnused = 90
const mostFiles = 500
const msPerDay = 86_400_000

/** @param folder from cacheFolder() */
export function openMemory(folder: string, repo: Repository, signatures: Iterable<Signature>): Memory {
  const own = join(folder, 'secrets')
  const good = `${version} ${process.version} ${program()} ${digestOf(signatures)}`
  const file = join(own, `${sha256(`${good}\0${repo.commonDir}`).slice(0, 32)}.json`)
  const { contents: known, checksum } = read(file, good)
  const packs = new Map(known.packs.map((pack) => [pack.seal.name, pack]))
  const loose = new Map(known.loose)
  const judged = new Map(known.judged)
  return {
    packs(here, isIntact) {
      const found: Seal[] = []
      let all = true
      for (const { seal: before, repeats } of known.packs) {
        const seal = here.find(({ name }) => name === before.name)
        const same =
          seal !== undefined && seal.content === before.content && (seal.files === before.files || isIntact(seal))
        if (same && (all || !repeats)) found.push(seal)
        else all = false
      }
      return found
    },
    loose(oid, stamp) {
      const before = loose.get(oid)
      return before?.stamp === stamp ? (before.type === 'tree' ? 'tree' : 'object') : undefined
    },
    // A seal that had to be proven is a new one of the same pack.
    pack: (seal) => ({ ...packs.get(seal.name)!, seal }),
    looseOne: (oid) => loose.get(oid)!,
    judged(oid, circumstances) {
      const before = judged.get(oid)
      return before?.circumstances === circumstances ? before : undefined
    },
    kinds: known.kinds,
    save: (kept) => save(own, file, good, kept, checksum),
  }
}

/** What a program does follows from its text: one that was changed in any way does not believe the other. */
function program(): string {
  const root = join(import.meta.dirname, '..')
  // Where modules were joined into others, these are beside this one, and little is left of the folders.
  const folders = ['secrets', 'git', join('git', 'pack')].map((name) => join(root, name)).filter(existsSync)
  const hash = createHash('sha256')
  for (const folder of [import.meta.dirname, ...folders])
    for (const name of readdirSync(folder).sort())
      if (/(?<!\.d)\.[jt]s$/.test(name)) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

const digestOf = (signatures: Iterable<Signature>): string =>
  sha256(JSON.stringify([...signatures], (_, value: unknown) => (value instanceof RegExp ? String(value) : value)))

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

interface Contents {
  readonly good: string
  readonly packs: readonly PackMemory[]
  readonly loose: readonly (readonly [oid: string, LooseMemory])[]
  readonly judged: readonly (readonly [oid: string, Judged])[]
  readonly kinds: readonly string[]
}

/** The file's first line is the checksum of the rest: what does not fit was not written to its end, or by another. */
function read(path: string, good: string): { contents: Contents; checksum: string } {
  const nothing = { contents: { good, packs: [], loose: [], judged: [], kinds: [] }, checksum: '' }
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > largestBytes || !isOurs(stats)) return nothing
    const bytes = readFileSync(file)
    const end = bytes.indexOf(10)
    const body = bytes.subarray(end + 1)
    const checksum = sha256(body)
    if (bytes.toString('latin1', 0, Math.max(0, end)) !== `${format} ${checksum}`) return nothing
    const contents = JSON.parse(body.toString()) as Contents
    if (contents.good !== good) return nothing
    // Its age says when it was last of use.
    if (Date.now() - stats.mtimeMs > msPerDay) utimesSync(path, new Date(), new Date())
    return { contents, checksum }
  } catch {
    return nothing
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Whoever else could write there could tell us that there is nothing to be seen. */
const isOurs = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)

function save(
  folder: string,
  file: string,
  good: string,
  { packs, loose, judged, kinds }: Kept,
  known: string,
): string | undefined {
  const contents: Contents = {
    good,
    packs,
    loose: loose.size > mostLoose ? [] : [...loose],
    judged: [...judged],
    kinds,
  }
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    const body = Buffer.from(JSON.stringify(contents))
    const checksum = sha256(body)
    if (checksum === known) return undefined
    if (body.length > largestBytes) return 'it would be larger than 64 MB'
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${format} ${checksum}\n`), body]), {
      mode: 0o600,
      flag: 'wx',
    })
    renameSync(temporary, file)
    prune(folder)
    return undefined
  } catch (error) {
    discard(temporary)
    return reasonOf(error)
  }
}

/** Repositories come and go, and so do versions of this program. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, used: statSync(path).mtimeMs }))
    .sort((a, b) => b.used - a.used)
  for (const [index, { path, used }] of files.entries())
    if (index >= mostFiles || Date.now() - used > daysUnused * msPerDay) discard(path)
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where it could not be written there is nothing to remove.
  }
}
