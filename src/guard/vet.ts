// Asks the scanners and the registry about a folder that would be installed, or about names, and puts it before the
// decision. The scanners' own report is all that counts; the registry is asked again (from memory) for times only.

import { type AuditOptions, auditWithContext } from '../audit.ts'
import { loadConfig } from '../config.ts'
import type { PackageFacts, Project, Report, ScanContext, ScannerName } from '../types.ts'
import { type DecideInput, type Decision, decide, neededSources } from './decide.ts'

export interface Vetted {
  readonly report: Report
  readonly factsOf: (name: string) => PackageFacts | undefined
}

export interface VettedFolder extends Vetted {
  readonly project: Project
}

/**
 * Audits the manifests and lockfiles below a folder.
 * @throws AuditError as audit()
 */
export async function vetFolder(
  path: string,
  options: AuditOptions,
  only: readonly ScannerName[] = ['lockfile', 'phantom'],
): Promise<VettedFolder> {
  const { minimumVersionAgeDays, guard } = configOf(path, options)
  const { report, context } = await auditWithContext({
    ...options,
    path,
    only,
    required: neededSources,
    // A finding for every version that could be too young; which one is, the decision says to the hour.
    minimumVersionAgeDays: Math.max(minimumVersionAgeDays, Math.ceil(guard.minimumAgeHours / 24)),
  })
  return { report, project: await context.project(), factsOf: await factsFor(report, context) }
}

/** The decision on a vetted folder under its own policy. */
export const decideOn = (
  path: string,
  options: AuditOptions,
  vetted: Vetted,
  rest: Omit<DecideInput, 'report' | 'policy' | 'now' | 'factsOf'>,
): Decision =>
  decide({ ...vetted, ...rest, policy: configOf(path, options).guard, now: new Date(vetted.report.startedAt) })

/** The configuration that holds in a folder. @throws AuditError CONFIG_INVALID */
export function configOf(path: string, { configFile, progress: _, path: __, ...flags }: AuditOptions) {
  return loadConfig(path, flags, configFile)
}

/** Only of packages with something to say of their versions. */
export async function factsFor(report: Report, context: ScanContext): Promise<Vetted['factsOf']> {
  const codes: ReadonlySet<string> = new Set(['package/new-version', 'package/install-script'])
  const names = report.findings.flatMap(({ code, subject }) =>
    codes.has(code) && subject.kind === 'package' ? [subject.name] : [],
  )
  if (names.length === 0) return () => undefined
  const registry = await context.registry()
  const answers = await Promise.all(
    [...new Set(names)].map(async (name) => [name, await registry.package(name)] as const),
  )
  const known = new Map(answers.flatMap(([name, answer]) => (answer.state === 'exists' ? [[name, answer.facts]] : [])))
  return (name) => known.get(name)
}
