// The lockfile binds other bytes than the registry serves for that very version.

import { finding } from '../../finding.ts'
import type { VersionFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { exampleHost, exampleIntegrity, packageInput } from '../examples.ts'
import { contradict, type Hash, hashesOf } from '../hashes.ts'

const other = `sha512-${Buffer.alloc(64, 9).toString('base64')}`
const shasum = Buffer.alloc(20, 3)

const served = (version: VersionFacts): NonNullable<PackageInput['facts']> => ({
  name: 'left',
  registry: `https://${exampleHost}/`,
  distTags: {},
  versions: { '1.2.3': version },
  observedAt: '2026-06-01T12:00:00.000Z',
})

export const integrityMismatch: Check<PackageInput> = {
  codes: ['lockfile/integrity-mismatch'],
  run({ name, version, facts, locked, evidence }) {
    if (version === undefined || !facts || !Object.hasOwn(facts.versions, version)) return []
    const pinned = locked?.integrity === undefined ? undefined : hashesOf(locked.integrity)
    const published = publishedHashes(facts.versions[version]!)
    // A malformed pin is another finding; a registry that serves no hash says nothing.
    if (!pinned || published.length === 0 || !contradict(pinned, published)) return []
    return [
      finding(
        {
          code: 'lockfile/integrity-mismatch',
          scanner: 'lockfile',
          subject: { kind: 'package', name, version },
          severity: 'critical',
          confidence: 'high',
          message: `${name}@${version}: the lockfile pins other bytes than the registry serves`,
          evidence: [
            evidence,
            {
              kind: 'registry',
              source: facts.registry,
              observed: `${name}@${version} ${published.map(({ algorithm, digest }) => `${algorithm}-${digest}`).join(' ')}`,
              observedAt: facts.observedAt,
            },
          ],
        },
        version,
      ),
    ]
  },
  matches: [
    packageInput({ locked: { integrity: exampleIntegrity, resolved: undefined }, facts: served({ integrity: other }) }),
    packageInput({
      locked: { integrity: `sha1-${Buffer.alloc(20, 4).toString('base64')}`, resolved: undefined },
      facts: served({ shasum: shasum.toString('hex') }),
    }),
  ],
  ignores: [
    packageInput({
      locked: { integrity: exampleIntegrity, resolved: undefined },
      facts: served({ integrity: exampleIntegrity }),
    }),
    packageInput({
      locked: { integrity: `${other} ${exampleIntegrity}`, resolved: undefined },
      facts: served({ integrity: exampleIntegrity }),
    }),
    packageInput({
      locked: { integrity: `sha1-${shasum.toString('base64')}`, resolved: undefined },
      facts: served({ integrity: exampleIntegrity, shasum: shasum.toString('hex') }),
    }),
    packageInput({ locked: { integrity: exampleIntegrity, resolved: undefined }, facts: served({}) }),
    packageInput({ locked: { integrity: undefined, resolved: undefined }, facts: served({ integrity: other }) }),
    packageInput({ locked: { integrity: 'sha512-AAAA', resolved: undefined }, facts: served({ integrity: other }) }),
    packageInput({ locked: { integrity: exampleIntegrity, resolved: undefined } }),
  ],
}

/** A registry's own malformed text counts as not served. */
function publishedHashes({ integrity, shasum }: VersionFacts): readonly Hash[] {
  const hashes = integrity === undefined ? [] : (hashesOf(integrity) ?? [])
  if (shasum === undefined || !/^[\da-f]{40}$/i.test(shasum)) return hashes
  return [...hashes, { algorithm: 'sha1', digest: Buffer.from(shasum, 'hex').toString('base64') }]
}
