// Which packages a shell line would fetch: `npm i x`, `npx -y x@1`, `pnpm dlx x`, `yarn create x`, `bunx x`, also behind
// `cd app &&`, sudo, environment variables, `sh -c "…"` and another manager. Commands, their other names and which flags
// take a value are those of the managers' own manuals.

import { type ShellWord, shellCommands } from './shell-words.ts'

export interface CommandSpec {
  /**
   * As written, without quotes: `left-pad@^1`, `./folder`, `$NAME`. Of `create` the package that the manager makes of
   * it: `create-vite@latest` of `npm create vite@latest`.
   */
  readonly text: string
  /** Offset in the line, and the one after its last character. */
  readonly at: number
  readonly end: number
}

export interface InstallCommand {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun' | 'deno'
  /**
   * `install`: into a project, or globally; without specs what the manifest asks for · `ci`: what the lockfile pins ·
   * `execute`: fetched and run, as npx does (but a command of an installed package comes first) · `create`: likewise,
   * a `create-…` package.
   */
  readonly action: 'install' | 'ci' | 'execute' | 'create'
  readonly specs: readonly CommandSpec[]
  /** As written, with values: `-D`, `--registry=https://…`, `--prefix app`; without `--package`, which gives specs. */
  readonly flags: readonly string[]
  /** Offset of the manager's name in the line. */
  readonly at: number
  /** Of `execute`: the specs are packages by `--package`, not the name of a command. */
  readonly byPackage?: true
}

/**
 * The install commands in a shell line, or in several lines, in their order. Placeholders (`<package>`) and variables
 * are specs like any other: who asks decides what to make of them.
 */
export const installCommands = (line: string): InstallCommand[] => commandsIn(line, 0, 0)

/** `sh -c "sh -c …"` beyond this is nobody's command. */
const deepest = 4

const commandsIn = (text: string, offset: number, depth: number): InstallCommand[] =>
  depth > deepest
    ? []
    : shellCommands(text)
        .map((words) => words.map((word) => ({ ...word, at: word.at + offset, end: word.end + offset })))
        .flatMap((words) => fromWords(words, depth))

/** Come before a command and change nothing about what it fetches. */
const keywords: ReadonlySet<string> = new Set('if then else elif do while until ! { } $ % RUN @ - time'.split(' '))

/** Run the command that stands somewhere in their arguments. */
const wrappers: ReadonlySet<string> = new Set(
  'sudo doas env command exec nohup nice ionice timeout xargs corepack stdbuf setsid cross-env dotenv docker podman docker-compose nerdctl kubectl ssh wsl cmd watch mise volta fnm nvm asdf devbox direnv retry winpty busybox chroot su runuser gosu time eval node bash sh zsh dash fish ksh ash pwsh powershell concurrently npm-run-all'.split(
    ' ',
  ),
)

const shells: ReadonlySet<string> = new Set('bash sh zsh dash fish ksh ash cmd pwsh powershell su eval ssh'.split(' '))

function fromWords(words: readonly ShellWord[], depth: number): InstallCommand[] {
  const rest = words.slice(firstWord(words))
  const first = rest[0]
  if (first === undefined) return []
  if (managerOf(first) !== undefined) return fromManager(rest, depth)
  const name = baseName(first.text)
  if (!wrappers.has(name)) return []
  const inner = rest.findIndex((word, index) => index > 0 && managerOf(word) !== undefined)
  if (inner !== -1) return fromManager(rest.slice(inner), depth)
  // `sh -c "npm i x"`, `concurrently "npx a" "npx b"`: a whole line as one word.
  const lines = rest.filter((word, index) => index > 0 && word.quoted && /\s/.test(word.text))
  const runs = shells.has(name) || rest.some((word) => shells.has(baseName(word.text))) || name === 'concurrently'
  return runs ? lines.flatMap((word) => commandsIn(word.text, word.at + 1, depth + 1)) : []
}

function firstWord(words: readonly ShellWord[]): number {
  const index = words.findIndex(({ text, quoted }) => quoted || !(keywords.has(text) || /^[A-Za-z_]\w*\+?=/.test(text)))
  return index === -1 ? words.length : index
}

const baseName = (text: string): string => text.replace(/^.*[\\/]/, '').replace(/\.(?:cmd|exe|ps1|CMD|EXE)$/, '')

interface Manager {
  readonly manager: InstallCommand['manager']
  /** Command (or another name of it) → what it does. Undefined for `npx` and the like, which need none. */
  readonly commands?: ReadonlyMap<string, InstallCommand['action']>
  /** What it does when it is called alone. */
  readonly alone?: InstallCommand['action']
  /** Flags, besides those of all, whose value is the next word. */
  readonly valued: string
}

