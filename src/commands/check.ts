// `audit-deps check NAME...`: vet packages before anything of theirs is installed.

import { contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { loadConfig } from '../config.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { deliver } from './output.ts'
import { progressLine } from './progress.ts'

export async function checkCommand(specs: readonly string[], flags: Flags): Promise<number> {
  const { configFile, ...set } = auditOptionsOf(flags, ['lockfile', 'phantom'])
  const root = process.cwd()
  const config = loadConfig(root, set, configFile)
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  try {
    const context = contextFor(root, config, progress, new Date())
    const report = await checkReport(specs, context)
    done()
    return await deliver(report, flags)
  } finally {
    done()
  }
}
