// `audit-deps explain CODE`: what a kind of finding means, why it matters, what to do; for a secret also in which
// order, and what its signature takes for one and what not. No network, no scan. Of one finding, by its fingerprint,
// see explain-finding.ts.

import { catalog } from '../catalog.ts'
import { AuditError } from '../errors.ts'
import { nearest } from '../names/nearest.ts'
import { clean, preview } from '../redact.ts'
import type { Rule, Signature } from '../types.ts'
import { columns, wrapped } from './wrapped.ts'

/** @throws AuditError UNKNOWN_CODE, with the nearest known code */
export async function explainCommand(code: string): Promise<number> {
  const { allSignatures, ruleOfSignature } = await import('../secrets/signatures.ts')
  const signatures = new Map(allSignatures().signatures.map((signature) => [`secret/${signature.id}`, signature]))
  const rules = new Map<string, Rule>(Object.entries(catalog))
  for (const [known, signature] of signatures) if (!rules.has(known)) rules.set(known, ruleOfSignature(signature))
  const signature = signatures.get(code)
  const rule = rules.get(code)
  if (rule !== undefined) print([...explained(code, rule, signature), ...(await examples(signature))])
  else print(listed(code, rules))
  return 0
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(clean).join('\n')}\n`)
}

function explained(code: string, rule: Rule, signature: Signature | undefined): string[] {
  const weight = signature === undefined ? [] : [`  severity ${signature.severity}, confidence ${signature.confidence}`]
  return [
    code,
    ...wrapped(`${rule.title}  (${rule.family})`, '  '),
    ...weight,
    '',
    ...wrapped(rule.why, 'Why   '),
    ...wrapped(rule.fix, 'Fix   '),
    ...(code.startsWith('secret/') ? ['', ...order] : []),
    // An address is copied whole, however long.
    ...(rule.url === undefined ? [] : ['', `See   ${rule.url}`]),
  ]
}

/** Revoked before its successor is deployed it breaks what runs; purged before it is revoked it still opens the door. */
export const order = [
  'In this order',
  ...wrapped('rotate: make a new one, and keep it in a secret store', '  1.  '),
  ...wrapped('redeploy: everything that used the old one gets the new one', '  2.  '),
  ...wrapped('revoke the old one where it was issued, and read its log for strangers', '  3.  '),
  ...wrapped('purge it from history last: clones, forks and caches keep it, so this alone mends nothing', '  4.  '),
]

/** Made up by us, and still masked: a terminal's log should hold nothing that looks like a token. */
async function examples(signature: Signature | undefined): Promise<string[]> {
  if (signature === undefined) return []
  const { createMatcher } = await import('../secrets/match.ts')
  const matcher = createMatcher([signature])
  const shown = (example: string): string => {
    const text = Buffer.from(example).toString('latin1')
    const secrets = matcher.match(Buffer.from(example)).filter(({ rule }) => rule === signature.id)
    let line = ''
    let position = 0
    for (const { start, end, value } of secrets.sort((a, b) => a.start - b.start)) {
      if (start < position) continue
      line += blurred(text.slice(position, start)) + preview(value, signature.strength)
      position = end
    }
    return cut(line + blurred(text.slice(position)))
  }
  return [
    '',
    'Examples, made up and masked',
    ...signature.matches.map((example) => `  found      ${shown(example)}`),
    ...signature.ignores.map((example) => `  not found  ${shown(example)}`),
  ]
}

const blurred = (latin1: string): string =>
  Buffer.from(latin1, 'latin1')
    .toString()
    .replaceAll(/[\w+/=.~-]{20,}/g, (run) => preview(run, 'random'))
    .replaceAll(/\s+/g, ' ')

const cut = (line: string): string => {
  const width = columns - '  not found  '.length
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`
}

/** `secret`, `package/`: the codes below it. */
function listed(code: string, rules: ReadonlyMap<string, Rule>): string[] {
  const below = [...rules].filter(([known]) => known.startsWith(`${code.replace(/\/$/, '')}/`))
  if (below.length === 0) {
    const meant = nearest(code, rules.keys()) ?? [...rules.keys()].find((known) => known.endsWith(`/${code}`))
    throw new AuditError('UNKNOWN_CODE', `there is no finding code "${code}"`, {
      hint: meant ? `did you mean "${meant}"?` : `known codes begin with ${families([...rules.keys()])}`,
    })
  }
  const width = Math.min(40, Math.max(...below.map(([known]) => known.length)))
  return below
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([known, { title }]) => {
      if (known.length <= width) return wrapped(title, `${known.padEnd(width)}  `)
      return [known, ...wrapped(title, ' '.repeat(width + 2))]
    })
}

const families = (codes: readonly string[]): string =>
  [...new Set(codes.map((code) => `${code.split('/')[0]}/`))].join(', ')
