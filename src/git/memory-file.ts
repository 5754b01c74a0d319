// A file in the user's cache folder in which something of one repository is remembered. Whatever is wrong with it
// (damaged, foreign, writable for others, full disk, read-only) only means that nothing is remembered.

import { createHash, randomBytes } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Repository } from './repository.ts'

const largestBytes = 64 * 1024 * 1024
const daysUnused = 90
const msPerDay = 86_400_000

export interface MemoryFile {
  /** The value that was written; undefined where there is none to be trusted. */
  read(): unknown
  /** Never throws. */
  write(value: unknown): void
}

/**
 * @param folder from cacheFolder()
 * @param format names what is remembered, and in which form: another one is not read
 */
export function memoryFile(folder: string, repo: Repository, format: string): MemoryFile {
  const head = `${format} ${repo.objectFormat} ${JSON.stringify(repo.commonDir)}`
  const file = join(folder, 'history', `${sha256(head).slice(0, 32)}.json`)
  return { read: () => read(file, head), write: (value) => write(file, head, JSON.stringify(value)) }
}

/** Its first line says of what it is, the second the checksum of the third. */
function read(file: string, head: string): unknown {
  try {
    const stats = lstatSync(file)
    if (!stats.isFile() || stats.size > largestBytes || !isOurs(stats)) return undefined
    const [first, checksum, body] = readFileSync(file, 'utf8').split('\n', 3)
    if (first !== head || body === undefined || checksum !== sha256(body)) return undefined
    // Its age says when it was last of use.
    const now = new Date()
    if (now.getTime() - stats.mtimeMs > msPerDay) utimesSync(file, now, now)
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Whoever else could write there could tell us that nothing was ever pushed. */
const isOurs = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)

function write(file: string, head: string, body: string): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  // In bytes it may be twice as long.
  if (body.length > largestBytes / 2) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${head}\n${sha256(body)}\n${body}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
    dropUnused(dirname(file))
  } catch {
    // A full or read-only disk costs speed, not truth.
    discard(temporary)
  }
}

function dropUnused(folder: string): void {
  const oldest = Date.now() - daysUnused * msPerDay
  for (const name of readdirSync(folder)) if (statSync(join(folder, name)).mtimeMs < oldest) discard(join(folder, name))
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Where it could not be written there is nothing to remove.
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
