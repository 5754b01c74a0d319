// Real repositories for tests: built by git itself below the system's temporary folder, with one identity, dates an
// hour apart, and nothing of the developer's own configuration. Removed when the test that made them ends.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

export const author = 'Ada Example <ada@example.org>'

export interface TemporaryRepository {
  /** The work tree, or the repository where it is bare. */
  readonly folder: string
  /** How many it made, each an hour after the one before. */
  readonly commits: number
  /** Runs git there; gives its output without the last line break. */
  git(...args: string[]): string
  gitWith(input: string | Buffer, ...args: string[]): string
  write(path: string, content: string | Buffer): void
  /** Writes the files (`undefined` deletes) and commits everything; gives the commit's id. */
  commit(message: string, files?: Record<string, string | Buffer | undefined>): string
  /** The id of what a revision names. */
  id(revision: string): string
}

/** `from` clones with the given options instead of starting empty. */
export function temporaryRepository(given: { from?: string; options?: readonly string[] } = {}): TemporaryRepository {
  const folder = join(temporaryFolder(), 'repository')
  const options = given.options ?? []
  if (given.from === undefined) run(dirname(folder), ['init', '--quiet', '--initial-branch=main', ...options, folder])
  else run(dirname(folder), ['clone', '--quiet', ...options, given.from, folder])
  return repositoryAt(folder)
}

/** An empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'audit-deps-test-')))
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** With all in it, though a process that was stopped may still be writing there. */
export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })

/** Built once in a test file; each call gives a copy, which is quicker than git. Made where tests are described. */
export function builtOnce(build: () => TemporaryRepository): () => TemporaryRepository {
  const kept = realpathSync(mkdtempSync(join(tmpdir(), 'audit-deps-test-')))
  afterAll(() => removeFolder(kept))
  let built: TemporaryRepository | undefined
  return () => {
    const original = join(kept, 'repository')
    if (built === undefined) {
      built = build()
      cpSync(built.folder, original, { recursive: true, verbatimSymlinks: true })
    }
    const folder = join(temporaryFolder(), 'repository')
    cpSync(original, folder, { recursive: true, verbatimSymlinks: true })
    return repositoryAt(folder, built.commits)
  }
}

/** The builder over a repository that is already there, such as a linked work tree. */
export function repositoryAt(folder: string, commits = 0): TemporaryRepository {
  let hours = commits
  const git = (...args: string[]) => run(folder, args, undefined, hours)
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return {
    folder,
    get commits() {
      return hours
    },
    git,
    gitWith: (input, ...args) => run(folder, args, input, hours),
    write,
    commit(message, files = {}) {
      hours++
      for (const [path, content] of Object.entries(files)) {
        if (content === undefined) rmSync(join(folder, path))
        else write(path, content)
      }
      git('add', '--all')
      // With its id in full, which is one process less.
      const said = git('-c', 'core.abbrev=no', 'commit', '--allow-empty', '--message', message)
      return /^\[.* ([0-9a-f]{40,64})\] /.exec(said)?.[1] ?? git('rev-parse', 'HEAD')
    },
    id: (revision) => git('rev-parse', '--verify', revision),
  }
}

function run(folder: string, args: readonly string[], input?: string | Buffer, hours = 0): string {
  const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(author) ?? []
  const date = `${Date.UTC(2024, 0, 1) / 1000 + hours * 3600} +0000`
  const output = execFileSync('git', args, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      GIT_CONFIG_GLOBAL: join(import.meta.dirname, 'gitconfig'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    },
  })
  return output.toString().replace(/\n$/, '')
}
