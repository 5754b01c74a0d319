// The lockfile is on this disk only: git ignores it, or nobody added it.

import { finding } from '../../finding.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput, lockfileOf } from '../file-example.ts'
import { fileAt } from '../source.ts'

export const uncommitted: Check<FileInput> = {
  codes: ['lockfile/uncommitted'],
  run({ lockfile, unread, tracked }) {
    const path = lockfile?.path ?? unread?.path
    if (path === undefined || tracked === undefined || tracked === 'tracked') return []
    const how = tracked === 'ignored' ? 'git ignores it' : 'it was never added to git'
    return [
      finding({
        code: 'lockfile/uncommitted',
        scanner: 'lockfile',
        subject: { kind: 'project', path },
        severity: 'medium',
        confidence: 'high',
        message: `${path} pins nothing for anybody else: ${how}`,
        evidence: [fileAt(path, 1, how)],
      }),
    ]
  },
  matches: [
    fileInput({ lockfile: lockfileOf(), tracked: 'ignored' }),
    fileInput({ lockfile: lockfileOf(), tracked: 'untracked' }),
    fileInput({
      unread: { path: 'yarn.lock', what: 'yarn.lock', why: 'not supported yet', next: 'wait' },
      tracked: 'ignored',
    }),
  ],
  ignores: [fileInput({ lockfile: lockfileOf(), tracked: 'tracked' }), fileInput({ lockfile: lockfileOf() })],
}
