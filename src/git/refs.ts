// Where refs lead: the entries of the stash (only its newest is a ref, the older ones stand in its reflog), and what
// annotated tags name, through any number of tags.

import { describe, lines } from './objects.ts'
import { query } from './query.ts'
import { readObjects } from './read.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

/** Commits of all stash entries, newest first; each has its index and its untracked files as parents. */
export async function stashEntries(repo: Repository): Promise<readonly string[]> {
  const newest = await query(repo, ['rev-parse', '--verify', '--quiet', 'refs/stash'])
  if (newest === '') return []
  return [...new Set([newest, ...(await lines(git(repo, ['rev-list', '--walk-reflogs', 'refs/stash'])))])]
}

/** The object every ref names, unread: a ref to a lost object is listed too. */
export async function refIds(repo: Repository): Promise<readonly string[]> {
  return lines(git(repo, ['for-each-ref', '--format=%(objectname)']))
}

export interface Peeled {
  readonly tags: readonly string[]
  /** Blobs and trees that a ref or tag names itself. */
  readonly blobs: readonly string[]
  readonly trees: readonly string[]
}

export async function peelTags(repo: Repository, ids: readonly string[]): Promise<Peeled> {
  const peeled = { tags: new Set<string>(), blobs: [] as string[], trees: [] as string[] }
  for (let open = [...new Set(ids)]; open.length > 0; ) {
    const { objects, trees } = await describe(repo, open)
    peeled.blobs.push(...objects.filter(({ type }) => type === 'blob').map(({ oid }) => oid))
    peeled.trees.push(...trees)
    const tags = objects.filter(({ oid, type }) => type === 'tag' && !peeled.tags.has(oid))
    open = []
    await readObjects(repo, tags, ({ oid, data }) => {
      peeled.tags.add(oid)
      const target = /^object ([0-9a-f]{40,64})\n/.exec(data.toString('latin1', 0, 80))?.[1]
      if (target !== undefined) open.push(target)
    })
  }
  return { ...peeled, tags: [...peeled.tags] }
}
