// One line on stderr for work that takes a while: only on a terminal, only after half a second, at most ten
// times a second, and gone before the report comes. CI logs and pipes get none.

import type { Progress } from '../types.ts'

const patienceMs = 500
const intervalMs = 100

export interface ProgressLine {
  readonly progress: Progress
  /** Takes the line away. */
  done(): void
}

export function progressLine(
  stream: NodeJS.WriteStream = process.stderr,
  quiet = false,
  clock: () => number = Date.now,
): ProgressLine {
  if (quiet || stream.isTTY !== true || process.env.CI) return { progress: () => {}, done: () => {} }
  const startedAt = clock()
  const begun = new Map<string, Begun>()
  const latest = new Map<string, string>()
  let drawnAt = 0
  return {
    progress: (label, done, total, bytes) => {
      const now = clock()
      const first = begun.get(label)
      // Whoever counts from the start again does something else.
      if (done !== undefined && (first === undefined || done < first.done)) begun.set(label, { done, at: now })
      const left = timeLeft(begun.get(label), now, done, total)
      latest.set(label, `${label}${counted(done, total)}${sized(bytes)}${left}`)
      if (now - startedAt < patienceMs || now - drawnAt < intervalMs) return
      drawnAt = now
      const line = [...latest.values()].join(' · ').slice(0, (stream.columns ?? 80) - 1)
      stream.write(`\r\u001b[K${line}`)
    },
    done: () => {
      if (drawnAt > 0) stream.write('\r\u001b[K')
    },
  }
}

const counted = (done?: number, total?: number): string =>
  done === undefined ? '' : total === undefined ? ` ${done}` : ` ${done}/${total}`

const sized = (bytes?: number): string =>
  bytes === undefined || bytes < megabyte ? '' : `, ${Math.round(bytes / megabyte).toLocaleString('en')} MB`

const megabyte = 1_000_000

interface Begun {
  readonly done: number
  readonly at: number
}

/** As long as nothing went on for a while, nobody knows. */
function timeLeft(begun: Begun | undefined, now: number, done?: number, total?: number): string {
  if (begun === undefined || done === undefined || total === undefined || done >= total) return ''
  if (done === begun.done || now - begun.at < knownAfterMs) return ''
  const seconds = Math.ceil(((total - done) * (now - begun.at)) / (done - begun.done) / 1000)
  return seconds < 90 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`
}

const knownAfterMs = 1000
