// Lockfiles of more than one package manager in one folder: only one is read by whoever installs, and which one
// depends on what they type.

import { finding } from '../../finding.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput, lockfileOf, manifestOf } from '../file-example.ts'
import { fileAt } from '../source.ts'

export const multiple: Check<FileInput> = {
  codes: ['lockfile/multiple'],
  run({ lockfile, unread, manifests, rivals = [] }) {
    const path = lockfile?.path ?? unread?.path
    const [first, ...others] = rivals
    if (path === undefined || first === undefined) return []
    const manager = manifests[0]?.packageManager
    const why =
      manager === undefined ? 'no packageManager field says which one counts' : `packageManager says ${manager}`
    return [
      finding(
        {
          code: 'lockfile/multiple',
          scanner: 'lockfile',
          subject: { kind: 'project', path },
          severity: 'medium',
          confidence: 'high',
          message: `${[path, ...rivals].join(' and ')} stand side by side; ${why}, and the tree is judged by ${path}`,
          evidence: [fileAt(path, 1, path), ...[first, ...others].map((rival) => fileAt(rival, 1, rival))],
        },
        rivals.join('\n'),
      ),
    ]
  },
  matches: [
    fileInput({ lockfile: lockfileOf(), rivals: ['yarn.lock'] }),
    fileInput({ lockfile: lockfileOf(), rivals: ['yarn.lock', 'pnpm-lock.yaml'] }),
    fileInput({ manifests: [manifestOf({ packageManager: 'npm' })], lockfile: lockfileOf(), rivals: ['bun.lock'] }),
    fileInput({ unread: { path: 'bun.lockb', what: 'bun.lockb', why: 'unread', next: 'none' }, rivals: ['yarn.lock'] }),
  ],
  ignores: [fileInput({ lockfile: lockfileOf() }), fileInput({ lockfile: lockfileOf(), rivals: [] })],
}
