// The line to paste for one finding, where one line is the next step and it needs the subject's name. What is the
// same for everybody stands in the catalog. Names from outside reach a shell: only plain ones are put into a line.

import type { CatalogCode } from '../catalog.ts'
import type { Finding, Manager } from '../types.ts'

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
  const { remove, explain } = linesOf[programOf(finding)]
  const declared = declaredIn(finding, name)
  if (declared) return inFolder(declared.path, `${remove} ${declared.key}`)
  return isLocked(finding) ? `${explain} ${name}` : undefined
}

const read: Command = (_, name, version) => `npm view ${name}${version} repository.url time maintainers`

const update: Command = (finding, name) => `${linesOf[programOf(finding)].update} ${name}`

/** The manager's own way to write the lockfile anew. */
const relock: Command = (finding, path) => {
  const line = linesOf[programOf(finding, path)].relock
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

/** `yarn`: of a yarn.lock of which nobody says which Yarn wrote it. */
type Program = Manager | 'yarn'

interface Lines {
  readonly remove: string
  readonly explain: string
  readonly update: string
  /** Installs nothing where the manager can do without; Yarn 1 cannot, but runs no script. */
  readonly relock: string | undefined
}

const yarn = { remove: 'yarn remove', explain: 'yarn why', update: 'yarn why', relock: undefined }

const linesOf: Readonly<Record<Program, Lines>> = {
  npm: {
    remove: 'npm uninstall',
    explain: 'npm explain',
    update: 'npm update',
    relock: 'npm install --package-lock-only',
  },
  pnpm: { remove: 'pnpm remove', explain: 'pnpm why', update: 'pnpm update', relock: 'pnpm install --lockfile-only' },
  yarn,
  'yarn-classic': { ...yarn, relock: 'yarn install --ignore-scripts' },
  'yarn-berry': { ...yarn, update: 'yarn up --recursive', relock: 'yarn install --mode=update-lockfile' },
  bun: { remove: 'bun remove', explain: 'bun why', update: 'bun update', relock: 'bun install --lockfile-only' },
}

/** npm's own lockfiles, too: a place in one of these is a pin. */
const lockfilePrograms = new Map<string, Program>([
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

const isLocked = (finding: Finding): boolean => placesOf(finding).some(({ file }) => lockfilePrograms.has(file))

/** `"react": "^18"` is a declaration, `npx react` in a script of the same file is none. An alias is removed by its key. */
function declaredIn(finding: Finding, name: string): { readonly path: string; readonly key: string } | undefined {
  for (const { path, file, excerpt } of placesOf(finding)) {
    const [, key, target = ''] = (file === 'package.json' && /^"([^"]+)": "([^"]*)/.exec(excerpt)) || []
    if (key === undefined || !plainName.test(key)) continue
    if (key === name || target === `npm:${name}` || target.startsWith(`npm:${name}@`)) return { path, key }
  }
  return undefined
}

/** The one whose lockfile holds it; else that of its project, and npm where none says so. */
function programOf(finding: Finding, path?: string): Program {
  const files = path === undefined ? placesOf(finding).map(({ file }) => file) : [path.slice(path.lastIndexOf('/') + 1)]
  const holder = files.map((file) => lockfilePrograms.get(file)).find((program) => program !== undefined)
  const { manager } = finding
  if (holder === 'yarn' && manager?.startsWith('yarn-')) return manager
  return holder ?? manager ?? 'npm'
}
