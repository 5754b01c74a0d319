// `audit-deps explain CODE`: what a finding means, why it matters, what to do. No network, no scan.

import { catalog } from '../catalog.ts'
import { AuditError } from '../errors.ts'
import { nearest } from '../names/nearest.ts'
import { clean } from '../redact.ts'
import type { Rule } from '../types.ts'

/** @throws AuditError UNKNOWN_CODE, with the nearest known code */
export async function explainCommand(code: string): Promise<number> {
  const rules = await allRules()
  const rule = rules.get(code)
  if (rule === undefined) {
    const meant = nearest(code, rules.keys()) ?? [...rules.keys()].find((known) => known.endsWith(`/${code}`))
    throw new AuditError('UNKNOWN_CODE', `there is no finding code "${code}"`, {
      hint: meant ? `did you mean "${meant}"?` : `known codes begin with ${families([...rules.keys()])}`,
    })
  }
  const lines = [code, `  ${rule.title}  (${rule.family})`, '', `Why   ${rule.why}`, `Fix   ${rule.fix}`]
  if (rule.url !== undefined) lines.push(`See   ${rule.url}`)
  process.stdout.write(`${lines.map(clean).join('\n')}\n`)
  return 0
}

async function allRules(): Promise<Map<string, Rule>> {
  const { allSignatures, ruleOfSignature } = await import('../secrets/signatures.ts')
  const rules = new Map<string, Rule>(Object.entries(catalog))
  for (const signature of allSignatures().signatures) rules.set(`secret/${signature.id}`, ruleOfSignature(signature))
  return rules
}

const families = (codes: readonly string[]): string =>
  [...new Set(codes.map((code) => `${code.split('/')[0]}/`))].join(', ')
