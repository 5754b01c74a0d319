// From the program that is called to the adapter that knows it, and to the plan for this command line. Each adapter is
// loaded when it is called for: passing a command on must cost next to nothing.

import { type CommandLine, parseCommandLine } from '../commandline.ts'
import { surroundings } from '../folders.ts'
import type { Program } from '../programs.ts'
import type { Adapter, Plan } from './adapter.ts'

export interface Planned {
  readonly adapter: Adapter
  readonly line: CommandLine
  readonly plan: Plan
}

export async function planFor(
  program: Program,
  argv: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<Planned> {
  const here = surroundings(cwd, environment)
  if (program === 'npm' || program === 'npx') {
    const { npm, planNpx } = await import('./npm.ts')
    if (program === 'npx') return { adapter: npm, line: parseCommandLine(argv, npm.valued, true), plan: planNpx(argv) }
    const line = parseCommandLine(argv, npm.valued)
    return { adapter: npm, line, plan: npm.plan(line, argv, here) }
  }
  throw new Error(`no adapter for ${program}`)
}
