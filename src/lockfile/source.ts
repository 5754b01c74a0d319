// The URL that a lockfile or manifest gives for a package: its host, its credentials, and how to show it. Regular
// expressions instead of a URL parser where credentials are meant, for a text that no parser accepts holds them too.

import { harmless, masked, type Span } from '../redact.ts'
import type { Declared, FileEvidence, LockedPackage, Lockfile, Manifest, Redacted } from '../types.ts'

const maximumShown = 160

/** The entry's line with the field that matters, its credentials masked. */
export const lockedAt = (
  { path }: Pick<Lockfile, 'path'>,
  locked: LockedPackage,
  field: 'version' | 'resolved' | 'integrity' | 'checksum' = 'version',
): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line: locked.line,
  column: 1,
  excerpt: shown(`${JSON.stringify(locked.key)}: ${field} ${JSON.stringify(locked[field] ?? null)}`),
})

/** The manifest's line, credentials masked; one that only decides over what others ask for says so. */
export const declaredAt = ({ path }: Pick<Manifest, 'path'>, declared: Declared): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line: declared.line,
  column: declared.column,
  excerpt: shown(`${decider(declared)}${JSON.stringify(declared.name)}: ${JSON.stringify(declared.range)}`),
})

/** The line of the catalog, where the manifest only names one: that is the line to change. */
export const catalogAt = ({ name, meant }: Declared): FileEvidence | undefined =>
  meant?.path === undefined ? undefined : fileAt(meant.path, meant.line ?? 1, `${name}: ${meant.range}`)

const decider = ({ field }: Declared): string => (field === 'overrides' || field === 'resolutions' ? `${field}: ` : '')

export const fileAt = (path: string, line: number, text: string): FileEvidence => ({
  kind: 'file',
  path: harmless(path),
  line,
  column: 1,
  excerpt: shown(text),
})

/** A text that may hold URLs, without their credentials, control characters and excess length. */
export function shown(text: string): Redacted {
  const latin1 = Buffer.from(text).toString('latin1')
  const whole = masked(latin1, credentialSpans(latin1))
  return whole.length <= maximumShown ? whole : harmless(`${whole.slice(0, maximumShown)}…`)
}

/** Nearly no URL holds any of the signs that one begins with. */
export const holdsCredentials = (url: string): boolean => /[@?&]/.test(url) && credentialSpans(url).length > 0

/** `git@` is how everybody logs in to a git host over ssh; any other short name alone is a name too, no secret. */
const isName = (user: string): boolean => !user.includes(':') && user.length < 16

function credentialSpans(text: string): Span[] {
  const spans: Span[] = []
  for (const found of text.matchAll(/:\/\/([^/?#\s"]{1,2000})@/g)) {
    const start = found.index + 3
    if (!isName(found[1]!)) spans.push({ start, end: start + found[1]!.length })
  }
  for (const found of text.matchAll(/[?&]([^=&#\s"]{1,80})=([^&#\s"]{8,})/g)) {
    const start = found.index + found[1]!.length + 2
    if (/token|auth|secret|passw|signature|credential|api[-_]?key|^sig$/i.test(found[1]!))
      spans.push({ start, end: start + found[2]!.length })
  }
  return spans
}
