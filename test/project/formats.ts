// Every lockfile format and version there is a fixture of: fixtures/lockfiles/<project>-<format>.lock.

import { fixture, manifestsOf } from '../lockfile/fixtures.ts'

export const fileNames = {
  npm: 'package-lock.json',
  yarn: 'yarn.lock',
  berry: 'yarn.lock',
  pnpm: 'pnpm-lock.yaml',
  bun: 'bun.lock',
} as const

type Family = keyof typeof fileNames

/** `mono`: the same project by every manager; each name is `<family>-<version of the format>`. */
export const monoFormats = [
  'npm-1',
  'npm-2',
  'npm-3',
  'npm-4',
  'yarn-1',
  'berry-4',
  'berry-5',
  'berry-6',
  'berry-7',
  'berry-8',
  'berry-9',
  'berry-10',
  'pnpm-5.0',
  'pnpm-5.1',
  'pnpm-5.2',
  'pnpm-5.3',
  'pnpm-5.4',
  'pnpm-6.0',
  'pnpm-6.1',
  'pnpm-9.0',
  'bun-0',
  'bun-1',
  'bun-2',
] as const

/** `protocols`: git, archives, folders, links, patches, catalogs and overrides, as far as each manager knows them. */
export const protocolFormats = [
  'yarn-1',
  'berry-4',
  'berry-5',
  'berry-6',
  'berry-8',
  'berry-10',
  'pnpm-5.3',
  'pnpm-5.4',
  'pnpm-6.0',
  'pnpm-9.0',
  'pnpm-9.0-config',
  'bun-1',
  'bun-2',
] as const

export const familyOf = (format: string): Family => format.split('-')[0] as Family

export const lockNameOf = (format: string): string => fileNames[familyOf(format)]

export const lockOf = (project: 'mono' | 'protocols', format: string): string => fixture(`${project}-${format}.lock`)

type Files = Record<string, Record<string, unknown>>

/** The manifests that the lockfile was made from. */
export const filesOf = (project: 'mono' | 'protocols', format: string): Files =>
  project === 'mono' ? manifestsOf('mono') : (manifestsOf('protocols')[format] as Files)
