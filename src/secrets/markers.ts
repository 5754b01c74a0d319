// Comments by which people say "this one is meant to be here": ours, and those of the scanners a team comes from.

import type { Span } from '../redact.ts'
import { latin1 } from './latin1.ts'

/** On the secret's line. Ours wants a reason: an exception nobody explained is one nobody can review. */
const sameLine =
  /audit-deps:allow[ \t]+\S|gitleaks:allow|betterleaks:allow|trufflehog:ignore|kingfisher:ignore|pragma:[ \t]*(?:allowlist|whitelist)[ \t]+secret|secretlint-disable(?:-line)?(?![-\w])/
/** On the line before it. */
const lineBefore =
  /audit-deps:allow-next-line[ \t]+\S|pragma:[ \t]*(?:allowlist|whitelist)[ \t]+nextline[ \t]+secret|secretlint-disable-next-line|kingfisher:ignore-next-line/

/** Bytes of a line that are looked at on either side of the secret: a bundle's one line is no place for a comment. */
const reach = 1000

/** Does a comment beside the secret, or above it, allow it? */
export function isAllowed(bytes: Buffer, { start, end }: Span): boolean {
  const before = latin1(bytes, start - reach, start)
  const behind = latin1(bytes, end, end + reach)
  const lineStart = before.lastIndexOf('\n')
  if (sameLine.test(before.slice(lineStart + 1)) || sameLine.test(behind.split('\n', 1)[0]!)) return true
  if (lineStart === -1) return false
  const above = before.slice(before.lastIndexOf('\n', lineStart - 1) + 1, lineStart)
  return lineBefore.test(above)
}
