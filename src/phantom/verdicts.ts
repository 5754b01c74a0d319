// What the graph and the registry's answers mean, as findings. Who is unsure says so in the confidence: a name in prose is
// weaker than one that a program imports.

import { finding } from '../finding.ts'
import { hostOf } from '../project/hosts.ts'
import type { Confidence, Evidence, Existence, FileEvidence, Finding, RegistryEvidence, Severity } from '../types.ts'
import { byGravity, type Graph, lightness, type Mentioned } from './graph.ts'
import { evidenceOf, type Mention, type MentionSource } from './mentions.ts'
import type { Suggest } from './suggest.ts'

/** Places shown of one name: enough to find it, however many files repeat it. */
const shownPlaces = 20

const weights = {
  import: ['high', 'high'],
  script: ['high', 'high'],
  shell: ['high', 'high'],
  docker: ['high', 'high'],
  ci: ['high', 'high'],
  mcp: ['high', 'high'],
  // Agents do what stands there without asking; people read a document first.
  agent: ['high', 'medium'],
  document: ['medium', 'medium'],
  config: ['medium', 'medium'],
  types: ['medium', 'medium'],
} as const satisfies Record<MentionSource, readonly [Severity, Confidence]>

const does = {
  import: 'imports',
  types: 'takes types from',
  config: 'names',
  script: 'installs',
  shell: 'installs',
  docker: 'installs',
  ci: 'installs',
  agent: 'installs',
  document: 'installs',
  mcp: 'starts',
} as const satisfies Record<MentionSource, string>

/** For a name that no manifest and no lockfile holds. Undefined for what exists, or could not be asked. */
export async function judgeMentioned(
  { name, mentions }: Mentioned,
  answer: Existence,
  commandsKnown: boolean,
  suggest: Suggest,
): Promise<Finding | undefined> {
  const sorted = byWeight(mentions)
  const first = sorted[0]!
  if (answer.state === 'not-found') {
    const meant = await suggest(name)
    const host = hostOf(answer.registry) ?? answer.registry
    const [severity, confidence] = weightOf(first, commandsKnown)
    return finding({
      code: 'phantom/not-found',
      scanner: 'phantom',
      subject: { kind: 'package', name },
      severity,
      confidence,
      message: `${name} does not exist on ${host}, and ${first.path} ${first.command ? 'runs' : does[first.from]} it${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      evidence: evidence(sorted, registryWord(answer, 'not found (404)')),
    })
  }
  if (answer.state === 'unpublished' || answer.state === 'security-held') {
    const held = answer.state === 'security-held'
    const what = held ? 'was taken down by the registry for security' : 'was unpublished'
    return finding({
      code: held ? 'package/security-held' : 'package/unpublished',
      scanner: 'phantom',
      subject: { kind: 'package', name },
      severity: held ? 'critical' : 'high',
      confidence: weightOf(first, commandsKnown)[1],
      message: `${name} ${what}, and ${first.path} ${first.command ? 'runs' : does[first.from]} it`,
      evidence: evidence(sorted, registryWord(answer, held ? 'security holding package' : 'unpublished')),
    })
  }
  return undefined
}

function weightOf(mention: Mention, commandsKnown: boolean): readonly [Severity, Confidence] {
  const [severity, confidence] = weights[mention.from]
  if (mention.command && !commandsKnown) return [severity === 'high' ? 'medium' : severity, 'low']
  if (lightness(mention) > 0) return ['medium', confidence]
  return [severity, confidence]
}

/** Imported, on the registry or in the lockfile, and declared by nobody: it works by luck, or not at all. */
export function judgeUndeclared(
  { name, mentions }: Mentioned,
  { locked }: Pick<Graph, 'locked'>,
  answer: Existence | undefined,
): Finding | undefined {
  const there = locked.has(name)
  // What does not exist, or nobody could say so about, is told elsewhere.
  if (!there && answer?.state !== 'exists') return undefined
  const sorted = byGravity(mentions)
  const first = sorted[0]!
  const light = lightness(first) > 0
  const where = mentions.length === 1 ? first.path : `${first.path} and ${mentions.length - 1} more`
  const luck = there ? 'it is there only as long as another package brings it' : 'no lockfile holds it'
  return finding({
    code: 'phantom/undeclared',
    scanner: 'phantom',
    subject: { kind: 'package', name },
    severity: first.optional ? 'info' : light ? 'low' : 'medium',
    confidence: 'high',
    message: `${name} is imported (${where}) and no package.json above declares it: ${luck}`,
    evidence: evidence(sorted, answer?.state === 'exists' ? registryWord(answer, 'exists') : undefined),
  })
}

const byWeight = (mentions: readonly Mention[]): Mention[] =>
  byGravity(mentions).sort((a, b) => Number(weights[b.from][0] === 'high') - Number(weights[a.from][0] === 'high'))

/** What a registry said, as evidence. */
export const registryWord = (
  { registry, observedAt }: { readonly registry: string; readonly observedAt: string },
  observed: string,
): RegistryEvidence => ({ kind: 'registry', source: registry, observed, observedAt })

/** The line to change first; then the others, one a place. */
function evidence(mentions: readonly Mention[], word: RegistryEvidence | undefined): [Evidence, ...Evidence[]] {
  const places = placesOf(mentions)
  return [places[0]!, ...places.slice(1), ...(word === undefined ? [] : [word])]
}

/** Distinct places, a bounded number of them. */
export function placesOf(mentions: readonly Mention[]): FileEvidence[] {
  const seen = new Set<string>()
  const places: FileEvidence[] = []
  for (const mention of mentions) {
    const key = `${mention.path}\0${mention.line}\0${mention.column}`
    if (seen.has(key)) continue
    seen.add(key)
    places.push(evidenceOf(mention))
    if (places.length === shownPlaces) break
  }
  return places
}
