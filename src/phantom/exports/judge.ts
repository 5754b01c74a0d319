// Judges what a project takes of one package: has it, has it not, or cannot be known. "Has it not" needs the whole
// truth: every file that any tool might choose for the import is known in full and lacks the name, and so do the types.

import { nearest } from '../../names/nearest.ts'
import type { PackageFiles } from '../../project/sources/disk.ts'
import { type Facts, type Modules, mayBeAddedTo, type Names, namesOf } from './names.ts'
import { type Manifest, type Targets, targetsOf } from './targets.ts'
import { createWorld, type World } from './world.ts'

export interface Use {
  /** `.` or `./a/b`. */
  readonly subpath: string
  /** Absent where nothing but the module itself is asked for. */
  readonly name?: string
  /** `named`: of an import list · `member`: read of the module · `default-member`: read of its default export. */
  readonly kind: 'named' | 'member' | 'default-member'
  readonly typeOnly: boolean
}

/** Folders are absolute and real. */
export interface PackageQuestion {
  readonly name: string
  readonly folder: string | undefined
  /** Of `@types/…`. */
  readonly typesFolder: string | undefined
  readonly uses: readonly Use[]
}

export type Verdict =
  | { readonly state: 'has' }
  | { readonly state: 'unknown'; readonly why: string }
  /** `subpath`: its `exports` does not offer it · `file`: no file stands there · `name`: the module has no such name. */
  | {
      readonly state: 'missing'
      readonly what: 'subpath' | 'file' | 'name'
      readonly meant?: string
      /** Runtime and types, or the runtime of an ES module, say so: not a CommonJS object alone. */
      readonly sure: boolean
    }

const has: Verdict = { state: 'has' }
const unknown = (why: string): Verdict => ({ state: 'unknown', why })

/** Objects and functions have these without exporting them. */
const inherited: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  ...['prototype', '__esModule', 'module.exports'],
])

/** Never throws but RangeError, for a file nested too deeply. */
export function judgePackage(files: PackageFiles, question: PackageQuestion): readonly Verdict[] {
  const world = createWorld(files)
  const { folder, typesFolder } = question
  const manifest = folder === undefined ? undefined : world.manifest(folder)
  const subpaths = new Map<string, ReturnType<typeof subpathOf>>()
  return question.uses.map((use) => {
    const known = subpaths.get(use.subpath) ?? subpathOf(world, { ...question, manifest }, use.subpath)
    subpaths.set(use.subpath, known)
    if (folder !== undefined && manifest === undefined) return unknown('its package.json cannot be read')
    if (folder === undefined && typesFolder === undefined) return unknown('it is not installed')
    return judge(use, known)
  })
}

/** A file that an import may mean. Read when it is asked for: most names stand in the first that is looked at. */
interface Entry {
  /** What it has at first sight: never too much, maybe too little. */
  readonly glance: () => Names
  /** Of this file alone. */
  readonly facts: () => Facts
  readonly names: () => Names
}

interface Subpath {
  readonly runtime: readonly Entry[]
  readonly types: readonly Entry[]
  /** Whether other files of the package may add to what it exports. Costs a look through them. */
  readonly addedTo: () => boolean
  /** None of the files it would have to be in is there, and nothing that runs at the install could have made them. */
  readonly absent: boolean
  readonly typesOpen?: string
  /** What the package offers instead, where its `exports` has no such subpath. */
  readonly closed?: readonly string[]
}

function subpathOf(
  world: World,
  { name, folder, typesFolder, manifest }: PackageQuestion & { readonly manifest: Manifest | undefined },
  subpath: string,
): Subpath {
  const specifier = subpath === '.' ? name : `${name}/${subpath.slice(2)}`
  const own = folder === undefined || manifest === undefined ? none : targetsOf(world.files, folder, manifest, subpath)
  if ('closed' in own) return { ...nothing, closed: own.closed }
  const typesManifest = typesFolder === undefined ? undefined : world.manifest(typesFolder)
  const typed = typesManifest ? targetsOf(world.files, typesFolder!, typesManifest, subpath) : none
  const separate = 'closed' in typed ? none : typed
  const typesOpen = own.typesOpen ?? separate.typesOpen
  const types = world.types(specifier)
  const runtime = own.runtime.map((file) => entryAt(file, world.runtime, world.glance))
  return {
    runtime,
    addedTo: once(() =>
      runtime.some(
        ({ names }) => names().kind === 'commonjs' && mayBeAddedTo(world.runtime, names().files, world.files.text),
      ),
    ),
    types: [...own.types, ...separate.types].map((file) => entryAt(file, types)),
    absent:
      ![...own.runtime, ...own.types, ...separate.types].some((file) => world.files.kind(file) !== undefined) &&
      manifest !== undefined &&
      !runsAtInstall(manifest),
    ...(typesOpen !== undefined && { typesOpen }),
  }
}

const nothing: Subpath = { runtime: [], types: [], absent: true, addedTo: () => false }

