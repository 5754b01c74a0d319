// An export of OSV's records on this disk: a folder of JSON files, or the zip as OSV offers it for download. Nothing is
// unpacked to the disk, so no path in it can hurt. npm's has hundreds of thousands of records and an audit wants a few:
// only what names an installed package is parsed, and the file is read in large pieces, not record by record.

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { AuditError, reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Advisory, Missed } from '../types.ts'
import { affects, type Found, type Installed } from './known-advisories.ts'
import { advisoryOf, packagesOf } from './osv.ts'

/** Far more than npm's export has; what goes beyond is hostile or no export. */
const limits = { recordBytes: 8 * 2 ** 20, totalBytes: 4 * 2 ** 30, records: 3_000_000, depth: 6 }
const pieceBytes = 4 * 2 ** 20

/**
 * Advisories of the export that hold an installed version; an empty list for a name that has none.
 * @param path relative to the current folder
 * @throws AuditError CONFIG_INVALID for a path where no export can be read
 */
export async function exportedAdvisories(installed: Installed, path: string): Promise<Found> {
  const records = createRecords(installed)
  const missed: Missed[] = []
  const file = resolve(path)
  try {
    if (statSync(file).isDirectory()) readFolder(file, records, missed)
    else await readZip(file, records, missed)
  } catch (error) {
    throw new AuditError('CONFIG_INVALID', `cannot read the advisories in ${path}: ${clean(reasonOf(error))}`, {
      hint: "--advisories takes a folder of OSV's JSON files, or the zip of an OSV export",
      cause: error,
    })
  }
  if (records.count() === 0)
    throw new AuditError('CONFIG_INVALID', `there is no OSV record in ${path}`, {
      hint: "--advisories takes a folder of OSV's JSON files, or the zip of an OSV export",
    })
  const what = `records of ${basename(path)}`
  const next = 'download the export again'
  if (records.unread() > 0) missed.push({ what: `${records.unread()} ${what}`, why: 'they cannot be understood', next })
  return { state: 'served', value: records.found, missed }
}

/** Takes record after record; keeps what hits. */
function createRecords(installed: Installed) {
  const found = new Map<string, Advisory[]>([...installed.keys()].map((name) => [name, []]))
  let count = 0
  let unread = 0
  const keep = (record: unknown): void => {
    for (const name of packagesOf(record)) {
      const versions = installed.get(name)
      if (!versions) continue
      const advisory = advisoryOf(record, name)
      if (!advisory) unread++
      else if (versions.some((version) => affects(advisory.vulnerable, version))) found.get(name)!.push(advisory)
    }
  }
  const take = (bytes: Buffer): void => {
    // latin1 shows names as they are, for they are ASCII; an escaped one is looked at in full.
    const text = bytes.toString('latin1')
    // Cut off it may have lost the very name; other JSON is no record, and a folder of it no export.
    if (!/\}\s{0,9}$/.test(text.slice(-10))) return void unread++
    if (text.includes('"affected"')) count++
    if (!namesAny(text, installed)) return
    try {
      keep(JSON.parse(bytes.toString('utf8')))
    } catch {
      unread++
    }
  }
  return { found, take, skip: () => void unread++, count: () => count, unread: () => unread }
}

type Records = ReturnType<typeof createRecords>

const nameField = /"name"\s*:\s*"([^"]*)"/g

function namesAny(text: string, installed: Installed): boolean {
  for (const [, name = ''] of text.matchAll(nameField)) if (installed.has(name) || name.includes('\\')) return true
  // A key may be escaped as well as a value.
  return text.includes('\\u006') || text.includes('\\u004')
}

function readFolder(folder: string, records: Records, missed: Missed[], depth = 0): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth < limits.depth) readFolder(path, records, missed, depth + 1)
    // Links lead elsewhere, and pipes have no end.
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue
    try {
      if (statSync(path).size > limits.recordBytes) records.skip()
      else records.take(readFileSync(path))
    } catch (error) {
      missed.push({ what: clean(entry.name), why: reasonOf(error), next: 'make it readable' })
    }
  }
}

