// Lockfiles that were let through, remembered by their hash in the user's cache: what they pin is no news, and within
// a day the same state of everything that was judged need not be judged again. A memory that cannot be read or written
// only costs time.

import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from '../cache-folder.ts'
import { type MemoryFile, memoryOf } from '../memory-file.ts'
import { flag, listOf, number, objectOf, text } from '../shape.ts'
import { version } from '../version.ts'
import { bytesOf, bytesOfAny } from './place.ts'

/** States of projects in which one lockfile was let through, the latest first. */
export type Memory = readonly Passed[]

export interface Passed {
  /** In milliseconds since 1970. */
  readonly at: number
  /** stateOf() at that time. */
  readonly state: string
  /** The manager itself found nothing to change in the lockfile. */
  readonly settled: boolean
}

/** As long as answers of the registry are fresh: an advisory of tomorrow must be heard. */
const freshMs = 86_400_000
/** A build machine has the same lockfile in one checkout after another. */
const mostStates = 16

/** Undefined where this state of things has not been judged within a day. */
export const passedAs = (memory: Memory | undefined, now: Date, current: string): Passed | undefined =>
  memory?.find(({ at, state }) => state === current && now.getTime() - at >= 0 && now.getTime() - at < freshMs)

/**
 * Everything that a decision depends on but the registry's answers: files of the project, the user's settings, who
 * runs, and the day (for exceptions end).
 */
export async function stateOf(
  root: string,
  files: readonly string[],
  program: string,
  environment: NodeJS.ProcessEnv,
  now: Date,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([version, program, now.toISOString().slice(0, 10), root]))
  const settings = Object.entries(environment).filter(([name]) => /^(?:npm|pnpm|yarn|bun)_|^AUDIT_DEPS_/i.test(name))
  // What a manager sets for its scripts says nothing of its settings.
  const stable = settings.filter(([name]) => !/^npm_(?:package|lifecycle|command|execpath|node_execpath)/.test(name))
  hash.update(JSON.stringify(stable.sort()))
  const homes = ['.npmrc', '.yarnrc', '.yarnrc.yml', '.bunfig.toml'].map((name) =>
    join(environment.HOME ?? homedir(), name),
  )
  const named = settings.flatMap(([name, file]) => (/^npm_config_(?:user|global)config$/i.test(name) && file) || [])
  const add = (file: string, bytes: Buffer | undefined) =>
    hash.update(`\0${file}\0${bytes?.length ?? -1}\0`).update(bytes ?? '')
  for (const file of [...homes, ...named]) add(file, await bytesOfAny(file))
  for (const file of files.map((path) => join(root, path))) add(file, await bytesOf(file))
  return hash.digest('hex')
}

/** Undefined where this lockfile was never let through, or nothing is remembered. */
export const recall = (lockfile: Buffer, environment: NodeJS.ProcessEnv): Memory | undefined =>
  fileOf(lockfile, environment)?.read()

/** Never throws: what cannot be kept is judged again. */
export function remember(lockfile: Buffer, environment: NodeJS.ProcessEnv, passed: Passed): void {
  const file = fileOf(lockfile, environment)
  const others = (file?.read() ?? []).filter(({ state }) => state !== passed.state)
  file?.write([passed, ...others].slice(0, mostStates))
}

const memory = listOf(objectOf<Passed>({ at: number, state: text, settled: flag }))

function fileOf(lockfile: Buffer, environment: NodeJS.ProcessEnv): MemoryFile<Memory> | undefined {
  const folder = cacheFolder(environment)
  const head = `audit-deps guard memory 1 ${createHash('sha256').update(lockfile).digest('hex')}`
  return folder === undefined ? undefined : memoryOf(join(folder, 'guard'), head, memory)
}
