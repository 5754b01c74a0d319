// What the readers share: the error that names the place, fields of a certain type, and where a URL leads.

import { AuditError } from '../../errors.ts'
import type { LockedPackage } from '../../types.ts'
import { isObject, own } from '../json.ts'

/**
 * The next step for a version of a format that came after this release, or never.
 * @param reads as a phrase: `1 to 4`. @param command writes one of these and installs nothing.
 */
export const unknownFormat = (reads: string, command: string): string =>
  `update audit-deps, a later release may read it; or write one that this release reads (version ${reads}): ${command}`

/** @param line counted from 1. parseLockfile() takes path and line out of the message again. */
export const invalid = (path: string, what: string, line?: number, hint?: string): AuditError =>
  new AuditError('LOCKFILE_INVALID', `${path}${line === undefined ? '' : `, line ${line},`} ${what}`, {
    hint: hint ?? 'restore it from git, or let its package manager write it anew and review the change',
  })

/**
 * What a library's parser makes of the text. Its messages quote the text, which may hold a secret, and depth can
 * exhaust the stack: only the line, where it tells one, is handed on.
 */
export function parsedBy<Value>(parse: () => Value, path: string, what: string, linesBefore = 0): Value {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) throw invalid(path, 'nests deeper than any package manager would write')
    const line = lineOf(error)
    throw invalid(path, `is no ${what}`, line === undefined ? undefined : linesBefore + line)
  }
}

/** js-yaml's `mark` counts lines from 0, and before its text stands an empty one of ours: that makes it from 1. */
function lineOf(error: unknown): number | undefined {
  const mark = isObject(error) ? own(error, 'mark') : undefined
  const line = isObject(mark) ? own(mark, 'line') : undefined
  return typeof line === 'number' ? Math.max(1, line) : undefined
}

/** `name@range` at the first `@` that is no scope's; undefined where there is no name or no range. */
export function splitAt(text: string): { readonly name: string; readonly rest: string } | undefined {
  const at = text.indexOf('@', 1)
  return at === -1 ? undefined : { name: text.slice(0, at), rest: text.slice(at + 1) }
}

export const isGitUrl = (source: string): boolean =>
  /^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)|^https?:[^#]*\.git(?:#|$)/i.test(source)

/** Archives that a code host makes of one commit: the commit binds them, as it does a clone. */
const codeHostArchive =
  /^https:\/\/(?:codeload\.github\.com\/[^/]+\/[^/]+\/(?:legacy\.)?tar\.gz\/|gitlab\.com\/.*[/=]|bitbucket\.org\/[^/]+\/[^/]+\/get\/)[\da-f]{40}(?:\.tar\.gz)?$/i

/** Where a URL that was asked for, or stands in place of a version, leads. */
export function kindOfSource(source: string): LockedPackage['kind'] {
  if (isGitUrl(source) || codeHostArchive.test(source)) return 'git'
  return /^https?:/i.test(source) ? 'tarball' : 'local'
}

export const textOf = (entry: Record<string, unknown>, field: string): string | undefined => {
  const value = own(entry, field)
  return typeof value === 'string' ? value : undefined
}

/** A map of texts, such as `dependencies`; anything else in it is left out. */
export function textsOf(entry: Record<string, unknown>, field: string): [string, string][] {
  const value = own(entry, field)
  if (!isObject(value)) return []
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
}
