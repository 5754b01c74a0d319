// yarn, in its two kinds. From 2 on `--mode=update-lockfile` resolves and links nothing (measured with 4.18: it fetches
// tarballs into its cache for their checksums, and unpacks none). yarn 1 (1.22) has no such thing: in the temporary
// copy it installs without scripts, which unpacks there and in its cache, and runs nothing. Arborist would unpack
// nothing at all, but it resolves as npm does: it knows neither yarn.lock's pins nor `resolutions`, so that what it
// vets would not be what yarn installs.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandLine, hasOption, optionSays, optionWords, parseCommandLine } from '../commandline.ts'
import { above, manifestIn } from '../folders.ts'
import { capture } from '../run.ts'
import { type Adapter, notCovered, type Plan, pass, type Surroundings, setOf } from './adapter.ts'
import { creator } from './npm.ts'

const valued = setOf(`
  --cache-folder --cwd --global-folder --https-proxy --link-folder --modules-folder --mutex --network-concurrency
  --network-timeout --otp --preferred-cache-folder --proxy --registry --use-yarnrc --mode --inline-builds
  -p --package`)

/** Which of the two runs here: by the files that only one of them writes, else by its own word. */
export async function yarnFor(argv: readonly string[], cwd: string, environment: NodeJS.ProcessEnv): Promise<Adapter> {
  const folders = above(cwd)
  if (folders.some((folder) => existsSync(join(folder, '.yarnrc.yml')) || isBerryLockfile(join(folder, 'yarn.lock'))))
    return berry
  const named = folders.map((folder) => String(manifestIn(folder)?.packageManager ?? '')).find((one) => one !== '')
  if (named?.startsWith('yarn@')) return /^yarn@[01]\./.test(named) ? classic : berry
  // Passed on is passed on by either.
  const line = parseCommandLine(argv, valued)
  if (classicHarmless.has(line.command ?? 'install') && berryHarmless.has(line.command ?? 'install')) return classic
  const { stdout } = await capture('yarn', ['--version'], { cwd, env: environment })
  return /^[01]\./.test(stdout.trim()) ? classic : berry
}

function isBerryLockfile(file: string): boolean {
  try {
    return /^__metadata:/m.test(readFileSync(file, 'utf8').slice(0, 2000))
  } catch {
    return false
  }
}

const classicHarmless = setOf(`
  access audit autoclean bin cache check config exec generate-lock-entry help import info init licenses link list login
  logout node outdated owner pack publish run tag team test unlink version versions why workspaces start stop
  restart`)
const berryHarmless = setOf(`
  bin cache config constraints exec explain help info node npm pack patch rebuild run search stage test version why
  start stop restart`)

/** `yarn` alone installs; `yarn workspace NAME add x` is `add x` in another folder. */
function commandOf({ command, words }: CommandLine): { readonly name: string; readonly words: readonly string[] } {
  if (command !== 'workspace') return { name: command ?? 'install', words }
  return { name: words[1] ?? 'run', words: words.slice(2) }
}

/** `yarn add x --help` installs: yarn 1 shows help where that is asked for before anything is named. */
const classicInforms = (line: CommandLine, argv: readonly string[]): boolean =>
  hasOption(line, '--version', '-v') || argv.slice(0, 2).some((word) => word === '--help' || word === '-h')
const berryInforms = (line: CommandLine): boolean => hasOption(line, '--help', '-h', '--version', '-v')

const classicKept =
  /^(?:-[sW]|--(?:cwd|production|prod|ignore-scripts|ignore-engines|ignore-optional|ignore-platform|offline|prefer-offline|silent|verbose|json|no-progress|non-interactive|cache-folder|modules-folder|mutex|network-timeout|network-concurrency|registry|check-files|no-bin-links|force|flat|ignore-workspace-root-check))$/

