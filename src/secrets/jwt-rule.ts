// A JSON Web Token says by its claims whose it is. The rule that found it may know only its shape, or the name it is
// assigned to: the claims know better.

import type { Signature } from '../types.ts'
import { isGeneric } from './generic.ts'
import { readJwt } from './jwt.ts'
import type { Candidate } from './match.ts'

/** The id of the rule that should speak of this candidate: its own, unless its claims name a better one that is known. */
export function bestRule({ rule, value }: Candidate, signatures: ReadonlyMap<string, Signature>): string {
  const signature = signatures.get(rule)
  if (signature === undefined || !(rule === 'jwt' || isGeneric(signature))) return rule
  const claims = readJwt(value)
  if (claims === undefined) return rule
  const whole = value.length - value.lastIndexOf('.') - 1 === hs256
  const better = [whole ? supabase(claims.issuer, claims.role) : undefined, 'jwt']
  return better.find((id) => id !== undefined && signatures.has(id)) ?? rule
}

/** RFC 7518: an HMAC with SHA-256, 32 bytes, in base64url. */
const hs256 = 43

/** Both of a project's older keys are such tokens; one is made for pages, the other passes by every policy. */
function supabase(issuer: string | undefined, role: string | undefined): string | undefined {
  if (issuer === 'supabase-demo') return 'supabase-demo-key'
  if (issuer !== 'supabase') return undefined
  return role === 'service_role' ? 'supabase-service-role-key' : role === 'anon' ? 'supabase-anon-key' : undefined
}
