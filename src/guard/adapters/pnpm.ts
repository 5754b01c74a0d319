// pnpm, measured with 10.34 and 12.21: `--lockfile-only` writes the lockfile that the same command without it writes;
// `install --frozen-lockfile` then takes it as it is. Unlike `pnpm add` it runs the project's own scripts.

import { type CommandLine, hasOption, oddOption, optionSays, optionWords, parseCommandLine } from '../commandline.ts'
import { type Adapter, notCovered, oddlyWritten, type Plan, pass, refuse, type Surroundings, setOf } from './adapter.ts'
import { creator } from './npm.ts'

const change = setOf('add update up upgrade remove rm uninstall un uni')
const install = setOf('install i')
const harmless = setOf(`
  access add-user adduser approve-builds audit bin bugs c cache cat-file cat-index change completion config dist-tag
  dist-tags docs doctor exec explain find-hash fund get help home ignored-builds import info init issues la lane licences
  licenses list ll login logout ls org outdated owner pack patch peers ping prefix profile prune publish rb rebuild repo
  restart root run run-script s sbom se search find server set set-script show ss stage star stars start stop store t
  tasks team test token tst undeprecate unpublish unstar deprecate v version view whoami why`)

/** What decides here, and whole options that begin the name of one. */
const deciding = [
  ...['frozen-lockfile', 'lockfile-only', 'lockfile-dir', 'help', 'dir', 'registry', 'userconfig', 'strict-ssl'],
  ...['global', 'lockfile', 'reg'],
]

/** Of the options to add or update, those that mean something to the install from the lockfile too. */
const kept =
  /^(?:-[CFPDrw]|--(?:dir|filter|filter-prod|recursive|workspace-root|ignore-workspace|prod|production|dev|no-optional|ignore-scripts|offline|prefer-offline|force|reporter|silent|loglevel|color|no-color|store-dir|registry|modules-dir|virtual-store-dir|config\..*|use-stderr|stream|aggregate-output|shamefully-hoist|node-linker))$/

export const pnpm: Adapter = {
  program: 'pnpm',
  lockfiles: ['pnpm-lock.yaml'],
  folder: ['-C', '--dir'],
  valued: setOf(`
    -C --dir -F --filter --filter-prod --reporter --loglevel --store-dir --virtual-store-dir --modules-dir --lockfile-dir
    --registry --network-concurrency --child-concurrency --workspace-concurrency --resume-from --package --allow-build
    --package-import-method --node-linker --hoist-pattern --public-hoist-pattern --save-catalog-name --changed-files-ignore-pattern
    --test-pattern --cpu --os --libc --depth --use-node-version --trust-policy`),
  environment: { npm_config_ignore_scripts: 'true', pnpm_config_ignore_scripts: 'true' },
  registryQuestion: ['config', 'get', 'registry'],
  registryVariables: ['pnpm_config_registry', 'npm_config_registry'],
  fetch: {
    resolve: ['add', '--lockfile-only'],
    install: ['install', '--frozen-lockfile', '--reporter=silent'],
    // Else it would join a workspace that the temporary folder lies in.
    files: { 'pnpm-workspace.yaml': 'packages: []\n' },
  },
  plan(line, argv, here) {
    const { command, words, rest } = line
    // Behind a tool's name --help is the tool's.
    if (command === 'dlx' || command === 'create') return planPnpx(argv.slice(argv.indexOf(command) + 1), command)
    if (command === undefined || harmless.has(command)) return pass
    const odd = oddOption(line, deciding)
    if (odd !== undefined) return oddlyWritten('pnpm', odd)
    if (line.options.some(({ name }) => name === '--lockfile-dir'))
      return refuse('the lockfile of another folder is not the one that is vetted', 'run it in that folder')
    // Of a word behind an option pnpm 10 reads `false` as the option's value.
    if (!words.includes('false') && (hasOption(line, '--help', '-h') || hasOption(line, '--lockfile-only'))) return pass
    if (hasOption(line, '-g', '--global')) return globally(line, [...words, ...rest])
    if (command === 'ci' || command === 'fetch' || command === 'clean-install' || command === 'ic')
      return { kind: 'frozen' }
    if (install.has(command)) return installing(line, argv, here)
    if (change.has(command)) return changing(line, argv, command === 'add' ? [...words, ...rest] : [])
    return here.scripts.has(command) || here.hasBin(command) ? pass : notCovered('pnpm', command)
  },
}

function installing(line: CommandLine, argv: readonly string[], { environment }: Surroundings): Plan {
  const asked = [...line.words, ...line.rest]
  // In CI pnpm itself takes the lockfile as it is.
  const inCi = Boolean(environment.CI) && optionSays(line, '--frozen-lockfile') !== false
  if (asked.length === 0 && (inCi || hasOption(line, '--frozen-lockfile'))) return { kind: 'frozen' }
  return changing(line, argv, asked)
}

function changing(line: CommandLine, argv: readonly string[], specs: readonly string[]): Plan {
  const thaw = install.has(line.command!) ? ['--no-frozen-lockfile'] : []
  const head = argv.indexOf(line.command!)
  const unfrozen = (word: string): boolean => !/^--(?:no-)?frozen-lockfile/.test(word)
  return {
    kind: 'resolve',
    resolve: [...argv.slice(0, head + 1), '--lockfile-only', ...thaw, ...argv.slice(head + 1).filter(unfrozen)],
    install: ['install', '--frozen-lockfile', ...optionWords(line, (name) => !kept.test(name))],
    specs,
  }
}

function globally(line: CommandLine, specs: readonly string[]): Plan {
  if (/^up/.test(line.command!)) return notCovered('pnpm', `${line.command} --global`)
  if (line.command !== 'add' && !install.has(line.command!))
    return change.has(line.command!) ? pass : notCovered('pnpm', `${line.command} --global`)
  return { kind: 'global', specs, install: (exact) => ['add', ...optionWords(line), '--prefer-offline', ...exact] }
}

/** `pnpm dlx [options] tool args`, `pnpx tool args`, `pnpm create x args`. */
export function planPnpx(argv: readonly string[], command = 'dlx'): Plan {
  const line = parseCommandLine(argv, pnpm.valued, true)
  const packages = line.options.flatMap(({ name, value }) => (name === '--package' && value ? [value] : []))
  const [tool, ...args] = [...(line.command === undefined ? [] : [line.command]), ...line.words, ...line.rest]
  if (tool === undefined) return pass
  if (command === 'create') return { kind: 'exec', specs: [creator(tool)], bin: undefined, args }
  if (hasOption(line, '-c', '--shell-mode'))
    return { kind: 'exec', specs: packages, bin: undefined, args: [], shell: [tool, ...args].join(' ') }
  return packages.length > 0
    ? { kind: 'exec', specs: packages, bin: tool, args }
    : { kind: 'exec', specs: [tool], bin: undefined, args }
}
