// Squat after hallucination: the name stood in this repository before the registry says that the package was created.
// Looked for in the trees of a few commits from before that day, for direct packages that are young: cheap, and what
// stood there only between those commits is not seen.

import { reasonOf, whatBroke } from '../errors.ts'
import { finding } from '../finding.ts'
import { query } from '../git/query.ts'
import { clean, harmless } from '../redact.ts'
import type { Evidence, Finding, Missed, PackageFacts, Repository, ScanContext } from '../types.ts'
import { textMentions } from './collect/all.ts'
import { shown } from './collect/place.ts'
import { linesWith } from './grep.ts'

export interface Young {
  readonly facts: PackageFacts & { readonly created: string }
  readonly evidence: readonly Evidence[]
}

export interface Squatted {
  readonly findings: readonly Finding[]
  readonly checked: number
  readonly missed: readonly Missed[]
}

const day = 86_400_000
/** Older packages were named by so many that it says nothing. */
const youngDays = 730
/** Days before the package's creation at whose commits we look. The first leaves room for clocks and time zones. */
const looksAt = [1, 30, 180, 720] as const
const mostNames = 50

/** Young enough to ask git about. */
export const isYoung = ({ created }: Pick<PackageFacts, 'created'>, now: Date): boolean =>
  created !== undefined && now.getTime() - Date.parse(created) < youngDays * day

/** Never throws: what git could not tell is in `missed`. Undefined where there is no repository. */
export async function squattedLater(
  packages: readonly Young[],
  own: ReadonlySet<string>,
  { repository }: Pick<ScanContext, 'repository'>,
): Promise<Squatted | undefined> {
  const findings: Finding[] = []
  const missed: Missed[] = []
  let repo: Repository | undefined
  try {
    repo = await repository()
  } catch (error) {
    return { findings, checked: 0, missed: [{ what: 'git history', ...whatBroke(error) }] }
  }
  if (repo?.head === undefined) return undefined
  if (repo.shallow)
    missed.push({
      what: 'commits beyond the shallow clone',
      why: 'the clone is shallow, so names that stood there earlier cannot be seen',
      next: 'git fetch --unshallow',
    })
  const others = packages.filter(({ facts }) => !own.has(facts.name))
  if (others.length > mostNames)
    missed.push({
      what: `${others.length - mostNames} young packages`,
      why: `no more than ${mostNames} are looked for in history`,
      next: 'audit its parts one by one',
    })
  let checked = 0
  for (const young of others.slice(0, mostNames)) {
    try {
      const found = await firstMention(repo, young.facts.name, Date.parse(young.facts.created))
      if (found) findings.push(judge(young, found))
      checked++
    } catch (error) {
      missed.push({ what: young.facts.name, why: clean(reasonOf(error)), next: 'run git fsck there' })
    }
  }
  return { findings, checked, missed }
}

interface Found {
  readonly commit: string
  readonly oid: string
  /** ISO 8601, of the commit. */
  readonly date: string
  readonly path: string
  readonly line: number
  readonly text: string
}

/** The oldest of the looked-at commits that named it. */
async function firstMention(repo: Repository, name: string, created: number): Promise<Found | undefined> {
  let oldest: Found | undefined
  let last: string | undefined
  for (const days of looksAt) {
    const before = new Date(created - days * day).toISOString()
    const line = await query(repo, ['rev-list', '-1', '--timestamp', `--before=${before}`, repo.head!, '--'])
    const [time, commit] = line.split(' ')
    if (commit === undefined || commit === last) continue
    last = commit
    const found = await namedIn(repo, commit, name)
    if (!found) break
    oldest = { ...found, commit, date: new Date(Number(time) * 1000).toISOString() }
  }
  return oldest
}

async function namedIn(
  repo: Repository,
  commit: string,
  name: string,
): Promise<Omit<Found, 'commit' | 'date'> | undefined> {
  let first: { path: string; line: number; text: string } | undefined
  for (const { path, number, text } of await linesWith(repo, commit, [name])) {
    // It was this repository's own: who published it later is most likely the same.
    if (isOwn(path, text, name)) return undefined
    if (text.length < 2_000 && namesIt(path, text, name)) first ??= { path, line: number, text }
  }
  if (first === undefined) return undefined
  return { ...first, oid: await query(repo, ['rev-parse', `${commit}:${repo.prefix}${first.path}`]) }
}

const isOwn = (path: string, line: string, name: string): boolean =>
  /(?:^|\/)package\.json$/.test(path) && /^\s*"name"\s*:/.test(line) && line.includes(`"${name}"`)

/** As a package: a manifest's or lockfile's key, a module specifier, an install command. Not its own manifest's name. */
function namesIt(path: string, line: string, name: string): boolean {
  const quoted = new Set([`"${name}"`, `'${name}'`, `"node_modules/${name}"`].filter((text) => line.includes(text)))
  if (/(?:^|\/)package\.json$/.test(path)) return line.trimStart().startsWith(`"${name}":`)
  if (/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path))
    return quoted.size > 0 && /\b(?:import|from|require|resolve)\b/.test(line)
  if (/(?:lock|shrinkwrap)[\w.-]*\.(?:json|ya?ml)$|\.lock$/.test(path))
    return quoted.size > 0 || line.startsWith(`${name}@`) || line.includes(`/${name}@`)
  // A line of a document may have stood in a block or not.
  const texts = [line, `\`\`\`sh\n${line}\n\`\`\``]
  return textMentions({ files: texts.map((text) => ({ path, text })) }).some((mention) => mention.name === name)
}

function judge({ facts, evidence }: Young, found: Found): Finding {
  const git: Evidence = {
    kind: 'git',
    object: 'blob',
    oid: found.oid,
    commit: found.commit,
    path: harmless(found.path),
    line: found.line,
    column: 1,
    excerpt: shown(found.text.trim()),
  }
  const word: Evidence = {
    kind: 'registry',
    source: facts.registry,
    observed: `created ${facts.created.slice(0, 10)}`,
    observedAt: facts.observedAt,
  }
  const [first, ...rest] = [...evidence, git, word]
  return finding({
    code: 'phantom/squatted-later',
    scanner: 'phantom',
    subject: { kind: 'package', name: facts.name },
    severity: 'high',
    // Commits carry the date that their author's machine said.
    confidence: 'medium',
    message: `${facts.name} stood in this repository on ${found.date.slice(0, 10)}, and the package was created only on ${facts.created.slice(0, 10)}`,
    evidence: [first!, ...rest],
  })
}
