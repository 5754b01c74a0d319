// May it be said that an exception matches nothing? Only where everything was read that could have shown what it is
// about: whoever deletes an exception because an offline run did not need it is stopped by the next one online.

import type { CatalogCode } from './catalog.ts'
import type { Config, Coverage, Exception, Source } from './types.ts'

export interface Run {
  readonly coverage: readonly Coverage[]
  readonly policy: Partial<Pick<Config, 'since' | 'staged' | 'commits' | 'confusion'>>
}

/** True where the run looked at all that the exception could be about. */
export function couldMatch({ code, secret, package: name }: Exception, { coverage, policy }: Run): boolean {
  // What was there before the change is not looked for.
  if (policy.since !== undefined || policy.staged === true || policy.commits !== undefined) return false
  if (code === 'phantom/confusion' && policy.confusion !== true) return false
  const wanted =
    code !== undefined
      ? sourcesOf(code)
      : secret !== undefined
        ? ofSecrets
        : name !== undefined
          ? ofPackages
          : undefined
  if (wanted === undefined) return coverage.every(isComplete)
  return wanted.every((source) => {
    const entries = coverage.filter((entry) => entry.source === source)
    return entries.length > 0 && entries.every(isComplete)
  })
}

const isComplete = ({ state }: Coverage): boolean => state === 'complete'

const ofSecrets = ['git-objects', 'work-tree'] as const satisfies readonly Source[]
const ofFiles = ['manifest', 'lockfile'] as const satisfies readonly Source[]
const ofNames = [...ofFiles, 'source-files', 'documents'] as const satisfies readonly Source[]
const ofExistence = [
  ...ofNames,
  'existence-direct',
  'existence-transitive',
  'existence-mentioned',
] as const satisfies readonly Source[]
const ofRegistry = [...ofFiles, 'packuments'] as const satisfies readonly Source[]
/** Of an exception that names a package and no code: what speaks of most packages. */
const ofPackages = [...ofExistence, 'packuments', 'advisories', 'downloads'] as const satisfies readonly Source[]

function sourcesOf(code: string): readonly Source[] {
  const own = Object.hasOwn(others, code) ? others[code as keyof typeof others] : undefined
  if (own !== undefined) return own
  if (code.startsWith('secret/')) return ofSecrets
  return code.startsWith('lockfile/') ? ofFiles : code.startsWith('package/') ? ofRegistry : ofNames
}

/** Codes that rest on more, or on something else, than those of their prefix do. */
const others = {
  'lockfile/drift': [...ofFiles, 'dependency-tree'],
  'lockfile/integrity-mismatch': ofRegistry,
  'lockfile/resolved-mismatch': ofRegistry,
  'package/vulnerability': [...ofFiles, 'advisories'],
  'package/malware': [...ofFiles, 'advisories'],
  'package/low-downloads': [...ofRegistry, 'downloads'],
  'package/maintainer-change': [...ofRegistry, 'publishers'],
  'package/new-publisher': [...ofRegistry, 'publishers'],
  'package/signature-invalid': [...ofRegistry, 'signatures'],
  'package/signature-missing': [...ofRegistry, 'signatures'],
  'package/unpublished': ofExistence,
  'package/security-held': ofExistence,
  // Only `check` opens tarballs.
  'package/manifest-mismatch': ['tarball'],
  'package/integrity-mismatch': ['tarball'],
  'phantom/not-found': ofExistence,
  'phantom/squatted-later': ['name-history'],
  'phantom/export': ['exports', 'source-files'],
} as const satisfies Partial<Record<CatalogCode, readonly Source[]>>
