// What the registry knows of the packages to vet. Every answer that is none (unreachable, forbidden, not asked) is
// coverage; a fact that is not served is absent, and absent is never suspicious.

import semver from 'semver'
import { besides, coverageBy } from '../coverage.ts'
import { matchesGlob } from '../names/pattern.ts'
import { loadPopular } from '../names/popular.ts'
import { type Hosts, withheld } from '../project/hosts.ts'
import { doubtOf } from '../registry/doubt.ts'
import type {
  Advisory,
  Answer,
  Config,
  Coverage,
  Missed,
  PackageFacts,
  Registry,
  ScanContext,
  Served,
  SignatureState,
} from '../types.ts'
import type { Candidate } from './candidates.ts'
import type { PackageInput } from './check.ts'
import { believable, kinAmong, namesakesAmong, publisherCoverage } from './vouchers.ts'

const { coverageOf, servedCoverage, skipped } = coverageBy('lockfile')

export interface Facts {
  readonly packages: ReadonlyMap<string, PackageFacts>
  readonly advisories: ReadonlyMap<string, readonly Advisory[]>
  /** What is known of one package at one version, for the checks. */
  readonly about: (name: string, version: string | undefined) => About
  /** Names of which the registry has said nothing, and why. */
  readonly unanswered: ReadonlyMap<string, Missed>
  readonly coverage: readonly Coverage[]
}

type About = Pick<PackageInput, 'facts' | 'advisories' | 'signature' | 'popular' | 'namesakes' | 'kin'>

export const offline = 'offline: no registry was asked'
export const nothingAsked: Facts = {
  packages: new Map(),
  advisories: new Map(),
  about: () => ({}),
  unanswered: new Map(),
  coverage: (['packuments', 'advisories', 'publishers', 'signatures'] as const).map((one) => skipped(one, offline)),
}

/** Asks for every candidate once by name, and for all advisories in one go. */
export async function registryFacts(
  candidates: readonly Candidate[],
  registry: Registry,
  hosts: Hosts,
  context: ScanContext,
): Promise<Facts> {
  if (context.config.offline) return offlineFacts(candidates, registry, context.config)
  const names = [...new Set(candidates.filter(({ bundled }) => !bundled).map(({ name }) => name))]
  const refused = (name: string): Answer | undefined => refusal(name, hosts, context.config)
  // Where all is pinned, no package's answer has to come first: the advisories of a large tree take a second, too.
  const isPinned = candidates.every(({ version }) => version !== undefined)
  const early = isPinned ? adviceOn(lookedUp(candidates, new Map(), refused), registry) : undefined
  // Awaited below, where its failure is heard; until then it is no unhandled one.
  early?.catch(() => {})
  const answers = await askAll(names, registry, hosts, context)
  const known = new Map<string, PackageFacts>()
  for (const [name, answer] of answers) if (answer.state === 'exists') known.set(name, answer.facts)
  const unanswered = new Map<string, Missed>()
  for (const [name, answer] of answers)
    if ('why' in answer) unanswered.set(name, { what: name, why: answer.why, next: answer.next })
  const published = publishedVersions(candidates, known)
  const [advisories, signed, { rank }] = await Promise.all([
    early ?? adviceOn(lookedUp(candidates, answers, refused), registry),
    published.size === 0 ? nothingPublished : registry.signatures(published),
    loadPopular(),
  ])
  const signatures = believable(signed, known)
  const namesakes = namesakesAmong(known, rank)
  const kin = kinAmong(known, rank)
  const found = advisories.state === 'served' ? advisories.value : new Map<string, readonly Advisory[]>()
  return {
    packages: known,
    advisories: found,
    about: (name, version) => {
      const [facts, advisories] = [known.get(name), found.get(name)]
      const signature = signatures.states.get(`${name}@${version}`)
      return {
        popular: rank.has(name),
        namesakes: namesakes(name, version),
        kin: kin(name, version),
        ...(facts && { facts }),
        ...(advisories && { advisories }),
        ...(signature && { signature }),
      }
    },
    unanswered,
    coverage: [
      packumentCoverage(candidates, answers, unanswered),
      servedCoverage('advisories', advisories, (value) => value.size),
      publisherCoverage(published, known, unanswered),
      servedCoverage(
        'signatures',
        besides([...unanswered.values(), ...signatures.missed], signed),
        () => signatures.states.size,
      ),
    ],
  }
}

/** Only a local export of advisories can speak then. */
async function offlineFacts(
  candidates: readonly Candidate[],
  registry: Registry,
  { advisories: path }: Config,
): Promise<Facts> {
  if (path === undefined) return nothingAsked
  const unasked = { why: offline, next: 'pin one version (NAME@VERSION, or a lockfile), or run without --offline' }
  const sought = lookedUp(candidates, new Map(), () => undefined, unasked)
  const advised = await adviceOn(sought, registry)
  const found = advised.state === 'served' ? advised.value : new Map<string, readonly Advisory[]>()
  const isPinned = (name: string): boolean =>
    !!sought.installed.get(name)?.some((version) => semver.valid(version) !== null)
  return {
    ...nothingAsked,
    advisories: found,
    about: (name) => (found.has(name) ? { advisories: found.get(name)! } : {}),
    coverage: [
      ...nothingAsked.coverage.filter(({ source }) => source !== 'advisories'),
      servedCoverage('advisories', advised, (value) => [...value.keys()].filter(isPinned).length),
    ],
  }
}

