// Files as a commit has them, read from the object store: nothing is checked out, and no filter of the repository runs.

import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import { commitNamed, query } from './query.ts'
import type { Repository } from './repository.ts'
import { collect } from './run.ts'
import { below } from './scope.ts'

/** Above it V8 could not hold the text. */
const maximumBytes = 256 * 2 ** 20

/**
 * The full id of the commit that a revision names. @param flag the option it came with, for the error.
 * @throws AuditError USAGE where there is none, GIT_FAILED
 */
export async function commitOf(repo: Repository, ref: string, flag = '--since'): Promise<string> {
  const oid = await commitNamed(repo, ref)
  if (oid !== undefined) return oid
  throw new AuditError('USAGE', `${flag} ${clean(ref)}: there is no such commit here`, {
    hint: 'name a branch, tag or commit that git rev-parse knows, or fetch it first',
  })
}

/** Regular files below the audited folder: path relative to it → object id. @throws AuditError GIT_FAILED */
export async function filesAt(repo: Repository, commit: string): Promise<ReadonlyMap<string, string>> {
  const listed = await collect(repo, ['ls-tree', '-r', '-z', '--full-tree', commit, ...below(repo)])
  const files = new Map<string, string>()
  for (const line of listed.toString('utf8').split('\0')) {
    // Links and submodules are no files of ours.
    const [, oid, path] = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    if (oid !== undefined && path !== undefined) files.set(path.slice(repo.prefix.length), oid)
  }
  return files
}

/**
 * The content of a file in a commit; undefined where it has none there. @param path relative to the audited folder.
 * @throws AuditError GIT_FAILED, also where the object is missing from a partial clone or larger than 256 MB
 */
export async function contentAt(repo: Repository, commit: string, path: string): Promise<Buffer | undefined> {
  const oid = (await filesAt(repo, commit)).get(path)
  return oid === undefined ? undefined : blobOf(repo, oid)
}

/** The bytes of a blob. @throws AuditError GIT_FAILED */
export async function blobOf(repo: Repository, oid: string): Promise<Buffer> {
  const size = Number(await query(repo, ['cat-file', '-s', oid]))
  if (!(size <= maximumBytes))
    throw new AuditError('GIT_FAILED', `the file is larger than ${maximumBytes / 2 ** 20} MB`, {
      hint: 'compare without it: leave --since out',
    })
  return collect(repo, ['cat-file', 'blob', oid])
}
