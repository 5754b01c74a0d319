// Every package name that the project's manifests and lockfiles would fetch from a registry, with the places that
// name it. Names that no registry is to be asked for are counted by reason, never dropped in silence.

import { matchesGlob } from '../names/pattern.ts'
import { isPackageName } from '../names/valid.ts'
import { harmless } from '../redact.ts'
import type { Config, Declared, FileEvidence, LockedPackage, Missed, Project } from '../types.ts'

export interface NamedPackage {
  readonly name: string
  /** Some manifest asks for it: it is not only somebody's dependency. */
  readonly direct: boolean
  /** Manifests first: their line is the one to change. Empty for a name that no file holds. Made when asked for. */
  readonly places: readonly FileEvidence[]
}

export interface ProjectNames {
  readonly asked: readonly NamedPackage[]
  /** Texts that no registry could hold, as direct dependencies and as others. */
  readonly invalid: readonly NamedPackage[]
  readonly counts: Readonly<Record<string, number>>
}

/** Places kept of one name: enough to find it, however often a monorepo repeats it. */
const shownPlaces = 5

const longestExcerpt = 120

/** What the report calls the names of each reason. */
const labels = {
  workspace: 'workspace packages, not asked of a registry',
  private: 'private names, not asked of a registry',
  exotic: 'git, tarball and local packages, not asked of a registry',
  bundled: 'bundled packages, not asked of a registry',
} as const

/** The names that a registry is to be asked for, each with its places, and how many are not and why. */
export function collectNames(project: Project, { privateNames }: Pick<Config, 'privateNames'>): ProjectNames {
  const named = new Map<string, { direct: boolean; places: (() => FileEvidence)[] }>()
  const left = new Map<keyof typeof labels, Set<string>>()
  const add = (name: string, kind: Kind, direct: boolean, place: () => FileEvidence): void => {
    const reason = reasonNotToAsk(name, kind, project.workspaceNames, privateNames)
    if (reason !== undefined) {
      left.set(reason, (left.get(reason) ?? new Set()).add(name))
      return
    }
    const known = named.get(name) ?? { direct: false, places: [] }
    known.direct ||= direct
    if (known.places.length < shownPlaces) known.places.push(place)
    named.set(name, known)
  }
  for (const { path, dependencies } of project.manifests)
    for (const one of dependencies) add(one.target, one.kind, true, () => declaredAt(path, one))
  for (const { path, packages } of project.lockfiles)
    for (const one of packages) add(one.name, one.bundled ? 'bundled' : one.kind, one.direct, () => lockedAt(path, one))
  const all = [...named].map(
    ([name, { direct, places }]): NamedPackage => ({
      name,
      direct,
      get places() {
        return places.map((place) => place())
      },
    }),
  )
  return {
    asked: all.filter(({ name }) => isPackageName(name)),
    invalid: all.filter(({ name }) => !isPackageName(name)),
    counts: Object.fromEntries([...left].map(([reason, names]) => [labels[reason], names.size])),
  }
}

type Kind = Declared['kind'] | LockedPackage['kind'] | 'bundled'

function reasonNotToAsk(
  name: string,
  kind: Kind,
  workspaceNames: ReadonlySet<string>,
  privateNames: readonly string[],
): keyof typeof labels | undefined {
  if (workspaceNames.has(name) || kind === 'workspace') return 'workspace'
  if (privateNames.some((pattern) => matchesGlob(name, pattern))) return 'private'
  // A bundled package lies inside its parent's tarball: nothing is fetched by its name.
  if (kind === 'bundled') return 'bundled'
  return kind === 'git' || kind === 'tarball' || kind === 'local' ? 'exotic' : undefined
}

const declaredAt = (path: string, { name, range, kind, field, line, column }: Declared): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line,
  column,
  // A range that asks a registry holds no URL; one that nobody understands may hold one with credentials.
  excerpt: harmless(
    // No manager's command removes what only decides over what others ask for.
    `${field === 'overrides' || field === 'resolutions' ? `${field}: ` : ''}${brief(
      kind === 'invalid' ? JSON.stringify(name) : `${JSON.stringify(name)}: ${JSON.stringify(range)}`,
    )}`,
  ),
})

const lockedAt = (path: string, { key, line }: LockedPackage): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line,
  column: 1,
  excerpt: harmless(brief(JSON.stringify(key))),
})

const brief = (text: string): string => (text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text)

/** A sentence for names that were not asked because none could hold them. */
export const invalidName = (name: string): Missed => ({
  what: brief(name),
  why: 'it is no valid package name, so no registry can hold it and npm cannot install it',
  next: 'correct the name',
})
