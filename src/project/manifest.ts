// package.json: who is asked for, in which words, on which line. What cannot be understood is named as unread,
// and the rest of the file still counts. How a range is meant (git, tarball, alias …) npm-package-arg decides.

import type { Result } from 'npm-package-arg'
import { npa } from '../names/npa.ts'
import { isPackageName } from '../names/valid.ts'
import type { Declared, DependencyField, Manifest, Unread } from '../types.ts'
import { type Catalogs, catalogsIn } from './catalogs.ts'
import { eachKey, isObject, own, type Position, parseJson } from './json.ts'

export interface ParsedManifest {
  readonly manifest: Manifest
  /** The patterns of its `workspaces` field, array or object form. */
  readonly workspaces: readonly string[]
  /** Bun's: at the top, or beside the patterns of its `workspaces`. */
  readonly catalogs: Catalogs
}

const mapFields = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const satisfies readonly DependencyField[]

/** Overrides nest as deep as their author likes; npm itself would not get far with more. */
const maximumOverrideDepth = 50

/**
 * @param path relative to the audited folder, with forward slashes.
 * Never throws: a broken file gives no `parsed`, a broken field one entry in `unread`.
 */
export function parseManifest(
  text: string,
  path: string,
): { readonly parsed?: ParsedManifest; readonly unread: readonly Unread[] } {
  const json = parseJson(text)
  const refuse = (why: string, line?: number): Unread => ({
    path,
    what: path,
    why,
    next: 'mend the file and run again',
    ...(line === undefined ? {} : { line }),
  })
  if (!json.ok) return { unread: [refuse(`it is not JSON: line ${json.line}`, json.line)] }
  if (!isObject(json.value)) return { unread: [refuse('it holds no JSON object')] }
  const root = json.value
  const places = placesOf(text)
  const odd: string[] = []
  const dependencies = [
    ...mapFields.flatMap((field) => fromMap(root, field, places, odd)),
    ...fromBundle(root, places, odd),
    ...fromOverrides(root, places, odd),
    ...fromResolutions(root, places, odd),
  ]
  const name = own(root, 'name')
  return {
    parsed: {
      manifest: {
        path,
        name: typeof name === 'string' && name !== '' ? name : undefined,
        ...versionOf(root),
        ...managerNamed(root),
        private: own(root, 'private') === true,
        dependencies,
        scripts: scriptsOf(root),
        ...rulesOf(root),
      },
      workspaces: workspacesOf(root, odd),
      catalogs: new Map([root, own(root, 'workspaces')].flatMap((block) => [...catalogsIn(block, path, text)])),
    },
    unread: odd.map((field) => refuse(`its field "${field}" is of a type that npm does not read`)),
  }
}

type Places = (...path: readonly string[]) => Position

function placesOf(text: string): Places {
  const fields = new Set<string>([
    ...mapFields,
    'overrides',
    'resolutions',
    'bundleDependencies',
    'bundledDependencies',
  ])
  const places = new Map<string, Position>()
  eachKey(text, (path, at) => {
    if (!fields.has(path[0]!) || path.length > maximumOverrideDepth) return false
    places.set(path.join('\0'), at)
    return path.length === 1 || path[0] === 'overrides'
  })
  return (...path) => places.get(path.join('\0')) ?? { line: 1, column: 1 }
}

function fieldObject(root: Record<string, unknown>, field: string, odd: string[]): Record<string, unknown> {
  const value = own(root, field)
  if (isObject(value)) return value
  // npm reads a missing, null or false field as empty.
  if (value) odd.push(field)
  return {}
}

const fromMap = (
  root: Record<string, unknown>,
  field: (typeof mapFields)[number],
  places: Places,
  odd: string[],
): Declared[] =>
  Object.entries(fieldObject(root, field, odd)).map(([name, range]) => declare(name, range, field, places(field, name)))

function declare(name: string, range: unknown, field: DependencyField, at: Position): Declared {
  const place = { field, line: at.line, column: at.column }
  if (typeof range !== 'string') return { name, target: name, range: String(typeof range), kind: 'invalid', ...place }
  return { name, range, ...meaningOf(name, range), ...place }
}

/** Most of what there is, told apart without npm's parser: no URL, path, tag or reserved name looks like these. */
const plainName = /^(?:@[a-z\d-]{1,80}\/)?(?!node_modules$|favicon)[a-z\d][a-z\d._-]{0,120}$/
const plainRange = /^[\^~]?\d+(?:\.\d+){0,2}$/

/** What a range stands for, and under which registry name. */
export function meaningOf(name: string, range: string): Pick<Declared, 'target' | 'kind'> {
  if (plainRange.test(range) && plainName.test(name)) return { target: name, kind: 'registry' }
  // Yarn's `npm:^1.0.0` is `^1.0.0`; npm would take a bare version for a name.
  if (/^npm:(?:[\^~<>=*]|v?\d)[^@]*$/.test(range)) return meaningOf(name, range.slice(4))
  const protocol = /^(workspace|link|portal|catalog|patch):/.exec(range)?.[1]
  if (protocol === 'workspace') return { target: name, kind: 'workspace' }
  if (protocol === 'link' || protocol === 'portal') return { target: name, kind: 'local' }
  // A pnpm catalog names the range elsewhere, a yarn patch wraps the published package: both come from the registry.
  if (protocol) return { target: name, kind: isPackageName(name) ? 'registry' : 'invalid' }
  try {
    const spec = npa().resolve(name, range) as Result & { subSpec?: Result }
    if (spec.subSpec) return { target: spec.subSpec.name ?? name, kind: 'registry' }
    if (spec.registry) return { target: name, kind: 'registry' }
    const kinds: Record<string, Declared['kind']> = { git: 'git', remote: 'tarball', file: 'local', directory: 'local' }
    return { target: name, kind: kinds[spec.type] ?? 'invalid' }
  } catch {
    return { target: name, kind: 'invalid' }
  }
}