const commands = (
  table: Partial<Record<InstallCommand['action'], string>>,
): ReadonlyMap<string, InstallCommand['action']> =>
  new Map(
    Object.entries(table).flatMap(([action, names]) =>
      names.split(' ').map((name) => [name, action as InstallCommand['action']] as const),
    ),
  )

const npm: Manager = {
  manager: 'npm',
  valued: '-w --workspace',
  commands: commands({
    install: 'install i add in ins inst insta instal isnt isnta isntal isntall install-test it',
    ci: 'ci clean-install ic install-clean isntall-clean install-ci-test cit',
    execute: 'exec x',
    create: 'init create innit',
  }),
}

const yarn: Manager = {
  manager: 'yarn',
  valued: '',
  alone: 'install',
  commands: commands({ install: 'add install', execute: 'dlx', create: 'create' }),
}

const managers: ReadonlyMap<string, Manager> = new Map<string, Manager>([
  ['npm', npm],
  ['npm-cli.js', npm],
  ['npx', { manager: 'npm', valued: '-w --workspace' }],
  ['npx-cli.js', { manager: 'npm', valued: '-w --workspace' }],
  ['cnpm', npm],
  [
    'pnpm',
    {
      manager: 'pnpm',
      valued: '-F',
      commands: commands({ install: 'add install i', ci: 'ci', execute: 'dlx', create: 'create' }),
    },
  ],
  ['pnpx', { manager: 'pnpm', valued: '' }],
  ['yarn', yarn],
  ['yarnpkg', yarn],
  [
    'bun',
    {
      manager: 'bun',
      valued: '',
      commands: commands({ install: 'add a install i', ci: 'ci', execute: 'x', create: 'create c' }),
    },
  ],
  ['bunx', { manager: 'bun', valued: '' }],
  [
    'deno',
    { manager: 'deno', valued: '', commands: commands({ install: 'add install i cache', execute: 'run x create' }) },
  ],
])

/** Of `ni`, which calls whichever manager a project has, by what npm calls the same. */
const shortcuts: ReadonlyMap<string, readonly string[]> = new Map([
  ['ni', ['npm', 'install']],
  ['nci', ['npm', 'ci']],
  ['nlx', ['npx']],
])

/** Windows and macOS start npm as NPM, too. */
const managerOf = ({ text }: ShellWord): Manager | undefined =>
  managers.get(shortcuts.get(text)?.[0] ?? baseName(text).toLowerCase()) ??
  managers.get(/^(npm|pnpm|yarn|bun)@[\w.^~-]+$/.exec(text)?.[1] ?? '')

/** Flags whose value is the next word, where it is not joined with `=`. */
const valuedByAll: ReadonlySet<string> = new Set(
  '--prefix --registry --dir -C --cwd --filter --filter-prod --loglevel --tag --cache --userconfig --globalconfig --omit --include --only --install-strategy --otp --before --min-release-age --script-shell --cpu --os --libc --network-timeout --network-concurrency --cache-folder --modules-folder --global-folder --mutex --store-dir --virtual-store-dir --modules-dir --global-dir --lockfile-dir --reporter --child-concurrency --config --cafile --backend --linker --shell --use-node-version --install-config --allow-build --save-catalog-name --minimum-release-age --https-proxy --proxy'.split(
    ' ',
  ),
)

interface Arguments {
  readonly positional: readonly ShellWord[]
  readonly flags: readonly string[]
  /** Values of `-p`, `--package`. */
  readonly packages: readonly ShellWord[]
  /** Values of `-c`, `--call`. */
  readonly calls: readonly ShellWord[]
}

