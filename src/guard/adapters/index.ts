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

/** @throws AuditError USAGE where yarn has to be asked which one it is, and is not there */
export async function planFor(
  program: Program,
  argv: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<Planned> {
  const planned = (adapter: Adapter): Planned => {
    const line = parseCommandLine(argv, adapter.valued)
    return { adapter, line, plan: adapter.plan(line, argv, surroundings(cwd, environment)) }
  }
  const tool = (adapter: Adapter, plan: Plan): Planned => ({
    adapter,
    line: parseCommandLine(argv, adapter.valued, true),
    plan,
  })
  switch (program) {
    case 'npm':
      return planned((await import('./npm.ts')).npm)
    case 'npx': {
      const { npm, planNpx } = await import('./npm.ts')
      return tool(npm, planNpx(argv))
    }
    case 'pnpm':
      return planned((await import('./pnpm.ts')).pnpm)
    case 'pnpx': {
      const { pnpm, planPnpx } = await import('./pnpm.ts')
      return tool(pnpm, planPnpx(argv))
    }
    case 'bun':
      return planned((await import('./bun.ts')).bun)
    case 'bunx': {
      const { bun, planBunx } = await import('./bun.ts')
      return tool(bun, planBunx(argv))
    }
    default: {
      const { yarnFor } = await import('./yarn.ts')
      return planned(await yarnFor(argv, cwd, environment))
    }
  }
}
