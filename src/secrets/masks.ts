// Names from git as a report may show them: each masked once, for the same ones hold most secrets.

import { masked } from '../redact.ts'
import type { CommitRef, Redacted } from '../types.ts'
import type { Matcher } from './match.ts'
import { maskedPath } from './places.ts'

export class Masks {
  private readonly matcher: Matcher
  private readonly paths = new Map<string, Redacted>()
  private readonly commits = new Map<string, CommitRef>()

  constructor(matcher: Matcher) {
    this.matcher = matcher
  }

  /** A path, or the name of a branch or tag. */
  path(latin1: string): Redacted {
    const known = this.paths.get(latin1) ?? maskedPath(this.matcher, Buffer.from(latin1, 'latin1'))
    this.paths.set(latin1, known)
    return known
  }

  /** @param author latin1 */
  commit({ oid, author, date }: { oid: string; author: string; date: string }): CommitRef {
    const known = this.commits.get(oid)
    if (known !== undefined) return known
    const commit = { oid, date, author: masked(author, this.matcher.match(Buffer.from(author, 'latin1'))) }
    this.commits.set(oid, commit)
    return commit
  }
}
