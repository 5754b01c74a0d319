// yarn.lock of Yarn 2 and later ("Berry"). Entries are headed by the descriptors they answer (`left@npm:^1.0.0`) and
// say in `resolution` what they are: from the registry, a patch of another entry, a workspace, a link, a folder,
// an archive or a commit. `checksum` is the hash of the archive that Yarn makes of a tarball, not of the tarball.
// Format: Yarn's own Project.ts and structUtils.ts; __metadata.version counts its changes.

import { posix } from 'node:path'
import type { LockedPackage, Lockfile, Manifest, TreeProblem } from '../../types.ts'
import { isObject, own } from '../json.ts'
import { compareAsked, folderBeside, overriddenBy } from './asked.ts'
import { type Edge, type Importer, type Node, settle } from './graph.ts'
import { invalid, kindOfSource, splitAt, textOf, textsOf, unknownFormat } from './source.ts'
import { type Block, linesOfKeys, parseYaml } from './yaml.ts'

/** Those that were written by releases this was tried with: 2.4, 3.1, 3.8, 4.0.0-rc, 4.0 and 4.18. */
const versions: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 9, 10])

/**
 * @param manifests the root's, then the workspaces': the format does not say what is for development only.
 * @throws AuditError LOCKFILE_INVALID
 */
export async function parseYarnBerry(text: string, path: string, manifests: readonly Manifest[]): Promise<Lockfile> {
  const [document, more] = await parseYaml(text, path)
  if (!document || more) throw invalid(path, 'does not hold one YAML document')
  const version = versionOf(document.block, path)
  const entries = entriesOf(document.block, text, path)
  const overridden = overriddenBy(manifests)
  const graph = new Graph(entries, overridden)
  const importers = graph.importers(path, manifests)
  const { packages, problems } = settle(graph.nodes(), importers)
  const asked = new Map(
    importers.map(({ folder, edges }) => [folder, new Map(edges.map((edge) => [edge.name, edge.wanted]))]),
  )
  return {
    path,
    format: 'yarn-berry',
    version,
    packages,
    problems: [
      // Yarn patches some packages on its own account: whoever asks for the original gets the copy.
      ...problems.filter(({ key = '' }) => !/@patch:[^#]*#(?:~|optional!)*builtin</.test(key)),
      ...compareAsked(path, manifests, asked),
    ].filter(once()),
  }
}

const newer = unknownFormat('4 to 10', 'yarn set version 4, then yarn install --mode=update-lockfile')

function versionOf(block: Block, path: string): number {
  const metadata = own(block, '__metadata')
  const version = Number(isObject(metadata) ? textOf(metadata, 'version') : undefined)
  if (versions.has(version)) return version
  throw invalid(path, 'has a __metadata.version that audit-deps does not know', 1, newer)
}

/** A question without an answer may be told by the tree and by the comparison: once is enough. */
function once(): (problem: TreeProblem) => boolean {
  const seen = new Set<string>()
  return ({ kind, name, by, key }) => {
    const id = JSON.stringify([kind, name, by, key])
    return !seen.has(id) && seen.add(id) !== undefined
  }
}

interface Locator {
  readonly name: string
  /** `npm`, `patch`, `workspace`, `link`, `portal`, `file`, `exec`; `url` for archives and git. */
  readonly protocol: string
  /** What follows the protocol, without Yarn's bindings (`::locator=…`); for `url` all of it. */
  readonly reference: string
  readonly bindings: URLSearchParams
}

interface Entry {
  readonly descriptors: readonly string[]
  readonly block: Block
  readonly locator: Locator
  readonly line: number
}

function entriesOf(document: Block, text: string, path: string): Entry[] {
  const lines = linesOfKeys(text, 0)
  return Object.entries(document).flatMap(([key, block]) => {
    if (key === '__metadata') return []
    const line = lines.get(key) ?? 1
    if (!isObject(block)) throw invalid(path, 'begins an entry that is no mapping', line)
    const locator = locatorOf(textOf(block, 'resolution') ?? '')
    if (!locator) throw invalid(path, 'begins an entry without a resolution', line)
    return { descriptors: key.split(/\s*,\s*/).map(normal), block, locator, line }
  })
}

/** Before version 8 a range stands without `npm:`. */
function normal(descriptor: string): string {
  const parts = splitAt(descriptor)
  return parts && !/^[a-z][a-z+]*:/i.test(parts.rest) ? `${parts.name}@npm:${parts.rest}` : descriptor
}

function locatorOf(text: string): Locator | undefined {
  const parts = splitAt(text)
  if (!parts) return undefined
  const at = parts.rest.indexOf('::')
  const whole = at === -1 ? parts.rest : parts.rest.slice(0, at)
  const bindings = new URLSearchParams(at === -1 ? '' : parts.rest.slice(at + 2))
  const found = /^(npm|patch|workspace|link|portal|file|exec):(.*)$/s.exec(whole)
  const { name } = parts
  return found
    ? { name, protocol: found[1]!, reference: found[2]!, bindings }
    : { name, protocol: 'url', reference: whole, bindings }
}

class Graph {
  readonly #entries: readonly Entry[]
  readonly #overridden: ReadonlySet<string>
  /** Descriptor → key of the node; also without the bindings that Yarn adds to patches, folders and links. */
  readonly #keys = new Map<string, string>()
  /** Name → a key, a patch's before its original's. */
  readonly #byName = new Map<string, string>()

  constructor(entries: readonly Entry[], overridden: ReadonlySet<string>) {
    this.#entries = entries
    this.#overridden = overridden
    for (const entry of entries)
      for (const descriptor of entry.descriptors) {
        const key = keyOf(descriptor, entry)
        const name = splitAt(descriptor)?.name ?? descriptor
        this.#keys.set(descriptor, key)
        const bound = descriptor.indexOf('::')
        if (bound !== -1) this.#keys.set(descriptor.slice(0, bound), key)
        if (entry.locator.protocol === 'patch' || !this.#byName.has(name)) this.#byName.set(name, key)
      }
  }

  nodes(): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>()
    for (const entry of this.#entries) {
      const edges = entry.locator.protocol === 'workspace' ? [] : this.#edges(entry.block)
      const wraps = this.#wrapped(entry)
      // The root is no package of its own.
      for (const key of new Set(entry.descriptors.map((descriptor) => keyOf(descriptor, entry))))
        if (key !== '')
          nodes.set(key, { locked: lockedOf(key, entry), edges, ...(wraps === undefined ? {} : { wraps }) })
    }
    return nodes
  }

  importers(path: string, manifests: readonly Manifest[]): Importer[] {
    const byFolder = new Map(manifests.map((manifest) => [folderBeside(path, manifest), manifest]))
    return this.#entries
      .filter(({ locator }) => locator.protocol === 'workspace')
      .map(({ locator, block }) => {
        const folder = folderOf(locator)
        const forDevelopment = devOnly(byFolder.get(folder))
        const edges = this.#edges(block)
        return { folder, edges: edges.map((edge) => (forDevelopment.has(edge.name) ? { ...edge, kind: 'dev' } : edge)) }
      })
  }

  #edges(block: Block): Edge[] {
    const meta = own(block, 'dependenciesMeta')
    const isOptional = (name: string): boolean => {
      const one = isObject(meta) ? own(meta, name) : undefined
      return isObject(one) && textOf(one, 'optional') === 'true'
    }
    return textsOf(block, 'dependencies').map(([name, written]) => ({
      name,
      wanted: written.replace(/^npm:(?=[^@]*$)/, ''),
      to: this.#answer(name, written),
      kind: isOptional(name) ? 'optional' : 'prod',
      overridden: this.#overridden.has(name),
    }))
  }

  #answer(name: string, written: string): string | undefined {
    const exact = this.#keys.get(normal(`${name}@${written}`))
    // A catalog's range stands in .yarnrc.yml, a resolution's in the manifest, a patched descriptor is encoded anew.
    const elsewhere = /^(?:catalog|patch|workspace):/.test(written) || this.#overridden.has(name)
    return exact ?? (elsewhere ? this.#byName.get(name) : undefined)
  }

  /** The entry of the package that is patched: its descriptor is part of the patch's own. */
  #wrapped({ locator, descriptors }: Entry): string | undefined {
    const inner = locator.protocol === 'patch' ? /@patch:([^#]+)#/.exec(descriptors[0] ?? '')?.[1] : undefined
    return inner === undefined ? undefined : this.#keys.get(normal(decoded(inner)))
  }
}

/** Names that a manifest asks for in `devDependencies` alone. */
function devOnly(manifest: Manifest | undefined): ReadonlySet<string> {
  const asking = manifest?.dependencies.filter(({ field }) => field !== 'peerDependencies') ?? []
  const lasting = new Set(
    asking.filter(({ field }) => field.endsWith('ependencies') && field !== 'devDependencies').map(({ name }) => name),
  )
  return new Set(
    asking.filter(({ field, name }) => field === 'devDependencies' && !lasting.has(name)).map(({ name }) => name),
  )
}

/** One entry may answer under several names; each name is a package of its own to whoever imports it. */
function keyOf(descriptor: string, { descriptors, locator }: Entry): string {
  if (locator.protocol === 'workspace') return folderOf(locator)
  const name = splitAt(descriptor)?.name
  return descriptors.find((other) => splitAt(other)?.name === name) ?? descriptor
}

const folderOf = ({ reference }: Locator): string => posix.join(reference, '.').replace(/^\.$/, '')

function lockedOf(key: string, { block, locator, line }: Entry): Node['locked'] {
  const { protocol, reference, bindings } = locator
  const name = protocol === 'workspace' ? locator.name : (splitAt(key)?.name ?? key)
  const version = textOf(block, 'version')
  const checksum = textOf(block, 'checksum')
  const conditions = textOf(block, 'conditions')
  return {
    name: locator.name,
    // What is fetched is the resolution's version, whatever else is written beside it.
    version: protocol === 'npm' ? reference : version === placeholder ? undefined : version,
    key,
    alias: name === locator.name ? undefined : name,
    resolved: resolvedOf(locator) ?? bindings.get('__archiveUrl') ?? undefined,
    integrity: undefined,
    kind: kindOf(locator),
    // Yarn 2 and later neither install what others bundle nor write down who has an install script.
    bundled: false,
    installScript: false,
    line,
    ...(checksum === undefined ? {} : { checksum }),
    ...(conditions === undefined ? {} : { conditions }),
  }
}

/** Yarn's version of whatever stands in a folder. */
const placeholder = '0.0.0-use.local'

function kindOf({ protocol, reference }: Locator): LockedPackage['kind'] {
  if (protocol === 'npm') return 'registry'
  if (protocol === 'workspace') return 'workspace'
  if (protocol !== 'url') return 'local'
  return /#(?:.*&)?commit=/.test(reference) ? 'git' : kindOfSource(reference)
}

function resolvedOf({ protocol, reference }: Locator): string | undefined {
  if (protocol === 'npm' || protocol === 'workspace') return undefined
  return protocol === 'url' ? reference.replace(/#(?:.*&)?commit=([\da-f]+).*$/s, '#$1') : `${protocol}:${reference}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
