// `audit-deps [path]`, `secrets` and `deps`: one audit, with more or fewer scanners.

import { audit } from '../audit.ts'
import { AuditError } from '../errors.ts'
import type { ScannerName } from '../types.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { deliver } from './output.ts'
import { progressLine } from './progress.ts'

export async function auditCommand(path: string, flags: Flags, offered: readonly ScannerName[]): Promise<number> {
  const options = auditOptionsOf(flags, offered)
  if (flags.stdin) {
    if (flags.staged) throw new AuditError('USAGE', '--stdin and --staged contradict each other', { hint: 'give one' })
    return (await import('./stdin.ts')).stdinCommand(options, flags)
  }
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  try {
    const report = await audit({ ...options, path, progress })
    done()
    return await deliver(report, flags)
  } finally {
    done()
  }
}
