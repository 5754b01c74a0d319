// The walk over a repository's history, begun before anybody knows which objects are wanted. Where an earlier walk is
// remembered, only what came or left since.

import { isDeepStrictEqual } from 'node:util'
import { AuditError } from '../errors.ts'
import type { Ahead } from './ahead.ts'
import { type CatchUp, catchUp } from './catch-up.ts'
import { Changes, type Reach, type ReadInto, readChanges, wantedOf } from './changes.ts'
import type { Drafts } from './drafts.ts'
import { type Held, heldBy } from './held.ts'
import { history } from './life.ts'
import { lines } from './objects.ts'
import type { Repository } from './repository.ts'
import { git } from './run.ts'
import { walk } from './walk.ts'
import { recallWalk, rememberWalk } from './walk-memory.ts'

interface Begun {
  /** All of history; absent where only what is new of it is walked. */
  readonly walked?: Ahead
  readonly caught?: CatchUp
  /** Absent where nothing will be remembered. */
  readonly tips?: readonly string[]
  readonly held?: Held | undefined
}

export class HistoryWalk {
  /** What is known of the wanted objects. */
  changes = new Changes()
  /** Of a walk over all of history; of a remembered one both have been looked into. */
  readonly commits = new Set<string>()
  readonly merges: string[] = []
  private readonly repo: Repository
  private readonly cache: string | undefined
  private readonly drafts: Drafts
  private readonly digits: number
  private readonly running: Ahead[] = []
  private readonly begun: Promise<Begun>
  private caught: CatchUp | undefined
  private stopped = false

  /** @param cache from cacheFolder(); undefined: nothing is remembered */
  constructor(repo: Repository, cache: string | undefined, drafts: Drafts) {
    this.repo = repo
    this.cache = cache
    this.drafts = drafts
    this.digits = repo.objectFormat === 'sha1' ? 40 : 64
    this.begun = this.begin()
    // Whoever reads hears of it.
    this.begun.catch(() => {})
  }

  /** Whether merges and unreachable commits are part of what was remembered. */
  get isCaughtUp(): boolean {
    return this.caught !== undefined
  }

  /** @throws AuditError GIT_FAILED where history is damaged */
  async read(): Promise<void> {
    const { caught, walked } = await this.begun
    const changes = await caught?.read(new Set(this.drafts.of.keys())).catch(walkInstead)
    if (caught === undefined || changes === undefined) return this.readAll(walked)
    this.changes = changes
    this.caught = caught
    this.drafts.settle(changes, false)
    // What an earlier walk did not look into is looked into now, if it matters.
    const asked = new Set(caught.remembered.wanted)
    if (!caught.remembered.deep && this.drafts.isOpen((oid) => asked.has(oid))) await this.readAll(undefined)
  }

  /** Reads what other commits did to the same objects, one stream after the other. */
  async readMore(streams: readonly Ahead[], reach: Reach, told: Pick<ReadInto, 'merge' | 'met'> = {}): Promise<void> {
    const { changes, digits } = this
    const wanted = wantedOf(this.drafts.of, digits)
    for (const stream of streams) this.started(stream)
    for (const stream of streams) await readChanges(stream, { wanted, digits, reach, changes, ...told })
  }

  /**
   * Keeps what is known for the next run; to be called where the objects are all that hold a candidate. Of others nobody
   * asked what brought them besides branches and tags, and what is not told now may never be told again: nothing else
   * shows next time that a stash was there and is gone.
   * @param deep whether merges and unreachable commits were looked into
   * @param mayKeep whether a path may be written to disk; where one may not, nothing is
   */
  async remember(deep: boolean, mayKeep: (path: string) => boolean): Promise<void> {
    const { tips, held } = await this.begun
    const { cache, drafts, changes } = this
    if (cache === undefined || tips === undefined || held === undefined) return
    const before = this.caught?.remembered
    const wanted = [...drafts.of.keys()].sort()
    if (before !== undefined && isDeepStrictEqual([before.tips, before.held, before.wanted], [tips, held, wanted]))
      return
    const paths = new Set([...changes.of.values()].flatMap((some) => some.map(({ path }) => path)))
    if (![...paths].every(mayKeep)) return
    rememberWalk(cache, this.repo, { tips, held, wanted, deep: before?.deep ?? deep, changes })
  }

  stop(): void {
    this.stopped = true
    for (const stream of this.running) stream.stop()
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

  private async readAll(walked = walk(this.repo, history)): Promise<void> {
    this.changes = new Changes()
    this.caught = undefined
    await this.readMore([walked], 'history', {
      met: (oid) => this.commits.add(oid),
      merge: (oid) => this.merges.push(oid),
    })
    this.drafts.settle(this.changes, false)
  }

  private started(stream: Ahead): Ahead {
    this.running.push(stream)
    if (this.stopped) stream.stop()
    return stream
  }
}

/** What git could not say of a part, it may say of the whole; if not, that is heard of. */
function walkInstead(error: unknown): undefined {
  if (!(error instanceof AuditError)) throw error
}
