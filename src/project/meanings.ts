// What `catalog:` and `patch:` stand for is what is resolved, so that is what has to be judged: a catalog's range, and
// the one that Yarn's patch wraps. Format of a patch: yarnpkg.com/protocol/patch.

import { posix } from 'node:path'
import semver from 'semver'
import { listed } from '../listed.ts'
import type { Declared, Lockfile, Manifest, TreeProblem, Unread } from '../types.ts'
import { type Catalogs, plainCatalog } from './catalogs.ts'
import { overriddenBy, wantedBy } from './lockfiles/asked.ts'
import { meaningOf } from './manifest.ts'

/**
 * The manifest with what its ranges stand for; the nearest folder above it that has catalogs decides.
 * @param catalogs by folder
 */
export function withMeanings(
  manifest: Manifest,
  catalogs: ReadonlyMap<string, Catalogs>,
): { readonly manifest: Manifest; readonly unread: readonly Unread[] } {
  if (!manifest.dependencies.some(({ range }) => elsewhere.test(range))) return { manifest, unread: [] }
  const own = nearest(posix.dirname(manifest.path), catalogs)
  const lost: string[] = []
  const dependencies = manifest.dependencies.map((one): Declared => {
    if (!elsewhere.test(one.range)) return one
    const meant = meaning(one.name, { range: one.range }, own)
    if (meant === undefined) lost.push(one.name)
    return meant === undefined ? one : { ...one, ...meaningOf(one.name, meant.range), meant }
  })
  return {
    manifest: { ...manifest, dependencies },
    unread: lost.length === 0 ? [] : [undefinedIn(manifest.path, lost)],
  }
}

const elsewhere = /^(?:catalog|patch):/

/** As if the range that is meant stood in the manifest itself. */
export const asMeant = (one: Declared): Declared => (one.meant === undefined ? one : { ...one, range: one.meant.range })

type Meant = NonNullable<Declared['meant']>

/** Of a patch around a catalog's range, or around another patch, to the end. */
function meaning(name: string, given: Meant, catalogs: Catalogs, depth = 0): Meant | undefined {
  if (!elsewhere.test(given.range)) return given
  if (depth === deepest) return undefined
  const [, protocol, rest = ''] = /^(catalog|patch):(.*)$/s.exec(given.range) ?? []
  const next = protocol === 'catalog' ? catalogs.get(`${rest.trim() || plainCatalog}\0${name}`) : patched(rest)
  return next && meaning(name, next, catalogs, depth + 1)
}

const deepest = 5

/** `^1` of `left@npm%3A^1#./left.patch`. */
function patched(rest: string): Meant | undefined {
  try {
    const descriptor = decodeURIComponent(rest.split('#')[0]!)
    const at = descriptor.indexOf('@', 1)
    return at === -1 ? undefined : { range: descriptor.slice(at + 1) }
  } catch {
    return undefined
  }
}

function nearest(folder: string, catalogs: ReadonlyMap<string, Catalogs>): Catalogs {
  for (let at = folder; ; at = posix.dirname(at)) {
    const known = catalogs.get(at)
    if (known) return known
    if (at === posix.dirname(at)) return new Map()
  }
}

function undefinedIn(path: string, names: readonly string[]): Unread {
  return {
    path,
    what: `what ${path} asks for of ${listed(names)}`,
    why: 'its range stands in a catalog or a patch, and no file above it that could be read says which it is',
    next: 'name it in the catalog; where the catalog lies above the audited folder, audit that one',
  }
}

/**
 * Where a catalog asks for what the lockfile does not hold: lockfiles repeat `catalog:`, which stays the same when the
 * catalog changes. Told only where no version that is locked for the project itself would do.
 */
export function compareCatalogs({ path, packages }: Lockfile, manifests: readonly Manifest[]): TreeProblem[] {
  const overridden = overriddenBy(manifests)
  const rules = manifests.flatMap(({ overrides = [] }) => overrides.map(({ key }) => key))
  return manifests.flatMap((manifest) =>
    [...wantedBy(manifest)].flatMap(([name, [one]]): TreeProblem[] => {
      if (one?.meant?.path === undefined || one.kind !== 'registry') return []
      if (overridden.has(name) || rules.some((key) => key.includes(name))) return []
      const range = plainRange(one.meant.range)
      const answers = packages.filter((entry) => entry.direct && (entry.alias ?? entry.name) === name)
      const versions = answers.flatMap(({ version }) => version ?? [])
      if (versions.length === 0 || semver.validRange(range) === null) return []
      if (answers.some(({ version }) => version === undefined || fits(version, range))) return []
      const by = posix.relative(posix.dirname(path), posix.dirname(manifest.path))
      return [{ kind: 'invalid', name, wanted: one.meant.range, locked: versions.join(' and '), by }]
    }),
  )
}

const fits = (version: string, range: string): boolean =>
  semver.satisfies(version, range, { loose: true, includePrerelease: true })

/** `^1` of `npm:real@^1` and of `npm:^1`. */
export const plainRange = (range: string): string =>
  range.startsWith('npm:') ? range.slice(4).replace(/^(?![\^~<>=*]|v?\d)@?[^@]+@?/, '') : range
