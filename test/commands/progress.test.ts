// The line that says how far a run is.

import { expect, test } from 'vitest'
import { progressLine } from '../../src/commands/progress.ts'

/** What a terminal shows after each of the steps: [milliseconds, done, bytes]. */
function shown(total: number, steps: readonly (readonly [number, number, number?])[]): (string | undefined)[] {
  const written: string[] = []
  const stream = {
    isTTY: true,
    columns: 120,
    write: (text: string) => written.push(text),
  } as unknown as NodeJS.WriteStream
  let now = 0
  const ci = process.env.CI
  delete process.env.CI
  try {
    const line = progressLine(stream, false, () => now)
    return steps.map(([at, done, bytes]) => {
      now = at
      written.length = 0
      line.progress('reading git objects', done, total, bytes)
      return written[0]?.slice('\r\u001b[K'.length)
    })
  } finally {
    if (ci !== undefined) process.env.CI = ci
  }
}

test('objects, bytes and time left', () => {
  expect(
    shown(1000, [
      [0, 0],
      [600, 100, 5_400_000],
      [650, 110, 6_000_000],
      [2000, 500, 1_234_567_890],
      [4000, 1000, 2_000_000_000],
    ]),
  ).toEqual([
    undefined,
    'reading git objects 100/1000, 5 MB',
    undefined,
    'reading git objects 500/1000, 1,235 MB, 2 s left',
    'reading git objects 1000/1000, 2,000 MB',
  ])
})

test('minutes where it takes minutes, nothing where nobody knows', () => {
  expect(
    shown(1_000_000, [
      [0, 0],
      [1500, 0],
      [3000, 10_000, 3_000_000],
    ]),
  ).toEqual([undefined, 'reading git objects 0/1000000', 'reading git objects 10000/1000000, 3 MB, 5 min left'])
})
