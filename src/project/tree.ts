// What only a tree can say, where the lockfile's reader is in doubt: does every package find what it asks for, does
// anybody ask for what is locked, who asked first. Arborist builds it as `npm ci` does, from the lockfile alone: no
// network, no scripts. It works in a temporary copy that holds nothing but the files we read ourselves, for in the
// project itself a workspace glob or a link of the lockfile could lead it anywhere on the disk.

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix } from 'node:path'
import type Arborist from '@npmcli/arborist'
import { reasonOf } from '../errors.ts'
import type { Lockfile, Manifest, TreeProblem } from '../types.ts'
import type { ReadText } from './files.ts'
import { matchesPatterns } from './glob.ts'
import { isObject } from './json.ts'
import { parseManifest } from './manifest.ts'

export interface Tree {
  /** Packages in it, the root not counted. */
  readonly size: number
  readonly problems: readonly TreeProblem[]
  /** Key of a locked package → names on the shortest way to it from the root, itself last. */
  readonly paths: ReadonlyMap<string, readonly string[]>
}

/** Arborist takes about 0.3 ms a package and 10 KB: beyond this it would be minutes. */
const maximumPackages = 50_000

/**
 * A `file:../../shared` must not end in the temporary folder's own neighbours, so the copy stands this deep; nor in the
 * copy itself, so its folders are called as nobody calls theirs.
 */
const levels = Array.from({ length: 20 }, (_, at) => `audit-deps-${at}`)

/**
 * @param manifests the unit's, the one beside the lockfile first.
 * @throws Error when Arborist does: the caller reports the tree as unread.
 */
export async function readTree(read: ReadText, lockfile: Lockfile, manifests: readonly Manifest[]): Promise<Tree> {
  if (lockfile.packages.length > maximumPackages)
    throw new Error(`it holds more than ${maximumPackages} packages, too many to build the tree of`)
  const temporary = await realpath(await mkdtemp(join(tmpdir(), 'audit-deps-tree-')))
  const folder = join(temporary, ...levels)
  try {
    await mkdir(folder, { recursive: true })
    await copyFiles(read, folder, lockfile, manifests)
    const { default: arborist } = await import('@npmcli/arborist')
    const legacyPeerDeps = await asksForLegacyPeers(read, posix.dirname(lockfile.path))
    const tree = await new arborist({ path: folder, legacyPeerDeps, ignoreScripts: true, offline: true }).loadVirtual()
    return walk(tree)
  } catch (error) {
    // The first line says what; the rest is npm's advice, and neither should name a folder nobody knows.
    throw new Error(reasonOf(error).split('\n')[0]!.replaceAll(folder, '.'), { cause: error })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function copyFiles(
  read: ReadText,
  to: string,
  lockfile: Lockfile,
  manifests: readonly Manifest[],
): Promise<void> {
  const base = posix.dirname(lockfile.path)
  await writeFile(join(to, basename(lockfile.path)), await read(lockfile.path))
  const folders = manifests.map(({ path }) => posix.relative(base, posix.dirname(path)))
  for (const [index, { path }] of manifests.entries()) {
    const text = await read(path)
    const target = join(to, folders[index]!, 'package.json')
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, folders[index] === '' ? withoutGlobs(text, path, folders) : text)
  }
}

/** The root's workspaces as the list of folders that they match here, so that Arborist searches for none. */
function withoutGlobs(text: string, path: string, folders: readonly string[]): string {
  const patterns = parseManifest(text, path).parsed?.workspaces ?? []
  if (patterns.length === 0) return text
  const manifest: unknown = JSON.parse(text)
  const workspaces = folders.filter((folder) => folder !== '' && matchesPatterns(patterns, folder))
  return JSON.stringify(isObject(manifest) ? { ...manifest, workspaces } : manifest)
}

/**
 * The one setting of a project's .npmrc that decides whether npm asks for peers at all. Most projects have no such file;
 * one that is there and cannot be read stops the run before (registry/npmrc.ts).
 */
export async function asksForLegacyPeers(read: ReadText, base: string): Promise<boolean> {
  const text = await read(posix.join(base, '.npmrc')).catch(() => '')
  return /^\s*(?:legacy-peer-deps|force)\s*(?:=\s*true\s*)?$/m.test(text)
}

function walk(root: Arborist.Node): Tree {
  const problems: TreeProblem[] = []
  const paths = new Map<string, readonly string[]>([['', []]])
  const seen = new Set<Arborist.Node>([root])
  const queue = [root]
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!
    for (const edge of node.edgesOut.values()) {
      const problem = problemOf(node, edge)
      if (problem) problems.push(problem)
      // A link is no package of its own: what it leads to asks for things.
      const to = edge.to?.isLink ? edge.to.target : edge.to
      if (!to || seen.has(to)) continue
      seen.add(to)
      queue.push(to)
      paths.set(to.location, [...(paths.get(node.location) ?? []), edge.name])
    }
  }
  for (const node of root.inventory.values())
    if (!node.isLink && !node.isRoot && !seen.has(node)) problems.push(extraneous(node))
  return { size: Math.max(0, root.inventory.size - 1), problems, paths }
}

function problemOf(node: Arborist.Node, edge: Arborist.Edge): TreeProblem | undefined {
  // What `npm ci` trusts the lockfile for: optional peers, and whatever a package brought along in its bundle.
  if (!edge.error || edge.type === 'peerOptional') return undefined
  const ours = node.isRoot || node.isWorkspace
  if (!ours && bundles(node, edge.name)) return undefined
  // npm itself locks peers that do not fit each other ("overriding peer dependency") and installs them again.
  if (!ours && edge.type === 'peer' && edge.to) return undefined
  return {
    kind: edge.to ? 'invalid' : 'missing',
    name: edge.name,
    wanted: edge.spec,
    by: node.location,
    ...(edge.to ? { key: edge.to.location, locked: edge.to.version } : {}),
  }
}

const bundles = (node: Arborist.Node, name: string): boolean => {
  const bundled: unknown = node.package.bundleDependencies
  return bundled === true || (Array.isArray(bundled) && bundled.includes(name))
}

const extraneous = (node: Arborist.Node): TreeProblem => ({
  kind: 'extraneous',
  name: node.name,
  key: node.location,
  locked: node.version,
})
