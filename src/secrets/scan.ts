// Secrets in everything git remembers and in the work tree. Two passes over the objects: the first matches them
// all and keeps only the ids of those with candidates, the second reads these few again, now that their paths are
// known, and settles what to say. No secret leaves: evidence is masked as it is made.

import { createHash } from 'node:crypto'
import { cacheFolder } from '../cache-folder.ts'
import { coverageBy } from '../coverage.ts'
import { AuditError, isTheCallers, reasonOf, whatBroke } from '../errors.ts'
import { type Attributed, type Attributor, type Origin, prepareAttribution, type Reached } from '../git/attribution.ts'
import { describe, type GitObject } from '../git/objects.ts'
import { type ReadObject, readObjects } from '../git/read.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import { changedBy, listObjects, mergeBase, type Scope } from '../git/scope.ts'
import { type Submodule, submodules } from '../git/submodules.ts'
import { masked } from '../redact.ts'
import type {
  CommitRef,
  Coverage,
  FileEvidence,
  Finding,
  GitEvidence,
  Missed,
  Redacted,
  ScanContext,
  Scanner,
  ScanResult,
  Source,
} from '../types.ts'
import type { Judged, Kept, Memory } from './cache.ts'
import { matchDeeply } from './derive.ts'
import { createDigester } from './digest.ts'
import { listFiles, readWorkFile } from './files.ts'
import { settle } from './filters.ts'
import { type TextPlace, withExtraRules } from './gitleaks.ts'
import type { Ignored, Sighted } from './gitleaks-ignore.ts'
import type { Candidate, Matcher, WindowMatcher } from './match.ts'
import { createPlaces, maskedPath } from './places.ts'
import { type Judgement, Numbers, pathsOf, type Recalled, representatives } from './recalled.ts'
import { findingsOf, type Sighting } from './sightings.ts'
import { findSuspects } from './suspects.ts'
import { ignoreFile, type TeamRules, teamRules } from './team-rules.ts'
import { allowedByComment, decodeText, rulesOf, shippedMatcher } from './text.ts'
import { trackedFiles } from './tracked.ts'

const { coverageOf, skipped } = coverageBy('secrets')

export const secretsScanner: Scanner = { name: 'secrets', scan }

async function scan(context: ScanContext): Promise<ScanResult> {
  const shipped = shippedMatcher()
  const run = new SecretsScan(context, shipped, await teamRules(context, shipped.signatures))
  const repo = await run.open()
  if (repo !== undefined) {
    await run.each(['git-objects', 'attribution'], () => run.objects(repo))
    await run.each(['git-objects'], () => run.tracked(repo))
  }
  await run.each(['work-tree'], () => run.workTree(repo))
  if (repo !== undefined) await run.each(['git-objects'], () => run.compare(repo))
  return run.result()
}

/** What of one object store was read, in objects. */
interface StoreRead {
  readonly objects: number
  readonly missed: readonly Missed[]
  readonly attributed: number
  readonly unattributed: readonly Missed[]
}

const nothingRead: StoreRead = { objects: 0, missed: [], attributed: 0, unattributed: [] }

/** What one run gathers. */
class SecretsScan {
  private readonly sightings: Sighting[] = []
  private readonly others: Finding[] = []
  /** Of HEAD, latin1: whoever publishes a package publishes them too. */
  private readonly withSecrets = new Set<string>()
  /** Values that were there before the change; undefined where nothing was compared. */
  private before: ReadonlySet<string> | undefined
  private readonly counts = new Map<string, number>()
  private readonly coverage: Coverage[] = []
  private readonly context: ScanContext
  /** Every rule of the run, whichever paths it is for. */
  private readonly matcher: Matcher
  /** The matcher for one place: rules that a team brings may be for certain paths or commits only. */
  private readonly matcherAt: (place: TextPlace) => Matcher
  private readonly isIgnored: Ignored['isIgnored']
  private readonly shipped: WindowMatcher
  /** Whether a file says what to ignore: by lines, which are known only of what is read. */
  private readonly ignored: boolean
  /** Of the store that is being read: the way to its files, latin1, and its first sighting. */
  private below = ''
  private firstOfStore = 0
  private readonly reached = new Map<string, Reached>()
  private readonly unreached: Missed[] = []
  private readonly circumstances = new Map<string, string>()
  /** Paths and names of branches and tags, masked: the same ones hold most secrets. */
  private readonly paths = new Map<string, Redacted>()
  private readonly commits = new Map<string, CommitRef>()

