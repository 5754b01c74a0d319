// What git says of the lockfiles. Only where the manifest beside one is somebody's source code too: in a folder
// that is ignored or was never added as a whole, a lockfile is no worse off than the rest.

import { posix } from 'node:path'
import { openRepository } from '../git/repository.ts'
import { git } from '../git/run.ts'
import type { FileInput } from './check.ts'

export type Tracked = NonNullable<FileInput['tracked']>

/**
 * State by path, for those lockfiles about which there is something to say; none in a folder without git.
 * @param root the audited folder, absolute. @param paths lockfiles, relative to it.
 * @throws AuditError GIT_FAILED
 */
export async function trackedStates(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, Tracked>> {
  const below = paths.filter((path) => !path.startsWith('../'))
  const repository = below.length === 0 ? undefined : await openRepository(root)
  if (!repository?.workTree) return new Map()
  const manifestOf = (path: string): string => posix.join(posix.dirname(path), 'package.json')
  const asked = [...new Set(below.flatMap((path) => [path, manifestOf(path)]))]
  const list = async (...options: readonly string[]): Promise<ReadonlySet<string>> => {
    const chunks: Buffer[] = []
    const names = asked.map((path) => repository.prefix + path)
    for await (const chunk of git(repository, ['ls-files', '-z', ...options, '--', ...names])) chunks.push(chunk)
    const found = Buffer.concat(chunks).toString('utf8').split('\0')
    return new Set(found.map((name) => name.slice(repository.prefix.length)))
  }
  const [tracked, ignored] = await Promise.all([list('--cached'), list('--others', '--ignored', '--exclude-standard')])
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
