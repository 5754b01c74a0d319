// `audit-deps [path]`, `secrets` and `deps`: one audit, with more or fewer scanners.

import { audit } from '../audit.ts'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import type { ScannerName } from '../types.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { deliver } from './output.ts'
import { progressLine } from './progress.ts'

export async function auditCommand(path: string, flags: Flags, offered: readonly ScannerName[]): Promise<number> {
  const options = auditOptionsOf(flags, offered)
  if (flags.stdin) {
    if (flags.staged) throw new AuditError('USAGE', '--stdin and --staged contradict each other', { hint: 'give one' })
    if (flags.commits)
      throw new AuditError('USAGE', '--stdin and --commits contradict each other', { hint: 'give one' })
    return (await import('./stdin.ts')).stdinCommand(options, flags)
  }
  const commits = flags.commits ? await commitsOnStdin() : undefined
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  try {
    const report = await audit({ ...options, ...(commits && { commits }), path, progress })
    done()
    return await deliver(report, flags)
  } finally {
    done()
  }
}

/** One id a line, as `git rev-list` prints them. */
async function commitsOnStdin(): Promise<readonly string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const ids = Buffer.concat(chunks).toString('latin1').split(/\s+/).filter(Boolean)
  const wrong = ids.find((id) => !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id))
  if (wrong === undefined) return ids
  throw new AuditError('USAGE', `--commits: ${clean(wrong.slice(0, 80))} is no commit's id`, {
    hint: 'it takes full ids on standard input, one a line: git rev-list NEW --not --all | audit-deps secrets --commits',
  })
}
