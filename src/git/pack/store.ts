// The packs of a repository, open for reading by position; and what is not in them, for git itself to read. A pack
// that cannot be used here is not an error: its objects are among the rest. What an earlier run has read, and nobody
// has touched since, is not opened again.

import { lstatSync } from 'node:fs'
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { AuditError } from '../../errors.ts'
import { describe, type GitObject, type Listing, listAll, looseNames, unreadable } from '../objects.ts'
import type { Repository } from '../repository.ts'
import { type Forest, kinds, readForest } from './forest.ts'
import { openIds, type PackIds, type PackIndex, parseIndex } from './index-file.ts'
import { isIntact, type Seal, sealOf, stampOf } from './seal.ts'

/** What an earlier run has read. */
export interface Recall {
  /**
   * Of the packs that are here, those that need not be read again, in the order in which they were read.
   * @param isIntact reads one whole, to see whether it is what it claims to be
   */
  packs(here: readonly Seal[], isIntact: (seal: Seal) => boolean): readonly Seal[]
  /** What the loose object was, if its file is the one that was read. */
  loose(oid: string, stamp: string): 'object' | 'tree' | undefined
}

export interface Pack {
  /** Undefined where nothing will be remembered of it. */
  readonly seal: Seal | undefined
  readonly file: FileHandle
  readonly index: PackIndex
  readonly forest: Forest
  /** 1 for an entry that an earlier pack holds too. */
  readonly repeated: Uint8Array
}

export interface Store {
  readonly packs: readonly Pack[]
  /** Packs that were read before. */
  readonly known: readonly Seal[]
  readonly loose: Loose
  /** Of blobs, commits and tags in the packs that are to be read, each once; none that a known pack holds. */
  readonly count: number
  /** Blobs, commits and tags that are in no pack of these; and what was missed of all. */
  readonly rest: Listing
  close(): Promise<void>
}

/** Objects in files of their own; nothing where nobody remembers. */
export interface Loose {
  /** All that were read before. */
  readonly known: readonly string[]
  /** Of these the blobs, commits and tags that are in no pack. */
  readonly counted: readonly string[]
  readonly fresh: readonly FreshLoose[]
}

export interface FreshLoose {
  readonly oid: string
  readonly type: GitObject['type'] | 'tree'
  readonly stamp: string
}

/** Every object of the repository: what packs hold that can be read here, and the rest by name. */
export async function openStore(repo: Repository, recall?: Recall): Promise<Store> {
  const folder = folderOf(repo)
  // An object id of SHA-256 is longer: such packs are git's to read.
  const names = repo.objectFormat === 'sha1' ? await indexed(folder) : []
  const seals = recall === undefined ? [] : names.flatMap((name) => sealOf(folder, name) ?? [])
  const known = recall?.packs(seals, (seal) => isIntact(folder, seal)) ?? []
  const ids: PackIds[] = []
  const packs: Pack[] = []
  let unusable = repo.objectFormat !== 'sha1'
  const close = async (): Promise<void> => {
    for (const one of ids) one.close()
    await Promise.all(packs.map(({ file }) => file.close()))
  }
  try {
    for (const { name } of known) ids.push(openIds(join(folder, `${name}.idx`)))
    for (const name of names.filter((name) => !known.some((seal) => seal.name === name))) {
      const seal = seals.find((seal) => seal.name === name)
      const isEarlier = ids.length + packs.length > 0 ? (oid: Buffer) => isHeld(oid, ids, packs) : undefined
      const pack = await openPack(join(folder, name), seal, isEarlier)
      if (pack === undefined) unusable = true
      else packs.push(pack)
    }
    const { rest, loose } = await restOf(repo, { packs, ids, unusable, recall, names })
    return { packs, known, loose, count: packs.reduce((sum, pack) => sum + countOf(readable(pack)), 0), rest, close }
  } catch (error) {
    await close()
    throw error
  }
}

const folderOf = ({ commonDir }: Repository): string => join(commonDir, 'objects', 'pack')

/** Names of the packs that have an index, without their ending; a folder that cannot be listed is said by unpairedPacks(). */
async function indexed(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => [])
  return files.flatMap((name) => (name.endsWith('.idx') ? [name.slice(0, -'.idx'.length)] : [])).sort()
}

const isHeld = (oid: Buffer, ids: readonly PackIds[], packs: readonly Pack[]): boolean =>
  ids.some((known) => known.has(oid)) || packs.some((pack) => holds(pack, oid))

