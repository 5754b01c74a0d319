// Which files of a project a package manager reads to resolve, and which of them it writes.

import { AuditError } from '../errors.ts'
import { findFiles } from '../project/files.ts'
import { lockfileNames } from '../project/lockfile.ts'

/** What changes when a package manager resolves. */
const resolved: ReadonlySet<string> = new Set(['package.json', 'pnpm-workspace.yaml', ...lockfileNames])
/** What a manager, or we, read of a project's settings. */
export const settings: ReadonlySet<string> = new Set([
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  'bunfig.toml',
  '.pnpmfile.cjs',
  '.pnpmfile.mjs',
  '.npm-extension.cjs',
  '.npm-extension.mjs',
  'audit-deps.json',
  '.audit-deps-baseline',
])
/** Patches, and what yarn keeps of itself in `.yarn`. */
const shaped = /\.patch$|^(?:yarn-\d[\w.-]*|plugin-[\w.-]+)\.c?js$/

const wanted = { has: (name: string) => resolved.has(name) || settings.has(name) || shaped.test(name) }

/**
 * Files that a package manager reads to resolve, relative to the project. Folders that nobody may list it does not read
 * either; but one that is too large to be walked would be vetted in part, and installed whole.
 * @throws AuditError USAGE
 */
export async function inputsOf(root: string): Promise<readonly string[]> {
  const { files, missed } = await findFiles(root, wanted)
  const cut = missed.find(({ path }) => path === '.')
  if (cut === undefined) return files
  throw new AuditError('USAGE', `the project cannot be vetted whole: ${cut.why}`, {
    hint: 'vet its parts by audit-deps deps, then run the package manager itself',
  })
}

/** Files that it writes. */
export const outputsOf = async (root: string): Promise<readonly string[]> => (await findFiles(root, resolved)).files
