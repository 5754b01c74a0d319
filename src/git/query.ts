// The small questions to an opened repository (rev-parse, merge-base), asked through simple-git: it times out a git that
// hangs on a hostile configuration. Same environment and settings as the streams of run.ts.

import { AuditError } from '../errors.ts'
import { objectId } from '../shape.ts'
import { environment, failure, type Place, settings } from './run.ts'

const patienceMs = 20_000

/** A git command's output without its last line break; '' for its quiet no (exit 1). Throws AuditError('GIT_FAILED'). */
export async function query(place: Place, args: readonly string[]): Promise<string> {
  const client = await open(place)
  try {
    const output = await client.raw([...args])
    return output.replace(/\r?\n$/, '')
  } catch (error) {
    throw error instanceof AuditError ? error : failure(args, messageOf(error), error)
  }
}

/** The full id of the commit that a revision names; undefined where it names none. @throws AuditError GIT_FAILED */
export async function commitNamed(place: Place, ref: string): Promise<string | undefined> {
  const oid = await query(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])
  return objectId(oid) ? oid : undefined
}

async function open(place: Place) {
  const { simpleGit } = await import('simple-git')
  const env = environment(place)
  return simpleGit({
    baseDir: place.folder,
    config: [...settings],
    timeout: { block: patienceMs },
    errors: (error, { exitCode }) => (exitCode === 1 ? undefined : error),
    completion: { onClose: true, onExit: false },
    // simple-git guards what could run a program. These two switch programs off.
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafePager: true,
      allowUnsafeConfigPaths: true,
    },
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith('GIT_')),
  }).env(env)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
