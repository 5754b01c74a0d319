// Who published it, and who could: accounts that no earlier version knows. New people are everyday life in large
// projects, so weight goes to what a takeover looks like: young, by a stranger, or with all the old names gone.

import { listed } from '../../listed.ts'
import type { VersionFacts } from '../../types.ts'
import type { Check, PackageInput } from '../check.ts'
import { earlierThan, freshness, previousOf } from '../history.ts'
import { daysAgo, packageExample } from '../package-example.ts'
import { packageFinding, type Said, versionFacts } from '../package-finding.ts'

const published = (version: VersionFacts, previous: VersionFacts, days = 2): PackageInput =>
  packageExample({ facts: { version: { published: daysAgo(days), ...version }, previous } })

const ours: VersionFacts = { publisher: 'ada', maintainers: ['ada', 'ben'] }

export const publisher: Check<PackageInput> = {
  codes: ['package/new-publisher', 'package/maintainer-change'],
  run: (input) => {
    const when = freshness(input)
    if (when === undefined) return []
    return [newPublisher(input, when), changedMaintainers(input, when)].flatMap((said) =>
      said === undefined ? [] : [packageFinding(input, { ...said, detail: input.version ?? '' })],
    )
  },
  matches: [
    published({ ...ours, publisher: 'eve' }, ours),
    published({ ...ours, publisher: 'ben' }, ours),
    published({ publisher: 'ada', maintainers: ['ada', 'ben', 'eve'] }, ours),
    published({ publisher: 'eve', maintainers: ['eve'] }, ours),
    published({ publisher: 'eve', maintainers: ['eve'] }, ours, 60),
  ],
  ignores: [
    published(ours, ours),
    published({ ...ours, publisher: 'eve' }, ours, 91),
    published({ ...ours, publisher: 'ben' }, ours, 60),
    // A registry's own CI account is nobody's, and what it publishes names its workflow.
    published({ ...ours, publisher: 'CI of the registry', provenance: 'trusted-publisher' }, ours),
    // Somebody left: nobody new can publish.
    published({ publisher: 'ada', maintainers: ['ada'] }, ours),
    published(ours, {}),
    published({}, ours),
    packageExample({ facts: { version: { published: daysAgo(1), publisher: 'eve', maintainers: ['eve'] } } }),
    packageExample({ facts: undefined }),
  ],
}

type Change = Omit<Said, 'detail'>

function newPublisher(input: PackageInput, when: 'fresh' | 'recent'): Change | undefined {
  const own = versionFacts(input)
  if (own?.publisher === undefined || own.provenance === 'trusted-publisher') return undefined
  const earlier = earlierThan(input)
  const known = new Set(earlier.flatMap((one) => one.publisher ?? []))
  if (known.size === 0 || known.has(own.publisher)) return undefined
  const isColleague = earlier.some(({ maintainers = [] }) => maintainers.includes(own.publisher!))
  // Somebody who could publish all along, some weeks ago: by now others have looked.
  if (isColleague && when === 'recent') return undefined
  const who = own.publisher
  return {
    code: 'package/new-publisher',
    ...(isColleague
      ? { severity: 'low', confidence: 'medium' }
      : { severity: 'medium', confidence: when === 'fresh' ? 'high' : 'medium' }),
    message: `${input.version} is the first version that ${who} published${isColleague ? ', a maintainer before' : ''}`,
    observed: `${input.version} published by ${who}; earlier ones by ${listed([...known])}`,
  }
}

function changedMaintainers(input: PackageInput, when: 'fresh' | 'recent'): Change | undefined {
  const now = versionFacts(input)?.maintainers
  const previous = previousOf(input)
  const before = previous?.facts.maintainers
  if (!now || !previous || !before) return undefined
  const joined = now.filter((name) => !before.includes(name))
  if (joined.length === 0) return undefined
  const isTakenOver = !now.some((name) => before.includes(name))
  return {
    code: 'package/maintainer-change',
    ...(isTakenOver
      ? { severity: 'medium', confidence: when === 'fresh' ? 'high' : 'medium' }
      : { severity: 'low', confidence: 'medium' }),
    message: isTakenOver
      ? `none of the maintainers of ${previous.version} is left: ${listed(now)} instead of ${listed(before)}`
      : `${listed(joined)} joined its maintainers since ${previous.version}`,
    observed: `maintainers of ${input.version}: ${listed(now)}; of ${previous.version}: ${listed(before)}`,
  }
}
