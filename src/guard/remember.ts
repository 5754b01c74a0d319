// Lockfiles that were let through, remembered by their hash in the user's cache: what they pin is no news, and within
// a day the same state of everything that was judged need not be judged again. A memory that cannot be read or written
// only costs time.

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isObject } from '../project/json.ts'
import { cacheFolder } from '../registry/cache.ts'
import { version } from '../version.ts'
import { bytesOf } from './place.ts'

export interface Memory {
  /** In milliseconds since 1970. */
  readonly at: number
  /** stateOf() at that time. */
  readonly state: string
  /** The manager itself found nothing to change in the lockfile. */
  readonly settled: boolean
}

/** As long as answers of the registry are fresh: an advisory of tomorrow must be heard. */
const freshMs = 86_400_000

export const isFresh = ({ at, state }: Memory, now: Date, current: string): boolean =>
  state === current && now.getTime() - at >= 0 && now.getTime() - at < freshMs

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
  for (const file of [...homes, ...files.map((path) => join(root, path))]) {
    const bytes = await bytesOf(file)
    hash.update(`\0${file}\0${bytes?.length ?? -1}\0`).update(bytes ?? '')
  }
  return hash.digest('hex')
}

export async function recall(
  lockfile: Buffer | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Memory | undefined> {
  const file = fileOf(lockfile, environment)
  if (file === undefined) return undefined
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isObject(value)) return undefined
    const { at, state, settled } = value
    return typeof at === 'number' && typeof state === 'string' ? { at, state, settled: settled === true } : undefined
  } catch {
    return undefined
  }
}

export async function remember(
  lockfile: Buffer | undefined,
  environment: NodeJS.ProcessEnv,
  memory: Memory,
): Promise<void> {
  const file = fileOf(lockfile, environment)
  if (file === undefined) return
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
    await writeFile(temporary, JSON.stringify(memory), { mode: 0o600, flag: 'wx' })
    await rename(temporary, file)
  } catch {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

function fileOf(lockfile: Buffer | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const folder = cacheFolder(environment)
  if (folder === undefined || lockfile === undefined) return undefined
  return join(folder, 'guard', `${createHash('sha256').update(lockfile).digest('hex')}.json`)
}
