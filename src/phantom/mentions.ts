// A mention: one place that names a package, and in which way. Collectors give them, the graph joins them by name.

import { clean } from '../redact.ts'
import type { FileEvidence, Redacted } from '../types.ts'

export type MentionSource =
  | 'script'
  | 'import'
  | 'types'
  | 'config'
  | 'document'
  | 'agent'
  | 'ci'
  | 'docker'
  | 'shell'
  | 'mcp'

export interface Mention {
  readonly name: string
  /** A range, version or tag, where one is written. */
  readonly wanted?: string
  readonly from: MentionSource
  readonly path: string
  readonly line: number
  readonly column: number
  readonly excerpt: Redacted
  /** Nothing breaks without it: in a `try`, or an example. */
  readonly optional: boolean
  /** For types alone: gone when the program runs. */
  readonly typeOnly?: boolean
  /** Other packages that it may mean just as well, the likelier ones first: `x` besides `@types/x` for types of `x`. */
  readonly or?: readonly string[]
  /** Names a command that an installed package may bring under another name, as `npx tsc` does. */
  readonly command?: boolean
}

export const evidenceOf = ({ path, line, column, excerpt }: Mention): FileEvidence => ({
  kind: 'file',
  path: clean(path) as Redacted,
  line,
  column,
  excerpt,
})
