// What yarn, pnpm and Bun lockfiles leave to the reader: who is direct, who serves development only or is optional,
// on which way each package came in, and whether every question has an answer. npm's formats say the first three
// themselves, and Arborist answers the last.

import semver from 'semver'
import type { LockedPackage, TreeProblem } from '../../types.ts'
import { meaningOf } from '../manifest.ts'
import { plainRange } from '../meanings.ts'

export type EdgeKind = 'prod' | 'dev' | 'optional' | 'peer'

/** Somebody asks for a package, and the lockfile says which entry answers. */
export interface Edge {
  /** As asked for: an alias where the package has another name. */
  readonly name: string
  readonly wanted: string
  /** Key of the entry; undefined where there is none. */
  readonly to: string | undefined
  readonly kind: EdgeKind
  /** An override or a patch decides what answers, not the range. */
  readonly overridden?: boolean
}

export interface Node {
  readonly locked: Omit<LockedPackage, 'direct' | 'dev' | 'optional' | 'peer' | 'path'>
  readonly edges: readonly Edge[]
  /** Key of the entry that this one is a patched copy of: whoever asks for the copy asks for the original. */
  readonly wraps?: string
}

/** The root or a workspace: `folder` is relative to the lockfile, '' for the root. */
export interface Importer {
  readonly folder: string
  readonly edges: readonly Edge[]
}

export interface Settled {
  readonly packages: readonly LockedPackage[]
  readonly problems: readonly TreeProblem[]
}

/** Of a longer way only its end is told: no real tree is a tenth as deep. */
const longestPath = 64

/** @param nodes by key. Peers that are not locked, and optional packages, are nobody's problem. */
export function settle(nodes: ReadonlyMap<string, Node>, importers: readonly Importer[]): Settled {
  const reached = reach(nodes, importers)
  const direct = directOf(nodes, importers)
  const packages: LockedPackage[] = []
  for (const [key, { locked }] of nodes) {
    const ways = reached.get(key)?.ways
    const dev = ways !== undefined && (ways & withoutDev) === 0
    packages.push({
      ...locked,
      direct: direct.has(key),
      dev,
      // As npm marks it: only optional, or optional on one way and for development on the other.
      optional: ways !== undefined && ((ways & withoutOptional) === 0 || ((ways & plain) === 0 && !dev)),
      peer: ways !== undefined && (ways & withoutPeer) === 0,
      ...(ways === undefined ? {} : { path: pathTo(key, reached) }),
    })
  }
  return { packages, problems: problemsOf(nodes, importers, reached) }
}

/** Is there a way to it on which no edge is for development, optional, either, a peer? One bit for each. */
const withoutDev = 1
const withoutOptional = 2
const plain = 4
const withoutPeer = 8

/** The ways that an edge leaves open. */
const open: Readonly<Record<EdgeKind, number>> = {
  prod: withoutDev | withoutOptional | plain | withoutPeer,
  dev: withoutOptional | withoutPeer,
  optional: withoutDev | withoutPeer,
  peer: withoutDev | withoutOptional | plain,
}

interface Visit {
  /** The key it was first reached from (undefined: an importer), and the name it was asked for by. */
  readonly from: string | undefined
  readonly name: string
  ways: number
}

type Reached = ReadonlyMap<string, Readonly<Visit>>

/** Breadth first, so that the first way found is a shortest one; again where a further way is found to be open. */
function reach(nodes: ReadonlyMap<string, Node>, importers: readonly Importer[]): Reached {
  const reached = new Map<string, Visit>()
  const queue: string[] = []
  const take = (to: string | undefined, from: string | undefined, name: string, ways: number): void => {
    if (to === undefined || !nodes.has(to)) return
    const known = reached.get(to)
    if (!known) reached.set(to, { from, name, ways })
    else if ((known.ways | ways) === known.ways) return
    else known.ways |= ways
    queue.push(to)
  }
  for (const { edges } of importers) for (const { to, name, kind } of edges) take(to, undefined, name, open[kind])
  for (let at = 0; at < queue.length; at++) {
    const key = queue[at]!
    const { edges, wraps } = nodes.get(key)!
    const { from, name, ways } = reached.get(key)!
    take(wraps, from, name, ways)
    for (const edge of edges) take(edge.to, key, edge.name, ways & open[edge.kind])
  }
  return reached
}

