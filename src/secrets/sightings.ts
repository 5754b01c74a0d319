// From sightings (one secret at one place) to findings: one per secret, however many places and versions hold it,
// told by the place that matters most today.

import { finding } from '../finding.ts'
import { knownMasker, preview } from '../redact.ts'
import {
  type CommitRef,
  confidences,
  type FileEvidence,
  type Finding,
  type GitEvidence,
  type Life,
  type Redacted,
  type Signature,
  severities,
} from '../types.ts'
import type { Exposure } from './clients.ts'
import type { Digester } from './digest.ts'
import type { Settled } from './filters.ts'
import { unallowed } from './heard.ts'

export interface Sighting {
  readonly settled: Settled
  readonly evidence: FileEvidence | GitEvidence
  /** Absent for a text that is in no repository. */
  readonly state?: Life['state']
  readonly first?: CommitRef
  readonly last?: CommitRef
  readonly branches?: Life['branches']
  readonly pushed?: boolean
  /** A comment beside it says that it is meant to be here. */
  readonly allowed?: boolean
  /** Of a run that compares: whether the change brings it. */
  readonly introduced?: boolean
}

export interface Sighted {
  readonly findings: readonly Finding[]
  /** Secrets that comments allow. */
  readonly allowed: number
}

/**
 * One finding per secret value, in the order of first sight, its places ordered by how much they matter; and a second
 * one for a value that reaches pages which everybody can read.
 */
export async function findingsOf(
  sightings: readonly Sighting[],
  signatures: ReadonlyMap<string, Signature>,
  digester: Digester,
): Promise<Sighted> {
  const mask = knownMasker(sightings.map(({ settled }) => settled.value))
  // The same tags hold most secrets, and most stand in many versions of one file.
  const names = new Map<Redacted, Redacted>()
  const maskName = (name: Redacted): Redacted => {
    const known = names.get(name) ?? mask(name)
    names.set(name, known)
    return known
  }
  const byValue = new Map<string, Sighting[]>()
  for (const sighting of sightings) {
    const masked = remasked(sighting, mask, maskName)
    const group = byValue.get(sighting.settled.value)
    if (group) group.push(masked)
    else byValue.set(sighting.settled.value, [masked])
  }
  const groups = [...byValue.values()].map(unallowed).filter((group) => group.length > 0)
  const findings = await Promise.all(groups.map((group) => findingsOfValue(group, signatures, digester)))
  return { findings: findings.flat(), allowed: byValue.size - groups.length }
}

/** What another place has taught to be a secret is masked here too. */
function remasked(
  sighting: Sighting,
  mask: ReturnType<typeof knownMasker>,
  maskName: (name: Redacted) => Redacted,
): Sighting {
  const { evidence, first, last, branches } = sighting
  const excerpt = mask(evidence.excerpt)
  const shown =
    evidence.kind === 'file'
      ? { ...evidence, excerpt, path: maskName(evidence.path) }
      : { ...evidence, excerpt, ...(evidence.path !== undefined && { path: maskName(evidence.path) }) }
  return {
    ...sighting,
    evidence: shown,
    ...(first && { first: { ...first, author: maskName(first.author) } }),
    ...(last && { last: { ...last, author: maskName(last.author) } }),
    ...(branches && { branches: branches.map(maskName) }),
  }
}

async function findingsOfValue(
  group: readonly Sighting[],
  signatures: ReadonlyMap<string, Signature>,
  digester: Digester,
): Promise<readonly Finding[]> {
  const { rule, value, strength, severity, confidence, note } = strongest(group).settled
  const subject = {
    kind: 'secret',
    digest: await digester.digest(value, strength),
    preview: preview(value, strength),
  } as const
  const title = `${signatures.get(rule)?.title ?? rule}${note === undefined ? '' : `, ${note}`}`
  const found = { code: `secret/${rule}`, scanner: 'secrets', subject, severity, confidence } as const
  const exposed = group.filter(({ settled }) => settled.exposure !== undefined)
  if (exposed.length === 0) return [told(found, title, group)]
  const exposure = strongest(exposed).settled
  const client = {
    ...found,
    code: 'secret/client-exposed',
    severity: 'critical',
    // A name like VITE_API_KEY may well stand for a key that is meant to be there.
    confidence: mayBeMeant.has(exposure.rule) ? 'low' : exposure.confidence,
  } as const
  // Whether it was exposed before is not known, so that counts as if the change did it.
  const anew = exposed.map(({ introduced, ...seen }) => ({ ...seen, ...(introduced && { introduced }) }))
  return [told(found, title, group), told(client, `${title}, ${exposureWords(exposure.exposure!)}`, anew)]
}

