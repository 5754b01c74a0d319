// Whose object is this: which paths it stood at, which commit brought it, where it lives today. One walk over the
// history of all refs keeps only the wanted ids; what it leaves open is looked for in merges, stashes, notes,
// reflogs and unreachable commits, each only while something is still open.

import { reasonOf } from '../errors.ts'
import type { Life, Missed } from '../types.ts'
import { localOnly, tipsHolding } from './life.ts'
import { batches, describe, listAll } from './objects.ts'
import { readObjects } from './read.ts'
import { peelTags, refIds, stashEntries } from './refs.ts'
import type { Repository } from './repository.ts'
import { git, records } from './run.ts'
import { below, type Scope } from './scope.ts'

export interface Attribution {
  readonly object: 'blob' | 'commit-message' | 'tag' | 'note'
  /**
   * Distinct, one latin1 character a byte, below the audited folder and relative to it. Commits, tags and notes
   * have none; so have blobs that no tree names.
   */
  readonly paths: readonly string[]
  readonly state: Life['state']
  /** The oldest commit that brought it; the commit or tag itself for a message. Absent where no commit holds it. */
  readonly first?: FirstCommit
  /** Of what is gone from HEAD: the parent of the newest commit that took it away from a path. */
  readonly last?: FirstCommit
  /** Names of branches and tags whose tip holds it, latin1; absent where that was too much to ask. */
  readonly tips?: readonly string[]
  /** Whether a remote-tracking ref leads to a commit that brought it; absent where there is none of either. */
  readonly pushed?: boolean
}

export interface FirstCommit {
  readonly oid: string
  /** `Name <email>` as the object holds it, one latin1 character a byte: outside text, to be masked by the caller. */
  readonly author: string
  /** ISO 8601, in UTC */
  readonly date: string
}

export interface Attributed {
  readonly of: ReadonlyMap<string, Attribution>
  /** Parts of history that could not be walked: an object without an attribution may belong there. */
  readonly missed: readonly Missed[]
}

/**
 * Attributes each of `oids` (blobs, commits, tags). An object that nothing leads to is `unreachable`; one that only
 * the index holds is `worktree`; notes, commit and tag messages that a ref leads to are `history`. Where history is
 * damaged, objects that were not met before the damage are left out, for nobody knows where they belong. Of what is
 * `staged`, or HEAD's files alone (`head`), no history is walked: that has no `first`.
 */
export async function attribute(
  repo: Repository,
  oids: ReadonlySet<string>,
  scope: Scope['kind'] = 'all',
): Promise<Attributed> {
  const search = new Search(repo)
  if (oids.size === 0) return search.result()
  await search.attempt('the wanted objects', () => search.open(oids))
  await search.attempt("HEAD's files", () => search.tree(repo.head, 'head'))
  await search.attempt('the index', () => search.index())
  if (scope === 'staged' || scope === 'head') return search.result()
  const refs = ['--exclude=refs/stash', '--exclude=refs/notes/*', '--all']
  const rest = ['--not', ...refs]
  await search.attempt('history', () => search.commits('history', refs))
  await search.attempt('merges', () => search.commits('history', ['--merges', ...refs], { merges: true }))
  await search.attempt('tags', () => search.tags())
  await search.attempt('stashes', () => search.stashes(rest))
  await search.attempt('notes', () => search.commits('note', ['--glob=refs/notes', ...rest], { merges: true }))
  await search.attempt('reflogs', () => search.commits('unreachable', ['--reflog', '--not', '--all'], { merges: true }))
  await search.attempt('unreachable commits', () => search.unreachable())
  await search.attempt('authors', () => search.authors())
  await search.attempt('tips', () => search.tips())
  await search.attempt('remotes', () => search.pushed())
  return search.result()
}

type Source = Life['state'] | 'note'

interface Draft {
  object: Attribution['object']
  readonly paths: Set<string>
  state?: Life['state']
  commit?: string
  /** All that brought it. */
  readonly commits: Set<string>
  removedBy?: string
  first?: FirstCommit
  last?: FirstCommit
  tips?: readonly string[]
  pushed?: boolean
}

class Search {
  private readonly repo: Repository
  private readonly prefix: string
  private readonly drafts = new Map<string, Draft>()
  private readonly walked = new Set<string>()
  private readonly missed: Missed[] = []

  constructor(repo: Repository) {
    this.repo = repo
    this.prefix = Buffer.from(repo.prefix).toString('latin1')
  }

