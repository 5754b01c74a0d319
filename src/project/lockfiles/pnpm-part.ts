// One document of a pnpm-lock.yaml: who asks (`importers`), and what answers (`packages`, since version 9 with
// `snapshots`). Keys of packages and references to them change with the version of the format.

import { posix } from 'node:path'
import type { LockedPackage } from '../../types.ts'
import { isObject, own } from '../json.ts'
import type { Asked } from './asked.ts'
import type { Edge, EdgeKind, Importer, Node } from './graph.ts'
import { invalid, isGitUrl, kindOfSource, textOf, textsOf } from './source.ts'
import type { Block } from './yaml.ts'

const fields = {
  configDependencies: 'prod',
  packageManagerDependencies: 'dev',
  dependencies: 'prod',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
} as const satisfies Record<string, EdgeKind>

/** What stands in package.json, of the above. */
const ofManifests: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])

/** One document. */
export class Part {
  readonly version: number
  readonly importers: readonly Importer[]
  readonly asked: Asked
  readonly #packages: ReadonlyMap<string, Block>
  readonly #snapshots: ReadonlyMap<string, Block>
  readonly #folders: ReadonlySet<string>
  readonly #lines: ReadonlyMap<string, number>
  readonly #links = new Map<string, string>()

  constructor(block: Block, version: number, lines: ReadonlyMap<string, number>, path: string) {
    this.version = version
    this.#lines = lines
    this.#packages = this.#section(block, 'packages', path)
    this.#snapshots = version >= 9 ? this.#section(block, 'snapshots', path) : this.#packages
    const listed = this.#section(block, 'importers', path)
    // Without workspaces versions before 9 have the root's fields at the top.
    const importers = listed.size > 0 ? listed : new Map([['.', block]])
    this.#folders = new Set([...importers.keys()].map(folderOf))
    this.asked = new Map([...importers].map(([folder, one]) => [folderOf(folder), specifiersOf(one)]))
    this.importers = [...importers].map(([folder, one]) => ({
      folder: folderOf(folder),
      edges: this.#edges(one, folderOf(folder)),
    }))
  }

  #section(block: Block, name: string, path: string): ReadonlyMap<string, Block> {
    const section = own(block, name)
    if (section === undefined || section === 'null' || section === '') return new Map()
    if (!isObject(section)) throw invalid(path, `has a "${name}" that is no mapping`)
    return new Map(
      Object.entries(section).map(([key, value]) => {
        if (isObject(value)) return [key, value]
        // `packages/one:` with nothing below it.
        if (value === '' || value === null) return [key, {}]
        throw invalid(path, 'begins an entry that is no mapping', this.#lines.get(`${name}\0${key}`))
      }),
    )
  }

