// The codes that a policy names: the catalog's are checked with its fields, but which secrets there are only the
// signatures know, and they are read where a policy speaks of one.

import { catalog } from './catalog.ts'
import { AuditError } from './errors.ts'
import { nearest } from './names/nearest.ts'
import type { Config } from './types.ts'

/** @throws AuditError CONFIG_INVALID for the code of a secret that no signature has, with the nearest one */
export async function checkSecretCodes({
  severities,
  exceptions,
  gitleaksConfig,
}: Pick<Config, 'severities' | 'exceptions' | 'gitleaksConfig'>): Promise<void> {
  const named = [...Object.keys(severities), ...exceptions.flatMap(({ code }) => (code === undefined ? [] : [code]))]
  const asked = named.filter((code) => code.startsWith('secret/') && !Object.hasOwn(catalog, code))
  // Rules of a gitleaks configuration bring codes of their own.
  if (asked.length === 0 || gitleaksConfig !== undefined) return
  const { allSignatures } = await import('./secrets/signatures.ts')
  const known = allSignatures().signatures.map(({ id }) => `secret/${id}`)
  const unknown = asked.find((code) => !known.includes(code))
  if (unknown === undefined) return
  const meant = nearest(unknown, known)
  throw new AuditError('CONFIG_INVALID', `the configuration names the unknown code "${unknown}"`, {
    hint: meant ? `did you mean "${meant}"?` : 'audit-deps explain secret lists the codes of secrets',
  })
}
