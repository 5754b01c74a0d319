// The lockfile scanner: what is pinned, does it hold, where does it come from, who are they. The raw files are
// judged first and alone, then the tree, then what the registry knows; each part can fail without the others.

import { besides, coverageBy } from '../coverage.ts'
import type { Lookalike } from '../names/lookalikes.ts'
import { hostsOf } from '../project/hosts.ts'
import { onDisk } from '../project/read.ts'
import { unitsOf } from '../project/units.ts'
import type { Coverage, Finding, Missed, Registry, ScanContext, Scanner, ScanResult } from '../types.ts'
import { type Candidate, candidatesOf } from './candidates.ts'
import { changeSince, summaryOf } from './change.ts'
import type { Check, PackageInput, ProjectInput } from './check.ts'
import { age } from './checks/age.ts'
import { binShadow } from './checks/bin-shadow.ts'
import { deprecated } from './checks/deprecated.ts'
import { downloads } from './checks/downloads.ts'
import { installScript } from './checks/install-script.ts'
import { integrityMismatch, isUncompared } from './checks/integrity-mismatch.ts'
import { manifestMismatch } from './checks/manifest-mismatch.ts'
import { provenance } from './checks/provenance.ts'
import { publisher } from './checks/publisher.ts'
import { repository } from './checks/repository.ts'
import { resolvedElsewhere } from './checks/resolved-elsewhere.ts'
import { signature } from './checks/signature.ts'
import { typosquat } from './checks/typosquat.ts'
import { untrustedRegistry } from './checks/untrusted-registry.ts'
import { versionGone } from './checks/version-gone.ts'
import { vulnerability } from './checks/vulnerability.ts'
import { judgeFiles, type Trees } from './files.ts'
import { harmlessNames, lookalikesOf } from './lookalikes.ts'
import { versionFacts } from './package-finding.ts'
import { type Facts, offline, registryFacts, resolveRange } from './registry-facts.ts'

const { servedCoverage, skipped } = coverageBy('lockfile')

/** What the project's settings alone can tell. */
export const projectChecks: readonly Check<ProjectInput>[] = [untrustedRegistry]

/** What one package's name, facts and history tell. */
export const packageChecks: readonly Check<PackageInput>[] = [
  typosquat,
  age,
  downloads,
  installScript,
  binShadow,
  publisher,
  provenance,
  repository,
  deprecated,
  versionGone,
  vulnerability,
  signature,
  resolvedElsewhere,
  integrityMismatch,
  manifestMismatch,
]

/** Downloads are asked for direct dependencies, and for so many others that another check already named. */
const riskyAtMost = 300

export const lockfileScanner: Scanner = { name: 'lockfile', scan }

async function scan(context: ScanContext): Promise<ScanResult> {
  const { root, config } = context
  const git = context.repository()
  // Awaited later, where a failure is one thing among others.
  git.catch(() => {})
  const [project, registry] = await Promise.all([context.project(), context.registry()])
  const hosts = await hostsOf(project, (name) => registry.urlFor(name), config.allowedHosts)
  const units = unitsOf(project)
  const all = candidatesOf(units, project.workspaceNames)
  const change = config.since === undefined ? undefined : await changeSince(config.since, all, hosts, git, config)
  const candidates = change?.came ?? all
  // The registry answers while the trees are built.
  const [facts, files] = await Promise.all([
    registryFacts(candidates, registry, hosts, context),
    judgeFiles(onDisk(root), project, units, hosts, git, config, change?.missed),
  ])
  const packages = await vet(candidates, facts, files.trees, registry, context)
  const ofFiles = [...projectChecks.flatMap((check) => check.run(registry)), ...files.findings]
  const brought = change === undefined ? ofFiles : ofFiles.filter((finding) => !change.wasThere(finding))
  const findings = [...brought, ...packages.findings]
  return {
    findings: change === undefined ? findings : findings.map((finding) => ({ ...finding, introduced: true })),
    coverage: [...files.coverage, ...facts.coverage, packages.coverage],
    ...(config.offline
      ? {}
      : { counts: { ...incomparable(candidates, packages.inputs), ...unverified(packages.inputs) } }),
    ...(change === undefined ? {} : { notes: [summaryOf(change, packages.inputs)] }),
  }
}

