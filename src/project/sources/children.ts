// Hands questions about files to one or two child processes, for the parser in them is native code that a hostile file
// can end. A child writes one byte for each question it is done with, at once, so that when it dies or stalls we know
// over which one; that one is failed, the others of its batch are asked again.

import { type ChildProcess, fork } from 'node:child_process'
import { dirname } from 'node:path'
import { builtFile } from '../../built-file.ts'
import type { Missed } from '../../types.ts'

export type Failure = Pick<Missed, 'why' | 'next'>
export type Answered<A> = { readonly answer: A } | { readonly failed: Failure }

export interface ChildOptions {
  /** Questions that go together: the answers come together. */
  readonly batchSize: number
  /** From so many questions on a second child is worth its start. */
  readonly worthTwo: number
  /** Told how many questions are done. */
  readonly onDone?: (done: number) => void
  /** For one question. */
  readonly ms?: number
  /** Each costs a start of Node; a project that kills more has been made to. */
  readonly deaths?: number
}

/**
 * @param module the child, which calls `serve`: `new URL('./child.js', import.meta.url)`.
 * @param questions what JSON can hold. One answer each, in order. Throws only where `module` does not exist.
 */
export async function askChildren<Question, Answer>(
  module: URL,
  questions: readonly Question[],
  options: ChildOptions,
): Promise<readonly Answered<Answer>[]> {
  const { batchSize, worthTwo } = options
  const run = new Run<Question, Answer>(questions, options, builtFile(module))
  const children = questions.length >= worthTwo && questions.length > batchSize ? 2 : Math.min(1, questions.length)
  await Promise.all(Array.from({ length: children }, () => run.work()))
  return run.answers as Answered<Answer>[]
}

class Run<Question, Answer> {
  readonly answers: (Answered<Answer> | undefined)[]
  private readonly batches: number[][] = []
  private deaths = 0
  private done = 0
  private readonly questions: readonly Question[]
  private readonly options: ChildOptions
  private readonly module: string

  constructor(questions: readonly Question[], options: ChildOptions, module: string) {
    this.questions = questions
    this.options = options
    this.module = module
    this.answers = questions.map(() => undefined)
    for (let from = 0; from < questions.length; from += options.batchSize) {
      const length = Math.min(options.batchSize, questions.length - from)
      this.batches.push(Array.from({ length }, (_, index) => from + index))
    }
  }

  async work(): Promise<void> {
    const { ms = 10_000, deaths = 50 } = this.options
    let child: Child | undefined
    try {
      for (let batch = this.batches.shift(); batch !== undefined; batch = this.batches.shift()) {
        if (this.deaths > deaths) {
          for (const index of batch) this.finish(index, { failed: gaveUp(deaths) })
          continue
        }
        child ??= startChild(this.module)
        const heard = await child.ask(
          batch.map((index) => this.questions[index]),
          ms,
        )
        if ('answers' in heard) {
          for (const [at, index] of batch.entries()) this.finish(index, { answer: heard.answers[at] as Answer })
          continue
        }
        child.stop()
        child = undefined
        this.deaths++
        this.blame(batch, heard)
      }
    } finally {
      child?.stop()
    }
  }

  private blame(batch: readonly number[], { diedAt, failed }: Died): void {
    const culprit = batch[diedAt]
    if (culprit !== undefined) this.finish(culprit, { failed })
    const rest = batch.filter((index) => index !== culprit)
    if (rest.length > 0) this.batches.unshift(rest)
  }

  private finish(index: number, answered: Answered<Answer>): void {
    this.answers[index] = answered
    this.options.onDone?.(++this.done)
  }
}

const gaveUp = (deaths: number): Failure => ({
  why: `the parser died on more than ${deaths} other files`,
  next: 'let git ignore those, or mend them',
})

interface Died {
  /** Index in the batch; its length, where it died after the last. */
  readonly diedAt: number
  readonly failed: Failure
}

interface Child {
  /** One batch at a time. */
  ask(batch: readonly unknown[], ms: number): Promise<{ readonly answers: readonly unknown[] } | Died>
  stop(): void
}

function startChild(module: string): Child {
  const child = fork(module, [], {
    // Nothing that a shell or a project sets changes what is loaded; no module is looked for in the scanned folder.
    env: {},
    execArgv: ['--max-old-space-size=1024'],
    cwd: dirname(module),
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const stop = (): void => {
    process.off('exit', stop)
    child.kill('SIGKILL')
  }
  process.on('exit', stop)
  let exited = false
  child
    // Whoever waits hears of it by `close`, which follows.
    .once('error', () => {})
    .once('close', () => {
      exited = true
      process.off('exit', stop)
    })
  return { stop, ask: async (batch, ms) => (exited ? died(0, 'died') : ask(child, batch, ms)) }
}

function ask(child: ChildProcess, batch: readonly unknown[], ms: number): ReturnType<Child['ask']> {
  return new Promise((resolve) => {
    let done = 0
    let reason: keyof typeof reasons = 'died'
    const onData = (bytes: Buffer): void => {
      done += bytes.length
      timer.refresh()
    }
    const settle = (heard: Awaited<ReturnType<Child['ask']>>): void => {
      clearTimeout(timer)
      child.stdout?.off('data', onData)
      child.off('close', onClose).off('message', onMessage)
      resolve(heard)
    }
    const onClose = (): void => settle(died(done, reason))
    const onMessage = (answers: unknown): void => settle({ answers: answers as readonly unknown[] })
    const timer = setTimeout(() => {
      reason = 'slow'
      child.kill('SIGKILL')
    }, ms)
    child.stdout?.on('data', onData)
    child.once('close', onClose).once('message', onMessage)
    child.send(batch, (error) => {
      // It died between two batches: its end is on its way.
      if (error) child.kill('SIGKILL')
    })
  })
}

const reasons = {
  died: { why: 'the parser died on it', next: 'look whether it is really source code; if it is, simplify it' },
  slow: { why: 'parsing it took too long', next: 'look whether it is really source code; if it is, split it' },
} as const

const died = (diedAt: number, reason: keyof typeof reasons): Died => ({ diedAt, failed: reasons[reason] })
