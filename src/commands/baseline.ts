// `audit-deps baseline [path]`: accepts what is there now, so that later runs show only what is new; `--prune` drops
// the lines of what is gone. The one command besides `redact --map` that writes into a project, and only this file.

import { resolve } from 'node:path'
import { audit } from '../audit.ts'
import {
  baselineFile,
  createBaseline,
  defaultReason,
  linesFor,
  readBaseline,
  sameFinding,
  writeBaseline,
} from '../baseline.ts'
import { AuditError } from '../errors.ts'
import { expiredCode } from '../policy.ts'
import { clean } from '../redact.ts'
import { plural } from '../report/phrases.ts'
import {
  type BaselineLine,
  type Coverage,
  type Finding,
  type Report,
  type ScannerName,
  type Source,
  scannerNames,
} from '../types.ts'
import { auditOptionsOf, type Flags } from './options.ts'
import { progressLine } from './progress.ts'

export interface BaselineFlags extends Flags {
  readonly reason?: string
  readonly prune?: boolean
  readonly allowIncomplete?: boolean
}

/**
 * @returns 0, or 3 where something required stayed unread and so nothing was written
 * @throws AuditError USAGE, CONFIG_INVALID, PATH_MISSING, NOT_A_FOLDER, OUTPUT_UNWRITABLE
 */
export async function baselineCommand(path: string, flags: BaselineFlags): Promise<number> {
  const reason = reasonOf(flags)
  const root = resolve(path)
  // Before the scan: nobody should wait for it to learn that a line is broken.
  const old = (await readBaseline(root)) ?? []
  const { progress, done } = progressLine(process.stderr, flags.quiet)
  // Measured without the baseline; what an exception covers is left to it, for it ends on a day.
  const options = { ...auditOptionsOf(flags, scannerNames), baseline: false, path, progress }
  const report = await audit(options).finally(done)
  const unread = gapsOf(report)
  const stopped = unread.length > 0 && !flags.allowIncomplete && !flags.prune
  if (stopped) {
    tell(process.stderr, [
      'audit-deps: no baseline was written, for the audit is incomplete: what was not read would turn up later',
      ...unread.map((line) => `  ! ${line}`),
      '  → mend that and run it again, or write it all the same with --allow-incomplete',
    ])
    return 3
  }
  const findings = report.findings.filter(({ code }) => code !== expiredCode)
  const changed = flags.prune ? pruned(old, findings, report, flags) : extended(old, findings, reason)
  await writeBaseline(root, changed.lines)
  if (!flags.quiet) tell(process.stdout, changed.said)
  return 0
}

function reasonOf({ reason = defaultReason, prune, since, staged, stdin }: BaselineFlags): string {
  if (since !== undefined || staged || stdin)
    throw new AuditError('USAGE', 'a baseline accepts all that is there, not a part of it', {
      hint: 'leave --since, --staged and --stdin out',
    })
  if (prune && reason !== defaultReason)
    throw new AuditError('USAGE', '--prune accepts nothing, so it takes no --reason', { hint: 'give one of them' })
  if (reason.trim() === '') throw new AuditError('USAGE', '--reason is empty', { hint: 'say why this is acceptable' })
  return reason
}

/** Once per source: what is missing and how to mend it. */
const gapsOf = ({ coverage }: Report): string[] =>
  coverage.flatMap((entry) =>
    entry.required && entry.state === 'partial'
      ? entry.missed.map(({ what, why, next }) => `${what}: ${why}; ${next}`)
      : [],
  )

interface Changed {
  readonly lines: readonly BaselineLine[]
  readonly said: readonly string[]
}

/** Lines that stand keep their reasons, and those of what was not found are left to --prune. */
function extended(old: readonly BaselineLine[], findings: readonly Finding[], reason: string): Changed {
  const baseline = createBaseline(old)
  const fresh = findings.filter((finding) => baseline.match(finding)?.fresh.length !== 0)
  const lines = new Map(old.map((line) => [sameFinding(line), line]))
  for (const line of fresh.flatMap((finding) => linesFor(finding, reason))) {
    const known = lines.get(sameFinding(line))
    // A line of a guessable secret's other path stands; one that held only for history is replaced.
    if (known === undefined || known.history) lines.set(sameFinding(line), line)
  }
  const before = findings.length - fresh.length
  return {
    lines: [...lines.values()],
    said: [
      `${baselineFile}: ${plural(fresh.length, 'finding')} accepted${before === 0 ? '' : `, ${before} were before`}`,
      ...byCode(fresh),
      ...(fresh.length === 0 ? [] : ['  → review it, then commit it: from now on only what is new is shown']),
    ],
  }
}

function byCode(findings: readonly Finding[]): string[] {
  const counts = new Map<string, number>()
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `  ${code}: ${count}`)
}

/** What a scanner did not look at is not gone. */
function pruned(
  old: readonly BaselineLine[],
  findings: readonly Finding[],
  report: Report,
  flags: BaselineFlags,
): Changed {
  const baseline = createBaseline(old)
  const found = new Set<BaselineLine>(findings.flatMap((finding) => baseline.match(finding)?.lines ?? []))
  const gone = old.filter((line) => !found.has(line))
  const unsure = flags.allowIncomplete ? [] : gone.filter(({ code }) => !sawAll(code, report))
  const dropped = new Set(gone.filter((line) => !unsure.includes(line)))
  return {
    lines: old.filter((line) => !dropped.has(line)),
    said: [
      `${baselineFile}: ${plural(dropped.size, 'line')} dropped, ${old.length - dropped.size} kept`,
      ...(unsure.length === 0
        ? []
        : [
            `  ${unsure.length} of them though nothing was found for them: what they are about was not read in full`,
            '  → audit-deps --verbose says what; --allow-incomplete drops them all the same',
          ]),
    ],
  }
}

/** For a secret, history must have been read; for a package, only the registry knows what `--offline` skips. */
function sawAll(code: string, { coverage }: Report): boolean {
  const scanners: readonly ScannerName[] = code.startsWith('secret/') ? ['secrets'] : ['lockfile', 'phantom']
  return scanners.every((scanner) => {
    const entries = coverage.filter((entry) => entry.scanner === scanner)
    const isRead = ({ source, state }: Coverage) =>
      state === 'complete' || (state === 'skipped' && !neverGone.has(source))
    return entries.length > 0 && entries.every(isRead)
  })
}

/** Where these were skipped, what they would have shown may be there still. */
const neverGone: ReadonlySet<Source> = new Set<Source>(['git-objects', 'work-tree', 'existence-direct', 'packuments'])

function tell(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(`${lines.map(clean).join('\n')}\n`)
}
