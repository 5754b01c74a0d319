// yarn.lock of yarn 1: entries headed by every `name@range` that they answer, indented by two. Own code, for the
// format is three kinds of lines, and @yarnpkg/parsers' grammar takes 100 µs an entry (0.5 s for 5,000): the tests
// hold both to the same answer. Stricter than yarn, which guesses: what is none of the three is refused.
// Format: yarn 1's own lockfile/stringify.js.

import type { Lockfile, Manifest } from '../../types.ts'
import { meaningOf } from '../manifest.ts'
import { folderBeside, overriddenBy, wantedBy } from './asked.ts'
import { type Edge, type Importer, type Node, settle } from './graph.ts'
import { invalid, kindOfSource, splitAt } from './source.ts'

/**
 * @param path as it shall stand in the result.
 * @param manifests the root's, then the workspaces': the format does not say who is direct, or for development.
 * @throws AuditError LOCKFILE_INVALID with the line.
 */
export function parseYarnClassic(text: string, path: string, manifests: readonly Manifest[]): Lockfile {
  const entries = entriesOf(text, path)
  const keys = new Map(entries.flatMap((entry) => entry.patterns.map((pattern) => [pattern, keyOf(pattern, entry)])))
  const overridden = overriddenBy(manifests)
  const names = new Set(manifests.map(({ name }) => name))
  const edge = (name: string, wanted: string, kind: Edge['kind']): Edge => ({
    name,
    wanted,
    // An empty range is written without its `@` by some releases.
    to: keys.get(`${name}@${wanted}`) ?? (wanted === '' ? keys.get(name) : undefined),
    kind,
    overridden: overridden.has(name),
  })
  const nodes = new Map<string, Node>()
  for (const entry of entries) for (const node of nodesOf(entry, edge)) nodes.set(node.locked.key, node)
  for (const manifest of manifests) {
    const folder = folderBeside(path, manifest)
    if (folder !== '') nodes.set(folder, { locked: workspace(manifest, folder), edges: [] })
  }
  const settled = settle(nodes, importersOf(path, manifests, names, edge))
  // What answers to a name with a resolution, the lockfile does not say.
  const problems = settled.problems.filter(({ name }) => !overridden.has(name))
  return { path, format: 'yarn-classic', version: 1, packages: settled.packages, problems }
}

type EdgeMaker = (name: string, wanted: string, kind: Edge['kind']) => Edge

interface Entry {
  readonly patterns: readonly string[]
  readonly line: number
  readonly fields: Map<string, string>
  readonly dependencies: Map<string, string>
  readonly optional: Map<string, string>
}

/** A header of a thousand ranges is a third of it. */
const longestLine = 65_536

const token = String.raw`"(?:[^"\\]|\\.)*"|[^\s",:]+`
const header = new RegExp(`^(?:${token})(?:, (?:${token}))*:$`)
const field = new RegExp(`^ {2}(${token}) (${token})$`)
const section = new RegExp(`^ {2}(${token}):$`)
const member = new RegExp(`^ {4}(${token}) (${token})$`)

function entriesOf(text: string, path: string): Entry[] {
  const entries: Entry[] = []
  let entry: Entry | undefined
  let block: Map<string, string> | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line.length > longestLine) throw invalid(path, 'is longer than any that yarn 1 writes', index + 1)
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = member.exec(line) ?? field.exec(line) ?? section.exec(line)
    if (!found && header.test(line)) {
      const patterns = (line.slice(0, -1).match(new RegExp(token, 'g')) ?? []).map(unquoted)
      entry = { patterns, line: index + 1, fields: new Map(), dependencies: new Map(), optional: new Map() }
      block = undefined
      entries.push(entry)
    } else if (!found || !entry) throw invalid(path, 'is no line that yarn 1 writes', index + 1)
    else if (found[2] === undefined) block = blockOf(entry, unquoted(found[1]!))
    else if (line.startsWith('    ')) {
      if (!block) throw invalid(path, 'belongs to no field', index + 1)
      block.set(unquoted(found[1]!), unquoted(found[2]))
    } else {
      block = undefined
      entry.fields.set(unquoted(found[1]!), unquoted(found[2]))
    }
  }
  return entries
}

