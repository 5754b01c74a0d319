// The process in which source files are read and parsed, started by children.ts. It holds nothing else, for native code
// may end it at any file.

import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs'
import { join, sep } from 'node:path'
import { reasonOf } from '../../errors.ts'
import type { Batch, Outcome } from './children.ts'
import { parseSource } from './parse.ts'

const largestBytes = 2 * 2 ** 20

process.on('message', (batch: Batch) => {
  const outcomes = batch.files.map((path) => {
    const outcome = outcomeOf(batch.root, path)
    writeSync(1, '.')
    return outcome
  })
  process.send?.(outcomes)
})
process.on('disconnect', () => process.exit())

function outcomeOf(root: string, path: string): Outcome {
  try {
    const text = read(root, path)
    return typeof text === 'string' ? parseSource(path, text) : text
  } catch (error) {
    if (error instanceof RangeError)
      return { missed: { why: 'it is nested too deeply', next: 'look whether it is really source code' } }
    return { missed: { why: `cannot read it: ${reasonOf(error)}`, next: 'check that it is a readable file' } }
  }
}

function read(root: string, path: string): string | Outcome {
  const file = join(root, path)
  let handle: number
  try {
    // A name may be a link or a pipe: neither is followed or waited for.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Git still tracks what was deleted.
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    if (code === 'ELOOP') return { skipped: 'symbolic links' }
    throw error
  }
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile()) return {}
    if (stats.size > largestBytes) return { missed: tooLarge(stats.size) }
    if (realpathSync.native(file) !== file.split('/').join(sep)) return { skipped: 'symbolic links' }
    const text = readFileSync(handle, 'utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  } finally {
    closeSync(handle)
  }
}

const tooLarge = (bytes: number): { why: string; next: string } => ({
  why: `it has ${Math.round(bytes / 2 ** 20)} MiB, and source files above ${largestBytes / 2 ** 20} MiB are not parsed`,
  next: 'if a program made it, let git ignore it; else split it',
})