async function readZip(file: string, records: Records, missed: Missed[]): Promise<void> {
  const descriptor = openSync(file, 'r')
  try {
    let total = 0
    let seen = 0
    const data = createPieces(descriptor)
    for await (const entry of entriesOf(descriptor, statSync(file).size)) {
      if (++seen > limits.records || total > limits.totalBytes) {
        missed.push({ what: 'the rest of the export', why: 'it is larger than any export', next: 'download it again' })
        return
      }
      // Names are compared as bytes: one in a foreign encoding is no error.
      if (!entry.fileNameRaw.subarray(-5).equals(json)) continue
      total += entry.uncompressedSize
      const bytes = unpack(entry, data)
      if (bytes) records.take(bytes)
      else records.skip()
    }
  } finally {
    closeSync(descriptor)
  }
}

const json = Buffer.from('.json')

interface ZipEntry {
  readonly fileNameRaw: Buffer
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly compressionMethod: number
  readonly generalPurposeBitFlag: number
  readonly relativeOffsetOfLocalHeader: number
}

/** Of the central directory; yauzl reads the format, and gets its bytes from large pieces. */
async function* entriesOf(descriptor: number, size: number): AsyncGenerator<ZipEntry> {
  const { default: yauzl } = await import('yauzl')
  const pieces = createPieces(descriptor)
  class Reader extends yauzl.RandomAccessReader {
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      done: (error: Error | null) => void,
    ) {
      const bytes = pieces(position, length)
      bytes?.copy(buffer, offset)
      done(bytes ? null : new Error('the zip ends too early'))
    }
    /** The descriptor is its opener's. */
    override close(done: (error: Error | null) => void) {
      done(null)
    }
    override _readStreamForRange(): never {
      throw new Error('nothing is read as a stream')
    }
  }
  const zip = await yauzl.fromRandomAccessReaderPromise(new Reader(), size, { lazyEntries: true, decodeStrings: false })
  for await (const entry of zip.eachEntry()) yield entry as unknown as ZipEntry
}

/** Undefined for what is encrypted, packed by another method, larger than it says or than any record. */
function unpack(entry: ZipEntry, data: ReturnType<typeof createPieces>): Buffer | undefined {
  const { compressedSize, uncompressedSize, compressionMethod, relativeOffsetOfLocalHeader: at } = entry
  const isPlain = (entry.generalPurposeBitFlag & 1) === 0 && (compressionMethod === 0 || compressionMethod === 8)
  if (!isPlain || Math.max(compressedSize, uncompressedSize) > limits.recordBytes) return undefined
  const header = data(at, localHeaderBytes)
  if (header?.readUInt32LE(0) !== localHeaderMark) return undefined
  const start = at + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = data(start, compressedSize)
  if (!packed || compressionMethod === 0) return packed
  try {
    // Its default buffer is much larger than a record, and a new one each time.
    const chunkSize = uncompressedSize + 64
    const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, uncompressedSize), chunkSize })
    return bytes.length === uncompressedSize ? bytes : undefined
  } catch {
    return undefined
  }
}

/** APPNOTE.TXT 4.3.7: the entry's data follows its local header, whose name and extra field may differ in length. */
const localHeaderMark = 0x04034b50
const localHeaderBytes = 30

/** Reads ahead: entries lie one behind the other. What it gives is valid until the next call. */
function createPieces(descriptor: number): (position: number, length: number) => Buffer | undefined {
  let buffer = Buffer.allocUnsafe(pieceBytes)
  let from = 0
  let held = 0
  let total = 0
  return (position, length) => {
    if (position < from || position + length > from + held) {
      if (buffer.length < length) buffer = Buffer.allocUnsafe(length)
      held = readSync(descriptor, buffer, 0, buffer.length, position)
      from = position
      total += held
      // A directory that sends us to and fro would have us read the file a million times.
      if (total > limits.totalBytes) throw new Error('it sends its reader to and fro')
    }
    return position + length > from + held ? undefined : buffer.subarray(position - from, position - from + length)
  }
}
