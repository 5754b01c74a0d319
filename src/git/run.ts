// Starts git so that nothing a scanned repository configures can run, reach out or hide an object: plumbing only,
// an environment of our own, settings that outrank the repository's. Output is streamed; it can exceed any string.

import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { Readable as ReadableStream } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AuditError, reasonOf } from '../errors.ts'
import { clean } from '../redact.ts'

/** Where git runs. Every Repository is one. */
export interface Place {
  /** Git's working directory: the work tree's top, or the repository itself where there is none. */
  readonly folder: string
  /** Outranks `core.worktree`, by which a repository could point us at someone else's files. */
  readonly workTree?: string | undefined
  readonly indexFile?: string | undefined
}

export interface RunOptions {
  readonly input?: Iterable<string | Buffer> | AsyncIterable<string | Buffer> | undefined
  /** Takes what git said on stderr (bounded), also when it succeeded: a damaged store is only complained about. */
  readonly complaints?: (text: string) => void
  /** How long git may say nothing before it is ended, in milliseconds. */
  readonly patienceMs?: number
  /** Exit code 1 is an answer too, git's quiet no: what came before it is all there is. */
  readonly mayDeny?: boolean
  /** Ends git, and with it its output: for an answer that nobody needs any more. */
  readonly signal?: AbortSignal
}

/** Given before the subcommand: command-line settings outrank all files. */
export const settings = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  // A commit-graph that lies about parents would hide commits from us, and costs nothing to do without.
  'core.commitGraph=false',
  'core.checkStat=default',
  'core.trustctime=true',
  'log.showSignature=false',
  // Reading in pack order visits neighbours in one delta chain: keep more of it than 96 MB.
  'core.deltaBaseCacheLimit=256m',
  // Else a pack is mapped whole, and on a large one git takes more memory than we do. It costs no time (rails).
  'core.packedGitWindowSize=16m',
  'core.packedGitLimit=128m',
  'gc.auto=0',
] as const

const ours = {
  GIT_NO_REPLACE_OBJECTS: '1',
  // A path below which nothing can stand: grafts, too, would rewrite who is whose parent.
  GIT_GRAFT_FILE: '/dev/null/none',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_PAGER: 'cat',
  // Into a pipe git writes commit by commit, and each would wake up whoever reads.
  GIT_FLUSH: '0',
  LC_ALL: 'C',
} as const

// The user's own level of configuration, where `safe.directory` stands. All other GIT_* could redirect us.
const kept = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES'])
/** In a hook that decides about a push, git keeps what was pushed apart, and says where. */
const quarantine = new Set(['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_QUARANTINE_PATH'])
const dropped = /^(?:git_.*|editor|visual|pager|prefix|ssh_askpass)$/i

/** The whole environment of a git process, made from this process's without what could redirect git. */
export function environment(place: Place): Record<string, string> {
  const env: Record<string, string> = {}
  const inQuarantine = process.env.GIT_QUARANTINE_PATH !== undefined
  for (const [name, value] of Object.entries(process.env)) {
    const isKept = kept.has(name) || (inQuarantine && quarantine.has(name)) || !dropped.test(name)
    if (value !== undefined && isKept) env[name] = value
  }
  return {
    ...env,
    ...ours,
    // Where there is none, one that a setting names may be gone: git would not start without it.
    GIT_WORK_TREE: place.workTree ?? place.folder,
    ...(place.indexFile === undefined ? {} : { GIT_INDEX_FILE: place.indexFile }),
  }
}

/**
 * Runs one git command and yields its output in chunks. Stopping early kills git (and whatever feeds it).
 * Throws AuditError('GIT_FAILED') when git cannot be started or exits with an error.
 */
export async function* git(place: Place, args: readonly string[], options: RunOptions = {}): AsyncGenerator<Buffer> {
  const child = spawn('git', [...settings.flatMap((setting) => ['-c', setting]), '--no-pager', ...args], {
    cwd: place.folder,
    env: environment(place),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const complaints = bounded(child.stderr)
  const closed = new Promise<{ code: number | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    child.once('close', (code) => resolve({ code }))
  })
  const { input, complaints: complain, patienceMs = longestSilenceMs, mayDeny = false } = options
  const fed = pipeline(ReadableStream.from(input ?? []), child.stdin).catch((error: unknown) => error)
  // Deltas that go round in a circle keep git busy for ever.
  let silent = false
  const waitedLongEnough = (): void => {
    silent = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(waitedLongEnough, patienceMs)
  const stop = (): void => void child.kill()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    if (options.signal?.aborted) stop()
    for await (const chunk of child.stdout) {
      clearTimeout(timer)
      yield chunk
      timer = setTimeout(waitedLongEnough, patienceMs)
    }
    if (silent) throw failure(args, `it said nothing for ${patienceMs / 1000} s`)
    const { code, error } = await closed
    if (error !== undefined || (code !== 0 && !(mayDeny && code === 1))) throw failure(args, complaints(), error)
    const inputError = await fed
    if (inputError !== undefined && !isClosedPipe(inputError)) throw inputError
    complain?.(complaints())
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
    child.kill()
  }
}

/** More than a walk over the largest histories takes before its first line. */
const longestSilenceMs = 5 * 60_000

/** All output of a command that is known to be small. */
export async function collect(place: Place, args: readonly string[], options?: RunOptions): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of git(place, args, options)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Splits a stream into latin1 records, as many at a time as have arrived; `separator` is one character. */
export async function* records(stream: AsyncIterable<Buffer>, separator: '\0' | '\n'): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of stream) {
    const parts = (rest + chunk.toString('latin1')).split(separator)
    rest = parts.pop() ?? ''
    if (parts.length > 0) yield parts
  }
  if (rest !== '') yield [rest]
}

const stderrBytes = 8 * 1024

function bounded(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < stderrBytes) text = (text + chunk).slice(0, stderrBytes)
  })
  return () => text
}

// A child that died or was stopped no longer reads: its exit says why, not the pipe.
const isClosedPipe = (error: unknown): boolean =>
  ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EOF'].includes((error as NodeJS.ErrnoException).code ?? '')

/** What git said when it failed, as one error with the next step. */
export function failure(args: readonly string[], stderr: string, cause?: unknown): AuditError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    return new AuditError('GIT_FAILED', 'git could not be started: it is not on the PATH', {
      hint: 'install git 2.25 or newer and put it on the PATH',
      cause,
    })
  }
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const said = lines.find((line) => line.startsWith('fatal:')) ?? lines[0] ?? reasonOf(cause ?? 'it gave no reason')
  return new AuditError('GIT_FAILED', `git ${args[0]} failed: ${clean(said.replace(/^fatal: /, '')).slice(0, 300)}`, {
    hint: 'run git fsck there, and mend what it reports',
    cause,
  })
}
