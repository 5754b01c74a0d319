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

export function progressLine(stream: NodeJS.WriteStream = process.stderr, quiet = false): ProgressLine {
  if (quiet || stream.isTTY !== true || process.env.CI) return { progress: () => {}, done: () => {} }
  const startedAt = Date.now()
  const latest = new Map<string, string>()
  let drawnAt = 0
  return {
    progress: (label, done, total) => {
      latest.set(label, `${label}${counted(done, total)}`)
      const now = Date.now()
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
