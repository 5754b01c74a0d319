// Vets packages by name, before anything of theirs is installed: the scanners' own lookups and checks, on what
// somebody is about to ask for instead of on what a lockfile holds.

import { createBaseline, readBaseline } from './baseline.ts'
import { coverageBy } from './coverage.ts'
import { AuditError } from './errors.ts'
import { finding } from './finding.ts'
import type { Candidate } from './lockfile/candidates.ts'
import type { PackageInput } from './lockfile/check.ts'
import { type Facts, nothingAsked, offline, registryFacts, resolveRange } from './lockfile/registry-facts.ts'
import { packageChecks } from './lockfile/scan.ts'
import { shown } from './lockfile/source.ts'
import { findLookalikes, type Lookalike } from './names/lookalikes.ts'
import { type ExoticSpec, parseSpec, type RegistrySpec } from './names/spec.ts'
import { lookUp } from './phantom/lookup.ts'
import { judge } from './risk.ts'
import type {
  Answer,
  Coverage,
  FileEvidence,
  Finding,
  Missed,
  PackageFacts,
  Registry,
  Report,
  ScanContext,
  ScanResult,
  Served,
  TarballFacts,
} from './types.ts'
import { version as ownVersion } from './version.ts'

const { coverageOf, servedCoverage, skipped } = coverageBy('lockfile')

/** What is known of one package that was asked about; a fact that nobody served is absent. */
export interface PackageVerdict {
  /** As given, credentials masked. */
  readonly spec: string
  readonly name: string | undefined
  /** `exotic`: from git, a URL or the disk, where nothing vets it. */
  readonly state: Answer['state'] | 'exotic'
  /** The version an install would take. */
  readonly version?: string
  /** ISO 8601 */
  readonly created?: string
  readonly weeklyDownloads?: number
  readonly lookalikes: readonly Lookalike[]
}

/**
 * Vets packages and weighs what was found; one subject per package.
 * @throws AuditError USAGE for an empty list or a text that names no package.
 */
export async function checkReport(specs: readonly string[], context: ScanContext): Promise<Report> {
  const started = performance.now()
  // What the team accepted for this project stays accepted here, and is counted: an install of what the lockfile holds
  // must not be refused for it.
  const lines = context.config.baseline ? await readBaseline(context.root) : undefined
  const { packages, result } = await vetPackages(specs, context)
  return judge({
    results: [result],
    // An audit may leave out what registries know; here it is what was asked for.
    policy: { ...context.config, required: [...context.config.required, 'existence-direct'] },
    // Of its other lines nothing can be said: what they are about was not asked for.
    baseline: lines && { ...createBaseline(lines), size: 0 },
    named: true,
    run: {
      tool: { name: 'audit-deps', version: ownVersion },
      target: packages.length === 1 ? packages[0]!.spec : `${packages.length} packages`,
      startedAt: context.now.toISOString(),
      durationMs: Math.round(performance.now() - started),
    },
  })
}

/**
 * As checkReport(), before weighing, with what is known of each package. Only the names that were given are asked for.
 * @throws AuditError USAGE for an empty list or a text that names no package.
 */
export async function vetPackages(
  specs: readonly string[],
  context: ScanContext,
): Promise<{ readonly packages: readonly PackageVerdict[]; readonly result: ScanResult }> {
  if (specs.length === 0)
    throw new AuditError('USAGE', 'no package to check', { hint: 'name one: audit-deps check left-pad' })
  const parsed = [...new Set(specs)].map(parseSpec)
  const wanted = parsed.filter((spec) => spec.kind === 'registry')
  const known = await learn(wanted, context)
  const vetted = [
    ...(await Promise.all(wanted.map((spec) => vet(spec, known, context)))),
    ...parsed.filter((spec) => spec.kind !== 'registry').map(vetExotic),
  ]
  const missed = vetted.flatMap((one) => one.missed)
  return {
    packages: vetted.map(({ verdict }) => verdict),
    result: {
      findings: [...known.findings, ...vetted.flatMap(({ findings }) => findings)],
      coverage: withMissed(known.coverage, missed),
    },
  }
}

interface Vetted {
  readonly verdict: PackageVerdict
  readonly findings: readonly Finding[]
  readonly missed: readonly Missed[]
}

