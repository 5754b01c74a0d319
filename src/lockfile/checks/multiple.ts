// More than one lockfile in one folder. Of several managers' only one is read by whoever installs, and which one depends
// on what they type; of npm's two it is always the shrinkwrap, so the other one only misleads who reviews it.

import { finding } from '../../finding.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput, lockfileOf, manifestOf } from '../file-example.ts'
import { fileAt } from '../source.ts'

export const multiple: Check<FileInput> = {
  codes: ['lockfile/multiple'],
  run({ lockfile, unread, manifests, rivals = [], shadowed }) {
    const path = lockfile?.path ?? unread?.path
    if (path === undefined) return []
    const misleading = shadowed === undefined ? [] : [misleads(path, shadowed)]
    if (rivals.length === 0) return misleading
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
          evidence: [fileAt(path, 1, path), ...rivals.map((rival) => fileAt(rival, 1, rival))],
        },
        rivals.join('\n'),
      ),
      ...misleading,
    ]
  },
  matches: [
    fileInput({ lockfile: lockfileOf(), rivals: ['yarn.lock'] }),
    fileInput({ lockfile: lockfileOf(), rivals: ['yarn.lock', 'pnpm-lock.yaml'] }),
    fileInput({ manifests: [manifestOf({ packageManager: 'npm' })], lockfile: lockfileOf(), rivals: ['bun.lock'] }),
    fileInput({ lockfile: lockfileOf(), shadowed: 'package-lock.json' }),
    fileInput({ unread: { path: 'bun.lockb', what: 'bun.lockb', why: 'unread', next: 'none' }, rivals: ['yarn.lock'] }),
  ],
  ignores: [fileInput({ lockfile: lockfileOf() }), fileInput({ lockfile: lockfileOf(), rivals: [] })],
}

const misleads = (path: string, shadowed: string) =>
  finding(
    {
      code: 'lockfile/multiple',
      scanner: 'lockfile',
      subject: { kind: 'project', path },
      severity: 'low',
      confidence: 'high',
      message: `npm installs what ${path} says and never reads ${shadowed} beside it: nothing in that file was judged`,
      evidence: [fileAt(shadowed, 1, shadowed), fileAt(path, 1, path)],
    },
    shadowed,
  )