  constructor(context: ScanContext, shipped: WindowMatcher, { extra, ignored, coverage, notes }: TeamRules) {
    this.context = context
    this.shipped = shipped
    this.matcher = extra === undefined ? shipped : withExtraRules(shipped, extra)
    this.matcherAt = (place) => (extra === undefined ? shipped : withExtraRules(shipped, extra, place))
    this.ignored = ignored !== undefined
    this.isIgnored = (sighted) => ignored?.isIgnored(sighted) ?? false
    this.coverage.push(...coverage)
    for (const note of notes) this.count(note, 1)
  }

  /** A repository that git refuses is coverage: the files around it are still read. */
  async open(): Promise<Repository | undefined> {
    try {
      const repo = await this.context.repository()
      if (repo === undefined) {
        if (this.context.config.staged) throw noRepository('--staged')
        if (this.context.config.since !== undefined) throw noRepository('--since')
        if (this.context.config.commits !== undefined) throw noRepository('--commits')
        this.coverage.push(skipped('git-objects', 'this folder is in no git repository'))
      }
      return repo
    } catch (error) {
      if (!(error instanceof AuditError) || error.code !== 'GIT_FAILED') throw error
      const next = error.hint ?? 'mend the repository, and run again'
      this.coverage.push(coverageOf('git-objects', 0, [{ what: 'the git repository', why: error.message, next }]))
      return undefined
    }
  }

  /** One source that breaks leaves the others, and what was found until then, as they are. */
  async each(sources: readonly Source[], read: () => Promise<void>): Promise<void> {
    try {
      await read()
    } catch (error) {
      if (isTheCallers(error)) throw error
      const missed = [{ what: 'the rest of it', ...whatBroke(error) }]
      this.coverage.push(...sources.map((source) => coverageOf(source, 0, missed)))
    }
  }

  /** The repository's objects, and those of submodules, which have stores of their own. */
  async objects(repo: Repository): Promise<void> {
    const scope = scopeOf(this.context.config)
    const read = [await this.store(repo, scope)]
    if (scope.kind === 'all' && repo.prefix === '')
      for (const submodule of await submodules(repo)) read.push(await this.submodule(submodule, scope))
    const sum = (of: 'objects' | 'attributed') => read.reduce((sum, store) => sum + store[of], 0)
    if (scope.kind === 'head')
      this.coverage.push(skipped('git-objects', `history, by --no-history: ${sum('objects')} files of HEAD read`))
    this.coverage.push(
      coverageOf(
        'git-objects',
        sum('objects'),
        read.flatMap(({ missed }) => missed),
      ),
      coverageOf(
        'attribution',
        sum('attributed'),
        read.flatMap(({ unattributed }) => unattributed),
      ),
    )
  }

  /** One that breaks costs itself, not the others. */
  private async submodule({ gitDir, path }: Submodule, scope: Scope): Promise<StoreRead> {
    const where = `the submodule ${this.pathOf(path)}`
    this.below = `${path}/`
    this.firstOfStore = this.sightings.length
    this.reached.clear()
    this.unreached.length = 0
    try {
      const repo = await openRepository(gitDir)
      // Of what it does not take for a repository, git thinks as of any folder of the one above.
      if (repo?.gitDir !== gitDir) throw new AuditError('GIT_FAILED', 'git does not take it for a repository')
      const read = await this.store(repo, scope)
      const named = (missed: readonly Missed[]) => missed.map((one) => ({ ...one, what: `${one.what} of ${where}` }))
      return { ...read, missed: named(read.missed), unattributed: named(read.unattributed) }
    } catch (error) {
      if (isTheCallers(error)) throw error
      const next = `audit it by itself: audit-deps secrets ${this.pathOf(path)}`
      return { ...nothingRead, missed: [{ what: where, why: reasonOf(error), next }] }
    } finally {
      this.below = ''
    }
  }

