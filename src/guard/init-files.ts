// What `audit-deps init` plans: files that come, change or go, and what is left as it is.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuditError } from '../errors.ts'

export interface InitChange {
  /** Relative to the project. */
  readonly path: string
  /** Undefined: there is no such file. */
  readonly before: string | undefined
  /** Undefined: the file goes. */
  readonly after: string | undefined
  readonly executable?: boolean
}

export interface InitPlan {
  readonly changes: readonly InitChange[]
  /** What is left as it is, why, and what to do instead. */
  readonly notes: readonly string[]
}

/** Undefined where there is none. What is no UTF-8 would not come back as it was: it is refused. */
export function textOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  const text = bytes.toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  throw new AuditError('OUTPUT_UNWRITABLE', `${file} is no UTF-8 text`, {
    hint: 'convert it, or add the lines by hand',
  })
}

/** @param after makes the new text of the old one, which may be none. @throws as textOf() */
export const fileChange = (root: string, path: string, after: (before: string | undefined) => string): InitChange => {
  const before = textOf(join(root, path))
  return { path, before, after: after(before) }
}
