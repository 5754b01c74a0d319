// A temporary copy of what a package manager reads to resolve: manifests, lockfiles, settings, patches, and the
// manifests of local dependencies; no code of the project, no node_modules. The manager's own lockfile-only command
// runs in it, so that the project is not touched before the decision.

import { copyFile, mkdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { readText } from '../project/files.ts'
import { parseManifest } from '../project/manifest.ts'
import { settings } from './inputs.ts'
import { isThere, unlessAbsent } from './place.ts'
import { levels } from './temporary.ts'

/**
 * @param copy the root of emptyProject()
 * @param files from inputsOf()
 * @param specs local folders and tarballs among them are copied too
 * @throws Error where a file cannot be read
 */
export async function copyProject(
  root: string,
  copy: string,
  files: readonly string[],
  specs: readonly string[],
): Promise<void> {
  for (const path of files) await copyInto(join(root, path), join(copy, path))
  const locals = [
    ...(await localDependencies(root, files)),
    ...specs.flatMap((spec) => (/^(?:file:|\.{0,2}\/|\.{1,2}$)/.test(spec) ? [resolve(root, bare(spec))] : [])),
  ]
  for (const local of new Set(locals)) await copyLocal(root, copy, local)
}

/** The settings that stand beside a manifest, without the manifest. */
export async function copySettings(from: string, to: string): Promise<void> {
  for (const name of settings) await copyInto(join(from, name), join(to, name))
}

async function localDependencies(root: string, files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of files) {
    if (basename(path) !== 'package.json') continue
    const { parsed } = parseManifest(await readText(root, path), path)
    for (const { kind, range } of parsed?.manifest.dependencies ?? [])
      if (kind === 'local') found.push(resolve(root, dirname(path), bare(range)))
  }
  return found
}

const bare = (spec: string): string => spec.replace(/^(?:file|link|portal):(?:\/\/(?=\/))?/, '')

/** A tarball whole, of a folder its manifest; where an absolute path leads, it leads from the copy too. */
async function copyLocal(root: string, copy: string, local: string): Promise<void> {
  const inside = relative(root, local)
  const to = join(copy, inside)
  if (isAbsolute(inside) || !to.startsWith(join(copy, ...levels.map(() => '..')) + sep)) return
  // One that is not there is the manager's to complain about.
  const entry = await unlessAbsent(stat(local), undefined)
  if (entry?.isFile()) await copyInto(local, to)
  else if (entry?.isDirectory()) await copyInto(join(local, 'package.json'), join(to, 'package.json'))
}

async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  // So is a folder without a manifest.
  if (await isThere(from)) await copyFile(from, to)
}
