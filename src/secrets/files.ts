// Files of the work tree that git's objects do not hold yet: changed, or untracked and not ignored. Git is never
// asked to compare contents, for that runs the filters a repository configures: it compares stat data only, and
// what it doubts is hashed here.

import { createHash } from 'node:crypto'
import { type BigIntStats, constants, lstatSync } from 'node:fs'
import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import { largestBytes } from '../git/read.ts'
import type { Repository } from '../git/repository.ts'
import { git, records } from '../git/run.ts'
import { below } from '../git/scope.ts'
import { harmless } from '../redact.ts'
import type { Missed } from '../types.ts'

export interface WorkFile {
  /** Relative to the audited folder, forward slashes, one latin1 character a byte: names need not be UTF-8. */
  readonly path: string
  /** The same file for `fs` calls. */
  readonly absolute: Buffer
  readonly size: number
}

export interface WorkFiles {
  readonly files: readonly WorkFile[]
  /** Left out on purpose, by reason. */
  readonly counts: Readonly<Record<string, number>>
  readonly missed: readonly Missed[]
}

/**
 * Lists what of `root` (absolute) is not in git yet; without a repository every file below it, but not what
 * `node_modules` and `.git` folders hold. Symbolic links are not followed. Throws AuditError('GIT_FAILED') where git
 * cannot read its index.
 */
export async function listFiles(root: string, repo: Repository | undefined): Promise<WorkFiles> {
  if (repo === undefined) {
    const found = new Found(root)
    await everyFile(found)
    return found.result()
  }
  const found = new Found(repo.workTree ?? repo.folder, repo.prefix)
  if (repo.workTree === undefined) return found.result()
  const tracked = await trackedFiles(repo, found)
  const doubtful = new Set([
    ...(await changedByStat(repo, tracked)),
    ...tracked.unwatched,
    ...(await racy(repo, tracked.oids, found)),
  ])
  for (const path of doubtful) {
    const file = found.regular(path)
    if (file === undefined) continue
    try {
      if (!(await isHeld(repo, file, tracked.oids.get(path) ?? []))) found.add(file)
    } catch (error) {
      found.unreadable(path, error)
    }
  }
  const others = ['ls-files', '--others', '--exclude-standard', '-z', ...below(repo)]
  for await (const path of output(repo, others, (said) => found.unopened(said))) {
    if (path.endsWith('/')) found.count('nested git repositories')
    else found.consider(path)
  }
  await countIgnored(repo, found)
  return found.result()
}

/**
 * A file's bytes. Throws AuditError('PATH_MISSING') where it is gone, unreadable, or since the listing has become
 * something else than a file of bearable size.
 */
export async function readWorkFile(file: WorkFile): Promise<Buffer> {
  try {
    // Between listing and reading a name may have become a link or a pipe: neither is followed or waited for.
    const handle = await open(
      file.absolute,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    )
    try {
      const stats = await handle.stat()
      if (!stats.isFile() || stats.size > largestBytes) throw new Error('it has changed while it was read')
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    const path = harmless(Buffer.from(file.path, 'latin1').toString())
    throw new AuditError('PATH_MISSING', `cannot read ${path}: ${codeOf(error)}`, {
      hint: 'check that it still exists and that you may read it',
      cause: error,
    })
  }
}

/** The text of a file that the user names. Throws AuditError('CONFIG_INVALID') where it cannot be read. */
export async function readSettings(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AuditError('CONFIG_INVALID', `cannot read ${path}: ${reasonOf(cause)}`, {
      hint: 'name a file that exists and that you may read',
      cause,
    })
  }
}

/** What listing has gathered; it judges each path once. */
class Found {
  private readonly files: WorkFile[] = []
  private readonly counts = new Map<string, number>()
  private readonly missed: Missed[] = []
  private readonly folders = new Map<string, boolean>()
  private readonly refused = new Set<string>()
  private readonly seen = new Set<string>()
  readonly top: string
  private readonly prefix: string

