// The lockfile binds other bytes than the registry serves for that very version.

import type { VersionFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { contradict, type Hash, hashesOf } from '../hashes.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

const sha512 = (byte: number): string => `sha512-${Buffer.alloc(64, byte).toString('base64')}`
const sha1 = (byte: number): string => `sha1-${Buffer.alloc(20, byte).toString('base64')}`
const shasum = (byte: number): string => Buffer.alloc(20, byte).toString('hex')

const comparing = (pinned: string | undefined, version: VersionFacts): PackageInput =>
  packageExample({ locked: { integrity: pinned, resolved: undefined }, facts: { version } })

export const integrityMismatch: Check<PackageInput> = {
  codes: ['lockfile/integrity-mismatch'],
  run(input) {
    const pinned = input.locked?.integrity === undefined ? undefined : hashesOf(input.locked.integrity)
    const published = publishedHashes(versionFacts(input))
    // A malformed pin is another finding; a registry that serves no hash says nothing.
    if (!pinned || !contradict(pinned, published)) return []
    return [
      packageFinding(input, {
        code: 'lockfile/integrity-mismatch',
        severity: 'critical',
        confidence: 'high',
        message: 'the lockfile pins other bytes than the registry serves',
        observed: published.map(({ algorithm, digest }) => `${algorithm}-${digest}`).join(' '),
        detail: input.version ?? '',
      }),
    ]
  },
  matches: [
    comparing(sha512(1), { integrity: sha512(2) }),
    comparing(sha1(1), { shasum: shasum(2) }),
    // One algorithm agrees and the stronger one does not: somebody swapped the stronger one.
    comparing(`${sha1(1)} ${sha512(1)}`, { integrity: sha512(2), shasum: shasum(1) }),
  ],
  ignores: [
    comparing(sha512(1), { integrity: sha512(1) }),
    comparing(`${sha512(2)} ${sha512(1)}`, { integrity: sha512(1) }),
    comparing(sha1(1), { integrity: sha512(2), shasum: shasum(1) }),
    comparing(sha512(1), { shasum: shasum(2) }),
    comparing(sha512(1), {}),
    comparing(sha512(1), { integrity: 'sha512-AAAA' }),
    comparing('sha512-AAAA', { integrity: sha512(2) }),
    comparing(undefined, { integrity: sha512(2) }),
    packageExample({ locked: { integrity: sha512(1), resolved: undefined }, facts: undefined }),
  ],
}

/** Is there a hash that the lockfile pins, and none of its kind that the registry serves for that version? */
export function isUncompared(input: PackageInput): boolean {
  const facts = versionFacts(input)
  const pinned = input.locked?.integrity === undefined ? undefined : hashesOf(input.locked.integrity)
  if (!pinned || facts === undefined) return false
  const published = publishedHashes(facts)
  return !pinned.some(({ algorithm }) => published.some((hash) => hash.algorithm === algorithm))
}

/** A registry's own malformed text counts as not served. */
function publishedHashes(facts: VersionFacts | undefined): readonly Hash[] {
  const hashes = facts?.integrity === undefined ? [] : (hashesOf(facts.integrity) ?? [])
  if (facts?.shasum === undefined || !/^[\da-f]{40}$/i.test(facts.shasum)) return hashes
  return [...hashes, { algorithm: 'sha1', digest: Buffer.from(facts.shasum, 'hex').toString('base64') }]
}
