// Where a report goes: standard output or a file, in the format, width and colour that fit the place. Written piece by
// piece, as the reader takes it, so that a large report needs no second copy of itself.

import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
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
export function wantsColor(flags: Flags, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (flags.color === false) return false
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0'
  return !environment.NO_COLOR && process.stdout.isTTY === true && environment.TERM !== 'dumb'
}

/** Where nobody reads on, the stream's own error ends the run. */
async function print(pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}

async function write(file: string, pieces: Iterable<string>): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, 'w')
    for (const piece of pieces) await handle.write(piece)
  } catch (cause) {
    // A bug of ours is none of the disk's.
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    const begun = handle === undefined ? '' : '; what is there is not whole'
    throw new AuditError('OUTPUT_UNWRITABLE', `cannot write the report to ${file}: ${reasonOf(cause)}${begun}`, {
      hint: 'name another file with --output, or leave it out to print the report',
      cause,
    })
  } finally {
    await handle?.close().catch(() => {})
  }
}
