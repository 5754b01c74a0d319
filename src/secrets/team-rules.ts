// What a team brings from another scanner: rules of a gitleaks configuration, and findings it has judged already.
// A rule or a line that cannot be understood is coverage: whoever asked for it must not think that it holds.

import { join } from 'node:path'
import { coverageBy } from '../coverage.ts'
import { AuditError, reasonOf } from '../errors.ts'
import type { Coverage, ScanContext } from '../types.ts'
import { readSettings, readWorkFile } from './files.ts'
import { type ExtraRules, loadGitleaksConfig } from './gitleaks.ts'
import { type Ignored, parseGitleaksIgnore } from './gitleaks-ignore.ts'

export interface TeamRules {
  readonly extra: ExtraRules | undefined
  readonly ignored: Ignored | undefined
  readonly coverage: readonly Coverage[]
  /** What was left out on purpose, and should be said. */
  readonly notes: readonly string[]
}

export const ignoreFile = '.gitleaksignore'

/**
 * @param known the ids of our own signatures
 * @throws AuditError CONFIG_INVALID where the file of `--gitleaks-config` cannot be read.
 */
export async function teamRules(
  { root, config }: Pick<ScanContext, 'root' | 'config'>,
  known: { has(id: string): boolean },
): Promise<TeamRules> {
  const { gitleaksConfig, inlineAllow } = config
  // A file that is not there is a wrong flag; what stands in it, and what it extends, is coverage.
  if (gitleaksConfig !== undefined) await readSettings(gitleaksConfig)
  const extra = gitleaksConfig === undefined ? undefined : await loadGitleaksConfig(gitleaksConfig, readSettings)
  const problems: AuditError[] = [...(extra?.problems ?? [])]
  const text = inlineAllow ? await ignoreText(root, problems) : undefined
  const ignored = text === undefined ? undefined : parseGitleaksIgnore(text, known)
  problems.push(...(ignored?.problems ?? []))
  const missed = problems.map((problem) => ({
    what: 'a rule or an exception of yours',
    why: reasonOf(problem),
    next: problem.hint ?? 'mend it, or leave the file out',
  }))
  const coverage = coverageBy('secrets').coverageOf('rules', extra?.signatures.size ?? 0, missed)
  return { extra, ignored, coverage: missed.length > 0 ? [coverage] : [], notes: extra?.notes ?? [] }
}

async function ignoreText(root: string, problems: AuditError[]): Promise<string | undefined> {
  try {
    const file = { path: ignoreFile, absolute: Buffer.from(join(root, ignoreFile)), size: 0 }
    return (await readWorkFile(file)).toString('utf8')
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') problems.push(error)
    return undefined
  }
}
