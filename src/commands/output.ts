// Where a report goes: standard output or a file, in the format, width and colour that fit the place. Written piece by
// piece, as the reader takes it, so that a large report needs no second copy of itself.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { AuditError, reasonOf } from '../errors.ts'
import { piecesOf } from '../report/pieces.ts'
import { exitCodeOf } from '../risk.ts'
import type { Report } from '../types.ts'
import type { Flags } from './options.ts'

/**
 * Prints or writes the report.
 * @returns the exit code it stands for
 * @throws AuditError OUTPUT_UNWRITABLE
 */
export async function deliver(report: Report, flags: Flags): Promise<number> {
  const pieces = await piecesOf(report, flags.format ?? 'table', {
    color: flags.output === undefined && wantsColor(flags),
    // A terminal that was never told its size says 0.
    width: process.stdout.columns || 80,
    detail: flags.quiet ? 'quiet' : flags.verbose ? 'verbose' : 'normal',
  })
  const code = exitCodeOf(report)
  // Whoever stops reading ends the run in the middle of it: what was found must stand before.
  process.exitCode = code
  if (flags.output === undefined) await print(pieces)
  else await write(flags.output, pieces)
  return code
}

/** `--no-color`, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether this is a terminal. */
function wantsColor({ color }: Flags): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env
  if (color === false) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return !NO_COLOR && process.stdout.isTTY === true && TERM !== 'dumb'
}

/** Where nobody reads on, the stream's own error ends the run. */
async function print(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}

/**
 * Whole or not at all: into a file beside it, which then takes its name. What is no regular file (a pipe, a device) or
 * stands where nothing can be put beside it is written as it is.
 */
async function write(file: string, pieces: Iterable<string>): Promise<void> {
  const { path, mode, isOdd } = await placeOf(file)
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  let begun: string | undefined
  try {
    const temporary = isOdd ? undefined : await open(beside, 'wx', mode).catch((cause) => refused(cause, mode))
    begun = temporary ? beside : undefined
    const handle = temporary ?? (await open(path, 'w'))
    begun ??= path
    try {
      await writeFile(handle, pieces)
    } finally {
      await handle.close()
    }
    if (temporary) await rename(beside, path)
  } catch (cause) {
    // What kept it from being written is told below; a rest that stays does no harm.
    if (begun === beside) await rm(beside, { force: true }).catch(() => {})
    // A bug of ours is none of the disk's.
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    const left = begun === path ? '; what is there is not whole' : ''
    throw new AuditError('OUTPUT_UNWRITABLE', `cannot write the report to ${file}: ${reasonOf(cause)}${left}`, {
      hint: 'name another file with --output, or leave it out to print the report',
      cause,
    })
  }
}

interface Place {
  /** Links resolved: what a link leads to is written, and the link stays. */
  readonly path: string
  /** Of the file that is there. */
  readonly mode: number | undefined
  readonly isOdd: boolean
}

async function placeOf(file: string): Promise<Place> {
  try {
    const path = await realpath(file)
    const entry = await stat(path)
    return { path, mode: entry.mode & 0o777, isOdd: !entry.isFile() }
  } catch {
    // Not there yet, or not to be looked at: opening it says why. A link that leads nowhere is followed by whoever opens it.
    const isLink = await lstat(file).then(
      (entry) => entry.isSymbolicLink(),
      () => false,
    )
    return { path: file, mode: undefined, isOdd: isLink }
  }
}

/** Where a file may be written and its folder may not, it is written in place. */
function refused(cause: NodeJS.ErrnoException, mode: number | undefined): undefined {
  if (mode !== undefined && (cause.code === 'EACCES' || cause.code === 'EPERM' || cause.code === 'EROFS'))
    return undefined
  throw cause
}
