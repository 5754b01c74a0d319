// Starts package managers: with their output caught, for the steps that only resolve, or in the user's own terminal.
// Never through a shell, so that no word of a command line is more than a word.

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
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
export const capture = (program: string, args: readonly string[], options: RunOptions): Promise<Captured> =>
  captured(start(program, [program, ...args], options, ['ignore', 'pipe', 'pipe']))

/** What capture() does with a program that was started with its output in pipes. */
export async function captured(started: Started): Promise<Captured> {
  const { child } = started
  const out: Buffer[] = []
  const err: Buffer[] = []
  for (const [stream, chunks] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    let size = 0
    stream?.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostOutput) chunks.push(chunk)
    })
  }
  const { code, interruptedBy } = await ended(started, true)
  if (interruptedBy) throw new Interrupted(interruptedBy)
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/**
 * Runs a program in the user's terminal; signals go on to it, and we outlive it.
 * @returns its exit code, 128 + n where signal n ended it
 * @throws AuditError USAGE where the program is not there
 */
export const inherit = (program: string, args: readonly string[], options: RunOptions): Promise<number> =>
  inherited(start(program, [program, ...args], options, 'inherit'))

/** What inherit() does with a program that was started in the user's terminal. */
export const inherited = async (started: Started): Promise<number> => (await ended(started, !process.stdin.isTTY)).code

export interface Started {
  readonly child: ChildProcess
  /** Its exit code, 128 + n where signal n ended it; whoever begins it need not wait for that. */
  readonly code: Promise<number>
}

/** @param program what it is to the user; `words` are what is run. */
export function start(program: string, words: readonly string[], options: RunOptions, stdio: StdioOptions): Started {
  const child = spawn(words[0]!, words.slice(1), { ...options, stdio })
  const code = new Promise<number>((resolve, reject) => {
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const hint = `install ${program}, or mend PATH`
      reject(cause.code === 'ENOENT' ? new AuditError('USAGE', `${program} is not there`, { hint, cause }) : cause)
    })
  })
  // Whoever waits for it hears of it; of what nobody lets run, nobody needs to.
  code.catch(() => {})
  return { child, code }
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
async function ended({ child, code }: Started, interrupts: boolean) {
  let interruptedBy: NodeJS.Signals | undefined
  const passOn = (signal: NodeJS.Signals): void => {
    interruptedBy = signal
    if (signal !== 'SIGINT' || interrupts) child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, passOn)
  try {
    return { code: await code, interruptedBy }
  } finally {
    for (const signal of passedOn) process.off(signal, passOn)
  }
}
