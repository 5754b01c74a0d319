// Does everything plainly fit? Arborist takes a second for 1,500 packages to say yes. This says the same in milliseconds,
// and only yes: whatever is missing, does not fit, is asked for by nobody, or is unusual (nested overrides, git,
// folders that are no workspaces) is left to Arborist, so that no drift is ever reported on our word alone.
// The rules are Arborist's own: load-virtual.js, node.js (_loadDeps, resolve), edge.js, dep-valid.js.

import { posix } from 'node:path'
import semver from 'semver'
import type { Contradiction, Manifest } from '../../types.ts'
import { isObject, own } from '../json.ts'
import { type Entry, isInstalled, nameOf, type Reader, resolveFrom } from './npm-entry.ts'

export interface Judged {
  /** Key → names on the shortest way to it from the root; absent where Arborist has to tell. */
  readonly paths?: ReadonlyMap<string, readonly string[]>
  readonly contradictions: readonly Contradiction[]
}

/** @param path of the lockfile. @param manifests the one beside it, then the workspaces'. */
export function judgeTree(
  entries: ReadonlyMap<string, Entry>,
  path: string,
  manifests: readonly Manifest[],
  reader: Reader,
): Judged {
  const base = posix.dirname(path)
  const ours = new Map(manifests.map((one) => [posix.relative(base, posix.dirname(one.path)), one]))
  const root = ours.get('')
  if (!root) return { contradictions: [] }
  const tree = new Tree(entries, ours, root)
  const contradictions = tree.misnamed().map((one) => ({ ...one, line: reader.line(one.key) }))
  const paths = tree.isPlain() ? tree.paths() : undefined
  return { contradictions, ...(paths ? { paths } : {}) }
}

interface Edge {
  /** Key of who asks. */
  readonly from: string
  readonly name: string
  readonly wanted: string
  readonly kind: 'prod' | 'dev' | 'optional' | 'peer' | 'peerOptional' | 'workspace'
  /** Key of the entry in the nearest node_modules, a link's own. */
  readonly to: string | undefined
}

/** Installed packages are never asked for their devDependencies. */
const kinds = { dependencies: 'prod', optionalDependencies: 'optional', peerDependencies: 'peer' } as const
const kindsOfOurs = { ...kinds, devDependencies: 'dev' } as const

class Tree {
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #ours: ReadonlyMap<string, Manifest>
  readonly #root: Manifest
  readonly #edges: readonly Edge[]
  /** Name → the range that decides; undefined where rules are more than names and ranges. */
  readonly #overrides: ReadonlyMap<string, string> | undefined
  readonly #hasBundles: boolean
  readonly #fitting = new Map<string, boolean>()

  constructor(entries: ReadonlyMap<string, Entry>, ours: ReadonlyMap<string, Manifest>, root: Manifest) {
    this.#entries = entries
    this.#ours = ours
    this.#root = root
    this.#overrides = flatOverrides(root)
    this.#hasBundles = [...entries.values()].some((entry) => own(entry, 'bundleDependencies') !== undefined)
    this.#edges = [...this.#edgesOfOurs(), ...this.#edgesOfInstalled()]
  }

