// `audit-deps guard --preinstall`: run by a package manager as the root preinstall script. What it says goes to
// stderr, for managers show that whatever the outcome; the exit code is what stops the install.

import { contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { guardPreinstall } from '../guard/preinstall.ts'
import { configOf, factsFor, vetFolder } from '../guard/vet.ts'
import { clean } from '../redact.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { progressLine } from './progress.ts'

/** @returns 0 go on · 1 blocked · 3 blocked, for something could not be vetted */
export async function guardCommand(flags: Flags): Promise<number> {
  const root = process.cwd()
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  const options = { ...auditOptionsOf(flags, ['lockfile', 'phantom']), progress }
  const now = new Date()
  const decision = await guardPreinstall({
    environment: process.env,
    policy: () => configOf(root, options).guard,
    audit: () => vetFolder(root, options),
    check: async (specs) => {
      const context = contextFor(root, configOf(root, options), progress, now)
      const report = await checkReport(specs, context)
      return { report, factsOf: await factsFor(report, context) }
    },
    allowUnverified: flags.allowUnverified === true,
    now,
  }).finally(done)
  const verdict = decision.allow ? 'audit-deps: install may go on' : 'audit-deps: install blocked'
  const lines = [verdict, ...decision.reasons.map((reason) => `  ✗ ${reason}`)]
  if (!flags.quiet) lines.push(...decision.notes.map((note) => `  · ${note}`))
  process.stderr.write(`${lines.map(clean).join('\n')}\n`)
  return decision.exitCode
}
