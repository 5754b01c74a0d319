// package-lock.json and npm-shrinkwrap.json, versions 1 to 4. The raw file is judged, not what a tool makes of it:
// every entry as written, with its line. Versions 2 to 4 list packages by folder, version 1 nests them.
// Format: npm help package-lock-json; what npm does with it: @npmcli/arborist's shrinkwrap.js.

import { AuditError } from '../../errors.ts'
import type { LockedPackage, Lockfile } from '../../types.ts'
import { matchesPatterns } from '../glob.ts'
import { eachKey, isObject, own, parseJson } from '../json.ts'

/** npm's deepest real trees stay far below both. */
const maximumDepth = 200
const maximumKeyLength = 4_096

const versions: readonly unknown[] = [1, 2, 3, 4]
const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/**
 * @param path as it shall stand in the result; its base name decides the format.
 * @param declared names that the manifest beside it asks for: version 1 does not say which packages are direct.
 * @throws AuditError LOCKFILE_INVALID with the line where it is known.
 */
export function parseNpmLockfile(text: string, path: string, declared: ReadonlySet<string> = new Set()): Lockfile {
  const json = parseJson(text)
  if (!json.ok) throw invalid(path, 'is not JSON', json.line)
  if (!isObject(json.value)) throw invalid(path, 'holds no JSON object')
  const version = own(json.value, 'lockfileVersion')
  if (!versions.includes(version)) throw unknownVersion(path, version)
  const packages = own(json.value, 'packages')
  const nested = own(json.value, 'dependencies')
  const reader = new Reader(path, text)
  const listed = packages !== undefined && packages !== null
  return {
    path,
    format: path.endsWith('npm-shrinkwrap.json') ? 'npm-shrinkwrap' : 'package-lock',
    version: version as number,
    packages: listed ? byFolder(packages, declared, reader) : byNesting(nested ?? {}, declared, reader),
  }
}

const invalid = (path: string, what: string, line?: number): AuditError =>
  new AuditError('LOCKFILE_INVALID', `${path}${line === undefined ? '' : `, line ${line},`} ${what}`, {
    hint: 'restore it from git, or run npm install --package-lock-only and review the change',
  })

const unknownVersion = (path: string, version: unknown): AuditError =>
  new AuditError(
    'LOCKFILE_INVALID',
    version === undefined
      ? `${path} names no lockfileVersion`
      : `${path} has a lockfileVersion that audit-deps does not know: ${JSON.stringify(version)?.slice(0, 40)}`,
    { hint: 'run npm install --package-lock-only with npm 7 or newer, which writes version 3' },
  )

type Entry = Record<string, unknown>

/** Fields of entries by type, and the line of each entry. */
class Reader {
  readonly path: string
  readonly #text: string
  #lines: ReadonlyMap<string, number> | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.#text = text
  }

  /** @param key folder of the entry, as in `LockedPackage.key`. */
  line(key: string): number {
    this.#lines ??= linesOf(this.#text)
    return this.#lines.get(key) ?? 1
  }

  entry(key: string, value: unknown): Entry {
    if (key.length > maximumKeyLength) throw this.refuse(key, 'has a key that no folder could have')
    if (!isObject(value)) throw this.refuse(key, 'is no object')
    return value
  }

  text(key: string, entry: Entry, field: string): string | undefined {
    const value = own(entry, field)
    // Some releases of npm wrote `"resolved": false`.
    if (value === undefined || value === null || value === false) return undefined
    if (typeof value !== 'string') throw this.refuse(key, `has a "${field}" that is no text`)
    return value
  }

  refuse(key: string, what: string): AuditError {
    return invalid(this.path, `holds an entry "${key.slice(0, 80)}" that ${what}`, this.line(key))
  }
}

