// What the guard tells people, always on stderr: standard output belongs to the package manager. All text from
// outside is cleaned where it is printed.

import { clean } from '../redact.ts'
import type { Decision, Reason } from './decide.ts'

/** Reasons of one rule that are shown; the rest is counted. */
const shownPerRule = 5

/** One line: what, why, and the way on. */
export const sentenceOf = ({ subject, message, wayOn }: Reason): string => `${subject}: ${message} → ${wayOn}`

/** The reasons of a decision, blocking ones first, each a line without its line break. */
export function reasonLines({ reasons }: Pick<Decision, 'reasons'>): string[] {
  const groups = new Map<string, Reason[]>()
  for (const reason of reasons) {
    const key = `${reason.action} ${reason.rule}`
    const group = groups.get(key)
    if (group) group.push(reason)
    else groups.set(key, [reason])
  }
  return [...groups.values()].flatMap((group) => {
    const mark = group[0]!.action === 'block' ? '✗' : '!'
    const rest = group.length - shownPerRule
    return [
      ...group.slice(0, shownPerRule).map((reason) => `  ${mark} ${sentenceOf(reason)}`),
      ...(rest > 0 ? [`  ${mark} and ${rest} more: ${group[0]!.rule}`] : []),
    ]
  })
}

/** Prints lines on stderr. */
export function tell(...lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.map(clean).join('\n')}\n`)
}