  /** Paths are relative to `top`; those reported, to its subfolder `prefix`. */
  constructor(top: string, prefix = '') {
    this.top = top
    this.prefix = Buffer.from(prefix).toString('latin1')
  }

  result(): WorkFiles {
    return { files: this.files, counts: Object.fromEntries(this.counts), missed: this.missed }
  }

  count(reason: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
  }

  consider(path: string): void {
    const file = this.regular(path)
    if (file !== undefined) this.add(file)
  }

  add(file: WorkFile): void {
    if (file.size <= largestBytes) this.files.push(file)
    else {
      const why = `it has ${Math.round(file.size / 1024 / 1024)} MiB, and files above ${largestBytes / 1024 / 1024} MiB are not read`
      this.miss(file.path, why, 'look through it by other means, or let git ignore it')
    }
  }

  /** The file at a path of git's, if it is a regular one and was not asked for before. */
  regular(path: string): WorkFile | undefined {
    if (this.seen.has(path)) return undefined
    this.seen.add(path)
    const stats = this.stats(path)
    if (stats === undefined || stats.isDirectory()) return undefined
    if (stats.isFile())
      return { path: path.slice(this.prefix.length), absolute: this.absolute(path), size: Number(stats.size) }
    this.count(stats.isSymbolicLink() ? 'symbolic links' : 'pipes, sockets and devices')
    return undefined
  }

  /** Of the path itself, where all on the way are folders: behind a link stands something that is not git's. */
  stats(path: string): BigIntStats | undefined {
    try {
      if (!this.isInFolder(path)) return undefined
      return lstatSync(this.absolute(path), { bigint: true, throwIfNoEntry: false })
    } catch (error) {
      this.unreadable(path, error)
      return undefined
    }
  }

