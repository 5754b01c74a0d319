// Installs that take the lockfile as it is (`npm ci`): vet it, then run the command as given. Vetted within a day in
// this very state, it is only run: what that way needs is all that this file loads, and the rest is loaded when it comes
// to vetting.

import { namesOrigins } from './commandline.ts'
import { projectRoot } from './folders.ts'
import { inputsOf } from './inputs.ts'
import { readPresent } from './present.ts'
import { passedAs, remember, stateOf } from './remember.ts'
import { inherit } from './run.ts'
import { tell } from './say.ts'
import { type Call, nameOf } from './wrap.ts'

/** Parameters and result as installChanged()'s; 3 where there is no lockfile to vet. */
export async function installFrozen(call: Call, cwd: string, here: string): Promise<number> {
  const { adapter, program, argv, environment } = call
  const root = projectRoot(here, adapter.program)
  const run = () => inherit(program, argv, { cwd, env: environment })
  const now = new Date()
  const files = await inputsOf(root)
  const present = await readPresent(root, adapter, environment)
  // Without a lockfile npm ci refuses itself; others would resolve.
  if (present.bytes === undefined) {
    if (adapter.program === 'npm') return run()
    tell(
      `audit-deps: blocked: ${nameOf(call)}: there is no lockfile to install from; make and vet one: audit-deps ${adapter.program} install`,
    )
    return 3
  }
  const state = await stateOf(root, files, adapter.program, environment, now)
  if (passedAs(present.memory, now, state) && !namesOrigins(call.line)) return run()
  const blocked = await (await import('./vet-frozen.ts')).vetFrozen(call, root, files, present)
  if (blocked !== undefined) return blocked
  if (!call.allowUnverified) remember(present.bytes, environment, { at: now.getTime(), state, settled: false })
  return run()
}
