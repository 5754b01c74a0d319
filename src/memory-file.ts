// A file in the user's cache folder in which something is remembered, mostly of one repository. Whatever is wrong with
// it (damaged, foreign, writable for others, full disk, read-only) only means that nothing is remembered.

import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { reasonOf } from './errors.ts'
import type { Shape } from './shape.ts'
import type { Repository } from './types.ts'

const largestBytes = 64 * 1024 * 1024
const mostFiles = 500
const daysUnused = 90
const msPerDay = 86_400_000

export interface MemoryFile<T> {
  /** The value that was written; undefined where there is none to be trusted. */
  read(): T | undefined
  /** Writes what JSON can hold, unless it is what was read. Never throws. @returns why it could not be written */
  write(value: T): string | undefined
}

/** Of a repository; the rest as memoryOf(). */
export const memoryFile = <T>(folder: string, repo: Repository, format: string, shape: Shape<T>): MemoryFile<T> =>
  memoryOf(folder, `${format} ${repo.objectFormat} ${JSON.stringify(repo.commonDir)}`, shape)

/**
 * @param folder below cacheFolder()
 * @param head one line that names what is remembered, of what, in which form and for whom: another one is not read
 * @param shape of what may be believed, whatever its checksum says
 */
export function memoryOf<T>(folder: string, head: string, shape: Shape<T>): MemoryFile<T> {
  const file = join(folder, `${sha256(head).slice(0, 32)}.json`)
  let known: string | undefined
  return {
    read() {
      const found = read(file, head)
      known = found?.checksum
      return found !== undefined && shape(found.value) ? found.value : undefined
    },
    write(value) {
      try {
        const body = Buffer.from(JSON.stringify(value))
        const checksum = sha256(body)
        if (checksum === known) return undefined
        if (body.length > largestBytes) return 'it would be larger than 64 MB'
        write(file, [head, checksum, body])
        known = checksum
        return undefined
      } catch (error) {
        return reasonOf(error)
      }
    },
  }
}

/**
 * A folder for this user alone, with the folders above it. Node's own `recursive` tries for ever where the system says
 * ENOENT of a place in a folder that is there, as below /proc.
 * @throws the file system's errors
 */
export function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
}

/** Its first line says of what it is, the second the checksum of the third. */
function read(path: string, head: string): { value: unknown; checksum: string } | undefined {
  try {
    return readOwn(path, largestBytes, (bytes, file, { mtimeMs }) => {
      const second = bytes.indexOf(10) + 1
      const third = bytes.indexOf(10, second) + 1
      const body = bytes.subarray(third)
      const checksum = sha256(body)
      if (bytes.toString('utf8', 0, third) !== `${head}\n${checksum}\n`) return undefined
      if (Date.now() - mtimeMs > msPerDay) touch(file)
      return { value: JSON.parse(body.toString()), checksum }
    })
  } catch {
    return undefined
  }
}

/**
 * What `use` makes of a file that only this user can write; undefined for any other, for links, pipes and folders, and
 * for more than `most` bytes.
 * @throws the file system's errors, and what `use` throws
 */
export function readOwn<T>(
  path: string,
  most: number,
  use: (bytes: Buffer, file: number, stats: Stats) => T,
): T | undefined {
  // Opened first and looked at then, so that nobody can put a link in between; a pipe is not waited for.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = fstatSync(file)
    return stats.isFile() && stats.size <= most && isOurs(stats) ? use(readFileSync(file), file, stats) : undefined
  } finally {
    closeSync(file)
  }
}

/** Its age says when it was last of use. */
function touch(file: number): void {
  try {
    futimesSync(file, new Date(), new Date())
  } catch {
    // On a read-only disk nothing is pruned either.
  }
}

/** Whoever else could write there could tell us that nothing was found, or ever pushed. */
const isOurs = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)

function write(file: string, [head, checksum, body]: readonly [string, string, Buffer]): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    makeFolder(dirname(file))
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${head}\n${checksum}\n`), body]), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
    prune(dirname(file))
  } catch (error) {
    discard(temporary)
    throw error
  }
}

/** Repositories come and go, and so do versions of this program. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    // What another run renamed or discarded meanwhile counts as the oldest.
    .map((path) => ({ path, used: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
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

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')
