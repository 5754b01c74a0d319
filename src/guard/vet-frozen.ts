// Vets what a lockfile pins that will be taken as it is, in a copy: the project is not touched, its settings are read.

import { basename } from 'node:path'
import { copyProject } from './copy.ts'
import type { Present } from './present.ts'
import { tell } from './say.ts'
import { emptyProject } from './temporary.ts'
import { originsOf, vetted } from './vetted.ts'
import { announce, type Call, nameOf } from './wrap.ts'

/** @returns the exit code where it is blocked */
export async function vetFrozen(
  call: Call,
  root: string,
  files: readonly string[],
  present: Present,
): Promise<number | undefined> {
  const copy = await emptyProject(basename(root))
  try {
    await copyProject(root, copy.root, files, [])
    const origins = await originsOf(call, copy.root)
    if (origins.verdict === 'block' && !announce(origins, nameOf(call))) return origins.exitCode
    const { decision, packages } = await vetted(copy.root, call, present, origins)
    if (!announce(decision, nameOf(call))) return decision.exitCode
    tell(`audit-deps: ${packages} packages of the lockfile vetted`)
    return undefined
  } finally {
    await copy.remove()
  }
}
