// The line to paste for one finding, where one line is the next step and it needs the subject's name. What is the
// same for everybody stands in the catalog. Names from outside reach a shell: only plain ones are put into a line.

import type { CatalogCode } from '../catalog.ts'
import type { Finding } from '../types.ts'

/** A command for the project's package manager, or undefined where the catalog's advice is all there is. */
export function commandFor(finding: Finding): string | undefined {
  const { subject, code } = finding
  const command = Object.hasOwn(commands, code) ? commands[code as keyof typeof commands] : undefined
  if (command === undefined) return undefined
  if (subject.kind === 'package' && plainName.test(subject.name)) {
    const version = subject.version !== undefined && plainVersion.test(subject.version) ? `@${subject.version}` : ''
    return command(finding, subject.name, version)
  }
  return subject.kind === 'project' && plainPath.test(subject.path) ? command(finding, subject.path, '') : undefined
}

/** Nothing that a shell would read, and no flag; npm itself takes 214 characters. */
const plainName = /^(?=.{1,214}$)(?:@[a-z0-9_][\w.-]*\/)?[a-z0-9_][\w.-]*$/i
const plainVersion = /^\d[\w.+-]{0,99}$/
const plainPath = /^[\w.][\w./-]{0,499}$/

type Command = (finding: Finding, name: string, version: string) => string | undefined

/**
 * Who is declared in a manifest can be removed there; of those that a lockfile alone holds one asks who brings them.
 * A name that only scripts, sources or documents hold is no manager's to remove: then there is no line.
 */
const drop: Command = (finding, name) => {
  const manager = managerOf(finding)
  const declared = declaredIn(finding, name)
  if (declared) return inFolder(declared.path, `${manager} ${removes[manager]} ${declared.key}`)
  return isLocked(finding) ? `${manager} ${explains[manager]} ${name}` : undefined
}

const read: Command = (_, name, version) => `npm view ${name}${version} repository.url time maintainers`

/** Yarn's two generations have different lines for it, and a file's name does not tell them apart. */
const update: Command = (finding, name) => {
  const manager = managerOf(finding)
  return manager === 'yarn' ? `yarn why ${name}` : `${manager} update ${name}`
}

/** The manager's own way to write the lockfile anew without installing anything. */
const relock: Command = (_, path) => {
  const line = relocks[lockfileManagers.get(path.slice(path.lastIndexOf('/') + 1)) ?? 'npm']
  return line && inFolder(path, line)
}

/** Run where the file stands: a workspace's own folder is what every manager understands. */
const inFolder = (path: string, line: string): string | undefined => {
  const at = path.lastIndexOf('/')
  if (at === -1) return line
  return plainPath.test(path) ? `(cd ${path.slice(0, at)} && ${line})` : undefined
}

const commands = {
  'lockfile/missing': relock,
  'lockfile/drift': relock,
  'package/vulnerability': update,
  'phantom/not-found': drop,
  'package/typosquat': drop,
  'package/unpublished': drop,
  'package/security-held': drop,
  'package/malware': drop,
  'package/new': read,
  'package/new-version': read,
  'package/low-downloads': read,
  'package/manifest-mismatch': (_, name, version) => `npm pack --ignore-scripts ${name}${version}`,
  'package/integrity-mismatch': (_, name, version) => `npm view ${name}${version} dist`,
  'lockfile/uncommitted': (_, path) => `git add -- ${path}`,
  'secret/tracked-env': (_, path) => `git rm --cached -- ${path}`,
} as const satisfies Partial<Record<CatalogCode, Command>>

type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun'
const removes = { npm: 'uninstall', pnpm: 'remove', yarn: 'remove', bun: 'remove' } as const satisfies Record<
  Manager,
  string
>
const explains = { npm: 'explain', pnpm: 'why', yarn: 'why', bun: 'why' } as const satisfies Record<Manager, string>

const relocks: Readonly<Record<Manager, string | undefined>> = {
  npm: 'npm install --package-lock-only',
  pnpm: 'pnpm install --lockfile-only',
  yarn: undefined,
  bun: 'bun install --lockfile-only',
}

/** npm's own lockfiles, too: a place in one of these is a pin. */
const lockfileManagers = new Map<string, Manager>([
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
])

interface Place {
  readonly path: string
  /** Its last part. */
  readonly file: string
  readonly excerpt: string
}

const placesOf = ({ evidence }: Finding): Place[] =>
  evidence.flatMap((seen) =>
    seen.kind === 'file'
      ? [{ path: seen.path, file: seen.path.slice(seen.path.lastIndexOf('/') + 1), excerpt: seen.excerpt }]
      : [],
  )

const isLocked = (finding: Finding): boolean => placesOf(finding).some(({ file }) => lockfileManagers.has(file))

/** `"react": "^18"` is a declaration, `npx react` in a script of the same file is none. An alias is removed by its key. */
function declaredIn(finding: Finding, name: string): { readonly path: string; readonly key: string } | undefined {
  for (const { path, file, excerpt } of placesOf(finding)) {
    const [, key, target = ''] = (file === 'package.json' && /^"([^"]+)": "([^"]*)/.exec(excerpt)) || []
    if (key === undefined || !plainName.test(key)) continue
    if (key === name || target === `npm:${name}` || target.startsWith(`npm:${name}@`)) return { path, key }
  }
  return undefined
}

/** The one whose lockfile holds it; npm's own where none says so. */
const managerOf = (finding: Finding): Manager =>
  placesOf(finding)
    .map(({ file }) => lockfileManagers.get(file))
    .find((manager) => manager !== undefined) ?? 'npm'
