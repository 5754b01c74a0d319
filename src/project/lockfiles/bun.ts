// bun.lock, versions 0 to 2: JSON with commas to spare. `workspaces` repeat what each manifest asked for;
// `packages` name by place, as folders would: `right/left` is the `left` that `right` gets, where it differs from
// the one above. What stands in a place is a list, whose form depends on where the package comes from.
// Format: Bun's own bun.lock.zig.

import type { Node as Json, ParseError } from 'jsonc-parser'
import type { LockedPackage, Lockfile, Manifest } from '../../types.ts'
import { isObject, own, positions } from '../json.ts'
import { type Asked, compareAsked, overriddenBy } from './asked.ts'
import { type Edge, type EdgeKind, type Importer, type Node, settle } from './graph.ts'
import { invalid, kindOfSource, parsedBy, splitAt, textOf, textsOf, unknownFormat } from './source.ts'

const versions: ReadonlySet<unknown> = new Set([0, 1, 2])

const fields = {
  dependencies: 'prod',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
} as const satisfies Record<string, EdgeKind>

/** As for npm's folders: real trees stay far below both. */
const longestKey = 4_096
const deepestPlace = 200

type Block = Record<string, unknown>

interface Entry {
  readonly key: string
  readonly tuple: readonly unknown[]
  readonly line: number
}

const newer = unknownFormat('0 to 2', 'npx bun@1.3 install --lockfile-only')

/**
 * @param manifests the root's, then the workspaces': what they ask for today.
 * @throws AuditError LOCKFILE_INVALID with the line where it is known.
 */
export async function parseBun(text: string, path: string, manifests: readonly Manifest[]): Promise<Lockfile> {
  const { root, entries } = await read(text, path)
  const version = own(root, 'lockfileVersion')
  if (!versions.has(version)) throw invalid(path, 'has a lockfileVersion that audit-deps does not know', 1, newer)
  const section = own(root, 'workspaces')
  const workspaces = new Map(
    Object.entries(isObject(section) ? section : {}).map(([folder, one]) => [folder, isObject(one) ? one : {}]),
  )
  const overridden = overriddenBy(manifests)
  const nodes = nodesOf(entries, overridden, path)
  const importers = [...workspaces].map(
    ([folder, one]): Importer => ({
      folder,
      edges: edgesOf(
        one,
        textOf(one, 'name') ?? '',
        folder === '' ? [] : [textOf(one, 'name') ?? ''],
        nodes,
        overridden,
      ),
    }),
  )
  const { packages, problems } = settle(nodes, importers)
  const asked = askedBy(workspaces)
  // Version 0 has the folder of a workspace in place of the range it was asked for by.
  const linked = [...asked.values()].flatMap((ranges) => [...ranges].filter(([, range]) => workspaces.has(range)))
  const free = new Set([...overridden, ...(version === 0 ? linked.map(([name]) => name) : [])])
  return {
    path,
    format: 'bun',
    version: version as number,
    packages,
    problems: [...problems, ...compareAsked(path, manifests, asked, free)],
  }
}

async function read(text: string, path: string): Promise<{ root: Block; entries: readonly Entry[] }> {
  const { parseTree, getNodeValue } = await import('jsonc-parser')
  const errors: ParseError[] = []
  const tree = parsedBy(() => parseTree(text, errors, { allowTrailingComma: true }), path, 'JSON')
  const line = positions(text)
  if (errors[0]) throw invalid(path, 'is not JSON', line(errors[0].offset).line)
  if (tree?.type !== 'object') throw invalid(path, 'holds no JSON object')
  const member = (name: string): Json | undefined =>
    tree.children?.findLast((property) => property.children?.[0]?.value === name)?.children?.[1]
  const packages = member('packages')
  if (packages && packages.type !== 'object') throw invalid(path, 'has a "packages" that is no object')
  const entries = (packages?.children ?? []).map(({ children, offset }) => {
    const at = line(offset).line
    const key = String(children?.[0]?.value)
    if (key.length > longestKey || placesOf(key).length > deepestPlace)
      throw invalid(path, 'holds a key that no folder could have', at)
    const tuple = children?.[1] && parsedBy((): unknown => getNodeValue(children[1]!), path, 'JSON')
    if (!Array.isArray(tuple) || typeof tuple[0] !== 'string') throw invalid(path, 'holds an entry that is no list', at)
    return { key, tuple, line: at }
  })
  const rest = ['lockfileVersion', 'workspaces'].map((name) => {
    const node = member(name)
    return [name, node && parsedBy((): unknown => getNodeValue(node), path, 'JSON')]
  })
  return { root: Object.fromEntries(rest), entries }
}

