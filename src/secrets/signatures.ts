// Reads signatures/*.toml: one file per provider, data only. Every field is checked here, so that the matcher
// can trust what it gets; a signature that is wrong becomes a problem with file, id and reason, and the rest stands.
// Parsing TOML takes most of the time, so the build keeps what it gives as JSON, good for exactly the same files.
// That the examples hold is proven by the test that runs them all, not at every start.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'

import { AuditError, reasonOf } from '../errors.ts'
import { nearest } from '../names/nearest.ts'
import { confidences, type Rule, type Signature, severities } from '../types.ts'
import { checks } from './checksum.ts'
import { genericSignatures } from './generic.ts'
import { requiredLiterals } from './literals.ts'

const ownFolder = fileURLToPath(new URL('../../signatures', import.meta.url))
/** Made by the build; sources that run without one parse TOML. */
const ownParsed = fileURLToPath(new URL('../signatures.json', import.meta.url))

export interface Loaded {
  readonly signatures: readonly Signature[]
  /** What could not be used, and why: SIGNATURE_INVALID, one per signature or file. */
  readonly problems: readonly AuditError[]
}

/**
 * All signatures of a folder, files in the order of their names. Never throws: what is wrong stands in `problems`.
 * @param parsed what `keepParsed` wrote; used if it was made of the very same files
 */
export function loadSignatures(
  folder: string = ownFolder,
  parsed: string | undefined = folder === ownFolder ? ownParsed : undefined,
): Loaded {
  const problems: AuditError[] = []
  const sources = sourcesOf(folder, problems)
  const kept = parsed === undefined ? undefined : keptTables(parsed, sources)
  return checked(kept ?? tablesOf(sources, problems), problems)
}

function checked(files: Tables, problems: AuditError[]): Loaded {
  const signatures = new Map<string, Signature>()
  for (const [file, tables] of files)
    for (const [index, table] of tables.entries()) {
      try {
        const signature = checkSignature(table)
        if (signatures.has(signature.id)) throw new Error('its id is taken by an earlier signature')
        signatures.set(signature.id, signature)
      } catch (error) {
        const id = typeof table.id === 'string' ? `"${table.id}"` : `number ${index + 1}`
        problems.push(invalid(`${file}: signature ${id}: ${reasonOf(error)}`, error))
      }
    }
  return { signatures: [...signatures.values()], problems }
}

/** The shipped signatures and the generic ones that stand in code: everything a finding can be called by. */
export function allSignatures(folder?: string): Loaded {
  const { signatures, problems } = loadSignatures(folder)
  return { signatures: [...signatures, ...genericSignatures], problems }
}

/** What the report and `explain` say of a finding of this signature. */
export const ruleOfSignature = (signature: Signature): Rule => ({
  title: signature.title,
  family: 'exposure',
  why: signature.why,
  fix: signature.fix,
  ...(signature.url === undefined ? {} : { url: signature.url }),
})

const invalid = (message: string, cause: unknown): AuditError =>
  new AuditError('SIGNATURE_INVALID', message, { hint: 'see "Add a signature" in the README', cause })

/**
 * Writes down what parsing gives, for `loadSignatures` to take instead.
 * @throws AuditError SIGNATURE_INVALID if one of them cannot be used
 */
export function keepParsed(folder: string = ownFolder, target: string = ownParsed): void {
  const problems: AuditError[] = []
  const sources = sourcesOf(folder, problems)
  const tables = [...tablesOf(sources, problems)]
  checked(tables, problems)
  if (problems[0]) throw problems[0]
  writeFileSync(target, JSON.stringify({ digest: digestOf(sources), tables }))
}

type Table = Readonly<Record<string, unknown>>
/** By file name. */
type Sources = ReadonlyMap<string, string>
type Tables = Iterable<readonly [file: string, tables: readonly Table[]]>

/** Data about package names: the other scanners'. */
const notOurs: ReadonlySet<string> = new Set(['phantoms.toml', 'lookalikes.toml'])

function sourcesOf(folder: string, problems: AuditError[]): Sources {
  const sources = new Map<string, string>()
  const attempt = <T>(what: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      problems.push(invalid(`${what}: ${reasonOf(error)}`, error))
      return undefined
    }
  }
  const names = attempt(`cannot read the signatures in ${folder}`, () => readdirSync(folder)) ?? []
  for (const name of names.filter((name) => name.endsWith('.toml') && !notOurs.has(name)).sort()) {
    const source = attempt(name, () => readFileSync(join(folder, name), 'utf8'))
    if (source !== undefined) sources.set(name, source)
  }
  return sources
}

function digestOf(sources: Sources): string {
  const hash = createHash('sha256')
  for (const [name, source] of sources) hash.update(`${name}\0${source.length}\0${source}`)
  return hash.digest('hex')
}

/** What the build kept, unless it is missing, broken or of other files: then TOML says it all again. */
function keptTables(file: string, sources: Sources): Tables | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { digest: string; tables: Tables }
    return kept.digest === digestOf(sources) ? kept.tables : undefined
  } catch {
    return undefined
  }
}

