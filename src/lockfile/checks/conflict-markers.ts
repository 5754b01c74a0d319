// A merge was never finished. npm takes both sides of such a file apart and resolves anew, without a word.

import { finding } from '../../finding.ts'
import type { Unread } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput } from '../file-example.ts'
import { fileAt } from '../source.ts'

const unread: Unread = { path: 'package-lock.json', what: 'package-lock.json', why: 'conflict', next: 'take one side' }

export const conflictMarkers: Check<FileInput> = {
  codes: ['lockfile/conflict-markers'],
  run({ unread }) {
    if (unread?.problem !== 'conflict-markers') return []
    return [
      finding({
        code: 'lockfile/conflict-markers',
        scanner: 'lockfile',
        subject: { kind: 'project', path: unread.path },
        severity: 'high',
        confidence: 'high',
        message: `${unread.path} holds the markers of an unfinished merge`,
        evidence: [fileAt(unread.path, unread.line ?? 1, '<<<<<<<')],
      }),
    ]
  },
  matches: [fileInput({ unread: { ...unread, problem: 'conflict-markers', line: 12 } })],
  ignores: [fileInput({ unread })],
}
