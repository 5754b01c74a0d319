// The guard before an AI agent's shell: finds what a line would install, vets it, and answers. Closed by default: what
// cannot be read is asked about, what cannot be vetted is denied, and every reason says the way on.
// A line without an install is answered without loading the registry, the audit or the configuration.

import { type Answer, type HookEvent, readEvent, type Spoken, speak } from './hook-event.ts'
import { type PlacedInstall, type ReadLine, readLine } from './hook-line.ts'

export interface HookOptions {
  /** Vetted or not, the agent asks its own question: `allow` is never answered. */
  readonly denyOnly?: boolean
  /** Where the event names no folder. */
  readonly cwd: string
  /** Milliseconds until the answer is "could not be vetted": agents let a tool run whose hook takes too long. */
  readonly patience: number
}

/** Never throws: what goes wrong denies, and says why. @param text as for readEvent() */
export async function answerEvent(text: string | undefined, options: HookOptions): Promise<Spoken> {
  const event = readEvent(text)
  if ('nothing' in event) return speak({ verdict: 'none', reason: '' }, undefined)
  if ('malformed' in event)
    return speak(
      { verdict: 'deny', reason: `audit-deps: ${event.malformed}; nothing could be vetted → ${formats}` },
      event.format,
    )
  return speak(await answer(event, options), event.format)
}

const formats =
  'hand in one JSON object on standard input: Claude Code\'s PreToolUse event, or {"command": "npm install x"}'

async function answer(event: HookEvent, options: HookOptions): Promise<Answer> {
  try {
    const line = readLine(event.command, event.cwd ?? options.cwd)
    if (line.installs.length === 0 && line.doubts.length === 0) return { verdict: 'none', reason: '' }
    return merge(line, await withPatience(vetted(line.installs), options.patience), options)
  } catch (error) {
    const { reasonOf } = await import('../errors.ts')
    return {
      verdict: 'deny',
      reason: `audit-deps: nothing could be vetted: ${reasonOf(error)} → run audit-deps check NAME to see why`,
    }
  }
}

/** What the vetting of one command came to. */
export interface Outcome {
  readonly verdict: 'none' | 'allow' | 'ask' | 'deny'
  /** Each with its way on. */
  readonly reasons: readonly string[]
  /** What was vetted, for who reads that nothing speaks against it. */
  readonly vetted: string
}

const vetted = async (installs: readonly PlacedInstall[]): Promise<readonly Outcome[]> => {
  if (installs.length === 0) return []
  const { vetInstall } = await import('./hook-vet.ts')
  return Promise.all(installs.map(vetInstall))
}

function merge(line: ReadLine, outcomes: readonly Outcome[], { denyOnly }: HookOptions): Answer {
  const doubts = line.doubts.map((doubt) => `${doubt} → write the install out on a line of its own`)
  const denied = outcomes.filter(({ verdict }) => verdict === 'deny').flatMap(({ reasons }) => reasons)
  if (denied.length > 0) return said('deny', 'blocked', [...denied, ...doubts])
  const open = [...doubts, ...outcomes.filter(({ verdict }) => verdict === 'ask').flatMap(({ reasons }) => reasons)]
  if (open.length > 0) return said('ask', 'not vetted in full', open)
  const done = outcomes.filter(({ verdict }) => verdict === 'allow')
  if (done.length === 0) return { verdict: 'none', reason: '' }
  // Allowing spares the agent's own question for the whole line: only where we know all of it, and run nothing new.
  const spare =
    line.plain && denyOnly !== true && line.installs.every(({ action }) => action !== 'execute' && action !== 'create')
  return said(spare ? 'allow' : 'note', 'nothing speaks against it', [...new Set(done.map((one) => one.vetted))])
}

const said = (verdict: Answer['verdict'], head: string, lines: readonly string[]): Answer => ({
  verdict,
  reason: [`audit-deps: ${head}`, ...lines.slice(0, 12).map((line) => `- ${line}`)].join('\n'),
})

async function withPatience<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} seconds`)), milliseconds)
  })
  try {
    return await Promise.race([work, end])
  } finally {
    clearTimeout(timer)
  }
}
