// `"lodash": "npm:something@1"`: an alias under a name that is somebody else's. Replacing a package on purpose looks
// the same, so what a manifest of ours says openly is a hint; deep in the tree, where nobody reads it, it weighs more.

import { finding } from '../../finding.ts'
import type { Declared, FileEvidence, Finding, LockedPackage } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, locked, lockfileOf, manifestOf } from '../file-example.ts'
import { declaredAt, lockedAt } from '../source.ts'

const isPopular = (name: string): boolean => name === 'lodash'
const shadow = { name: 'evil', alias: 'lodash', key: 'node_modules/lodash' } as const
const asked = declared({ name: 'lodash', target: 'evil', range: 'npm:evil@^1.0.0' })

export const aliasShadow: Check<FileInput> = {
  codes: ['lockfile/alias-shadow'],
  run(input) {
    const { lockfile, manifests } = input
    const shadows = shadowing(input)
    const seen = new Set<string>()
    const direct = manifests.flatMap((manifest) =>
      manifest.dependencies
        .filter((one) => isAlias(one) && shadows(one.name, one.target))
        .map((one) => {
          seen.add(`${one.name} ${one.target}`)
          return report(one.name, one.target, 'low', declaredAt(manifest, one))
        }),
    )
    const deep = (lockfile?.packages ?? []).filter(
      ({ alias, name }) => alias !== undefined && !seen.has(`${alias} ${name}`) && shadows(alias, name),
    )
    return [...direct, ...deep.map((entry) => report(entry.alias!, entry.name, 'medium', lockedAt(lockfile!, entry)))]
  },
  matches: [
    fileInput({ lockfile: lockfileOf(locked({ ...shadow, direct: false })), isPopular }),
    fileInput({ manifests: [manifestOf({ dependencies: [asked] })], isPopular }),
    fileInput({ manifests: [manifestOf({ dependencies: [asked] })], lockfile: lockfileOf(locked(shadow)), isPopular }),
    // Nobody knows it, and yet the same tree holds the package whose name it takes.
    fileInput({ lockfile: lockfileOf(locked(), locked({ name: 'evil', alias: 'left', key: 'node_modules/a/left' })) }),
  ],
  ignores: [
    fileInput({ lockfile: lockfileOf(locked()), isPopular: () => true }),
    fileInput({ lockfile: lockfileOf(locked({ name: 'left', alias: 'old-left' })), isPopular }),
    fileInput({ manifests: [manifestOf({ dependencies: [declared({ name: 'lodash' })] })], isPopular }),
    // Its own fork, or its own name with something added.
    fileInput({ lockfile: lockfileOf(locked({ name: '@acme/lodash', alias: 'lodash' })), isPopular }),
    fileInput({ lockfile: lockfileOf(locked({ name: 'left', alias: 'string-width-cjs' })), isPopular }),
    fileInput(),
  ],
}

const isAlias = ({ kind, name, target, field }: Declared): boolean =>
  kind === 'registry' && name !== target && field !== 'peerDependencies'

/** Is the name another package's, by everybody's knowledge or by this very tree? */
function shadowing({ lockfile, isPopular = () => false }: FileInput): (alias: string, name: string) => boolean {
  const own = new Set((lockfile?.packages ?? []).filter(isPlain).map(({ name }) => name))
  return (alias, name) => lastPart(alias) !== lastPart(name) && (isPopular(alias) || own.has(alias))
}

const isPlain = ({ kind, alias }: LockedPackage): boolean => kind === 'registry' && alias === undefined

/** A fork under a scope keeps the name: whoever reads it knows what it stands for. */
const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

const report = (alias: string, name: string, severity: 'low' | 'medium', evidence: FileEvidence): Finding =>
  finding(
    {
      code: 'lockfile/alias-shadow',
      scanner: 'lockfile',
      subject: { kind: 'package', name },
      severity,
      confidence: 'high',
      message: `whoever imports ${alias} gets ${name}, which is another package`,
      evidence: [evidence],
    },
    alias,
  )