  private async store(repo: Repository, scope: Scope): Promise<StoreRead> {
    // Git walks while we match.
    const cache = this.context.config.cache ? cacheFolder(process.env) : undefined
    const mayKeep = (path: string) => this.matcher.match(Buffer.from(path, 'latin1')).length === 0
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
    const { config, progress } = this.context
    const { shipped, matcher } = this
    const first = await findSuspects(repo, { scope, engine: config.engine, shipped, matcher, progress, cache })
    const { suspects, checked, missed, memory, kept } = first
    const attributed = await attributor.attribute(suspects)
    const recalled = memory === undefined || this.ignored ? [] : this.recall(suspects, attributed, memory)
    const again = await this.judgeAll(repo, suspects, { attributed, attributor, recalled, memory, kept })
    const unknown = await this.reach(attributor)
    return {
      objects: checked,
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
    const { attributor, recalled, memory, kept } = known
    const read = new Map<string, Judgement>()
    const judge = (object: ReadObject): void => void read.set(object.oid, this.judge(object, of.get(object.oid)))
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
    for (const { oid } of suspects) {
      const [now, before] = [read.get(oid), remembered.get(oid)]
      if (now !== undefined) {
        for (const { sighting } of now.seen) this.sightings.push(sighting)
        this.countAll(now.dropped)
        judged.set(oid, numbers.judged(this.circumstancesOf(of.get(oid)), now))
      } else if (before !== undefined) {
        for (const sighting of this.unread(oid, before, of.get(oid), numbers)) this.sightings.push(sighting)
        this.countAll(Object.entries(before.dropped))
        judged.set(oid, before)
      }
    }
    if (kept !== undefined && !this.ignored) memory?.save({ ...kept, judged, kinds: numbers.kinds })
    return { missed }
  }

  /** What an object was remembered to hold. No report shows the place itself, only that of a representative. */
  private *unread(oid: string, { seen }: Judged, attribution: Origin | undefined, numbers: Numbers) {
    const paths = pathsOf(attribution)
    const commit = attribution?.commit
    const state = attribution?.state ?? 'unreachable'
    for (const one of seen) {
      const path = paths[one[0]]
      const evidence: GitEvidence = {
        kind: 'git',
        // Only of what has no path are messages and notes told apart, and these are read.
        object: attribution?.object ?? 'blob',
        oid,
        ...(commit !== undefined && { commit }),
        ...(path !== undefined && { path: this.pathOf(this.below + path) }),
        line: 1,
        column: 1,
        excerpt: masked('', []),
      }
      const settled = numbers.settled(one)
      if (state === 'head' && path !== undefined && settled.tier === 'secret') this.withSecrets.add(this.below + path)
      yield { settled, evidence, state, ...(one[3] === 1 && { allowed: true }) } satisfies Sighting
    }
  }

  /** Files that are a finding by being there; not by `--since` or `--commits`, for they may have been there before. */
  async tracked(repo: Repository): Promise<void> {
    const { staged, since, commits } = this.context.config
    if (since !== undefined || commits !== undefined) return
    const mask = (text: string) => this.pathOf(text)
    try {
      const { findings } = await trackedFiles(repo, { staged, withSecrets: this.withSecrets, mask })
      this.others.push(...findings)
    } catch (error) {
      // What cannot be listed or read is in the coverage of git's objects already.
      if (!(error instanceof AuditError)) throw error
    }
  }

  async workTree(repo: Repository | undefined): Promise<void> {
    const { config, root, progress } = this.context
    if (config.staged) {
      this.coverage.push(skipped('work-tree', '--staged: only what the next commit holds was read'))
      return
    }
    if (config.commits !== undefined) {
      this.coverage.push(skipped('work-tree', '--commits: only what these brought was read'))
      return
    }
    const { files, counts, missed } = await listFiles(root, repo)
    const unread: Missed[] = []
    for (const [index, file] of files.entries()) {
      try {
        this.file(file.path, decodeText(await readWorkFile(file)), repo !== undefined)
      } catch (error) {
        if (!(error instanceof AuditError)) throw error
        unread.push({ what: error.message, why: reasonOf(error.cause), next: error.hint ?? 'read it by other means' })
      }
      progress('reading files', index + 1, files.length)
    }
    this.countAll(Object.entries(counts))
    this.coverage.push(coverageOf('work-tree', files.length - unread.length, [...missed, ...unread]))
  }

  /**
   * Which values stood in the files that the change began from. Read only where something was found. Where that place
   * is not known, nothing is said of any of them, and all of them count.
   */
  async compare(repo: Repository): Promise<void> {
    const { staged, since, commits } = this.context.config
    if (this.sightings.length === 0 || (!staged && since === undefined && commits === undefined)) return
    if (commits !== undefined) {
      const { objects } = await describe(repo, (await changedBy(repo, commits)).before)
      this.before = await this.valuesIn(repo, objects)
      return
    }
    const base = since === undefined ? repo.head : await mergeBase(repo, since)
    if (base === undefined && since !== undefined) return
    const { objects } = await listObjects({ ...repo, head: base }, { kind: 'head' })
    this.before = await this.valuesIn(repo, objects)
  }

  private async valuesIn(repo: Repository, objects: readonly GitObject[]): Promise<ReadonlySet<string>> {
    const values = new Set<string>()
    await readObjects(repo, objects, ({ data }) => {
      for (const { value } of matchDeeply(this.matcher, decodeText(data))) values.add(value)
    })
    return values
  }

  async result(): Promise<ScanResult> {
    const { signatures } = this.matcher
    const { before } = this
    const compared = this.sightings.map((seen) => ({
      ...seen,
      ...(before && { introduced: !before.has(seen.settled.value) }),
    }))
    const { findings, allowed } = await findingsOf(compared, signatures, createDigester())
    if (allowed > 0) this.count(allowedByComment, allowed)
    return {
      findings: [...findings, ...this.others],
      coverage: this.coverage,
      counts: Object.fromEntries(this.counts),
      rules: rulesOf(
        this.sightings.map(({ settled }) => settled),
        signatures,
      ),
    }
  }

  /** Whatever may change what is said of an object, besides its bytes and our rules. No path can be told from it. */
  private circumstancesOf(attribution: Origin | undefined): string {
    const { inlineAllow, examples } = this.context.config
    const text = JSON.stringify([inlineAllow, examples, pathsOf(attribution)])
    const known = this.circumstances.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32)
    this.circumstances.set(text, known)
    return known
  }

