// Names that stand for nothing. What manifests and lockfiles ask for, what source files import, what documents, agents'
// instructions, scripts and configuration install: one graph, and for each name one verdict.

import { coverageBy } from '../coverage.ts'
import { type Hosts, hostsOf, withheld } from '../project/hosts.ts'
import { type Installed, readInstalled } from '../project/installed.ts'
import { readTexts, type Texts } from '../project/texts.ts'
import { isLockfile } from '../project/units.ts'
import type {
  Coverage,
  Existence,
  Finding,
  Missed,
  Project,
  ScanContext,
  Scanner,
  ScanResult,
  Sources,
} from '../types.ts'
import { type Aliases, aliasesOf } from './collect/aliases.ts'
import { isWanted, ownCommands, textMentions } from './collect/all.ts'
import { importMentions } from './collect/imports.ts'
import { confusionFindings, privateNamesOf } from './confusion.ts'
import { checkExports } from './exports/check.ts'
import { buildGraph, type Graph, type Mentioned, namesDeclared, namesLocked, ownNames } from './graph.ts'
import { sayIntroduced } from './introduced.ts'
import { type Answered, lookUp, stateOf } from './lookup.ts'
import { collectNames, type ProjectNames } from './names.ts'
import { isYoung, squattedLater } from './squatted.ts'
import { suggest } from './suggest.ts'
import { unusedFindings } from './unused.ts'
import { judgeMentioned, judgeUndeclared, placesOf } from './verdicts.ts'

const { coverageOf, skipped } = coverageBy('phantom')

export const phantomScanner: Scanner = { name: 'phantom', scan }

async function scan(context: ScanContext): Promise<ScanResult> {
  const collected = await collect(context)
  const { project, sources, texts, installed, aliases, names, counts } = collected
  const isAliased = (specifier: string, path: string): boolean => aliases.reason(specifier, path) !== undefined
  const [exports, asked] = await Promise.all([
    checkExports(context, sources, { isAliased }),
    context.config.offline ? unasked(collected) : askAll(collected, context),
  ])
  const { findings, missed } = await sayIntroduced(
    [...asked.findings, ...unusedFindings(project, sources, texts, installed), ...exports.findings],
    context,
  )
  return {
    findings,
    coverage: [
      ...asked.coverage.map((entry) => unlocked(entry, project, names)),
      coverageOf('source-files', sources.files.length, [...sources.missed, ...missed]),
      coverageOf('documents', texts.files.length, texts.missed),
      ...exports.coverage,
    ],
    counts: { ...counts, ...exports.counts },
  }
}

/** Everything that files say, before anybody is asked. */
export interface Collected {
  readonly project: Project
  readonly sources: Sources
  readonly texts: Texts
  readonly installed: Installed
  readonly aliases: Aliases
  readonly names: ProjectNames
  readonly graph: Graph
  readonly counts: Readonly<Record<string, number>>
}

/** Reads the project, and joins who is named where. Asks nobody. */
export async function collect(context: ScanContext): Promise<Collected> {
  const [project, sources, texts] = await Promise.all([
    context.project(),
    context.sources(),
    readTexts(context, isWanted),
  ])
  const installed = await readInstalled(context.root, project.manifests, project.lockfiles)
  const names = collectNames(project, context.config)
  const aliases = aliasesOf(texts.files, texts.paths)
  const held = new Set([...namesDeclared(project), ...namesLocked(project)])
  const imported = importMentions(sources, aliases, ownNames(project), held)
  const mentions = [...imported.mentions, ...textMentions(texts)]
  const commands = new Set([...installed.commands, ...ownCommands(texts)])
  const graph = buildGraph(project, mentions, commands, context.config)
  const counts = { ...names.counts, ...imported.counts, ...graph.counts, ...sources.counts }
  return { project, sources, texts, installed, aliases, names, graph, counts }
}

type Asked = Pick<ScanResult, 'findings' | 'coverage'>

/** Offline: what the lockfile holds is known to be there, of the rest nothing is. */
const unasked = ({ graph }: Collected): Asked => ({
  findings: undeclared(graph, new Map()),
  coverage: [
    ...(['existence-direct', 'existence-transitive', 'existence-mentioned'] as const).map((source) =>
      skipped(source, 'offline: no registry was asked'),
    ),
  ],
})