/** Undefined where it is not as it should be, or gone meanwhile: git may still know how to read it. */
async function openPack(
  path: string,
  seal: Seal | undefined,
  isEarlier: ((oid: Buffer) => boolean) | undefined,
): Promise<Pack | undefined> {
  let file: FileHandle | undefined
  try {
    // A pipe in its place would be waited for, and an index that fills the memory is nobody's.
    const [packPath, indexPath] = [`${path}.pack`, `${path}.idx`]
    const [{ size }, indexSize] = [await regular(packPath), (await regular(indexPath)).size]
    if (indexSize > largestIndex) return undefined
    file = await open(packPath)
    const index = parseIndex(await readFile(indexPath), size)
    const forest = await readForest(file, size, index)
    const repeated = new Uint8Array(index.count)
    if (isEarlier !== undefined)
      for (let entry = 0; entry < index.count; entry++) if (isEarlier(index.id(entry))) repeated[entry] = 1
    return { seal, file, index, forest, repeated }
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

/** Blobs, commits and tags that no earlier pack holds. */
export function readable({ forest: { kind }, repeated }: Pack): Readonly<Record<GitObject['type'], number>> {
  const count = { commit: 0, blob: 0, tag: 0 }
  for (let entry = 0; entry < kind.length; entry++) {
    const type = typeOf[kind[entry]!]
    if (type !== undefined && repeated[entry] === 0) count[type]++
  }
  return count
}

export const countOf = ({ commit, blob, tag }: ReturnType<typeof readable>): number => commit + blob + tag

/** Of blobs, commits and tags. */
export const typeOf: Readonly<Record<number, GitObject['type']>> = {
  [kinds.commit]: 'commit',
  [kinds.blob]: 'blob',
  [kinds.tag]: 'tag',
}

/** Blobs, commits and tags that a root leads to. */
export const isWanted = (kind: number): boolean => typeOf[kind] !== undefined

interface Found {
  readonly packs: readonly Pack[]
  readonly ids: readonly PackIds[]
  readonly unusable: boolean
  readonly recall: Recall | undefined
  /** Of the packs that were there at first. */
  readonly names: readonly string[]
}

/** Naming all objects costs git longer than reading the index costs us: asked only where more than loose ones are left. */
async function restOf(repo: Repository, found: Found): Promise<Pick<Store, 'rest' | 'loose'>> {
  const { packs, ids, unusable, recall, names } = found
  const orphans = packs.some(({ forest }) => forest.kind.includes(kinds.none))
  const circles = new Set(packs.flatMap((pack) => circlesIn(pack)))
  const files = await looseNames(repo)
  // Whoever packs meanwhile moves objects from where we have not looked yet to where we have looked before.
  const isMoved = repo.objectFormat === 'sha1' && !isDeepStrictEqual(await indexed(folderOf(repo)), names)
  const elsewhere = unusable || orphans || isMoved || repo.partial || (await hasAlternates(repo))
  const held = (oid: string): boolean => isHeld(Buffer.from(oid, 'hex'), ids, packs)
  const { known, fresh } = sortedOut(repo, files.oids, recall)
  const unread = files.oids.filter((oid) => !known.has(oid))
  const listing = elsewhere ? { ...(await listAll(repo, circles)), trees: [] } : await describe(repo, unread)
  const next = 'run git fsck --full, and fetch anew what it names'
  return {
    rest: {
      objects: listing.objects.filter(({ oid }) => !known.has(oid) && !held(oid)),
      missed: [
        ...(elsewhere ? [] : files.missed),
        ...listing.missed,
        ...unreadable([...circles], 'its deltas go round in a circle', next),
      ],
    },
    loose: {
      known: [...known.keys()],
      counted: [...known].flatMap(([oid, was]) => (was === 'object' && !held(oid) ? [oid] : [])),
      fresh: [...listing.objects, ...listing.trees.map((oid) => ({ oid, type: 'tree' as const }))].flatMap(
        ({ oid, type }) => (fresh.has(oid) ? [{ oid, type, stamp: fresh.get(oid)! }] : []),
      ),
    },
  }
}

function sortedOut(repo: Repository, oids: readonly string[], recall: Recall | undefined) {
  const known = new Map<string, 'object' | 'tree'>()
  const fresh = new Map<string, string>()
  if (recall === undefined) return { known, fresh }
  for (const oid of oids) {
    const stamp = stampOfLoose(repo, oid)
    if (stamp === undefined) continue
    const was = recall.loose(oid, stamp)
    if (was === undefined) fresh.set(oid, stamp)
    else known.set(oid, was)
  }
  return { known, fresh }
}

function stampOfLoose(repo: Repository, oid: string): string | undefined {
  try {
    const stats = lstatSync(join(repo.commonDir, 'objects', oid.slice(0, 2), oid.slice(2)), { bigint: true })
    return stats.isFile() ? stampOf(stats) : undefined
  } catch {
    // Gone meanwhile, or below a folder that may be listed and no more: it is asked for as any other.
    return undefined
  }
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
