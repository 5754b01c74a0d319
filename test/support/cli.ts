// Runs the built binary as a user would: a process of its own, its own home and cache, nothing of the developer's
// configuration, and no registry but the one a test names.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { temporaryFolder } from './repository.ts'

export const binary = join(import.meta.dirname, '../../dist/cli.js')

/** Nobody listens there: a run that should ask no registry fails loudly if it does. */
export const deadRegistry = 'http://127.0.0.1:9/'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Buffer
  /** Instead of our own binary. */
  readonly command?: readonly [string, ...string[]]
}

export async function cli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const home = temporaryFolder()
  const [command, ...before] = options.command ?? [process.execPath, binary]
  const child = spawn(command, [...before, ...args], {
    cwd: options.cwd ?? home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      npm_config_registry: deadRegistry,
      npm_config_update_notifier: 'false',
      ...options.env,
    },
  })
  child.stdin.on('error', () => {
    // A command that does not read its input closes the pipe: what matters is what it answers.
  })
  child.stdin.end(options.input ?? '')
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ])
  return { code, stdout, stderr }
}
