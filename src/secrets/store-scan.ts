// What one object store yields, in two passes: the first matches all objects and keeps only the ids of those with
// candidates, the second reads these few again, now that their paths are known, and settles what to say.

import { createHash } from 'node:crypto'
import { cacheFolder } from '../cache-folder.ts'
import { type Attributed, type Attributor, type Origin, prepareAttribution, type Reached } from '../git/attribution.ts'
import type { GitObject } from '../git/objects.ts'
import { type ReadObject, readObjects } from '../git/read.ts'
import type { Repository } from '../git/repository.ts'
import type { Scope } from '../git/scope.ts'
import { masked } from '../redact.ts'
import type { GitEvidence, Missed, ScanContext } from '../types.ts'
import { attempt } from './attempt.ts'
import type { Judged, Kept, Memory } from './cache.ts'
import type { Spots } from './delta.ts'
import type { Digester } from './digest.ts'
import type { Examiner } from './examine.ts'
import type { Masks } from './masks.ts'
import type { WindowMatcher } from './match.ts'
import { type Judgement, Numbers, pathsOf, type Recalled, representatives } from './recalled.ts'
import type { Sighting } from './sightings.ts'
import { findSuspects, unmatched } from './suspects.ts'
import type { Tally } from './tally.ts'
import { decodeText } from './text.ts'

/** What of an object store was read. */
export interface StoreRead {
  readonly tally: Tally
  readonly missed: readonly Missed[]
  readonly attributed: number
  readonly unattributed: readonly Missed[]
}

export interface StoreOptions {
  readonly context: ScanContext
  readonly shipped: WindowMatcher
  readonly examiner: Examiner
  readonly masks: Masks
  readonly digester: Digester
  /** The way to the store's files, latin1: '' or 'a/submodule/'. */
  readonly below: string
}

/** Where it breaks, what it gathered until then counts. */
export class StoreScan {
  readonly sightings: Sighting[] = []
  /** What was left out, by reason. */
  readonly dropped: (readonly [reason: string, count: number])[] = []
  /** Paths in HEAD, latin1. */
  readonly withSecrets: string[] = []
  readonly notes: string[] = []
  private readonly options: StoreOptions
  private readonly reached = new Map<string, Reached>()
  private readonly unreached: Missed[] = []
  /** On which the matcher failed, at one of their paths at least. */
  private readonly failed = new Set<string>()
  private readonly circumstances = new Map<string, string>()

  constructor(options: StoreOptions) {
    this.options = options
  }

  async read(repo: Repository, scope: Scope): Promise<StoreRead> {
    const { context, examiner } = this.options
    // Git walks while we match.
    const cache = context.config.cache ? cacheFolder(process.env) : undefined
    const mayKeep = (path: string) => examiner.matcher.match(Buffer.from(path, 'latin1')).length === 0
    const attributor = prepareAttribution(repo, { scope: scope.kind, cache, mayKeep })
    try {
      return await this.matched(repo, scope, cache, attributor)
    } finally {
      attributor.close()
    }
  }

  private async matched(
    repo: Repository,
    scope: Scope,
    cache: string | undefined,
    attributor: Attributor,
  ): Promise<StoreRead> {
    const { context, shipped, examiner } = this.options
    const { progress } = context
    const { engine } = context.config
    const first = await findSuspects(repo, { scope, engine, shipped, matcher: examiner.matcher, progress, cache })
    const { suspects, spots, commits, tally, missed, memory, kept } = first
    const attributed = await attributor.attribute(suspects, commits)
    const recalled = memory === undefined || examiner.ignores ? [] : this.recall(inOrder(suspects), attributed, memory)
    const again = await this.judgeAll(repo, suspects, { attributed, attributor, recalled, spots, memory, kept })
    const unknown = await this.reach(attributor)
    return {
      tally,
      missed: [...missed, ...again.missed],
      attributed: attributed.of.size,
      unattributed: [...attributed.missed, ...unknown],
    }
  }

