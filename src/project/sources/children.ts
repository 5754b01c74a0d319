// Feeds files to one or two children that hold the parser. A child writes one byte for each file it is done with, at
// once, so that when it dies or stalls we know at which file; that one is missed, the others of its batch go again.

import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Missed, SourceFile } from '../../types.ts'

/** What became of one file; all absent where it is gone since it was listed. */
export interface Outcome {
  /** Also beside `missed`, where a part was read. */
  readonly file?: SourceFile
  readonly missed?: Pick<Missed, 'why' | 'next'>
  /** Why it was left out on purpose, as a plural for counting. */
  readonly skipped?: string
}

/** What a child is asked: `files` are relative to `root`, which is absolute and real. */
export interface Batch {
  readonly root: string
  readonly files: readonly string[]
}

export interface Limits {
  /** Of one file. */
  readonly ms: number
  /** Each costs a start of Node; a project that kills more has been made to. */
  readonly deaths: number
}

const defaultLimits: Limits = { ms: 10_000, deaths: 50 }
const batchSize = 40
/** Below it a second child costs more than it does. */
const worthTwo = 150

/** One outcome per file, in order. @param onDone is told how many files are done. */
export async function parseInChildren(
  root: string,
  files: readonly string[],
  onDone: (done: number) => void = () => {},
  limits: Limits = defaultLimits,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = Array.from({ length: files.length }, () => ({}))
  const batches: number[][] = []
  for (let at = 0; at < files.length; at += batchSize)
    batches.push(Array.from({ length: Math.min(batchSize, files.length - at) }, (_, index) => at + index))
  const state = { deaths: 0, done: 0 }
  const finish = (indexes: readonly number[], results: readonly Outcome[]): void => {
    indexes.forEach((index, at) => {
      outcomes[index] = results[at] ?? {}
    })
    state.done += indexes.length
    onDone(state.done)
  }
  const work = async (): Promise<void> => {
    let child: Child | undefined
    try {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        if (state.deaths > limits.deaths) {
          finish(
            batch,
            batch.map(() => ({ missed: gaveUp(limits.deaths) })),
          )
          continue
        }
        child ??= startChild()
        const answer = await child.ask({ root, files: batch.map((index) => files[index]!) }, limits.ms)
        if ('outcomes' in answer) finish(batch, answer.outcomes)
        else {
          child.stop()
          child = undefined
          state.deaths++
          const culprit = batch[answer.diedAt]
          const rest = batch.filter((index) => index !== culprit)
          if (culprit !== undefined) finish([culprit], [{ missed: answer.missed }])
          if (rest.length > 0) batches.unshift(rest)
        }
      }
    } finally {
      child?.stop()
    }
  }
  await Promise.all(Array.from({ length: files.length >= worthTwo ? 2 : Math.min(1, files.length) }, work))
  return outcomes
}

const gaveUp = (deaths: number): Pick<Missed, 'why' | 'next'> => ({
  why: `the parser died on more than ${deaths} other files`,
  next: 'let git ignore those, or mend them',
})

type Answer =
  | { readonly outcomes: readonly Outcome[] }
  | { readonly diedAt: number; readonly missed: Pick<Missed, 'why' | 'next'> }

interface Child {
  /** One batch at a time. */
  ask(batch: Batch, ms: number): Promise<Answer>
  stop(): void
}

function startChild(): Child {
  const module = childModule()
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
  child.once('close', () => {
    exited = true
    process.off('exit', stop)
  })
  return { stop, ask: (batch, ms) => (exited ? Promise.resolve(died(0, 'died')) : ask(child, batch, ms)) }
}

function ask(child: ChildProcess, batch: Batch, ms: number): Promise<Answer> {
  return new Promise((resolve) => {
    let done = 0
    let reason: keyof typeof reasons = 'died'
    const onData = (bytes: Buffer): void => {
      done += bytes.length
      timer.refresh()
    }
    const settle = (answer: Answer): void => {
      clearTimeout(timer)
      child.stdout?.off('data', onData)
      child.off('close', onClose).off('message', onMessage)
      resolve(answer)
    }
    const onClose = (): void => settle(died(done, reason))
    const onMessage = (outcomes: unknown): void => settle({ outcomes: outcomes as readonly Outcome[] })
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

const died = (diedAt: number, reason: keyof typeof reasons): Answer => ({ diedAt, missed: reasons[reason] })

/** Node 20 reads no TypeScript: started from the sources, as tests are, it takes what `npm run build` made. */
function childModule(): string {
  const here = import.meta.url
  const module = fileURLToPath(
    here.endsWith('.ts') ? new URL('../../../dist/project/sources/child.js', here) : new URL('./child.js', here),
  )
  if (!existsSync(module)) throw new Error(`${module} is missing: run npm run build`)
  return module
}
