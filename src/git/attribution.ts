// Whose object is this: which paths it stood at, which commit brought it, where it lives today. One walk over the
// history of all refs, begun before anybody knows which objects are wanted; what it leaves open is looked for in
// merges, stashes, notes, reflogs and unreachable commits. Of what matters in the end: how far it got.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { Life, Missed } from '../types.ts'
import type { Ahead } from './ahead.ts'
import { storedCommits } from './commits.ts'
import { Drafts, type Origin } from './drafts.ts'
import { HistoryWalk } from './history.ts'
import { history, type Reached, reachedBy } from './life.ts'
import { describe, type GitObject } from './objects.ts'
import { peelTags, type Ref, readRefs, stashEntries } from './refs.ts'
import type { Repository } from './repository.ts'
import { git, records } from './run.ts'
import { below, type Scope } from './scope.ts'
import { ahead, walk, walkOnly } from './walk.ts'

export type { Origin, Reached }
export type Attribution = Origin & Reached
export type Wanted = Pick<GitObject, 'oid' | 'type'>

export interface Attributed<T = Origin> {
  readonly of: ReadonlyMap<string, T>
  /** Parts of history that could not be walked: an object without an attribution may belong there. */
  readonly missed: readonly Missed[]
}

export interface Attributor {
  /**
   * Attributes each of the objects. One that nothing leads to is `unreachable`; one that only the index holds is
   * `worktree`; notes, commit and tag messages that a ref leads to are `history`. Where history is damaged, objects
   * that were not met before the damage are left out, for nobody knows where they belong. Of what is `staged`, or
   * HEAD's files alone (`head`), no history is walked: that has no `commit`. To be called once.
   * @param stored all commits of the object store, if the caller knows them
   */
  attribute(wanted: readonly Wanted[], stored?: readonly string[]): Promise<Attributed>
  /** How far those of the attributed got that matter. */
  reached(oids: Iterable<string>): Promise<Attributed<Reached>>
  /** Ends whatever still runs. */
  close(): void
}

export interface AttributionOptions {
  readonly scope?: Scope['kind']
  /** From cacheFolder(), where walks are remembered; undefined: nowhere. */
  readonly cache?: string | undefined
  /** Whether a path (latin1) may be written there. Where one may not, nothing is: it may be a secret itself. */
  readonly mayKeep?: (path: string) => boolean
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
): Promise<Attributed<Attribution>> {
  const attributor = prepareAttribution(repo, { scope, cache })
  try {
    const { of, missed } = await attributor.attribute((await describe(repo, oids)).objects)
    const reached = await attributor.reached(of.keys())
    const whole = [...of].map(([oid, origin]) => [oid, { ...origin, ...reached.of.get(oid) }] as const)
    return { of: new Map(whole), missed: [...missed, ...reached.missed] }
  } finally {
    attributor.close()
  }
}

class Search implements Attributor {
  private readonly repo: Repository
  private readonly isAll: boolean
  private readonly prefix: string
  private readonly cache: string | undefined
  private readonly mayKeep: (path: string) => boolean
  private readonly drafts: Drafts
  private readonly head: Ahead | undefined
  private readonly index: Ahead | undefined
  private readonly refs: Promise<readonly Ref[]> | undefined
  private readonly history: HistoryWalk | undefined
  private readonly missed: Missed[] = []

  constructor(repo: Repository, { scope = 'all', cache, mayKeep = () => true }: AttributionOptions) {
    this.repo = repo
    this.cache = cache
    this.mayKeep = mayKeep
    this.isAll = scope === 'all' && repo.prefix === ''
    this.prefix = Buffer.from(repo.prefix).toString('latin1')
    this.drafts = new Drafts(this.prefix)
    if (repo.head !== undefined) this.head = ahead(repo, treeOf(repo.head))
    if (repo.workTree !== undefined) this.index = ahead(repo, ['ls-files', '--stage', '-z', ...below(repo)])
    if (scope === 'staged' || scope === 'head') return
    this.history = new HistoryWalk(repo, cache, this.drafts)
    this.refs = readRefs(repo)
    // Whoever asks for them hears of it.
    this.refs.catch(() => {})
  }

  async attribute(wanted: readonly Wanted[], stored?: readonly string[]): Promise<Attributed> {
    for (const one of wanted) this.drafts.add(one)
    const { drafts, head, index, history, missed } = this
    if (wanted.length > 0) {
      if (head !== undefined) await this.attempt("HEAD's files", () => this.tree(head, 'head'))
      if (index !== undefined) await this.attempt('the index', () => this.staged(index))
      if (history !== undefined) await this.walked(history, stored)
    }
    // Before a look into all of history failed, "no commit holds it" would be a guess.
    const origins = drafts.origins(missed.length === 0 ? 'unreachable' : undefined)
    return { of: history === undefined ? withoutCommits(origins) : origins, missed: [...missed] }
  }

