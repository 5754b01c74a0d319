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

/** Who is named in a manifest can be removed; of the others one asks first who brings them. */
const drop: Command = (finding, name) => {
  const manager = managerOf(finding)
  return isDirect(finding) ? `${manager} ${removes[manager]} ${name}` : `${manager} ${explains[manager]} ${name}`
}

const read: Command = (_, name, version) => `npm view ${name}${version} repository.url time maintainers`

/** Yarn's two generations have different lines for it, and a file's name does not tell them apart. */
const update: Command = (finding, name) => {
  const manager = managerOf(finding)
  return manager === 'yarn' ? `yarn why ${name}` : `${manager} update ${name}`
}

/** The manager's own way to write the lockfile anew without installing anything. */
const relock: Command = (_, path) => {
  const at = path.lastIndexOf('/')
  const manager = lockfileManagers.get(path.slice(at + 1)) ?? 'npm'
  const line = relocks[manager]
  return line === undefined || at === -1 ? line : `(cd ${path.slice(0, at)} && ${line})`
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

const lockfileManagers = new Map<string, Manager>([
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
])

const fileNames = ({ evidence }: Finding): string[] =>
  evidence.flatMap((seen) => (seen.kind === 'file' ? [seen.path.slice(seen.path.lastIndexOf('/') + 1)] : []))

const isDirect = (finding: Finding): boolean => fileNames(finding).includes('package.json')

const managerOf = (finding: Finding): Manager => {
  for (const name of fileNames(finding)) {
    const manager = lockfileManagers.get(name)
    if (manager !== undefined) return manager
  }
  return 'npm'
}
