// What stands beside manifests and changes what they ask for: pnpm-workspace.yaml (workspaces, overrides, catalogs) and
// Yarn's .yarnrc.yml (catalogs). Where such a file is broken its manager reads none either.

import { basename, posix } from 'node:path'
import { AuditError } from '../errors.ts'
import type { OverrideRule, Unread } from '../types.ts'
import { type Catalogs, catalogsIn } from './catalogs.ts'
import { type ReadText, tryRead } from './files.ts'
import { isObject, own } from './json.ts'
import type { Block } from './lockfiles/yaml.ts'
import type { ParsedManifest } from './manifest.ts'
import { withMeanings } from './meanings.ts'

export const pnpmWorkspace = 'pnpm-workspace.yaml'
export const yarnSettings = '.yarnrc.yml'

interface PnpmWorkspace {
  readonly packages: readonly string[]
  readonly overrides: readonly OverrideRule[]
  readonly catalogs: Catalogs
}

/** By folder. */
export type PnpmSettings = ReadonlyMap<string, PnpmWorkspace>

/** With the rules and ranges that stand in other files. */
export async function resolved(
  given: readonly ParsedManifest[],
  settings: PnpmSettings,
  read: ReadText,
  files: readonly string[],
): Promise<{ readonly parsed: readonly ParsedManifest[]; readonly unread: readonly Unread[] }> {
  const catalogs = await catalogsBy(given, settings, read, files)
  const unread: Unread[] = []
  const parsed = given.map((one) => {
    const meant = withMeanings(one.manifest, catalogs)
    unread.push(...meant.unread)
    return withRules({ ...one, manifest: meant.manifest }, settings)
  })
  return { parsed, unread }
}

/** pnpm 10 takes overrides from pnpm-workspace.yaml: they are the root's. */
export function withRules(parsed: ParsedManifest, settings: PnpmSettings): ParsedManifest {
  const { manifest } = parsed
  const rules = settings.get(posix.dirname(manifest.path))?.overrides ?? []
  if (rules.length === 0) return parsed
  return { ...parsed, manifest: { ...manifest, overrides: [...(manifest.overrides ?? []), ...rules] } }
}

/** By folder. Yarn's settings are opened only where a manifest asks for a catalog. */
async function catalogsBy(
  given: readonly ParsedManifest[],
  settings: PnpmSettings,
  read: ReadText,
  files: readonly string[],
): Promise<ReadonlyMap<string, Catalogs>> {
  const found = new Map<string, Catalogs>()
  const keep = (folder: string, catalogs: Catalogs): void => {
    if (catalogs.size > 0) found.set(folder, new Map([...(found.get(folder) ?? []), ...catalogs]))
  }
  const isAsked = given.some(({ manifest }) => manifest.dependencies.some(({ range }) => range.startsWith('catalog:')))
  if (!isAsked) return found
  for (const { manifest, catalogs } of given) keep(posix.dirname(manifest.path), catalogs)
  for (const path of files) {
    if (basename(path) !== yarnSettings) continue
    const text = await tryRead(read, path)
    if (typeof text === 'string') keep(posix.dirname(path), catalogsIn(await yamlIn(text, path), path, text))
  }
  for (const [folder, { catalogs }] of settings) keep(folder, catalogs)
  return found
}

/** Those of all `files` that are one. One that is there and cannot be read is `unread`: nobody knows whom it takes in. */
export async function readPnpmWorkspaces(
  read: ReadText,
  files: readonly string[],
): Promise<{ readonly settings: PnpmSettings; readonly unread: readonly Unread[] }> {
  const settings = new Map<string, PnpmWorkspace>()
  const unread: Unread[] = []
  for (const path of files) {
    if (basename(path) !== pnpmWorkspace) continue
    const text = await tryRead(read, path)
    if (typeof text !== 'string') {
      unread.push(text)
      continue
    }
    const block = /^(?:overrides|catalogs?):/m.test(text) ? await yamlIn(text, path) : undefined
    settings.set(posix.dirname(path), {
      packages: packagesIn(text),
      overrides: overridesIn(block),
      catalogs: catalogsIn(block, path, text),
    })
  }
  return { settings, unread }
}

/** A flat list of texts, so no YAML parser is loaded for it. */
function packagesIn(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => /^packages:\s*(?:#.*)?$/.test(line))
  const rest = start === -1 ? [] : lines.slice(start + 1)
  const end = rest.findIndex((line) => /^[^\s#-]/.test(line))
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .map((line) => /^\s*-\s+(['"]?)([^'"#]+)\1/.exec(line)?.[2])
    .filter((item) => item !== undefined)
    .map((item) => item.trim())
}

/** Where the file is no YAML its manager reads none either, and the lockfile's own claim is what is left. */
async function yamlIn(text: string, path: string): Promise<Block | undefined> {
  const { parseYaml } = await import('./lockfiles/yaml.ts')
  try {
    const [document] = await parseYaml(text, path)
    return document?.block
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return undefined
  }
}

function overridesIn(block: Block | undefined): readonly OverrideRule[] {
  const rules = block && own(block, 'overrides')
  return Object.entries(isObject(rules) ? rules : {}).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ field: pnpmWorkspace, key, value }] : [],
  )
}
