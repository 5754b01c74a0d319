// What its own authors gave up, in their words.

import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { packageFinding, versionFacts } from '../package-finding.ts'

const longestQuote = 160

export const deprecated: Check<PackageInput> = {
  codes: ['package/deprecated'],
  run(input) {
    // An empty message is how a deprecation is taken back.
    const words = versionFacts(input)?.deprecated?.replace(/\s+/g, ' ').trim()
    if (words === undefined || words === '') return []
    const quote = words.length > longestQuote ? `${words.slice(0, longestQuote)}…` : words
    return [
      packageFinding(input, {
        code: 'package/deprecated',
        severity: 'low',
        confidence: 'high',
        message: `${input.version} is deprecated: ${quote}`,
        observed: `deprecated: ${quote}`,
        ...(input.version === undefined ? {} : { detail: input.version }),
      }),
    ]
  },
  matches: [packageExample({ facts: { version: { deprecated: 'use something-else' } } })],
  ignores: [
    packageExample(),
    packageExample({ facts: { version: { deprecated: ' ' } } }),
    packageExample({ version: '2.0.0', facts: { version: { deprecated: 'only 1.0.0 is' } } }),
    packageExample({ facts: undefined }),
  ],
}
