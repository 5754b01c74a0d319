// `audit-deps check NAME...`: vet packages before anything of theirs is installed.

import { contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { loadConfig } from '../config.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { deliver } from './output.ts'
import { progressLine } from './progress.ts'

/** @returns 0, 1 or 3, as exitCodeOf() @throws AuditError USAGE, CONFIG_INVALID, OUTPUT_UNWRITABLE */
export async function checkCommand(specs: readonly string[], flags: Flags): Promise<number> {
  const { configFile, ...set } = auditOptionsOf(flags, ['lockfile', 'phantom'])
  const root = process.cwd()
  const config = loadConfig(root, set, configFile)
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  const report = await checkReport(specs, contextFor(root, config, progress, new Date())).finally(done)
  return deliver(report, flags)
}
