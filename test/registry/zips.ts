// Zips as tests need them, lies included: APPNOTE.TXT's local headers, central directory and end record.

import { deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly text: string | Buffer
  readonly stored?: boolean
  /** Size and other fields as the directory claims them, where they are not the true ones. */
  readonly claims?: number
  readonly flags?: number
  readonly method?: number
}

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, text, stored, claims, flags = 0, method = stored ? 0 : 8 } of entries) {
    const bytes = Buffer.from(text)
    const data = stored ? bytes : deflateRawSync(bytes)
    const size = claims ?? bytes.length
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(flags, 2)
    shared.writeUInt16LE(method, 4)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(size, 18)
    shared.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name)])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), shared, tail, Buffer.from(name)]))
    parts.push(local, data)
    at += local.length + data.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/** A gigabyte, as its directory says, in a few bytes. */
export const bomb: ZipEntry = { name: 'bomb.json', text: Buffer.alloc(2 ** 20, 0x20), claims: 2 ** 30 }
