// The conductor: settle the configuration, run the scanners side by side, judge, return a Report.
// A scanner that breaks becomes coverage: what could be audited still is, and "broken" never reads as clean.

import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { createBaseline, readBaseline } from './baseline.ts'
import { checkSecretCodes } from './codes.ts'
import { loadConfig } from './config.ts'
import { AuditError, reasonOf } from './errors.ts'
import { judge } from './risk.ts'
import type {
  Config,
  Progress,
  Project,
  Registry,
  Report,
  ScanContext,
  Scanner,
  ScannerName,
  ScanResult,
  Source,
} from './types.ts'
import { version } from './version.ts'

/** Every configuration field may be set; what is not set comes from the environment, the file, the defaults. */
export interface AuditOptions extends Partial<{ [K in keyof Config]: Config[K] | undefined }> {
  /** The folder to audit. Default: the current one. */
  readonly path?: string
  /** A configuration file instead of the folder's own. */
  readonly configFile?: string | undefined
  readonly progress?: Progress
}

// Loaded when chosen: `secrets` alone never loads the registry's modules, `deps` never the signatures.
const scanners = {
  secrets: async () => (await import('./secrets/scan.ts')).secretsScanner,
  lockfile: async () => (await import('./lockfile/scan.ts')).lockfileScanner,
  phantom: async () => (await import('./phantom/scan.ts')).phantomScanner,
} as const satisfies Record<ScannerName, () => Promise<Scanner>>

/** What a scanner that could not even start leaves unread. */
const mainSource = {
  secrets: 'git-objects',
  lockfile: 'lockfile',
  phantom: 'existence-direct',
} as const satisfies Record<ScannerName, Source>

/**
 * Audits a folder (inside a git repository: that folder's whole history) and weighs what was found.
 * @throws AuditError USAGE, CONFIG_INVALID, PATH_MISSING or NOT_A_FOLDER. Everything else becomes coverage.
 */
export async function audit(options: AuditOptions = {}): Promise<Report> {
  const { path = '.', configFile, progress = () => {}, ...flags } = options
  const root = await existingFolder(path)
  const config = loadConfig(root, flags, configFile)
  await checkSecretCodes(config)
  const lines = config.baseline ? await readBaseline(root) : undefined
  const startedAt = new Date()
  const context = contextFor(root, config, progress, startedAt)
  const results = await Promise.all(config.only.map((name) => run(name, context)))
  return judge({
    results,
    policy: config,
    baseline: lines && createBaseline(lines),
    run: {
      tool: { name: 'audit-deps', version },
      target: basename(root) || root,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
    },
  })
}

async function existingFolder(path: string): Promise<string> {
  const root = resolve(path)
  let entry: Awaited<ReturnType<typeof stat>>
  try {
    entry = await stat(root)
  } catch (cause) {
    throw new AuditError('PATH_MISSING', `there is no ${path}`, { hint: 'name an existing folder', cause })
  }
  if (!entry.isDirectory())
    throw new AuditError('NOT_A_FOLDER', `${path} is a file; audit-deps takes a folder`, {
      hint: 'for one file: audit-deps secrets --stdin < FILE',
    })
  return root
}

/** The project and the registry client are made once, on first use, for all scanners of the run. */
export function contextFor(root: string, config: Config, progress: Progress, now: Date): ScanContext {
  let project: Promise<Project> | undefined
  let registry: Promise<Registry> | undefined
  const context: ScanContext = {
    root,
    config,
    progress,
    now,
    project: () => {
      project ??= import('./project/read.ts').then(({ readProject }) => readProject(root))
      return project
    },
    registry: () => {
      registry ??= openRegistry(context)
      return registry
    },
  }
  return context
}

async function openRegistry({ root, config, project }: ScanContext): Promise<Registry> {
  const [{ createRegistry }, { workspaceNames }] = await Promise.all([import('./registry/client.ts'), project()])
  return createRegistry({ root, config, workspaceNames })
}

async function run(name: ScannerName, context: ScanContext): Promise<ScanResult> {
  try {
    const scanner = await scanners[name]()
    return await scanner.scan(context)
  } catch (error) {
    if (error instanceof AuditError && (error.code === 'USAGE' || error.code === 'CONFIG_INVALID')) throw error
    const next = error instanceof AuditError ? (error.hint ?? 'mend it and run again') : reportBug
    const missed = [{ what: `the ${name} scan`, why: reasonOf(error), next }]
    return {
      findings: [],
      coverage: [{ scanner: name, source: mainSource[name], state: 'partial', checked: 0, missed }],
    }
  }
}

export const reportBug = 'this is a bug in audit-deps: run with --verbose and report it'
