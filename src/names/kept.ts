// The tables as the build keeps them, beside the compiled program: parsing TOML, loading a module of 17,000 strings and
// indexing them take a hundred times as long as reading one file. Sources that run without a build make them.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Lists } from './index-targets.ts'
import { openTargets, type Popular, type Targets } from './targets.ts'

const file = fileURLToPath(new URL('../names.bin', import.meta.url))

/** What the build kept, or else what the lists say now. */
export async function readTargets(): Promise<{ targets: Targets; popular: Popular }> {
  const kept = keptBytes()
  return (kept && openTargets(kept)) ?? openTargets(await made())!
}

function keptBytes(): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Names what the build kept, without reading it: another build is another. Undefined where it kept nothing. */
export function keptAs(): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats && `${stats.size} ${stats.mtimeMs}`
}

async function made(): Promise<Uint8Array<ArrayBuffer>> {
  const [{ packTargets }, lists] = await Promise.all([import('./index-targets.ts'), readLists()])
  return packTargets(lists)
}

/** The lists themselves: from the dependency and from signatures/. */
export async function readLists(): Promise<Lists> {
  const [{ npmHighImpact, npmTopDependents }, { readTables, readUsage }] = await Promise.all([
    import('npm-high-impact'),
    import('./tables.ts'),
  ])
  return { popular: npmHighImpact, dependedOn: npmTopDependents, tables: readTables(), usage: readUsage() }
}

/** Writes down what the lists say: the last step of the build. */
export async function keepNames(target: string = file): Promise<void> {
  writeFileSync(target, await made())
}
