// The project as its files tell it: every package.json and lockfile below a folder, read once for all scanners.
// Git is not asked: an ignored or untracked manifest installs code just as a committed one does.

import { existsSync } from 'node:fs'
import { basename, dirname, join, posix, relative } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import type { Lockfile, Manifest, Project, Unread } from '../types.ts'
import { findFiles, type ReadText, readText, tryRead } from './files.ts'
import { isSupported, lockfileNames, parseLockfile, unsupported } from './lockfile.ts'
import { type ParsedManifest, parseManifest } from './manifest.ts'
import { compareCatalogs } from './meanings.ts'
import { type Members, membersBy, straysAmong, workspaceNames } from './members.ts'
import { pnpmWorkspace, readPnpmWorkspaces, resolved, withRules, yarnSettings } from './settings.ts'

const wanted: ReadonlySet<string> = new Set(['package.json', pnpmWorkspace, yarnSettings, ...lockfileNames])

/**
 * Reads all manifests and lockfiles below `root` (not in node_modules or .git). Never throws for what a file
 * holds: it is named in `unread`, and everything else is read.
 */
export async function readProject(root: string): Promise<Project> {
  const { files, missed } = await findFiles(root, wanted)
  const project = await readFiles(onDisk(root), files)
  return { ...project, unread: [...missed, ...project.unread, ...lockfileAbove(root, files)] }
}

export const onDisk =
  (root: string): ReadText =>
  (path) =>
    readText(root, path)

/** A project by its files, wherever they are. @param files all paths; those that are none of a project's are passed over. */
export async function readFiles(read: ReadText, files: readonly string[]): Promise<Project> {
  const manifests = await readManifests(read, files)
  const { settings, ...workspaces } = await readPnpmWorkspaces(read, files)
  const { parsed, unread } = await resolved(manifests.parsed, settings, read, files)
  const members = membersBy(parsed, settings)
  const lockfiles = await readLockfiles(read, files, members)
  return {
    manifests: parsed.map(({ manifest }) => manifest),
    lockfiles: lockfiles.read,
    ...(lockfiles.shadowed.length > 0 && { shadowed: lockfiles.shadowed }),
    ...straysAmong(parsed, lockfiles.read, members),
    unread: [...manifests.unread, ...workspaces.unread, ...unread, ...lockfiles.unread],
    workspaceNames: workspaceNames(parsed, members),
  }
}

/** Is it a file that a project is read from? */
export const isOfProject = (path: string): boolean => wanted.has(basename(path)) && !/(?:^|\/)node_modules\//.test(path)

/**
 * Reads one lockfile of any supported format from disk. Manifests beside it and of its workspaces are read too, for
 * most formats do not say who is direct or for development.
 * @throws AuditError LOCKFILE_INVALID: unreadable, broken (with the line where it is known) or not supported.
 */
export async function readLockfile(file: string): Promise<Lockfile> {
  const [folder, name, path] = [dirname(file), basename(file), file.replaceAll('\\', '/')]
  let text: string
  try {
    text = await readText(folder, name)
  } catch (cause) {
    throw new AuditError('LOCKFILE_INVALID', `cannot read ${file}: ${reasonOf(cause)}`, {
      hint: 'check the path and its permissions',
      cause,
    })
  }
  const read = await parseLockfile(text, name, await manifestsFor(folder, name))
  if ('packages' in read) return { ...read, path }
  throw new AuditError('LOCKFILE_INVALID', `${path}: ${read.why}`, { hint: read.next })
}

/** Below the folder nothing is searched where the root has no workspaces. */
async function manifestsFor(folder: string, name: string): Promise<readonly Manifest[]> {
  const beside = ['package.json', pnpmWorkspace].filter((file) => existsSync(join(folder, file)))
  const read = onDisk(folder)
  const { parsed } = await readManifests(read, beside)
  const { settings } = await readPnpmWorkspaces(read, beside)
  if (settings.size === 0 && !parsed.some(({ workspaces }) => workspaces.length > 0))
    return parsed.map((one) => withRules(one, settings).manifest)
  const { files } = await findFiles(folder, new Set(['package.json']))
  return membersBy(
    (await readManifests(read, files)).parsed.map((one) => withRules(one, settings)),
    settings,
  )(name)
}

interface Manifests {
  readonly parsed: readonly ParsedManifest[]
  readonly unread: readonly Unread[]
}

async function readManifests(read: ReadText, files: readonly string[]): Promise<Manifests> {
  const parsed: ParsedManifest[] = []
  const unread: Unread[] = []
  for (const path of files) {
    if (basename(path) !== 'package.json') continue
    const text = await tryRead(read, path)
    if (typeof text !== 'string') {
      unread.push(text)
      continue
    }
    const result = parseManifest(text, path)
    if (result.parsed) parsed.push(bounded(result.parsed, unread))
    unread.push(...result.unread)
  }
  return { parsed, unread }
}

async function readLockfiles(
  from: ReadText,
  files: readonly string[],
  members: Members,
): Promise<{
  readonly read: readonly Lockfile[]
  readonly unread: readonly Unread[]
  readonly shadowed: readonly string[]
}> {
  const read: Lockfile[] = []
  const unread: Unread[] = []
  const shadowed: string[] = []
  const all = new Set(files)
  for (const path of files) {
    if (!lockfileNames.includes(basename(path))) continue
    // What nobody installs is not judged: what it pins would be told as if it were there.
    if (basename(path) === 'package-lock.json' && all.has(posix.join(posix.dirname(path), 'npm-shrinkwrap.json'))) {
      shadowed.push(path)
      continue
    }
    const text = isSupported(path) ? await tryRead(from, path) : unsupported(path)
    const result = typeof text === 'string' ? await parseLockfile(text, path, members(path)) : text
    if ('packages' in result) read.push(boundedLockfile(withCatalogs(result, members(path)), unread))
    else unread.push(result)
  }
  return { read, unread, shadowed }
}

/** Where only Arborist can tell what fits there are no catalogs: npm has none. */
function withCatalogs(lockfile: Lockfile, manifests: readonly Manifest[]): Lockfile {
  const unlike = lockfile.problems ? compareCatalogs(lockfile, manifests) : []
  return unlike.length === 0 ? lockfile : { ...lockfile, problems: [...(lockfile.problems ?? []), ...unlike] }
}

/** Ten times what the largest real ones hold. A name costs a request and a search for look-alikes. */
const most = { dependencies: 20_000, packages: 100_000 } as const

function bounded(parsed: ParsedManifest, unread: Unread[]): ParsedManifest {
  const { path, dependencies } = parsed.manifest
  if (dependencies.length <= most.dependencies) return parsed
  unread.push(tooMany(path, 'dependencies', dependencies.length))
  return { ...parsed, manifest: { ...parsed.manifest, dependencies: dependencies.slice(0, most.dependencies) } }
}

/** What the manifests ask for is kept first: without its entry a direct dependency would look unpinned. */
function boundedLockfile(lockfile: Lockfile, unread: Unread[]): Lockfile {
  const { path, packages } = lockfile
  if (packages.length <= most.packages) return lockfile
  unread.push(tooMany(path, 'packages', packages.length))
  const sorted = [...packages.filter(({ direct }) => direct), ...packages.filter(({ direct }) => !direct)]
  return { ...lockfile, packages: sorted.slice(0, most.packages) }
}

const tooMany = (path: string, things: keyof typeof most, count: number): Unread => ({
  path,
  what: `${count - most[things]} of the ${things} in ${path}`,
  why: `it holds ${count}, and no more than ${most[things]} are looked at`,
  next: 'audit its parts: split it into workspaces with lockfiles of their own',
})

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
