// Temporary folders of the guard: one for each run, removed when it ends, or by the next run where it was killed.

import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Copy {
  /** Absolute; its base name is the project's, which npm writes into lockfiles. */
  readonly root: string
  remove(): Promise<void>
}

const prefix = 'audit-deps-guard-'
/** `file:../../shared` leads out of the project, but not out of the temporary folder. */
export const levels = Array.from({ length: 12 }, () => 'd')

/** An empty folder of this name, in a temporary one of its own. */
export async function emptyProject(name: string): Promise<Copy> {
  await sweep()
  const temporary = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)))
  const root = join(temporary, ...levels, name || 'project')
  await mkdir(root, { recursive: true })
  return { root, remove: () => rm(temporary, { recursive: true, force: true }) }
}

/** What a killed wrapper left behind: named after a process that is no more. */
async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [])
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
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
