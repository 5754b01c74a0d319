// What is known of each wanted object so far, from wherever it was seen: paths, the commits that brought it and took it
// away, and the easiest way that leads to it.

import type { Life } from '../types.ts'
import { type Change, type Changes, type Commit, type Reach, reaches } from './changes.ts'
import type { GitObject } from './objects.ts'

export interface Origin {
  readonly object: 'blob' | 'commit-message' | 'tag' | 'note'
  /**
   * Distinct, one latin1 character a byte, below the audited folder and relative to it. Commits, tags and notes
   * have none; so have blobs that no tree names.
   */
  readonly paths: readonly string[]
  readonly state: Life['state']
  /** The oldest commit that brought it; the commit or tag itself for a message. Absent where no commit holds it. */
  readonly commit?: string
}

export interface Draft {
  object: Origin['object']
  readonly paths: Set<string>
  state?: Life['state']
  /** The oldest that brought it. */
  commit?: Commit
  /** All that brought it. */
  commits: readonly Commit[]
  /** The newest that took it away. */
  removedBy?: Commit
}

export class Drafts {
  readonly of = new Map<string, Draft>()
  private readonly prefix: string

  /** @param prefix of the audited folder, latin1 */
  constructor(prefix: string) {
    this.prefix = prefix
  }

  add({ oid, type }: Pick<GitObject, 'oid' | 'type'>): void {
    this.of.set(oid, { object: type === 'commit' ? 'commit-message' : type, paths: new Set(), commits: [] })
  }

  sighted(oid: string, path: string, state: Life['state']): void {
    const draft = this.of.get(oid)
    if (draft === undefined) return
    if (path.startsWith(this.prefix)) draft.paths.add(path.slice(this.prefix.length))
    this.met(oid, state)
  }

  /** An object lives where it is easiest to reach. */
  met(oid: string, state: Life['state']): void {
    const draft = this.of.get(oid)
    if (draft !== undefined && (draft.state === undefined || rank[state] < rank[draft.state])) draft.state = state
  }

  /** Some blob has no commit yet, or some message no state. @param asked leaves out the others */
  isOpen(asked: (oid: string) => boolean = () => true): boolean {
    for (const [oid, draft] of this.of) if (isOpen(draft) && asked(oid)) return true
    return false
  }

  /**
   * What the commits read so far say of objects that are open; those that are reached most easily are believed.
   * @param all unreachable ones, too: what an earlier run found unreachable, stash or reflogs may lead to
   */
  settle(changes: Changes, all: boolean): void {
    const counts = ({ reach }: Commit) => all || reach !== 'unreachable'
    for (const [oid, draft] of this.of) {
      if (!isOpen(draft) && draft.object !== 'commit-message') continue
      const own = changes.commits.get(oid)
      if (own !== undefined && counts(own)) {
        draft.commits = [own]
        this.met(oid, stateOf[own.reach])
      }
      if (draft.object !== 'blob') continue
      const told = changes.of.get(oid) ?? []
      const brought = easiest(told.filter(({ took, commit }) => !took && counts(commit)))
      if (brought.length === 0) continue
      draft.commits = brought.map(({ commit }) => commit)
      draft.commit = draft.commits.reduce((a, b) => (isOlder(b, a) ? b : a))
      const { reach } = draft.commit
      if (reach === 'note') draft.object = 'note'
      for (const { path } of brought) this.sighted(oid, path, stateOf[reach])
      for (const { commit, took } of told)
        if (took && commit.reach === 'history' && (draft.removedBy === undefined || isOlder(draft.removedBy, commit)))
          draft.removedBy = commit
    }
  }

  /** @param rest of what was met nowhere; undefined leaves it out */
  origins(rest: Life['state'] | undefined): ReadonlyMap<string, Origin> {
    const origins = new Map<string, Origin>()
    for (const [oid, draft] of this.of) {
      const { object, paths, state = rest } = draft
      const commit = commitOf(oid, draft)
      if (state !== undefined)
        origins.set(oid, { object, paths: object === 'blob' ? [...paths] : [], state, ...(commit && { commit }) })
    }
    return origins
  }
}

/** The oldest that brought it; the commit or tag itself for a message. */
export const commitOf = (oid: string, { object, commit }: Draft): string | undefined =>
  object === 'commit-message' || object === 'tag' ? oid : commit?.oid

// A tag is met by its ref, or by nothing.
const isOpen = ({ object, commit, state }: Draft): boolean =>
  object === 'blob' ? commit === undefined : object === 'commit-message' && state === undefined

const rank = { head: 0, history: 1, worktree: 2, stash: 3, unreachable: 4 } satisfies Record<Life['state'], number>

/** Where an object lives that a commit of this kind brought. */
const stateOf = {
  history: 'history',
  merge: 'history',
  stash: 'stash',
  note: 'history',
  reflog: 'unreachable',
  unreachable: 'unreachable',
} as const satisfies Record<Reach, Life['state']>

function easiest(changes: readonly Change[]): readonly Change[] {
  if (changes.length < 2) return changes
  const of = ({ commit }: Change) => reaches.indexOf(commit.reach)
  const best = Math.min(...changes.map(of))
  return changes.filter((change) => of(change) === best)
}

/** By the time of the commit. Where two are of the same second, by id: any order will do, if only it is always the same. */
const isOlder = (a: Commit, b: Commit): boolean => (a.time === b.time ? a.oid < b.oid : a.time < b.time)