function pathTo(key: string, reached: Reached): readonly string[] {
  const path: string[] = []
  for (let at = reached.get(key); at && path.length < longestPath; at = reached.get(at.from ?? '')) {
    path.push(at.name)
    if (at.from === undefined) break
  }
  return path.reverse()
}

function directOf(nodes: ReadonlyMap<string, Node>, importers: readonly Importer[]): ReadonlySet<string> {
  const direct = new Set<string>()
  for (const { edges } of importers) for (const { to } of edges) if (to !== undefined) direct.add(to)
  // Set iteration meets what is added on the way: a patch of a patch is followed to its end.
  for (const key of direct) {
    const wraps = nodes.get(key)?.wraps
    if (wraps !== undefined) direct.add(wraps)
  }
  return direct
}

function problemsOf(nodes: ReadonlyMap<string, Node>, importers: readonly Importer[], reached: Reached): TreeProblem[] {
  const problems: TreeProblem[] = []
  const taken = new Map<string, boolean>()
  const judge = (edges: readonly Edge[], by: string): void => {
    for (const edge of edges) {
      const problem = problemOf(edge, by, nodes, taken)
      if (problem) problems.push(problem)
    }
  }
  for (const { folder, edges } of importers) judge(edges, folder)
  for (const [key, { edges, locked }] of nodes) {
    if (reached.has(key)) judge(edges, key)
    else if (locked.kind !== 'workspace')
      problems.push({
        kind: 'extraneous',
        name: locked.alias ?? locked.name,
        key,
        ...(locked.version === undefined ? {} : { locked: locked.version }),
      })
  }
  return problems
}

/** @param taken remembers which range takes which version: a tree asks the same again and again. */
function problemOf(
  edge: Edge,
  by: string,
  nodes: ReadonlyMap<string, Node>,
  taken: Map<string, boolean>,
): TreeProblem | undefined {
  if (edge.kind === 'peer') return undefined
  const { name, wanted } = edge
  const answer = edge.to === undefined ? undefined : nodes.get(edge.to)?.locked
  // What is optional may have been left out, on this platform or on every one.
  if (!answer) return edge.kind === 'optional' ? undefined : { kind: 'missing', name, wanted, by }
  if (edge.overridden || answers(name, wanted, answer, taken)) return undefined
  const told = answer.version ?? answer.resolved ?? 'something else'
  const locked = answer.name === meaningOf(name, wanted).target ? told : `${answer.name}@${told}`
  return { kind: 'invalid', name, wanted, locked, by, key: answer.key }
}

/** Is the entry of the kind, the name and a version that was asked for? What a protocol names elsewhere is believed. */
function answers(name: string, wanted: string, answer: Node['locked'], taken: Map<string, boolean>): boolean {
  if (/^(?:catalog|patch|workspace):/.test(wanted)) return true
  const { target, kind } = meaningOf(name, wanted)
  if (kind !== 'registry') return kind === 'invalid' || answer.kind !== 'registry'
  if (answer.kind === 'git' || answer.kind === 'tarball') return false
  // A workspace or a linked folder answers by its name; which version it has, the lockfile does not say.
  if (answer.kind !== 'registry') return true
  if (target !== answer.name) return false
  if (answer.version === undefined) return true
  const pair = `${wanted} ${answer.version}`
  const known = taken.get(pair)
  if (known !== undefined) return known
  const range = plainRange(wanted)
  // A tag is no range.
  const fits =
    semver.validRange(range, true) === null ||
    semver.satisfies(answer.version, range, { loose: true, includePrerelease: true })
  taken.set(pair, fits)
  return fits
}
