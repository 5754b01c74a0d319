// The packages to vet: every registry package that a lockfile pins, and every one that a manifest asks for and no
// lockfile pins. One entry per name, version and integrity (or address, where no hash says which bytes are meant), however
// often a tree repeats it.

import { isPackageName } from '../names/valid.ts'
import { plainRange } from '../project/meanings.ts'
import type { Unit } from '../project/units.ts'
import type { Declared, FileEvidence, LockedPackage, Lockfile, Manifest } from '../types.ts'
import { declaredAt, lockedAt } from './source.ts'

export interface Candidate {
  readonly name: string
  /** Exact; undefined where nothing pins it. */
  readonly version: string | undefined
  /** As the manifest asks for it, where nothing pins it. */
  readonly range: string | undefined
  direct: boolean
  dev: boolean
  /** Lies inside another package's tarball: no registry serves it under its name, yet its code is installed. */
  bundled: boolean
  installScript: boolean
  readonly locked: LockedPackage | undefined
  readonly lockfile: Lockfile | undefined
  /** Made where it is asked for: of most nothing is found. */
  evidence: () => FileEvidence
}

/** @param ours names of workspace packages: they come from no registry. */
export function candidatesOf(units: readonly Unit[], ours: ReadonlySet<string>): readonly Candidate[] {
  const found = new Map<string, Candidate>()
  const add = (candidate: Candidate): void => {
    const { name, version, range, locked } = candidate
    const key = [name, version, range, locked?.integrity ?? locked?.resolved].join('\0')
    const known = found.get(key)
    if (known) merge(known, candidate)
    else found.set(key, candidate)
  }
  for (const unit of units) {
    const asked = askedBy(unit.manifests)
    for (const entry of unit.lockfile?.packages ?? [])
      if (entry.kind === 'registry' && isOfRegistry(entry.name, ours)) add(pinned(unit, entry, asked))
    const names = new Set(unit.lockfile?.packages.map(({ alias, name }) => alias ?? name))
    // What a lockfile pins for its own project says nothing of what another manifest below it would get.
    const unpinned = [
      ...[...asked.values()].filter(({ one }) => !names.has(one.name)),
      ...[...unit.strays].flatMap((stray) => [...askedBy([stray]).values()].filter(({ one }) => names.has(one.name))),
    ]
    for (const { manifest, one } of unpinned)
      if (one.kind === 'registry' && isOfRegistry(one.target, ours)) add(open(manifest, one))
  }
  return [...found.values()]
}

/** Names that no registry could hold are the phantom scanner's to report: here they would only be refused. */
const isOfRegistry = (name: string, ours: ReadonlySet<string>): boolean => !ours.has(name) && isPackageName(name)

interface Asked {
  readonly manifest: Manifest
  readonly one: Declared
}

/** First line that asks for each name. Overrides and resolutions change what others ask for: they ask for nothing. */
function askedBy(manifests: readonly Manifest[]): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>()
  for (const manifest of manifests)
    for (const one of manifest.dependencies) {
      const isAsking = one.field !== 'overrides' && one.field !== 'resolutions' && one.field !== 'bundleDependencies'
      if (isAsking && !asked.has(one.name)) asked.set(one.name, { manifest, one })
    }
  return asked
}

function pinned(unit: Unit, entry: LockedPackage, asked: ReadonlyMap<string, Asked>): Candidate {
  const line = entry.direct ? asked.get(entry.alias ?? entry.name) : undefined
  return {
    name: entry.name,
    version: entry.version,
    range: undefined,
    direct: entry.direct,
    dev: entry.dev,
    bundled: entry.bundled,
    installScript: entry.installScript,
    locked: entry,
    lockfile: unit.lockfile,
    evidence: () => (line ? declaredAt(line.manifest, line.one) : lockedAt(unit.lockfile!, entry)),
  }
}

const open = (manifest: Manifest, one: Declared): Candidate => ({
  name: one.target,
  version: undefined,
  range: plainRange(one.meant?.range ?? one.range),
  direct: true,
  dev: one.field === 'devDependencies',
  bundled: false,
  installScript: false,
  locked: undefined,
  lockfile: undefined,
  evidence: () => declaredAt(manifest, one),
})

function merge(known: Candidate, other: Candidate): void {
  if (other.direct && !known.direct) known.evidence = other.evidence
  known.direct ||= other.direct
  known.dev &&= other.dev
  known.bundled &&= other.bundled
  known.installScript ||= other.installScript
}
