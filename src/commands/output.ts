// Where a report goes: standard output or a file, in the format, width and colour that fit the place.

import { writeFile } from 'node:fs/promises'
import { AuditError, reasonOf } from '../errors.ts'
import { render } from '../report/index.ts'
import { exitCodeOf } from '../risk.ts'
import type { Report } from '../types.ts'
import type { Flags } from './options.ts'

/**
 * Prints or writes the report.
 * @returns the exit code it stands for
 * @throws AuditError OUTPUT_UNWRITABLE
 */
export async function deliver(report: Report, flags: Flags): Promise<number> {
  const text = render(report, flags.format ?? 'table', {
    color: flags.output === undefined && wantsColor(flags),
    // A terminal that was never told its size says 0.
    width: process.stdout.columns || 80,
    detail: flags.quiet ? 'quiet' : flags.verbose ? 'verbose' : 'normal',
  })
  if (flags.output === undefined) process.stdout.write(text)
  else await write(flags.output, text)
  return exitCodeOf(report)
}

/** `--no-color`, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether this is a terminal. */
export function wantsColor(flags: Flags, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (flags.color === false) return false
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0'
  return !environment.NO_COLOR && process.stdout.isTTY === true && environment.TERM !== 'dumb'
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (cause) {
    throw new AuditError('OUTPUT_UNWRITABLE', `cannot write the report to ${file}: ${reasonOf(cause)}`, {
      hint: 'name another file with --output, or leave it out to print the report',
      cause,
    })
  }
}
