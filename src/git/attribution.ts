// Whose object is this: which paths it stood at, which commit brought it, where it lives today. One walk over the
// history of all refs, begun before anybody knows which objects are wanted; what it leaves open is looked for in
// merges, stashes, notes, reflogs and unreachable commits.

import { isDeepStrictEqual } from 'node:util'
import { reasonOf } from '../errors.ts'
import type { Life, Missed } from '../types.ts'
import type { Ahead } from './ahead.ts'
import { type CatchUp, catchUp } from './catch-up.ts'
import {
  type Change,
  Changes,
  type Commit,
  type Reach,
  type ReadInto,
  reaches,
  readChanges,
  wantedOf,
} from './changes.ts'
import { storedCommits } from './commits.ts'
import { type Held, heldBy } from './held.ts'
import { history, localOnly, type Signature, signatures, tipsHolding } from './life.ts'
import { describe, type GitObject, lines } from './objects.ts'
import { peelTags, type Ref, readRefs, stashEntries } from './refs.ts'
import type { Repository } from './repository.ts'
import { git, records } from './run.ts'
import { below, type Scope } from './scope.ts'
import { ahead, walk, walkOnly } from './walk.ts'
import { recallWalk, rememberWalk } from './walk-memory.ts'

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

export interface Attributed {
  readonly of: ReadonlyMap<string, Origin>
  /** Parts of history that could not be walked: an object without an attribution may belong there. */
  readonly missed: readonly Missed[]
}

/** What is asked only for objects of which something is said. */
export interface Reached {
  /** Of the attribution's commit. */
  readonly first?: Signature
  /** Of what is gone from HEAD: the parent of the newest commit that took it away from a path. */
  readonly last?: Signature
  /** Names of branches and tags whose tip holds it, latin1; absent where that was too much to ask. */
  readonly tips?: readonly string[]
  /** Whether a remote-tracking ref leads to a commit that brought it; absent where there is none of either. */
  readonly pushed?: boolean
}

export interface Attributor {
  /**
   * Attributes each of the objects. One that nothing leads to is `unreachable`; one that only the index holds is
   * `worktree`; notes, commit and tag messages that a ref leads to are `history`. Where history is damaged, objects
   * that were not met before the damage are left out, for nobody knows where they belong. Of what is `staged`, or
   * HEAD's files alone (`head`), no history is walked: that has no `commit`. To be called once.
   */
  attribute(wanted: readonly Wanted[]): Promise<Attributed>
  /** How far those of the attributed got that matter. @returns by id; and what could not be told */
  reached(oids: Iterable<string>): Promise<{ of: ReadonlyMap<string, Reached>; missed: readonly Missed[] }>
  /** Ends whatever still runs. */
  close(): void
}

export type Attribution = Origin & Reached

export type Wanted = Pick<GitObject, 'oid' | 'type'>

export interface AttributionOptions {
  readonly scope?: Scope['kind']
  /** From cacheFolder(), where walks are remembered; undefined: nowhere. */
  readonly cache?: string | undefined
}

/** Begins to walk; close() must follow. */
export const prepareAttribution = (repo: Repository, options: AttributionOptions = {}): Attributor =>
  new Search(repo, options)

/** The same in one call, with how far each object got. */
export async function attribute(
  repo: Repository,
  oids: ReadonlySet<string>,
  scope: Scope['kind'] = 'all',
  cache?: string,
): Promise<{ of: ReadonlyMap<string, Attribution>; missed: readonly Missed[] }> {
  const attributor = prepareAttribution(repo, { scope, cache })
  try {
    const { of, missed } = await attributor.attribute((await describe(repo, oids)).objects)
    const reached = await attributor.reached(of.keys())
    return {
      of: new Map([...of].map(([oid, found]) => [oid, { ...found, ...reached.of.get(oid) }])),
      missed: [...missed, ...reached.missed],
    }
  } finally {
    attributor.close()
  }
}

interface Draft {
  object: Origin['object']
  readonly paths: Set<string>
  state?: Life['state']
  commit?: Commit
  /** All that brought it. */
  commits: ReadonlySet<Commit>
  /** The newest that took it away. */
  removedBy?: Commit
}

interface Begun {
  /** All of history; absent where only what is new of it is walked. */
  readonly walked?: Ahead
  readonly caught?: CatchUp
  /** Absent where nothing will be remembered. */
  readonly tips?: readonly string[]
  readonly held?: Held | undefined
}

/** Objects nobody asks for any more are kept until they are as many. */
const [mostMore, leastMore] = [2, 1000]