  #edge(from: string, name: string, wanted: string, kind: Edge['kind']): Edge {
    return { from, name, wanted, kind, to: resolveFrom(from, name, this.#entries) }
  }

  #edgesOfOurs(): Edge[] {
    const folders = [...this.#ours].filter(([folder]) => folder !== '')
    const workspaces = folders.map(([folder, { name = '' }]) => this.#edge('', name, `file:${folder}`, 'workspace'))
    const linked = new Set(workspaces.map(({ name }) => name))
    const asked = [...this.#ours].flatMap(([folder, { dependencies }]) => {
      const optional = new Set(
        dependencies.filter(({ field }) => field === 'optionalDependencies').map((one) => one.name),
      )
      return dependencies.flatMap(({ name, range, field }): Edge[] => {
        const kind = Object.hasOwn(kindsOfOurs, field) ? kindsOfOurs[field as keyof typeof kindsOfOurs] : undefined
        if (kind === undefined || (kind === 'prod' && optional.has(name))) return []
        return folder === '' && linked.has(name) ? [] : [this.#edge(folder, name, range, kind)]
      })
    })
    return [...workspaces, ...asked]
  }

  #edgesOfInstalled(): Edge[] {
    const edges: Edge[] = []
    for (const [from, entry] of this.#entries) {
      if (!isInstalled(from) || own(entry, 'link') === true) continue
      const optional = own(entry, 'optionalDependencies')
      const meta = own(entry, 'peerDependenciesMeta')
      for (const field of Object.keys(kinds) as (keyof typeof kinds)[]) {
        const asked = own(entry, field)
        if (!isObject(asked)) continue
        for (const [name, wanted] of Object.entries(asked)) {
          if (field === 'dependencies' && isObject(optional) && Object.hasOwn(optional, name)) continue
          const kind = field === 'peerDependencies' && isOptionalPeer(meta, name) ? 'peerOptional' : kinds[field]
          // What is no text npm could not ask for: no range takes it.
          edges.push(this.#edge(from, name, typeof wanted === 'string' ? wanted : '\0', kind))
        }
      }
    }
    return edges
  }

  /** Entries that call themselves by a name under which nobody asks for them. */
  misnamed(): Contradiction[] {
    const asked = new Map<string, Set<string | undefined>>()
    for (const { name, wanted, to } of this.#edges) {
      if (to === undefined) continue
      const entry = this.#entries.get(to)!
      const itself = own(entry, 'name')
      if (typeof itself !== 'string' || itself === nameOf(to) || own(entry, 'link') === true) continue
      const known = asked.get(to) ?? new Set()
      asked.set(to, known.add(targetOf(name, wanted)))
    }
    const renamed = new Set(this.#root.overrides?.map(({ value }) => targetOf('', value ?? '')))
    return [...asked].flatMap(([key, targets]): Contradiction[] => {
      const entry = this.#entries.get(key)!
      const says = String(own(entry, 'name'))
      // Whoever asks by address takes whatever name stands there; so may a nested rule.
      if (targets.has(says) || targets.has(undefined) || renamed.has(says)) return []
      const version = own(entry, 'version')
      return [
        {
          kind: 'name',
          key,
          name: says,
          version: typeof version === 'string' ? version : undefined,
          field: 'name',
          says,
          other: [...targets].join(' or '),
        },
      ]
    })
  }

  isPlain(): boolean {
    return (
      this.#overrides !== undefined &&
      this.#ours.size === new Set([...this.#ours.values()].map(({ name }) => name)).size &&
      [...this.#entries].every(([key, entry]) => this.#isUsual(key, entry)) &&
      [...this.#overrides].every(([name, range]) => this.#agreesWithRoot(name, range)) &&
      this.#edges.every((edge) => this.#isAnswered(edge))
    )
  }

  /** Installed below something that is there, a link to a workspace, or a workspace. */
  #isUsual(key: string, entry: Entry): boolean {
    if (key === '' || this.#ours.has(key)) return true
    const end = key.lastIndexOf('node_modules/')
    const above = key.slice(0, Math.max(0, end - 1))
    if (end === -1 || !/^(?:@[^/]+\/)?[^/@][^/]*$/.test(key.slice(end + 13))) return false
    if (above !== '' && (!this.#entries.has(above) || own(this.#entries.get(above)!, 'link') === true)) return false
    // Overrides do not reach into a package's own shrinkwrap.
    if (own(entry, 'hasShrinkwrap') === true && this.#overrides!.size > 0) return false
    return own(entry, 'link') !== true || this.#ours.has(this.#targetOf(key) ?? '\0')
  }

  /** npm refuses an override that contradicts what the root itself asks for. */
  #agreesWithRoot(name: string, range: string): boolean {
    return this.#root.dependencies.every((one) => one.name !== name || one.field === 'overrides' || one.range === range)
  }

  #isAnswered({ from, name, wanted, kind, to }: Edge): boolean {
    if (kind === 'peerOptional') return true
    const ours = !isInstalled(from)
    if (!ours && bundles(this.#entries.get(from)!, name)) return true
    if (to === undefined) return kind === 'optional'
    // npm locks peers that do not fit each other, and installs them again.
    if (kind === 'peer' && !ours) return true
    const overridden = this.#overrides!.get(name)
    if (overridden !== undefined && !this.#fits(from, overridden, to)) return false
    // Overrides do not reach into a bundle either, and who is in one shows only in the tree.
    return (overridden !== undefined && !this.#hasBundles) || this.#fits(from, wanted, to)
  }

  #fits(from: string, wanted: string, to: string): boolean {
    const entry = this.#entries.get(to)!
    const linked = own(entry, 'link') === true
    if (wanted.startsWith('file:')) return linked && posix.join(from, wanted.slice(5)) === this.#targetOf(to)
    if (/^https?:/i.test(wanted)) return own(entry, 'resolved') === wanted
    const version = linked ? this.#ours.get(this.#targetOf(to) ?? '\0')?.version : own(entry, 'version')
    const range = wanted.startsWith('npm:') ? wanted.slice(4).replace(/^@?[^@]+@?/, '') : wanted
    if (/^[a-z][a-z-]*$/i.test(range) && semver.validRange(range, true) === null)
      return /^https?:/i.test(String(own(entry, 'resolved')))
    return typeof version === 'string' && this.#takes(range.trim() || '*', version)
  }

  /** A tree asks the same again and again. */
  #takes(range: string, version: string): boolean {
    const pair = `${range} ${version}`
    const known = this.#fitting.get(pair)
    if (known !== undefined) return known
    const takes = range === '*' || semver.satisfies(version, range, true)
    this.#fitting.set(pair, takes)
    return takes
  }

  /** Folder that a link leads to. */
  #targetOf(key: string): string | undefined {
    const target = own(this.#entries.get(key) ?? {}, 'resolved')
    return typeof target === 'string' ? posix.normalize(target) : undefined
  }

  /** Breadth first, as a shortest way is what is told; undefined where something is never met. */
  paths(): ReadonlyMap<string, readonly string[]> | undefined {
    const byAsker = new Map<string, Edge[]>()
    for (const edge of this.#edges) {
      const known = byAsker.get(edge.from)
      if (known) known.push(edge)
      else byAsker.set(edge.from, [edge])
    }
    const paths = new Map<string, readonly string[]>([['', []]])
    for (const [key, path] of paths)
      for (const { to, name } of byAsker.get(key) ?? []) {
        if (to === undefined) continue
        const target = own(this.#entries.get(to)!, 'link') === true ? this.#targetOf(to) : to
        if (target !== undefined && !paths.has(target)) paths.set(target, [...path, name])
      }
    const isMet = ([key, entry]: readonly [string, Entry]): boolean => paths.has(key) || own(entry, 'link') === true
    return [...this.#entries].every(isMet) ? paths : undefined
  }
}

function flatOverrides({ overrides = [] }: Manifest): ReadonlyMap<string, string> | undefined {
  const flat = new Map<string, string>()
  for (const { field, key, value } of overrides) {
    if (field !== 'overrides') continue
    const plain =
      value !== undefined && /^[\^~]?\d+(?:\.\d+){0,2}$/.test(value) && /^(?:@[^@/]+\/)?[^@/.][^@/]*$/.test(key)
    if (!plain) return undefined
    flat.set(key, value)
  }
  return flat
}

const isOptionalPeer = (meta: unknown, name: string): boolean => {
  const one = isObject(meta) ? own(meta, name) : undefined
  return isObject(one) && own(one, 'optional') === true
}

const bundles = (entry: Entry, name: string): boolean => {
  const bundled = own(entry, 'bundleDependencies')
  return bundled === true || (Array.isArray(bundled) && bundled.includes(name))
}

/** The registry name that is asked for; undefined for what is asked for by address. */
function targetOf(name: string, wanted: string): string | undefined {
  const alias = /^npm:(@?[^@]+)/.exec(wanted)?.[1]
  return alias ?? (/[:/]/.test(wanted) ? undefined : name)
}
