// Temporary folders of the guard: one for each run, removed when it ends, or by a later run where it was killed.

import { mkdir, mkdtemp, readdir, readlink, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Copy {
  /** Absolute; its base name is the project's, which npm writes into lockfiles. */
  readonly root: string
  remove(): Promise<void>
}

/** `file:../../shared` leads out of the project, but not out of the temporary folder. */
export const levels = Array.from({ length: 12 }, () => 'd')

/** An empty folder of this name, in a temporary one of its own. @throws the file system's errors */
export async function emptyProject(name: string): Promise<Copy> {
  const prefix = `audit-deps-guard-${await processes()}-`
  await sweep(prefix)
  const temporary = await mkdtemp(join(await realpath(tmpdir()), `${prefix}${process.pid}-`))
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true, maxRetries: 3 })
  const root = join(temporary, ...levels, name || 'project')
  try {
    await mkdir(root, { recursive: true })
  } catch (error) {
    await remove()
    throw error
  }
  return { root, remove }
}

/** Whose process numbers ours are: containers may share this machine's temporary folder, and each counts by itself. */
async function processes(): Promise<string> {
  try {
    return /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    // Not Linux: all processes of the machine are counted together.
    return '0'
  }
}

/** What a killed wrapper left behind: named after a process that is no more. Our own run needs none of this. */
async function sweep(prefix: string): Promise<void> {
  // It may be forbidden to list it.
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0
    if (!(pid > 0) || isAlive(pid)) continue
    // Somebody else's, or another run is at it: a later one tries again.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
