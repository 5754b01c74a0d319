// npm 7 and later, measured with 10.9, 11.21 and 12.2: `--package-lock-only` writes the very lockfile that the same
// command without it writes, but for entries of bundled packages, which only their tarball tells.

import {
  type CommandLine,
  hasOption,
  oddOption,
  optionSays,
  optionValue,
  optionWords,
  parseCommandLine,
} from '../commandline.ts'
import { type Adapter, notCovered, oddlyWritten, type Plan, pass, refuse, setOf } from './adapter.ts'

const install = setOf('install i in ins inst insta instal isnt isnta isntal isntall add')
const frozen = setOf('ci clean-install ic install-clean isntall-clean cit clean-install-test install-ci-test sit')
const change = setOf('update up upgrade udpate uninstall un unlink remove rm r dedupe ddp prune')
const execute = setOf('exec x')
const create = setOf('init create innit')
const harmless = setOf(`
  access add-user adduser approve-scripts author bugs completion config deny-scripts deprecate dist-tag
  dist-tags docs doctor edit explain explore find find-dupes fund get help help-search hlep home hook info
  install-scripts issues la list ll login logout ls ogr org outdated owner ping pkg prefix profile query rb
  rebuild repo restart root rum run run-script s sbom se search set show shrinkwrap stage star stars start stop t team
  test token trust tst undeprecate unpublish unstar urn v verison version view whoami why`)

const packing = setOf('pack publish diff cache c')

const quiet = ['--no-audit', '--no-fund']
const lockOnly = ['--package-lock-only', '--package-lock', '--ignore-scripts', ...quiet]
/** Says or locks only. Of a word behind an option npm reads `false` as the option's value. */
const isDry = (line: CommandLine): boolean =>
  !line.words.includes('false') &&
  (hasOption(line, '--dry-run') || hasOption(line, '--package-lock-only') || hasOption(line, '--help', '-h', '--usage'))
/** What decides here, and whole options that begin the name of one. */
const deciding = [
  ...['dry-run', 'package-lock-only', 'usage', 'location', 'prefix', 'registry', 'userconfig', 'globalconfig'],
  ...['strict-ssl', 'package', 'package-lock', 'global', 'reg'],
]

export const npm: Adapter = {
  program: 'npm',
  lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
  folder: ['--prefix', '-C'],
  here: (folder) => `--prefix=${folder}`,
  // Of npm 12's settings those that take a value, and the shorthands of their values.
  valued: setOf(`
    --access --allow-scripts --audit-level --auth-type --before --ca --cache --cache-max --cache-min --cafile --call -c
    --cert --cidr --cpu --depth --diff --diff-dst-prefix --diff-src-prefix --diff-unified --editor --expect-result-count
    --expires --fetch-retries --fetch-retry-factor --fetch-retry-maxtimeout --fetch-retry-mintimeout --fetch-timeout
    --git --globalconfig --heading --https-proxy --include --init-author-email --init-author-name --init-license
    --init-module --init-type --init-version --install-strategy --key --libc --local-address --location -L --lockfile-version
    --loglevel --logs-dir --logs-max --maxsockets --message -m --min-release-age --node-options --noproxy --omit --only
    --os --otp --pack-destination --package -p --preid --prefix -C --provenance-file --proxy --registry --reg --replace-registry-host
    --save-prefix --sbom-format --sbom-type --scope --script-shell --searchexclude --searchlimit --searchopts --shell
    --tag --tag-version-prefix --tmp --umask --user-agent --userconfig --view-workspace --viewer --workspace -w`),
  environment: { npm_config_ignore_scripts: 'true' },
  registryVariables: [],
  fetch: { resolve: ['install', ...lockOnly], install: ['ci', ...quiet, '--loglevel=error'] },
  plan(line, argv, { environment }) {
    const { command, words } = line
    if (command === undefined || harmless.has(command)) return pass
    if (packing.has(command)) return packed(line)
    const odd = oddOption(line, deciding)
    if (odd !== undefined) return oddlyWritten('npm', odd)
    if (isDry(line) && !execute.has(command)) return pass
    if (execute.has(command)) return executing(line)
    if (create.has(command)) return creating(line)
    const asked = [...words, ...line.rest]
    const location = optionValue(line, '--location', '-L') ?? environment.npm_config_location
    const global =
      hasOption(line, '-g', '--global') || location === 'global' || environment.npm_config_global === 'true'
    if (global && install.has(command)) return globally(line, asked)
    if (global && change.has(command) && command.startsWith('up'))
      return refuse('a global update chooses its versions itself', 'name them: audit-deps npm install -g NAME@VERSION')
    if (global && change.has(command)) return pass
    if (frozen.has(command)) return { kind: 'frozen' }
    if (command === 'audit') return words[0] === 'fix' ? changing(line, argv, []) : pass
    if (install.has(command)) return changing(line, argv, asked)
    return change.has(command) ? changing(line, argv, []) : notCovered('npm', command)
  },
}

