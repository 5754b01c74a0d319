// Names that stand for nothing: every package the project names is looked up at the registry responsible for it.

import { hostsOf } from '../project/hosts.ts'
import type { Coverage, ScanContext, Scanner, ScanResult } from '../types.ts'
import { lookUp } from './lookup.ts'
import { collectNames } from './names.ts'

export const phantomScanner: Scanner = { name: 'phantom', scan }

async function scan(context: ScanContext): Promise<ScanResult> {
  const project = await context.project()
  const names = collectNames(project, context.config)
  if (context.config.offline) return { findings: [], coverage: offline, counts: names.counts }
  const registry = await context.registry()
  const hosts = await hostsOf(project, (name) => registry.urlFor(name), context.config.allowedHosts)
  const { findings, coverage } = await lookUp(names, hosts.foreignScopes, context)
  return { findings, coverage, counts: names.counts }
}

const offline: readonly Coverage[] = (['existence-direct', 'existence-transitive'] as const).map((source) => ({
  scanner: 'phantom',
  source,
  state: 'skipped',
  reason: 'offline: no registry was asked',
}))