class Search implements Attributor {
  private readonly repo: Repository
  private readonly prefix: string
  private readonly digits: number
  private readonly drafts = new Map<string, Draft>()
  private changes = new Changes()
  private readonly merges: string[] = []
  private readonly running: Ahead[] = []
  private readonly head: Ahead | undefined
  private readonly index: Ahead | undefined
  private readonly refs: Promise<readonly Ref[]> | undefined
  private readonly begun: Promise<Begun> | undefined
  private readonly scope: Scope['kind']
  private readonly cache: string | undefined
  private caughtUp: CatchUp | undefined
  private deep = false
  private closed = false
  private missed: Missed[] = []

  constructor(repo: Repository, { scope = 'all', cache }: AttributionOptions) {
    this.repo = repo
    this.scope = scope
    this.cache = cache
    this.prefix = Buffer.from(repo.prefix).toString('latin1')
    this.digits = repo.objectFormat === 'sha1' ? 40 : 64
    if (repo.head !== undefined) this.head = this.started(ahead(repo, treeOf(repo.head)))
    if (repo.workTree !== undefined)
      this.index = this.started(ahead(repo, ['ls-files', '--stage', '-z', ...below(repo)]))
    if (scope === 'staged' || scope === 'head') return
    this.begun = this.begin()
    this.refs = readRefs(repo)
    // Whoever asks for them hears of it.
    this.begun.catch(() => {})
    this.refs.catch(() => {})
  }

  private async begin(): Promise<Begun> {
    const { repo, cache } = this
    if (cache === undefined) return { walked: this.started(walk(repo, history)) }
    const tips = await lines(git(repo, ['rev-list', '--no-walk=unsorted', ...history]))
    // After the tips: whatever they lead to is among it.
    const held = heldBy(repo)
    const remembered = held && recallWalk(cache, repo)
    if (held === undefined || remembered === undefined)
      return { tips, held, walked: this.started(walk(repo, [], { from: tips })) }
    const caught = catchUp(repo, remembered, tips, held)
    for (const stream of caught.running) this.started(stream)
    return { tips, held, caught }
  }

  async attribute(wanted: readonly Wanted[]): Promise<Attributed> {
    for (const { oid, type } of wanted)
      this.drafts.set(oid, {
        object: type === 'commit' ? 'commit-message' : type,
        paths: new Set(),
        commits: new Set(),
      })
    if (this.drafts.size === 0) return this.result()
    const { head, index, begun } = this
    if (head !== undefined) await this.attempt("HEAD's files", () => this.tree(head, 'head'))
    if (index !== undefined) await this.attempt('the index', () => this.staged(index))
    if (begun === undefined) return this.result()
    await this.attempt('history', () => this.walk(begun))
    await this.attempt('tags', () => this.tags())
    if (this.isOpen()) await this.deepen()
    await this.remember()
    return this.result()
  }

  async reached(oids: Iterable<string>): Promise<{ of: ReadonlyMap<string, Reached>; missed: readonly Missed[] }> {
    const wanted = new Map([...oids].flatMap((oid) => (this.drafts.has(oid) ? [[oid, this.drafts.get(oid)!]] : [])))
    const of = new Map<string, Reached>([...wanted.keys()].map((oid) => [oid, {}]))
    const before = this.missed
    this.missed = []
    if (this.refs !== undefined && wanted.size > 0)
      await Promise.all([
        this.attempt('authors', () => this.authors(wanted, of)),
        this.attempt('tips', () => this.tips(wanted, of)),
        this.attempt('remotes', () => this.pushed(wanted, of)),
      ])
    const { missed } = this
    this.missed = before
    return { of, missed }
  }

  close(): void {
    this.closed = true
    for (const stream of this.running) stream.stop()
  }

  private started(stream: Ahead): Ahead {
    this.running.push(stream)
    if (this.closed) stream.stop()
    return stream
  }