function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>()
  const nested = new Map<number, string>()
  eachKey(text, (path, at) => {
    const key = path.at(-1)!
    if (path[0] === 'packages') {
      if (path.length === 2) lines.set(key, at.line)
      return path.length === 1
    }
    // Version 1: dependencies, name, dependencies, name …
    if (path.length % 2 === 1) return key === 'dependencies' && path.length < maximumDepth * 2
    const parent = nested.get(path.length - 2)
    const folder = `${parent === undefined ? '' : `${parent}/`}node_modules/${key}`
    nested.set(path.length, folder)
    if (!lines.has(folder)) lines.set(folder, at.line)
    return true
  })
  return lines
}

// ── versions 2, 3, 4 ─────────────────────────────────────────────────────────────────────────────────────────────

function byFolder(packages: unknown, declared: ReadonlySet<string>, reader: Reader): LockedPackage[] {
  if (!isObject(packages)) throw invalid(reader.path, 'has a "packages" that is no object')
  const entries = new Map<string, Entry>()
  for (const [key, value] of Object.entries(packages)) entries.set(key, reader.entry(key, value))
  const asked = askedFor(entries, declared)
  const isWorkspace = workspaceTest(entries.get(''))
  const locked: LockedPackage[] = []
  for (const [key, entry] of entries) {
    if (key === '') continue
    // A link's target has an entry of its own; the link adds nothing to it.
    const target = own(entry, 'link') === true ? own(entry, 'resolved') : undefined
    if (typeof target === 'string' && entries.has(target)) continue
    locked.push(folderPackage(key, entry, entries, asked, isWorkspace, reader))
  }
  return locked
}

function folderPackage(
  key: string,
  entry: Entry,
  entries: ReadonlyMap<string, Entry>,
  asked: Asked,
  isWorkspace: (folder: string) => boolean,
  reader: Reader,
): LockedPackage {
  const folderName = nameOf(key)
  const name = reader.text(key, entry, 'name') ?? folderName
  const resolved = reader.text(key, entry, 'resolved')
  const installed = isInstalled(key)
  const linked = own(entry, 'link') === true
  const origin = kindOf(resolved, asked.byUrl.has(key))
  return {
    name,
    version: reader.text(key, entry, 'version'),
    key,
    alias: installed && !linked && name !== folderName ? folderName : undefined,
    resolved,
    integrity: reader.text(key, entry, 'integrity'),
    kind: installed && !linked ? origin : isWorkspace(key) ? 'workspace' : 'local',
    direct: asked.direct.has(key),
    dev: own(entry, 'dev') === true,
    optional: own(entry, 'optional') === true || own(entry, 'devOptional') === true,
    peer: own(entry, 'peer') === true,
    bundled: own(entry, 'inBundle') === true && isBundled(key, resolved, entries),
    installScript: own(entry, 'hasInstallScript') === true,
    line: reader.line(key),
    ...enginesOf(entry),
  }
}

function enginesOf(entry: Entry): Pick<LockedPackage, 'engines'> {
  const engines = own(entry, 'engines')
  const node = isObject(engines) ? own(engines, 'node') : undefined
  return typeof node === 'string' ? { engines: node } : {}
}

/**
 * The flag alone proves nothing: an attacker could set it to be excused from integrity. It holds where npm fetches
 * nothing (no `resolved`) and a package above it declares a bundle.
 */
function isBundled(key: string, resolved: string | undefined, entries: ReadonlyMap<string, Entry>): boolean {
  if (resolved !== undefined) return false
  for (let at = key.lastIndexOf('/node_modules/'); at > 0; at = key.lastIndexOf('/node_modules/', at - 1)) {
    const bundle = own(entries.get(key.slice(0, at)) ?? {}, 'bundleDependencies')
    if (bundle === true || (Array.isArray(bundle) && bundle.length > 0)) return true
  }
  return false
}

interface Asked {
  /** Keys that the root or a workspace asks for. */
  readonly direct: ReadonlySet<string>
  /** Keys that somebody asks for by the URL of a tarball: no registry package, whatever the entry looks like. */
  readonly byUrl: ReadonlySet<string>
}

