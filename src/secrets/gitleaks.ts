// A gitleaks configuration as extra rules. Its patterns are RE2's and somebody else's, so they run under a linear-time
// engine, over the bytes as UTF-8, behind a keyword prefilter like ours. A rule that cannot be used is a problem with
// file, rule and reason; the others still run.

import type { RE2JS } from 're2js'
import { type AuditError, reasonOf } from '../errors.ts'
import type { Signature } from '../types.ts'
import { buildAutomaton } from './automaton.ts'
import { type GitleaksAllowlist, type GitleaksRule, invalidGitleaks, readGitleaksConfig } from './gitleaks-config.ts'
import { latin1 } from './latin1.ts'
import type { Candidate, Matcher } from './match.ts'
import { entropy } from './randomness.ts'

export interface ExtraRules {
  /** By id, so that a finding's code is `secret/<id>` and `settle` knows the rule. */
  readonly signatures: ReadonlyMap<string, Signature>
  /** What could not be used, and why: SIGNATURE_INVALID, naming file, rule and reason. */
  readonly problems: readonly AuditError[]
  /** What is left out on purpose and should be said, such as gitleaks' own rules. */
  readonly notes: readonly string[]
  /**
   * Candidates in the whole text. Without a path or a commit, rules for certain paths run too and allowlists by path
   * or commit allow nothing: what is found then holds what is found with them.
   */
  match(bytes: Buffer, place?: TextPlace): Candidate[]
  /** Does the text hold a keyword of a rule, or is there a rule without keywords? */
  mayMatch(bytes: Buffer): boolean
}

export interface TextPlace {
  /** With forward slashes. */
  readonly path?: string
  readonly commit?: string
}

/**
 * Reads and compiles a gitleaks configuration. Never throws for what stands in it: see `problems`.
 * @param read gives a file's text: also asked for the file that `[extend] path` names
 */
export async function loadGitleaksConfig(file: string, read: (file: string) => Promise<string>): Promise<ExtraRules> {
  const [config, { RE2JS: engine }] = await Promise.all([readGitleaksConfig(file, read), import('re2js')])
  const problems = [...config.problems]
  const rules = config.rules.flatMap((rule) => {
    try {
      return [compiled(rule, engine)]
    } catch (error) {
      problems.push(invalidGitleaks(rule.file, `rule "${rule.id}": ${reasonOf(error)}`, error))
      return []
    }
  })
  const byKeyword = prefilter(rules)
  return {
    signatures: new Map(rules.map((rule) => [rule.id, signatureOf(rule)])),
    problems,
    notes: config.notes,
    mayMatch: (bytes) => byKeyword(bytes).length > 0,
    match: (bytes, place = {}) => byKeyword(bytes).flatMap((rule) => [...candidatesOf(rule, bytes, place)]),
  }
}

/** A matcher that gives the extra rules' candidates too. An id that both have keeps our signature's words and weight. */
export function withExtraRules(matcher: Matcher, extra: ExtraRules, place?: TextPlace): Matcher {
  return {
    signatures: new Map([...extra.signatures, ...matcher.signatures]),
    match: (bytes, from = 0, to = bytes.length) => [
      ...matcher.match(bytes, from, to),
      ...extra.match(bytes, place).filter(({ start }) => start >= from && start < to),
    ],
  }
}

interface Rule extends Omit<GitleaksRule, 'regex' | 'path' | 'allowlists'> {
  readonly pattern: RE2JS
  readonly path: RE2JS | undefined
  readonly allowlists: readonly Allowlist[]
}

interface Allowlist extends Omit<GitleaksAllowlist, 'paths' | 'regexes'> {
  readonly paths: readonly RE2JS[]
  readonly regexes: readonly RE2JS[]
}

function compiled({ regex, path, allowlists, ...rule }: GitleaksRule, engine: typeof RE2JS): Rule {
  const compile = (field: string, source: string): RE2JS => {
    try {
      return engine.compile(source)
    } catch (error) {
      throw new Error(`${field} is no RE2 pattern: ${reasonOf(error)}`, { cause: error })
    }
  }
  const pattern = compile('"regex"', regex)
  if (rule.secretGroup > pattern.groupCount())
    throw new Error(`"secretGroup" is ${rule.secretGroup}, and its pattern has ${pattern.groupCount()} groups`)
  // The automaton folds the case of ASCII only: a rule with other keywords looks at every text.
  const keywords = rule.keywords.every((word) => /^[\x01-\x7f]+$/.test(word)) ? rule.keywords : []
  return {
    ...rule,
    keywords,
    pattern,
    path: path === undefined ? undefined : compile('"path"', path),
    allowlists: allowlists.map((allowlist) => ({
      ...allowlist,
      paths: allowlist.paths.map((source) => compile('a path of an allowlist', source)),
      regexes: allowlist.regexes.map((source) => compile('a regex of an allowlist', source)),
    })),
  }
}

