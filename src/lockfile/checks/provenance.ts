// The registry lists a statement of the CI run that built the version before, and none for this one. Projects that
// publish from CI seldom stop; whoever holds a stolen token has nothing else than it. The statements are not verified:
// that takes keys and a log that no registry serves.

import type { VersionFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { freshness, previousOf } from '../history.ts'
import { daysAgo, packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

const after = (previous: VersionFacts, version: VersionFacts = {}, days = 2): PackageInput =>
  packageExample({ facts: { previous, version: { published: daysAgo(days), ...version } } })

export const provenance: Check<PackageInput> = {
  codes: ['package/provenance-lost'],
  run(input) {
    const when = freshness(input)
    // That it was published by a trusted publisher and now only with a statement is no loss: the statement is signed.
    if (when === undefined || versionFacts(input)?.provenance !== undefined) return []
    const previous = previousOf(input)
    if (previous?.facts.provenance === undefined) return []
    return [
      packageFinding(input, {
        code: 'package/provenance-lost',
        severity: when === 'fresh' ? 'high' : 'medium',
        confidence: 'medium',
        message: `the registry says that ${previous.version} ${howBuilt[previous.facts.provenance]}, and does not say so of ${input.version}`,
        observed: `no provenance of ${input.version}; ${previous.version}: ${previous.facts.provenance}`,
        detail: input.version ?? '',
      }),
    ]
  },
  matches: [
    after({ provenance: 'trusted-publisher' }),
    after({ provenance: 'attested' }),
    after({ provenance: 'attested' }, {}, 60),
  ],
  ignores: [
    after({ provenance: 'attested' }, { provenance: 'attested' }),
    after({ provenance: 'trusted-publisher' }, { provenance: 'attested' }),
    after({}, {}),
    after({}, { provenance: 'attested' }),
    after({ provenance: 'attested' }, {}, 91),
    // A release of an old line, made before the next line had any.
    after({ provenance: 'attested', published: daysAgo(1) }),
    packageExample({ facts: undefined }),
  ],
}

const howBuilt = {
  'trusted-publisher': 'was published by its CI, which the registry identified',
  attested: 'comes with a statement of the CI run that built it',
} as const
