// Installs that change the lockfile (`npm install`, `npm install x`, `npm update`): the manager resolves in a temporary
// copy, the outcome is vetted, and what was vetted is what is installed. Where a lockfile was vetted within a day in
// this very state and is all that is asked for, the command is only run, and nothing but this file's imports is loaded.

import { mkdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Plan, setOf } from './adapters/adapter.ts'
import { withoutOptions } from './commandline.ts'
import { projectRoot } from './folders.ts'
import { inputsOf } from './inputs.ts'
import { type Pending, pendingCapture, pendingInherit } from './pending.ts'
import { readPresent } from './present.ts'
import { passedAs, stateOf } from './remember.ts'
import { type Captured, inherit } from './run.ts'
import { emptyProject } from './temporary.ts'
import { type Call, moved } from './wrap.ts'

export type Changing = Call & { readonly plan: Extract<Plan, { kind: 'resolve' }> }

/**
 * @param cwd where the wrapper was called
 * @param here where the manager is told to work
 * @returns as wrap(); @throws as wrap()
 */
export async function installChanged(call: Changing, cwd: string, here: string): Promise<number> {
  const { adapter, plan, environment } = call
  const root = projectRoot(here, adapter.program)
  const now = new Date()
  const files = await inputsOf(root)
  const present = await readPresent(root, adapter, environment)
  // Its own words for it, not the given ones: settings may tell the manager to leave the lockfile aside.
  const words = wordsIn(here, plan.install, call)
  // npm makes a folder that is named and not there.
  const options = { cwd: adapter.here ? cwd : here, env: environment }
  if (present.memory !== undefined && isPlainInstall(call)) {
    const state = await stateOf(root, files, adapter.program, environment, now)
    if (passedAs(present.memory, now, state)?.settled) return inherit(adapter.program, words, options)
  }
  const installing = () => pendingInherit(adapter.program, words, options)
  const copy = await emptyProject(basename(root))
  let resolving: Pending<Captured> | undefined
  try {
    const folder = moved(here, root, copy.root)
    await mkdir(folder, { recursive: true })
    resolving = pendingCapture(adapter.program, wordsIn(folder, plan.resolve, call), {
      cwd: folder,
      env: { ...environment, ...adapter.environment, ...noGit },
    })
    const { resolveAndVet } = await import('./resolve.ts')
    const outcome = await resolveAndVet(
      call,
      { root, here, copy: copy.root, folder, files, present, resolving },
      installing,
    )
    if (typeof outcome === 'number') return outcome
    return await (await import('./install.ts')).install(call, root, outcome)
  } finally {
    resolving?.stop()
    await copy.remove()
  }
}

/** In the copy a folder that the command line names is another one; and it would be taken from there once more. */
export function wordsIn(folder: string, words: readonly string[], { adapter, line }: Changing): readonly string[] {
  const named = line.options.some(({ name }) => adapter.folder.includes(name))
  if (!named) return words
  const [command, ...rest] = withoutOptions(words, line, adapter.folder)
  return [command!, ...(adapter.here ? [adapter.here(folder)] : []), ...rest]
}

/** Git fetches nothing while it is resolved, where policy does not want what it would fetch. */
const noGit: NodeJS.ProcessEnv = { GIT_ALLOW_PROTOCOL: 'none' }

/** What is asked for is what the lockfile says, as the manager itself found it. */
const isPlainInstall = ({ adapter, line, plan }: Changing): boolean =>
  plan.specs.length === 0 &&
  (plan.install[0] === line.command || line.command === undefined || ['i', 'install'].includes(line.command)) &&
  line.options.every(({ name }) => narrowing.has(name) || adapter.folder.includes(name))

/** Options that say what is left out or printed. Any other one may have a say in what is installed. */
const narrowing = setOf(`
  --omit --only --production --prod --no-optional --ignore-scripts --offline --prefer-offline --loglevel --reporter -s
  --silent --quiet --verbose --progress --no-progress --audit --no-audit --fund --no-fund --non-interactive`)
