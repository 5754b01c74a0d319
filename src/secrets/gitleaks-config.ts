// Reads a gitleaks configuration: TOML in, rules and allowlists out, every field checked. What is wrong or not
// supported becomes a problem that names file, rule and reason; everything else stands. Patterns stay text here.
// Format: gitleaks' README, sections "Configuration" and "Composite Rules"; keys count in any case, as gitleaks reads them.

import { parse } from 'smol-toml'
import { AuditError, reasonOf } from '../errors.ts'

export interface GitleaksRule {
  readonly id: string
  /** Where it stands. */
  readonly file: string
  readonly description: string
  readonly regex: string
  /** 0: the first group that took part, or the whole match. */
  readonly secretGroup: number
  readonly entropy: number
  /** Lower case. */
  readonly keywords: readonly string[]
  readonly path: string | undefined
  readonly allowlists: readonly GitleaksAllowlist[]
}

export interface GitleaksAllowlist {
  readonly all: boolean
  readonly commits: readonly string[]
  readonly paths: readonly string[]
  readonly regexes: readonly string[]
  readonly regexTarget: 'secret' | 'match' | 'line'
  readonly stopwords: readonly string[]
}

export interface GitleaksConfig {
  readonly rules: readonly GitleaksRule[]
  readonly problems: readonly AuditError[]
  /** What was left out because the format says so or because this is not gitleaks: to be said, not to be mended. */
  readonly notes: readonly string[]
}

/** As the file on disk is read, so that this module needs none. */
export type ReadText = (file: string) => Promise<string>

/** Never throws: a file that cannot be read is a problem. */
export async function readGitleaksConfig(file: string, read: ReadText): Promise<GitleaksConfig> {
  const problems: AuditError[] = []
  const notes: string[] = []
  const drafts = await draftsOf(file, read, new Reporter(file, problems, notes), 0)
  const rules = [...drafts.values()].flatMap((draft) => {
    const rule = completed(draft)
    return rule === undefined ? [] : [rule]
  })
  return { rules, problems, notes }
}

/** A rule as far as it is known: an extending file may complete one of the file that it extends. */
interface Draft extends Partial<Omit<GitleaksRule, 'id' | 'file' | 'allowlists'>> {
  readonly id: string
  readonly allowlists: readonly GitleaksAllowlist[]
  readonly report: Reporter
  /** Whether it could refine a rule of gitleaks' own. */
  readonly refines: boolean
}

class Reporter {
  readonly file: string
  readonly #problems: AuditError[]
  readonly #notes: string[]

  constructor(file: string, problems: AuditError[], notes: string[]) {
    this.file = file
    this.#problems = problems
    this.#notes = notes
  }

