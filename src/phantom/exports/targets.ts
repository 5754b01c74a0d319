// Which files a package offers for `package` or `package/subpath`: its `exports` with all conditions at once, else
// `main`, `module`, `types` and index files. Bundlers, Node and TypeScript choose different ones of them; a name counts
// as there if any of them has it. Format: https://nodejs.org/api/packages.html

import { isObject } from '../../project/json.ts'
import type { PackageFiles } from '../../project/sources/disk.ts'

export type Manifest = Readonly<Record<string, unknown>>

export interface Targets {
  /** Absolute; they may not exist. */
  readonly runtime: readonly string[]
  readonly types: readonly string[]
  /** Why there may be other types than these. */
  readonly typesOpen?: string
}

/** No manifest needs more; one that has more was made to. */
const most = { leaves: 200, depth: 20, keys: 5_000 } as const

/**
 * @param folder the package's, absolute.
 * @param subpath `.` or `./a/b`.
 * @returns 'closed' where `exports` does not offer it (with what it offers, for a suggestion).
 */
export function targetsOf(
  files: PackageFiles,
  folder: string,
  manifest: Manifest,
  subpath: string,
): Targets | { readonly closed: readonly string[] } {
  const { exports } = manifest
  const open = typeof manifest.typesVersions === 'object' ? { typesOpen: 'it has types per version' } : {}
  if (exports !== undefined && exports !== null) {
    const leaves = leavesFor(exports, subpath)
    if (leaves.every(({ path }) => path === null)) return { closed: offered(exports) }
    const { runtime, types } = byLeaves(files, folder, leaves)
    // Older settings of TypeScript do not read `exports`.
    return { runtime, types: unique([...types, ...plainTypes(files, folder, manifest, subpath)]), ...open }
  }
  return { ...(subpath === '.' ? byMain(files, folder, manifest) : bySubpath(files, folder, subpath)), ...open }
}

interface Leaf {
  /** Null: the manifest says that there is nothing. */
  readonly path: string | null
  readonly types: boolean
}

function leavesFor(exports: unknown, subpath: string): readonly Leaf[] {
  const map = subpathsOf(exports)
  const exact = map.get(subpath)
  if (exact !== undefined || map.has(subpath)) return leavesIn(exact)
  let best: { key: string; middle: string } | undefined
  for (const key of map.keys()) {
    // A trailing slash was the pattern of older Node versions; bundlers still know it.
    const [before = '', after = ''] = key.endsWith('/') ? [key] : key.split('*', 2)
    if (before === key && !key.endsWith('/')) continue
    const fits = subpath.startsWith(before) && subpath.endsWith(after) && subpath.length > before.length + after.length
    if (!fits || (best && best.key.length >= key.length)) continue
    best = { key, middle: subpath.slice(before.length, subpath.length - after.length) }
  }
  if (best === undefined) return []
  const { key, middle } = best
  return leavesIn(map.get(key)).map(({ path, types }) => ({
    path: path === null ? null : key.endsWith('/') ? path + middle : path.replaceAll('*', () => middle),
    types,
  }))
}

function subpathsOf(exports: unknown): ReadonlyMap<string, unknown> {
  if (!isObject(exports)) return new Map([['.', exports]])
  const entries = Object.entries(exports).slice(0, most.keys)
  return entries.some(([key]) => key.startsWith('.')) ? new Map(entries) : new Map([['.', exports]])
}

function leavesIn(target: unknown): readonly Leaf[] {
  const leaves: Leaf[] = []
  const walk = (value: unknown, types: boolean, depth: number): void => {
    // Given up: the package's folder stands for a file that nobody can read.
    if (leaves.length >= most.leaves || depth > most.depth) leaves[most.leaves] = { path: '.', types }
    else if (value === null || value === false) leaves.push({ path: null, types })
    else if (typeof value === 'string') leaves.push({ path: value, types: types || isDeclaration(value) })
    else if (Array.isArray(value)) for (const one of value) walk(one, types, depth + 1)
    else if (isObject(value))
      for (const [condition, one] of Object.entries(value))
        walk(one, types || condition === 'types' || condition.startsWith('types@'), depth + 1)
  }
  walk(target, false, 0)
  return leaves.filter((leaf) => leaf !== undefined)
}

/** Types stand beside what they describe, where no condition names them. */
function byLeaves(files: PackageFiles, folder: string, leaves: readonly Leaf[]): Targets {
  const inside = leaves.flatMap(({ path, types }) => {
    const file = path === null ? undefined : within(folder, path)
    return file === undefined ? [] : [{ file, types }]
  })
  const runtime = inside.filter(({ types }) => !types).map(({ file }) => file)
  const types = inside.filter(({ types }) => types).map(({ file }) => file)
  return { runtime: unique(runtime), types: unique([...types, ...runtime.flatMap((file) => typesBeside(files, file))]) }
}

