// How far an object got, of those few of which something is said: who brought it and who held it last, which branches
// and tags hold it at their tips, and whether a commit with it was pushed.

import type { Reach } from './changes.ts'
import { commitOf, type Draft } from './drafts.ts'
import { lines } from './objects.ts'
import { readObjects } from './read.ts'
import type { Ref } from './refs.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'
import { tipsHolding } from './tips.ts'

export interface Signature {
  readonly oid: string
  /** `Name <email>` as the object holds it, one latin1 character a byte: outside text, to be masked by the caller. */
  readonly author: string
  /** ISO 8601, in UTC */
  readonly date: string
}

/** What is asked only for objects of which something is said. */
export interface Reached {
  /** Of the commit that brought it, or of the message. */
  readonly first?: Signature
  /** Of what is gone from HEAD: the parent of the newest commit that took it away from a path. */
  readonly last?: Signature
  /** Names of branches and tags whose tip holds it, latin1; absent where that was too much to ask. */
  readonly tips?: readonly string[]
  /** Whether a remote-tracking ref leads to a commit that brought it; absent where there is none of either. */
  readonly pushed?: boolean
}

export interface Place {
  readonly repo: Repository
  /** Of the audited folder, latin1. */
  readonly prefix: string
  /** Where tips are remembered. */
  readonly cache: string | undefined
  readonly refs: Promise<readonly Ref[]>
}

type Attempt = (what: string, step: () => Promise<void>) => Promise<void>

/** @param wanted attributed objects by id. @param attempt takes what fails: the rest is told */
export async function reachedBy(
  { repo, prefix, cache, refs }: Place,
  wanted: ReadonlyMap<string, Draft>,
  attempt: Attempt,
): Promise<ReadonlyMap<string, Reached>> {
  const of = new Map<string, Reached>([...wanted.keys()].map((oid) => [oid, {}]))
  if (wanted.size === 0) return of
  const tell = (oid: string, more: Reached) => of.set(oid, { ...of.get(oid), ...more })
  const authors = async () => {
    const commits = [...wanted].flatMap(([oid, draft]) => [commitOf(oid, draft), lastOf(draft)])
    const known = await signatures(repo, new Set(commits.filter((oid) => oid !== undefined)))
    for (const [oid, draft] of wanted) {
      const [first, last] = [known.get(commitOf(oid, draft) ?? ''), known.get(lastOf(draft) ?? '')]
      tell(oid, { ...(first && { first }), ...(last && { last }) })
    }
  }
  const tips = async () => {
    const blobs = [...wanted].filter(([, { object, paths }]) => object === 'blob' && paths.size > 0)
    const full = (paths: ReadonlySet<string>) => new Set([...paths].map((path) => prefix + path))
    const paths = new Map(blobs.map(([oid, { paths }]) => [oid, full(paths)]))
    const held = await tipsHolding(repo, await refs, paths, cache)
    if (held !== undefined) for (const [oid] of blobs) tell(oid, { tips: held.get(oid) ?? [] })
  }
  const pushed = async () => {
    if (!(await refs).some(({ name }) => name.startsWith('refs/remotes/'))) return
    const brought = [...wanted].filter(([, { object, commits }]) => object !== 'tag' && commits.length > 0)
    const branched = ({ commits }: Draft) => commits.flatMap(({ reach, oid }) => (isBranched(reach) ? [oid] : []))
    const local = await localOnly(repo, new Set(brought.flatMap(([, draft]) => branched(draft))))
    for (const [oid, draft] of brought) tell(oid, { pushed: branched(draft).some((commit) => !local.has(commit)) })
  }
  await Promise.all([attempt('authors', authors), attempt('tips', tips), attempt('remotes', pushed)])
  return of
}

const lastOf = ({ state, removedBy }: Draft): string | undefined =>
  state === 'history' ? removedBy?.parent : undefined

/** What no branch or tag of ours leads to, none of a remote does: these are refs, too. */
const isBranched = (reach: Reach): boolean => reach === 'history' || reach === 'merge'

/** Who wrote the commits and tags, and when; one that cannot be read, or does not say, is absent. */
async function signatures(repo: Repository, oids: ReadonlySet<string>): Promise<ReadonlyMap<string, Signature>> {
  const found = new Map<string, Signature>()
  const objects = [...oids].map((oid) => ({ oid, type: 'commit' as const, size: 0 }))
  await readObjects(repo, objects, ({ oid, data }) => {
    const end = data.indexOf('\n\n')
    const header = data.toString('latin1', 0, end === -1 ? data.length : end)
    const match = /^(?:author|tagger) (.*?) (-?\d{1,14}) [+-]\d{4}$/m.exec(header)
    if (match === null) return
    const time = new Date(Number(match[2]) * 1000)
    const date = Number.isNaN(time.getTime()) ? new Date(0) : time
    found.set(oid, { oid, author: match[1]!, date: date.toISOString() })
  })
  return found
}

/** Of commits that branches, tags and HEAD lead to, those that no remote-tracking ref leads to. */
async function localOnly(repo: Repository, commits: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const listed = await lines(git(repo, ['rev-list', ...history, '--not', '--remotes']))
  const local = new Set(listed.filter((oid) => commits.has(oid)))
  if (local.size === 0) return local
  // Where clocks went backwards, that names commits which a remote's ref does lead to.
  for (const oid of await lines(git(repo, ['rev-list', '--remotes']))) local.delete(oid)
  return local
}

/** What counts as history: all refs and HEAD (of every work tree), but for stash and notes. */
export const history = ['--exclude=refs/stash', '--exclude=refs/notes/*', '--all'] as const
