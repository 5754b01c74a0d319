// The package.json inside a tarball, as npm would find it. pacote alone unpacks everything for it (measured: 600 kB
// that hold 400 MB cost 8 s, 600 MB of memory and 400 MB of disk), so its own tar lays out the manifest and binding.gyp
// only, where npm would lay them, and pacote reads that folder. Links and other names never reach the disk.

import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ReadEntry } from 'tar'
import type { ManifestFacts } from '../types.ts'
import { type Json, manifestFacts } from './manifest.ts'
import { NoAnswer } from './no-answer.ts'

/** Of one kept file. Published manifests stay far below it. */
const largestFile = 4 * 1024 * 1024
/** The same place may be written more than once: the last one counts, as in npm. */
const mostKept = 100
/** Far more than an honest tarball of 64 MiB holds, and than reading it takes. */
const defaultLimits = { unpackedBytes: 1024 ** 3, ms: 20_000 }
const unreadable = 'do not install it before somebody has looked into the tarball'

/**
 * Runs nothing of the package; the temporary folder is gone when it returns.
 * @throws NoAnswer for what is no npm tarball, or too large to be looked into.
 */
export async function unpackManifest(tarball: Buffer, limits = defaultLimits): Promise<ManifestFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-deps-tarball-'))
  try {
    await layOut(tarball, folder, limits)
    const { default: pacote } = await import('pacote')
    // Its cache folder is named so that it does not look for the user's.
    const manifest: unknown = await pacote.manifest(`file:${folder}`, { cache: folder, ignoreScripts: true })
    return manifestFacts(manifest as Json, await exists(join(folder, 'binding.gyp')))
  } catch (error) {
    if (error instanceof NoAnswer) throw error
    const code = String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown')
    const why = code === 'ENOENT' ? 'holds no package.json' : `or its package.json cannot be read (${code})`
    throw new NoAnswer(`its tarball ${why}`, unreadable)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function layOut(tarball: Buffer, folder: string, limits: typeof defaultLimits): Promise<void> {
  const { UnpackSync } = await import('tar')
  const sieve = createSieve(limits)
  let failure: unknown
  let isOver = false
  const unpack = new UnpackSync({
    cwd: folder,
    // As pacote does: whatever the first folder is called.
    strip: 1,
    noMtime: true,
    preserveOwner: false,
    filter: sieve.keeps,
    // It is unpacked here, and counted; what then looks compressed again is no tarball.
    zstd: false,
    maxDecompressionRatio: 1,
  })
  unpack.on('error', (error) => {
    failure ??= error
  })
  // What comes after the end mark is nothing to npm either; tar would collect it in memory.
  unpack.on('eof', () => {
    isOver = true
  })
  try {
    for await (const chunk of unzipped(tarball)) {
      sieve.count(chunk.length)
      unpack.write(chunk)
      if (failure) throw failure
      if (sieve.refusal()) throw sieve.refusal()
      if (isOver) break
    }
  } finally {
    // Closes the file that a broken archive leaves open.
    unpack.end()
  }
}

const unzipped = (tarball: Buffer): AsyncIterable<Buffer> => {
  const bytes = Readable.from([tarball])
  // npm takes an archive that is not compressed, too.
  return tarball[0] === 0x1f && tarball[1] === 0x8b ? bytes.pipe(createGunzip({ chunkSize: 256 * 1024 })) : bytes
}

/** Which entries are written, and when it is too much. tar itself decides where they go. */
function createSieve({ unpackedBytes, ms }: typeof defaultLimits) {
  const started = performance.now()
  let unpacked = 0
  let kept = 0
  let refused: NoAnswer | undefined
  const refuse = (why: string): void => {
    refused ??= new NoAnswer(`its tarball ${why}`, unreadable)
  }
  return {
    count: (bytes: number): void => {
      unpacked += bytes
      if (unpacked > unpackedBytes) refuse(`unpacks to more than ${unpackedBytes / 1024 ** 2} MiB`)
      if (performance.now() - started > ms) refuse(`takes more than ${ms / 1000} s to look into`)
    },
    keeps: (path: string, entry: ReadEntry | object): boolean => {
      const { type = '', size = 0 } = entry as Partial<ReadEntry>
      if (refused || !/File$/.test(type) || !isWanted(path)) return false
      if (size > largestFile) refuse('holds a package.json or binding.gyp of more than 4 MiB')
      if (++kept > mostKept) refuse(`holds more than ${mostKept} files called package.json or binding.gyp`)
      return refused === undefined
    },
    refusal: () => refused,
  }
}

/** Directly in the first folder, however the path is written; on some disks capitals are the same file. */
function isWanted(path: string): boolean {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  return parts.length === 2 && parts[0] !== '..' && /^(?:package\.json|binding\.gyp)$/i.test(parts[1]!)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