const mayBeMeant: ReadonlySet<string> = new Set(['generic-api-key', 'generic-token'])

const exposureWords = (exposure: Exposure): string =>
  exposure === 'define' ? "in a build's `define`" : `under a name with ${exposure}`

function told(
  found: Pick<Finding, 'code' | 'scanner' | 'subject' | 'severity' | 'confidence'>,
  title: string,
  group: readonly Sighting[],
): Finding {
  const places = distinctPlaces([...group].sort(byWeight))
  const life = lifeOf(group)
  return finding({
    ...found,
    message: `${title}, ${whereabouts(places[0]!, life)}`,
    evidence: [places[0]!.evidence, ...places.slice(1).map(({ evidence }) => evidence)],
    ...(life && { life }),
    ...(places[0]!.introduced !== undefined && { introduced: places[0]!.introduced }),
  })
}

const states = ['head', 'worktree', 'history', 'stash', 'unreachable'] as const satisfies readonly Life['state'][]
const rankOf = ({ state }: Weighed): number => (state === undefined ? 0 : states.indexOf(state))

interface Weighed {
  readonly state?: Life['state'] | undefined
  readonly first?: { readonly date: string } | undefined
}

/** What is in HEAD comes first, then what is about to be; among equals the oldest. */
export const byWeight = (a: Weighed, b: Weighed): number =>
  rankOf(a) - rankOf(b) || compare(a.first?.date ?? '', b.first?.date ?? '')

/** A file that kept its secret through a hundred versions is one place, two secrets' lines in one version are two. */
function distinctPlaces(sorted: readonly Sighting[]): readonly Sighting[] {
  const chosen = new Map<string, string>()
  return sorted.filter(({ evidence }) => {
    const version = evidence.kind === 'git' ? evidence.oid : evidence.kind
    const place = evidence.path ?? version
    const known = chosen.get(place)
    if (known === undefined) chosen.set(place, version)
    return known === undefined || known === version
  })
}

const strongest = (group: readonly Sighting[]): Sighting =>
  group.reduce((best, next) => (byStrength(next.settled, best.settled) < 0 ? next : best))

/** What is as strong is told by what it says, not by which was seen first: baselines go by the code. */
const byStrength = (a: Settled, b: Settled): number =>
  strengthOf(b) - strengthOf(a) ||
  Number(a.note !== undefined) - Number(b.note !== undefined) ||
  compare(a.rule, b.rule) ||
  compare(a.note ?? '', b.note ?? '') ||
  compare(a.strength, b.strength)

const strengthOf = ({ severity, confidence }: Settled): number =>
  severities.indexOf(severity) * confidences.length + confidences.indexOf(confidence)

function lifeOf(group: readonly Sighting[]): Life | undefined {
  const state = states.find((known) => group.some((sighting) => sighting.state === known))
  if (state === undefined) return undefined
  const commits = group.flatMap(({ first }) => (first === undefined ? [] : [first]))
  const first = commits.reduce<CommitRef | undefined>(
    (oldest, next) => (oldest === undefined || next.date < oldest.date ? next : oldest),
    undefined,
  )
  const lasts = state === 'history' ? group.flatMap(({ last }) => (last === undefined ? [] : [last])) : []
  const last = lasts.reduce<CommitRef | undefined>(
    (newest, next) => (newest === undefined || next.date > newest.date ? next : newest),
    undefined,
  )
  const branches = [...new Set(group.flatMap(({ branches = [] }) => branches))].sort(compare)
  const known = group.filter(({ pushed }) => pushed !== undefined)
  return {
    state,
    ...(first && { first }),
    ...(last && { last }),
    ...(branches.length > 0 && { branches }),
    ...(known.length > 0 && { pushed: known.some(({ pushed }) => pushed) }),
  }
}

const stateWords = {
  head: 'in HEAD',
  worktree: 'in the work tree, not committed',
  history: 'not in HEAD, but in history',
  stash: 'in a stash',
  unreachable: 'in the object store, though no branch or tag leads there',
} as const satisfies Record<Life['state'], string>

function whereabouts({ evidence }: Sighting, life: Life | undefined): string {
  if (life === undefined) return `in ${evidence.path ?? 'this text'}, line ${evidence.line}`
  const since = life.first === undefined ? '' : ` since ${life.first.date.slice(0, 10)}, by ${life.first.author}`
  const message = evidence.kind === 'git' && evidence.object !== 'blob' ? ` (${objectWords[evidence.object]})` : ''
  return `${stateWords[life.state]}${message}${since}`
}

const objectWords = { 'commit-message': 'a commit message', tag: 'a tag message', note: 'a note' } as const

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
