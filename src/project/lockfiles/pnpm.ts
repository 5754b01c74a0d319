// pnpm-lock.yaml, versions 5.1 to 9.0. `importers` say for the root and each workspace what was asked for and what
// answered; `packages` hold the rest, since version 9 divided: `packages` what a package is, `snapshots` what it was
// given. A suffix tells peers apart: `_react@18.0.0` in version 5, `(react@18.0.0)` later. pnpm 11 puts a document
// before it for what pnpm itself needs. Format: pnpm's @pnpm/lockfile.types and dependency-path.

import type { Lockfile, Manifest, TreeProblem } from '../../types.ts'
import { isObject, own } from '../json.ts'
import { compareAsked, folderBeside } from './asked.ts'
import { type Edge, type Importer, type Node, settle } from './graph.ts'
import { Part } from './pnpm-part.ts'
import { invalid, textOf, textsOf, unknownFormat } from './source.ts'
import { type Block, linesOfKeys, parseYaml } from './yaml.ts'

/**
 * @param manifests the root's, then the workspaces': they give the workspaces' names, and what they ask for today.
 * @throws AuditError LOCKFILE_INVALID
 */
export async function parsePnpm(text: string, path: string, manifests: readonly Manifest[]): Promise<Lockfile> {
  const documents = await parseYaml(text, path)
  const last = documents.at(-1)
  if (!last) throw invalid(path, 'is empty')
  const lines = linesOfKeys(text, 2)
  const parts = documents.map(({ block }) => new Part(block, versionOf(block, path), lines, path))
  const names = new Map(manifests.map((manifest) => [folderBeside(path, manifest), manifest.name]))
  const settled = parts.map((part) => settle(...withAliases(part.nodes(names), part.importers)))
  const asked = parts.at(-1)!.asked
  const overrides = own(last.block, 'overrides')
  const overridden = new Set(isObject(overrides) ? Object.keys(overrides).map(overriddenName) : [])
  return {
    path,
    format: 'pnpm-lock',
    version: parts.at(-1)!.version,
    packages: settled.flatMap(({ packages }) => packages),
    problems: [
      ...settled.flatMap(({ problems }) => problems).filter(({ name }) => !overridden.has(name)),
      ...compareAsked(path, manifests, asked, overridden),
      ...compareOverrides(last.block, manifests[0]),
    ],
  }
}

const newer = unknownFormat('5.0 to 6.1, 9.0', 'npx pnpm@10 install --lockfile-only')

function versionOf(block: Block, path: string): number {
  const written = textOf(block, 'lockfileVersion') ?? ''
  const version = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : Number.NaN
  if ((version >= 5 && version < 7) || (version >= 9 && version < 10)) return version
  throw invalid(path, 'has a lockfileVersion that audit-deps does not know', 1, newer)
}

/**
 * The lockfile repeats the overrides that it was made under: one that no file of the project names decides over ranges
 * without anybody having asked for it. pnpm refuses both with `--frozen-lockfile`.
 */
function compareOverrides(block: Block, root: Manifest | undefined): TreeProblem[] {
  if (!root) return []
  const rules = root.overrides?.filter(({ field }) => field !== 'overrides') ?? []
  const claimed = new Map(textsOf(block, 'overrides'))
  const lies = [...claimed].flatMap(([key, locked]): TreeProblem[] => {
    const name = overriddenName(key)
    const same = rules.filter(
      (rule) => rule.key === key || (rule.field === 'resolutions' && ruleName(rule.key) === name),
    )
    // What refers to another place (`$left`, `catalog:`) is written down resolved.
    if (same.some(({ value }) => value === locked || /^(?:\$|catalog:)/.test(value ?? '$'))) return []
    const [rule] = same
    const told = rule === undefined ? 'by an override that no file of the project names' : 'by an override of its own'
    return [{ kind: 'invalid', name, wanted: rule?.value ?? '', locked: `${locked} ${told}`, by: '' }]
  })
  const left = rules.filter(({ field, key }) => field !== 'resolutions' && !claimed.has(key))
  return [
    ...lies,
    ...left.map(({ key, value = '' }): TreeProblem => {
      const locked = 'if there were no such override'
      return { kind: 'invalid', name: overriddenName(key), wanted: value, locked, by: '' }
    }),
  ]
}

/** `left` of Yarn's `right/**\/left`. */
const ruleName = (key: string): string => /(?:@[^/]+\/)?[^/]+$/.exec(key)?.[0] ?? key

/** `left` of `right>left@^1`. */
const overriddenName = (key: string): string => {
  const name = key.slice(key.lastIndexOf('>') + 1)
  const at = name.indexOf('@', 1)
  return at === -1 ? name : name.slice(0, at)
}

/**
 * What a package is called where it is imported stands with whoever imports it: under another name it becomes a
 * package of its own, as npm lists it; the plain one stays where somebody asks for it by its own name, or nobody does.
 */
function withAliases(
  given: ReadonlyMap<string, Node>,
  importers: readonly Importer[],
): [ReadonlyMap<string, Node>, readonly Importer[]] {
  const plain = new Set<string>()
  /** Key of the alias → key of the package. */
  const renamed = new Map<string, { readonly to: string; readonly alias: string }>()
  const rename = (edge: Edge): Edge => {
    const locked = edge.to === undefined ? undefined : given.get(edge.to)?.locked
    if (edge.to === undefined || !locked) return edge
    if (locked.name === edge.name || locked.kind === 'workspace' || locked.kind === 'local') {
      plain.add(edge.to)
      return edge
    }
    const key = `${edge.name}\0${edge.to}`
    renamed.set(key, { to: edge.to, alias: edge.name })
    return { ...edge, to: key }
  }
  const asking = importers.map(({ folder, edges }) => ({ folder, edges: edges.map(rename) }))
  const nodes = new Map([...given].map(([key, node]) => [key, { ...node, edges: node.edges.map(rename) }]))
  for (const [key, { to, alias }] of renamed) {
    const node = nodes.get(to)!
    nodes.set(key, { ...node, locked: { ...node.locked, alias } })
  }
  for (const { to } of renamed.values()) if (!plain.has(to)) nodes.delete(to)
  return [nodes, asking]
}
