// Installs that take the lockfile as it is (`npm ci`): vet it, then run the command as given. Vetted within a day in
// this very state, it is only run.

import { copyProject, inputsOf } from './copy.ts'
import { projectRoot } from './folders.ts'
import { namesOrigins } from './origins.ts'
import { isFresh, remember, stateOf } from './remember.ts'
import { inherit } from './run.ts'
import { tell } from './say.ts'
import { originsOf, readPresent, vetted } from './vetted.ts'
import { announce, type Call, nameOf, newsSince } from './wrap.ts'

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
  const known = present.memory !== undefined && isFresh(present.memory, now, state)
  if (known && !namesOrigins(call.line)) return run()
  const copy = await copyProject(root, files, [])
  try {
    const origins = await originsOf(call, copy.root)
    if (origins.verdict === 'block' && !announce(origins, nameOf(call))) return origins.exitCode
    const { decision, packages } = await vetted(copy.root, call, (locked) => newsSince(present, locked), origins)
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages of the lockfile vetted`)
    if (!call.allowUnverified) await remember(present.bytes, environment, { at: now.getTime(), state, settled: false })
  } finally {
    await copy.remove()
  }
  return run()
}
