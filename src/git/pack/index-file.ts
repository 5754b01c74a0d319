// The index of a pack, version 2: which objects it holds and where each begins. It is trusted for nothing: whatever
// does not add up makes the pack unusable here, and its objects are then read by git itself.
// Format: gitformat-pack(5), "pack-*.idx files".

import { closeSync, openSync, readSync } from 'node:fs'
import { AuditError } from '../../errors.ts'

export interface PackIndex {
  readonly count: number
  /** Where entries begin, ascending, in shared memory. An entry's number is its place here. */
  readonly offsets: Float64Array
  /** The object id of an entry, as hex. */
  oid(entry: number): string
  /** The same, as 20 bytes. */
  id(entry: number): Buffer
  /** The entry of an object id of 20 bytes; -1 where the pack does not hold it. */
  find(oid: Uint8Array): number
  /** The last 20 bytes that the pack must have. */
  readonly packChecksum: Buffer
}

const header = 8
const fanoutBytes = 256 * 4
const oidBytes = 20

/**
 * @param bytes the whole file
 * @param packBytes the pack's size: no entry may begin beyond its trailer
 * @throws AuditError GIT_FAILED for any version but 2, and where sizes, order or offsets are impossible
 */
export function parseIndex(bytes: Buffer, packBytes: number): PackIndex {
  if (bytes.length < header + fanoutBytes + 2 * oidBytes) throw unusable('it is too short')
  if (bytes.readUInt32BE(0) !== 0xff744f63 || bytes.readUInt32BE(4) !== 2) throw unusable('it is not of version 2')
  const fanout = Array.from({ length: 256 }, (_, i) => bytes.readUInt32BE(header + i * 4))
  if (fanout.some((count, i) => i > 0 && count < fanout[i - 1]!)) throw unusable('its fan-out goes backwards')
  const count = fanout[255]!
  const oids = header + fanoutBytes
  const small = oids + count * (oidBytes + 4)
  const large = small + count * 4
  const trailer = bytes.length - 2 * oidBytes
  if (large > trailer || (trailer - large) % 8 !== 0) throw unusable('its size does not fit its count')

  const unsorted = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const value = bytes.readUInt32BE(small + i * 4)
    unsorted[i] = value < 0x8000_0000 ? value : largeOffset(bytes, large + (value - 0x8000_0000) * 8, trailer)
    if (unsorted[i]! < 12 || unsorted[i]! > packBytes - oidBytes) throw unusable('it points outside of its pack')
  }
  const { offsets, byOid, entryOf } = inPackOrder(unsorted)
  return {
    count,
    offsets,
    oid: (entry) => bytes.toString('hex', oids + byOid[entry]! * oidBytes, oids + (byOid[entry]! + 1) * oidBytes),
    id: (entry) => bytes.subarray(oids + byOid[entry]! * oidBytes, oids + (byOid[entry]! + 1) * oidBytes),
    find(oid) {
      const place = placeOf(bytes, oids, oid[0] === 0 ? 0 : fanout[oid[0]! - 1]!, fanout[oid[0]!]!, oid)
      return place === -1 ? -1 : entryOf[place]!
    },
    packChecksum: bytes.subarray(trailer, trailer + oidBytes),
  }
}

/** Where among the sorted ids, which begin at `oids`, this one stands, if it is one of [low, high); else -1. */
function placeOf(bytes: Buffer, oids: number, low: number, high: number, oid: Uint8Array): number {
  for (let [from, to] = [low, high]; from < to; ) {
    const middle = (from + to) >>> 1
    const at = oids + middle * oidBytes
    const order = bytes.compare(oid, 0, oidBytes, at, at + oidBytes)
    if (order === 0) return middle
    if (order < 0) from = middle + 1
    else to = middle
  }
  return -1
}

export interface PackIds {
  /** @param oid 20 bytes */
  has(oid: Uint8Array): boolean
  close(): void
}

/**
 * Which objects a pack holds, of an index that has been parsed before and is known to be the same: of its file, no more
 * is read than what is asked for. Throws where it cannot be read.
 */
export function openIds(path: string): PackIds {
  const file = openSync(path, 'r')
  const read = (from: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length)
    if (readSync(file, bytes, 0, length, from) < length) throw unusable('it is too short')
    return bytes
  }
  let fanout: Buffer
  try {
    fanout = read(header, fanoutBytes)
  } catch (error) {
    closeSync(file)
    throw error
  }
  const before = (first: number): number => (first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4))
  /** By first byte: all ids that begin with it. */
  const groups = new Map<number, Buffer>()
  return {
    has(oid) {
      const first = oid[0]!
      const count = fanout.readUInt32BE(first * 4) - before(first)
      const group = groups.get(first) ?? read(header + fanoutBytes + before(first) * oidBytes, count * oidBytes)
      groups.set(first, group)
      return placeOf(group, 0, 0, count, oid) !== -1
    },
    close: () => closeSync(file),
  }
}

function largeOffset(bytes: Buffer, at: number, trailer: number): number {
  if (at + 8 > trailer) throw unusable('an offset is missing')
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
}

/** Offset and place in one number sort ten times as fast as places by a comparison. */
function inPackOrder(unsorted: Float64Array) {
  const count = unsorted.length
  const places = 2 ** Math.ceil(Math.log2(Math.max(2, count)))
  const sorted = new Float64Array(count)
  for (let place = 0; place < count; place++) sorted[place] = unsorted[place]! * places + place
  sorted.sort()
  if (count > 0 && !Number.isSafeInteger(sorted[count - 1]))
    throw unusable('its pack is too large to be read by position')
  const offsets = new Float64Array(new SharedArrayBuffer(8 * count))
  const byOid = new Uint32Array(count)
  const entryOf = new Uint32Array(count)
  for (let entry = 0; entry < count; entry++) {
    const offset = Math.floor(sorted[entry]! / places)
    const place = sorted[entry]! - offset * places
    if (entry > 0 && offset === offsets[entry - 1]) throw unusable('two objects begin at one place')
    offsets[entry] = offset
    byOid[entry] = place
    entryOf[place] = entry
  }
  return { offsets, byOid, entryOf }
}

const unusable = (why: string): AuditError => new AuditError('GIT_FAILED', `a pack's index cannot be used: ${why}`)
