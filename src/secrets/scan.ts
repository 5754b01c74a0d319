// Secrets in everything git remembers and in the work tree: object stores, files, and what was there before. No secret
// leaves: evidence is masked as it is made.

import { coverageBy } from '../coverage.ts'
import { AuditError, isTheCallers, reasonOf, whatBroke } from '../errors.ts'
import { describe, type GitObject } from '../git/objects.ts'
import { readObjects } from '../git/read.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import { changedBy, listObjects, mergeBase, type Scope } from '../git/scope.ts'
import { type Submodule, submodules } from '../git/submodules.ts'
import type { Coverage, FileEvidence, Finding, Missed, ScanContext, Scanner, ScanResult, Source } from '../types.ts'
import { attempt, matcherFailed } from './attempt.ts'
import { matchDeeply } from './derive.ts'
import { createDigester } from './digest.ts'
import { createExaminer, type Examiner } from './examine.ts'
import { listFiles, readWorkFile } from './files.ts'
import { Masks } from './masks.ts'
import type { WindowMatcher } from './match.ts'
import { maskedPath } from './places.ts'
import { findingsOf, type Sighting } from './sightings.ts'
import { type StoreRead, StoreScan } from './store-scan.ts'
import { emptyTally, objectsIn, sumOf } from './tally.ts'
import { type TeamRules, teamRules } from './team-rules.ts'
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

const nothingRead: StoreRead = { tally: emptyTally, missed: [], attributed: 0, unattributed: [] }

/** What one run gathers. */
class SecretsScan {
  private readonly sightings: Sighting[] = []
  private readonly others: Finding[] = []
  /** Of HEAD, latin1: whoever publishes a package publishes them too. */
  private readonly withSecrets = new Set<string>()
  /** Values that were there before the change; undefined where nothing was compared. */
  private before: ReadonlySet<string> | undefined
  private readonly counts = new Map<string, number>()
  private readonly notes = new Set<string>()
  private readonly coverage: Coverage[] = []
  private readonly context: ScanContext
  private readonly shipped: WindowMatcher
  private readonly examiner: Examiner
  private readonly masks: Masks
  private readonly digester = createDigester()

  constructor(context: ScanContext, shipped: WindowMatcher, rules: TeamRules) {
    this.context = context
    this.shipped = shipped
    this.examiner = createExaminer(context, shipped, rules)
    this.masks = new Masks(this.examiner.matcher)
    this.coverage.push(...rules.coverage)
    for (const note of rules.notes) this.count(note, 1)
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
    const read = [await this.store(repo, scope, '')]
    if (scope.kind === 'all' && repo.prefix === '') {
      const { found, unlisted } = await submodules(repo)
      for (const submodule of found) read.push(await this.submodule(submodule, scope))
      read.push({ ...nothingRead, missed: unlisted.map((folder) => this.unlisted(folder)) })
    }
    const tally = sumOf(read.map((store) => store.tally))
    const objects = objectsIn(tally)
    if (scope.kind === 'head')
      this.coverage.push(skipped('git-objects', `history, by --no-history: ${objects} files of HEAD read`))
    this.coverage.push(
      coverageOf(
        'git-objects',
        objects,
        read.flatMap(({ missed }) => missed),
        { ...tally },
      ),
      coverageOf(
        'attribution',
        read.reduce((sum, { attributed }) => sum + attributed, 0),
        read.flatMap(({ unattributed }) => unattributed),
      ),
    )
  }

  private unlisted({ path, why }: { readonly path: string; readonly why: string }): Missed {
    const folder = this.masks.path(path === '' ? '.git/modules' : `.git/modules/${path}`)
    return { what: `submodules in ${folder}`, why, next: `make ${folder} a readable folder` }
  }

  /** One that breaks costs itself, not the others. */
  private async submodule({ gitDir, path }: Submodule, scope: Scope): Promise<StoreRead> {
    const where = `the submodule ${this.masks.path(path)}`
    try {
      const repo = await openRepository(gitDir)
      // Of what it does not take for a repository, git thinks as of any folder of the one above.
      if (repo?.gitDir !== gitDir) throw new AuditError('GIT_FAILED', 'git does not take it for a repository')
      const read = await this.store(repo, scope, `${path}/`)
      const named = (missed: readonly Missed[]) => missed.map((one) => ({ ...one, what: `${one.what} of ${where}` }))
      return { ...read, missed: named(read.missed), unattributed: named(read.unattributed) }
    } catch (error) {
      if (isTheCallers(error)) throw error
      const next = 'run git fsck in its folder below .git/modules; mend it, or remove it and fetch it again'
      return { ...nothingRead, missed: [{ what: where, why: reasonOf(error), next }] }
    }
  }