  absolute(path: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.top}/`), Buffer.from(path, 'latin1')])
  }

  unreadable(path: string, error: unknown): void {
    if (this.refused.has(path)) return
    this.refused.add(path)
    this.miss(path.slice(this.prefix.length), codeOf(error), 'make it readable for this user, or let git ignore it')
  }

  /** Folders that git could only complain of. */
  unopened(complaints: string): void {
    for (const [, folder = '', why = ''] of complaints.matchAll(/^warning: could not open directory '(.*)': (.*)$/gm))
      this.unreadable(Buffer.from(folder).toString('latin1'), new Error(harmless(why.toLowerCase())))
  }

  private miss(path: string, why: string, next: string): void {
    this.missed.push({ what: harmless(Buffer.from(path, 'latin1').toString()), why, next })
  }

  /** False where a link or a file stands where a folder was tracked. Throws what lstat does. */
  private isInFolder(path: string): boolean {
    const slash = path.lastIndexOf('/')
    if (slash === -1) return true
    const folder = path.slice(0, slash)
    const known = this.folders.get(folder)
    if (known !== undefined) return known
    const isFolder =
      this.isInFolder(folder) && lstatSync(this.absolute(folder), { throwIfNoEntry: false })?.isDirectory() === true
    this.folders.set(folder, isFolder)
    return isFolder
  }
}

interface Tracked {
  /** Path → the blobs the index has for it (several in a conflict). */
  readonly oids: ReadonlyMap<string, readonly string[]>
  /** Told to git as not worth watching: `assume-unchanged` and `skip-worktree` hide changes. */
  readonly unwatched: readonly string[]
}

async function trackedFiles(repo: Repository, found: Found): Promise<Tracked> {
  const oids = new Map<string, string[]>()
  const unwatched: string[] = []
  for await (const entry of output(repo, ['ls-files', '-v', '--stage', '-z', ...below(repo)])) {
    const [tag = '', mode, oid = ''] = entry.split(' ', 3)
    const path = entry.slice(entry.indexOf('\t') + 1)
    if (mode === '160000') found.count('submodules')
    else {
      oids.set(path, [...(oids.get(path) ?? []), oid])
      if (tag !== 'H') unwatched.push(path)
    }
  }
  return { oids, unwatched }
}

/**
 * Tracked files whose stat data differs from the index. Git would read (and filter) a file as young as the index to
 * be sure; shown a copy of the index from the future it finds none so young. `racy` looks at those.
 */
async function changedByStat(repo: Repository, tracked: Tracked): Promise<readonly string[]> {
  if (tracked.oids.size === 0) return []
  const folder = await mkdtemp(join(tmpdir(), 'audit-deps-')).catch(() => undefined)
  // Nowhere to put the copy: then every tracked file is doubtful.
  if (folder === undefined) return [...tracked.oids.keys()]
  try {
    const copy = join(folder, 'index')
    const copied = await copyFile(indexOf(repo), copy).then(
      () => utimes(copy, farFuture, farFuture).then(() => true),
      () => false,
    )
    return copied ? await differing({ ...repo, indexFile: copy }) : [...tracked.oids.keys()]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function differing(repo: Repository): Promise<string[]> {
  const args = ['diff-files', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--ignore-submodules=all']
  const changed: string[] = []
  let isPath = false
  for await (const field of output(repo, [...args, ...below(repo)])) {
    if (isPath) changed.push(field)
    isPath = !isPath
  }
  return changed
}

// Seconds since 1970: the year 2100, within the 32 bits git keeps.
const farFuture = 4_102_444_800

const indexOf = (repo: Repository): string => repo.indexFile ?? join(repo.gitDir, 'index')

/** Tracked files not older than the index: a change in its last second leaves size and time as they were. */
async function racy(repo: Repository, tracked: ReadonlyMap<string, unknown>, found: Found): Promise<string[]> {
  const index = await stat(indexOf(repo)).catch(() => undefined)
  // An index without a date vouches for nothing: then every tracked file is doubtful.
  if (index === undefined) return [...tracked.keys()]
  const written = BigInt(Math.floor(index.mtimeMs / 1000))
  return [...tracked.keys()].filter((path) => {
    const stats = found.stats(path)
    return stats !== undefined && stats.mtimeNs / 1_000_000_000n >= written
  })
}

/** Whether the file's bytes are one of the blobs. Bytes that only a filter would turn into it are not. */
async function isHeld(repo: Repository, file: WorkFile, oids: readonly string[]): Promise<boolean> {
  if (file.size > largestBytes) return false
  const data = await readWorkFile(file)
  return oids.includes(createHash(repo.objectFormat).update(`blob ${data.length}\0`).update(data).digest('hex'))
}

async function countIgnored(repo: Repository, found: Found): Promise<void> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z', ...below(repo)]
  let folder: string | undefined
  for await (const path of output(repo, args)) {
    // A folder in which everything is ignored is named, and then its files are too.
    if (folder !== undefined && path.startsWith(folder)) continue
    if (path.endsWith('/')) folder = path
    found.count(path.endsWith('/') ? 'folders ignored by git' : 'files ignored by git')
  }
}

async function everyFile(found: Found): Promise<void> {
  const open = ['']
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = await readdir(found.absolute(folder), { withFileTypes: true, encoding: 'buffer' }).catch(
      (error: unknown) => found.unreadable(folder ?? '', error),
    )
    for (const entry of entries ?? []) {
      const name = entry.name.toString('latin1')
      if (name === '.git' && folder === '') continue
      if (name === '.git') found.count('nested git repositories')
      else if (!entry.isDirectory()) found.consider(folder + name)
      else if (name === 'node_modules') found.count('node_modules folders')
      else open.push(`${folder}${name}/`)
    }
  }
}

async function* output(
  repo: Repository,
  args: readonly string[],
  complaints: (text: string) => void = () => {},
): AsyncGenerator<string> {
  for await (const some of records(git(repo, args, { complaints }), '\0')) yield* some
}

const codeOf = (error: unknown): string => harmless(reasonOf((error as { cause?: unknown }).cause ?? error))
