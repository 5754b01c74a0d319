// Where refs lead: the entries of the stash (only its newest is a ref, the older ones stand in its reflog), and what
// annotated tags name, through any number of tags.

import { AuditError } from '../errors.ts'
import { describe, lines } from './objects.ts'
import { readObjects } from './read.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'

export interface Ref {
  /** In full, latin1. */
  readonly name: string
  readonly oid: string
  readonly type: string
  /** What an annotated tag names itself, perhaps another one; absent for anything else, and where it was not asked. */
  readonly target?: { readonly oid: string; readonly type: string }
}

/** All refs; one to a lost object is left out. @throws AuditError GIT_FAILED */
export async function readRefs(repo: Repository): Promise<readonly Ref[]> {
  try {
    const format = '--format=%(objectname) %(objecttype) %(object) %(type) %(refname)'
    return (await lines(git(repo, ['for-each-ref', format]))).map((line) => {
      const [oid = '', type = '', targetOid = '', targetType = '', name = ''] = line.split(' ')
      const target = targetOid === '' ? undefined : { oid: targetOid, type: targetType }
      return { name, oid, type, ...(target && { target }) }
    })
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    // One ref to a lost object ends that command.
    const named = (await lines(git(repo, ['for-each-ref', '--format=%(objectname) %(refname)']))).map((line) => {
      const [oid = '', name = ''] = line.split(' ')
      return { oid, name }
    })
    const { objects, trees } = await describe(repo, new Set(named.map(({ oid }) => oid)))
    const types = new Map<string, string>(objects.map(({ oid, type }) => [oid, type]))
    for (const tree of trees) types.set(tree, 'tree')
    return named.flatMap(({ oid, name }) => (types.has(oid) ? [{ oid, name, type: types.get(oid)! }] : []))
  }
}

export const stash = 'refs/stash'

/** Commits of all stash entries, newest first; each has its index and its untracked files as parents. */
export async function stashEntries(repo: Repository, refs: readonly Ref[]): Promise<readonly string[]> {
  const newest = refs.find(({ name }) => name === stash)
  if (newest === undefined) return []
  // In a bare repository, a file of that name is there, too.
  return [...new Set([newest.oid, ...(await lines(git(repo, ['rev-list', '--walk-reflogs', stash, '--'])))])]
}

export interface Peeled {
  readonly tags: readonly string[]
  /** Blobs and trees that a ref or tag names itself. */
  readonly blobs: readonly string[]
  readonly trees: readonly string[]
}

/** Whatever refs name but commits and what commits hold. */
export async function peelTags(repo: Repository, refs: readonly Ref[]): Promise<Peeled> {
  const named = (wanted: string) => refs.flatMap(({ oid, type }) => (type === wanted ? [oid] : []))
  const peeled = { tags: new Set<string>(), blobs: named('blob'), trees: named('tree') }
  const nested: string[] = []
  for (const { oid, type, target } of refs) {
    if (target?.type === 'commit') peeled.tags.add(oid)
    else if (type === 'tag') nested.push(oid)
  }
  for (let open = [...new Set(nested)]; open.length > 0; ) {
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
