// The conductor: settle the configuration, run the scanners side by side, judge, return a Report.
// A scanner that breaks becomes coverage: what could be audited still is, and "broken" never reads as clean.

import { realpathSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, relative, resolve, sep } from 'node:path'
import { createBaseline, readBaseline } from './baseline.ts'
import { checkSecretCodes } from './codes.ts'
import { loadSettings, repositoryOf } from './config.ts'
import { AuditError, isTheCallers, reasonOf, whatBroke } from './errors.ts'
import { maskResults, maskTexts } from './mask.ts'
import { judge } from './risk.ts'
import {
  type Config,
  type Files,
  type Finding,
  type Progress,
  type Project,
  type Registry,
  type Report,
  type Repository,
  type ScanContext,
  type Scanner,
  type ScannerName,
  type ScanResult,
  type Source,
  type Sources,
  scannerNames,
} from './types.ts'
import { version } from './version.ts'
import { weakened } from './weakened.ts'

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

/** Loads what these scanners are made of, for whoever will need them in a moment. */
export const loadScanners = async (names: readonly ScannerName[]): Promise<void> => {
  await Promise.all(names.map((name) => scanners[name]()))
}

/** What each scanner answers for, its main source first: what stays unread when it breaks or was not chosen. */
const sourcesOf = {
  secrets: ['git-objects', 'work-tree', 'attribution'],
  lockfile: ['lockfile', 'manifest', 'dependency-tree', 'packuments', 'downloads', 'advisories'],
  phantom: ['existence-direct', 'existence-transitive', 'existence-mentioned', 'source-files', 'documents'],
} as const satisfies Record<ScannerName, readonly Source[]>

/**
 * Audits a folder (inside a git repository: that folder's whole history) and weighs what was found.
 * @throws AuditError USAGE, CONFIG_INVALID, PATH_MISSING or NOT_A_FOLDER. Everything else becomes coverage.
 */
export const audit = async (options: AuditOptions = {}): Promise<Report> => (await auditWithContext(options)).report

/**
 * As audit(), with what the run knows: whoever goes on from its findings asks the same project and the same registry.
 * @throws AuditError as audit()
 */
export async function auditWithContext(
  options: AuditOptions = {},
): Promise<{ readonly report: Report; readonly context: ScanContext }> {
  const { path = '.', configFile, progress = () => {}, ...flags } = options
  const root = await existingFolder(path)
  const settings = loadSettings(root, flags, configFile)
  const { config } = settings
  await checkSecretCodes(config)
  const lines = config.baseline ? await readBaseline(root) : undefined
  const startedAt = new Date()
  const [target = '', prefix = ''] = await maskedNames(basename(root) || root, prefixOf(root))
  const context = contextFor(root, config, progress, startedAt)
  const scanned = await Promise.all(config.only.map((name) => run(name, context)))
  const results = await maskResults(await withManagers(scanned, context))
  const report = judge({
    results: [...results, leftOut(config.only), ...(configFile === undefined ? [weakened(settings)] : [])],
    policy: config,
    baseline: lines && createBaseline(lines),
    run: {
      tool: { name: 'audit-deps', version },
      target,
      ...(prefix !== '' && { prefix }),
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
    },
  })
  return { report, context }
}

/** The folder's own names may be secrets, too. */
async function maskedNames(...names: [string, string]): Promise<string[]> {
  const masked = await maskTexts(names)
  return names.map((name) => masked.get(name) ?? name)
}

/** Each finding on packages knows whose commands mend it: by the project as its scanner has read it. */
async function withManagers(results: readonly ScanResult[], { project }: ScanContext): Promise<readonly ScanResult[]> {
  const isOnPackages = ({ scanner }: Finding): boolean => scanner !== 'secrets'
  if (!results.some(({ findings }) => findings.some(isOnPackages))) return results
  const { managersOf, withManager } = await import('./project/managers.ts')
  const managerOf = managersOf(await project())
  return results.map((result) => ({
    ...result,
    findings: result.findings.map((one) => (isOnPackages(one) ? withManager(one, managerOf) : one)),
  }))
}

/** A scanner that was not chosen has checked nothing: whoever reads the report should not have to know that. */
const leftOut = (chosen: readonly ScannerName[]): ScanResult => ({
  findings: [],
  coverage: scannerNames
    .filter((name) => !chosen.includes(name))
    .map((scanner) => ({ scanner, source: sourcesOf[scanner][0], state: 'skipped', reason: 'this run leaves it out' })),
})

/** @throws AuditError PATH_MISSING or NOT_A_FOLDER */
export async function existingFolder(path: string): Promise<string> {
  const root = resolve(path)
  let entry: Awaited<ReturnType<typeof stat>>
  try {
    entry = await stat(root)
  } catch (cause) {
    const isGone = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')
    const what = isGone ? `there is no ${path}` : `cannot open ${path}: ${reasonOf(cause)}`
    throw new AuditError('PATH_MISSING', what, { hint: 'name an existing folder', cause })
  }
  if (!entry.isDirectory())
    throw new AuditError('NOT_A_FOLDER', `${path} is a file; audit-deps takes a folder`, {
      hint: 'for one file: audit-deps secrets --stdin < FILE',
    })
  return root
}

/** The way to the folder from its repository's root, which is where code hosts count paths from; '' at that root. */
function prefixOf(root: string): string {
  const way = relative(repositoryOf(root), realpathSync(root))
  return way === '' ? '' : `${way.split(sep).join('/')}/`
}

/** The project and the registry client are made once, on first use, for all scanners of the run. */
export function contextFor(root: string, config: Config, progress: Progress, now: Date): ScanContext {
  let project: Promise<Project> | undefined
  let repository: Promise<Repository | undefined> | undefined
  let files: Promise<Files> | undefined
  let sources: Promise<Sources> | undefined
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
    repository: () => {
      repository ??= import('./git/repository.ts').then(({ openRepository }) => openRepository(root))
      return repository
    },
    files: () => {
      files ??= import('./project/sources/list.ts').then(({ listed }) => listed(context.repository, root))
      return files
    },
    sources: () => {
      sources ??= import('./project/sources.ts').then(({ readSources }) => readSources(context))
      return sources
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
    if (isTheCallers(error)) throw error
    const missed = [{ what: `the ${name} scan`, ...whatBroke(error) }]
    const unread = sourcesOf[name].filter((source, index) => index === 0 || context.config.required.includes(source))
    return {
      findings: [],
      coverage: unread.map((source) => ({ scanner: name, source, state: 'partial', checked: 0, missed })),
    }
  }
}
