// What registries said, kept for the next run in the user's cache folder. One folder per registry and identity, in it
// 64 small files of lines (key, time, JSON) with packages, a warm audit reads them all in milliseconds, one name costs
// one of them; and one file with the short rest (advisories, downloads), which comes later and is written by itself.
// Whatever is wrong with the cache (damaged, foreign, writable for others, full disk, read-only) only means that the
// registry is asked.

import { createHash, randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, readOwn } from '../memory-file.ts'

export interface Cached {
  readonly value: unknown
  /** When it was observed, in milliseconds since 1970. */
  readonly at: number
}

export interface Cache {
  /** The value under a key, if it was observed within the last `maxAge` milliseconds. */
  get(key: string, maxAge: number): Cached | undefined
  /** Keeps a JSON value under a key, observed now. On disk after the next flush. Never throws. */
  set(key: string, value: unknown): void
  /** Writes what changed. Never throws. */
  flush(): void
}

export interface CacheOptions {
  /** From cacheFolder(). */
  readonly folder: string
  /** The registry's URL and who asks there: answers to one identity are never given to another. */
  readonly registry: string
  readonly identity: string
  readonly now: () => Date
}

export const noCache: Cache = { get: () => undefined, set: () => {}, flush: () => {} }

/** How the key of what a registry said of a package begins; behind it stands its name. */
export const packageKey = 'p:'

const format = 'audit-deps registry cache 2'
const shardCount = 64
/** Milliseconds, for get(). */
export const hour = 3_600_000
export const day = 24 * hour
/** Nothing is fresh for longer, so nothing older is kept. */
const longestAge = day
const largestShardBytes = 64 * 1024 * 1024

interface Shard {
  readonly file: string
  /** Key → `time<TAB>JSON`, parsed when it is asked for. */
  readonly lines: Map<string, string>
  dirty: boolean
}

/** Reads nothing yet: each of the 64 files is read when the first of its keys is asked for. */
export function openCache({ folder, registry, identity, now }: CacheOptions): Cache {
  const header = `${format} ${registry} ${identity}`
  const own = join(folder, 'registry', createHash('sha256').update(header).digest('hex').slice(0, 32))
  const shards = new Map<string, Shard>()
  const shardOf = (key: string): Shard => {
    const name = key.startsWith(packageKey) ? String(hash(key) % shardCount) : 'rest'
    const known = shards.get(name) ?? readShard(join(own, `${name}.txt`), header)
    shards.set(name, known)
    return known
  }
  return {
    get: (key, maxAge) => {
      const cached = parseLine(shardOf(key).lines.get(key))
      const age = cached ? now().getTime() - cached.at : Number.NaN
      return age >= 0 && age <= maxAge ? cached : undefined
    },
    set: (key, value) => {
      const text = jsonOf(value)
      if (text === undefined) return
      const shard = shardOf(key)
      shard.lines.set(key, `${now().getTime()}\t${text}`)
      shard.dirty = true
    },
    flush: () => {
      for (const shard of shards.values()) if (shard.dirty) writeShard(shard, own, header, now().getTime())
    },
  }
}

function readShard(file: string, header: string): Shard {
  const lines = new Map<string, string>()
  try {
    const rows = readOwn(file, largestShardBytes, (bytes) => bytes.toString().split('\n')) ?? []
    if (rows[0] === header)
      for (let at = 1; at < rows.length; at++) {
        const row = rows[at]!
        const tab = row.indexOf('\t')
        if (tab > 0) lines.set(row.slice(0, tab), row.slice(tab + 1))
      }
  } catch {
    // Not there yet, or unreadable: an empty cache.
  }
  return { file, lines, dirty: false }
}

/** Undefined for what is nested deeper than can be written: a registry may send that. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function parseLine(line: string | undefined): Cached | undefined {
  if (line === undefined) return undefined
  const tab = line.indexOf('\t')
  try {
    return { at: Number(line.slice(0, tab)), value: JSON.parse(line.slice(tab + 1)) }
  } catch {
    return undefined
  }
}

/** Whole and at once (a temporary file, then rename): a reader meets the old lines or the new ones. */
function writeShard(shard: Shard, folder: string, header: string, now: number): void {
  const temporary = `${shard.file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const rows = [header]
  for (const [key, line] of shard.lines) if (now - Number.parseInt(line, 10) <= longestAge) rows.push(`${key}\t${line}`)
  try {
    // Names of private packages are nobody else's business.
    makeFolder(folder)
    writeFileSync(temporary, `${rows.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, shard.file)
  } catch {
    // A full or read-only disk costs speed, not truth.
    discard(temporary)
  }
  shard.dirty = false
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Where it could not be written there is nothing to remove.
  }
}

/** FNV-1a: spreads keys evenly, needs no secrecy. */
function hash(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}