  /** A damaged part of the repository costs that part, not the rest. */
  async attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      const next = 'run git fsck --full, then fetch or restore what it names'
      this.missed.push({ what: `attribution by ${what}`, why: reasonOf(error), next })
    }
  }

  async open(oids: ReadonlySet<string>): Promise<void> {
    const { objects } = await describe(this.repo, oids)
    for (const { oid, type } of objects) {
      this.drafts.set(oid, {
        object: type === 'commit' ? 'commit-message' : type,
        paths: new Set(),
        commits: new Set(),
      })
    }
  }

  async tree(treeish: string | undefined, state: Life['state']): Promise<void> {
    if (treeish === undefined) return
    const args = ['ls-tree', '-r', '-z', '--full-tree', treeish]
    for await (const entries of records(git(this.repo, args), '\0')) {
      for (const entry of entries) {
        const tab = entry.indexOf('\t')
        this.sighted(entry.slice(entry.lastIndexOf(' ', tab) + 1, tab), entry.slice(tab + 1), state)
      }
    }
  }

  async index(): Promise<void> {
    if (this.repo.workTree === undefined) return
    const args = ['ls-files', '--stage', '-z', ...below(this.repo)]
    for await (const entries of records(git(this.repo, args), '\0')) {
      for (const entry of entries) {
        const [, oid = ''] = entry.split(' ', 2)
        this.sighted(oid, entry.slice(entry.indexOf('\t') + 1), 'worktree')
      }
    }
  }

  /** Walks commits (newest first, so the last one that brought an object is the oldest) while something is open. */
  async commits(
    source: Source,
    revisions: readonly string[],
    { merges = false, from = [] }: { merges?: boolean; from?: readonly string[] } = {},
  ): Promise<void> {
    if (merges && !this.isOpen()) return
    const list = git(this.repo, ['rev-list', '--stdin', ...revisions], { input: batches(from) })
    await this.changes(source, this.noted(source, list), merges)
  }

  async stashes(rest: readonly string[]): Promise<void> {
    const from = this.isOpen() ? await stashEntries(this.repo) : []
    if (from.length > 0) await this.commits('stash', rest, { merges: true, from })
  }

  async unreachable(): Promise<void> {
    if (!this.isOpen()) return
    const { objects } = await listAll(this.repo)
    const dangling = objects.filter(({ oid, type }) => type === 'commit' && !this.walked.has(oid))
    for (const { oid } of dangling) this.met(oid, 'unreachable')
    await this.changes('unreachable', batches(dangling.map(({ oid }) => oid)), true)
  }

  /** Tags reach other tags, and may name a blob or a tree that no commit holds. */
  async tags(): Promise<void> {
    if (![...this.drafts.values()].some(({ object, commit }) => object === 'tag' || commit === undefined)) return
    const { tags, blobs, trees } = await peelTags(this.repo, await refIds(this.repo))
    for (const oid of [...tags, ...blobs]) this.met(oid, 'history')
    for (const tree of trees) await this.tree(tree, 'history')
  }

  async authors(): Promise<void> {
    const wanted = new Map<string, Draft[]>()
    for (const [oid, draft] of this.drafts) {
      const commit = draft.object === 'commit-message' || draft.object === 'tag' ? oid : draft.commit
      if (commit !== undefined) wanted.set(commit, [...(wanted.get(commit) ?? []), draft])
    }
    await this.signatures(wanted, (draft, first) => {
      draft.first = first
    })
    const removals = new Map<string, Draft[]>()
    for (const draft of this.drafts.values())
      if (draft.removedBy !== undefined && draft.state === 'history')
        removals.set(draft.removedBy, [...(removals.get(draft.removedBy) ?? []), draft])
    const parents = new Map<string, Draft[]>()
    await readObjects(this.repo, (await describe(this.repo, removals.keys())).objects, ({ oid, data }) => {
      const parent = /^parent ([0-9a-f]{40,64})$/m.exec(headerOf(data))?.[1]
      if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), ...removals.get(oid)!])
    })
    await this.signatures(parents, (draft, last) => {
      draft.last = last
    })
  }

  private async signatures(
    wanted: ReadonlyMap<string, readonly Draft[]>,
    keep: (draft: Draft, by: FirstCommit) => void,
  ): Promise<void> {
    const { objects } = await describe(this.repo, wanted.keys())
    await readObjects(this.repo, objects, ({ oid, data }) => {
      const by = signature(oid, data)
      if (by !== undefined) for (const draft of wanted.get(oid) ?? []) keep(draft, by)
    })
  }

  async tips(): Promise<void> {
    const blobs = [...this.drafts].filter(([, { object, paths }]) => object === 'blob' && paths.size > 0)
    const full = (paths: ReadonlySet<string>) => new Set([...paths].map((path) => this.prefix + path))
    const held = await tipsHolding(this.repo, new Map(blobs.map(([oid, { paths }]) => [oid, full(paths)])))
    if (held !== undefined) for (const [oid, draft] of blobs) draft.tips = held.get(oid) ?? []
  }

  async pushed(): Promise<void> {
    for (const [oid, { object, commits }] of this.drafts) if (object === 'commit-message') commits.add(oid)
    const known = [...this.drafts.values()].filter(({ object, commits }) => object !== 'tag' && commits.size > 0)
    const local = await localOnly(this.repo, new Set(known.flatMap(({ commits }) => [...commits])))
    if (local === undefined) return
    for (const draft of known) draft.pushed = [...draft.commits].some((commit) => !local.has(commit))
  }

  result(): Attributed {
    const of = new Map<string, Attribution>()
    // Before a look into all of history failed, "no commit holds it" would be a guess.
    const rest = this.missed.length === 0 ? 'unreachable' : undefined
    for (const [oid, { object, paths, state = rest, first, last, tips, pushed }] of this.drafts) {
      if (state === undefined) continue
      of.set(oid, {
        object,
        paths: object === 'blob' ? [...paths] : [],
        state,
        ...(first && { first }),
        ...(last && { last }),
        ...(tips && { tips }),
        ...(pushed !== undefined && { pushed }),
      })
    }
    return { of, missed: this.missed }
  }

  /** Some blob has no commit yet, or some message no state. */
  private isOpen(): boolean {
    for (const { object, commit, state } of this.drafts.values()) {
      if (object === 'blob' || object === 'note' ? commit === undefined : state === undefined) return true
    }
    return false
  }

  private async *noted(source: Source, list: AsyncIterable<Buffer>): AsyncGenerator<string> {
    for await (const oids of records(list, '\n')) {
      for (const oid of oids) {
        this.walked.add(oid)
        this.met(oid, source)
      }
      yield `${oids.join('\n')}\n`
    }
  }

  private async changes(source: Source, input: AsyncIterable<string> | Iterable<string>, merges: boolean) {
    const open = new Set(
      [...this.drafts]
        .filter(([, { object, commit }]) => object === 'blob' && commit === undefined)
        .map(([oid]) => oid),
    )
    const args = ['diff-tree', '--stdin', '-r', '--root', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff']
    let commit = ''
    let added: string | undefined
    for await (const fields of records(git(this.repo, merges ? [...args, '-c'] : args, { input }), '\0')) {
      for (const field of fields) {
        if (added !== undefined) {
          if (open.has(added)) this.brought(added, field, commit, source)
          added = undefined
        } else if (field.startsWith(':')) {
          added = resultOf(field)
          if (!merges) this.removed(originOf(field), commit)
        } else commit = field
      }
    }
  }

  private brought(oid: string, path: string, commit: string, source: Source): void {
    const draft = this.drafts.get(oid)!
    draft.commit = commit
    draft.commits.add(commit)
    if (source === 'note') draft.object = 'note'
    this.sighted(oid, path, source)
  }

  /** The first to be met is the newest. */
  private removed(oid: string, commit: string): void {
    const draft = this.drafts.get(oid)
    if (draft !== undefined) draft.removedBy ??= commit
  }

  private sighted(oid: string, path: string, source: Source): void {
    const draft = this.drafts.get(oid)
    if (draft === undefined) return
    if (path.startsWith(this.prefix)) draft.paths.add(path.slice(this.prefix.length))
    this.met(oid, source)
  }

  /** An object lives where it is easiest to reach. */
  private met(oid: string, source: Source): void {
    const draft = this.drafts.get(oid)
    const state = source === 'note' ? 'history' : source
    if (draft !== undefined && (draft.state === undefined || rank[state] < rank[draft.state])) draft.state = state
  }
}

const rank = { head: 0, history: 1, worktree: 2, stash: 3, unreachable: 4 } satisfies Record<Life['state'], number>

/** `:100644 100644 <old> <new> M`, or with one more colon, mode, id and letter for each further parent. */
function resultOf(change: string): string {
  const letters = change.length - change.lastIndexOf(' ')
  const end = change.length - letters
  return change.slice(change.lastIndexOf(' ', end - 1) + 1, end)
}

/** `:100644 100644 <old> …`, without merges. */
const originOf = (change: string): string => change.slice(15, change.indexOf(' ', 15))

function headerOf(data: Buffer): string {
  const end = data.indexOf('\n\n')
  return data.toString('latin1', 0, end === -1 ? data.length : end)
}

/** Who wrote a commit or tag, and when: the header's `author` or `tagger` line. */
function signature(oid: string, data: Buffer): FirstCommit | undefined {
  const match = /^(?:author|tagger) (.*?) (-?\d{1,14}) [+-]\d{4}$/m.exec(headerOf(data))
  if (match === null) return undefined
  const time = new Date(Number(match[2]) * 1000)
  const date = Number.isNaN(time.getTime()) ? new Date(0) : time
  return { oid, author: match[1]!, date: date.toISOString() }
}
