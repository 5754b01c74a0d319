// What a change brought (`--since REF`): the project as a commit has it, read from git's objects and judged by the same
// checks, beside the project as it is now. What was told then is not told again, and whoever was locked then in the
// same bytes is not asked about.

import { AuditError } from '../errors.ts'
import type { Repository } from '../git/repository.ts'
import { mergeBase } from '../git/scope.ts'
import { blobOf, commitOf, contentAt, filesAt } from '../git/show.ts'
import { byDepth, type ReadText } from '../project/files.ts'
import type { Hosts } from '../project/hosts.ts'
import { isOfProject, readFiles } from '../project/read.ts'
import { isLockfile, unitsOf } from '../project/units.ts'
import type { Config, Finding, LockedPackage, Missed } from '../types.ts'
import { type Candidate, candidatesOf } from './candidates.ts'
import type { PackageInput } from './check.ts'
import { type JudgedFiles, judgeFiles } from './files.ts'
import { ageInDays, ago, versionFacts } from './package-finding.ts'

export interface Change {
  /** As given by the user. */
  readonly ref: string
  /** Those of the candidates that came with it. */
  readonly came: readonly Candidate[]
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** Was it said of the project then, too? */
  wasThere(finding: Finding): boolean
  /** What could not be compared. */
  readonly missed: readonly Missed[]
}

/**
 * @param candidates of the project now. @param repository the audited folder's. @param policy of now, for both.
 * @throws AuditError USAGE where there is no such commit or no repository, GIT_FAILED
 */
export async function changeSince(
  ref: string,
  candidates: readonly Candidate[],
  hosts: Hosts,
  repository: Promise<Repository | undefined>,
  policy: Pick<Config, 'exactVersions'>,
): Promise<Change> {
  const repo = await repository
  if (repo === undefined)
    throw new AuditError('USAGE', '--since needs a git repository, and this folder is in none', {
      hint: 'leave --since out',
    })
  const given = await commitOf(repo, ref)
  // What the other line brought meanwhile is not this change's.
  const base = await mergeBase(repo, ref)
  const commit = base ?? given
  const files = await filesAt(repo, commit)
  const read: ReadText = async (path) => {
    const oid = files.get(path)
    if (oid === undefined) throw new Error('it was not there')
    return (await blobOf(repo, oid)).toString('utf8').replace(/^\ufeff/, '')
  }
  const project = await readFiles(read, [...files.keys()].filter(isOfProject).sort(byDepth))
  const units = unitsOf(project)
  const judged = await judgeFiles(read, project, units, hosts, Promise.resolve(undefined), policy)
  const came = comparing(candidatesOf(units, project.workspaceNames), candidates)
  const settings = await contentAt(repo, commit, '.npmrc')
  return {
    ref,
    ...came,
    wasThere: wasThere(judged, new Set([...files.keys()].filter(isLockfile)), settings?.toString('utf8') ?? ''),
    missed: [
      ...project.unread.map(({ what, why, next }) => ({ what: `${what} at ${ref}`, why, next })),
      ...(base === undefined ? [withoutBase(ref)] : []),
    ],
  }
}

const withoutBase = (ref: string): Missed => ({
  what: `where this line parted from ${ref}`,
  why: 'git cannot tell here, so it was compared with its last commit',
  next: 'fetch the whole history: git fetch --unshallow',
})

function comparing(
  before: readonly Candidate[],
  now: readonly Candidate[],
): Pick<Change, 'came' | 'added' | 'changed' | 'removed'> {
  const byVersion = new Map<string, Candidate[]>()
  for (const one of before) byVersion.set(idOf(one), [...(byVersion.get(idOf(one)) ?? []), one])
  const names = new Set(before.map(({ name }) => name))
  const left = new Set(now.map(({ name }) => name))
  const came = now.filter((one) => !byVersion.get(idOf(one))?.some((other) => isSame(one.locked, other.locked)))
  const namesThatCame = new Set(came.map(({ name }) => name))
  const added = [...namesThatCame].filter((name) => !names.has(name)).length
  return {
    came,
    added,
    changed: namesThatCame.size - added,
    removed: [...names].filter((name) => !left.has(name)).length,
  }
}

const idOf = ({ name, version, range }: Candidate): string => JSON.stringify([name, version, range])

/** Formats differ in what they write down: only what both say can differ. */
const isSame = (one: LockedPackage | undefined, other: LockedPackage | undefined): boolean =>
  (['integrity', 'resolved', 'checksum'] as const).every((field) => {
    const [a, b] = [one?.[field], other?.[field]]
    return a === undefined || b === undefined || a === b
  })

function wasThere(
  { findings }: JudgedFiles,
  lockfiles: ReadonlySet<string>,
  npmrc: string,
): (finding: Finding) => boolean {
  const known = new Set(findings.map(({ fingerprint }) => fingerprint))
  return (finding) => {
    const [place] = finding.evidence
    // A lockfile that git never had: no commit brought that.
    if (finding.code === 'lockfile/uncommitted' && place.kind === 'file') return !lockfiles.has(place.path)
    if (finding.code === 'lockfile/untrusted-registry' && place.kind === 'file') return isSet(place.excerpt, npmrc)
    return known.has(finding.fingerprint)
  }
}

/** Of several lines for one key npm takes the last. */
function isSet(setting: string, npmrc: string): boolean {
  const key = setting.slice(0, setting.indexOf('=') + 1)
  const lines = npmrc.split(/\r?\n/).map((line) => line.trim().replace(/\s*=\s*/, '='))
  return lines.findLast((line) => line.startsWith(key)) === setting
}

/** `3 packages came with this change (2 new, 1 in another version), 1 went; the youngest version is 2 days old: …`. */
export function summaryOf({ ref, came, added, changed, removed }: Change, inputs: readonly PackageInput[]): string {
  const names = new Set(came.map(({ name }) => name)).size
  if (names === 0) return `no package came since ${ref}${removed === 0 ? '' : `, ${removed} went`}`
  const how = [added > 0 && `${added} new`, changed > 0 && `${changed} in another version or other bytes`]
  const went = removed === 0 ? '' : `, ${removed} went`
  return `${names} ${names === 1 ? 'package' : 'packages'} came since ${ref} (${how.filter(Boolean).join(', ')})${went}${youngest(inputs)}`
}

function youngest(inputs: readonly PackageInput[]): string {
  const dated = inputs.flatMap((input) => {
    const days = ageInDays(versionFacts(input)?.published, input.now)
    return days === undefined ? [] : [{ input, days }]
  })
  const [first] = dated.sort((a, b) => a.days - b.days)
  if (first === undefined) return '; how old they are was not asked, or not served'
  const { name, version } = first.input
  return `; the youngest, ${name}@${version}, was published ${ago(first.days)}`
}