function fromManager([first, ...others]: readonly ShellWord[], depth: number): InstallCommand[] {
  const called = shortcuts.get(first!.text) ?? [first!.text]
  const words = [...called.map((text) => ({ ...first!, text })), ...others]
  const manager = managerOf(words[0]!)!
  const at = words[0]!.at
  const before = argumentsOf(words.slice(1), manager, 1)
  const command = before.positional[0]
  // `npx x`: everything is said already.
  if (manager.commands === undefined) return execute(manager, before, before.rest, at, depth)
  if (command === undefined)
    return manager.alone === undefined || before.flags.some((flag) => /^(-v|-h|--version|--help)$/.test(flag))
      ? []
      : [{ manager: manager.manager, action: manager.alone, specs: [], flags: before.flags, at }]
  // `yarn workspace NAME add x`, `yarn global add x`
  if (manager.manager === 'yarn' && (command.text === 'workspace' || command.text === 'global'))
    return fromManager([words[0]!, ...before.rest.slice(command.text === 'workspace' ? 1 : 0)], depth)
  // `yarn workspaces foreach --all --include web add x`
  if (manager.manager === 'yarn' && command.text === 'workspaces') {
    const from = before.rest.findIndex(({ text }) => text === 'run' || manager.commands!.has(text))
    return from === -1 ? [] : fromManager([words[0]!, ...before.rest.slice(from)], depth)
  }
  // `npm explore NAME -- npm i x`
  if (manager.manager === 'npm' && command.text === 'explore') {
    const run = before.rest.slice(1)
    return fromWords(run[0]?.text === '--' ? run.slice(1) : run, depth + 1)
  }
  const action = manager.commands.get(command.text)
  if (action === undefined) return []
  if (action === 'execute') {
    const own = argumentsOf(before.rest, manager, 1)
    const packages = [...before.packages, ...own.packages]
    return execute(manager, { ...own, packages, flags: [...before.flags, ...own.flags] }, own.rest, at, depth)
  }
  const own = argumentsOf(before.rest, manager, action === 'create' ? 1 : Number.POSITIVE_INFINITY)
  const specs = own.positional.map(specOf)
  const flags = [...before.flags, ...own.flags]
  if (action === 'create')
    return specs.map((spec) => ({
      manager: manager.manager,
      action,
      specs: [{ ...spec, text: creator(spec.text) }],
      flags,
      at,
    }))
  return [{ manager: manager.manager, action, specs: meant(manager, action === 'ci' ? [] : specs), flags, at }]
}

function execute(
  manager: Manager,
  { positional, flags, packages, calls }: Arguments,
  rest: readonly ShellWord[],
  at: number,
  depth: number,
): InstallCommand[] {
  const named = packages.length > 0 ? packages : calls.length > 0 ? [] : positional.slice(0, 1)
  const specs = meant(manager, named.map(specOf))
  const own: InstallCommand[] =
    specs.length === 0
      ? []
      : [
          {
            manager: manager.manager,
            action: 'execute',
            specs,
            flags,
            at,
            ...(packages.length > 0 && { byPackage: true }),
          },
        ]
  const called = calls.flatMap((word) => commandsIn(word.text, word.at + 1, depth + 1))
  // `npx pnpm@9 add x`, `npx cross-env A=1 npm i x`: what is run is a manager again, or runs one.
  const run = positional[0]
  const inner = run && depth <= deepest ? fromWords([run, ...rest], depth + 1) : []
  return [...own, ...called, ...inner]
}

const specOf = ({ text, at, end }: ShellWord): CommandSpec => ({ text, at, end })

/** Deno takes packages of several kinds: npm's carry the prefix. */
const meant = ({ manager }: Manager, specs: readonly CommandSpec[]): readonly CommandSpec[] =>
  manager === 'deno'
    ? specs
        .filter(({ text }) => text.startsWith('npm:'))
        .map((spec) => ({ ...spec, text: spec.text.slice(4).replace(/^\/+/, '') }))
    : specs

/** Reads until `count` words that are no flags were found; the rest is the command's own. */
function argumentsOf(
  words: readonly ShellWord[],
  { valued, manager }: Manager,
  count: number,
): Arguments & { rest: readonly ShellWord[] } {
  const positional: ShellWord[] = []
  const flags: string[] = []
  const packages: ShellWord[] = []
  const calls: ShellWord[] = []
  const own = valued.split(' ')
  let at = 0
  let ended = false
  while (at < words.length && positional.length < count) {
    const word = words[at++]!
    const { text } = word
    const value = words[at]
    if (ended || !text.startsWith('-') || text === '-') positional.push(word)
    else if (text === '--') ended = true
    else if ((text === '-p' || text === '--package') && value) {
      packages.push(value)
      at++
    } else if (/^--package=/.test(text)) packages.push({ ...word, text: text.slice(10), at: word.at + 10 })
    else if ((text === '-c' || text === '--call') && value && manager === 'npm') {
      calls.push(value)
      at++
    } else if ((own.includes(text) || valuedByAll.has(text)) && value && !value.text.startsWith('-')) {
      flags.push(`${text} ${value.text}`)
      at++
    } else flags.push(text)
  }
  return { positional, flags, packages, calls, rest: words.slice(at) }
}

/** The package behind an initializer, as `npm init` documents it: `foo@1` → `create-foo@1`, `@a` → `@a/create`. */
function creator(text: string): string {
  const scoped = /^(@[^/@]+)(?:\/([^/@]+))?(@.*)?$/.exec(text)
  if (scoped) return `${scoped[1]}/create${scoped[2] === undefined ? '' : `-${scoped[2]}`}${scoped[3] ?? ''}`
  // A URL or a git repository stays what it is; a placeholder too.
  return /^[a-z\d][\w.-]*(?:@[^/]*)?$/i.test(text) && !text.startsWith('create-') ? `create-${text}` : text
}
