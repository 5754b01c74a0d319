// The process in which source files are read and parsed: nothing else, for native code may end it at any file.

import { join } from 'node:path'
import { reasonOf } from '../../errors.ts'
import { readBounded } from './disk.ts'
import { type Outcome, parseSource } from './parse.ts'
import { serve } from './serve.ts'

/** `root` is absolute and real; `path` relative to it, with forward slashes. */
export interface SourceQuestion {
  readonly root: string
  readonly path: string
}

const largestBytes = 2 * 2 ** 20

serve<SourceQuestion, Outcome>(({ root, path }) => {
  try {
    const read = readBounded(join(root, path), largestBytes)
    if ('text' in read) return parseSource(path, read.text)
    if (read.problem === 'large') return { missed: tooLarge(read.bytes) }
    // Git still tracks what was deleted.
    return read.problem === 'gone' ? {} : { skipped: 'source files behind symbolic links' }
  } catch (error) {
    if (error instanceof RangeError)
      return { missed: { why: 'it is nested too deeply', next: 'look whether it is really source code' } }
    return { missed: { why: `cannot read it: ${reasonOf(error)}`, next: 'check that it is a readable file' } }
  }
})

const tooLarge = (bytes: number): NonNullable<Outcome['missed']> => ({
  why: `it has ${Math.round(bytes / 2 ** 20)} MiB, and source files above ${largestBytes / 2 ** 20} MiB are not parsed`,
  next: 'if a program made it, let git ignore it; else split it',
})
