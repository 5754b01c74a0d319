// A program that is about to run. npm takes a third of a second before it looks at anything: that much of it is begun
// while we are still at work, and the rest waits for our word (see gate.cts). Other programs begin when they may.

import type { StdioOptions } from 'node:child_process'
import { closeSync, openSync, readSync, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join, sep } from 'node:path'
import type { Writable } from 'node:stream'
import { builtFile } from '../built-file.ts'
import { type Captured, capture, captured, inherit, inherited, type RunOptions, type Started, start } from './run.ts'

export interface Pending<T> {
  /** Lets it run. @throws as capture() and inherit() */
  go(): Promise<T>
  /** It was not needed, and has done nothing. */
  stop(): void
}

/** As capture(), begun ahead. */
export const pendingCapture = (program: string, args: readonly string[], options: RunOptions): Pending<Captured> =>
  waiting(program, args, options, ['ignore', 'pipe', 'pipe', 'pipe'], captured) ?? {
    go: () => capture(program, args, options),
    stop: () => {},
  }

/** As inherit(), begun ahead. */
export const pendingInherit = (program: string, args: readonly string[], options: RunOptions): Pending<number> =>
  waiting(program, args, options, ['inherit', 'inherit', 'inherit', 'pipe'], inherited) ?? {
    go: () => inherit(program, args, options),
    stop: () => {},
  }

function waiting<T>(
  program: string,
  args: readonly string[],
  options: RunOptions,
  stdio: StdioOptions,
  ended: (started: Started) => Promise<T>,
): Pending<T> | undefined {
  const npm = program === 'npm' ? npmIn(options.env.PATH) : undefined
  if (npm === undefined) return undefined
  const gate = builtFile(new URL('./gate.cjs', import.meta.url))
  const started = start(program, ['node', '--require', gate, npm, ...args], options, stdio)
  const opener = started.child.stdio[3] as Writable
  // Where it has ended by then, its exit code says so.
  opener.on('error', () => {})
  return {
    go: () => {
      const outcome = ended(started)
      opener.end('.')
      return outcome
    },
    stop: () => {
      started.child.kill('SIGKILL')
    },
  }
}

const script = ['', 'npm', 'bin', 'npm-cli.js'].join(sep)
const firstLine = '#!/usr/bin/env node\n'

/** The npm that this PATH leads to, where it is npm's own script and would be run by the `node` of this PATH. */
function npmIn(path = ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, 'npm')
    try {
      const isIt = realpathSync(file).endsWith(script) && isAbsolute(folder) && startOf(file) === firstLine
      return isIt ? file : undefined
    } catch {
      // Not in this one.
    }
  }
  return undefined
}

function startOf(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(firstLine.length)
    return bytes.toString('latin1', 0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}