async function askAll(collected: Collected, context: ScanContext): Promise<Asked> {
  const { project, graph, installed } = collected
  const registry = await context.registry()
  const hosts = await hostsOf(project, (name) => registry.urlFor(name), context.config.allowedHosts)
  const names = withMentions(collected.names, graph)
  const [manifests, given] = await Promise.all([
    lookUp(names, hosts.foreignScopes, context),
    existences(graph.open, hosts, context),
  ])
  const mentioned = new Map([...given].map(([name, answer]) => [name, manifests.doubt(answer)]))
  const existing = manifests.answers.flatMap(({ named, answer }) => (answer.state === 'exists' ? [named.name] : []))
  const judged = await Promise.all(
    graph.open.map((one) =>
      judgeMentioned(one, mentioned.get(one.name)!, installed.commandsKnown, (name) => suggest(name, existing)),
    ),
  )
  const states = new Map([...mentioned, ...manifests.answers.map(stateOf)])
  const [squatted, confusion] = await Promise.all([
    squattedLaterThan(manifests.answers, project, context),
    confused(collected, names, hosts, context),
  ])
  return {
    findings: [
      ...manifests.findings,
      ...judged.filter((found) => found !== undefined),
      ...undeclared(graph, states),
      ...squatted.findings,
      ...confusion.findings,
    ],
    coverage: [
      ...manifests.coverage,
      mentionedCoverage(graph.open, mentioned),
      ...squatted.coverage,
      ...confusion.coverage,
    ],
  }
}

/** One finding for a name, with all the places that hold it: the manifest's line first. */
const withMentions = (names: ProjectNames, { mentioned }: Graph): ProjectNames => ({
  ...names,
  asked: names.asked.map((one) => {
    const mentions = mentioned.get(one.name)?.mentions
    if (mentions === undefined) return one
    return { name: one.name, direct: one.direct, places: [...one.places, ...placesOf(mentions)] }
  }),
})

function undeclared(graph: Graph, answers: ReadonlyMap<string, Existence>): Finding[] {
  return graph.undeclared.flatMap((one) => judgeUndeclared(one, graph, answers.get(one.name)) ?? [])
}

/** Names that only files mention. Of several that one may mean it is enough that one exists. */
async function existences(
  open: readonly Mentioned[],
  { foreignScopes }: Hosts,
  { registry: opened, progress }: ScanContext,
): Promise<Map<string, Existence>> {
  const registry = await opened()
  let done = 0
  const ask = async (name: string): Promise<Existence> => withheld(name, foreignScopes) ?? registry.exists(name)
  const answers = open.map(async ({ name, or }): Promise<[string, Existence]> => {
    const first = await ask(name)
    let answer = first
    // One after another: what was found needs no other name to be told.
    for (const other of or) {
      if (answer.state === 'exists') break
      const next = await ask(other)
      if (next.state === 'exists' || 'why' in next) answer = next
    }
    progress('looking mentioned names up', ++done, open.length)
    return [name, answer]
  })
  return new Map(await Promise.all(answers))
}

function mentionedCoverage(open: readonly Mentioned[], answers: ReadonlyMap<string, Existence>): Coverage {
  const missed = open.flatMap(({ name }): Missed[] => {
    const answer = answers.get(name)
    return answer && 'why' in answer ? [{ what: name, why: answer.why, next: answer.next }] : []
  })
  return coverageOf('existence-mentioned', open.length - missed.length, missed)
}

async function squattedLaterThan(answers: readonly Answered[], project: Project, context: ScanContext): Promise<Asked> {
  if (!context.config.history)
    return { findings: [], coverage: [skipped('name-history', 'this run leaves history out')] }
  const direct = answers.flatMap(({ named, answer }) =>
    named.direct && answer.state === 'exists' ? [{ facts: answer.facts, named }] : [],
  )
  const young = direct.flatMap(({ facts, named }) =>
    isYoung(facts, context.now) && facts.created !== undefined
      ? [{ facts: { ...facts, created: facts.created }, evidence: named.places }]
      : [],
  )
  // An old package's name says nothing: its age was all there was to check.
  if (young.length === 0) return { findings: [], coverage: [coverageOf('name-history', direct.length, [])] }
  const squatted = await squattedLater(young, ownNames(project), context)
  if (squatted === undefined)
    return { findings: [], coverage: [skipped('name-history', 'there is no git repository with commits')] }
  return {
    findings: squatted.findings,
    coverage: [coverageOf('name-history', direct.length - young.length + squatted.checked, squatted.missed)],
  }
}

async function confused(
  { project, graph }: Collected,
  { asked }: ProjectNames,
  { foreignScopes }: Hosts,
  context: ScanContext,
): Promise<Asked> {
  if (!context.config.confusion) return { findings: [], coverage: [] }
  const names = privateNamesOf(asked, graph.mentioned, project, foreignScopes, context.config)
  const { findings, checked, missed } = await confusionFindings(names, context)
  return { findings, coverage: missed.length === 0 ? [] : [coverageOf('existence-mentioned', checked, missed)] }
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
