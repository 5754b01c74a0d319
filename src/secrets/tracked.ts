// Files of HEAD (or about to be) that are a finding by being there: `.env` files with values, and those, keys and
// source maps with secrets that `npm publish` would upload. Which files npm takes is judged by plain rules, and only
// where they are certain: the `files` field by exact paths and folders; without it and without an .npmignore, all.

import { finding } from '../finding.ts'
import { describe } from '../git/objects.ts'
import { readObjects } from '../git/read.ts'
import type { Repository } from '../git/repository.ts'
import { git, records } from '../git/run.ts'
import type { Finding, Missed, Redacted, Severity } from '../types.ts'
import { firstAssigned, isEnvFile, isForDevelopment } from './env-file.ts'
import { pathKind } from './paths.ts'
import { decodeText } from './text.ts'

export interface Tracked {
  readonly findings: readonly Finding[]
  readonly missed: readonly Missed[]
}

export interface TrackedOptions {
  /** What the index would add to HEAD, instead of HEAD. */
  readonly staged: boolean
  /** Paths of HEAD that hold a secret, latin1, relative to the audited folder. */
  readonly withSecrets: ReadonlySet<string>
  /** Masks what a path or name may hold. */
  readonly mask: (text: string) => Redacted
}

/** Throws AuditError('GIT_FAILED') where HEAD or the index cannot be listed. */
export async function trackedFiles(repo: Repository, options: TrackedOptions): Promise<Tracked> {
  const listed = await list(repo, options.staged)
  const paths = [...listed.keys()].filter(
    (path) => isEnvFile(path) || (!options.staged && (/(?:^|\/)package\.json$/.test(path) || isSensitive(path))),
  )
  const { texts, missed } = await read(repo, new Map(paths.map((path) => [path, listed.get(path)!])))
  const packages = new Map(
    [...texts].flatMap(([path, bytes]) => {
      const published = path.endsWith('package.json') ? publishedPaths(bytes, listed, folderOf(path)) : undefined
      return published === undefined ? [] : [[folderOf(path), published] as const]
    }),
  )
  const findings = [...texts].flatMap(([path, bytes]) => {
    const assigned = isEnvFile(path) ? firstAssigned(bytes) : undefined
    const isSecret = assigned !== undefined || (isSensitive(path) && options.withSecrets.has(path))
    if (!isSecret) return []
    const place = { path, oid: listed.get(path)!, line: assigned?.line ?? 1, name: assigned?.name ?? '' }
    const owner = nearest(path, packages)
    return [
      ...(assigned === undefined ? [] : [told(place, 'secret/tracked-env', severityOf(path, bytes), options.mask)]),
      ...(owner?.(path) ? [told(place, 'secret/published-file', 'high', options.mask)] : []),
    ]
  })
  return { findings, missed }
}

/** Kinds of files that nobody means to publish with a secret inside. */
const isSensitive = (path: string): boolean => /\.(?:js|css|ts|mjs|cjs)\.map$|\.(?:pem|key|p8)$/.test(path)

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

function severityOf(path: string, bytes: Buffer): Severity {
  return isForDevelopment(path) || pathKind(path, bytes).sample ? 'low' : 'medium'
}

const sentences = {
  'secret/tracked-env': 'is tracked by git and holds values',
  'secret/published-file': 'would be in the package that npm publish uploads',
} as const

function told(
  { path, oid, line, name }: { path: string; oid: string; line: number; name: string },
  code: keyof typeof sentences,
  severity: Severity,
  mask: TrackedOptions['mask'],
): Finding {
  const shown = mask(path)
  return finding({
    code,
    scanner: 'secrets',
    subject: { kind: 'project', path: shown },
    severity,
    confidence: code === 'secret/tracked-env' ? 'high' : 'medium',
    message: `${shown} ${sentences[code]}`,
    evidence: [{ kind: 'git', object: 'blob', oid, path: shown, line, column: 1, excerpt: mask(name) }],
  })
}

/** Path (latin1, relative to the audited folder) → blob. */
async function list(repo: Repository, staged: boolean): Promise<ReadonlyMap<string, string>> {
  const prefix = Buffer.from(repo.prefix).toString('latin1')
  const gather = async (args: readonly string[]): Promise<Map<string, string>> => {
    const found = new Map<string, string>()
    for await (const entries of records(git(repo, args), '\0'))
      for (const entry of entries) {
        const [, oid] = /\b([0-9a-f]{40,64})\b/.exec(entry) ?? []
        const path = entry.slice(entry.indexOf('\t') + 1)
        if (oid !== undefined && path.startsWith(prefix)) found.set(path.slice(prefix.length), oid)
      }
    return found
  }
  const inHead =
    repo.head === undefined
      ? new Map<string, string>()
      : await gather(['ls-tree', '-r', '-z', '--full-tree', repo.head])
  if (!staged) return inHead
  const inIndex = await gather(['ls-files', '--stage', '--full-name', '-z'])
  return new Map([...inIndex].filter(([path]) => !inHead.has(path)))
}

async function read(
  repo: Repository,
  paths: ReadonlyMap<string, string>,
): Promise<{ texts: ReadonlyMap<string, Buffer>; missed: readonly Missed[] }> {
  const { objects, missed } = await describe(repo, new Set(paths.values()))
  const byOid = new Map<string, Buffer>()
  const done = await readObjects(repo, objects, ({ oid, data }) => {
    byOid.set(oid, decodeText(Buffer.from(data)))
  })
  const texts = [...paths].flatMap(([path, oid]) => {
    const text = byOid.get(oid)
    return text === undefined ? [] : [[path, text] as const]
  })
  return { texts: new Map(texts), missed: [...missed, ...done.missed] }
}

/** Says of a path below `folder` whether its package is published with it; undefined if the package never is. */
function publishedPaths(
  manifest: Buffer,
  listed: ReadonlyMap<string, string>,
  folder: string,
): ((path: string) => boolean) | undefined {
  const parsed = json(manifest)
  if (parsed === undefined || parsed.private === true) return undefined
  if (typeof parsed.name !== 'string' || typeof parsed.version !== 'string') return undefined
  const { files } = parsed
  // An .npmignore takes files out by rules of its own: nothing is claimed there.
  if (!Array.isArray(files)) return listed.has(`${folder}.npmignore`) ? () => false : () => true
  const taken = files
    .filter((entry) => typeof entry === 'string')
    .map((entry) => entry.replace(/^\.?\/+|\/?(?:\*\*?)?(?:\/\*)?$/g, ''))
  return (path) =>
    taken.some((entry) => entry === '' || path === folder + entry || path.startsWith(`${folder}${entry}/`))
}

function json(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // The lockfile scanner speaks of broken manifests.
    return undefined
  }
}

/** The package that a path belongs to: the one in the nearest folder above it. */
function nearest<T>(path: string, packages: ReadonlyMap<string, T>): T | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder.slice(0, -1))) {
    if (packages.has(folder)) return packages.get(folder)
    if (folder === '') return undefined
  }
}
