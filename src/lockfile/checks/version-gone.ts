// A version that the registry does not list: withdrawn, or never there; or a placeholder in the place of one that the
// registry took down. Only of packages that it has: of others the phantom scanner speaks.

import semver from 'semver'
import { securityVersion } from '../../registry/distill.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, type Said } from '../package-finding.ts'

export const versionGone: Check<PackageInput> = {
  codes: ['package/version-withdrawn', 'package/version-unknown', 'package/security-held'],
  run(input) {
    const said = judge(input)
    return said === undefined ? [] : [packageFinding(input, { ...said, detail: input.version ?? '' })]
  },
  matches: [
    packageExample({ version: '1.0.1', facts: { withdrawn: { '1.0.1': '2026-05-30T00:00:00Z' } } }),
    packageExample({ version: '7.7.7' }),
    packageExample({ version: '0.0.1-security' }),
    packageExample({ version: '1.2.3-security.0' }),
  ],
  ignores: [
    packageExample(),
    packageExample({ version: '1.0.0+build.5' }),
    packageExample({ version: 'v1.0.0' }),
    packageExample({ version: 'no version' }),
    packageExample({ version: '7.7.7', facts: undefined }),
    packageExample({ facts: { withdrawn: { '1.0.1': '2026-05-30T00:00:00Z' } } }),
  ],
}

function judge({ facts, version }: PackageInput): Omit<Said, 'detail'> | undefined {
  const exact = semver.valid(version, { loose: true })
  if (facts === undefined || version === undefined || exact === null) return undefined
  if (securityVersion.test(version))
    return {
      code: 'package/security-held',
      severity: 'high',
      confidence: 'high',
      message: `${version} is the registry's placeholder for a version that it took down`,
    }
  if (Object.hasOwn(facts.versions, version) || Object.hasOwn(facts.versions, exact)) return undefined
  const published = facts.withdrawn && Object.hasOwn(facts.withdrawn, exact) ? facts.withdrawn[exact] : undefined
  // A mirror may be late, or hold back what is young: neither is known here, so neither is certain.
  if (published === undefined)
    return {
      code: 'package/version-unknown',
      severity: 'medium',
      confidence: 'medium',
      message: `the registry lists no version ${exact}`,
      observed: `no version ${exact}`,
    }
  return {
    code: 'package/version-withdrawn',
    severity: 'high',
    confidence: 'medium',
    message: `${exact}, published on ${published.slice(0, 10)}, is listed no more`,
    observed: `${exact} published ${published}, and no longer listed`,
  }
}