function nodesOf(entries: readonly Entry[], overridden: ReadonlySet<string>, path: string): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  for (const entry of entries) nodes.set(entry.key, { locked: lockedOf(entry, path), edges: [] })
  // Who answers is known once all places are.
  for (const { key, tuple } of entries) {
    const node = nodes.get(key)!
    if (node.locked.kind === 'workspace') continue
    const info = tuple.find(isObject) ?? {}
    nodes.set(key, { ...node, edges: edgesOf(info, node.locked.name, placesOf(key), nodes, overridden) })
  }
  return nodes
}

function edgesOf(
  block: Block,
  owner: string,
  place: readonly string[],
  nodes: ReadonlyMap<string, unknown>,
  overridden: ReadonlySet<string>,
): Edge[] {
  return Object.entries(fields).flatMap(([field, kind]) =>
    textsOf(block, field)
      .filter(([name]) => name !== owner)
      .map(([name, wanted]) => ({
        name,
        wanted,
        to: nearest(name, place, nodes),
        kind,
        overridden: overridden.has(name),
      })),
  )
}

/** The name in the asker's own place, or in the nearest above. */
function nearest(name: string, place: readonly string[], nodes: ReadonlyMap<string, unknown>): string | undefined {
  for (let depth = place.length; depth >= 0; depth--) {
    const key = [...place.slice(0, depth), name].join('/')
    if (nodes.has(key)) return key
  }
  return undefined
}

/** `@a/b/c` → `@a/b`, `c`. */
const placesOf = (key: string): readonly string[] => key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? []

function lockedOf({ key, tuple, line }: Entry, path: string): Node['locked'] {
  const parts = splitAt(String(tuple[0]))
  if (!parts) throw invalid(path, 'names no version', line)
  const { name, rest } = parts
  const info = tuple.find(isObject) ?? {}
  const kind = kindOf(rest)
  const texts = tuple.slice(1).filter((part) => typeof part === 'string')
  const asked = placesOf(key).at(-1)
  // Git entries end with a tag of Bun's own; only hashes of the Subresource Integrity form are integrity.
  const integrity = kind === 'git' ? undefined : texts.findLast((part) => part !== '' && !/^https?:/i.test(part))
  const flagged = own(info, 'bundled') === true
  return {
    name,
    version: kind === 'registry' ? rest : undefined,
    key: kind === 'workspace' ? rest.slice('workspace:'.length) : key,
    alias: asked === undefined || asked === name ? undefined : asked,
    resolved: resolvedOf(kind, rest, texts),
    integrity,
    kind,
    // At the top nobody could have brought it along, and with an integrity there is nothing to excuse.
    bundled: flagged && placesOf(key).length > 1,
    installScript: own(info, 'hasInstallScript') === true,
    line,
  }
}

function kindOf(source: string): LockedPackage['kind'] {
  if (source.startsWith('workspace:')) return 'workspace'
  if (/^(?:file|link|root):/.test(source)) return 'local'
  return /[:/]/.test(source) ? kindOfSource(source) : 'registry'
}

function resolvedOf(kind: LockedPackage['kind'], source: string, texts: readonly string[]): string | undefined {
  if (kind === 'workspace') return undefined
  // An empty text: the configured registry, at the usual address.
  return kind === 'registry' ? texts.find((part) => /^https?:/i.test(part)) : source
}

const askedBy = (workspaces: ReadonlyMap<string, Block>): Asked =>
  new Map(
    [...workspaces].map(([folder, one]) => [
      folder,
      new Map(Object.keys(fields).flatMap((field) => (field === 'peerDependencies' ? [] : textsOf(one, field)))),
    ]),
  )
