// Starts package managers: with their output caught, for the steps that only resolve, or in the user's own terminal.
// Never through a shell, so that no word of a command line is more than a word.

import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { AuditError } from '../errors.ts'

export interface RunOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

export interface Captured {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** More of a manager's output than this is not kept. */
const mostOutput = 4 * 2 ** 20
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit code of a program that is not there, as shells say it. */
export const missingProgram = 127

/**
 * Runs a program with its output caught. A signal that comes meanwhile ends it, and is then thrown as `Interrupted`.
 * @throws AuditError USAGE where the program is not there; Interrupted
 */
export async function capture(program: string, args: readonly string[], options: RunOptions): Promise<Captured> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  for (const [stream, chunks] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    let size = 0
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostOutput) chunks.push(chunk)
    })
  }
  const { code, interruptedBy } = await ended(child, program, true)
  if (interruptedBy) throw new Interrupted(interruptedBy)
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/**
 * Runs a program in the user's terminal; signals go on to it, and we outlive it.
 * @returns its exit code, 128 + n where signal n ended it
 * @throws AuditError USAGE where the program is not there
 */
export async function inherit(program: string, args: readonly string[], options: RunOptions): Promise<number> {
  return (await ended(spawn(program, args, { ...options, stdio: 'inherit' }), program, !process.stdin.isTTY)).code
}

/** A signal came while only we were at work. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** @param interrupts false in a terminal, which sends its own ctrl-c to both of us */
async function ended(child: ChildProcess, program: string, interrupts: boolean) {
  let interruptedBy: NodeJS.Signals | undefined
  const passOn = (signal: NodeJS.Signals): void => {
    interruptedBy = signal
    if (signal !== 'SIGINT' || interrupts) child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, passOn)
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
    })
    return { code, interruptedBy }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new AuditError('USAGE', `${program} is not there`, { hint: `install ${program}, or mend PATH`, cause })
  } finally {
    for (const signal of passedOn) process.off(signal, passOn)
  }
}
