// An npm in PATH before the real one, that does something in between: it sleeps, waits or fails where npm would go on.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { binary } from '../../support/cli.ts'
import type { Bench } from './matrix.ts'

type Behaviour = 'sleep' | 'fail' | 'wait'

const resolving = `process.argv.includes('--package-lock-only')`
const programs: Readonly<Record<Behaviour, string>> = {
  // Never resolves.
  sleep: `if (${resolving}) { touch('started'); setTimeout(() => {}, 60_000) } else real()`,
  // Resolves, and cannot install.
  fail: `if (${resolving}) real(); else process.exit(7)`,
  // Resolves once the first file is there, then waits for the second.
  wait: `if (!${resolving}) real(); else when('go-first', () => { real(() => { touch('started'); when('go', () => process.exit(0)) }) })`,
}

export function shim(bench: Bench, behaviour: Behaviour) {
  const folder = join(bench.root, `shim-${behaviour}`)
  mkdirSync(folder, { recursive: true })
  const text = `#!${process.execPath}
const { spawn } = require('node:child_process')
const { existsSync, writeFileSync } = require('node:fs')
const touch = (name) => writeFileSync(${JSON.stringify(folder)} + '/' + name, '')
const when = (name, then) => existsSync(${JSON.stringify(folder)} + '/' + name) ? then() : setTimeout(when, 50, name, then)
const real = (then = (code) => process.exit(code)) =>
  spawn(${JSON.stringify(join(bench.manager.folder, 'npm'))}, process.argv.slice(2), { stdio: 'inherit' }).on('close', then)
${programs[behaviour]}
`
  writeFileSync(join(folder, 'npm'), text, { mode: 0o755 })
  return {
    PATH: [folder, bench.environment().PATH].join(delimiter),
    started: join(folder, 'started'),
    go: join(folder, 'go'),
  }
}

/** The wrapper, running. */
export function start(
  bench: Bench,
  cwd: string,
  command: readonly string[],
  given: NodeJS.ProcessEnv,
): { readonly child: ChildProcess; readonly code: Promise<number | null> } {
  const child = spawn(process.execPath, [binary, ...command], { cwd, env: bench.environment(given), stdio: 'ignore' })
  return { child, code: new Promise((resolve) => child.on('close', resolve)) }
}

export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 25_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came to that')
    await new Promise((soon) => setTimeout(soon, 50))
  }
}
