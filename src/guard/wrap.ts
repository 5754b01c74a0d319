// The wrapper: `audit-deps npm install x`. Vet the lockfile that is there, let the manager resolve in a temporary copy
// without running anything, vet the whole tree that comes of it, put exactly that lockfile in place and install from
// it. Whatever goes wrong before leaves the project as it was. Commands that install nothing are only passed on.

import { join, relative, resolve } from 'node:path'
import type { AuditOptions } from '../audit.ts'
import { AuditError } from '../errors.ts'
import type { Adapter, Plan } from './adapters/adapter.ts'
import type { CommandLine } from './commandline.ts'
import { optionValue } from './commandline.ts'
import type { Decision, Reason } from './decide.ts'
import { inherit } from './run.ts'
import { reasonLines, tell } from './say.ts'

export interface Call {
  readonly adapter: Adapter
  readonly plan: Plan
  /** What is run if the plan is to pass it on: `npx` for npm's. */
  readonly program: string
  /** As given. */
  readonly argv: readonly string[]
  readonly line: CommandLine
  readonly environment: NodeJS.ProcessEnv
  readonly allowUnverified: boolean
  readonly options: AuditOptions
}

/**
 * @returns the manager's own exit code, or 1 blocked by what was found, 3 blocked by what could not be vetted
 * @throws AuditError USAGE for what is not covered; Interrupted
 */
export async function wrap(call: Call, cwd: string): Promise<number> {
  const { adapter, plan, program, argv, environment, line } = call
  const folder = optionValue(line, ...adapter.folder)
  const here = folder === undefined ? cwd : resolve(cwd, folder)
  switch (plan.kind) {
    case 'pass':
      return inherit(program, argv, { cwd, env: environment })
    case 'refuse':
      throw new AuditError('USAGE', plan.why, { hint: plan.next })
    case 'frozen':
      return (await import('./frozen.ts')).installFrozen(call, cwd, here)
    case 'resolve':
      return (await import('./change.ts')).installChanged({ ...call, plan }, cwd, here)
    case 'global':
      return (await import('./fetch.ts')).installGlobally({ ...call, plan }, cwd)
    case 'exec':
      return (await import('./fetch.ts')).execute({ ...call, plan }, cwd)
  }
}

/** Prints the decision. @returns whether the install may go on */
export function announce({ verdict, reasons }: Decision, what: string): boolean {
  if (verdict === 'block') tell(`audit-deps: blocked: ${what}; nothing was installed`)
  tell(...reasonLines({ reasons }))
  return verdict !== 'block'
}

/** A decision by reasons that are not the report's. */
export const withReasons = (decision: Decision, more: readonly Reason[]): Decision => {
  const blocks = more.some(({ action }) => action === 'block')
  return {
    verdict: blocks ? 'block' : decision.verdict === 'allow' && more.length > 0 ? 'warn' : decision.verdict,
    exitCode: blocks ? 1 : decision.exitCode,
    reasons: [...more, ...decision.reasons],
  }
}

/** The same folder in another root. */
export const moved = (folder: string, from: string, to: string): string => join(to, relative(from, folder))

/** Where the lockfile is looked for. */
export const lockfileIn = (root: string, { lockfiles }: Adapter): readonly string[] =>
  lockfiles.map((name) => join(root, name))

/** The command line as the user wrote it. */
export const nameOf = (call: Call): string => [call.program, ...call.argv].join(' ')
