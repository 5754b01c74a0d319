// By what a pack is known again without being read: the checksums that git puts at the end of a pack and of its index,
// their sizes, and which files on this disk they are. Whoever has read a pack may believe in it for as long as nobody
// touched these files; copied, restored or touched ones have to prove that they are what their checksums say.

import { createHash } from 'node:crypto'
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

export interface Seal {
  /** Of pack and index, without their endings. */
  readonly name: string
  /** What they claim to hold. */
  readonly content: string
  /** Which files they are; changes with whatever is done to them. */
  readonly files: string
}

const checksumBytes = 20
const chunkBytes = 1024 * 1024

/** Undefined where the two files are not there, not readable, or not of one mind. */
export function sealOf(folder: string, name: string): Seal | undefined {
  const pack = endOf(join(folder, `${name}.pack`), checksumBytes)
  const index = endOf(join(folder, `${name}.idx`), 2 * checksumBytes)
  if (pack === undefined || index === undefined || !index.end.subarray(0, checksumBytes).equals(pack.end))
    return undefined
  return {
    name,
    content: `${pack.stats.size} ${index.stats.size} ${index.end.toString('hex')}`,
    files: `${stampOf(pack.stats)} ${stampOf(index.stats)}`,
  }
}

/** Reads both files whole, about half a gigabyte a second: are they what the checksums at their ends say? */
export const isIntact = (folder: string, { name }: Seal): boolean =>
  ['pack', 'idx'].every((kind) => isSound(join(folder, `${name}.${kind}`)))

/** Changes with whatever is done to a file; made of what the file system keeps, so nobody can set it back. */
export const stampOf = ({ dev, ino, size, ctimeNs }: BigIntStats): string => `${dev}.${ino}.${size}.${ctimeNs}`

function endOf(path: string, bytes: number): { readonly stats: BigIntStats; readonly end: Buffer } | undefined {
  return opened(path, (file, stats) => {
    const end = Buffer.alloc(bytes)
    return readSync(file, end, 0, bytes, Math.max(0, Number(stats.size) - bytes)) < bytes ? undefined : { stats, end }
  })
}

function isSound(path: string): boolean {
  const sound = opened(path, (file, { size }) => {
    const hash = createHash('sha1')
    const chunk = Buffer.alloc(chunkBytes)
    let left = Number(size) - checksumBytes
    for (let read = -1; left > 0 && read !== 0; left -= read) {
      read = readSync(file, chunk, 0, Math.min(chunkBytes, left), Number(size) - checksumBytes - left)
      hash.update(chunk.subarray(0, read))
    }
    const promised = Buffer.alloc(checksumBytes)
    readSync(file, promised, 0, checksumBytes, Math.max(0, Number(size) - checksumBytes))
    return hash.digest().equals(promised)
  })
  return sound === true
}

/** A pipe in a pack's place would be waited for: without O_NONBLOCK, before it can be told apart. */
function opened<T>(path: string, use: (file: number, stats: BigIntStats) => T): T | undefined {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stats = fstatSync(file, { bigint: true })
    return stats.isFile() ? use(file, stats) : undefined
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