function askedFor(entries: ReadonlyMap<string, Entry>, declared: ReadonlySet<string>): Asked {
  const direct = new Set<string>()
  const byUrl = new Set<string>()
  for (const [from, entry] of entries) {
    const ours = !isInstalled(from)
    for (const field of dependencyFields) {
      const wanted = own(entry, field)
      if (!isObject(wanted)) continue
      for (const [name, range] of Object.entries(wanted)) {
        const url = typeof range === 'string' && /^https?:/i.test(range)
        if (!ours && !url) continue
        const key = resolveFrom(from, name, entries)
        if (key !== undefined && ours) direct.add(key)
        if (key !== undefined && url) byUrl.add(key)
      }
    }
  }
  for (const name of declared) direct.add(`node_modules/${name}`)
  return { direct, byUrl }
}

/** Node's own rule: the nearest `node_modules` upwards. */
function resolveFrom(from: string, name: string, entries: ReadonlyMap<string, unknown>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (entries.has(key)) return key
    if (folder === '') return undefined
  }
}

function workspaceTest(root: Entry | undefined): (folder: string) => boolean {
  const field = own(root ?? {}, 'workspaces')
  const patterns = isObject(field) ? own(field, 'packages') : field
  const texts = Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === 'string') : []
  return (folder) => matchesPatterns(texts, folder)
}

const isInstalled = (key: string): boolean => key.startsWith('node_modules/') || key.includes('/node_modules/')

/** The name by which the folder is imported. */
function nameOf(key: string): string {
  const at = key.lastIndexOf('node_modules/')
  if (at !== -1) return key.slice(at + 'node_modules/'.length)
  return key.slice(key.lastIndexOf('/') + 1)
}

function kindOf(source: string | undefined, askedByUrl: boolean): LockedPackage['kind'] {
  if (source === undefined) return 'registry'
  if (isGit(source)) return 'git'
  if (/^(?:file|link):/i.test(source)) return 'local'
  return askedByUrl ? 'tarball' : 'registry'
}

const isGit = (source: string): boolean => /^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)/i.test(source)

// ── version 1 ────────────────────────────────────────────────────────────────────────────────────────────────────

function byNesting(dependencies: unknown, declared: ReadonlySet<string>, reader: Reader): LockedPackage[] {
  const locked: LockedPackage[] = []
  const pending = [{ dependencies, folder: '', depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!isObject(next.dependencies)) throw invalid(reader.path, 'has a "dependencies" that is no object')
    if (next.depth > maximumDepth) throw invalid(reader.path, `nests packages deeper than ${maximumDepth} levels`)
    for (const [name, value] of Object.entries(next.dependencies)) {
      const key = `${next.folder === '' ? '' : `${next.folder}/`}node_modules/${name}`
      const entry = reader.entry(key, value)
      locked.push(nestedPackage(key, name, entry, next.depth === 0 && declared.has(name), reader))
      const inner = own(entry, 'dependencies')
      if (inner !== undefined) pending.push({ dependencies: inner, folder: key, depth: next.depth + 1 })
    }
  }
  return locked
}

function nestedPackage(key: string, name: string, entry: Entry, direct: boolean, reader: Reader): LockedPackage {
  const written = reader.text(key, entry, 'version')
  // The version holds the source of whatever does not come from the registry: `npm:real@1.0.0`, `git+ssh://…`.
  const alias = /^npm:(@?[^@]+)@(.+)$/.exec(written ?? '')
  const source = written !== undefined && !alias && /[:/]/.test(written) ? written : undefined
  const resolved = reader.text(key, entry, 'resolved') ?? source
  return {
    name: alias?.[1] ?? name,
    version: alias?.[2] ?? (source === undefined ? written : undefined),
    key,
    alias: alias ? name : undefined,
    resolved,
    integrity: reader.text(key, entry, 'integrity'),
    kind: kindOf(source ?? resolved, source !== undefined && /^https?:/i.test(source)),
    direct,
    dev: own(entry, 'dev') === true,
    optional: own(entry, 'optional') === true,
    peer: false,
    // At the top nobody could have brought it along: as above, the flag alone excuses nothing.
    bundled: own(entry, 'bundled') === true && resolved === undefined && key.includes('/node_modules/'),
    // Version 1 does not record install scripts.
    installScript: false,
    line: reader.line(key),
  }
}