/** Other blocks (`permissions`, `prebuiltVariants`) name no packages. */
const blockOf = (entry: Entry, name: string): Map<string, string> =>
  name === 'dependencies' ? entry.dependencies : name === 'optionalDependencies' ? entry.optional : new Map()

function unquoted(written: string): string {
  if (!written.startsWith('"')) return written
  try {
    return String(JSON.parse(written))
  } catch {
    return written.slice(1, -1)
  }
}

/** One entry may answer under several names; each name is a package of its own to whoever imports it. */
const keyOf = (pattern: string, { patterns }: Entry): string => {
  const name = splitAt(pattern)?.name ?? pattern
  return patterns.find((other) => (splitAt(other)?.name ?? other) === name) ?? pattern
}

function nodesOf(entry: Entry, edge: EdgeMaker): Node[] {
  const edges = [
    ...[...entry.dependencies].map(([name, wanted]) => edge(name, wanted, 'prod')),
    ...[...entry.optional].map(([name, wanted]) => edge(name, wanted, 'optional')),
  ]
  const keys = new Set(entry.patterns.map((pattern) => keyOf(pattern, entry)))
  return [...keys].map((key) => ({ locked: lockedOf(key, entry), edges }))
}

function lockedOf(key: string, { fields, line }: Entry): Node['locked'] {
  const { name, rest = '' } = splitAt(key) ?? { name: key }
  const meaning = meaningOf(name, rest)
  const written = fields.get('resolved')
  const source = meaning.kind === 'git' || meaning.kind === 'tarball' ? kindOfSource(written ?? rest) : meaning.kind
  const kind = source === 'invalid' ? 'registry' : source
  const hash = kind === 'git' ? undefined : /#([\da-f]{40})$/.exec(written ?? '')?.[1]
  const sha1 = hash === undefined ? undefined : `sha1-${Buffer.from(hash, 'hex').toString('base64')}`
  // Where one entry answers under several names, yarn writes down which one is the package's own.
  const real = fields.get('name') ?? meaning.target
  return {
    name: real,
    version: fields.get('version'),
    key,
    alias: real === name ? undefined : name,
    resolved: (hash === undefined ? written : written?.slice(0, -41)) ?? (kind === 'local' ? rest : undefined),
    integrity: fields.get('integrity') ?? sha1,
    kind,
    // Yarn 1 fetches what others bundle as well, and writes down neither that nor install scripts.
    bundled: false,
    installScript: false,
    line,
  }
}

const workspace = ({ name }: Manifest, folder: string): Node['locked'] => ({
  name: name ?? folder,
  version: undefined,
  key: folder,
  alias: undefined,
  resolved: undefined,
  integrity: undefined,
  kind: 'workspace',
  bundled: false,
  installScript: false,
  line: 1,
})

const kinds = { dependencies: 'prod', devDependencies: 'dev', optionalDependencies: 'optional' } as const

function importersOf(
  path: string,
  manifests: readonly Manifest[],
  names: ReadonlySet<string | undefined>,
  edge: EdgeMaker,
): Importer[] {
  return manifests.map((manifest) => ({
    folder: folderBeside(path, manifest),
    edges: [...wantedBy(manifest)].flatMap(([name, lines]): Edge[] =>
      lines.flatMap(({ range, field, kind }) => {
        const asked = edge(name, range, kinds[field as keyof typeof kinds])
        // A workspace is linked, not locked.
        const linked = kind === 'workspace' || (names.has(name) && asked.to === undefined)
        return linked ? [] : asked
      }),
    ),
  }))
}
