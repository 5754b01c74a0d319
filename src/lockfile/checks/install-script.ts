// Code that runs at install, before anybody imports it. Common and mostly harmless: low alone, and it adds up
// with whatever else is odd about the package.

import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

export const installScript: Check<PackageInput> = {
  codes: ['package/install-script'],
  run(input) {
    // Either source is enough: a lockfile may leave the mark out, and old packuments do.
    const served = versionFacts(input)?.installScript === true
    if (!served && input.installScript !== true) return []
    return [
      packageFinding(input, {
        code: 'package/install-script',
        severity: 'low',
        confidence: 'high',
        message: 'runs a script when it is installed',
        ...(served ? { observed: `${input.version} has an install script` } : {}),
      }),
    ]
  },
  matches: [
    packageExample({ installScript: true }),
    packageExample({ installScript: true, facts: undefined }),
    packageExample({ facts: { version: { installScript: true } } }),
  ],
  ignores: [
    packageExample(),
    packageExample({ facts: undefined }),
    packageExample({ version: '2.0.0', facts: { version: { installScript: true } } }),
  ],
}
