// One graph: named in → declared in → locked → on the registry. What can be said without asking anybody is said here: who
// is imported and declared by nobody, whose existence is still open, who is declared and named by nobody.

import { posix } from 'node:path'
import { matchesGlob } from '../names/pattern.ts'
import { isPackageName } from '../names/valid.ts'
import type { Config, Project } from '../types.ts'
import { isTest } from './collect/kinds.ts'
import type { Mention } from './mentions.ts'
import { typesNameOf } from './specifiers.ts'

/** A name that files mention, with all its places. */
export interface Mentioned {
  readonly name: string
  readonly mentions: readonly [Mention, ...Mention[]]
  /** Other names that it may stand for just as well. */
  readonly or: readonly string[]
}

export interface Graph {
  readonly mentioned: ReadonlyMap<string, Mentioned>
  /** No manifest and no lockfile holds them: whether they exist is to be asked. */
  readonly open: readonly Mentioned[]
  /** Imported where no manifest up the folders declares them; `mentions` are those places alone. */
  readonly undeclared: readonly Mentioned[]
  readonly declared: ReadonlySet<string>
  readonly locked: ReadonlySet<string>
  readonly counts: Readonly<Record<string, number>>
}

/** @param commands names of commands that installed packages bring. */
export function buildGraph(
  project: Project,
  mentions: readonly Mention[],
  commands: ReadonlySet<string>,
  { privateNames }: Pick<Config, 'privateNames'>,
): Graph {
  const declared = namesDeclared(project)
  const locked = namesLocked(project)
  const own = ownNames(project)
  const known = (name: string): boolean => declared.has(name) || locked.has(name) || own.has(name)
  const left = { commands: new Set<string>(), private: new Set<string>(), own: new Set<string>() }
  const mentioned = group(
    mentions.filter(({ name, command }) => {
      if (!command || known(name) || !commands.has(name)) return true
      left.commands.add(name)
      return false
    }),
  )
  for (const name of [...mentioned.keys()]) if (!isPackageName(name)) mentioned.delete(name)
  const open = [...mentioned.values()].filter(({ name, or }) => {
    // Types alone, where it is declared for them alone: `import type … from 'estree'`.
    if ([name, ...or, typesNameOf(name)].some((one) => declared.has(one) || locked.has(one))) return false
    if ([name, ...or].some((one) => own.has(one))) left.own.add(name)
    else if (privateNames.some((pattern) => matchesGlob(name, pattern))) left.private.add(name)
    else return true
    return false
  })
  return {
    mentioned,
    open,
    undeclared: undeclaredIn(project, mentioned, own),
    declared,
    locked,
    counts: {
      ...(left.commands.size > 0 && { 'commands of installed packages, not asked of a registry': left.commands.size }),
      ...(left.private.size > 0 && { 'private names in files, not asked of a registry': left.private.size }),
      ...(left.own.size > 0 && { 'own packages named in files, not asked of a registry': left.own.size }),
    },
  }
}

/** Every name that a manifest's fields hold, aliases under both of their names. */
export const namesDeclared = ({ manifests }: Project): ReadonlySet<string> =>
  new Set(manifests.flatMap(({ dependencies }) => dependencies.flatMap(({ name, target }) => [name, target])))

/** Every name that a lockfile pins, aliases under both of their names. */
export const namesLocked = ({ lockfiles }: Project): ReadonlySet<string> =>
  new Set(lockfiles.flatMap(({ packages }) => packages.flatMap(({ name, alias }) => (alias ? [name, alias] : [name]))))

/** Workspaces and every other manifest's name here: an example or a fixture imports it as anybody would. */
export const ownNames = ({ manifests, workspaceNames }: Project): ReadonlySet<string> =>
  new Set([...workspaceNames, ...manifests.flatMap(({ name }) => (name === undefined ? [] : [name]))])

function group(mentions: readonly Mention[]): Map<string, Mentioned> {
  const byName = new Map<string, [Mention, ...Mention[]]>()
  for (const mention of mentions) {
    const known = byName.get(mention.name)
    if (known) known.push(mention)
    else byName.set(mention.name, [mention])
  }
  return new Map(
    [...byName].map(([name, all]) => {
      // Where one place means this name and no other, the others do not help.
      const or = all.every((one) => one.or !== undefined) ? [...new Set(all.flatMap((one) => one.or ?? []))] : []
      return [name, { name, mentions: all, or }]
    }),
  )
}

/** Node looks for a package beside the importing file and in every folder above it. */
function undeclaredIn(
  { manifests }: Project,
  mentioned: ReadonlyMap<string, Mentioned>,
  own: ReadonlySet<string>,
): Mentioned[] {
  const byFolder = new Map(
    manifests.map(({ path, dependencies }) => [
      posix.dirname(path),
      new Set(dependencies.flatMap(({ name, target }) => [name, target])),
    ]),
  )
  const declares = (folder: string, { name, or = [] }: Mention): boolean => {
    const names = [name, ...or, typesNameOf(name)]
    let manifest = false
    for (let at = folder; ; at = posix.dirname(at)) {
      const here = byFolder.get(at)
      manifest ||= here !== undefined
      // A development dependency will do, in the program as well: bundlers build whole applications out of them, and no
      // source file tells whether it is bundled.
      if (here && names.some((one) => here.has(one))) return true
      // Without any manifest above there is nothing that would have to declare it.
      if (at === '.' || at === '/') return !manifest
    }
  }
  return [...mentioned.values()].flatMap((one): Mentioned[] => {
    if (own.has(one.name)) return []
    const answers = new Map<string, boolean>()
    const places = one.mentions.filter((mention) => {
      if (mention.from !== 'import' && mention.from !== 'types') return false
      const folder = posix.dirname(mention.path)
      const key = `${folder}\0${mention.or?.join() ?? ''}`
      const declared = answers.get(key) ?? declares(folder, mention)
      answers.set(key, declared)
      return !declared
    })
    const [first, ...rest] = places
    return first === undefined ? [] : [{ ...one, mentions: [first, ...rest] }]
  })
}

/** What runs for users comes first: it is the graver place. */
export const byGravity = (mentions: readonly Mention[]): Mention[] =>
  [...mentions].sort((a, b) => lightness(a) - lightness(b))

/** 0: the program needs it · 1: it can live without, or only its tests and types need it. */
export const lightness = ({ optional, typeOnly, path, from }: Mention): number =>
  optional || typeOnly || (from === 'import' && isTest(path)) ? 1 : 0