function fromBundle(root: Record<string, unknown>, places: Places, odd: string[]): Declared[] {
  return ['bundleDependencies', 'bundledDependencies'].flatMap((field) => {
    const value = own(root, field)
    // true bundles all `dependencies`, which stand in their own field.
    if (value === undefined || value === null || typeof value === 'boolean') return []
    if (!Array.isArray(value)) {
      odd.push(field)
      return []
    }
    return value
      .filter((name) => typeof name === 'string')
      .map((name) => declare(name, '', 'bundleDependencies', places(field)))
  })
}

/** `{ a: '1', 'b@^2': { '.': '2.1', c: '$a' } }`: a key selects a package, a text replaces what it asks for. */
function fromOverrides(root: Record<string, unknown>, places: Places, odd: string[]): Declared[] {
  const found: Declared[] = []
  const pending: { rules: Record<string, unknown>; path: readonly string[] }[] = [
    { rules: fieldObject(root, 'overrides', odd), path: ['overrides'] },
  ]
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const [key, value] of Object.entries(next.rules)) {
      const path = [...next.path, key]
      const name = withoutRange(key === '.' ? (next.path.at(-1) ?? '') : key)
      if (!isObject(value)) found.push(declare(name, referred(root, value), 'overrides', places(...path)))
      else if (path.length < maximumOverrideDepth) {
        if (!Object.hasOwn(value, '.')) found.push(declare(name, '', 'overrides', places(...path)))
        pending.push({ rules: value, path })
      } else if (!odd.includes('overrides')) odd.push('overrides')
    }
  }
  return found
}

/** `$name` means "what the root asks for under that name". */
function referred(root: Record<string, unknown>, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  for (const field of mapFields) {
    const fields = own(root, field)
    const range = isObject(fields) ? own(fields, value.slice(1)) : undefined
    if (typeof range === 'string') return range
  }
  return value
}

const resolutionName = /^(?:(?:@[^/@]+\/)?[^/@]+\/)*((?:@[^/@]+\/)?[^/@]+)(?:@.*)?$/

/** Yarn's `resolutions`: the last name of a path such as `a/**\/@scope/b` is the package. */
function fromResolutions(root: Record<string, unknown>, places: Places, odd: string[]): Declared[] {
  return Object.entries(fieldObject(root, 'resolutions', odd)).map(([key, value]) => {
    const name = resolutionName.exec(key)?.[1] ?? key
    return declare(name, value, 'resolutions', places('resolutions', key))
  })
}

/** `@scope/name@^1` → `@scope/name`. */
function withoutRange(key: string): string {
  const at = key.indexOf('@', key.startsWith('@') ? key.indexOf('/') : 1)
  return at <= 0 ? key : key.slice(0, at)
}

function workspacesOf(root: Record<string, unknown>, odd: string[]): string[] {
  const value = own(root, 'workspaces')
  const patterns = isObject(value) ? own(value, 'packages') : value
  if (patterns === undefined || patterns === null) return []
  if (Array.isArray(patterns)) return patterns.filter((pattern) => typeof pattern === 'string')
  odd.push('workspaces')
  return []
}

function versionOf(root: Record<string, unknown>): Pick<Manifest, 'version'> {
  const version = own(root, 'version')
  return typeof version === 'string' ? { version } : {}
}

/** As written, for whoever has to know which key says what; of npm's nested ones the outermost. */
function rulesOf(root: Record<string, unknown>): Pick<Manifest, 'overrides'> {
  const pnpm = own(root, 'pnpm')
  const blocks = {
    overrides: own(root, 'overrides'),
    resolutions: own(root, 'resolutions'),
    'pnpm.overrides': isObject(pnpm) ? own(pnpm, 'overrides') : undefined,
  } as const
  const overrides = Object.entries(blocks).flatMap(([field, block]) =>
    Object.entries(isObject(block) ? block : {}).map(([key, value]) => ({
      field: field as keyof typeof blocks,
      key,
      value: typeof value === 'string' ? value : undefined,
    })),
  )
  return overrides.length === 0 ? {} : { overrides }
}

/** `pnpm` and `9.1.0` of `"packageManager": "pnpm@9.1.0"`, or of `devEngines.packageManager`, one or a list. */
function managerNamed(root: Record<string, unknown>): Pick<Manifest, 'packageManager' | 'packageManagerVersion'> {
  const engines = own(root, 'devEngines')
  const field = isObject(engines) ? own(engines, 'packageManager') : undefined
  const first = Array.isArray(field) ? field[0] : field
  const textOf = (key: string): string => {
    const value = isObject(first) ? own(first, key) : undefined
    return typeof value === 'string' ? value : ''
  }
  const named = own(root, 'packageManager') ?? `${textOf('name')}@${textOf('version')}`
  const [, name, version] = (typeof named === 'string' && /^([a-z]{2,20})(?:@(.*))?$/s.exec(named)) || []
  if (name === undefined) return {}
  return version ? { packageManager: name, packageManagerVersion: version } : { packageManager: name }
}

function scriptsOf(root: Record<string, unknown>): Record<string, string> {
  const value = own(root, 'scripts')
  const entries = isObject(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
