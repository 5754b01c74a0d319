// One error type for what a user can mend: what happened, where, and the next step.
// Anything else that is thrown is a bug in audit-deps, and the CLI says so.

export type ErrorCode =
  | 'USAGE'
  | 'CONFIG_INVALID'
  | 'PATH_MISSING'
  | 'NOT_A_FOLDER'
  | 'GIT_FAILED'
  | 'SIGNATURE_INVALID'
  | 'LOCKFILE_INVALID'
  | 'OUTPUT_UNWRITABLE'
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

/** The message of anything thrown, for a sentence of ours. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
