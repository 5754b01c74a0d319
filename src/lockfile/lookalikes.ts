// Whom do the names of all packages imitate? Mostly nobody, and finding that out takes longer than anything else that is
// asked of a lockfile alone. So names of which there is nothing to tell are remembered, for as long as this program and
// its tables stay the same.

import { join } from 'node:path'
import { cacheFolder } from '../cache-folder.ts'
import { type MemoryFile, memoryOf } from '../memory-file.ts'
import { keptAs } from '../names/kept.ts'
import { findLookalikes, type Lookalike } from '../names/lookalikes.ts'
import { listOf, text } from '../shape.ts'
import { version } from '../version.ts'

/** Names that imitate nobody. */
export type Harmless = MemoryFile<readonly string[]>

/** Of more projects than anybody audits in turn: then those of the present one are enough. */
const mostNames = 50_000

/** What findLookalikes() says of each name; names of which it says nothing are left out. */
export async function lookalikesOf(
  names: Iterable<string>,
  memory: Harmless | undefined,
): Promise<ReadonlyMap<string, readonly Lookalike[]>> {
  const known = new Set(memory?.read())
  const found = new Map<string, readonly Lookalike[]>()
  const harmless: string[] = []
  for (const name of new Set(names)) {
    const alike = known.has(name) ? [] : await findLookalikes(name)
    if (alike.length > 0) found.set(name, alike)
    else harmless.push(name)
  }
  const all = new Set([...known, ...harmless])
  // Where it cannot be written the next run searches again.
  if (all.size > known.size) memory?.write(all.size > mostNames ? harmless : [...all])
  return found
}

/** Undefined where nothing may be remembered, or the tables are no build's. */
export function harmlessNames(
  mayRemember: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): Harmless | undefined {
  const folder = mayRemember ? cacheFolder(environment) : undefined
  const tables = keptAs()
  if (folder === undefined || tables === undefined) return undefined
  return memoryOf(join(folder, 'look-alikes'), `audit-deps look-alikes 1 ${version} ${tables}`, listOf(text))
}
