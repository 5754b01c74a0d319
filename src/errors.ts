// One error type for what a user can mend: what happened, where, and the next step.
// Anything else that is thrown is a bug in audit-deps, and the CLI says so.

import type { Missed } from './types.ts'

export type ErrorCode =
  | 'USAGE'
  | 'CONFIG_INVALID'
  | 'PATH_MISSING'
  | 'NOT_A_FOLDER'
  | 'GIT_FAILED'
  | 'SIGNATURE_INVALID'
  | 'LOCKFILE_INVALID'
  | 'OUTPUT_UNWRITABLE'
  | 'REPORT_INVALID'
  | 'UNKNOWN_CODE'

export class AuditError extends Error {
  readonly code: ErrorCode
  /** The next step, as an imperative: "run npm install --package-lock-only". */
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AuditError'
    this.code = code
    this.hint = options.hint
  }
}

/** Wrong usage or configuration ends the run: coverage could not mend it. */
export const isTheCallers = (thrown: unknown): boolean =>
  thrown instanceof AuditError && (thrown.code === 'USAGE' || thrown.code === 'CONFIG_INVALID')

/** For the coverage of what broke, for a known reason or by a bug of ours. */
export function whatBroke(error: unknown): Pick<Missed, 'why' | 'next'> {
  if (error instanceof AuditError) return { why: error.message, next: error.hint ?? 'mend it and run again' }
  // Nobody sees the stack any more: its first line of ours is what a report of the bug needs.
  const where = /\/(?:dist|src)\/(\S+?\.[jt]s:\d+)/.exec(error instanceof Error ? (error.stack ?? '') : '')?.[1]
  const why = where === undefined ? reasonOf(error) : `${reasonOf(error)} (${where})`
  return { why, next: 'this is a bug in audit-deps: report it with this sentence' }
}

/** The message of anything thrown, for a sentence of ours; of the file system's errors what happened, without paths. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { code, syscall } = thrown as NodeJS.ErrnoException
  if (syscall === 'uv_cwd') return 'the folder it was started in is gone'
  if (code !== undefined && Object.hasOwn(sentences, code)) return sentences[code as keyof typeof sentences]
  // The text of any other one names a place on this machine.
  return syscall !== undefined && /^E[A-Z0-9]+$/.test(code ?? '') ? `the system answered ${code}` : thrown.message
}

const sentences = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EFBIG: 'it would be too large',
  EIO: 'the disk could not be read or written',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link, or links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'it is gone or not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands where a folder should be',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
} as const
