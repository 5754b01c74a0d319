// Installs what was vetted: puts its files in place, lets the manager install from them, and looks at what it wrote.

import { relative } from 'node:path'
import { readLockfile } from '../project/read.ts'
import type { Lockfile } from '../types.ts'
import type { Changing } from './change.ts'
import { inputsOf } from './inputs.ts'
import { bytesOf, put, takeBack } from './place.ts'
import { remember, stateOf } from './remember.ts'
import type { Outcome } from './resolve.ts'
import { tell } from './say.ts'
import { lockfileIn } from './wrap.ts'

/**
 * Takes what resolveAndVet() gave.
 * @returns the manager's exit code; 1 where it installed something that was not vetted
 * @throws the file system's errors; then the project is as before
 */
export async function install(
  call: Changing,
  root: string,
  { changes, lockfiles, installing }: Outcome,
): Promise<number> {
  const { plan } = call
  await put(root, changes).catch((error: unknown) => {
    installing.stop()
    throw error
  })
  let code = 1
  try {
    code = await installing.go()
  } finally {
    // What could not be installed is not asked for either, as with the manager itself.
    if (code !== 0 || plan.unsaved) await takeBack(root, changes)
  }
  if (code !== 0 || plan.unsaved) return code
  return settle(call, root, lockfiles)
}

/** The manager has written its lockfile: what is in it must be what was vetted. */
async function settle(call: Changing, root: string, vettedLocks: readonly Lockfile[]): Promise<number> {
  const { adapter, environment } = call
  const known = new Set(
    vettedLocks.flatMap(({ packages }) => packages.map(({ name, version }) => `${name}@${version}`)),
  )
  for (const file of lockfileIn(root, adapter)) {
    const bytes = await bytesOf(file)
    if (bytes === undefined) continue
    const { packages } = await readLockfile(file)
    const strangers = packages.filter(
      ({ name, version, kind, bundled }) => kind === 'registry' && !bundled && !known.has(`${name}@${version}`),
    )
    if (strangers.length > 0) {
      const names = strangers.slice(0, 5).map(({ name, version }) => `${name}@${version}`)
      tell(
        `audit-deps: ${relative(root, file)} now holds what was not vetted: ${names.join(', ')}`,
        '  ✗ the manager installed something else than its own lockfile said → treat it as unvetted: audit-deps deps',
      )
      return 1
    }
    if (!call.allowUnverified) {
      const now = new Date()
      const state = await stateOf(root, await inputsOf(root), adapter.program, environment, now)
      remember(bytes, environment, { at: now.getTime(), state, settled: true })
    }
    return 0
  }
  return 0
}
