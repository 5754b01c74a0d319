// The packs of a repository, open for reading by position; and what is not in them, for git itself to read. A pack
// that cannot be used here is not an error: its objects are among the rest.

import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError } from '../../errors.ts'
import { type Listing, listAll, listLoose } from '../objects.ts'
import type { Repository } from '../repository.ts'
import { type Forest, kinds, readForest } from './forest.ts'
import { type PackIndex, parseIndex } from './index-file.ts'

export interface Pack {
  readonly file: FileHandle
  readonly index: PackIndex
  readonly forest: Forest
  /** 1 for an entry that an earlier pack holds too. */
  readonly repeated: Uint8Array
}

export interface Store {
  readonly packs: readonly Pack[]
  /** Of blobs, commits and tags in the packs, each once. */
  readonly count: number
  /** Blobs, commits and tags that are in no pack of these; and what was missed of all. */
  readonly rest: Listing
  close(): Promise<void>
}

/** Every object of the repository: what packs hold that can be read here, and the rest by name. */
export async function openStore(repo: Repository): Promise<Store> {
  const folder = join(repo.commonDir, 'objects', 'pack')
  const names = await readdir(folder).catch(() => [])
  const packs: Pack[] = []
  let unusable = false
  for (const name of names.filter((name) => name.endsWith('.idx')).sort()) {
    const pack = await openPack(join(folder, name), packs)
    if (pack === undefined) unusable = true
    else packs.push(pack)
  }
  const close = async (): Promise<void> => {
    await Promise.all(packs.map(({ file }) => file.close()))
  }
  try {
    const rest = await restOf(repo, packs, unusable)
    return { packs, count: packs.reduce((sum, pack) => sum + readable(pack), 0), rest, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Undefined where it is not as it should be, or gone meanwhile: git may still know how to read it. */
async function openPack(path: string, earlier: readonly Pack[]): Promise<Pack | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path.replace(/idx$/, 'pack'))
    const { size } = await file.stat()
    const index = parseIndex(await readFile(path), size)
    const forest = await readForest(file, size, index)
    const repeated = new Uint8Array(index.count)
    if (earlier.length > 0)
      for (let entry = 0; entry < index.count; entry++) {
        const oid = Buffer.from(index.oid(entry), 'hex')
        if (earlier.some((pack) => holds(pack, oid))) repeated[entry] = 1
      }
    return { file, index, forest, repeated }
  } catch (error) {
    await file?.close()
    if (error instanceof AuditError || isOfFiles(error)) return undefined
    throw error
  }
}

const isOfFiles = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === 'string'

function holds({ index, forest }: Pack, oid: Buffer): boolean {
  const entry = index.find(oid)
  return entry !== -1 && forest.kind[entry] !== kinds.none
}

function readable({ forest: { kind }, repeated }: Pack): number {
  let count = 0
  for (let entry = 0; entry < kind.length; entry++)
    if (kind[entry] !== kinds.none && kind[entry] !== kinds.tree && repeated[entry] === 0) count++
  return count
}

/** Naming all objects costs git longer than reading the index costs us: asked only where more than loose ones are left. */
async function restOf(repo: Repository, packs: readonly Pack[], unusable: boolean): Promise<Listing> {
  const orphans = packs.some(({ forest }) => forest.kind.includes(kinds.none))
  const elsewhere = unusable || orphans || repo.partial || (await hasAlternates(repo))
  const listing = elsewhere ? await listAll(repo) : await listLoose(repo)
  const objects = listing.objects.filter(({ oid }) => {
    const bytes = Buffer.from(oid, 'hex')
    return !packs.some((pack) => holds(pack, bytes))
  })
  return { objects, missed: listing.missed }
}

const hasAlternates = (repo: Repository): Promise<boolean> =>
  readFile(join(repo.commonDir, 'objects', 'info', 'alternates')).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
