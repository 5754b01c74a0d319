// Young packages and young versions. Most malicious releases are found within days, so age weighs more the
// fewer days there are; and it never reaches the high band alone, for every good package was new once.

import { matchesGlob } from '../../names/pattern.ts'
import type { Check, PackageInput } from '../check.ts'
import { packageExample } from '../package-example.ts'
import { ageInDays, ago, packageFinding, type Said, versionFacts } from '../package-finding.ts'

const younger = (minimumVersionAgeDaysPerName: Record<string, number>, published: string): PackageInput => {
  const example = packageExample({ facts: { version: { published } } })
  return { ...example, policy: { ...example.policy, minimumVersionAgeDaysPerName } }
}

export const age: Check<PackageInput> = {
  codes: ['package/new', 'package/new-version'],
  run: (input) =>
    [newPackage(input), newVersion(input)]
      .filter((said) => said !== undefined)
      .map((said) => packageFinding(input, said)),
  matches: [
    packageExample({ facts: { created: '2026-05-31T12:00:00Z' } }),
    packageExample({ facts: { created: '2026-05-10T12:00:00Z' } }),
    packageExample({ facts: { version: { published: '2026-06-01T11:00:00Z' } } }),
    packageExample({ facts: { version: { published: '2026-05-30T00:00:00Z' } } }),
    younger({ '@acme/*': 0, 'exam*': 30 }, '2026-05-10T12:00:00Z'),
    younger({ '*': 0, example: 30 }, '2026-05-10T12:00:00Z'),
  ],
  ignores: [
    packageExample(),
    packageExample({ facts: undefined }),
    packageExample({ facts: { created: '2026-04-01T00:00:00Z' } }),
    packageExample({ facts: { created: 'not a time', version: { published: '2099-01-01T00:00:00Z' } } }),
    packageExample({ version: '9.9.9' }),
    younger({ 'exam*': 0 }, '2026-06-01T11:00:00Z'),
    younger({ 'exam*': 30, example: 7 }, '2026-05-10T12:00:00Z'),
    younger({ '@acme/*': 30 }, '2026-05-10T12:00:00Z'),
  ],
}

function newPackage({ facts, policy, now }: PackageInput): Said | undefined {
  const days = ageInDays(facts?.created, now)
  if (days === undefined || days >= policy.minimumPackageAgeDays) return undefined
  return {
    code: 'package/new',
    ...(days < 2
      ? { severity: 'medium', confidence: 'high' }
      : days < 7
        ? { severity: 'medium', confidence: 'medium' }
        : { severity: 'low', confidence: 'high' }),
    message: `first published ${ago(days)}`,
    observed: `created ${facts?.created}`,
  }
}

/** Of the policy's globs the longest that takes the name says most exactly who is meant. */
function minimumAge({ name, policy }: PackageInput): number {
  const { minimumVersionAgeDays, minimumVersionAgeDaysPerName: perName = {} } = policy
  const [exact] = Object.entries(perName)
    .filter(([glob]) => matchesGlob(name, glob))
    .sort(([one], [other]) => other.length - one.length)
  return exact?.[1] ?? minimumVersionAgeDays
}

/** A new version of an old package is everyday life: it weighs less than a new package. */
function newVersion(input: PackageInput): Said | undefined {
  const { version, now } = input
  const published = versionFacts(input)?.published
  const days = ageInDays(published, now)
  if (days === undefined || days >= minimumAge(input)) return undefined
  return {
    code: 'package/new-version',
    ...(days < 1 ? { severity: 'medium', confidence: 'medium' } : { severity: 'low', confidence: 'high' }),
    message: `version ${version} was published ${ago(days)}`,
    observed: `${version} published ${published}`,
    ...(version === undefined ? {} : { detail: version }),
  }
}
