// Packages are asked for and no lockfile, of any manager, pins them.

import { finding } from '../../finding.ts'
import type { Manifest } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, lockfileOf, manifestOf } from '../file-example.ts'
import { declaredAt } from '../source.ts'

const installed: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])

const asked = (manifest: Manifest) =>
  manifest.dependencies.filter(({ field, kind }) => installed.has(field) && kind !== 'workspace' && kind !== 'local')

export const missing: Check<FileInput> = {
  codes: ['lockfile/missing'],
  run({ manifests, lockfile, unread }) {
    const leader = manifests[0]
    // A lockfile that is there but unreadable is coverage, not absence.
    if (lockfile || unread || !leader) return []
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
  ],
  ignores: [
    fileInput({ lockfile: lockfileOf() }),
    fileInput({ unread: { path: 'yarn.lock', what: 'yarn.lock', why: 'not supported yet', next: 'wait' } }),
    fileInput({ manifests: [manifestOf({ dependencies: [] })] }),
    fileInput({ manifests: [manifestOf({ dependencies: [declared({ field: 'peerDependencies' })] })] }),
    fileInput({ manifests: [manifestOf({ dependencies: [declared({ range: 'file:../a', kind: 'local' })] })] }),
    fileInput({ manifests: [] }),
  ],
}