  private recall(suspects: readonly GitObject[], { of }: Attributed, memory: Memory): readonly Recalled[] {
    return suspects.flatMap(({ oid }) => {
      const attribution = of.get(oid)
      const judged = memory.judged(oid, this.circumstancesOf(attribution))
      return judged === undefined ? [] : [{ oid, attribution, judged }]
    })
  }

  /** The second pass: over all suspects, but for those of which an earlier run has told what there is to be told. */
  private async judgeAll(repo: Repository, suspects: readonly GitObject[], { attributed: { of }, ...known }: Second) {
    const { attributor, recalled, spots, memory, kept } = known
    const read = new Map<string, Judgement>()
    const judge = (object: ReadObject): void =>
      void read.set(object.oid, this.judge(object, of.get(object.oid), spots?.get(object.oid)))
    const loud = recalled.filter(({ judged }) => judged.seen.length > 0)
    await this.ask(attributor, new Set(loud.map(({ oid }) => oid)))
    const shown = representatives(loud.map((one) => ({ ...one, first: this.reached.get(one.oid)?.first })))
    const remembered = new Map(recalled.map((one) => [one.oid, one.judged]))
    const wanted = suspects.filter(({ oid }) => !remembered.has(oid) || shown.has(oid))
    const missed = [...(await readObjects(repo, wanted, judge)).missed]
    let numbers = new Numbers(memory?.kinds)
    if (![...shown].every((oid) => read.has(oid)) || !numbers.learn(loud, read)) {
      numbers = new Numbers()
      remembered.clear()
      const rest = suspects.filter(({ oid }) => !read.has(oid))
      missed.push(...(await readObjects(repo, rest, judge)).missed)
    }
    const judged = new Map<string, Judged>()
    for (const { oid } of inOrder(suspects)) {
      const [now, before] = [read.get(oid), remembered.get(oid)]
      if (now !== undefined) {
        for (const { sighting } of now.seen) this.sightings.push(sighting)
        this.dropped.push(...now.dropped)
        if (!this.failed.has(oid)) judged.set(oid, numbers.judged(this.circumstancesOf(of.get(oid)), now))
      } else if (before !== undefined) {
        for (const sighting of this.unread(oid, before, of.get(oid), numbers)) this.sightings.push(sighting)
        this.dropped.push(...Object.entries(before.dropped))
        judged.set(oid, before)
      }
    }
    if (kept !== undefined && !this.options.examiner.ignores) {
      const why = memory?.save({ ...kept, judged, kinds: numbers.kinds })
      if (why !== undefined) this.notes.push(`What was read of git is not remembered for the next run: ${why}`)
    }
    return { missed: [...missed, ...unmatched([...this.failed])] }
  }

  /** What an object was remembered to hold. No report shows the place itself, only that of a representative. */
  private *unread(oid: string, { seen }: Judged, attribution: Origin | undefined, numbers: Numbers) {
    const paths = pathsOf(attribution)
    const nowhere = { line: 1, column: 1, excerpt: masked('', []) }
    for (const one of seen) {
      const settled = numbers.settled(one)
      const allowed = one[3] === 1 && { allowed: true }
      // Only of what has no path are messages and notes told apart, and these are read.
      yield this.sighting({ settled, ...allowed, place: nowhere }, { oid, type: 'blob' }, attribution, paths[one[0]])
    }
  }