  private async store(repo: Repository, scope: Scope, below: string): Promise<StoreRead> {
    const { context, shipped, examiner, masks, digester } = this
    const store = new StoreScan({ context, shipped, examiner, masks, digester, below })
    try {
      return await store.read(repo, scope)
    } finally {
      for (const sighting of store.sightings) this.sightings.push(sighting)
      for (const path of store.withSecrets) this.withSecrets.add(path)
      for (const note of store.notes) this.notes.add(note)
      this.countAll(store.dropped)
    }
  }

  /** Files that are a finding by being there; not by `--since` or `--commits`, for they may have been there before. */
  async tracked(repo: Repository): Promise<void> {
    const { staged, since, commits } = this.context.config
    if (since !== undefined || commits !== undefined) return
    const mask = (text: string) => this.masks.path(text)
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
    const unlisted = missed.map((one) => ({ ...one, what: maskedPath(this.examiner.matcher, one.what) }))
    const unread: Missed[] = []
    for (const [index, file] of files.entries()) {
      try {
        unread.push(...this.file(file.path, decodeText(await readWorkFile(file)), repo !== undefined))
      } catch (error) {
        if (!(error instanceof AuditError)) throw error
        const what = `the file ${this.masks.path(file.path)}`
        unread.push({ what, why: reasonOf(error.cause), next: error.hint ?? 'read it by other means' })
      }
      progress('reading files', index + 1, files.length)
    }
    this.countAll(Object.entries(counts))
    this.coverage.push(coverageOf('work-tree', files.length - unread.length, [...unlisted, ...unread]))
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
      // Of an object on which that fails no value is known, and all of them count.
      const candidates = attempt(() => matchDeeply(this.examiner.matcher, decodeText(data)))
      for (const { value } of candidates ?? []) values.add(value)
    })
    return values
  }

  async result(): Promise<ScanResult> {
    const { signatures } = this.examiner.matcher
    const { before } = this
    const compared = this.sightings.map((seen) => ({
      ...seen,
      ...(before && { introduced: !before.has(seen.settled.value) }),
    }))
    const { findings, allowed } = await findingsOf(compared, signatures, this.digester)
    if (allowed > 0) this.count(allowedByComment, allowed)
    return {
      findings: [...findings, ...this.others],
      coverage: this.coverage,
      counts: Object.fromEntries(this.counts),
      ...(this.notes.size > 0 && { notes: [...this.notes] }),
      rules: rulesOf(
        this.sightings.map(({ settled }) => settled),
        signatures,
      ),
    }
  }

  /** @returns what was missed */
  private file(path: string, bytes: Buffer, inRepository: boolean): readonly Missed[] {
    const examined = attempt(() => this.examiner.examine(bytes, { path }))
    if (examined === undefined) return [{ what: `the file ${this.masks.path(path)}`, ...matcherFailed }]
    this.countAll(examined.dropped)
    for (const { place, ...one } of examined.seen) {
      this.digester.begin(one.settled.value, one.settled.strength)
      const evidence: FileEvidence = { kind: 'file', path: this.masks.path(path), ...place }
      this.sightings.push({ ...one, evidence, ...(inRepository && { state: 'worktree' }) })
    }
    return []
  }

  private countAll(counts: Iterable<readonly [reason: string, count: number]>): void {
    for (const [reason, count] of counts) this.count(reason, count)
  }

  private count(reason: string, count: number): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + count)
  }
}

function scopeOf({ staged, since, commits, history }: ScanContext['config']): Scope {
  if (staged) return { kind: 'staged' }
  if (commits !== undefined) return { kind: 'commits', oids: commits }
  if (since !== undefined) return { kind: 'since', ref: since }
  return history ? { kind: 'all' } : { kind: 'head' }
}

const noRepository = (flag: string): AuditError =>
  new AuditError('USAGE', `${flag} needs a git repository, and this folder is in none`, { hint: `leave ${flag} out` })
