// `file:`, `link:` and portals that lead out of the repository. Below its top a folder is as much ours as the rest.

import { posix } from 'node:path'
import { finding } from '../../finding.ts'
import type { Declared, FileEvidence, Finding, LockedPackage, Lockfile, Manifest } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, locked, lockfileOf, manifestOf } from '../file-example.ts'
import { declaredAt, lockedAt, shown } from '../source.ts'

const asking = (range: string, path = 'package.json', given: Partial<FileInput> = {}): FileInput =>
  fileInput({
    manifests: [manifestOf({ path, dependencies: [declared({ name: 'left', range, kind: 'local' })] })],
    ...given,
  })
const holding = (given: Partial<LockedPackage>): FileInput =>
  fileInput({ lockfile: lockfileOf(locked({ kind: 'local', integrity: undefined, ...given })), manifests: [] })

export const outsideProject: Check<FileInput> = {
  codes: ['lockfile/outside-project'],
  run({ manifests, lockfile, above = 0 }) {
    const seen = new Set<string>()
    const asked = manifests.flatMap((manifest) =>
      manifest.dependencies.flatMap((one) => {
        const target = leadsOut(folderOf(one), posix.dirname(manifest.path), above)
        if (target === undefined) return []
        seen.add(one.name)
        return [report(one.name, target, declaredAt(manifest, one))]
      }),
    )
    const deep = (lockfile?.packages ?? []).flatMap((entry) => {
      if (entry.kind !== 'local' || seen.has(entry.alias ?? entry.name)) return []
      const target = leadsOut(folderIn(entry, lockfile!), posix.dirname(lockfile!.path), above)
      return target === undefined ? [] : [report(entry.name, target, lockedAt(lockfile!, entry, 'resolved'))]
    })
    return [...asked, ...deep]
  },
  matches: [
    asking('file:../left'),
    asking('link:../left'),
    asking('portal:../left'),
    asking('../left.tgz'),
    asking('file:/opt/left'),
    asking('file:///opt/left'),
    asking('~/left'),
    asking('file:C:\\left'),
    asking('file:../../../left', 'packages/a/package.json', { above: 0 }),
    asking('file:../../left', 'package.json', { above: 1 }),
    holding({ key: '../left', resolved: undefined }),
    holding({ key: 'node_modules/left', resolved: 'file:../left' }),
  ],
  ignores: [
    asking('file:left'),
    asking('./left'),
    asking('file:../left', 'packages/a/package.json'),
    asking('file:../left', 'package.json', { above: 1 }),
    asking('link:./left'),
    holding({ key: 'packages/left', resolved: undefined }),
    holding({ key: 'node_modules/left', resolved: 'file:left' }),
    // Relative to whoever asks, whom Yarn names elsewhere: the manifest is the witness.
    fileInput({
      lockfile: { ...lockfileOf(locked({ kind: 'local', resolved: 'file:../left' })), format: 'yarn-berry' },
      manifests: [],
    }),
    fileInput({ lockfile: lockfileOf(locked()) }),
    fileInput(),
  ],
}

const protocol = /^(?:file|link|portal):(?:\/\/(?=\/))?/

const folderOf = ({ kind, range, meant }: Declared): string | undefined =>
  kind === 'local' ? (meant?.range ?? range).replace(protocol, '') : undefined

/** As the formats write it that do so relative to the lockfile. */
function folderIn({ key, resolved }: LockedPackage, { format }: Lockfile): string | undefined {
  if (format === 'yarn-classic' || format === 'yarn-berry') return undefined
  const written = resolved === undefined || !protocol.test(resolved) ? key : resolved
  return written.replace(protocol, '')
}

/** @param above folders between the repository's top and the audited one. */
function leadsOut(target: string | undefined, folder: Manifest['path'], above: number): string | undefined {
  if (target === undefined) return undefined
  const plain = target.replaceAll('\\', '/')
  if (/^(?:\/|~|[a-z]:)/i.test(plain)) return target
  const ups = posix
    .join(folder, plain)
    .split('/')
    .filter((part) => part === '..').length
  return ups > above ? target : undefined
}

const report = (name: string, target: string, evidence: FileEvidence): Finding =>
  finding(
    {
      code: 'lockfile/outside-project',
      scanner: 'lockfile',
      subject: { kind: 'package', name },
      severity: 'medium',
      confidence: 'high',
      message: shown(`comes from ${target}, which is not in the repository`),
      evidence: [evidence],
    },
    target,
  )
