// Hardly used packages: few users means few eyes. Only where downloads are known; a registry that does not
// count them says nothing about a package.

import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, weeklyDownloads } from '../package-finding.ts'

export const downloads: Check<PackageInput> = {
  codes: ['package/low-downloads'],
  run(input) {
    const weekly = weeklyDownloads(input)
    const minimum = input.policy.minimumWeeklyDownloads
    if (weekly === undefined || weekly >= minimum) return []
    return [
      packageFinding(input, {
        code: 'package/low-downloads',
        // A tenth of the minimum is what mirrors and bots alone make: practically nobody.
        severity: weekly < minimum / 10 ? 'medium' : 'low',
        confidence: 'high',
        message: `${weekly} download${weekly === 1 ? '' : 's'} in the last week`,
        observed: `downloads last week: ${weekly}`,
      }),
    ]
  },
  matches: [packageExample({ downloads: 12 }), packageExample({ downloads: 499 }), packageExample({ downloads: 0 })],
  ignores: [
    packageExample(),
    packageExample({ downloads: 500 }),
    packageExample({ downloads: -1 }),
    packageExample({ downloads: Number.NaN }),
  ],
}