function byMain(files: PackageFiles, folder: string, manifest: Manifest): Targets {
  const named = ['main', 'module', 'jsnext:main', 'browser', 'react-native']
    .map((field) => manifest[field])
    .filter((value) => typeof value === 'string' && value !== '') as string[]
  const entries = (typeof manifest.main === 'string' && manifest.main !== '' ? named : ['index', ...named])
    .map((path) => within(folder, path))
    .filter((file) => file !== undefined)
  const runtime = entries.map((file) => resolveFile(files, file, runtimeEndings)).filter((file) => file !== undefined)
  const beside = [...runtime, `${folder}/index.js`].flatMap((file) => typesBeside(files, file))
  return { runtime: unique(runtime), types: unique([...plainTypes(files, folder, manifest, '.'), ...beside]) }
}

function plainTypes(files: PackageFiles, folder: string, manifest: Manifest, subpath: string): readonly string[] {
  const paths = subpath === '.' ? [manifest.types, manifest.typings] : [subpath]
  return paths.flatMap((path) => {
    const file = typeof path === 'string' ? within(folder, path) : undefined
    const found = file === undefined ? undefined : resolveTypes(files, file)
    return found !== undefined && isDeclaration(found) && files.kind(found) === 'file' ? [found] : []
  })
}

function bySubpath(files: PackageFiles, folder: string, subpath: string): Targets {
  const path = within(folder, subpath)
  if (path === undefined) return { runtime: [], types: [] }
  const file = resolveFile(files, path, runtimeEndings)
  const inner = file === undefined ? manifestIn(files, path) : undefined
  const nested = inner === undefined ? undefined : byMain(files, path, inner)
  const runtime = nested?.runtime ?? (file === undefined ? [] : [file])
  const types = [...plainTypes(files, folder, {}, subpath), ...runtime.flatMap((one) => typesBeside(files, one))]
  return { runtime, types: unique([...(nested?.types ?? []), ...types.filter(isDeclaration)]) }
}

const scriptEndings = ['.js', '.mjs', '.cjs', '.json', '.node', '.ts', '.tsx', '.mts', '.cts', '.jsx'] as const
/** What bundlers are told to try as well. */
const otherEndings = ['.vue', '.svelte', '.css', '.scss', '.sass', '.less', '.wasm', '.web.js', '.native.js'] as const
const runtimeEndings = ['', ...scriptEndings, ...otherEndings, '.ios.js', '.android.js'] as const
const typesEndings = ['', '.d.ts', '.d.mts', '.d.cts', '.ts', '.tsx', '.mts', '.cts'] as const

/** As require and bundlers find it: the file itself, with an ending, or a folder's index. */
export function resolveFile(
  files: PackageFiles,
  path: string,
  endings: readonly string[] = runtimeEndings,
): string | undefined {
  const asFile = endings.map((ending) => path + ending).find((file) => files.kind(file) === 'file')
  if (asFile !== undefined) return asFile
  if (files.kind(path) !== 'folder') return undefined
  return endings.map((ending) => `${path}/index${ending}`).find((file) => files.kind(file) === 'file')
}

/** The declarations that TypeScript reads for a path as another declaration names it. */
export function resolveTypes(files: PackageFiles, path: string): string | undefined {
  const [beside] = typesBeside(files, path)
  return beside ?? resolveFile(files, path, typesEndings.slice(1)) ?? (isDeclaration(path) ? path : undefined)
}

function typesBeside(files: PackageFiles, file: string): readonly string[] {
  if (/\.[cm]?tsx?$/.test(file)) return files.kind(file) === 'file' ? [file] : []
  const [, stem = '', letter = ''] = /^(.*)\.([cm]?)jsx?$/.exec(file) ?? []
  if (stem === '') return []
  const found = [`${stem}.d.${letter}ts`, `${stem}.d.ts`].find((types) => files.kind(types) === 'file')
  return found === undefined ? [] : [found]
}

export function manifestIn(files: PackageFiles, folder: string): Manifest | undefined {
  const text = files.text(`${folder}/package.json`)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // A manifest that cannot be read describes no package: then nothing is known, and nothing is said.
    return undefined
  }
}

const isDeclaration = (path: string): boolean => /\.d(?:\.[^./]+)?\.[cm]?ts$/.test(path)
const unique = (paths: readonly string[]): readonly string[] => [...new Set(paths)]

/** Undefined where a manifest points out of its own package. */
function within(folder: string, path: string): string | undefined {
  const joined = joinPath(folder, path)
  return joined === folder || joined.startsWith(`${folder}/`) ? joined : undefined
}

/** Forward slashes; `..` beyond the root stays at it. */
export function joinPath(folder: string, path: string): string {
  const parts = folder.split('/')
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function offered(exports: unknown): readonly string[] {
  return [...subpathsOf(exports).keys()].filter((key) => key.startsWith('./') && !/[*]|\/$/.test(key))
}