  private judge({ oid, type, data }: ReadObject, attribution: Origin | undefined, spots: Spots): Judgement {
    const bytes = decodeText(data)
    const headerLines = type === 'blob' ? 0 : linesBefore(bytes, bytes.indexOf('\n\n') + 2)
    const commit = attribution?.commit
    const dropped = new Map<string, number>()
    const seen: { path: number; sighting: Sighting }[] = []
    for (const [index, path] of pathsOf(attribution).entries()) {
      const where = { ...(path !== undefined && { path }), ...(commit !== undefined && { commit }) }
      const examined = attempt(() => this.options.examiner.examine(bytes, where, spots))
      if (examined === undefined) {
        this.failed.add(oid)
        continue
      }
      for (const [reason, count] of examined.dropped) dropped.set(reason, (dropped.get(reason) ?? 0) + count)
      for (const one of examined.seen) {
        // Git goes on meanwhile.
        this.options.digester.begin(one.settled.value, one.settled.strength)
        const place = { ...one.place, line: Math.max(1, one.place.line - headerLines) }
        seen.push({ path: index, sighting: this.sighting({ ...one, place }, { oid, type }, attribution, path) })
      }
    }
    return { seen, dropped }
  }

  private sighting(
    { place, ...seen }: ReturnType<Examiner['examine']>['seen'][number],
    { oid, type }: Pick<ReadObject, 'oid' | 'type'>,
    attribution: Origin | undefined,
    path: string | undefined,
  ): Sighting {
    const { below, masks } = this.options
    const { commit, state = 'unreachable' } = attribution ?? {}
    const evidence: GitEvidence = {
      kind: 'git',
      object: attribution?.object ?? objectOf[type],
      oid,
      ...(commit !== undefined && { commit }),
      ...(path !== undefined && { path: masks.path(below + path) }),
      ...place,
    }
    if (state === 'head' && path !== undefined && seen.settled.tier === 'secret') this.withSecrets.push(below + path)
    return { ...seen, evidence, state }
  }

  /** Whatever may change what is said of an object, besides its bytes and our rules. No path can be told from it. */
  private circumstancesOf(attribution: Origin | undefined): string {
    const { inlineAllow, examples } = this.options.context.config
    const text = JSON.stringify([inlineAllow, examples, pathsOf(attribution)])
    const known = this.circumstances.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32)
    this.circumstances.set(text, known)
    return known
  }

  /** How far what is said of got. @returns what could not be told */
  private async reach(attributor: Attributor): Promise<readonly Missed[]> {
    const oidOf = ({ evidence }: Sighting): string => (evidence as GitEvidence).oid
    await this.ask(attributor, new Set(this.sightings.map(oidOf)))
    const told = new Map([...this.reached].map(([oid, reached]) => [oid, this.reachOf(reached)]))
    for (const [index, sighting] of this.sightings.entries())
      this.sightings[index] = { ...sighting, ...told.get(oidOf(sighting)) }
    return this.unreached
  }

  private async ask(attributor: Attributor, oids: ReadonlySet<string>): Promise<void> {
    const unasked = new Set([...oids].filter((oid) => !this.reached.has(oid)))
    if (unasked.size === 0) return
    const { of, missed } = await attributor.reached(unasked)
    for (const [oid, reached] of of) this.reached.set(oid, reached)
    this.unreached.push(...missed)
  }

  private reachOf({ first, last, tips, pushed }: Reached): Pick<Sighting, 'first' | 'last' | 'branches' | 'pushed'> {
    const { masks } = this.options
    return {
      ...(first && { first: masks.commit(first) }),
      ...(last && { last: masks.commit(last) }),
      ...(tips && { branches: tips.map((name) => masks.path(name)) }),
      ...(pushed !== undefined && { pushed }),
    }
  }
}

/** What the second pass knows. */
interface Second {
  readonly attributed: Attributed
  readonly attributor: Attributor
  readonly recalled: readonly Recalled[]
  readonly spots: ReadonlyMap<string, Spots> | undefined
  readonly memory: Memory | undefined
  readonly kept: Pick<Kept, 'packs' | 'loose'> | undefined
}

/** Of equals the first is told: which pack holds it, and who has read it when, makes no difference. */
const inOrder = (objects: readonly GitObject[]): readonly GitObject[] =>
  [...objects].sort((a, b) => (a.oid < b.oid ? -1 : 1))

const objectOf = { blob: 'blob', commit: 'commit-message', tag: 'tag' } as const

function linesBefore(bytes: Buffer, end: number): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}
