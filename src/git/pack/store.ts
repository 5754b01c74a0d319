// The packs of a repository, open for reading by position; and what is not in them, for git itself to read. A pack
// that cannot be used here is not an error: its objects are among the rest.

import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AuditError } from '../../errors.ts'
import { type Listing, listAll, listLoose, unreadable } from '../objects.ts'
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
  // An object id of SHA-256 is longer: such packs are git's to read.
  const names = repo.objectFormat === 'sha1' ? await readdir(folder).catch(() => []) : []
  const packs: Pack[] = []
  let unusable = repo.objectFormat !== 'sha1'
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
    // A pipe in its place would be waited for, and an index that fills the memory is nobody's.
    const packPath = path.replace(/idx$/, 'pack')
    const [{ size }, indexSize] = [await regular(packPath), (await regular(path)).size]
    if (indexSize > largestIndex) return undefined
    file = await open(packPath)
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

/** Some 37 million objects. */
const largestIndex = 1024 * 1024 * 1024

async function regular(path: string): Promise<{ size: number }> {
  const found = await stat(path)
  if (!found.isFile()) throw new AuditError('GIT_FAILED', 'a pack cannot be used: it is no file')
  return found
}

const isOfFiles = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === 'string'

function holds({ index, forest }: Pack, oid: Buffer): boolean {
  const entry = index.find(oid)
  return entry !== -1 && forest.kind[entry] !== kinds.none
}

function readable({ forest: { kind }, repeated }: Pack): number {
  let count = 0
  for (let entry = 0; entry < kind.length; entry++) if (isWanted(kind[entry]!) && repeated[entry] === 0) count++
  return count
}

/** Blobs, commits and tags that a root leads to. */
export const isWanted = (kind: number): boolean => kind === kinds.blob || kind === kinds.commit || kind === kinds.tag

/** Naming all objects costs git longer than reading the index costs us: asked only where more than loose ones are left. */
async function restOf(repo: Repository, packs: readonly Pack[], unusable: boolean): Promise<Listing> {
  const orphans = packs.some(({ forest }) => forest.kind.includes(kinds.none))
  const elsewhere = unusable || orphans || repo.partial || (await hasAlternates(repo))
  const circles = new Set(packs.flatMap((pack) => circlesIn(pack)))
  const listing = elsewhere ? await listAll(repo, circles) : await listLoose(repo)
  const objects = listing.objects.filter(({ oid }) => {
    const bytes = Buffer.from(oid, 'hex')
    return !packs.some((pack) => holds(pack, bytes))
  })
  const next = 'run git fsck --full, and fetch anew what it names'
  return { objects, missed: [...listing.missed, ...unreadable([...circles], 'its deltas go round in a circle', next)] }
}

function circlesIn({ index, forest: { kind } }: Pack): string[] {
  const found: string[] = []
  for (let at = kind.indexOf(kinds.circle); at !== -1; at = kind.indexOf(kinds.circle, at + 1))
    found.push(index.oid(at))
  return found
}

const hasAlternates = (repo: Repository): Promise<boolean> =>
  readFile(join(repo.commonDir, 'objects', 'info', 'alternates')).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
