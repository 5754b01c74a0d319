// The decision on names that somebody asks for, without a tree: for specs that could not be resolved.

import { contextFor } from '../audit.ts'
import { type Decision, decide } from './decide.ts'
import { configOf, factsFor } from './vet.ts'
import type { Call } from './wrap.ts'

/** @throws AuditError USAGE for a text that names no package */
export async function vetNames(
  specs: readonly string[],
  { options, allowUnverified }: Pick<Call, 'options' | 'allowUnverified'>,
  folder = process.cwd(),
): Promise<Decision> {
  const { checkReport } = await import('../check.ts')
  const config = configOf(folder, options)
  const now = new Date()
  const context = contextFor(folder, config, options.progress ?? (() => {}), now)
  const report = await checkReport(specs, context)
  const factsOf = await factsFor(report, context)
  return decide({ report, factsOf, policy: config.guard, needed: ['existence-direct'], allowUnverified, now })
}
