// Which files of a project a package manager reads to resolve, and which of them it writes.

import { findFiles } from '../project/files.ts'
import { lockfileNames } from '../project/lockfile.ts'

/** What changes when a package manager resolves. */
const resolved: ReadonlySet<string> = new Set(['package.json', 'pnpm-workspace.yaml', ...lockfileNames])
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

/** Files that a package manager reads to resolve, relative to the project. */
export const inputsOf = async (root: string): Promise<readonly string[]> => (await findFiles(root, wanted)).files

/** Files that it writes. */
export const outputsOf = async (root: string): Promise<readonly string[]> => (await findFiles(root, resolved)).files
