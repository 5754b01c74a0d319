// What a run has read of a repository's objects, for the next run to pass over: which packs and loose objects, and which
// of their objects hold a candidate. Ids, checksums and counts only; no value, no path, no place. It counts for one
// program with one set of signatures, and for files that nobody has touched; whatever is wrong with it (damaged,
// foreign, full disk, read-only) only means that everything is read.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GitObject } from '../git/objects.ts'
import type { Seal } from '../git/pack/seal.ts'
import type { Recall } from '../git/pack/store.ts'
import type { Repository } from '../git/repository.ts'
import { memoryFile } from '../memory-file.ts'
import { flag, listOf, natural, objectId, objectOf, oneOf, recordOf, type Shape, text, tupleOf } from '../shape.ts'
import type { Signature } from '../types.ts'
import { version } from '../version.ts'

/** Of a pack that was read to its end. */
export interface PackMemory {
  readonly seal: Seal
  /** Blobs, commits and tags that no pack before this one holds. */
  readonly count: number
  /** Whether an earlier pack holds some of its objects: then this one's count needs the earlier ones. */
  readonly repeats: boolean
  readonly suspects: readonly Named[]
  /** Left to git. */
  readonly unread: readonly Named[]
}

type Named = Pick<GitObject, 'oid' | 'type'>

export interface LooseMemory {
  readonly stamp: string
  readonly type: GitObject['type'] | 'tree'
  readonly suspect: boolean
}

/** What was said of an object that holds candidates. */
export interface Judged {
  /** Under which it was said, as a hash. */
  readonly circumstances: string
  /** What was left out, by reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** What was not, by numbers: see recalled.ts. */
  readonly seen: readonly (readonly [path: number, value: number, kind: number, allowed: 0 | 1])[]
}

export interface Memory extends Recall {
  /** @param seal one of those that `packs` gave */
  pack(seal: Seal): PackMemory
  looseOne(oid: string): LooseMemory
  /** What was said of a suspect under the same circumstances. */
  judged(oid: string, circumstances: string): Judged | undefined
  /** What the numbers of judgements stand for. */
  readonly kinds: readonly string[]
  /** Keeps what this run knows, and nothing else. Never throws. @returns why it could not be kept */
  save(kept: Kept): string | undefined
}

export interface Kept {
  readonly packs: readonly PackMemory[]
  readonly loose: ReadonlyMap<string, LooseMemory>
  readonly judged: ReadonlyMap<string, Judged>
  readonly kinds: readonly string[]
}

const format = 'audit-deps secrets memory 3'
/** Loose objects are git's to pack long before there are as many. */
const mostLoose = 200_000

/** @param folder from cacheFolder() */
export function openMemory(folder: string, repo: Repository, signatures: Iterable<Signature>): Memory {
  const good = `${format} ${version} ${process.version} ${program()} ${digestOf(signatures)}`
  const file = memoryFile(join(folder, 'secrets'), repo, good, contents)
  const known = file.read() ?? nothing
  const packs = new Map(known.packs.map((pack) => [pack.seal.name, pack]))
  const loose = new Map(known.loose)
  const judged = new Map(known.judged)
  return {
    packs(here, isIntact) {
      const found: Seal[] = []
      let all = true
      for (const { seal: before, repeats } of known.packs) {
        const seal = here.find(({ name }) => name === before.name)
        const same =
          seal !== undefined && seal.content === before.content && (seal.files === before.files || isIntact(seal))
        if (same && (all || !repeats)) found.push(seal)
        else all = false
      }
      return found
    },
    loose(oid, stamp) {
      const before = loose.get(oid)
      return before?.stamp === stamp ? (before.type === 'tree' ? 'tree' : 'object') : undefined
    },
    // A seal that had to be proven is a new one of the same pack.
    pack: (seal) => ({ ...packs.get(seal.name)!, seal }),
    looseOne: (oid) => loose.get(oid)!,
    judged(oid, circumstances) {
      const before = judged.get(oid)
      return before?.circumstances === circumstances ? before : undefined
    },
    kinds: known.kinds,
    save({ packs, loose, judged, kinds }) {
      const some = loose.size > mostLoose ? [] : [...loose]
      return file.write({ packs, loose: some, judged: [...judged], kinds } satisfies Contents)
    },
  }
}

/** What a program does follows from its text: one that was changed in any way does not believe the other. */
function program(): string {
  const root = join(import.meta.dirname, '..')
  // Where modules were joined into others, these are beside this one, and little is left of the folders.
  const folders = ['secrets', 'git', join('git', 'pack')].map((name) => join(root, name)).filter(existsSync)
  const hash = createHash('sha256')
  for (const folder of [import.meta.dirname, ...folders])
    for (const name of readdirSync(folder).sort())
      if (/(?<!\.d)\.[jt]s$/.test(name)) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

const digestOf = (signatures: Iterable<Signature>): string =>
  createHash('sha256')
    .update(JSON.stringify([...signatures], (_, value: unknown) => (value instanceof RegExp ? String(value) : value)))
    .digest('hex')

interface Contents {
  readonly packs: readonly PackMemory[]
  readonly loose: readonly (readonly [oid: string, LooseMemory])[]
  readonly judged: readonly (readonly [oid: string, Judged])[]
  readonly kinds: readonly string[]
}

const nothing: Contents = { packs: [], loose: [], judged: [], kinds: [] }

const type = oneOf('blob', 'commit', 'tag')
const named = listOf(objectOf<Named>({ oid: objectId, type }))

const contents: Shape<Contents> = objectOf<Contents>({
  packs: listOf(
    objectOf<PackMemory>({
      seal: objectOf<Seal>({ name: text, content: text, files: text }),
      count: natural,
      repeats: flag,
      suspects: named,
      unread: named,
    }),
  ),
  loose: listOf(
    tupleOf(
      objectId,
      objectOf<LooseMemory>({ stamp: text, type: oneOf('blob', 'commit', 'tag', 'tree'), suspect: flag }),
    ),
  ),
  judged: listOf(
    tupleOf(
      objectId,
      objectOf<Judged>({
        circumstances: text,
        dropped: recordOf(natural),
        seen: listOf(tupleOf(natural, natural, natural, oneOf(0, 1))),
      }),
    ),
  ),
  kinds: listOf(text),
})
