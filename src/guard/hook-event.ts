// What an agent asks before it runs a tool, and how it is answered: Claude Code's PreToolUse event, and a plain
// {"command": "…"} for everybody else. Of both formats only what is needed here is read.
// Claude Code (hooks reference, 2026-10): exit 0 with JSON decides, exit 2 blocks with what stands on stderr, every
// other exit code and every timeout lets the tool run. So nothing here may end in any other way.

import { clean } from '../redact.ts'

export type Format = 'claude' | 'plain'

export interface HookEvent {
  readonly format: Format
  readonly command: string
  /** Where the command would run; undefined where the event does not say. */
  readonly cwd: string | undefined
}

/** `nothing`: not our matter · `malformed`: it cannot be read, so nothing can be vouched for. */
export type ReadEvent =
  | HookEvent
  | { readonly nothing: true }
  | { readonly malformed: string; readonly format?: Format }

export interface Answer {
  /** `none`: no opinion, nothing is printed · `note`: no decision of ours, but something to know. */
  readonly verdict: 'none' | 'note' | 'allow' | 'ask' | 'deny'
  readonly reason: string
}

/** What goes to standard output and standard error, and the exit code. */
export interface Spoken {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: 0 | 2
}

/** More is no event: Claude Code's own commands are far below. */
export const mostBytes = 4_000_000

/** Never throws: what cannot be read is `malformed`. @param text undefined where it is larger than `mostBytes` */
export function readEvent(text: string | undefined): ReadEvent {
  if (text === undefined) return { malformed: `the event is larger than ${mostBytes / 1e6} MB` }
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch {
    return { malformed: text.trim() === '' ? 'the event is empty' : 'the event is no JSON' }
  }
  if (!isRecord(event)) return { malformed: 'the event is no JSON object' }
  const cwd = stringOf(event, 'cwd')
  if (!has(event, 'hook_event_name') && !has(event, 'tool_name') && !has(event, 'tool_input')) {
    const command = stringOf(event, 'command')
    if (command === undefined) return { malformed: 'the event holds no "command"', format: 'plain' }
    return { format: 'plain', command, cwd }
  }
  const name = stringOf(event, 'hook_event_name') ?? 'PreToolUse'
  if (name !== 'PreToolUse') return { nothing: true }
  const input = has(event, 'tool_input') ? event.tool_input : undefined
  const command = isRecord(input) ? stringOf(input, 'command') : undefined
  if (command !== undefined) return { format: 'claude', command, cwd }
  // Other tools have no command; a shell without one is no event that can be read, and neither is one in another form.
  const tool = stringOf(event, 'tool_name')
  const hasCommand = isRecord(input) && has(input, 'command')
  if (tool !== undefined && !shells.has(tool) && !hasCommand) return { nothing: true }
  if (hasCommand) return { malformed: 'tool_input.command is no text', format: 'claude' }
  return { malformed: 'the event holds no tool_input.command', format: 'claude' }
}

const shells: ReadonlySet<string> = new Set(['Bash', 'PowerShell'])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const has = (value: Record<string, unknown>, key: string): boolean => Object.hasOwn(value, key)

const stringOf = (value: Record<string, unknown>, key: string): string | undefined => {
  const found = has(value, key) ? value[key] : undefined
  return typeof found === 'string' ? found : undefined
}

/** Agents read the reason: it is bounded, and what came from outside is cleaned. */
const mostCharacters = 4_000

/** @param format undefined where nobody knows who asks */
export function speak(answer: Answer, format: Format | undefined): Spoken {
  const cleaned = answer.reason.split('\n').map(clean).join('\n')
  const reason = cleaned.length > mostCharacters ? `${cleaned.slice(0, mostCharacters)}…` : cleaned
  if (answer.verdict === 'none') return { stdout: '', stderr: '', exitCode: 0 }
  if (format === 'claude') return { stdout: claudeAnswer(answer.verdict, reason), stderr: '', exitCode: 0 }
  // Who can only be told yes or no is told no where a person should decide.
  const decision = answer.verdict === 'allow' || answer.verdict === 'note' ? 'allow' : 'deny'
  const stdout = `${JSON.stringify({ decision, reason })}\n`
  // Nobody knows who asks: exit 2 is what blocks in Claude Code, whatever stands on standard output.
  if (format === undefined) return { stdout, stderr: `${reason}\n`, exitCode: 2 }
  return { stdout, stderr: '', exitCode: 0 }
}

function claudeAnswer(verdict: Exclude<Answer['verdict'], 'none'>, reason: string): string {
  const said =
    verdict === 'note'
      ? { additionalContext: reason }
      : { permissionDecision: verdict, permissionDecisionReason: reason }
  return `${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...said } })}\n`
}