  nodes(names: ReadonlyMap<string, string | undefined>): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>()
    for (const folder of this.#folders)
      if (folder !== '') nodes.set(folder, { locked: this.#workspace(folder, names.get(folder)), edges: [] })
    for (const [key, entry] of this.#packages)
      nodes.set(key, { locked: this.#locked(key, entry), edges: this.version >= 9 ? [] : this.#edges(entry) })
    if (this.version >= 9)
      for (const [key, snapshot] of this.#snapshots) {
        const known = nodes.get(this.#entryOf(key))
        // A snapshot of nothing is reported by whoever asks for it.
        if (known) nodes.set(known.locked.key, { ...known, edges: [...known.edges, ...this.#edges(snapshot)] })
      }
    for (const [target, name] of this.#links) nodes.set(target, { locked: this.#link(target, name), edges: [] })
    return nodes
  }

  /** Version 9: a snapshot's entry has the same key without peers. */
  #entryOf(key: string): string {
    const at = key.indexOf('(')
    return at === -1 || this.#packages.has(key) ? key : key.slice(0, at)
  }

  #edges(block: Block, folder?: string): Edge[] {
    const specifiers = folder === undefined ? undefined : specifiersOf(block)
    return Object.entries(fields).flatMap(([field, kind]) =>
      referencesOf(block, field).map(([name, reference]) => ({
        name,
        wanted: specifiers?.get(name) ?? '',
        to: this.#answer(name, reference, folder),
        kind,
        // Who asks inside the tree gives no range, only what it was given.
        overridden: specifiers?.get(name) === undefined,
      })),
    )
  }

  /** pnpm's own rule: a reference is a version of the name that stands before it, or a key by itself. */
  #answer(name: string, reference: string, folder = ''): string | undefined {
    if (reference.startsWith('link:')) return this.#linked(name, reference.slice(5), folder)
    const separator = this.version < 6 ? '/' : '@'
    const key = `${this.version >= 9 ? '' : '/'}${name}${separator}${reference}`
    return [key, reference]
      .map((one) => (this.version >= 9 ? this.#entryOf(one) : one))
      .find((one) => this.#packages.has(one))
  }

  #linked(name: string, target: string, folder: string): string {
    const joined = folderOf(posix.join(folder, target))
    if (this.#folders.has(joined)) return joined
    this.#links.set(`link:${joined}`, name)
    return `link:${joined}`
  }

  #locked(key: string, entry: Block): Node['locked'] {
    const { name, version } = this.version < 6 ? slashed(key) : atted(key)
    const block = own(entry, 'resolution')
    const resolution = isObject(block) ? block : {}
    const engines = own(entry, 'engines')
    const node = isObject(engines) ? textOf(engines, 'node') : undefined
    const kind = kindOf(version, resolution)
    return {
      name: textOf(entry, 'name') ?? name,
      version: textOf(entry, 'version') ?? (kind === 'registry' ? version : undefined),
      key,
      alias: undefined,
      resolved: resolvedOf(resolution, kind),
      integrity: textOf(resolution, 'integrity'),
      kind,
      // What others bundle is not listed.
      bundled: false,
      installScript: textOf(entry, 'requiresBuild') === 'true',
      line: this.#lines.get(`packages\0${key}`) ?? 1,
      ...(node === undefined ? {} : { engines: node }),
    }
  }

  #workspace(folder: string, name: string | undefined): Node['locked'] {
    return local(
      name ?? posix.basename(folder),
      folder,
      'workspace',
      undefined,
      this.#lines.get(`importers\0${folder}`),
    )
  }

  #link(target: string, name: string): Node['locked'] {
    return local(name, target, 'local', target, undefined)
  }
}

const local = (
  name: string,
  key: string,
  kind: LockedPackage['kind'],
  resolved: string | undefined,
  line = 1,
): Node['locked'] => ({
  name,
  version: undefined,
  key,
  alias: undefined,
  resolved,
  integrity: undefined,
  kind,
  bundled: false,
  installScript: false,
  line,
})

const folderOf = (folder: string): string => posix.join(folder, '.').replace(/^\.$/, '')

/** Name → range: in `specifiers` before version 6, beside each version since. */
function specifiersOf(importer: Block): ReadonlyMap<string, string> {
  const found = new Map(textsOf(importer, 'specifiers'))
  for (const field of ofManifests) {
    const block = own(importer, field)
    for (const [name, one] of Object.entries(isObject(block) ? block : {})) {
      const specifier = isObject(one) ? textOf(one, 'specifier') : undefined
      if (specifier !== undefined) found.set(name, specifier)
    }
  }
  return found
}

function referencesOf(block: Block, field: string): [string, string][] {
  const section = own(block, field)
  return Object.entries(isObject(section) ? section : {}).flatMap(([name, one]) => {
    const reference = isObject(one) ? textOf(one, 'version') : one
    return typeof reference === 'string' ? [[name, reference]] : []
  })
}

interface NameAndVersion {
  readonly name: string
  readonly version: string
}

/**
 * `/@scope/left/1.2.3_react@18.0.0`, in the first releases with a host before it. Keys of another shape (`file:beside`)
 * carry their name in a field.
 */
function slashed(key: string): NameAndVersion {
  const [, name, version] = /^(?:[^/@]+(?=\/.*\/\d+\.\d+\.\d[^/]*$))?\/((?:@[^/]+\/)?[^/]+)\/([^/_]+)/.exec(key) ?? []
  return { name: name ?? key, version: version ?? key }
}

/** `@scope/left@1.2.3(react@18.0.0)`, in version 6 after a slash. */
function atted(key: string): NameAndVersion {
  const [, name, version] = /^\/?((?:@[^/@]+\/)?[^/@]+)@([^(]+)/.exec(key) ?? []
  return { name: name ?? key, version: version ?? key }
}

function kindOf(version: string, resolution: Block): LockedPackage['kind'] {
  const type = textOf(resolution, 'type')
  if (type === 'git' || textOf(resolution, 'gitHosted') === 'true') return 'git'
  if (type === 'directory') return 'local'
  if (/^\d[^/:]*$/.test(version)) return 'registry'
  const source = textOf(resolution, 'tarball') ?? version
  return isGitUrl(version) ? 'git' : kindOfSource(source)
}

function resolvedOf(resolution: Block, kind: LockedPackage['kind']): string | undefined {
  const [tarball, repo, commit, directory] = ['tarball', 'repo', 'commit', 'directory'].map((field) =>
    textOf(resolution, field),
  )
  if (repo !== undefined) return `${repo.startsWith('git') ? '' : 'git+'}${repo}#${commit ?? ''}`
  return tarball ?? (kind === 'local' && directory !== undefined ? `file:${directory}` : undefined)
}
