// One lockfile of any format: which reader a file name has, and which are not supported yet. A file that is
// there and stays unread is named with its next step: silence would read as "nothing wrong with it".

import { basename, dirname } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import type { Lockfile, Unread } from '../types.ts'
import { readText } from './files.ts'
import { parseNpmLockfile } from './lockfiles/npm.ts'
import { parseManifest } from './manifest.ts'

type Reader = (text: string, path: string, declared: ReadonlySet<string>) => Lockfile

/** By base name, the winner first where several stand in one folder: npm takes the shrinkwrap. */
const formats = new Map<string, Reader | 'unsupported'>([
  ['npm-shrinkwrap.json', parseNpmLockfile],
  ['package-lock.json', parseNpmLockfile],
  ['pnpm-lock.yaml', 'unsupported'],
  ['yarn.lock', 'unsupported'],
  ['bun.lock', 'unsupported'],
  ['bun.lockb', 'unsupported'],
])

export const lockfileNames: readonly string[] = [...formats.keys()]

/**
 * Reads one lockfile from disk; a package.json beside it tells which packages of a version 1 file are direct.
 * @throws AuditError LOCKFILE_INVALID: unreadable, broken (with the line where it is known) or not supported.
 */
export async function readLockfile(file: string): Promise<Lockfile> {
  const folder = dirname(file)
  let text: string
  try {
    text = await readText(folder, basename(file))
  } catch (cause) {
    throw new AuditError('LOCKFILE_INVALID', `cannot read ${file}: ${reasonOf(cause)}`, {
      hint: 'check the path and its permissions',
      cause,
    })
  }
  const manifest = await readText(folder, 'package.json').catch(() => '')
  const declared = parseManifest(manifest, 'package.json').parsed?.manifest.dependencies ?? []
  const path = file.replaceAll('\\', '/')
  const read = parseLockfile(text, path, new Set(declared.map(({ name }) => name)))
  if ('packages' in read) return read
  throw new AuditError('LOCKFILE_INVALID', `${read.what}: ${read.why}`, { hint: read.next })
}

/** Never throws: what cannot be understood comes back as `Unread`. */
export function parseLockfile(text: string, path: string, declared: ReadonlySet<string>): Lockfile | Unread {
  const reader = formats.get(basename(path))
  if (reader === undefined || reader === 'unsupported') return unsupported(path)
  const conflict = conflictLine(text)
  if (conflict !== undefined)
    return {
      path,
      what: path,
      why: `it holds the markers of an unfinished merge (line ${conflict})`,
      next: 'take one side, then run npm install --package-lock-only',
      problem: 'conflict-markers',
      line: conflict,
    }
  try {
    return reader(text, path, declared)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    const line = Number(/, line (\d+),/.exec(error.message)?.[1])
    return {
      path,
      what: path,
      why: error.message
        .slice(path.length)
        .replace(/^, line (\d+),/, ' line $1')
        .trim(),
      next: error.hint ?? 'restore it from git',
      ...(line > 0 ? { line } : {}),
    }
  }
}

export const isSupported = (path: string): boolean => typeof formats.get(basename(path)) === 'function'

export const unsupported = (path: string): Unread => ({
  path,
  what: path,
  why: lockfileNames.includes(basename(path))
    ? 'this lockfile format is not supported yet'
    : 'audit-deps knows no lockfile of this name',
  next: `supported: ${lockfileNames.filter(isSupported).join(', ')}; the packages that package.json names are audited all the same`,
})

/** Before parsing, for a conflict is no mere syntax error: npm resolves it silently, to whatever it likes. */
function conflictLine(text: string): number | undefined {
  const marker = /^(?:<{7}|>{7}|\|{7})(?: |\r?$)|^={7}\r?$/m.exec(text)
  return marker ? text.slice(0, marker.index).split('\n').length : undefined
}
