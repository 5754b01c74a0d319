// `.gitleaksignore`: findings that a team has already judged, one fingerprint a line: `commit:file:rule:line`, or
// `file:rule:line` for whichever commit. The names of gitleaks' rules are not ours, so a rule that we do not know, and
// its generic one, stand for whatever is found at that place; a name that we share must be the finding's.

import { AuditError } from '../errors.ts'

/** Where a finding stands: `rule` is the signature's id, `line` counts from 1. */
export interface Sighted {
  readonly commit?: string
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string
  readonly rule: string
  readonly line: number
}

export interface Ignored {
  /** Fingerprints that were understood. */
  readonly entries: number
  /** One for each line that is none: CONFIG_INVALID, with file, line and what is expected there. */
  readonly problems: readonly AuditError[]
  isIgnored(sighted: Sighted): boolean
}

interface Entry {
  readonly commit: string | undefined
  /** Absent where any rule counts. */
  readonly rule: string | undefined
}

/**
 * Reads a `.gitleaksignore`. Format: gitleaks' README, section ".gitleaksignore"; `#` begins a comment.
 * @param knownRules the ids of our own signatures
 */
export function parseGitleaksIgnore(
  text: string,
  knownRules: { has(id: string): boolean },
  file = '.gitleaksignore',
): Ignored {
  const byPlace = new Map<string, Entry[]>()
  const problems: AuditError[] = []
  let entries = 0
  for (const [index, written] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = written.trim()
    if (line === '' || line.startsWith('#')) continue
    const parts = fingerprint.exec(line)?.groups
    if (parts === undefined) {
      problems.push(invalid(file, index + 1))
      continue
    }
    const { commit, path = '', rule = '', at = '' } = parts
    const entry = {
      commit: commit?.toLowerCase(),
      rule: rule !== genericRule && knownRules.has(rule) ? rule : undefined,
    }
    const place = placeOf(path, Number(at))
    const others = byPlace.get(place)
    if (others) others.push(entry)
    else byPlace.set(place, [entry])
    entries++
  }
  return {
    entries,
    problems,
    isIgnored: ({ commit, path, rule, line }) =>
      byPlace
        .get(placeOf(path, line))
        ?.some(
          (entry) =>
            (entry.commit === undefined || entry.commit === commit) &&
            (entry.rule === undefined || entry.rule === rule),
        ) ?? false,
  }
}

/** Read from its end, for a path may hold colons. */
const fingerprint = /^(?:(?<commit>[0-9a-f]{40}|[0-9a-f]{64}):)?(?<path>.+):(?<rule>[^:]+):(?<at>\d{1,9})$/i

/** Its rule for whatever has no rule of its own. */
const genericRule = 'generic-api-key'

const placeOf = (path: string, line: number): string => `${path.replaceAll('\\', '/').replace(/^\.\//, '')}\0${line}`

const invalid = (file: string, line: number): AuditError =>
  new AuditError('CONFIG_INVALID', `${file}: line ${line} is no fingerprint`, {
    hint: 'it takes commit:file:rule:line or file:rule:line; a comment begins with #',
  })
