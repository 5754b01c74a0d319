// What the readers of npm's formats share: fields of an entry by type, its line, and Node's rule of where a name leads.

import type { AuditError } from '../../errors.ts'
import type { LockedPackage } from '../../types.ts'
import { eachKey, isObject, own } from '../json.ts'
import { invalid as refused } from './source.ts'

/** npm's deepest real trees stay far below both. */
export const maximumDepth = 200
const maximumKeyLength = 4_096

export type Entry = Record<string, unknown>

/** As source.ts has it, with npm's own way to write the file anew. */
export const invalid = (path: string, what: string, line?: number, hint?: string): AuditError =>
  refused(path, what, line, hint ?? 'restore it from git, or run npm install --package-lock-only and review the change')

/** Fields of entries by type, and the line of each entry. */
export class Reader {
  readonly path: string
  readonly #text: string
  #lines: ReadonlyMap<string, number> | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.#text = text
  }

  /** @param key folder of the entry, as in `LockedPackage.key`. */
  line(key: string): number {
    this.#lines ??= linesOf(this.#text)
    return this.#lines.get(key) ?? 1
  }

  entry(key: string, value: unknown): Entry {
    if (key.length > maximumKeyLength) throw this.refuse(key, 'has a key that no folder could have')
    if (!isObject(value)) throw this.refuse(key, 'is no object')
    return value
  }

  text(key: string, entry: Entry, field: string): string | undefined {
    const value = own(entry, field)
    // Some releases of npm wrote `"resolved": false`.
    if (value === undefined || value === null || value === false) return undefined
    if (typeof value !== 'string') throw this.refuse(key, `has a "${field}" that is no text`)
    return value
  }

  refuse(key: string, what: string): AuditError {
    return invalid(this.path, `holds an entry "${key.slice(0, 80)}" that ${what}`, this.line(key))
  }
}

function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>()
  const nested = new Map<number, string>()
  eachKey(text, (path, at) => {
    const key = path.at(-1)!
    if (path[0] === 'packages') {
      if (path.length === 2) lines.set(key, at.line)
      return path.length === 1
    }
    // Version 1: dependencies, name, dependencies, name …
    if (path.length % 2 === 1) return key === 'dependencies' && path.length < maximumDepth * 2
    const parent = nested.get(path.length - 2)
    const folder = `${parent === undefined ? '' : `${parent}/`}node_modules/${key}`
    nested.set(path.length, folder)
    if (!lines.has(folder)) lines.set(folder, at.line)
    return true
  })
  return lines
}

/** Node's own rule: the nearest `node_modules` upwards. */
export function resolveFrom(from: string, name: string, entries: ReadonlyMap<string, unknown>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (entries.has(key)) return key
    if (folder === '') return undefined
  }
}

export const isInstalled = (key: string): boolean => key.startsWith('node_modules/') || key.includes('/node_modules/')

/** The name by which the folder is imported. */
export function nameOf(key: string): string {
  const at = key.lastIndexOf('node_modules/')
  if (at !== -1) return key.slice(at + 'node_modules/'.length)
  return key.slice(key.lastIndexOf('/') + 1)
}

export function kindOf(source: string | undefined, askedByUrl: boolean): LockedPackage['kind'] {
  if (source === undefined) return 'registry'
  if (isGit(source)) return 'git'
  if (/^(?:file|link):/i.test(source)) return 'local'
  return askedByUrl ? 'tarball' : 'registry'
}

const isGit = (source: string): boolean => /^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)/i.test(source)
