// `audit-deps hook`: one event of an AI agent on standard input, one answer on standard output. Loads nothing that a
// line without an install does not need.

import { readSync, writeSync } from 'node:fs'
import { answerEvent } from '../guard/hook.ts'
import { mostBytes } from '../guard/hook-event.ts'

/** Below the two minutes that `init --agent` gives it. */
const patience = 90_000

/** @returns 0 answered (also with nothing to say) · 2 blocked, in the way that agents take as "no" */
export async function hookCommand(denyOnly: boolean): Promise<number> {
  const spoken = await answerEvent(await standardInput(), { denyOnly, cwd: process.cwd(), patience })
  // Synchronously: the process may end right after.
  if (spoken.stderr !== '') writeSync(2, spoken.stderr)
  if (spoken.stdout !== '') writeSync(1, spoken.stdout)
  return spoken.exitCode
}

/** Undefined where it is larger than any event. */
async function standardInput(): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536)
    try {
      const read = readSync(0, chunk)
      if (read === 0) break
      size += read
      chunks.push(chunk.subarray(0, read))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') break
      if (code !== 'EAGAIN') throw error
      await new Promise((soon) => setTimeout(soon, 5))
    }
    if (size > mostBytes) return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