  async reached(oids: Iterable<string>): Promise<Attributed<Reached>> {
    if (this.refs === undefined) return { of: new Map(), missed: [] }
    const found = [...oids].map((oid) => [oid, this.drafts.of.get(oid)] as const)
    const wanted = new Map(found.flatMap(([oid, draft]) => (draft === undefined ? [] : [[oid, draft]])))
    const before = this.missed.length
    const { repo, prefix, refs } = this
    const paths = [...wanted.values()].flatMap(({ paths }) => [...paths])
    // Of a tree that is lost git says no more than that a path is not there: that is not to be believed once it is mended.
    const cache = before === 0 && paths.every(this.mayKeep) ? this.cache : undefined
    const of = await reachedBy({ repo, prefix, cache, refs }, wanted, (what, step) => this.attempt(what, step))
    return { of, missed: this.missed.slice(before) }
  }

  close(): void {
    for (const stream of [this.head, this.index, this.history]) stream?.stop()
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

  private async tree(stream: AsyncIterable<Buffer>, state: Life['state']): Promise<void> {
    for await (const entries of records(stream, '\0')) {
      for (const entry of entries) {
        const tab = entry.indexOf('\t')
        this.drafts.sighted(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab), entry.slice(tab + 1), state)
      }
    }
  }

  private async staged(stream: AsyncIterable<Buffer>): Promise<void> {
    for await (const entries of records(stream, '\0')) {
      for (const entry of entries) {
        const [, oid = ''] = entry.split(' ', 2)
        this.drafts.sighted(oid, entry.slice(entry.indexOf('\t') + 1), 'worktree')
      }
    }
  }

  private async walked(history: HistoryWalk, stored: readonly string[] | undefined): Promise<void> {
    await this.attempt('history', () => history.read())
    await this.attempt('tags', () => this.tags())
    const deep = this.drafts.isOpen()
    if (deep) {
      await Promise.all(this.deeper(history, stored).map(([what, step]) => this.attempt(what, step)))
      this.drafts.settle(history.changes, true)
    }
    if (this.isAll && this.missed.length === 0) await history.remember(deep, this.mayKeep)
  }

  /** Tags reach other tags, and may name a blob or a tree that no commit holds. */
  private async tags(): Promise<void> {
    if (![...this.drafts.of.values()].some(({ object, commit }) => object === 'tag' || commit === undefined)) return
    const { tags, blobs, trees } = await peelTags(this.repo, await this.refs!)
    for (const oid of [...tags, ...blobs]) this.drafts.met(oid, 'history')
    for (const tree of trees) await this.tree(git(this.repo, treeOf(tree)), 'history')
  }

  /** Where few objects come from, and what is asked only for them: side by side, for each asks something else. */
  private deeper(
    of: HistoryWalk,
    stored: readonly string[] | undefined,
  ): readonly (readonly [string, () => Promise<void>])[] {
    const { repo } = this
    const rest = ['--not', ...history]
    const merges = true
    const stashes = async () => {
      const from = await stashEntries(repo, await this.refs!)
      if (from.length > 0) await of.readMore([walk(repo, rest, { from, merges })], 'stash')
    }
    const notes = async () => {
      const isThere = (await this.refs!).some(({ name }) => name.startsWith('refs/notes/'))
      if (isThere) await of.readMore([walk(repo, ['--glob=refs/notes', ...rest], { merges })], 'note')
    }
    const reflogs = async () => {
      if (hasReflogs(repo)) await of.readMore([walk(repo, ['--reflog', '--not', '--all'], { merges })], 'reflog')
    }
    const unreachable = async () => {
      // Those of stashes, notes and reflogs as well: an easier way that leads there counts for more.
      const left = (stored ?? (await storedCommits(repo))).filter((oid) => !of.commits.has(oid))
      const half = Math.ceil(left.length / 2)
      // Matching is over: git has both processors.
      const halves = [left.slice(0, half), left.slice(half)].filter(({ length }) => length > 0)
      await of.readMore(
        halves.map((commits) => walkOnly(repo, commits, merges)),
        'unreachable',
      )
    }
    const movable = [['stashes', stashes] as const, ['notes', notes] as const, ['reflogs', reflogs] as const]
    if (of.isCaughtUp) return movable
    const merged = () => of.readMore([walkOnly(repo, of.merges, merges)], 'merge')
    return [['merges', merged], ...movable, ['unreachable commits', unreachable]]
  }
}

const treeOf = (treeish: string): readonly string[] => ['ls-tree', '-r', '-z', '--full-tree', treeish]

const withoutCommits = (origins: ReadonlyMap<string, Origin>): ReadonlyMap<string, Origin> =>
  new Map([...origins].map(([oid, { commit: _, ...origin }]) => [oid, origin]))

/** Asking git costs two processes. Where reflogs are kept in another way than in files, it is asked. */
function hasReflogs({ commonDir }: Repository): boolean {
  if (existsSync(join(commonDir, 'logs')) || existsSync(join(commonDir, 'reftable'))) return true
  const trees = join(commonDir, 'worktrees')
  return existsSync(trees) && readdirSync(trees).some((name) => existsSync(join(trees, name, 'logs')))
}
