// Names that stand for nothing: every package the project names is looked up at the registry responsible for it.

import { coverageBy } from '../coverage.ts'
import { hostsOf } from '../project/hosts.ts'
import { isLockfile } from '../project/units.ts'
import type { Coverage, Project, ScanContext, Scanner, ScanResult } from '../types.ts'
import { lookUp } from './lookup.ts'
import { collectNames, type ProjectNames } from './names.ts'

const { coverageOf, skipped } = coverageBy('phantom')

export const phantomScanner: Scanner = { name: 'phantom', scan }

async function scan(context: ScanContext): Promise<ScanResult> {
  const project = await context.project()
  const names = collectNames(project, context.config)
  if (context.config.offline) return { findings: [], coverage: offline, counts: names.counts }
  const registry = await context.registry()
  const hosts = await hostsOf(project, (name) => registry.urlFor(name), context.config.allowedHosts)
  const { findings, coverage } = await lookUp(names, hosts.foreignScopes, context)
  return { findings, coverage: coverage.map((entry) => unlocked(entry, project, names)), counts: names.counts }
}

/** Others' dependencies stand in lockfiles alone: where one is missing or unread, nobody has seen them. */
function unlocked(entry: Coverage, { lockfiles, unread }: Project, { asked }: ProjectNames): Coverage {
  if (entry.source !== 'existence-transitive' || entry.state === 'skipped') return entry
  const unseen = unread
    .filter(({ path }) => isLockfile(path))
    .map(({ path, why, next }) => ({ what: `what ${path} pins`, why: `the lockfile was not read: ${why}`, next }))
  if (lockfiles.length === 0 && unseen.length === 0 && asked.length > 0)
    return skipped(entry.source, 'there is no lockfile that names them')
  const missed = entry.state === 'partial' ? entry.missed : []
  return unseen.length === 0 ? entry : coverageOf(entry.source, entry.checked, [...missed, ...unseen])
}

const offline: readonly Coverage[] = (['existence-direct', 'existence-transitive'] as const).map((source) => ({
  scanner: 'phantom',
  source,
  state: 'skipped',
  reason: 'offline: no registry was asked',
}))
