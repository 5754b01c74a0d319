// The delta forest of one pack: every entry's kind, its base and its children, from the headers alone, read front to
// back without inflating anything. An entry is what the root of its tree is. Entries whose base is not in this pack
// belong to no tree: git itself is asked for them. It must not be asked for those whose bases go round in a circle,
// for it would go round with them.
// Format: gitformat-pack(5), "Object entry".

import type { FileHandle } from 'node:fs/promises'
import { AuditError } from '../../errors.ts'
import type { PackIndex } from './index-file.ts'

/** As the format numbers them; but 0 for an entry in no tree, and 5 for one that is its own base at last. */
export const kinds = { none: 0, commit: 1, tree: 2, blob: 3, tag: 4, circle: 5 } as const

export interface Forest {
  readonly count: number
  /** Of the root of the entry's tree: one of `kinds`. */
  readonly kind: Uint8Array
  /** The entry it is a delta against; -1 for a whole object, and for one whose base is not here. */
  readonly base: Int32Array
  readonly firstChild: Int32Array
  readonly nextSibling: Int32Array
  /** Where the entry's deflated bytes begin, and how many inflated ones its header promises: of the delta, if it is one. */
  readonly dataAt: Float64Array
  readonly inflated: Float64Array
  /** Where the last entry ends. */
  readonly end: number
}

const chunkBytes = 4 * 1024 * 1024
/** A type and size of 10 bytes at most, and a base of 20. */
const longestHeader = 32
const headerBytes = 12
const trailerBytes = 20
const [offsetDelta, refDelta] = [6, 7]

/**
 * @throws AuditError GIT_FAILED where the pack is not the one of that index, or a header cannot be
 */
export async function readForest(pack: FileHandle, packBytes: number, index: PackIndex): Promise<Forest> {
  const { count, offsets } = index
  const end = packBytes - trailerBytes
  if (end < headerBytes) throw unusable('it is too short')
  const reader = new Headers(pack, packBytes)
  const first = await reader.at(0)
  if (first.bytes.toString('latin1', 0, 4) !== 'PACK' || first.bytes.readUInt32BE(4) !== 2)
    throw unusable('it is not of version 2')
  if (first.bytes.readUInt32BE(8) !== count) throw unusable('its index counts other objects')
  const trailer = Buffer.alloc(trailerBytes)
  await pack.read(trailer, 0, trailerBytes, end)
  if (!trailer.equals(index.packChecksum)) throw unusable('its checksum is not the one its index names')

  // Shared, so that threads walk one forest.
  const kind = new Uint8Array(new SharedArrayBuffer(count))
  const base = new Int32Array(new SharedArrayBuffer(4 * count)).fill(-1)
  const dataAt = new Float64Array(new SharedArrayBuffer(8 * count))
  const inflated = new Float64Array(new SharedArrayBuffer(8 * count))
  for (let entry = 0; entry < count; entry++) {
    const offset = offsets[entry]!
    const { bytes, at: start } = reader.here(offset) ?? (await reader.at(offset))
    let at = start
    let byte = bytes[at++]!
    const type = (byte >> 4) & 7
    let size = byte & 15
    for (let scale = 16; byte & 0x80; scale *= 128) {
      byte = bytes[at++]!
      size += (byte & 0x7f) * scale
    }
    inflated[entry] = size
    if (type === refDelta) {
      base[entry] = index.find(bytes.subarray(at, at + 20))
      at += 20
    } else if (type === offsetDelta) {
      byte = bytes[at++]!
      let back = byte & 0x7f
      while (byte & 0x80) {
        byte = bytes[at++]!
        back = (back + 1) * 128 + (byte & 0x7f)
      }
      base[entry] = entryAt(offsets, offset - back)
    } else kind[entry] = type <= 4 ? type : 0
    dataAt[entry] = offset + (at - start)
    const next = entry + 1 < count ? offsets[entry + 1]! : end
    if (at - start > longestHeader || dataAt[entry]! >= next) throw unusable('an entry runs into the next one')
  }
  return { count, kind, base, ...childrenOf(base, kind), dataAt, inflated, end }
}

/** Links the trees, and hands each root's kind down. */
function childrenOf(base: Int32Array, kind: Uint8Array) {
  const firstChild = new Int32Array(new SharedArrayBuffer(base.byteLength)).fill(-1)
  const nextSibling = new Int32Array(new SharedArrayBuffer(base.byteLength)).fill(-1)
  // Backwards, so that children stand in pack order, as they are read.
  for (let entry = base.length - 1; entry >= 0; entry--) {
    const parent = base[entry]!
    if (parent === -1) continue
    nextSibling[entry] = firstChild[parent]!
    firstChild[parent] = entry
  }
  const pending: number[] = []
  for (let entry = 0; entry < base.length; entry++)
    if (base[entry] === -1) pending.push(entry)
    else kind[entry] = kinds.circle
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    for (let child = firstChild[entry]!; child !== -1; child = nextSibling[child]!) {
      kind[child] = kind[entry]!
      pending.push(child)
    }
  }
  return { firstChild, nextSibling }
}

/** The entry that begins at an offset; -1 where none does. */
function entryAt(offsets: Float64Array, offset: number): number {
  let low = 0
  for (let high = offsets.length; low < high; ) {
    const middle = (low + high) >>> 1
    if (offsets[middle]! < offset) low = middle + 1
    else high = middle
  }
  return offsets[low] === offset ? low : -1
}

/** A window of the pack that moves forward. */
class Headers {
  private readonly chunk = Buffer.alloc(chunkBytes)
  private from = 0
  private filled = 0
  private readonly pack: FileHandle
  private readonly packBytes: number

  constructor(pack: FileHandle, packBytes: number) {
    this.pack = pack
    this.packBytes = packBytes
  }

  /** Where the window holds the header that begins there; undefined where it has to move first. */
  here(offset: number): { bytes: Buffer; at: number } | undefined {
    const at = offset - this.from
    const enough = at >= 0 && at + longestHeader <= this.filled
    return enough ? { bytes: this.chunk, at } : undefined
  }

  async at(offset: number): Promise<{ bytes: Buffer; at: number }> {
    this.from = offset
    this.filled = (await this.pack.read(this.chunk, 0, chunkBytes, offset)).bytesRead
    // The trailer is shorter than a header may be: what lies behind the file reads as zeros.
    if (this.from + this.filled >= this.packBytes) this.chunk.fill(0, this.filled, this.filled + longestHeader)
    if (this.filled === 0) throw unusable('it is shorter than its index says')
    return { bytes: this.chunk, at: 0 }
  }
}

const unusable = (why: string): AuditError => new AuditError('GIT_FAILED', `a pack cannot be used: ${why}`)
