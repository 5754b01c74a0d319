// Which of the phantom findings a change brings (`--since REF`): what stood in the same kind of file where the lines
// parted was there, wherever the change moved it. One `git grep` over that commit answers for all of them.

import { posix } from 'node:path'
import { AuditError, reasonOf } from '../errors.ts'
import { mergeBase } from '../git/scope.ts'
import { commitOf } from '../git/show.ts'
import { clean } from '../redact.ts'
import type { FileEvidence, Finding, Missed, Repository, ScanContext } from '../types.ts'
import { kindOf as fileKindOf } from './collect/kinds.ts'
import { linesWith } from './grep.ts'

export interface Compared {
  readonly findings: readonly Finding[]
  readonly missed: readonly Missed[]
}

/**
 * Says of each finding whether it was introduced; without `--since` it leaves them as they are. What cannot be compared
 * counts as introduced, and is in `missed`.
 * @throws AuditError USAGE where there is no such commit or no repository
 */
export async function sayIntroduced(
  findings: readonly Finding[],
  { repository, config: { since } }: Pick<ScanContext, 'repository' | 'config'>,
): Promise<Compared> {
  if (since === undefined) return { findings, missed: [] }
  const repo = await repository()
  if (repo === undefined)
    throw new AuditError('USAGE', '--since needs a git repository, and this folder is in none', {
      hint: 'leave --since out',
    })
  await commitOf(repo, since)
  const base = await mergeBase(repo, since)
  const told = (introduced: (finding: Finding) => boolean, missed: readonly Missed[] = []): Compared => ({
    findings: findings.map((finding) => ({ ...finding, introduced: introduced(finding) })),
    missed,
  })
  const all = (why: string, next: string): Compared =>
    told(() => true, [{ what: `what was named at ${clean(since)} already`, why, next }])
  if (base === undefined)
    return all('git cannot tell where this line parted from it', 'fetch the whole history: git fetch --unshallow')
  try {
    const places = await placesAt(repo, base, findings.flatMap(needlesOf))
    return told((finding) => !wasThere(finding, places))
  } catch (error) {
    return all(clean(reasonOf(error)), 'run git fsck there')
  }
}

/** Something that a file must hold. */
interface Needle {
  readonly text: string
  /** A package's name, which must stand as one; what is taken from a package need only be there. */
  readonly isPackage: boolean
}
const keyOf = ({ text, isPackage }: Needle): string => `${isPackage}\0${text}`

/** Needle → paths of the files that held it. */
type Places = ReadonlyMap<string, ReadonlySet<string>>

/** Everything it is about stood in one file of the kind that its first place has. */
function wasThere(finding: Finding, places: Places): boolean {
  const kind = kindOf(placeOf(finding)?.path ?? '')
  const [first = [], ...others] = needlesOf(finding).map((needle) => places.get(keyOf(needle)) ?? new Set<string>())
  return [...first].some((path) => kindOf(path) === kind && others.every((paths) => paths.has(path)))
}

const placeOf = ({ evidence }: Finding): FileEvidence | undefined => evidence.find((seen) => seen.kind === 'file')

/** The name of a package; or what is taken from it, and from where; or a method. */
function needlesOf(finding: Finding): readonly Needle[] {
  const { subject, code } = finding
  const excerpt: string = placeOf(finding)?.excerpt ?? ''
  if (code === 'phantom/export') {
    const [taken = '', ...from] = excerpt.split(' from ')
    // A method is shown as `[…].name()`, a subpath by itself.
    const text = taken.replace(/^(?:\[…\]|"…")|\(\)$/g, '')
    const isSubpath = from.length === 0 && subject.kind === 'package'
    return [{ text, isPackage: isSubpath }, ...from.map((module) => ({ text: module, isPackage: true }))]
  }
  if (subject.kind !== 'package') return []
  // Configuration has short names for many: `x` for eslint-plugin-x.
  const isShort = !excerpt.includes(subject.name) && /^\S+$/.test(excerpt)
  return [{ text: isShort ? excerpt : subject.name, isPackage: true }]
}

/** A manifest is no lockfile and a document no program: what moves from one to the other comes anew. */
const kindOf = (path: string): string => {
  if (isSource(path)) return 'source'
  const [name, ending] = [posix.basename(path), posix.extname(path)]
  return ending === '' || ending === '.json' ? name : ending
}

const isSource = (path: string): boolean => /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path)

/** The files of a commit (relative to the audited folder) that hold each needle as a word. */
async function placesAt(repo: Repository, commit: string, needles: readonly Needle[]): Promise<Places> {
  const places = new Map<string, Set<string>>()
  const sought = [...new Map(needles.map((needle) => [keyOf(needle), needle])).values()]
    // An empty line would match all.
    .filter(({ text }) => text !== '' && !/[\n\0]/.test(text))
    .map((needle) => ({ key: keyOf(needle), text: needle.text, holds: holderOf(needle) }))
  if (sought.length === 0) return places
  const lines = await linesWith(
    repo,
    commit,
    sought.map(({ text }) => text),
  )
  for (const { path, text: line } of lines)
    for (const { key, text, holds } of sought)
      if (line.includes(text) && holds(line, path)) places.set(key, (places.get(key) ?? new Set()).add(path))
  return places
}

const imports = /\b(?:import|from|require|resolve|types)\b/
const installs = /\b(?:npm|npx|pnpm|pnpx|yarn|bunx?|deno)\b/

/**
 * `x` stands neither in `x-y` nor in `@scope/x`, but in `node_modules/x`, `x/sub` and `x@1`. A package's name is quoted
 * (in a program: and imported), or stands in a lockfile or behind an installer: any other word says nothing of a package.
 */
function holderOf({ text, isPackage }: Needle): (line: string, path: string) => boolean {
  const exact = text.replace(/[^\w\s]/g, '\\$&')
  const word = new RegExp(`(?:^|[^\\w@./-]|node_modules/)${exact}(?![\\w.-])`)
  if (!isPackage) return (line) => word.test(line)
  const quoted = new RegExp(`(?:["'\`]|node_modules/)${exact}["'\`/@]`)
  return (line, path) => {
    if (isSource(path) && fileKindOf(path) !== 'config') return quoted.test(line) && imports.test(line)
    return quoted.test(line) || (word.test(line) && (/lock/.test(path) || installs.test(line)))
  }
}
