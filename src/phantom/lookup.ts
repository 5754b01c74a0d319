// Asks the responsible registry for names, and judges what it says. Only a plain "not here" is a finding;
// forbidden, unreachable and never asked are coverage.

import { coverageBy } from '../coverage.ts'
import { finding } from '../finding.ts'
import { hostOf, withheld } from '../project/hosts.ts'
import { type Doubt, doubtOf } from '../registry/doubt.ts'
import { existenceOf } from '../registry/exists.ts'
import type { Answer, Coverage, Existence, Finding, ScanContext, Source } from '../types.ts'
import { invalidName, type NamedPackage, type ProjectNames } from './names.ts'
import { suggest } from './suggest.ts'
import { registryWord } from './verdicts.ts'

const { coverageOf } = coverageBy('phantom')

export interface Answered {
  readonly named: NamedPackage
  readonly answer: Answer
}

export interface LookedUp {
  readonly findings: readonly Finding[]
  readonly coverage: readonly Coverage[]
  readonly answers: readonly Answered[]
  /** Of registries that know nothing: for whatever else they are asked. */
  readonly doubt: Doubt
}

/**
 * @param foreign scopes that are not to be asked for, and the host they come from.
 * Never throws for a name: what no registry answered is in the coverage.
 */
export async function lookUp(
  names: Pick<ProjectNames, 'asked' | 'invalid'>,
  foreign: ReadonlyMap<string, string>,
  context: Pick<ScanContext, 'registry' | 'progress'>,
): Promise<LookedUp> {
  const given = await askAll(names.asked, foreign, context)
  const doubt = await doubtOf(given.map(stateOf))
  const answers = given.map(({ named, answer }) => ({ named, answer: doubt(answer) }))
  const existing = answers.filter(({ answer }) => answer.state === 'exists').map(({ named }) => named.name)
  const findings = await Promise.all(answers.map((answered) => judgeName(answered, existing)))
  return {
    findings: findings.filter((found) => found !== undefined),
    coverage: [
      coverage('existence-direct', names, answers, ({ direct }) => direct),
      coverage('existence-transitive', names, answers, ({ direct }) => !direct),
    ],
    answers,
    doubt,
  }
}

/** A name and what became of it, without its facts. */
export const stateOf = ({ named, answer }: Answered): [string, Existence] => [named.name, existenceOf(answer)]

/** All at once: the registry client bounds how many requests are under way, and for how long. */
async function askAll(
  asked: readonly NamedPackage[],
  foreign: ReadonlyMap<string, string>,
  { registry: open, progress }: Pick<ScanContext, 'registry' | 'progress'>,
): Promise<Answered[]> {
  const registry = await open()
  let done = 0
  return Promise.all(
    asked.map(async (named) => {
      const answer = withheld(named.name, foreign) ?? (await registry.package(named.name))
      done++
      progress('looking names up', done, asked.length)
      return { named, answer }
    }),
  )
}

async function judgeName({ named, answer }: Answered, existing: readonly string[]): Promise<Finding | undefined> {
  switch (answer.state) {
    case 'not-found': {
      const meant = await suggest(named.name, existing)
      const question = meant === undefined ? '' : `; did you mean ${meant}?`
      return nameFinding(named, answer, {
        code: 'phantom/not-found',
        severity: 'high',
        message: `${named.name} does not exist on ${hostOf(answer.registry) ?? answer.registry}${question}`,
        observed: 'not found (404)',
      })
    }
    case 'unpublished': {
      const when = answer.at === undefined ? '' : ` on ${answer.at.slice(0, 10)}`
      return nameFinding(named, answer, {
        code: 'package/unpublished',
        severity: 'high',
        message: `${named.name} was unpublished${when}`,
        observed: `unpublished${when}`,
      })
    }
    case 'security-held':
      return nameFinding(named, answer, {
        code: 'package/security-held',
        severity: 'critical',
        message: `${named.name} was taken down by the registry for security`,
        observed: 'security holding package',
      })
    default:
      return undefined
  }
}

function nameFinding(
  { name, places }: NamedPackage,
  answer: { readonly registry: string; readonly observedAt: string },
  said: Pick<Finding, 'severity' | 'message'> & { readonly code: string; readonly observed: string },
): Finding {
  const { code, severity, message, observed } = said
  const registry = registryWord(answer, observed)
  return finding({
    code,
    scanner: 'phantom',
    subject: { kind: 'package', name },
    severity,
    confidence: 'high',
    message,
    // The line to change first; where no file names it, the registry's word stands alone.
    evidence: places.length === 0 ? [registry] : [places[0]!, ...places.slice(1), registry],
  })
}

function coverage(
  source: Source,
  names: Pick<ProjectNames, 'invalid'>,
  answers: readonly Answered[],
  belongs: (named: NamedPackage) => boolean,
): Coverage {
  const mine = answers.filter(({ named }) => belongs(named))
  const missed = [
    ...names.invalid.filter(belongs).map(({ name }) => invalidName(name)),
    ...mine.flatMap(({ named, answer }) =>
      'why' in answer ? [{ what: named.name, why: answer.why, next: answer.next }] : [],
    ),
  ]
  return coverageOf(source, mine.filter(({ answer }) => !('why' in answer)).length, missed)
}
