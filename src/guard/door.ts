// What the stubs of package managers ask that run our code in their own process: may these exact packages be installed?

import { contextFor } from '../audit.ts'
import { checkReport } from '../check.ts'
import { AuditError, reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'
import type { ScanContext } from '../types.ts'
import { type Decision, decide } from './decide.ts'
import { sentenceOf } from './say.ts'
import { configOf, factsFor } from './vet.ts'

/** @throws AuditError for a configuration that cannot be read */
export const vetExactly = (specs: readonly string[], root: string): Promise<Decision> =>
  vetIn(
    contextFor(root, configOf(root, {}), () => {}, new Date()),
    specs,
  )

async function vetIn(context: ScanContext, specs: readonly string[]): Promise<Decision> {
  const { config, now } = context
  const report = await checkReport(specs, context)
  const factsOf = await factsFor(report, context)
  return decide({ report, factsOf, policy: config.guard, needed: ['existence-direct'], now })
}

/**
 * For pnpm's `readPackage`: says why a manifest's package may not be installed; nothing where it may. What it gives
 * never throws. The project's own manifests pass through here, too: they are recognised by name and version.
 * @throws AuditError for a configuration that cannot be read
 */
export async function openDoor(root: string): Promise<(manifest: unknown) => Promise<readonly string[]>> {
  const context = contextFor(root, configOf(root, {}), () => {}, new Date())
  const { manifests } = await context.project()
  const isOwn = (name: string, version: string): boolean =>
    manifests.some((own) => own.name === name && own.version === version)
  return async (manifest) => {
    const { name, version } = (manifest ?? {}) as { readonly name?: unknown; readonly version?: unknown }
    // A registry gives both; pnpm 10 and 12 hand in manifests of the project as they are.
    if (typeof name !== 'string' || typeof version !== 'string' || isOwn(name, version)) return []
    try {
      const { reasons } = await vetIn(context, [`${name}@${version}`])
      return reasons.filter(({ action }) => action === 'block').map((reason) => clean(sentenceOf(reason)))
    } catch (error) {
      const hint = error instanceof AuditError && error.hint !== undefined ? `; ${error.hint}` : ''
      return [`${clean(name)} could not be vetted: ${clean(reasonOf(error))}${clean(hint)}`]
    }
  }
}