function* tablesOf(sources: Sources, problems: AuditError[]): Generator<readonly [string, readonly Table[]]> {
  for (const [file, source] of sources) {
    try {
      const document = parse(source)
      for (const key of Object.keys(document))
        if (key !== 'signature') throw new Error(`unknown field "${key}": a file holds [[signature]] tables only`)
      const tables = document.signature
      if (!Array.isArray(tables) || tables.some((table) => typeof table !== 'object' || Array.isArray(table)))
        throw new Error('it holds no [[signature]] table')
      yield [file, tables as Table[]]
    } catch (error) {
      problems.push(invalid(`${file}: ${reasonOf(error)}`, error))
    }
  }
}

const largestWindow = 65_536

/** Field by field: is it what it should be? Answers undefined where it is not. */
const fields = {
  id: (value) => text(value, /^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  title: (value) => text(value),
  severity: (value) => severities.find((known) => known === value),
  confidence: (value) => confidences.find((known) => known === value),
  tier: (value) => (['secret', 'indicator', 'example'] as const).find((known) => known === value),
  strength: (value) => (['random', 'guessable'] as const).find((known) => known === value),
  anchors: (value) => list(value, (item) => text(item, /^[\x20-\x7e]{3,64}$/)),
  name: (value) => text(value),
  before: (value) => count(value),
  after: (value) => count(value),
  pattern: (value) => text(value),
  check: (value) => (typeof value === 'string' && Object.hasOwn(checks, value) ? value : undefined),
  why: (value) => text(value),
  fix: (value) => text(value),
  url: (value) => text(value, /^https:\/\/\S+$/),
  matches: (value) => list(value, example),
  ignores: (value) => list(value, example),
} as const satisfies Record<keyof Signature, (value: unknown) => unknown>

const expected: Record<keyof typeof fields, string> = {
  id: 'a kebab-case name',
  title: 'a text',
  severity: `one of ${severities.join(', ')}`,
  confidence: `one of ${confidences.join(', ')}`,
  tier: 'secret, indicator or example',
  strength: 'random or guessable',
  anchors: 'a list of printable literals, three bytes or longer',
  name: 'a pattern',
  before: `a whole number up to ${largestWindow}`,
  after: `a whole number up to ${largestWindow}`,
  pattern: 'a pattern',
  check: `one of ${Object.keys(checks).join(', ')}`,
  why: 'a text',
  fix: 'a text',
  url: 'an https address',
  matches: 'a list of examples, each a list of parts',
  ignores: 'a list of examples, each a list of parts',
}

const optional: ReadonlySet<string> = new Set(['tier', 'anchors', 'name', 'before', 'after', 'check', 'url'])

type Fields = { readonly [K in keyof typeof fields]?: NonNullable<ReturnType<(typeof fields)[K]>> }

function checkSignature(table: Table): Signature {
  const { name, pattern, ...rest } = checkFields(table)
  if ((rest.anchors === undefined) === (name === undefined))
    throw new Error('it needs either "anchors" (a literal in the secret) or "name" (of the assignment)')
  const compiled = compile('pattern', pattern!, '')
  const groups = [...pattern!.replaceAll(/\\./g, '').matchAll(/\(\?<([^=!>][^>]*)>/g)].map((group) => group[1])
  if (groups.length !== 1 || groups[0] !== 'secret')
    throw new Error(`"pattern" needs exactly one named group, (?<secret>…); it has ${groups.join(', ') || 'none'}`)
  const signature = { ...rest, pattern: compiled } as Signature
  return name === undefined ? signature : { ...signature, name: compileName(name) }
}

function checkFields(table: Table): Fields {
  const checked: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(table)) {
    if (!isField(field)) {
      const meant = nearest(field, Object.keys(fields))
      throw new Error(`unknown field "${field}"${meant ? `, did you mean "${meant}"?` : ''}`)
    }
    checked[field] = fields[field](value)
    if (checked[field] === undefined) throw new Error(`"${field}" must be ${expected[field]}`)
  }
  const missing = Object.keys(fields).find((field) => !optional.has(field) && !Object.hasOwn(checked, field))
  if (missing) throw new Error(`"${missing}" is missing`)
  return checked as Fields
}

const isField = (field: string): field is keyof typeof fields => Object.hasOwn(fields, field)

function compile(field: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw new Error(`"${field}" is no regular expression: ${reasonOf(error)}`, { cause: error })
  }
}

function compileName(source: string): RegExp {
  const compiled = compile('name', source, 'i')
  const words = requiredLiterals(source)
  if (words.length === 0 || words.some((word) => word.length < 2))
    throw new Error('"name" must force a literal of two letters or more, by which assignments are found')
  return compiled
}

const text = (value: unknown, shape?: RegExp): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && (shape?.test(value) ?? true) ? value : undefined

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= largestWindow ? value : undefined

function list<T>(value: unknown, item: (value: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const items = value.map(item)
  return items.every((entry) => entry !== undefined) ? (items as T[]) : undefined
}

/** Parts are joined here, so that no file of ours holds a whole token. */
const example = (value: unknown): string | undefined =>
  list(value, (part) => (typeof part === 'string' ? part : undefined))?.join('')
