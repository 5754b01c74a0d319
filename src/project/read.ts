// The project as its files tell it: every package.json and lockfile below a folder, read once for all scanners.
// Git is not asked: an ignored or untracked manifest installs code just as a committed one does.

import { existsSync } from 'node:fs'
import { basename, dirname, join, posix, relative } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { Lockfile, Manifest, Project, Unread } from '../types.ts'
import { findFiles, readText } from './files.ts'
import { matchesPatterns } from './glob.ts'
import { isSupported, lockfileNames, parseLockfile, unsupported } from './lockfile.ts'
import { type ParsedManifest, parseManifest } from './manifest.ts'

export { readLockfile } from './lockfile.ts'

const pnpmWorkspace = 'pnpm-workspace.yaml'
const wanted: ReadonlySet<string> = new Set(['package.json', pnpmWorkspace, ...lockfileNames])

/**
 * Reads all manifests and lockfiles below `root` (not in node_modules or .git). Never throws for what a file
 * holds: it is named in `unread`, and everything else is read.
 */
export async function readProject(root: string): Promise<Project> {
  const { files, missed } = await findFiles(root, wanted)
  const named = (test: (name: string) => boolean) => files.filter((path) => test(basename(path)))
  const manifests = await readManifests(
    root,
    named((name) => name === 'package.json'),
  )
  const lockfiles = await readLockfiles(
    root,
    named((name) => lockfileNames.includes(name)),
    manifests.parsed,
  )
  const pnpmPatterns = await readPnpmWorkspaces(
    root,
    named((name) => name === pnpmWorkspace),
  )
  return {
    manifests: manifests.parsed.map(({ manifest }) => manifest),
    lockfiles: lockfiles.read,
    unread: [...missed, ...manifests.unread, ...lockfiles.unread, ...lockfileAbove(root, files)],
    workspaceNames: workspaceNames(manifests.parsed, pnpmPatterns),
  }
}

interface Manifests {
  readonly parsed: readonly ParsedManifest[]
  readonly unread: readonly Unread[]
}

async function readManifests(root: string, paths: readonly string[]): Promise<Manifests> {
  const parsed: ParsedManifest[] = []
  const unread: Unread[] = []
  for (const path of paths) {
    const text = await tryRead(root, path)
    if (typeof text !== 'string') {
      unread.push(text)
      continue
    }
    const result = parseManifest(text, path)
    if (result.parsed) parsed.push(result.parsed)
    unread.push(...result.unread)
  }
  return { parsed, unread }
}

async function readLockfiles(
  root: string,
  paths: readonly string[],
  manifests: readonly ParsedManifest[],
): Promise<{ readonly read: readonly Lockfile[]; readonly unread: readonly Unread[] }> {
  const read: Lockfile[] = []
  const unread: Unread[] = []
  for (const path of paths) {
    const text = isSupported(path) ? await tryRead(root, path) : unsupported(path)
    const result = typeof text === 'string' ? parseLockfile(text, path, declaredBeside(path, manifests)) : text
    if ('packages' in result) read.push(result)
    else unread.push(result)
  }
  return { read, unread }
}

function declaredBeside(path: string, manifests: readonly ParsedManifest[]): ReadonlySet<string> {
  const beside = manifests.find(({ manifest }) => posix.dirname(manifest.path) === posix.dirname(path))
  return new Set(beside?.manifest.dependencies.map(({ name }) => name))
}

async function tryRead(root: string, path: string): Promise<string | Unread> {
  try {
    return await readText(root, path)
  } catch (error) {
    const why = `cannot read it: ${reasonOf(error)}`
    return { path, what: path, why, next: 'put a readable, regular file in its place' }
  }
}

/** `packages:` of pnpm-workspace.yaml, by folder: a flat list of texts, so no YAML parser is loaded for it. */
async function readPnpmWorkspaces(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const patterns = new Map<string, string[]>()
  for (const path of paths) {
    const text = await tryRead(root, path)
    if (typeof text !== 'string') continue
    const lines = text.split(/\r?\n/)
    const start = lines.findIndex((line) => /^packages:\s*(?:#.*)?$/.test(line))
    const rest = start === -1 ? [] : lines.slice(start + 1)
    const end = rest.findIndex((line) => /^[^\s#-]/.test(line))
    const items = rest
      .slice(0, end === -1 ? rest.length : end)
      .map((line) => /^\s*-\s+(['"]?)([^'"#]+)\1/.exec(line)?.[2])
    patterns.set(
      posix.dirname(path),
      items.filter((item) => item !== undefined).map((item) => item.trim()),
    )
  }
  return patterns
}

/** Only what an ancestor's patterns take in: a package's own claim to be ours would hide it from every check. */
function workspaceNames(
  manifests: readonly ParsedManifest[],
  pnpmPatterns: ReadonlyMap<string, string[]>,
): ReadonlySet<string> {
  const owners = manifests.map(({ manifest, workspaces }) => {
    const folder = posix.dirname(manifest.path)
    return { folder, patterns: [...workspaces, ...(pnpmPatterns.get(folder) ?? [])] }
  })
  const owned = owners.filter(({ patterns }) => patterns.length > 0)
  const isMember = ({ path }: Manifest): boolean =>
    owned.some(({ folder, patterns }) => {
      const inside = posix.relative(folder, posix.dirname(path))
      return inside !== '' && !inside.startsWith('..') && matchesPatterns(patterns, inside)
    })
  const names = manifests.filter(({ manifest }) => isMember(manifest)).map(({ manifest }) => manifest.name)
  return new Set(names.filter((name) => name !== undefined))
}

/** A workspace audited on its own is pinned by a lockfile above: that is not "missing", but it is not read either. */
function lockfileAbove(root: string, files: readonly string[]): Unread[] {
  if (!files.includes('package.json') || files.some((path) => lockfileNames.includes(path))) return []
  for (let folder = root; !existsSync(join(folder, '.git')); ) {
    const parent = dirname(folder)
    if (parent === folder) return []
    folder = parent
    const name = lockfileNames.find((candidate) => existsSync(join(folder, candidate)))
    if (name === undefined) continue
    const path = relative(root, join(folder, name)).replaceAll('\\', '/')
    const why = 'it lies above the audited folder'
    return [{ path, what: path, why, next: `audit ${posix.dirname(path)} to judge it too` }]
  }
  return []
}
