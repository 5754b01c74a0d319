// The public API: what the CLI itself uses. Everything heavy is loaded when it is called.

import { resolve } from 'node:path'
import { type AuditOptions, audit, contextFor } from './audit.ts'
import { loadConfig } from './config.ts'
import type { Report } from './types.ts'

export { AuditError, type ErrorCode } from './errors.ts'
export { findLookalikes, type Lookalike } from './names/lookalikes.ts'
export { readLockfile } from './project/read.ts'
export { render } from './report/index.ts'
export { redact } from './secrets/redactor.ts'
export { scanText } from './secrets/text.ts'
export type * from './types.ts'
export { type AuditOptions, audit }

/**
 * Vets packages before they are installed: `name`, `name@range`, `@scope/name@tag`.
 * One subject per package in the report; what the registry could not answer is coverage.
 * @throws AuditError USAGE, CONFIG_INVALID
 */
export async function checkPackages(specs: readonly string[], options: AuditOptions = {}): Promise<Report> {
  const { path = '.', configFile, progress = () => {}, ...flags } = options
  const { checkReport } = await import('./check.ts')
  const root = resolve(path)
  return checkReport(specs, contextFor(root, loadConfig(root, flags, configFile), progress, new Date()))
}