const nothingPublished: Served<ReadonlyMap<string, SignatureState>> = { state: 'served', value: new Map(), missed: [] }

/** What the registry lists of what is installed: name → versions. */
function publishedVersions(
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, PackageFacts>,
): ReadonlyMap<string, readonly string[]> {
  const published = new Map<string, string[]>()
  for (const { name, range, version: pinned, bundled } of candidates) {
    const facts = bundled ? undefined : known.get(name)
    const version = pinned ?? resolveRange(range, facts)
    if (!facts || version === undefined || !Object.hasOwn(facts.versions, version)) continue
    const versions = published.get(name)
    if (!versions) published.set(name, [version])
    else if (!versions.includes(version)) versions.push(version)
  }
  return published
}

const nothingInstalled: Served<Facts['advisories']> = { state: 'served', value: new Map(), missed: [] }

interface LookedUp {
  readonly installed: ReadonlyMap<string, readonly string[]>
  readonly missed: readonly Missed[]
}

const adviceOn = async ({ installed, missed }: LookedUp, registry: Registry): Promise<Served<Facts['advisories']>> =>
  besides(missed, installed.size === 0 ? nothingInstalled : await registry.advisories(installed))

/** Which versions are looked up among the advisories; what has none to look up, or may not be named there, is missed. */
function lookedUp(
  candidates: readonly Candidate[],
  answers: ReadonlyMap<string, Answer>,
  refused: (name: string) => Answer | undefined,
  /** Why nobody could say which version of an unpinned one would be installed, where nobody was asked. */
  unasked?: Pick<Missed, 'why' | 'next'>,
): LookedUp {
  const installed = new Map<string, string[]>()
  const missed: Missed[] = []
  for (const { name, range, version: pinned } of candidates) {
    const answer = answers.get(name) ?? refused(name)
    const version = pinned ?? resolveRange(range, answer?.state === 'exists' ? answer.facts : undefined)
    if (answer?.state === 'not-asked') missed.push({ what: name, why: answer.why, next: answer.next })
    else if (version !== undefined) installed.set(name, [...new Set([...(installed.get(name) ?? []), version])])
    else if (answer && 'why' in answer) missed.push(unpinned(name, answer))
    else if (!answer && unasked) {
      // What hits every version that could be installed hits the one that will be.
      installed.set(name, [...new Set([...(installed.get(name) ?? []), wholeRange(range)])])
      missed.push(unpinned(name, unasked))
    }
    // What is not there, or no more, is the phantom scanner's finding: no version of it can be installed.
    else if (answer?.state === 'exists') missed.push({ what: `${name}@${range}`, ...unmatched })
  }
  return { installed, missed }
}

/** A range of versions; a dist-tag may stand for any. */
const wholeRange = (range = '*'): string => semver.validRange(range) ?? '*'

const unpinned = (name: string, { why, next }: Pick<Missed, 'why' | 'next'>): Missed => ({
  what: name,
  why: `no lockfile pins it, and which version an install would take is unknown: ${why}`,
  next,
})

const unmatched = {
  why: 'no lockfile pins it, and no published version fits',
  next: 'correct the range, and commit a lockfile',
} as const

/** Of names that `askAll` was not given: those inside another package's tarball. */
function refusal(name: string, { foreignScopes }: Hosts, { privateNames }: Config): Answer | undefined {
  const foreign = withheld(name, foreignScopes)
  if (foreign) return foreign
  const glob = privateNames.find((pattern) => matchesGlob(name, pattern))
  if (glob === undefined) return undefined
  return { state: 'not-asked', why: `privateNames holds "${glob}"`, next: 'narrow privateNames, if it is not yours' }
}

/**
 * The version that npm would choose today where nothing pins one: what `latest` names if the range takes it, else the
 * highest that the range takes; deprecated ones only if there is no other. As npm-pick-manifest, which asks packuments.
 */
export function resolveRange(range: string | undefined, facts: PackageFacts | undefined): string | undefined {
  if (range === undefined) return undefined
  const exact = semver.valid(range)
  if (exact !== null) return exact
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
    const answer = withheld(name, foreignScopes) ?? (await registry.package(name))
    done++
    progress('asking the registry', done, names.length)
    return [name, answer]
  }
  const answers = await Promise.all(names.map(ask))
  const doubt = await doubtOf(answers)
  return new Map(answers.map(([name, answer]) => [name, doubt(answer)]))
}

function packumentCoverage(
  candidates: readonly Candidate[],
  answers: ReadonlyMap<string, Answer>,
  unanswered: Facts['unanswered'],
): Coverage {
  const missed = [...unanswered.values()]
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
    const why = `${facts.registry} lists no such version`
    return [{ what: `${name}@${version}`, why, next: 'find out where it came from, or resolve it anew' }]
  }
  const dated = version === undefined ? facts.created : facts.versions[version]?.published
  if (facts.created !== undefined && dated !== undefined) return []
  const what = version === undefined ? name : `${name}@${version}`
  const next = 'ages stay unknown: audit against a registry that serves publish times (--registry URL)'
  return [{ what, why: `${facts.registry} serves no publish times`, next }]
}