interface Known extends Facts {
  readonly answers: ReadonlyMap<string, Answer>
  readonly findings: readonly Finding[]
  readonly downloads: ReadonlyMap<string, number>
  /** By `name@version`. */
  readonly tarballs: ReadonlyMap<string, Served<TarballFacts>>
}

/** All that is asked over the network, each name once and all together. */
async function learn(wanted: readonly RegistrySpec[], context: ScanContext): Promise<Known> {
  if (wanted.length === 0 || context.config.offline) return unasked(wanted, context)
  const asked = [...new Set(wanted.map(({ name }) => name))].map((name) => ({ name, direct: true, places: [] }))
  const registry = await context.registry()
  const { findings, coverage, answers } = await lookUp({ asked, invalid: [] }, new Map(), context)
  const facts = await registryFacts(wanted.map(candidateOf), registry, noLockfile, context)
  const existing = [...facts.packages.keys()]
  const [downloads, tarballs] = await Promise.all([
    existing.length === 0 ? nothingToCount : registry.downloads(existing),
    lookInto(wanted, facts, registry, context),
  ])
  return {
    ...facts,
    answers: new Map(answers.map(({ named, answer }) => [named.name, answer])),
    findings,
    downloads: downloads.state === 'served' ? downloads.value : new Map(),
    tarballs,
    coverage: [
      ...coverage.filter(({ source }) => source === 'existence-direct'),
      ...facts.coverage.map(ofSomething),
      servedCoverage('downloads', downloads, (value) => value.size),
      tarballCoverage([...tarballs.values()]),
    ],
  }
}

const nothingToAsk = 'nothing to ask: no package was found'
const nothingToCount = { state: 'skipped', reason: nothingToAsk } as const

/** "Complete" of nothing would read as if something had been checked. */
const ofSomething = (entry: Coverage): Coverage =>
  entry.state === 'complete' && entry.checked === 0 ? skipped(entry.source, nothingToAsk) : entry

/** The tarball of every version that an install would take, once. */
async function lookInto(
  wanted: readonly RegistrySpec[],
  { packages }: Facts,
  registry: Registry,
  { progress }: ScanContext,
): Promise<Known['tarballs']> {
  const versions = new Map<string, readonly [name: string, version: string]>()
  for (const { name, wanted: range } of wanted) {
    const version = versionOf(range, packages.get(name))
    if (version !== undefined) versions.set(`${name}@${version}`, [name, version])
  }
  let done = 0
  const ask = async ([key, [name, version]]: readonly [string, readonly [string, string]]) => {
    const served = await registry.tarballManifest(name, version)
    progress('looking into tarballs', ++done, versions.size)
    return [key, served] as const
  }
  return new Map(await Promise.all([...versions].map(ask)))
}

function tarballCoverage(tarballs: readonly Served<TarballFacts>[]): Coverage {
  const reason = tarballs.length === 0 ? nothingToAsk : tarballs.find((one) => one.state === 'skipped')?.reason
  if (reason !== undefined) return skipped('tarball', reason)
  const served = tarballs.filter(({ state }) => state === 'served').length
  return coverageOf(
    'tarball',
    served,
    tarballs.flatMap((one) => (one.state === 'skipped' ? [] : one.missed)),
  )
}

/** The published version that an install would take. */
function versionOf(range: string, facts: PackageFacts | undefined): string | undefined {
  const version = resolveRange(range, facts)
  return version !== undefined && facts && Object.hasOwn(facts.versions, version) ? version : undefined
}

/** Only a local export of advisories can speak then. */
async function unasked(wanted: readonly RegistrySpec[], context: ScanContext): Promise<Known> {
  const isAsking = wanted.length > 0 && context.config.advisories !== undefined
  const facts = isAsking
    ? await registryFacts(wanted.map(candidateOf), await context.registry(), noLockfile, context)
    : nothingAsked
  const coverage: readonly Coverage[] = [
    { scanner: 'phantom', source: 'existence-direct', state: 'skipped', reason: offline },
    ...facts.coverage,
    skipped('downloads', offline),
    skipped('tarball', offline),
  ]
  return {
    ...facts,
    answers: new Map(),
    findings: [],
    downloads: new Map(),
    tarballs: new Map(),
    coverage: wanted.length === 0 ? [] : coverage,
  }
}

