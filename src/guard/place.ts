// The files that an install changes: what differs between the project and its vetted copy is put in place whole, file
// by file (a temporary neighbour, then rename), and can be taken back to the last byte.

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export interface Change {
  /** Relative to the project. */
  readonly path: string
  readonly before: Buffer | undefined
  readonly after: Buffer
}

/** The bytes of a file; undefined where there is none. */
export async function bytesOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Which of these files differ in the copy. What the copy has no more is left alone. */
export async function changesIn(copy: string, project: string, paths: readonly string[]): Promise<readonly Change[]> {
  const changes = await Promise.all(
    paths.map(async (path) => ({
      path,
      before: await bytesOf(join(project, path)),
      after: await bytesOf(join(copy, path)),
    })),
  )
  return changes.flatMap(({ path, before, after }) =>
    after === undefined || before?.equals(after) ? [] : [{ path, before, after }],
  )
}

/** All of them, or none: what was put before one failed is taken back. */
export async function put(project: string, changes: readonly Change[]): Promise<void> {
  try {
    for (const { path, after } of changes) await replace(join(project, path), after)
  } catch (error) {
    await takeBack(project, changes)
    throw error
  }
}

export async function takeBack(project: string, changes: readonly Change[]): Promise<void> {
  for (const { path, before } of changes) {
    const file = join(project, path)
    if (before === undefined) await rm(file, { force: true })
    else if (!(await bytesOf(file))?.equals(before)) await replace(file, before)
  }
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  // A manifest that is a link stays one.
  const real = await realpath(file).catch(() => file)
  const mode = await stat(real).then(
    (entry) => entry.mode & 0o7777,
    () => 0o644,
  )
  await mkdir(dirname(real), { recursive: true })
  const temporary = `${real}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(temporary, bytes, { mode, flag: 'wx' })
    await rename(temporary, real)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
