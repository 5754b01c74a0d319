// What an object store holds, by names alone: which packs, which loose objects. From two such lists follows what came
// between them, without a question to git.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { openIds, parseIndex } from './pack/index-file.ts'
import { sealOf } from './pack/seal.ts'
import type { Repository } from './repository.ts'

export interface Held {
  /** Each by its name and what it claims to hold. */
  readonly packs: readonly (readonly [name: string, content: string])[]
  /** Ids of objects in files of their own. */
  readonly loose: readonly string[]
}

const mostLoose = 50_000
/** New packs with more objects are as good as a new repository. */
const mostNew = 20_000

/** Undefined where the store is not told by these names: part of it lies elsewhere, ends somewhere, or is unusual. */
export function heldBy(repo: Repository): Held | undefined {
  if (repo.objectFormat !== 'sha1' || repo.shallow || repo.partial) return undefined
  const objects = join(repo.commonDir, 'objects')
  if (existsSync(join(objects, 'info', 'alternates'))) return undefined
  const folder = join(objects, 'pack')
  const listed = () =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => /\.(?:idx|pack)$/.test(file))
          .sort()
      : []
  try {
    const files = listed()
    const packs: [string, string][] = []
    for (const file of files) {
      const name = file.replace(/\.(?:idx|pack)$/, '')
      const seal = sealOf(folder, name)
      if (seal === undefined) return undefined
      if (file.endsWith('.idx')) packs.push([name, seal.content])
    }
    const loose = readdirSync(objects).flatMap((two) =>
      /^[0-9a-f]{2}$/.test(two) ? readdirSync(join(objects, two)).map((rest) => two + rest) : [],
    )
    const oids = loose.filter((oid) => /^[0-9a-f]{40}$/.test(oid))
    // Whoever packs meanwhile moves objects from where we have not looked yet to where we have looked before.
    if (!isDeepStrictEqual(listed(), files)) return undefined
    return oids.length > mostLoose ? undefined : { packs, loose: oids }
  } catch {
    return undefined
  }
}

export interface Between {
  /** Whether a pack that was there is gone, or is another one. */
  readonly packGone: boolean
  /** Loose objects whose file is gone; a pack may hold them now. */
  readonly looseGone: ReadonlySet<string>
  /** Objects that are in a new pack or a new file; undefined where they are too many to be asked for. */
  readonly came: readonly string[] | undefined
  /** Whether one of the objects was there before; undefined where that cannot be told any more. */
  wasThere(oids: readonly string[]): boolean | undefined
}

/** Throws where a pack cannot be read. */
export function between(repo: Repository, before: Held, now: Held): Between {
  const folder = join(repo.commonDir, 'objects', 'pack')
  const contents = new Map(now.packs)
  const packGone = before.packs.some(([name, content]) => contents.get(name) !== content)
  const known = new Map(before.packs)
  const fresh = now.packs.filter(([name, content]) => known.get(name) !== content)
  const [looseBefore, looseNow] = [new Set(before.loose), new Set(now.loose)]
  return {
    packGone,
    looseGone: new Set(before.loose.filter((oid) => !looseNow.has(oid))),
    came: cameWith(
      folder,
      fresh.map(([name]) => name),
      now.loose.filter((oid) => !looseBefore.has(oid)),
    ),
    wasThere(oids) {
      if (oids.length === 0) return false
      if (packGone) return undefined
      if (oids.some((oid) => looseBefore.has(oid))) return true
      return before.packs.some(([name]) => holdsOne(join(folder, `${name}.idx`), oids))
    },
  }
}

function cameWith(folder: string, packs: readonly string[], loose: readonly string[]): readonly string[] | undefined {
  const came = [...loose]
  for (const name of packs) {
    const [pack, index] = [join(folder, `${name}.pack`), join(folder, `${name}.idx`)]
    if (statSync(index).size / leastPerObject > mostNew) return undefined
    const { count, oid } = parseIndex(readFileSync(index), statSync(pack).size)
    for (let entry = 0; entry < count; entry++) came.push(oid(entry))
  }
  return came.length > mostNew ? undefined : came
}

/** Bytes of an index: id, checksum and offset. */
const leastPerObject = 28

function holdsOne(index: string, oids: readonly string[]): boolean {
  const ids = openIds(index)
  try {
    return oids.some((oid) => ids.has(Buffer.from(oid, 'hex')))
  } finally {
    ids.close()
  }
}