/** No lockfile says where a name comes from: .npmrc alone decides whom we ask. */
const noLockfile = { of: () => [], foreignScopes: new Map<string, string>() }

const candidateOf = ({ name, wanted, spec }: RegistrySpec): Candidate => ({
  name,
  version: undefined,
  range: wanted,
  direct: true,
  dev: false,
  bundled: false,
  installScript: false,
  lockfile: undefined,
  locked: undefined,
  evidence: () => commandLine(spec),
})

async function vet(spec: RegistrySpec, known: Known, { config, now }: ScanContext): Promise<Vetted> {
  const { name, wanted } = spec
  const facts = known.packages.get(name)
  const version = config.offline ? resolveRange(wanted, undefined) : versionOf(wanted, facts)
  const tarball = known.tarballs.get(`${name}@${version}`)
  const downloads = known.downloads.get(name)
  const lookalikes = await findLookalikes(name)
  const input: PackageInput = {
    name,
    direct: true,
    lookalikes,
    policy: config,
    now,
    evidence: commandLine(spec.spec),
    ...known.about(name, version),
    ...(version === undefined ? { range: wanted } : { version }),
    ...(downloads === undefined ? {} : { downloads }),
    ...(tarball?.state === 'served' ? { tarball: tarball.value } : {}),
    advisories: known.advisories.get(name) ?? [],
  }
  const state = known.answers.get(name)?.state ?? 'not-asked'
  return {
    verdict: {
      spec: shown(spec.spec),
      name,
      state,
      ...(version === undefined ? {} : { version }),
      ...(facts?.created === undefined ? {} : { created: facts.created }),
      ...(downloads === undefined ? {} : { weeklyDownloads: downloads }),
      lookalikes,
    },
    // A name that is free, or taken down, says so itself: whom it resembles stands in that sentence.
    findings: taken.has(state) ? [] : packageChecks.flatMap((check) => check.run(input)),
    missed: facts !== undefined && version === undefined ? [unresolved(spec, facts.distTags.latest)] : [],
  }
}

const taken: ReadonlySet<PackageVerdict['state']> = new Set(['not-found', 'unpublished', 'security-held'])

const unresolved = ({ spec, name }: RegistrySpec, latest: string | undefined): Missed => ({
  what: shown(spec),
  why: `${name} exists, but no published version of it fits`,
  next: latest === undefined ? 'name a version that exists' : `name a version that exists, such as ${name}@${latest}`,
})

const exotic = {
  git: { code: 'lockfile/git-source', from: 'git' },
  tarball: { code: 'lockfile/remote-tarball', from: 'a URL' },
  local: { code: undefined, from: 'this machine' },
} as const

/** No registry vouches for it, no advisory names it: said plainly, for silence would read as clean. */
function vetExotic(spec: ExoticSpec): Vetted {
  const what = shown(spec.spec)
  const { code, from } = exotic[spec.kind]
  const findings =
    code === undefined
      ? []
      : [
          finding({
            code,
            scanner: 'lockfile',
            subject: { kind: 'package', name: spec.name ?? what },
            severity: 'medium',
            confidence: 'high',
            message: `${what} comes from ${from}, not from a registry`,
            evidence: [commandLine(spec.spec)],
          }),
        ]
  return {
    verdict: { spec: what, name: spec.name, state: 'exotic', lookalikes: [] },
    findings,
    missed: [
      { what, why: `it comes from ${from}, where nothing vets it`, next: 'name a published package, or read its code' },
    ],
  }
}

const commandLine = (spec: string): FileEvidence => ({
  kind: 'file',
  path: shown('(command line)'),
  line: 1,
  column: 1,
  excerpt: shown(spec),
})

/** What could not be vetted is missing from the existence of what was asked for, also where all else is complete. */
function withMissed(coverage: readonly Coverage[], missed: readonly Missed[]): Coverage[] {
  if (missed.length === 0) return [...coverage]
  const scanner = 'phantom'
  const source = 'existence-direct'
  const known = coverage.find((entry) => entry.source === source)
  const checked = known === undefined || known.state === 'skipped' ? 0 : known.checked
  const before = known?.state === 'partial' ? known.missed : []
  return [
    { scanner, source, state: 'partial', checked, missed: [...before, ...missed] },
    ...coverage.filter((entry) => entry !== known),
  ]
}