/** Of what comes from git they run the `prepare` script, on a trial too. The arguments of `diff` are paths. */
function packed({ command, words, rest, options }: CommandLine): Plan {
  const given = command === 'pack' || command === 'publish' || words[0] === 'add' ? [...words, ...rest] : []
  const compared = options.flatMap(({ name, value = '' }) => (name === '--diff' ? [value] : []))
  const exotic = [...(command === 'diff' ? [] : given), ...compared].find((spec) => !plainSpec.test(spec))
  if (exotic === undefined) return pass
  return refuse(
    `"npm ${command}" would fetch ${exotic} and run its scripts`,
    `clone it, read it, and give npm ${command} the folder`,
  )
}

/** `@scope/name@range`, or a path as npm knows it: `out/x.tgz` is a repository to it. */
const plainSpec = /^(?:(?:@[\w.-]+\/)?[\w.-]+(?:@[^:/#]*)?|(?:file:)?[.~]{0,2}\/.*)$/

/** With package.json and lockfile in place, `npm install` installs what they say and asks for nothing else. */
function changing(line: CommandLine, argv: readonly string[], specs: readonly string[]): Plan {
  const unsaving = (name: string): boolean => /^--(?:no-save|no-package-lock|save|package-lock)$/.test(name)
  const unsaved = optionSays(line, '--save') === false || optionSays(line, '--package-lock') === false
  const kept = optionWords(line, unsaving)
  const head = argv.indexOf(line.command!)
  const given = argv.slice(head + 1).filter((word) => !unsaving(word.split('=')[0]!))
  return {
    kind: 'resolve',
    resolve: [line.command!, ...lockOnly, ...optionWords({ ...line, options: before(line, argv, head) }), ...given],
    install: ['install', '--package-lock', ...kept],
    specs,
    ...(unsaved ? { unsaved } : {}),
  }
}

/** Options that stand before the command. */
const before = ({ options }: CommandLine, argv: readonly string[], head: number) =>
  options.filter(({ written }) => argv.slice(0, head).includes(written[0]!))

function globally(line: CommandLine, specs: readonly string[]): Plan {
  if (specs.length === 0) return pass
  return {
    kind: 'global',
    specs,
    install: (exact) => ['install', ...optionWords(line), '--prefer-offline', '--', ...exact],
  }
}

/** `npm exec [options] -- tool args`; options of npm end at `--`. */
function executing(line: CommandLine): Plan {
  const packages = line.options.flatMap(({ name, value }) =>
    ['--package', '-p'].includes(name) && value ? [value] : [],
  )
  return tool(packages, optionValue(line, '--call', '-c'), [...line.words, ...line.rest], ['exec', '--no', '--'])
}

/** `npx [options] tool args`: everything behind the tool is its own. */
export function planNpx(argv: readonly string[]): Plan {
  const line = parseCommandLine(argv, npm.valued, true)
  if (line.command === undefined && line.rest.length === 0 && optionValue(line, '--call', '-c') === undefined)
    return hasOption(line, '--package', '-p') ? refuse('no command is named', 'name what to run') : pass
  const first = line.command === undefined ? [] : [line.command]
  return executing({ ...line, command: 'exec', words: [...first, ...line.words] })
}

function tool(
  packages: readonly string[],
  shell: string | undefined,
  [first, ...args]: readonly string[],
  before: readonly string[],
): Plan {
  if (shell !== undefined) return { kind: 'exec', specs: packages, bin: undefined, args: [], shell }
  if (first === undefined) return packages.length > 0 ? refuse('no command is named', 'name what to run') : pass
  if (packages.length > 0) return { kind: 'exec', specs: packages, bin: first, args }
  const local = /^[\w.-]+$/.test(first) ? { local: { bin: first, before } } : {}
  return { kind: 'exec', specs: [first], bin: undefined, args, ...local }
}

/** `npm init react-app x` runs create-react-app. */
function creating(line: CommandLine): Plan {
  const [initializer, ...args] = [...line.words, ...line.rest]
  return initializer === undefined ? pass : { kind: 'exec', specs: [creator(initializer)], bin: undefined, args }
}

/** `x@1` → `create-x@1`, `@scope` → `@scope/create`, `@scope/x` → `@scope/create-x`. */
export function creator(initializer: string): string {
  const scoped = /^(@[^/@]+)(?:\/([^@]+))?(@.*)?$/.exec(initializer)
  if (!scoped) return `create-${initializer}`
  const [, scope, name, version = ''] = scoped
  return `${scope}/create${name === undefined ? '' : `-${name}`}${version}`
}