export const classic: Adapter = {
  program: 'yarn',
  lockfiles: ['yarn.lock'],
  folder: ['--cwd'],
  valued,
  environment: { npm_config_ignore_scripts: 'true' },
  registryQuestion: ['config', 'get', 'registry', '--silent'],
  registryVariables: ['YARN_REGISTRY', 'yarn_registry', 'npm_config_registry'],
  fetch: {
    resolve: ['add', '--ignore-scripts', '--non-interactive', '--no-progress'],
    install: ['install', '--frozen-lockfile', '--silent'],
  },
  plan(line, argv, here) {
    const { name, words } = commandOf(line)
    const asked = [...words, ...line.rest]
    if (name === 'create') return created(asked)
    if (classicInforms(line, argv) || classicHarmless.has(name)) return pass
    if (name === 'global') return classicGlobal(line)
    if (name === 'install' && hasOption(line, '--frozen-lockfile', '--immutable')) return { kind: 'frozen' }
    if (!/^(?:install|add|upgrade|up|remove)$/.test(name)) return orScript(line, name, here)
    return {
      kind: 'resolve',
      resolve: [...argv.filter((word) => word !== '--pure-lockfile'), '--ignore-scripts', '--non-interactive'],
      install: ['install', '--frozen-lockfile', ...optionWords(line, (option) => !classicKept.test(option))],
      specs: name === 'add' ? asked : [],
      ...(hasOption(line, '--pure-lockfile', '--no-lockfile') ? { unsaved: true } : {}),
    }
  },
}

function classicGlobal(line: CommandLine): Plan {
  const [command, ...specs] = line.words
  if (command === 'upgrade' || command === 'upgrade-interactive') return notCovered('yarn', `global ${command}`)
  if (command !== 'add') return pass
  return { kind: 'global', specs, install: (exact) => ['global', 'add', ...optionWords(line), ...exact] }
}

export const berry: Adapter = {
  program: 'yarn',
  lockfiles: ['yarn.lock'],
  folder: ['--cwd'],
  valued,
  environment: { YARN_ENABLE_SCRIPTS: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: '0' },
  registryQuestion: ['config', 'get', 'npmRegistryServer'],
  registryVariables: ['YARN_NPM_REGISTRY_SERVER'],
  fetch: {
    resolve: ['add', '--mode=update-lockfile'],
    install: ['install', '--immutable'],
    files: { 'yarn.lock': '' },
  },
  fetchEnvironment: { YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_GLOBAL_CACHE: 'true' },
  plan(line, argv, here) {
    const { name, words } = commandOf(line)
    const asked = [...words, ...line.rest]
    // Behind a tool's name --help is the tool's.
    if (name === 'dlx') return berryDlx(argv.slice(argv.indexOf('dlx') + 1))
    if (name === 'create') return created(asked)
    if (berryInforms(line) || berryHarmless.has(name)) return pass
    if (name === 'workspaces') return /^(?:list|run)$/.test(words[0] ?? '') ? pass : notCovered('yarn', 'workspaces')
    if (name === 'plugin' && /^(?:list|runtime|check|remove)$/.test(words[0] ?? '')) return pass
    const inCi = Boolean(here.environment.CI) && optionSays(line, '--immutable') !== false
    if (name === 'install' && (inCi || hasOption(line, '--immutable', '--immutable-cache'))) return { kind: 'frozen' }
    if (!/^(?:install|add|up|remove|dedupe)$/.test(name)) return orScript(line, name, here)
    const where = line.command === 'workspace' ? ['workspace', line.words[0]!] : []
    const options = optionWords(line, (option) => option === '--mode')
    return {
      kind: 'resolve',
      resolve: [...where, name, ...options, '--mode=update-lockfile', ...asked],
      install: ['install', '--immutable', ...optionWords(line, (option) => !/^--(?:json|mode)$/.test(option))],
      specs: name === 'add' ? asked : [],
    }
  },
}

/** `yarn dlx [-p package]… [-q] tool args`. */
function berryDlx(argv: readonly string[]): Plan {
  const line = parseCommandLine(argv, valued, true)
  const packages = line.options.flatMap(({ name, value }) => (/^(?:-p|--package)$/.test(name) && value ? [value] : []))
  const [tool, ...args] = [...(line.command === undefined ? [] : [line.command]), ...line.words, ...line.rest]
  if (tool === undefined) return pass
  return packages.length > 0
    ? { kind: 'exec', specs: packages, bin: tool, args }
    : { kind: 'exec', specs: [tool], bin: undefined, args }
}

function created([initializer, ...args]: readonly string[]): Plan {
  return initializer === undefined ? pass : { kind: 'exec', specs: [creator(initializer)], bin: undefined, args }
}

/** `yarn build` runs the script `build`; `yarn eslint` the command of an installed package. */
const orScript = ({ command }: CommandLine, name: string, here: Surroundings): Plan =>
  command === 'workspace' || here.scripts.has(name) || here.hasBin(name) ? pass : notCovered('yarn', name)
