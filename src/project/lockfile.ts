// One lockfile of any format: which reader a file name has, and which are not supported. A file that is there and
// stays unread is named with its next step: silence would read as "nothing wrong with it".

import { basename } from 'node:path'
import { AuditError } from '../errors.ts'
import type { Lockfile, Manifest, Unread } from '../types.ts'

type Reader = (text: string, path: string, manifests: readonly Manifest[]) => Lockfile | Promise<Lockfile>

export interface LockfileFormat {
  readonly manager: string
  readonly read: Reader | 'unsupported'
  /** The command that writes it anew and runs nothing of a package. @param text of the present one */
  readonly rewrite: (text: string) => string
}

// Each parser is loaded by the first file that needs it: whoever only wants the names pays for none.
const npm: LockfileFormat = {
  manager: 'npm',
  read: async (text, path, manifests) => {
    // Version 1 does not say who is direct.
    const direct = new Set(manifests[0]?.dependencies.map(({ name }) => name))
    return (await import('./lockfiles/npm.ts')).parseNpmLockfile(text, path, direct, manifests)
  },
  rewrite: () => 'npm install --package-lock-only',
}

const pnpm: LockfileFormat = {
  manager: 'pnpm',
  read: async (...given) => (await import('./lockfiles/pnpm.ts')).parsePnpm(...given),
  rewrite: () => 'pnpm install --lockfile-only',
}

/** Yarn 2 and later, also in the midst of a merge. */
const isBerry = (text: string): boolean => /^__metadata:/m.test(text)

const yarn: LockfileFormat = {
  manager: 'yarn',
  read: async (text, ...given) =>
    isBerry(text)
      ? (await import('./lockfiles/yarn-berry.ts')).parseYarnBerry(text, ...given)
      : (await import('./lockfiles/yarn-classic.ts')).parseYarnClassic(text, ...given),
  rewrite: (text) => (isBerry(text) ? 'yarn install --mode=update-lockfile' : 'yarn install --ignore-scripts'),
}

const bun: LockfileFormat = {
  manager: 'bun',
  read: async (...given) => (await import('./lockfiles/bun.ts')).parseBun(...given),
  rewrite: () => 'bun install --lockfile-only',
}

const unread = (manager: string, rewrite: string): LockfileFormat => ({
  manager,
  read: 'unsupported',
  rewrite: () => rewrite,
})

/**
 * In characters. The parsers of YAML and JSONC take 100 ms and 15 MB of memory for each megabyte, so that four times
 * this would take the process down; the largest lockfiles known are a tenth of it.
 */
const longestText = 64 * 2 ** 20

/** By base name, the winner first where several stand in one folder: npm takes the shrinkwrap. */
const formats: ReadonlyMap<string, LockfileFormat> = new Map([
  ['npm-shrinkwrap.json', npm],
  ['package-lock.json', npm],
  ['pnpm-lock.yaml', pnpm],
  ['yarn.lock', yarn],
  ['bun.lock', bun],
  ['bun.lockb', unread('bun', 'bun install --save-text-lockfile --lockfile-only')],
  // pnpm 1 and 2
  ['shrinkwrap.yaml', unread('pnpm', 'pnpm install --lockfile-only')],
  ['deno.lock', unread('deno', 'deno install')],
  ['vlt-lock.json', unread('vlt', 'vlt install')],
])

export const lockfileNames: readonly string[] = [...formats.keys()]

export const formatOf = (path: string): LockfileFormat | undefined => formats.get(basename(path))

/**
 * @param path relative to the same folder as the manifests'.
 * @param manifests the one beside the lockfile first, then its workspaces'.
 * Never throws: what cannot be understood comes back as `Unread`.
 */
export async function parseLockfile(
  text: string,
  path: string,
  manifests: readonly Manifest[],
): Promise<Lockfile | Unread> {
  const format = formatOf(path)
  if (format === undefined || format.read === 'unsupported') return unsupported(path)
  const conflict = conflictLine(text)
  if (conflict !== undefined)
    return {
      path,
      what: path,
      why: `it holds the markers of an unfinished merge (line ${conflict})`,
      next: `take one side, then run ${format.rewrite(text)}`,
      problem: 'conflict-markers',
      line: conflict,
    }
  if (format !== npm && text.length > longestText)
    return {
      path,
      what: path,
      why: `it is larger than ${longestText / 2 ** 20} MB`,
      next: `write it anew: ${format.rewrite(text)}`,
    }
  try {
    return await format.read(text, path, manifests)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    const line = Number(/, line (\d+),/.exec(error.message)?.[1])
    return {
      path,
      what: path,
      why: error.message
        .slice(path.length)
        .replace(/^, line (\d+),/, ' line $1')
        .trim(),
      next: error.hint ?? 'restore it from git',
      ...(line > 0 ? { line } : {}),
    }
  }
}

export const isSupported = (path: string): boolean => typeof formatOf(path)?.read === 'function'

/** Bun's own way from its binary lockfile to the one that can be read (bun.com/docs/pm/lockfile). */
const toText = 'run bun install --save-text-lockfile --frozen-lockfile --lockfile-only, which writes bun.lock'

export const unsupported = (path: string): Unread => ({
  path,
  what: path,
  why: lockfileNames.includes(basename(path))
    ? 'this lockfile format is not supported'
    : 'audit-deps knows no lockfile of this name',
  next: `${basename(path) === 'bun.lockb' ? `${toText}; ` : ''}supported: ${lockfileNames.filter(isSupported).join(', ')}; the packages that package.json names are audited all the same`,
})

/** Before parsing, for a conflict is no mere syntax error: npm resolves it silently, to whatever it likes. */
function conflictLine(text: string): number | undefined {
  const marker = /^(?:<{7}|>{7}|\|{7})(?: |\r?$)|^={7}\r?$/m.exec(text)
  return marker ? text.slice(0, marker.index).split('\n').length : undefined
}
