// Installs that change the lockfile (`npm install`, `npm install x`, `npm update`): the manager resolves in a temporary
// copy, the outcome is vetted, and what was vetted is what is installed. Where a lockfile was vetted within a day in
// this very state and is all that is asked for, the command is only run, and nothing but this file's imports is loaded.

import type { Plan } from './adapters/adapter.ts'
import { namesOrigins } from './commandline.ts'
import { projectRoot } from './folders.ts'
import { inputsOf } from './inputs.ts'
import { readPresent } from './present.ts'
import { passedAs, stateOf } from './remember.ts'
import { inherit } from './run.ts'
import type { Call } from './wrap.ts'

export type Changing = Call & { readonly plan: Extract<Plan, { kind: 'resolve' }> }

export async function installChanged(call: Changing, cwd: string, here: string): Promise<number> {
  const { adapter, argv, environment } = call
  const root = projectRoot(here, adapter.program)
  const now = new Date()
  const files = await inputsOf(root)
  const present = await readPresent(root, adapter, environment)
  if (present.memory !== undefined && isPlainInstall(call) && !namesOrigins(call.line)) {
    const state = await stateOf(root, files, adapter.program, environment, now)
    if (passedAs(present.memory, now, state)?.settled) return inherit(call.program, argv, { cwd, env: environment })
  }
  const { resolveAndVet } = await import('./resolve.ts')
  const outcome = await resolveAndVet(call, root, here, files, present)
  if (typeof outcome === 'number') return outcome
  return (await import('./install.ts')).install(call, root, cwd, outcome)
}

/** What is asked for is what the lockfile says, as the manager itself found it. */
const isPlainInstall = ({ line, plan }: Changing): boolean =>
  plan.specs.length === 0 &&
  (plan.install[0] === line.command || line.command === undefined || ['i', 'install'].includes(line.command))