  private judge({ oid, type, data }: ReadObject, attribution: Origin | undefined): Judgement {
    const bytes = decodeText(data)
    const headerLines = type === 'blob' ? 0 : linesBefore(bytes, bytes.indexOf('\n\n') + 2)
    const commit = attribution?.commit
    const object = attribution?.object ?? objectOf[type]
    const dropped = new Map<string, number>()
    const seen: { path: number; sighting: Sighting }[] = []
    // The same bytes under another path may be another kind of file: each path gets its own judgement.
    for (const [index, path] of pathsOf(attribution).entries()) {
      const where = { ...(path !== undefined && { path }), ...(commit !== undefined && { commit }) }
      const candidates = matchDeeply(this.matcherAt(where), bytes, path)
      const placeOf = createPlaces(bytes, candidates)
      const settled = this.settle(candidates, bytes, path)
      for (const [reason, count] of settled.dropped) dropped.set(reason, (dropped.get(reason) ?? 0) + count)
      for (const one of settled.seen) {
        const place = placeOf(one.settled)
        if (path !== undefined && this.ignores({ ...where, path, rule: one.settled.rule, line: place.line })) continue
        const evidence: GitEvidence = {
          kind: 'git',
          object,
          oid,
          ...(commit !== undefined && { commit }),
          ...(path !== undefined && { path: this.pathOf(this.below + path) }),
          ...place,
          line: Math.max(1, place.line - headerLines),
        }
        const state = attribution?.state ?? 'unreachable'
        seen.push({ path: index, sighting: { ...one, evidence, state } })
        if (state === 'head' && path !== undefined && one.settled.tier === 'secret')
          this.withSecrets.add(this.below + path)
      }
    }
    return { seen, dropped }
  }

