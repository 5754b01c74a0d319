// `audit-deps guard --preinstall`: run by a package manager as the root preinstall script. What it says goes to
// stderr, for managers show that whatever the outcome; the exit code is what stops the install.

import { audit, contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { loadConfig } from '../config.ts'
import { guardPreinstall } from '../guard/preinstall.ts'
import { clean } from '../redact.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { progressLine } from './progress.ts'

export async function guardCommand(flags: Flags): Promise<number> {
  const root = process.cwd()
  const options = auditOptionsOf(flags, ['lockfile', 'phantom'])
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  const decision = await guardPreinstall({
    environment: process.env,
    audit: (policy) => audit({ ...options, ...policy, path: root, progress }),
    check: async (specs) => {
      const { configFile, ...set } = options
      return checkReport(specs, contextFor(root, loadConfig(root, set, configFile), progress, new Date()))
    },
  })
  done()
  const verdict = decision.allow ? 'audit-deps: install may go on' : 'audit-deps: install blocked'
  const lines = [verdict, ...decision.reasons.map((reason) => `  ✗ ${reason}`)]
  if (!flags.quiet) lines.push(...decision.notes.map((note) => `  · ${note}`))
  process.stderr.write(`${lines.map(clean).join('\n')}\n`)
  return decision.exitCode
}
