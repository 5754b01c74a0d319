// Ranges without an upper end: whatever is published next, by whomever, satisfies them. Peer ranges are wide on
// purpose, workspaces are no releases, and an override without a range only selects. Of `catalog:` and `patch:` the
// range that they stand for is judged. By policy (`exactVersions`) every range is one too many.

import type { Result } from 'npm-package-arg'
import semver from 'semver'
import { finding } from '../../finding.ts'
import { npa } from '../../names/npa.ts'
import { asMeant, plainRange } from '../../project/meanings.ts'
import type { Declared } from '../../types.ts'
import type { Check, FileInput } from '../check.ts'
import { declared, fileInput, manifestOf } from '../file-example.ts'
import { catalogAt, declaredAt, shown } from '../source.ts'

const asking = (given: Partial<Declared>, exactVersions = false): FileInput =>
  fileInput({ exactVersions, manifests: [manifestOf({ dependencies: [declared(given)] })] })

const commit = '0123456789abcdef0123456789abcdef01234567'

export const unpinned: Check<FileInput> = {
  codes: ['lockfile/unpinned'],
  run: ({ manifests, exactVersions = false }) =>
    manifests.flatMap((manifest) =>
      manifest.dependencies.flatMap((one) => {
        const meant = asMeant(one)
        const catalog = catalogAt(one)
        const why = openEnd(meant) ?? (exactVersions ? inexact(meant) : undefined)
        if (why === undefined) return []
        return [
          finding(
            {
              code: 'lockfile/unpinned',
              scanner: 'lockfile',
              subject: { kind: 'package', name: one.target },
              severity: 'medium',
              confidence: 'high',
              message: `${shown(`${one.name}@${meant.range}`)} in ${catalog?.path ?? manifest.path}: ${why}`,
              evidence: [declaredAt(manifest, one), ...(catalog === undefined ? [] : [catalog])],
            },
            one.field,
          ),
        ]
      }),
    ),
  matches: [
    asking({ range: '*' }),
    asking({ range: '' }),
    asking({ range: 'latest' }),
    asking({ range: '>=1.2.3' }),
    asking({ range: '1.x || >2' }),
    asking({ range: 'npm:right@*', target: 'right' }),
    asking({ range: 'npm:right', target: 'right' }),
    asking({ range: 'npm:>=1.2.3' }),
    asking({ range: 'github:acme/left', kind: 'git' }),
    asking({ range: 'git+ssh://git@git.example/acme/left.git#main', kind: 'git' }),
    asking({ range: 'x', field: 'overrides' }),
    asking({ range: '^1.2.3' }, true),
    asking({ range: 'catalog:', meant: { range: '*', path: 'pnpm-workspace.yaml', line: 3 } }),
    asking({ range: 'catalog:', meant: { range: '^1.2.3', path: 'pnpm-workspace.yaml', line: 3 } }, true),
    asking({ range: 'patch:left@npm%3A>=1#./left.patch', meant: { range: 'npm:>=1' } }),
    asking({ range: 'patch:left@^1.2.3#./left.patch', meant: { range: '^1.2.3' } }, true),
    asking({ range: 'npm:right@~1.0.0', target: 'right' }, true),
    asking({ range: 'github:acme/left#v1.2.3', kind: 'git' }, true),
    asking({ range: 'github:acme/left#semver:^1.0.0', kind: 'git' }, true),
  ],
  ignores: [
    asking({ range: '1.2.3' }),
    asking({ range: '^1.2.3' }),
    asking({ range: '>=1.2.3 <2' }),
    asking({ range: '1.x' }),
    asking({ range: 'npm:right@^1.0.0', target: 'right' }),
    // Yarn's way to write a plain range.
    asking({ range: 'npm:^1.2.3' }),
    asking({ range: 'npm:1.2.3' }, true),
    asking({ range: '>=1', field: 'peerDependencies' }),
    asking({ range: '', field: 'bundleDependencies' }),
    asking({ range: '', field: 'overrides' }),
    asking({ range: 'workspace:*', kind: 'workspace' }),
    asking({ range: 'catalog:' }),
    asking({ range: 'catalog:', meant: { range: '^1.2.3', path: 'pnpm-workspace.yaml', line: 3 } }),
    asking({ range: 'patch:left@npm%3A1.2.3#./left.patch', meant: { range: 'npm:1.2.3' } }, true),
    asking({ range: `github:acme/left#${commit}`, kind: 'git' }),
    asking({ range: 'github:acme/left#semver:^1.0.0', kind: 'git' }),
    asking({ range: 'github:acme/left#v1.2.3', kind: 'git' }),
    asking({ range: 'file:../left', kind: 'local' }),
    asking({ range: '1.2.3' }, true),
    asking({ range: '^1', field: 'peerDependencies' }, true),
    asking({ range: 'catalog:' }, true),
    asking({ range: 'workspace:^', kind: 'workspace' }, true),
    asking({ range: `github:acme/left#${commit}`, kind: 'git' }, true),
  ],
}

/** Why the range has no end; undefined where it has one. */
function openEnd(one: Declared): string | undefined {
  if (!choosesVersion(one)) return undefined
  return one.kind === 'git' ? movingCommit(one.name, one.range) : openRange(one.name, one.range)
}

function inexact(one: Declared): string | undefined {
  if (!choosesVersion(one)) return undefined
  const spec = specOf(one.name, one.range)
  if (one.kind === 'git' && !/^(?:[\da-f]{40}|[\da-f]{64})$/i.test(spec?.gitCommittish ?? ''))
    return 'it names no full commit, and the policy takes exact ones only'
  return spec?.type === 'range' ? 'it is a range, and the policy takes exact versions only' : undefined
}

function choosesVersion({ range, kind, field }: Declared): boolean {
  if (field === 'peerDependencies' || field === 'bundleDependencies') return false
  if (field === 'overrides' && range === '') return false
  return kind === 'git' || (kind === 'registry' && !/^(?:catalog|patch):/.test(range))
}

/** As nearly all are written: of such a one npm's parser need not be asked. */
const ended = /^[\^~]?(?:0|[1-9]\d{0,7})(?:\.(?:0|[1-9]\d{0,7})){0,2}$/

function openRange(name: string, range: string): string | undefined {
  if (ended.test(range)) return undefined
  const spec = specOf(name, range)
  if (!spec) return undefined
  if (spec.type === 'tag') return `the tag "${spec.fetchSpec}" is whatever was published last under it`
  if (spec.type !== 'range') return undefined
  // The highest version there could be: only a range without an upper end takes it.
  return semver.satisfies('999999999.0.0', spec.fetchSpec ?? '*') ? 'it takes every version to come' : undefined
}

function movingCommit(name: string, range: string): string | undefined {
  const spec = specOf(name, range)
  if (!spec || spec.gitRange) return undefined
  const committish = spec.gitCommittish
  if (!committish) return 'it follows the default branch'
  // A tag can be moved too, but naming a release is what a careful author can do short of a commit.
  if (/^[\da-f]{7,64}$/i.test(committish) || /^v?\d+(?:\.\d+)*/.test(committish)) return undefined
  return `it follows the branch or tag "${committish}"`
}

function specOf(name: string, range: string): Result | undefined {
  try {
    return npa().resolve(name, plainRange(range))
  } catch {
    // What npm could not install either is named as unreadable elsewhere.
    return undefined
  }
}
