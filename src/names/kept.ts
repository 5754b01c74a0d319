// The lists as the build keeps them, beside the compiled program: parsing TOML and loading a module of 17,000 strings
// takes many times as long as reading one file of JSON. Sources that run without a build read the originals.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Tables } from './knowledge.ts'

export interface Lists {
  /** Most popular first. */
  readonly popular: readonly string[]
  /** What most packages name as a dependency, most first: the names that people type. */
  readonly dependedOn: readonly string[]
  readonly tables: Tables
}

/** Names one a line: one long string is read faster than many. */
interface Kept {
  readonly popular: string
  readonly dependedOn: string
  readonly tables: Tables
}

const file = fileURLToPath(new URL('../names.json', import.meta.url))

/** All lists: what the build kept, or else the originals. */
export async function readLists(): Promise<Lists> {
  const text = keptText()
  if (text === undefined) return originals()
  const { popular, dependedOn, tables } = JSON.parse(text) as Kept
  return { popular: popular.split('\n'), dependedOn: dependedOn.split('\n'), tables }
}

function keptText(): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function originals(): Promise<Lists> {
  const [{ npmHighImpact, npmTopDependents }, { readTables }] = await Promise.all([
    import('npm-high-impact'),
    import('./tables.ts'),
  ])
  return { popular: npmHighImpact, dependedOn: npmTopDependents, tables: readTables() }
}

/** Writes down what the originals say: the last step of the build. */
export async function keepNames(target: string = file): Promise<void> {
  const { popular, dependedOn, tables } = await originals()
  const kept: Kept = { popular: popular.join('\n'), dependedOn: dependedOn.join('\n'), tables }
  writeFileSync(target, JSON.stringify(kept))
}
