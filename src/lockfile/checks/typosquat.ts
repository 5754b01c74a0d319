// A name that could be taken for a well-known one. Alone that is a suspicion: most such packages are genuine and
// merely unlucky, so what is known of age and use confirms it or takes it back.

import type { Lookalike, LookalikeKind } from '../../names/lookalikes.ts'
import type { Confidence, Severity } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { ageInDays, packageFinding, weeklyDownloads } from '../package-finding.ts'

const react: Lookalike = { target: 'react', kind: 'edit', distance: 1, rank: 441 }
const reakt = { name: 'reakt', lookalikes: [react] }
const axiosJs = { name: 'axios-js', lookalikes: [{ target: 'axios', kind: 'affix', distance: 3, rank: 200 }] } as const

export const typosquat: Check<PackageInput> = {
  codes: ['package/typosquat'],
  run(input) {
    const closest = input.lookalikes?.[0]
    // Who maintains both imitates nobody: an edition, a plugin, a former name.
    if (closest === undefined || input.kin?.includes(closest.target)) return []
    const weight = weigh(input, closest)
    if (weight === undefined) return []
    return [
      packageFinding(input, {
        code: 'package/typosquat',
        ...weight,
        message: `${alike(closest)}, a well-known package`,
        ...(input.facts?.created === undefined ? {} : { observed: `created ${input.facts.created}` }),
        detail: closest.target,
      }),
    ]
  },
  matches: [
    packageExample({ ...reakt, facts: undefined }),
    packageExample(reakt),
    packageExample({ ...reakt, facts: { created: '2026-05-31T00:00:00Z' } }),
    packageExample({ ...reakt, downloads: 12 }),
    packageExample({
      name: 'azure-core-auth',
      lookalikes: [{ target: '@azure/core-auth', kind: 'scope', distance: 2, rank: 900 }],
    }),
    packageExample({ ...axiosJs, facts: undefined }),
    packageExample({ ...axiosJs, kin: ['react'], facts: undefined }),
  ],
  ignores: [
    packageExample({ lookalikes: [] }),
    packageExample({ ...axiosJs, facts: { created: '2016-05-31T00:00:00Z' } }),
    packageExample(),
    packageExample({ ...reakt, downloads: 250_000 }),
    packageExample({ ...reakt, downloads: 5_000 }),
    packageExample({ ...reakt, kin: ['react'] }),
    packageExample({ ...axiosJs, kin: ['axios'], facts: { created: '2026-05-31T00:00:00Z' }, downloads: 12 }),
  ],
}

const alike = ({ kind, target }: Lookalike): string => `${howAlike[kind]} ${target}`

const howAlike = {
  edit: 'one letter from',
  edits: 'two letters from',
  separators: 'same letters as',
  scope: 'its scope apart, the name of',
  'scope-dropped': 'its scope left out, the name of',
  'scope-replaced': 'another scope apart, the name of',
  'scope-family': 'called, without its scope, like',
  homoglyphs: 'looks like',
  repetition: 'sounds like',
  order: 'same words as',
  affix: 'only a customary word more than',
  synonym: 'one word said otherwise, the name of',
  'word-dropped': 'one word left out, the name of',
} as const satisfies Record<LookalikeKind, string>

/** Names that honest authors choose too: told offline as a hint, and heavy only beside novelty or disuse. */
const weak: ReadonlySet<LookalikeKind> = new Set<LookalikeKind>([
  'affix',
  'order',
  'edits',
  'scope-replaced',
  'scope-family',
  'synonym',
  'word-dropped',
])

/** Who imitates a name lives briefly and unnoticed: after a year a squat has been reported, or was none. */
const settledDays = 365
/** In units of the policy's minimum: nobody who is used that much is used by mistake. */
const wellUsed = 20

function weigh(input: PackageInput, { kind }: Lookalike): { severity: Severity; confidence: Confidence } | undefined {
  const days = ageInDays(input.facts?.created, input.now)
  const weekly = weeklyDownloads(input)
  const minimum = input.policy.minimumWeeklyDownloads
  const young = days !== undefined && days < input.policy.minimumPackageAgeDays
  const settled = days !== undefined && days >= settledDays
  if (young || (weekly !== undefined && weekly < minimum && !settled))
    return { severity: 'high', confidence: weak.has(kind) ? 'medium' : 'high' }
  // Old and in use, or used by very many: a package in its own right. Silence, or every lockfile would list some.
  if (weekly !== undefined && (weekly >= minimum * wellUsed || (settled && weekly >= minimum))) return undefined
  if (weak.has(kind)) return settled ? undefined : { severity: 'medium', confidence: 'low' }
  if (settled) return { severity: 'medium', confidence: 'medium' }
  return { severity: 'high', confidence: 'medium' }
}
