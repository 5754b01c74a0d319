// Who belongs to whose project: the workspaces that a lockfile answers for, and the manifests below it that are none.

import { posix } from 'node:path'
import type { Lockfile, Manifest, Project } from '../types.ts'
import { matchesPatterns } from './glob.ts'
import type { ParsedManifest } from './manifest.ts'
import type { PnpmSettings } from './settings.ts'

/** Lockfile (or any file beside it) → the manifest there, then those of its workspaces. */
export type Members = (path: string) => readonly Manifest[]

export function membersBy(manifests: readonly ParsedManifest[], settings: PnpmSettings): Members {
  const patternsIn = (folder: string): readonly string[] => {
    const root = manifests.find(({ manifest }) => posix.dirname(manifest.path) === folder)
    return [...(root?.workspaces ?? []), ...(settings.get(folder)?.packages ?? [])]
  }
  return (path) => {
    const folder = posix.dirname(path)
    const patterns = patternsIn(folder)
    const inside = manifests.map(({ manifest }) => ({
      manifest,
      place: posix.relative(folder, posix.dirname(manifest.path)),
    }))
    const isMember = (place: string): boolean =>
      place !== '' && patterns.length > 0 && !place.startsWith('..') && matchesPatterns(patterns, place)
    return [...inside.filter(({ place }) => place === ''), ...inside.filter(({ place }) => isMember(place))].map(
      ({ manifest }) => manifest,
    )
  }
}

/** Whoever installs there gets a tree of its own, which nothing pins. */
export function straysAmong(
  manifests: readonly ParsedManifest[],
  lockfiles: readonly Lockfile[],
  members: Members,
): Pick<Project, 'strays'> {
  const answered = new Set<Manifest>()
  for (const { path, packages } of lockfiles) {
    for (const manifest of members(path)) answered.add(manifest)
    // What is linked is installed with who links it, whatever the folder is called.
    const linked = new Set(
      packages.filter(({ kind }) => kind === 'local' || kind === 'workspace').map(({ name }) => name),
    )
    for (const { manifest } of manifests) if (linked.has(manifest.name ?? '')) answered.add(manifest)
  }
  const folders = lockfiles.map(({ path }) => posix.dirname(path))
  const isBelow = (path: string): boolean => folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`))
  const strays = manifests.map(({ manifest }) => manifest).filter((one) => !answered.has(one) && isBelow(one.path))
  return strays.length === 0 ? {} : { strays: strays.map(({ path }) => path) }
}

/** Only what an ancestor's patterns take in: a package's own claim to be ours would hide it from every check. */
export function workspaceNames(manifests: readonly ParsedManifest[], members: Members): ReadonlySet<string> {
  const names = manifests.flatMap(({ manifest }) =>
    members(manifest.path)
      .filter((member) => member !== manifest)
      .map(({ name }) => name),
  )
  return new Set(names.filter((name) => name !== undefined))
}
