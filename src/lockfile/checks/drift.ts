// Manifest and lockfile tell different stories. `npm ci` is the judge: what it refuses is high; a locked package
// that nobody asks for it skips in silence, so that is low.

import { finding } from '../../finding.ts'
import type { Evidence, Finding, Lockfile, Manifest, TreeProblem } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, locked, lockfileOf, manifestOf } from '../file-example.ts'
import { declaredAt, fileAt, lockedAt, shown } from '../source.ts'

const shownProblems = 5
const shownPlaces = 10

export const drift: Check<FileInput> = {
  codes: ['lockfile/drift'],
  run({ lockfile, manifests, problems = [] }) {
    if (!lockfile) return []
    const refused = problems.filter(({ kind }) => kind !== 'extraneous')
    const extra = problems.filter(({ kind }) => kind === 'extraneous')
    return [
      ...report(lockfile, manifests, refused, 'high', `${lockfile.path} does not give what is asked for`),
      ...report(lockfile, manifests, extra, 'low', `${lockfile.path} locks what nobody asks for`),
    ]
  },
  matches: [
    fileInput({
      lockfile: lockfileOf(),
      problems: [{ kind: 'missing', name: 'left', wanted: '^1.2.3', by: '' }],
    }),
    fileInput({
      manifests: [manifestOf({ dependencies: [declared({ range: '^2.0.0' })] })],
      lockfile: lockfileOf(locked()),
      problems: [
        { kind: 'invalid', name: 'left', wanted: '^2.0.0', locked: '1.2.3', by: '', key: 'node_modules/left' },
      ],
    }),
    fileInput({
      lockfile: lockfileOf(locked({ name: 'stray' })),
      problems: [{ kind: 'extraneous', name: 'stray', locked: '1.2.3', key: 'node_modules/stray' }],
    }),
  ],
  ignores: [fileInput({ lockfile: lockfileOf(locked()), problems: [] }), fileInput({ lockfile: lockfileOf(locked()) })],
}

/** One finding for all of one kind: they have one cause and one remedy. */
function report(
  lockfile: Lockfile,
  manifests: readonly Manifest[],
  problems: readonly TreeProblem[],
  severity: 'high' | 'low',
  what: string,
): Finding[] {
  if (problems.length === 0) return []
  const phrases = problems.slice(0, shownProblems).map(phrase)
  const rest = problems.length - phrases.length
  const [first, ...others] = problems.slice(0, shownPlaces).map((problem) => placeOf(problem, lockfile, manifests))
  const detail = problems.map(({ kind, name, by = '' }) => `${kind} ${by} ${name}`).sort()
  return [
    finding(
      {
        code: 'lockfile/drift',
        scanner: 'lockfile',
        subject: { kind: 'project', path: lockfile.path },
        severity,
        confidence: 'high',
        message: `${what}: ${phrases.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
        evidence: [first!, ...others],
      },
      detail.join('\n'),
    ),
  ]
}

function phrase({ kind, name, wanted = '', locked }: TreeProblem): string {
  if (kind === 'extraneous') return `${name}@${locked ?? '?'}`
  const asked = shown(`${name}@${wanted || '*'}`)
  return kind === 'missing' ? `${asked} is not locked` : `${asked} is locked as ${locked ?? 'something else'}`
}

function placeOf(problem: TreeProblem, lockfile: Lockfile, manifests: readonly Manifest[]): Evidence {
  const base = folderOf(lockfile.path)
  const asker = manifests.find(({ path }) => folderOf(path) === join(base, problem.by))
  const line = asker?.dependencies.find(({ name, field }) => name === problem.name && field !== 'overrides')
  if (asker && line) return declaredAt(asker, line)
  const entry = lockfile.packages.find(({ key }) => key === (problem.key ?? problem.by))
  return entry ? lockedAt(lockfile, entry) : fileAt(lockfile.path, 1, phrase(problem))
}

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')

const join = (base: string, folder: string | undefined): string | undefined =>
  folder === undefined ? undefined : [base, folder].filter((part) => part !== '').join('/')
