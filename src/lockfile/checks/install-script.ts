// Code that runs at install, before anybody imports it. Common and mostly harmless: low alone, and it adds up
// with whatever else is odd about the package. One that the previous version did not have is how hijacked packages
// strike.

import type { Check, PackageInput } from '../check.ts'
import { freshness, previousOf } from '../history.ts'
import { daysAgo, packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

export const installScript: Check<PackageInput> = {
  codes: ['package/install-script'],
  run(input) {
    // Either source is enough: a lockfile may leave the mark out, and old packuments do.
    const served = versionFacts(input)?.installScript === true
    if (!served && input.installScript !== true) return []
    const before = served ? newSince(input) : undefined
    return [
      packageFinding(input, {
        code: 'package/install-script',
        severity: before === undefined ? 'low' : 'medium',
        confidence: 'high',
        message: `runs a script when it is installed${before === undefined ? '' : `, which ${before} did not`}`,
        ...(served ? { observed: `${input.version} has an install script` } : {}),
      }),
    ]
  },
  matches: [
    packageExample({ installScript: true }),
    packageExample({ installScript: true, facts: undefined }),
    packageExample({ facts: { version: { installScript: true } } }),
    packageExample({ facts: { version: { installScript: true, published: daysAgo(2) }, previous: {} } }),
  ],
  ignores: [
    packageExample(),
    packageExample({ facts: undefined }),
    packageExample({ version: '2.0.0', facts: { version: { installScript: true } } }),
  ],
}

/** The previous version, where it had none; undefined where it had one, or all that is long ago. */
function newSince(input: PackageInput): string | undefined {
  const previous = freshness(input) === undefined ? undefined : previousOf(input)
  return previous?.facts.installScript === false ? previous.version : undefined
}