/** What is pinned binds what is installed, but a swap at the source is seen only where the registry tells its hash. */
const incomparable = (
  candidates: readonly Candidate[],
  inputs: readonly PackageInput[],
): Readonly<Record<string, number>> => ({
  ...counted(
    "bytes not compared with the registry's, for yarn.lock keeps hashes of Yarn's own archives",
    candidates.filter(({ locked }) => locked?.checksum !== undefined).length,
  ),
  ...counted(
    "bytes not compared with the registry's, for it serves no hash of the kind that is pinned",
    inputs.filter(isUncompared).length,
  ),
})

/** That a statement is listed is the registry's word: who signed it, and what it says, nobody here has looked at. */
const unverified = (inputs: readonly PackageInput[]): Readonly<Record<string, number>> =>
  counted(
    'statements of provenance that the registry lists, seen and not verified',
    inputs.filter((input) => versionFacts(input)?.provenance !== undefined).length,
  )

const counted = (what: string, count: number): Readonly<Record<string, number>> =>
  count === 0 ? {} : { [what]: count }

async function vet(
  candidates: readonly Candidate[],
  facts: Facts,
  trees: Trees,
  registry: Registry,
  context: ScanContext,
): Promise<{
  readonly findings: readonly Finding[]
  readonly coverage: Coverage
  readonly inputs: readonly PackageInput[]
}> {
  const names = candidates.map(({ name }) => name)
  const lookalikes = await lookalikesOf(names, harmlessNames(context.config.cache))
  const inputs = candidates.map((one) => inputOf(one, facts, trees, lookalikes.get(one.name) ?? [], context))
  const judge = (input: PackageInput): readonly Finding[] => packageChecks.flatMap((check) => check.run(input))
  if (context.config.offline)
    return { findings: inputs.flatMap(judge), coverage: skipped('downloads', offline), inputs }
  const known = new Map<PackageInput, readonly Finding[]>()
  /** Judged once: of most packages the downloads are never counted. */
  const uncounted = (input: PackageInput): readonly Finding[] => {
    const findings = known.get(input) ?? judge(input)
    known.set(input, findings)
    return findings
  }
  const counts = besides(unasked(inputs, facts), await registry.downloads(worthCounting(inputs, uncounted)))
  const weeklyOf: ReadonlyMap<string, number> = counts.state === 'served' ? counts.value : new Map()
  const findings = inputs.flatMap((input) => {
    const weekly = weeklyOf.get(input.name)
    return weekly === undefined ? uncounted(input) : judge({ ...input, downloads: weekly })
  })
  return { findings, coverage: servedCoverage('downloads', counts, (value) => value.size), inputs }
}

function inputOf(
  candidate: Candidate,
  facts: Facts,
  trees: Trees,
  lookalikes: readonly Lookalike[],
  context: ScanContext,
): PackageInput {
  const { name, range, direct, dev, installScript, locked, lockfile, evidence } = candidate
  const path = lockfile && locked ? (trees.get(lockfile)?.paths.get(locked.key) ?? locked.path) : undefined
  // What lies in another package's tarball is not what the registry serves under that name.
  const served = candidate.bundled ? undefined : facts.packages.get(name)
  const version = candidate.version ?? resolveRange(range, served)
  const { advisories, ...known } = facts.about(name, version)
  return {
    name,
    direct,
    dev,
    installScript,
    get evidence() {
      return evidence()
    },
    policy: context.config,
    now: context.now,
    lookalikes,
    ...(version === undefined ? {} : { version }),
    ...(version === undefined && range !== undefined && { range }),
    ...(candidate.bundled ? {} : known),
    ...(advisories === undefined ? {} : { advisories }),
    ...(path === undefined ? {} : { path }),
    ...(locked === undefined ? {} : { locked }),
  }
}

/** Direct dependencies of which the registry said nothing: nor are their downloads asked for. */
const unasked = (inputs: readonly PackageInput[], { unanswered }: Facts): readonly Missed[] =>
  [...new Set(inputs.filter(({ direct }) => direct).map(({ name }) => name))].flatMap(
    (name) => unanswered.get(name) ?? [],
  )

/** Whose downloads are asked for: only what the registry has, so that no other name goes there. */
function worthCounting(
  inputs: readonly PackageInput[],
  judge: (input: PackageInput) => readonly Finding[],
): readonly string[] {
  const existing = inputs.filter(({ facts }) => facts !== undefined)
  const direct = existing.filter((input) => input.direct)
  const risky = existing.filter((input) => !input.direct && judge(input).length > 0).slice(0, riskyAtMost)
  return [...new Set([...direct, ...risky].map(({ name }) => name))]
}
