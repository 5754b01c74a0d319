// Names that are never asked anywhere: what is no package name, what belongs to this repository, what policy keeps
// private. Scopes that a lockfile takes from another host are the scanners' to leave out.

import { reasonOf } from '../errors.ts'
import { npa } from '../names/npa.ts'
import { matchesGlob } from '../names/pattern.ts'
import { clean } from '../redact.ts'
import type { Missed } from '../types.ts'

export interface PrivacyOptions {
  readonly privateNames: readonly string[]
  readonly workspaceNames?: ReadonlySet<string> | undefined
}

export type Refusal = Pick<Missed, 'why' | 'next'>

/** npm's limit since 2014. Longer names were never common, and URLs are kept short. */
const longestName = 214
/** What nearly all names look like; npm's own parser takes 40 µs a name and judges the rest. */
const plainName = /^(?!node_modules$|favicon\.ico$)(?:@[a-z0-9][a-z0-9-]*\/)?[a-z0-9][a-z0-9._-]*$/

/** Why a name is not asked, or undefined if it may be. */
export const privacy =
  (options: PrivacyOptions) =>
  (name: string): Refusal | undefined => {
    const invalid = whatIsWrong(name)
    if (invalid) return { why: `it is no valid package name: ${invalid}`, next: 'correct the name' }
    if (options.workspaceNames?.has(name))
      return { why: 'it is a workspace of this repository', next: 'nothing: workspace names are asked nowhere' }
    const glob = options.privateNames.find((pattern) => matchesGlob(name, pattern))
    if (glob !== undefined)
      return { why: `privateNames holds "${glob}"`, next: 'nothing, if the name is yours; else narrow privateNames' }
    return undefined
  }

/** By npm's own rules for names that were ever allowed; nothing else ever becomes part of a URL. */
function whatIsWrong(name: string): string | undefined {
  if (name.length > longestName) return `it has more than ${longestName} characters`
  if (plainName.test(name)) return undefined
  try {
    // A tag as the spec: everything else about the result then comes from the name alone.
    const spec = npa().resolve(name, 'latest')
    return spec.registry && spec.name === name && spec.escapedName ? undefined : 'npm reads it as something else'
  } catch (error) {
    return clean(reasonOf(error)).replace(/^Invalid package name .*?: (?=name|scoped|package)/, '')
  }
}
