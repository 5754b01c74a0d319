// Dependency confusion, asked only where the policy says so, for it tells the public registry names that are nobody's
// business: private names that somebody holds there, or that anybody could take.

import { finding } from '../finding.ts'
import { matchesGlob } from '../names/pattern.ts'
import { isPackageName } from '../names/valid.ts'
import { scopeOf } from '../names/words.ts'
import { hostOf } from '../project/hosts.ts'
import { harmless } from '../redact.ts'
import type { Evidence, Finding, Missed, Project, ScanContext } from '../types.ts'
import type { Mentioned } from './graph.ts'
import type { NamedPackage } from './names.ts'
import { placesOf, registryWord } from './verdicts.ts'

export interface PrivateName {
  readonly name: string
  readonly evidence: readonly Evidence[]
  /** Why it is held to be private. */
  readonly because: string
}

/** Names that policy, workspaces or another host's scope make private, with their places. */
export function privateNamesOf(
  named: readonly NamedPackage[],
  mentioned: ReadonlyMap<string, Mentioned>,
  { manifests, workspaceNames }: Project,
  foreign: ReadonlyMap<string, string>,
  { privateNames }: { readonly privateNames: readonly string[] },
): PrivateName[] {
  const because = (name: string): string | undefined => {
    if (workspaceNames.has(name)) return 'it is a workspace of this repository'
    if (privateNames.some((pattern) => matchesGlob(name, pattern))) return 'privateNames holds it'
    const host = foreign.get(scopeOf(name))
    return host === undefined ? undefined : `the lockfile takes it from ${host}`
  }
  const places = new Map<string, Evidence[]>()
  for (const one of named) if (because(one.name) !== undefined) places.set(one.name, [...one.places])
  for (const { name, mentions } of mentioned.values())
    if (because(name) !== undefined) places.set(name, [...(places.get(name) ?? []), ...placesOf(mentions)])
  for (const { name, path } of manifests)
    if (name !== undefined && workspaceNames.has(name) && !places.has(name))
      places.set(name, [
        {
          kind: 'file',
          path: harmless(path),
          line: 1,
          column: 1,
          excerpt: harmless(`"name": ${JSON.stringify(name.slice(0, 100))}`),
        },
      ])
  return [...places].flatMap(([name, evidence]) => {
    const reason = because(name)
    return reason !== undefined && isPackageName(name) ? [{ name, evidence, because: reason }] : []
  })
}

export async function confusionFindings(
  names: readonly PrivateName[],
  { registry: open }: Pick<ScanContext, 'registry'>,
): Promise<{ readonly findings: readonly Finding[]; readonly checked: number; readonly missed: readonly Missed[] }> {
  const registry = await open()
  const findings: Finding[] = []
  const missed: Missed[] = []
  for (const { name, evidence, because } of names) {
    const answer = await registry.existsPublicly(name)
    if ('why' in answer) {
      missed.push({ what: name, why: answer.why, next: answer.next })
      continue
    }
    const free = answer.state === 'not-found'
    const host = hostOf(answer.registry) ?? answer.registry
    const word = registryWord(answer, free ? 'not found (404): free to take' : 'exists')
    const [first, ...rest] = [...evidence, word]
    findings.push(
      finding({
        code: 'phantom/confusion',
        scanner: 'phantom',
        subject: { kind: 'package', name },
        severity: free ? 'medium' : 'high',
        confidence: 'medium',
        message: free
          ? `${name} is private (${because}), and anybody could register it on ${host}`
          : `${name} is private (${because}), and a package of that name is on ${host}: is it yours?`,
        evidence: [first!, ...rest],
      }),
    )
  }
  return { findings, checked: names.length - missed.length, missed }
}
