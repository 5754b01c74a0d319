// What the registry signed, against what it serves. Only where its other packages are signed with keys that it
// publishes: whoever hands in the state has made sure of that.

import type { SignatureState } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, type Said } from '../package-finding.ts'

export const signature: Check<PackageInput> = {
  codes: ['package/signature-invalid', 'package/signature-missing'],
  run(input) {
    const said = input.signature && judge(input.signature)
    return said ? [packageFinding(input, { ...said, detail: input.version ?? '' })] : []
  },
  matches: [
    packageExample({ signature: { state: 'wrong', keyid: 'SHA256:a' } }),
    packageExample({ signature: { state: 'expired-key', keyid: 'SHA256:a' } }),
    packageExample({ signature: { state: 'unknown-key', keyid: 'SHA256:a' } }),
    packageExample({ signature: { state: 'malformed' } }),
    packageExample({ signature: { state: 'missing' } }),
  ],
  ignores: [
    packageExample(),
    packageExample({ signature: { state: 'valid' } }),
    // A registry that names no hash has signed none: that is coverage.
    packageExample({ signature: { state: 'no-integrity' } }),
  ],
}

const invalid = 'package/signature-invalid'

function judge(signed: SignatureState): Omit<Said, 'detail'> | undefined {
  switch (signed.state) {
    case 'wrong':
      return {
        code: invalid,
        severity: 'high',
        confidence: 'high',
        message: 'name, version and hash are not what the registry signed',
        observed: `signature by key ${signed.keyid} does not match`,
      }
    case 'expired-key':
      return {
        code: invalid,
        severity: 'high',
        confidence: 'medium',
        message: 'signed with a key that had expired before it was published',
        observed: `signature by expired key ${signed.keyid}`,
      }
    case 'unknown-key':
      return {
        code: invalid,
        severity: 'medium',
        confidence: 'medium',
        message: "signed with a key that is none of the registry's",
        observed: `signature by unknown key ${signed.keyid}`,
      }
    case 'malformed':
      return { code: invalid, severity: 'medium', confidence: 'medium', message: 'its signature is none' }
    case 'missing':
      return {
        code: 'package/signature-missing',
        severity: 'low',
        confidence: 'high',
        message: 'is not signed, as other packages of its registry are',
        observed: 'no signature',
      }
    default:
      return undefined
  }
}