  private file(path: string, bytes: Buffer, inRepository: boolean): void {
    const candidates = matchDeeply(this.matcherAt({ path }), bytes, path)
    const placeOf = createPlaces(bytes, candidates)
    const { seen: found, dropped } = this.settle(candidates, bytes, path)
    this.countAll(dropped)
    for (const seen of found) {
      const place = placeOf(seen.settled)
      if (this.ignores({ path, rule: seen.settled.rule, line: place.line })) continue
      const evidence: FileEvidence = { kind: 'file', path: this.pathOf(path), ...place }
      this.sightings.push({ ...seen, evidence, ...(inRepository && { state: 'worktree' }) })
    }
  }

  private settle(
    candidates: readonly Candidate[],
    bytes: Buffer,
    path: string | undefined,
  ): { seen: readonly Pick<Sighting, 'settled' | 'allowed'>[]; dropped: ReadonlyMap<string, number> } {
    const { config, now } = this.context
    const { settled, allowed, dropped } = settle(candidates, {
      bytes,
      path,
      signatures: this.matcher.signatures,
      inlineAllow: config.inlineAllow,
      examples: config.examples,
      now,
    })
    const all = [
      ...settled.map((one) => ({ settled: one })),
      ...allowed.map((one) => ({ settled: one, allowed: true })),
    ]
    return { seen: all.sort((a, b) => a.settled.start - b.settled.start), dropped }
  }

  private ignores(sighted: Sighted): boolean {
    const ignored = this.isIgnored(sighted)
    if (ignored) this.count(`listed in ${ignoreFile}`, 1)
    return ignored
  }

  private pathOf = (latin1: string): Redacted => {
    const known = this.paths.get(latin1) ?? maskedPath(this.matcher, Buffer.from(latin1, 'latin1'))
    this.paths.set(latin1, known)
    return known
  }

  /** How far what is said of got. @returns what could not be told */
  private async reach(attributor: Attributor): Promise<readonly Missed[]> {
    await this.ask(
      attributor,
      new Set(this.sightings.flatMap(({ evidence }) => (evidence.kind === 'git' ? [evidence.oid] : []))),
    )
    const told = new Map<string, ReturnType<typeof this.reachOf>>()
    for (const [oid, reached] of this.reached) told.set(oid, this.reachOf(reached))
    for (const [index, sighting] of this.sightings.entries()) {
      if (index < this.firstOfStore) continue
      const reached = sighting.evidence.kind === 'git' ? told.get(sighting.evidence.oid) : undefined
      if (reached !== undefined) this.sightings[index] = { ...sighting, ...reached }
    }
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
    return {
      ...(first && { first: this.commitRef(first) }),
      ...(last && { last: this.commitRef(last) }),
      ...(tips && { branches: tips.map((name) => this.pathOf(name)) }),
      ...(pushed !== undefined && { pushed }),
    }
  }

  private commitRef({ oid, author, date }: { oid: string; author: string; date: string }): CommitRef {
    const known = this.commits.get(oid)
    if (known !== undefined) return known
    const commit = { oid, date, author: masked(author, this.matcher.match(Buffer.from(author, 'latin1'))) }
    this.commits.set(oid, commit)
    return commit
  }

  private countAll(counts: Iterable<readonly [reason: string, count: number]>): void {
    for (const [reason, count] of counts) this.count(reason, count)
  }

  private count(reason: string, count: number): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + count)
  }
}

/** What the second pass knows. */
interface Second {
  readonly attributed: Attributed
  readonly attributor: Attributor
  readonly recalled: readonly Recalled[]
  readonly memory: Memory | undefined
  readonly kept: Pick<Kept, 'packs' | 'loose'> | undefined
}

const objectOf = { blob: 'blob', commit: 'commit-message', tag: 'tag' } as const

function scopeOf({ staged, since, commits, history }: ScanContext['config']): Scope {
  if (staged) return { kind: 'staged' }
  if (commits !== undefined) return { kind: 'commits', oids: commits }
  if (since !== undefined) return { kind: 'since', ref: since }
  return history ? { kind: 'all' } : { kind: 'head' }
}

function linesBefore(bytes: Buffer, end: number): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}

const noRepository = (flag: string): AuditError =>
  new AuditError('USAGE', `${flag} needs a git repository, and this folder is in none`, { hint: `leave ${flag} out` })