  /** A damaged part of the repository costs that part, not the rest. */
  private async attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      const next = 'run git fsck --full, then fetch or restore what it names'
      this.missed.push({ what: `attribution by ${what}`, why: reasonOf(error), next })
    }
  }

  private async walk(begun: Promise<Begun>): Promise<void> {
    const { caught, walked } = await begun
    const changes = await caught?.read(new Set(this.drafts.keys())).catch(() => undefined)
    if (caught === undefined || changes === undefined) return this.walkAll(walked)
    this.changes = changes
    this.caughtUp = caught
    this.settle()
    // What an earlier walk did not look into is looked into now, if it matters.
    const asked = new Set(caught.remembered.wanted)
    if (!caught.remembered.deep && this.isOpen((oid) => asked.has(oid))) return this.walkAll(undefined)
  }

  private async walkAll(walked = this.started(walk(this.repo, history))): Promise<void> {
    this.changes = new Changes()
    this.caughtUp = undefined
    await this.read(walked, 'history', (oid) => this.merges.push(oid))
    this.settle()
  }

  private async remember(): Promise<void> {
    const { tips, held } = await this.begun!
    const { cache, caughtUp, drafts, changes } = this
    if (cache === undefined || tips === undefined || held === undefined || this.missed.length > 0) return
    const before = caughtUp?.remembered
    const asked = [...new Set([...drafts.keys(), ...(before?.wanted ?? [])])]
    // What was asked for long ago may be gone, and what is asked for below a folder or since a commit is not all.
    const isAll = this.scope === 'all' && this.prefix === ''
    const wanted = isAll && asked.length > mostMore * drafts.size + leastMore ? [...drafts.keys()] : asked
    if (!isAll && before === undefined) return
    if (before !== undefined && isDeepStrictEqual([before.tips, before.held, before.wanted], [tips, held, wanted]))
      return
    rememberWalk(cache, this.repo, { tips, held, wanted, deep: this.deep || before?.deep === true, changes })
  }

  private async tree(stream: AsyncIterable<Buffer>, state: Life['state']): Promise<void> {
    for await (const entries of records(stream, '\0')) {
      for (const entry of entries) {
        const tab = entry.indexOf('\t')
        this.sighted(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab), entry.slice(tab + 1), state)
      }
    }
  }

  private async staged(stream: AsyncIterable<Buffer>): Promise<void> {
    for await (const entries of records(stream, '\0')) {
      for (const entry of entries) {
        const [, oid = ''] = entry.split(' ', 2)
        this.sighted(oid, entry.slice(entry.indexOf('\t') + 1), 'worktree')
      }
    }
  }

  private read(stream: AsyncIterable<Buffer>, reach: Reach, merge?: ReadInto['merge']): Promise<void> {
    const { changes, digits } = this
    const wanted = wantedOf(this.drafts, digits)
    return readChanges(stream, { wanted, digits, reach, changes, ...(merge && { merge }) })
  }

  /** Tags reach other tags, and may name a blob or a tree that no commit holds. */
  private async tags(): Promise<void> {
    if (![...this.drafts.values()].some(({ object, commit }) => object === 'tag' || commit === undefined)) return
    const { tags, blobs, trees } = await peelTags(this.repo, await this.refs!)
    for (const oid of [...tags, ...blobs]) this.met(oid, 'history')
    for (const tree of trees) await this.tree(git(this.repo, treeOf(tree)), 'history')
  }

  /** Some blob has no commit yet, or some message no state. */
  private isOpen(asked: (oid: string) => boolean = () => true): boolean {
    for (const [oid, { object, commit, state }] of this.drafts)
      if (!asked(oid)) continue
      else if (object === 'blob' ? commit === undefined : object !== 'tag' && state === undefined) return true
    return false
  }

  /** Where few objects come from, and what is asked only for them: side by side, for each asks something else. */
  private async deepen(): Promise<void> {
    const { repo } = this
    const rest = ['--not', ...history]
    const merged = { merges: true }
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['merges', () => this.read(this.started(walkOnly(repo, this.merges, true)), 'merge')],
      [
        'stashes',
        async () => {
          const from = await stashEntries(repo, await this.refs!)
          if (from.length > 0) await this.read(this.started(walk(repo, rest, { from, ...merged })), 'stash')
        },
      ],
      [
        'notes',
        async () => {
          if (!(await this.refs!).some(({ name }) => name.startsWith('refs/notes/'))) return
          await this.read(this.started(walk(repo, ['--glob=refs/notes', ...rest], merged)), 'note')
        },
      ],
      ['reflogs', () => this.read(this.started(walk(repo, ['--reflog', '--not', '--all'], merged)), 'reflog')],
      [
        'unreachable commits',
        async () => {
          const from = await storedCommits(repo)
          const args = ['--ignore-missing', '--not', '--all', '--reflog']
          await this.read(this.started(walk(repo, args, { from, ...merged })), 'unreachable')
        },
      ],
    ]
    // The first and the last are remembered.
    const needed = this.caughtUp === undefined ? steps : steps.slice(1, -1)
    await Promise.all(needed.map(([what, step]) => this.attempt(what, step)))
    this.deep ||= this.caughtUp === undefined
    this.settle(true)
  }

  /**
   * What the commits read so far say of each object; those that are reached most easily are believed.
   * @param all unreachable ones, too: what an earlier run found unreachable, stash or reflogs may lead to
   */
  private settle(all = false): void {
    for (const [oid, draft] of this.drafts) {
      const own = this.changes.commits.get(oid)
      if (own !== undefined && (all || own.reach !== 'unreachable')) {
        draft.commits = new Set([own])
        this.met(oid, stateOf[own.reach])
      }
      if (draft.object !== 'blob' && draft.object !== 'note') continue
      const changes = this.changes.of.get(oid) ?? []
      const brought = easiest(changes.filter(({ took, commit }) => !took && (all || commit.reach !== 'unreachable')))
      if (brought.length === 0) continue
      draft.commits = new Set(brought.map(({ commit }) => commit))
      draft.commit = [...draft.commits].reduce((a, b) => (isOlder(a, b) ? a : b))
      if (draft.commit.reach === 'note') draft.object = 'note'
      for (const { path } of brought) this.sighted(oid, path, stateOf[draft.commit.reach])
      for (const { commit, took } of changes)
        if (took && commit.reach === 'history' && (draft.removedBy === undefined || isOlder(draft.removedBy, commit)))
          draft.removedBy = commit
    }
  }

  private sighted(oid: string, path: string, state: Life['state']): void {
    const draft = this.drafts.get(oid)
    if (draft === undefined) return
    if (path.startsWith(this.prefix)) draft.paths.add(path.slice(this.prefix.length))
    this.met(oid, state)
  }

  /** An object lives where it is easiest to reach. */
  private met(oid: string, state: Life['state']): void {
    const draft = this.drafts.get(oid)
    if (draft !== undefined && (draft.state === undefined || rank[state] < rank[draft.state])) draft.state = state
  }

  private result(): Attributed {
    const of = new Map<string, Origin>()
    // Before a look into all of history failed, "no commit holds it" would be a guess.
    const rest = this.missed.length === 0 ? 'unreachable' : undefined
    for (const [oid, { object, paths, state = rest, commit }] of this.drafts) {
      if (state === undefined) continue
      const of_ = object === 'commit-message' || object === 'tag' ? oid : commit?.oid
      of.set(oid, {
        object,
        paths: object === 'blob' ? [...paths] : [],
        state,
        ...(of_ !== undefined && this.begun !== undefined && { commit: of_ }),
      })
    }
    return { of, missed: this.missed }
  }

  private async authors(wanted: ReadonlyMap<string, Draft>, of: Map<string, Reached>): Promise<void> {
    const { of: attributed } = this.result()
    const lastOf = ({ state, removedBy }: Draft) => (state === 'history' ? removedBy?.parent : undefined)
    const commits = [...wanted].flatMap(([oid, draft]) => [attributed.get(oid)?.commit, lastOf(draft)])
    const known = await signatures(this.repo, new Set(commits.filter((oid) => oid !== undefined)))
    for (const [oid, draft] of wanted) {
      const [first, last] = [known.get(attributed.get(oid)?.commit ?? ''), known.get(lastOf(draft) ?? '')]
      of.set(oid, { ...of.get(oid), ...(first && { first }), ...(last && { last }) })
    }
  }

  private async tips(wanted: ReadonlyMap<string, Draft>, of: Map<string, Reached>): Promise<void> {
    const blobs = [...wanted].filter(([, { object, paths }]) => object === 'blob' && paths.size > 0)
    const full = (paths: ReadonlySet<string>) => new Set([...paths].map((path) => this.prefix + path))
    const paths = new Map(blobs.map(([oid, { paths }]) => [oid, full(paths)]))
    const held = await tipsHolding(this.repo, await this.refs!, paths)
    if (held !== undefined) for (const [oid] of blobs) of.set(oid, { ...of.get(oid), tips: held.get(oid) ?? [] })
  }

  private async pushed(wanted: ReadonlyMap<string, Draft>, of: Map<string, Reached>): Promise<void> {
    const local = await localOnly(this.repo, await this.refs!)
    if (local === undefined) return
    for (const [oid, { object, commits }] of wanted) {
      if (object === 'tag' || commits.size === 0) continue
      // What no branch leads to, none of a remote does.
      const isPushed = ({ reach, oid }: Commit) => stateOf[reach] === 'history' && reach !== 'note' && !local.has(oid)
      of.set(oid, { ...of.get(oid), pushed: [...commits].some(isPushed) })
    }
  }
}

const treeOf = (treeish: string): readonly string[] => ['ls-tree', '-r', '-z', '--full-tree', treeish]

const rank = { head: 0, history: 1, worktree: 2, stash: 3, unreachable: 4 } satisfies Record<Life['state'], number>

const stateOf = {
  history: 'history',
  merge: 'history',
  stash: 'stash',
  note: 'history',
  reflog: 'unreachable',
  unreachable: 'unreachable',
} as const satisfies Record<Reach, Life['state']>

function easiest(changes: readonly Change[]): readonly Change[] {
  const of = ({ commit }: Change) => reaches.indexOf(commit.reach)
  const best = Math.min(...changes.map(of))
  return changes.filter((change) => of(change) === best)
}

/** By the time of the commit. Where two are of the same second, by id: any order will do, if only it is always the same. */
const isOlder = (a: Commit, b: Commit): boolean => (a.time === b.time ? a.oid < b.oid : a.time < b.time)