  for(file: string): Reporter {
    return new Reporter(file, this.#problems, this.#notes)
  }

  problem(reason: string, cause?: unknown): void {
    this.#problems.push(invalidGitleaks(this.file, reason, cause))
  }

  note(sentence: string): void {
    this.#notes.push(`${this.file}: ${sentence}`)
  }
}

export const invalidGitleaks = (file: string, reason: string, cause?: unknown): AuditError =>
  new AuditError('SIGNATURE_INVALID', `${file}: ${reason}`, {
    hint: 'mend it there, or leave --gitleaks-config out',
    ...(cause !== undefined && { cause }),
  })

/** gitleaks follows [extend] this often. */
const deepest = 2

async function draftsOf(file: string, read: ReadText, report: Reporter, depth: number): Promise<Map<string, Draft>> {
  const document = await documentOf(file, read, report)
  if (document === undefined) return new Map()
  for (const key of document.keys()) if (!documentKeys.has(key)) report.problem(`unknown field "${key}" is ignored`)
  const extend = tables(document.get('extend'))[0] ?? new Map<string, unknown>()
  const useDefault = extend.get('usedefault') === true
  if (useDefault)
    report.note("[extend] useDefault: gitleaks' own rules are not applied; audit-deps' signatures stand in their place")
  const drafts = await extended(extend, read, report, depth)
  for (const disabled of strings(extend.get('disabledrules')) ?? []) drafts.delete(disabled)
  const known = new Set<string>()
  for (const [index, table] of tables(document.get('rules')).entries()) {
    const draft = draftOf(table, index, useDefault, report)
    if (draft === undefined) continue
    if (known.has(draft.id)) report.problem(`rule "${draft.id}": its id is taken by an earlier rule`)
    else drafts.set(draft.id, merged(drafts.get(draft.id), draft))
    known.add(draft.id)
  }
  for (const [allowlist, targets] of globalAllowlists(document, report)) {
    for (const id of targets ?? [])
      if (!drafts.has(id)) report.note(`[[allowlists]] targetRules: there is no rule "${id}" here to apply it to`)
    for (const draft of drafts.values())
      if (targets === undefined || targets.includes(draft.id))
        drafts.set(draft.id, { ...draft, allowlists: [...draft.allowlists, allowlist] })
  }
  return drafts
}

const documentKeys = new Set(['title', 'description', 'minversion', 'extend', 'rules', 'allowlist', 'allowlists'])

async function documentOf(file: string, read: ReadText, report: Reporter): Promise<Table | undefined> {
  try {
    return lowered(parse((await read(file)).replace(/^\ufeff/, '')))
  } catch (error) {
    // A parser shows the lines around its complaint, and those may be anybody's: the first line says enough.
    report.problem(`it cannot be read: ${reasonOf(error).split('\n', 1)[0]}`, error)
    return undefined
  }
}

async function extended(extend: Table, read: ReadText, report: Reporter, depth: number): Promise<Map<string, Draft>> {
  const path = extend.get('path')
  if (path === undefined) return new Map()
  if (typeof path !== 'string' || path === '') report.problem('[extend] path must be a file name')
  else if (extend.get('usedefault') === true) report.problem('[extend] takes either useDefault or path, not both')
  else if (depth >= deepest)
    report.problem(`[extend] path: "${path}" is not read, for gitleaks follows ${deepest} files`)
  // Relative to the current folder, not to this file: so gitleaks reads it.
  else return draftsOf(path, read, report.for(path), depth + 1)
  return new Map()
}

const ruleKeys = new Set([
  ...['id', 'description', 'regex', 'secretgroup', 'entropy', 'keywords', 'path', 'tags', 'allowlist', 'allowlists'],
  ...['required', 'skipreport'],
])

function draftOf(table: Table, index: number, refines: boolean, report: Reporter): Draft | undefined {
  const id = table.get('id')
  const name = `rule ${typeof id === 'string' ? `"${id}"` : `number ${index + 1}`}`
  const fail = (reason: string): undefined => report.problem(`${name}: ${reason}`) as undefined
  if (typeof id !== 'string' || !/^[\w.-]{1,100}$/.test(id))
    return fail('"id" must be letters, digits, ".", "_" and "-"')
  for (const key of table.keys()) if (!ruleKeys.has(key)) fail(`unknown field "${key}" is ignored`)
  if (table.get('skipreport') === true) return fail('"skipReport" serves composite rules only, which are not supported')
  if (table.has('required')) fail('"required" is not supported: the rule reports without its condition')
  const draft: Record<string, unknown> = {}
  for (const [field, { key, check, expected }] of Object.entries(ruleFields)) {
    if (!table.has(key)) continue
    draft[field] = check(table.get(key))
    if (draft[field] === undefined) return fail(`"${key}" must be ${expected}`)
  }
  const allowlists = allowlistsOf(table, name, report).map(([allowlist]) => allowlist)
  return { ...draft, id, allowlists, report, refines }
}

const ruleFields = {
  description: { key: 'description', check: string, expected: 'a text' },
  regex: { key: 'regex', check: string, expected: 'a pattern' },
  path: { key: 'path', check: string, expected: 'a pattern' },
  secretGroup: { key: 'secretgroup', check: count, expected: 'the number of a group' },
  entropy: { key: 'entropy', check: amount, expected: 'a number of bits' },
  keywords: { key: 'keywords', check: (value: unknown) => strings(value)?.map(lower), expected: 'a list of texts' },
} as const

/** Attributes override those of the extended rule; keywords and allowlists are added to its own. */
const merged = (base: Draft | undefined, own: Draft): Draft =>
  base === undefined
    ? own
    : {
        ...base,
        ...own,
        keywords: [...(base.keywords ?? []), ...(own.keywords ?? [])],
        allowlists: [...base.allowlists, ...own.allowlists],
      }

function completed({ report, refines, ...draft }: Draft): GitleaksRule | undefined {
  const { id, regex, path } = draft
  if (regex === undefined) {
    if (path !== undefined) report.problem(`rule "${id}": a rule with "path" alone, without "regex", is not supported`)
    else if (refines) report.note(`rule "${id}" refines one of gitleaks' own rules, which are not applied`)
    else report.problem(`rule "${id}": "regex" is missing`)
    return undefined
  }
  return {
    description: id,
    secretGroup: 0,
    entropy: 0,
    keywords: [],
    path: undefined,
    ...draft,
    regex,
    file: report.file,
  }
}

/** With the rules that each is for; undefined: for all. */
const globalAllowlists = (document: Table, report: Reporter): readonly Scoped[] => {
  const found = allowlistsOf(document, 'global allowlist', report)
  if (found.length > 0) report.note("its allowlists hold for its own rules, not for audit-deps' signatures")
  return found
}

type Scoped = readonly [GitleaksAllowlist, readonly string[] | undefined]

const allowlistKeys = new Set([
  ...['description', 'condition', 'commits', 'paths', 'regexes', 'regextarget', 'stopwords', 'targetrules'],
])

function allowlistsOf(table: Table, name: string, report: Reporter): Scoped[] {
  const [old, own] = [tables(table.get('allowlist')), tables(table.get('allowlists'))]
  if (old.length > 0 && own.length > 0)
    report.problem(`${name}: [allowlist] and [[allowlists]] exclude each other; both are applied`)
  return [...old, ...own].flatMap((allowlist) => {
    const fail = (reason: string): [] => {
      report.problem(`${name}: allowlist: ${reason}`)
      return []
    }
    for (const key of allowlist.keys()) if (!allowlistKeys.has(key)) fail(`unknown field "${key}" is ignored`)
    const condition = conditions.get(String(allowlist.get('condition') ?? '').toUpperCase())
    if (condition === undefined) return fail('"condition" must be AND or OR')
    const target = String(allowlist.get('regextarget') || 'secret')
    const regexTarget = (['secret', 'match', 'line'] as const).find((known) => known === target)
    if (regexTarget === undefined) return fail('"regexTarget" must be secret, match or line')
    const [commits, paths, regexes, stopwords, targets] = listKeys.map((key) => strings(allowlist.get(key) ?? []))
    if (!commits || !paths || !regexes || !stopwords || !targets)
      return fail(`${listKeys.join(', ')} are lists of texts`)
    if (commits.length + paths.length + regexes.length + stopwords.length === 0) return fail('it allows nothing')
    const checked = { all: condition === 'AND', commits: commits.map(lower), paths, regexes, regexTarget }
    return [[{ ...checked, stopwords: stopwords.map(lower) }, allowlist.has('targetrules') ? targets : undefined]]
  })
}

const listKeys = ['commits', 'paths', 'regexes', 'stopwords', 'targetrules'] as const
const conditions = new Map<string, 'AND' | 'OR'>([
  ['', 'OR'],
  ['OR', 'OR'],
  ['||', 'OR'],
  ['AND', 'AND'],
  ['&&', 'AND'],
])

type Table = ReadonlyMap<string, unknown>

const lowered = (table: object): Table =>
  new Map(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value] as const))

/** One table, or a list of them. */
const tables = (value: unknown): readonly Table[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'object' && item !== null).map(lowered)

const lower = (text: string): string => text.toLowerCase()

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}
