// What git says of the lockfiles, and how far below its top the audited folder lies. Only where the manifest beside one
// is somebody's source code too: in a folder that is ignored or was never added as a whole, a lockfile is no worse off
// than the rest.

import { posix } from 'node:path'
import type { Repository } from '../git/repository.ts'
import { git } from '../git/run.ts'
import type { FileInput } from './check.ts'

export type Tracked = NonNullable<FileInput['tracked']>

export interface InGit {
  /** By path, for those lockfiles about which there is something to say. */
  readonly states: ReadonlyMap<string, Tracked>
  /** Folders between the repository's top and the audited one. */
  readonly above: number
}

export const withoutGit: InGit = { states: new Map(), above: 0 }

/** @param paths lockfiles, relative to the audited folder. @throws AuditError GIT_FAILED */
export async function inGit(repository: Repository | undefined, paths: readonly string[]): Promise<InGit> {
  if (!repository?.workTree) return withoutGit
  const above = repository.prefix.split('/').length - 1
  return { states: await statesOf(repository, paths), above }
}

async function statesOf(repository: Repository, paths: readonly string[]): Promise<InGit['states']> {
  const below = paths.filter((path) => !path.startsWith('../'))
  if (below.length === 0) return withoutGit.states
  const manifestOf = (path: string): string => posix.join(posix.dirname(path), 'package.json')
  const asked = [...new Set(below.flatMap((path) => [path, manifestOf(path)]))]
  const list = async (...options: readonly string[]): Promise<ReadonlySet<string>> => {
    const chunks: Buffer[] = []
    const names = asked.map((path) => repository.prefix + path)
    for await (const chunk of git(repository, ['ls-files', '-z', ...options, '--', ...names])) chunks.push(chunk)
    const found = Buffer.concat(chunks).toString('utf8').split('\0')
    return new Set(found.map((name) => name.slice(repository.prefix.length)))
  }
  const tracked = await list('--cached')
  // Mostly it has them all, and need not be asked whom it ignores.
  const hasAll = below.every((path) => tracked.has(path))
  const ignored = hasAll ? new Set() : await list('--others', '--ignored', '--exclude-standard')
  const stateOf = (path: string): Tracked | undefined => {
    if (tracked.has(path)) return 'tracked'
    if (ignored.has(path)) return ignored.has(manifestOf(path)) ? undefined : 'ignored'
    return tracked.has(manifestOf(path)) ? 'untracked' : undefined
  }
  return new Map(
    below.flatMap((path) => {
      const state = stateOf(path)
      return state === undefined ? [] : [[path, state] as const]
    }),
  )
}
