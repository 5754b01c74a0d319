// The files that an install changes: what differs between the project and its vetted copy is put in place whole, file
// by file (a temporary neighbour, then rename), and can be taken back to the last byte.

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'

export interface Change {
  /** Relative to the project. */
  readonly path: string
  readonly before: Buffer | undefined
  readonly after: Buffer
}

/**
 * Whether a project holds such a file.
 * @throws AuditError USAGE where it is a pipe or a device, which may never end; the file system's errors
 */
export async function isThere(file: string): Promise<boolean> {
  const entry = await unlessAbsent(stat(file), undefined)
  if (entry !== undefined && !entry.isFile() && !entry.isDirectory())
    throw new AuditError('USAGE', `${clean(file)} is no regular file`, {
      hint: 'remove it, or put a file in its place',
    })
  return entry !== undefined
}

/** The bytes of a project's file; undefined where there is none. @throws as isThere() */
export const bytesOf = async (file: string): Promise<Buffer | undefined> =>
  (await isThere(file)) ? bytesOfAny(file) : undefined

/** As bytesOf(), of a file of the user's own: whoever keeps a pipe there knows what for. */
export const bytesOfAny = (file: string): Promise<Buffer | undefined> => unlessAbsent(readFile(file), undefined)

/** What is asked of a file, or the other value where there is no such file. @throws the file system's other errors */
export function unlessAbsent<T, U>(asked: Promise<T>, absent: U): Promise<T | U> {
  return asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return absent
    throw error
  })
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
  const done: Change[] = []
  try {
    for (const change of changes) {
      await replace(join(project, change.path), change.after)
      done.push(change)
    }
  } catch (error) {
    await takeBack(project, done)
    throw error
  }
}

/** As they were before, as many as can be. @throws the first of the file system's errors, when all were tried */
export async function takeBack(project: string, changes: readonly Change[]): Promise<void> {
  const failures: unknown[] = []
  for (const { path, before } of changes) {
    const file = join(project, path)
    try {
      if (before === undefined) await rm(file, { force: true })
      else if (!(await bytesOf(file))?.equals(before)) await replace(file, before)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  // A manifest that is a link stays one.
  const real = await unlessAbsent(realpath(file), file)
  const mode = await unlessAbsent(
    stat(real).then((entry) => entry.mode & 0o7777),
    0o644,
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
