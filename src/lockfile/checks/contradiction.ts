// One lockfile, two stories: the section that npm 6 installs from names another package than the one that npm 7 and
// later read, or an entry calls itself a package that nobody asks for. npm notices neither.

import { finding, packageSubject } from '../../finding.ts'
import type { Contradiction, Finding, Lockfile } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { fileInput, locked, lockfileOf } from '../file-example.ts'
import { fileAt, lockedAt, shown } from '../source.ts'

const telling = (...contradictions: readonly Contradiction[]): FileInput =>
  fileInput({ lockfile: { ...lockfileOf(locked()), contradictions } })

const key = 'node_modules/left'

export const contradiction: Check<FileInput> = {
  codes: ['lockfile/contradiction'],
  run: ({ lockfile }) => (lockfile?.contradictions ?? []).map((one) => report(lockfile!, one)),
  matches: [
    telling({ kind: 'sections', key, name: 'left', version: '1.2.3', field: 'version', says: '1.2.3', other: '1.0.0' }),
    telling({ kind: 'sections', key, name: 'left', version: '1.2.3', field: 'entry', says: undefined, other: 'left' }),
    telling({ kind: 'name', key, name: 'evil', version: '1.2.3', field: 'name', says: 'evil', other: 'left' }),
  ],
  ignores: [telling(), fileInput({ lockfile: lockfileOf(locked()) }), fileInput()],
}

function report(lockfile: Lockfile, one: Contradiction): Finding {
  const { key, name, version, line = 1 } = one
  const entry = lockfile.packages.find((locked) => locked.key === key)
  const text = sentence(one)
  return finding(
    {
      code: 'lockfile/contradiction',
      scanner: 'lockfile',
      subject: packageSubject(name, version),
      severity: 'high',
      confidence: 'high',
      message: shown(text),
      evidence: [entry ? lockedAt(lockfile, entry) : fileAt(lockfile.path, line, text)],
    },
    `${key} ${one.kind} ${one.field} ${one.other}`,
  )
}

function sentence({ kind, key, field, says = 'nothing', other }: Contradiction): string {
  if (kind === 'name') return `${key} holds ${says}, where ${other} was asked for`
  if (field === 'entry') return `npm 6 would install ${other} in ${key}, of which npm 7 and later know nothing`
  return `${key} has the ${field} ${says} for npm 7 and later, and ${other} for npm 6`
}
