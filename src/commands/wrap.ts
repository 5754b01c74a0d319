// `audit-deps npm install x`: the package manager, guarded. Our own options stand between the manager's name and its
// command; everything else is the manager's.

import { AuditError } from '../errors.ts'
import { planFor } from '../guard/adapters/index.ts'
import type { Program } from '../guard/programs.ts'
import { Interrupted, missingProgram } from '../guard/run.ts'
import { tell } from '../guard/say.ts'
import { wrap } from '../guard/wrap.ts'

const own = '--allow-unverified'

/** @returns the exit code: the manager's own, or 1, 2, 3 as everywhere, or 127 where the manager is not there */
export async function wrapCommand(program: Program, given: readonly string[]): Promise<number> {
  const allowUnverified = given[0] === own
  const argv = allowUnverified ? given.slice(1) : given
  const cwd = process.cwd()
  // A copy: npm's own libraries write into process.env, and no child shall see that.
  const environment = { ...process.env }
  if (process.platform === 'win32')
    throw new AuditError('USAGE', 'the wrapper is not made for Windows yet', {
      hint: 'vet first: audit-deps check NAME, or audit-deps deps, then run the package manager itself',
    })
  try {
    const planned = await planFor(program, argv, cwd, environment)
    return await wrap({ ...planned, program, argv, environment, allowUnverified, options: {} }, cwd)
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    const missing = error instanceof AuditError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
    if (!missing || !error.message.endsWith('is not there')) throw error
    tell(`audit-deps: ${error.message}`, `  → ${error.hint}`)
    return missingProgram
  }
}
