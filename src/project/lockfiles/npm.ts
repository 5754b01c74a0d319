// package-lock.json and npm-shrinkwrap.json, versions 1 to 4. The raw file is judged, not what a tool makes of it:
// every entry as written, with its line. Versions 2 to 4 list packages by folder, version 1 nests them.
// Format: npm help package-lock-json; what npm does with it: @npmcli/arborist's shrinkwrap.js.

import type { AuditError } from '../../errors.ts'
import type { LockedPackage, Lockfile, Manifest } from '../../types.ts'
import { matchesPatterns } from '../glob.ts'
import { isObject, own, parseJson } from '../json.ts'
import { type Entry, invalid, isInstalled, kindOf, nameOf, Reader, resolveFrom } from './npm-entry.ts'
import { byNesting } from './npm-nested.ts'
import { differencesOf } from './npm-sections.ts'
import { judgeTree } from './npm-tree.ts'
import { unknownFormat } from './source.ts'

const versions: readonly unknown[] = [1, 2, 3, 4]
const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/**
 * @param path as it shall stand in the result; its base name decides the format.
 * @param declared names that the manifest beside it asks for: version 1 does not say which packages are direct.
 * @param manifests the one beside it, then the workspaces': with them it is told whether everything plainly fits.
 * @throws AuditError LOCKFILE_INVALID with the line where it is known.
 */
export function parseNpmLockfile(
  text: string,
  path: string,
  declared: ReadonlySet<string> = new Set(),
  manifests: readonly Manifest[] = [],
): Lockfile {
  const json = parseJson(text)
  if (!json.ok) throw invalid(path, 'is not JSON', json.line)
  if (!isObject(json.value)) throw invalid(path, 'holds no JSON object')
  const version = own(json.value, 'lockfileVersion')
  if (!versions.includes(version)) throw unknownVersion(path, version)
  const packages = own(json.value, 'packages')
  const nested = own(json.value, 'dependencies')
  const reader = new Reader(path, text)
  const head = {
    path,
    format: path.endsWith('npm-shrinkwrap.json') ? 'npm-shrinkwrap' : 'package-lock',
    version: version as number,
  } as const
  if (packages === undefined || packages === null)
    return { ...head, packages: byNesting(nested ?? {}, declared, reader) }
  const entries = entriesOf(packages, reader)
  const tree = judgeTree(entries, path, manifests, reader)
  const { paths } = tree
  const listed = byFolder(entries, declared, paths, reader)
  const contradictions = [
    ...tree.contradictions,
    ...(nested === undefined ? [] : differencesOf(listed, byNesting(nested, declared, reader), entries)),
  ]
  return {
    ...head,
    packages: listed,
    ...(paths ? { problems: [] } : {}),
    ...(contradictions.length > 0 ? { contradictions } : {}),
    brings: broughtBy(entries),
  }
}

const unknownVersion = (path: string, version: unknown): AuditError =>
  invalid(
    path,
    version === undefined
      ? 'names no lockfileVersion'
      : `has a lockfileVersion that audit-deps does not know: ${JSON.stringify(version)?.slice(0, 40)}`,
    undefined,
    unknownFormat('1 to 4', 'npm install --package-lock-only --lockfile-version=3'),
  )

function entriesOf(packages: unknown, reader: Reader): ReadonlyMap<string, Entry> {
  if (!isObject(packages)) throw invalid(reader.path, 'has a "packages" that is no object')
  const entries = new Map<string, Entry>()
  for (const [key, value] of Object.entries(packages)) entries.set(key, reader.entry(key, value))
  return entries
}

function broughtBy(entries: ReadonlyMap<string, Entry>): NonNullable<Lockfile['brings']> {
  const commands = new Set<string>()
  const peers = new Set<string>()
  for (const [key, entry] of entries) {
    const bin = own(entry, 'bin')
    if (isObject(bin)) for (const name of Object.keys(bin)) commands.add(name)
    else if (typeof bin === 'string') commands.add(key.slice(key.lastIndexOf('/') + 1))
    const expected = own(entry, 'peerDependencies')
    if (key !== '' && isObject(expected)) for (const name of Object.keys(expected)) peers.add(name)
  }
  return { commands, peers }
}

type Paths = ReadonlyMap<string, readonly string[]> | undefined

function byFolder(
  entries: ReadonlyMap<string, Entry>,
  declared: ReadonlySet<string>,
  paths: Paths,
  reader: Reader,
): LockedPackage[] {
  const asked = askedFor(entries, declared)
  const isWorkspace = workspaceTest(entries.get(''))
  const locked: LockedPackage[] = []
  for (const [key, entry] of entries) {
    if (key === '') continue
    // A link's target has an entry of its own; the link adds nothing to it.
    const target = own(entry, 'link') === true ? own(entry, 'resolved') : undefined
    if (typeof target === 'string' && entries.has(target)) continue
    locked.push(folderPackage(key, entry, entries, asked, isWorkspace, paths?.get(key), reader))
  }
  return locked
}

function folderPackage(
  key: string,
  entry: Entry,
  entries: ReadonlyMap<string, Entry>,
  asked: Asked,
  isWorkspace: (folder: string) => boolean,
  path: readonly string[] | undefined,
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
    // Counted for the first finding that shows one: most lockfiles have none.
    get line() {
      return reader.line(key)
    },
    ...enginesOf(entry),
    ...(path && { path }),
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

function workspaceTest(root: Entry | undefined): (folder: string) => boolean {
  const field = own(root ?? {}, 'workspaces')
  const patterns = isObject(field) ? own(field, 'packages') : field
  const texts = Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === 'string') : []
  return (folder) => matchesPatterns(texts, folder)
}
