// Formats that repeat what each manifest asked for when they were written: is it still what it asks for?
// That is what `--frozen-lockfile` and `--immutable` refuse.

import { posix } from 'node:path'
import type { Declared, Lockfile, Manifest, TreeProblem } from '../../types.ts'

/** Name → range as the lockfile repeats it, by folder of the manifest relative to the lockfile ('' is the root). */
export type Asked = ReadonlyMap<string, ReadonlyMap<string, string>>

const fields: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])

/** What a manifest wants installed, by name. One name may stand in several fields. */
export function wantedBy(manifest: Manifest): ReadonlyMap<string, readonly Declared[]> {
  const wanted = new Map<string, Declared[]>()
  for (const one of manifest.dependencies) {
    if (!fields.has(one.field)) continue
    const known = wanted.get(one.name)
    if (known) known.push(one)
    else wanted.set(one.name, [one])
  }
  return wanted
}

/** Names for which an override or resolution of a manifest decides, not the range that asks. */
export const overriddenBy = (manifests: readonly Manifest[]): ReadonlySet<string> =>
  new Set(
    manifests.flatMap(({ dependencies }) =>
      dependencies.filter(({ field }) => field === 'resolutions' || field === 'overrides').map(({ name }) => name),
    ),
  )

/** Folder of a manifest, relative to the lockfile's. */
export const folderBeside = (path: Lockfile['path'], manifest: Manifest): string =>
  posix.relative(posix.dirname(path), posix.dirname(manifest.path))

/**
 * @param manifests of the root and the workspaces. @param overridden names of which an override decides the range.
 */
export function compareAsked(
  path: string,
  manifests: readonly Manifest[],
  asked: Asked,
  overridden: ReadonlySet<string> = new Set(),
): TreeProblem[] {
  return manifests.flatMap((manifest) => {
    const by = folderBeside(path, manifest)
    const recorded = asked.get(by) ?? new Map<string, string>()
    const wanted = wantedBy(manifest)
    const unlike = [...wanted].flatMap(([name, lines]): TreeProblem[] => {
      const range = recorded.get(name)
      const [first] = lines
      // A package that is overridden may be recorded under the override's range; that it is there is enough.
      const fits = range !== undefined && (overridden.has(name) || lines.some((line) => same(line.range, range)))
      if (fits || first === undefined) return []
      const locked = range === undefined ? {} : { locked: `an answer to ${range}` }
      return [{ kind: range === undefined ? 'missing' : 'invalid', name, wanted: first.range, by, ...locked }]
    })
    // pnpm installs a project's own peers as well, and records them.
    const named = new Set(manifest.dependencies.map(({ name }) => name))
    const left = [...recorded].filter(([name]) => !named.has(name))
    return [...unlike, ...left.map(([name, range]): TreeProblem => ({ kind: 'extraneous', name, locked: range, by }))]
  })
}

/** Yarn 2 to 4 write `npm:^1` for `^1`, and both mean the same. */
const same = (one: string, other: string): boolean => plain(one) === plain(other)

const plain = (range: string): string => range.trim().replace(/^npm:(?=[^@]*$)/, '')
