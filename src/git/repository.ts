// Finds the repository a folder belongs to, and the facts everything else here needs. Git decides what is a
// repository (so its ownership check holds); where its work tree lies is decided by where `.git` stands, never by
// the repository's own `core.worktree`.

import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AuditError } from '../errors.ts'
import { clean } from '../redact.ts'
import { objectId } from '../shape.ts'
import type { Repository } from '../types.ts'
import { collect, type Place } from './run.ts'

export type { Repository }

const oldest = { major: 2, minor: 25 }

/**
 * The repository that `folder` (absolute or relative, must exist) is in; undefined where there is none.
 * Throws AuditError('GIT_FAILED') with the next step where there is one that git does not read: no git or an old
 * one, someone else's repository, a `.git` file that points nowhere, a broken configuration.
 */
export async function openRepository(folder: string): Promise<Repository | undefined> {
  const root = await realpath(folder)
  const discovered = discover(root)
  // It is awaited below; but what an old git could not answer is its version's fault, and that is said first.
  discovered.catch(() => {})
  await requireGit(root)
  const found = await discovered
  if (found === undefined) return undefined
  const workTree = isWithin(found.gitDir, root) ? undefined : await workTreeOf(root, found.gitDir)
  const place = { folder: workTree ?? found.gitDir, workTree, indexFile: indexOf(found.gitDir, workTree) }
  const [commonDir, head, settings] = await Promise.all([
    ask(place, ['rev-parse', '--git-common-dir']),
    ask(place, ['rev-parse', '--verify', '--quiet', 'HEAD']),
    ask(place, ['config', '--list', '--name-only']),
  ])
  return {
    ...place,
    gitDir: found.gitDir,
    commonDir: await realpath(resolve(place.folder, commonDir)),
    prefix: workTree === undefined || workTree === root ? '' : `${relative(workTree, root).split(sep).join('/')}/`,
    head: objectId(head) ? head : undefined,
    shallow: found.shallow,
    partial: /^(?:extensions\.partialclone|remote\..*\.promisor)$/m.test(settings),
    objectFormat: found.objectFormat,
  }
}

/**
 * Every run opens a repository, and to load simple-git (see query.ts) takes longer than git takes for all of this. The
 * answer without its last line break; '' for a quiet no. A git that hangs on a hostile configuration is ended.
 */
async function ask(place: Place, args: readonly string[]): Promise<string> {
  const answer = await collect(place, args, { patienceMs: 20_000, mayDeny: true })
  return answer.toString('utf8').replace(/\r?\n$/, '')
}

async function requireGit(folder: string): Promise<void> {
  const said = await ask({ folder }, ['version'])
  const [, major = 0, minor = 0] = /^git version (\d+)\.(\d+)/.exec(said)?.map(Number) ?? []
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return
  const next = `install git ${oldest.major}.${oldest.minor} or newer and put it on the PATH`
  throw new AuditError('GIT_FAILED', `git ${major}.${minor} is too old to read objects safely`, { hint: next })
}

interface Discovered {
  readonly gitDir: string
  readonly shallow: boolean
  readonly objectFormat: 'sha1' | 'sha256'
}

async function discover(root: string): Promise<Discovered | undefined> {
  const flags = ['--is-shallow-repository', '--show-object-format', '--absolute-git-dir']
  try {
    const answer = await ask({ folder: root }, ['rev-parse', ...flags])
    const [shallow, format, ...gitDir] = answer.split('\n')
    return {
      gitDir: await realpath(gitDir.join('\n')),
      shallow: shallow === 'true',
      objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    }
  } catch (error) {
    return explain(root, error)
  }
}

/** Says what is wrong and how to mend it; undefined where there simply is no repository. */
async function explain(root: string, error: unknown): Promise<undefined> {
  const said = error instanceof AuditError ? error.message : ''
  const marker = await nearestMarker(root)
  if (marker === undefined && said.includes('not a git repository (or any')) return undefined
  const where = clean(marker ?? root)
  const fail = (message: string, hint: string) => new AuditError('GIT_FAILED', message, { hint, cause: error })
  if (said.includes('dubious ownership')) {
    const hint = `if you trust it, run: git config --global --add safe.directory '${clean(dirname(marker ?? root))}'`
    throw fail(`${where} belongs to another user, so git does not read it`, hint)
  }
  if (/not a git repository: |invalid gitfile|not a git repository \(or any/.test(said)) {
    const hint = 'run git worktree repair or git submodule update --init where it was made, or remove that .git'
    throw fail(`${where} is there, but leads to no repository`, hint)
  }
  throw fail(
    `git cannot read ${where}: ${said || clean(String(error))}`,
    'run git rev-parse --git-dir there, and mend what it reports',
  )
}

function* upwards(root: string): Generator<string> {
  for (let folder = root; ; folder = dirname(folder)) {
    yield folder
    if (folder === dirname(folder)) return
  }
}

async function nearestMarker(root: string): Promise<string | undefined> {
  for (const folder of upwards(root)) {
    const marker = join(folder, '.git')
    if (
      await lstat(marker).then(
        () => true,
        () => false,
      )
    )
      return marker
  }
  return undefined
}

/** The folder whose `.git` is, or is a file that names, this repository. */
async function workTreeOf(root: string, gitDir: string): Promise<string | undefined> {
  for (const folder of upwards(root)) {
    const marker = await realpath(join(folder, '.git')).catch(() => undefined)
    if (marker === undefined) continue
    if (marker === gitDir || (await lstat(marker)).isFile()) return folder
  }
  return undefined
}

/** `git commit -a` lets its hooks see the coming commit through another index, beside the usual one. */
function indexOf(gitDir: string, workTree: string | undefined): string {
  const given = process.env.GIT_INDEX_FILE
  const usual = join(gitDir, 'index')
  if (given === undefined || given === '') return usual
  const file = resolve(workTree ?? gitDir, given)
  return isWithin(gitDir, file) ? file : usual
}

function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
}