function entryAt(file: string, modules: Modules, glance?: Modules): Entry {
  const names = once(() => namesOf(modules, file))
  return { names, facts: () => modules.facts(file), glance: glance ? once(() => namesOf(glance, file)) : names }
}

const none: Targets = { runtime: [], types: [] }

function runsAtInstall({ scripts }: Manifest): boolean {
  const names = typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : []
  return names.some((name) => /^(?:pre|post)?install$/.test(name))
}

function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: read() }
    return known.value
  }
}

function judge(use: Use, known: Subpath): Verdict {
  const { name, subpath } = use
  if (known.closed || (known.absent && subpath !== '.')) {
    if (use.typeOnly) return unknown('types may be found in other ways than its files')
    // Said once, of the module and not of each name that is taken of it.
    if (name !== undefined) return has
    return {
      state: 'missing',
      what: known.closed ? 'subpath' : 'file',
      sure: true,
      ...meant(subpath, known.closed ?? []),
    }
  }
  if (name === undefined || inherited.has(name)) return has
  if (use.kind === 'default-member') return ofDefault(name, known)
  return use.typeOnly ? ofType(name, known) : ofValue(name, known)
}

const fromOutside = 'other files of the package may add to its exports'

const glanced = (entries: readonly Entry[], name: string): boolean =>
  entries.some(({ glance }) => glance().names.has(name))
const among = (entries: readonly Entry[], name: string): boolean => entries.some(({ names }) => names().names.has(name))
const reasonOpen = (entries: readonly Entry[]): string | undefined =>
  entries.map(({ names }) => names().open).find((open) => open !== undefined)

function ofValue(name: string, { runtime, types, typesOpen, addedTo }: Subpath): Verdict {
  // Of a CommonJS module the default is what it exports, whatever that is.
  const isDefault = name === 'default' && runtime.some(({ glance }) => glance().kind === 'commonjs')
  if (isDefault || glanced(runtime, name) || among(types, name) || among(runtime, name)) return has
  if (name === 'default' && types.some(({ facts }) => facts().defaultMembers)) return has
  const open = runtime.length === 0 ? 'its entry is not there' : reasonOpen(runtime)
  const unsure = open ?? reasonOpen(types) ?? (types.length > 0 ? typesOpen : undefined)
  if (unsure !== undefined) return unknown(unsure)
  if (addedTo()) return unknown(fromOutside)
  return missing(name, [...runtime, ...types], types.length > 0 || runtime.every(({ facts }) => facts().kind === 'esm'))
}

function ofType(name: string, { runtime, types, typesOpen }: Subpath): Verdict {
  if (among(types, name) || among(runtime, name)) return has
  if (types.length === 0) return unknown('it has no types')
  // What TypeScript lets stand for a missing default depends on its settings.
  if (name === 'default') return unknown('its types have no default')
  const open = reasonOpen(types) ?? typesOpen
  return open === undefined ? missing(name, types, true) : unknown(open)
}

function ofDefault(name: string, { runtime, types, typesOpen, addedTo }: Subpath): Verdict {
  const isThere = ({ kind, names }: Names): boolean => kind === 'commonjs' && names.has(name) && !isMarked(names)
  if (runtime.some(({ glance }) => isThere(glance()))) return has
  const plain = [...runtime.filter(({ glance }) => glance().kind === 'esm'), ...types].map(({ facts }) => facts())
  // A CommonJS file costs more to know, and cannot help where others are not known.
  const isOpen = plain.some(({ defaultMembers }) => defaultMembers === undefined)
  const made = isOpen ? [] : runtime.filter(({ glance }) => glance().kind === 'commonjs').map(madeMembers)
  const all = [...plain.map(({ defaultMembers }) => defaultMembers), ...made]
  if (all.some((one) => one?.has(name))) return has
  if (runtime.length === 0 || all.includes(undefined) || (types.length > 0 && typesOpen !== undefined))
    return unknown('what its default export holds is known only when it runs')
  if (addedTo()) return unknown(fromOutside)
  const candidates = all.flatMap((one) => [...one!])
  return { state: 'missing', what: 'name', sure: types.length > 0, ...meant(name, candidates) }
}

/** Where compilers marked it as an ES module, its default is another object than what it exports. */
function madeMembers({ names: read }: Entry): ReadonlySet<string> | undefined {
  const { names, open } = read()
  return open !== undefined || isMarked(names) ? undefined : names
}

const isMarked = (names: ReadonlySet<string>): boolean => names.has('__esModule') || names.has('default')

const missing = (name: string, all: readonly Entry[], sure: boolean): Verdict => ({
  state: 'missing',
  what: 'name',
  sure,
  ...meant(
    name,
    all.flatMap(({ names }) => [...names().names]),
  ),
})

function meant(name: string, candidates: readonly string[]): { meant?: string } {
  const found = nearest(name, candidates)
  return found === undefined ? {} : { meant: found }
}