/** The rules of whose keywords a text holds one, in any case, and those without keywords. */
function prefilter(rules: readonly Rule[]): (bytes: Buffer) => readonly Rule[] {
  const words = [...new Set(rules.flatMap(({ keywords }) => keywords))]
  const automaton = buildAutomaton(words)
  return (bytes) => {
    const held = new Set<string>()
    if (words.length > 0) automaton.find(bytes, 0, bytes.length, (word) => held.add(words[word]!))
    return rules.filter(({ keywords }) => keywords.length === 0 || keywords.some((word) => held.has(word)))
  }
}

function* candidatesOf(rule: Rule, bytes: Buffer, place: TextPlace): Generator<Candidate> {
  const { path } = place
  if (path !== undefined && rule.path !== undefined && !rule.path.test(path)) return
  // Whether there is a match at all costs a fraction of finding where.
  if (!rule.pattern.test(bytes)) return
  const match = rule.pattern.matcher(bytes)
  while (match.find()) {
    const group = secretGroup(rule, (number) => match.end(number) > match.start(number))
    if (group === undefined) continue
    const [start, end] = [match.start(group), match.end(group)]
    const secret = bytes.toString('utf8', start, end)
    if (rule.entropy > 0 && entropy(secret) <= rule.entropy) continue
    const seen = { secret, match: bytes.toString('utf8', match.start(), match.end()), ...place }
    const line = (): string => lineOf(bytes, match.start(), match.end())
    if (rule.allowlists.some((allowlist) => allows(allowlist, seen, line))) continue
    yield { rule: rule.id, start, end, from: 0, to: bytes.length, value: latin1(bytes, start, end) }
  }
}

/** The group that holds the secret: the one named, else the first that took part, else the whole match. */
function secretGroup({ secretGroup, pattern }: Rule, holds: (group: number) => boolean): number | undefined {
  if (secretGroup > 0) return holds(secretGroup) ? secretGroup : undefined
  for (let group = 1; group <= pattern.groupCount(); group++) if (holds(group)) return group
  return holds(0) ? 0 : undefined
}

interface Seen extends TextPlace {
  readonly secret: string
  readonly match: string
}

function allows(allowlist: Allowlist, seen: Seen, line: () => string): boolean {
  const { all, commits, paths, regexes, stopwords, regexTarget } = allowlist
  const { path, commit, secret } = seen
  const target = regexes.length === 0 ? '' : regexTarget === 'line' ? line() : seen[regexTarget]
  const criteria = [
    commits.length > 0 && commit !== undefined && commits.includes(commit.toLowerCase()),
    paths.length > 0 && path !== undefined && paths.some((pattern) => pattern.test(path)),
    regexes.some((pattern) => pattern.test(target)),
    stopwords.some((word) => secret.toLowerCase().includes(word)),
  ]
  const asked = [commits, paths, regexes, stopwords].map((list) => list.length > 0)
  return all ? criteria.every((met, index) => met || !asked[index]) : criteria.some((met) => met)
}

/** From the beginning of the match's first line to the end of its last. */
function lineOf(bytes: Buffer, start: number, end: number): string {
  const from = start === 0 ? 0 : bytes.lastIndexOf(10, start - 1) + 1
  const newline = bytes.indexOf(10, end)
  return bytes.toString('utf8', from, newline === -1 ? bytes.length : newline)
}

const noMatch = /(?!)(?<secret>)/

/** gitleaks' format knows no severity and says nothing of randomness: so a finding weighs, and shows nothing. */
const signatureOf = ({ id, file, description, keywords }: Rule): Signature => ({
  id,
  title: description,
  severity: 'high',
  confidence: 'medium',
  strength: 'guessable',
  pattern: noMatch,
  anchors: keywords,
  why: `The rule "${id}" of ${file} asks for it: whoever can read this file, or any clone of it, has it too.`,
  fix: 'Make a new one where it was issued, put it in your secret store and redeploy what uses it, then revoke the old one. Purge it from history last: clones and forks keep it.',
  matches: [],
  ignores: [],
})
