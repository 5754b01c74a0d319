// What the registry knows of the packages to vet. Every answer that is none (unreachable, forbidden, not asked) is
// coverage; a fact that is not served is absent, and absent is never suspicious.

import semver from 'semver'
import { coverageBy } from '../coverage.ts'
import { matchesGlob } from '../names/pattern.ts'
import type { Hosts } from '../project/hosts.ts'
import { scopeOf } from '../project/hosts.ts'
import type { Advisory, Answer, Coverage, Missed, PackageFacts, Registry, ScanContext } from '../types.ts'
import type { Candidate } from './candidates.ts'

const { coverageOf, servedCoverage, skipped } = coverageBy('lockfile')

export interface Facts {
  readonly packages: ReadonlyMap<string, PackageFacts>
  readonly advisories: ReadonlyMap<string, readonly Advisory[]>
  readonly coverage: readonly Coverage[]
}

export const offline = 'offline: no registry was asked'
export const nothingAsked: Facts = {
  packages: new Map(),
  advisories: new Map(),
  coverage: [skipped('packuments', offline), skipped('advisories', offline)],
}

/** Asks for every candidate once by name, and for all advisories in one go. */
export async function registryFacts(
  candidates: readonly Candidate[],
  registry: Registry,
  hosts: Hosts,
  context: ScanContext,
): Promise<Facts> {
  const isPrivate = (name: string): boolean =>
    hosts.foreignScopes.has(scopeOf(name) ?? '') || context.config.privateNames.some((glob) => matchesGlob(name, glob))
  const names = [...new Set(candidates.filter(({ bundled }) => !bundled).map(({ name }) => name))]
  const answers = await askAll(names, registry, hosts, context)
  const known = new Map<string, PackageFacts>()
  for (const [name, answer] of answers) if (answer.state === 'exists') known.set(name, answer.facts)
  const installed = new Map<string, string[]>()
  for (const { name, range, version = resolveRange(range, known.get(name)) } of candidates) {
    if (version === undefined || isPrivate(name) || answers.get(name)?.state === 'not-asked') continue
    const versions = installed.get(name)
    if (!versions) installed.set(name, [version])
    else if (!versions.includes(version)) versions.push(version)
  }
  const advisories =
    installed.size === 0
      ? ({ state: 'served', value: new Map(), missed: [] } as const)
      : await registry.advisories(installed)
  return {
    packages: known,
    advisories: advisories.state === 'served' ? advisories.value : new Map(),
    coverage: [packumentCoverage(candidates, answers), servedCoverage('advisories', advisories, () => installed.size)],
  }
}

/**
 * The version that npm would choose today where nothing pins one: what `latest` names if the range takes it, else the
 * highest that the range takes; deprecated ones only if there is no other. As npm-pick-manifest, which asks packuments.
 */
export function resolveRange(range: string | undefined, facts: PackageFacts | undefined): string | undefined {
  if (range === undefined) return undefined
  if (semver.valid(range)) return range
  if (!facts) return undefined
  const tagged = (tag: string): string | undefined =>
    Object.hasOwn(facts.distTags, tag) ? facts.distTags[tag] : undefined
  if (semver.validRange(range) === null) return tagged(range)
  const latest = tagged('latest')
  const isAlive = (version: string): boolean =>
    Object.hasOwn(facts.versions, version) && facts.versions[version]?.deprecated === undefined
  if (latest !== undefined && isAlive(latest) && (range === '*' || semver.satisfies(latest, range))) return latest
  const fitting = Object.keys(facts.versions).filter((version) => semver.satisfies(version, range))
  return semver.maxSatisfying(fitting.filter(isAlive), range) ?? semver.maxSatisfying(fitting, range) ?? undefined
}

async function askAll(
  names: readonly string[],
  registry: Registry,
  { foreignScopes }: Hosts,
  { progress }: ScanContext,
): Promise<ReadonlyMap<string, Answer>> {
  let done = 0
  const ask = async (name: string): Promise<readonly [string, Answer]> => {
    const scope = scopeOf(name)
    const host = scope === undefined ? undefined : foreignScopes.get(scope)
    const answer = host === undefined ? await registry.package(name) : notAsked(scope ?? '', host)
    done++
    progress('asking the registry', done, names.length)
    return [name, answer]
  }
  return new Map(await Promise.all(names.map(ask)))
}

const notAsked = (scope: string, host: string): Answer => ({
  state: 'not-asked',
  why: `the lockfile takes ${scope} from ${host}, which no .npmrc of yours names as its registry`,
  next: `set ${scope}:registry in your own .npmrc, or list ${scope}/* under privateNames`,
})

function packumentCoverage(candidates: readonly Candidate[], answers: ReadonlyMap<string, Answer>): Coverage {
  const missed: Missed[] = []
  for (const [name, answer] of answers)
    if ('why' in answer) missed.push({ what: name, why: answer.why, next: answer.next })
  const answered = answers.size - missed.length
  for (const { name, version, bundled } of candidates) {
    const answer = bundled ? undefined : answers.get(name)
    if (answer?.state === 'exists') missed.push(...notServed(name, version, answer.facts))
  }
  return coverageOf('packuments', answered, missed)
}

/** A registry that answers without the facts leaves age and history unchecked: that is no pass. */
function notServed(name: string, version: string | undefined, facts: PackageFacts): Missed[] {
  if (version !== undefined && !Object.hasOwn(facts.versions, version)) {
    const why = `${facts.registry} does not list this version`
    return [{ what: `${name}@${version}`, why, next: 'find out where it came from, or resolve it anew' }]
  }
  const dated = version === undefined ? facts.created : facts.versions[version]?.published
  if (facts.created !== undefined && dated !== undefined) return []
  const what = version === undefined ? name : `${name}@${version}`
  return [{ what, why: `${facts.registry} does not serve publish times for it`, next: 'nothing can be done here' }]
}
