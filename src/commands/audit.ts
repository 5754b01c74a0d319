// `audit-deps [path]`, `secrets` and `deps`: one audit, with more or fewer scanners.

import { audit } from '../audit.ts'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import type { ScannerName } from '../types.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { deliver } from './output.ts'
import { progressLine } from './progress.ts'
import { standardInput } from './standard-input.ts'

/**
 * @param offered the scanners of this command, of which `--only` and the configuration choose
 * @returns 0, 1 or 3, as exitCodeOf()
 * @throws AuditError as audit(), and USAGE, OUTPUT_UNWRITABLE
 */
export async function auditCommand(path: string, flags: Flags, offered: readonly ScannerName[]): Promise<number> {
  const options = auditOptionsOf(flags, offered)
  if (flags.stdin) return (await import('./stdin.ts')).stdinCommand(options, flags)
  const commits = flags.commits ? await commitsOnStdin() : undefined
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  const report = await audit({ ...options, ...(commits && { commits }), path, progress }).finally(done)
  return deliver(report, flags)
}

/** One id a line, as `git rev-list` prints them. */
async function commitsOnStdin(): Promise<readonly string[]> {
  const ids = (await standardInput()).toString('latin1').split(/\s+/).filter(Boolean)
  const wrong = ids.find((id) => !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id))
  if (wrong === undefined) return ids
  throw new AuditError('USAGE', `--commits: ${clean(wrong.slice(0, 80))} is no commit's id`, {
    hint: 'it takes full ids on standard input, one a line: git rev-list NEW --not --all | audit-deps secrets --commits',
  })
}
