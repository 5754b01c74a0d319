// Packages are asked for and no lockfile, of any manager, pins them: there is none, or the one above answers for others.

import { finding } from '../../finding.ts'
import type { Finding, Manifest } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, lockfileOf, manifestOf } from '../file-example.ts'
import { declaredAt } from '../source.ts'

const installed: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])

const asked = (manifest: Manifest) =>
  manifest.dependencies.filter(({ field, kind }) => installed.has(field) && kind !== 'workspace' && kind !== 'local')

const stray = manifestOf({ path: 'site/package.json' })

export const missing: Check<FileInput> = {
  codes: ['lockfile/missing'],
  run({ manifests, lockfile, unread, strays = new Set() }) {
    const leader = manifests[0]
    if (lockfile) return unanswered(lockfile.path, [...strays])
    // A lockfile that is there but unreadable is coverage, not absence.
    if (unread || !leader) return []
    const askers = manifests.filter((manifest) => asked(manifest).length > 0)
    const first = askers[0]
    // Nothing to pin: a lockfile would be empty.
    if (!first) return []
    const count = askers.reduce((sum, manifest) => sum + asked(manifest).length, 0)
    // Whoever publishes a library does not ship its lockfile: it pins its developers and CI only.
    const library = manifests.length === 1 && !leader.private && leader.name !== undefined
    return [
      finding({
        code: 'lockfile/missing',
        scanner: 'lockfile',
        subject: { kind: 'project', path: leader.path },
        severity: library ? 'low' : 'medium',
        confidence: 'high',
        message: `${leader.path} asks for ${count} ${count === 1 ? 'package' : 'packages'} and no lockfile pins ${count === 1 ? 'it' : 'them'}`,
        evidence: [declaredAt(first, asked(first)[0]!)],
      }),
    ]
  },
  matches: [
    fileInput(),
    fileInput({ manifests: [manifestOf({ private: false })] }),
    fileInput({ manifests: [manifestOf({ dependencies: [] }), manifestOf({ path: 'packages/a/package.json' })] }),
    fileInput({ lockfile: lockfileOf(), manifests: [manifestOf(), stray], strays: new Set([stray]) }),
  ],
  ignores: [
    fileInput({ lockfile: lockfileOf() }),
    fileInput({ lockfile: lockfileOf(), manifests: [manifestOf(), stray] }),
    fileInput({ lockfile: lockfileOf(), strays: new Set([manifestOf({ path: 'b/package.json', dependencies: [] })]) }),
    fileInput({ unread: { path: 'yarn.lock', what: 'yarn.lock', why: 'not supported yet', next: 'wait' } }),
    fileInput({ manifests: [manifestOf({ dependencies: [] })] }),
    fileInput({ manifests: [manifestOf({ dependencies: [declared({ field: 'peerDependencies' })] })] }),
    fileInput({ manifests: [manifestOf({ dependencies: [declared({ range: 'file:../a', kind: 'local' })] })] }),
    fileInput({ manifests: [] }),
  ],
}

/** Templates, examples and fixtures among them: told once, and low, for it may be that nobody installs there. */
function unanswered(lockfile: string, strays: readonly Manifest[]): Finding[] {
  const [first, ...others] = strays.filter((manifest) => asked(manifest).length > 0)
  if (!first) return []
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return [
    finding(
      {
        code: 'lockfile/missing',
        scanner: 'lockfile',
        subject: { kind: 'project', path: first.path },
        severity: 'low',
        confidence: 'high',
        message: `${first.path}${more} ${others.length === 0 ? 'asks' : 'ask'} for packages, and no lockfile pins them: ${lockfile} answers for its own workspaces only`,
        evidence: [
          declaredAt(first, asked(first)[0]!),
          ...others.slice(0, shownPlaces).map((one) => declaredAt(one, asked(one)[0]!)),
        ],
      },
      'stray',
    ),
  ]
}

const shownPlaces = 9
