// Bun, measured with 1.4: `--lockfile-only` writes the lockfile that the same command without it writes, and
// `install --frozen-lockfile` takes it as it is. What `bun run` fetches by itself where there is no node_modules
// (auto-install) is not seen here: https://bun.sh/docs/runtime/autoimport

import { type CommandLine, hasOption, optionWords, parseCommandLine } from '../commandline.ts'
import { type Adapter, notCovered, type Plan, pass, setOf } from './adapter.ts'
import { creator } from './npm.ts'

const change = setOf('install i add a update remove rm')
const harmless = setOf(
  'run test build repl exec pm outdated why info audit publish init help completions getcompletes list',
)
const lockOnly = ['--lockfile-only', '--ignore-scripts']
const kept =
  /^(?:-p|--(?:cwd|config|production|prod|omit|no-progress|silent|quiet|verbose|ignore-scripts|cache-dir|no-cache|registry|linker|backend|concurrent-scripts|network-concurrency|filter|force|cpu|os|ca|cafile))$/

export const bun: Adapter = {
  program: 'bun',
  lockfiles: ['bun.lock'],
  folder: ['--cwd'],
  valued: setOf(`
    --cwd -c --config --omit --cache-dir --registry --linker --backend --concurrent-scripts --network-concurrency --filter
    --cpu --os --ca --cafile --minimum-release-age`),
  environment: {},
  registryVariables: ['BUN_CONFIG_REGISTRY', 'NPM_CONFIG_REGISTRY', 'npm_config_registry'],
  fetch: {
    resolve: ['add', ...lockOnly],
    install: ['install', '--frozen-lockfile', '--silent'],
  },
  plan(line, argv, here) {
    const { command, words, rest } = line
    if (command === 'x' || command === 'create' || command === 'c')
      return planBunx(argv.slice(argv.indexOf(command) + 1), command)
    if (command === undefined || harmless.has(command) || hasOption(line, '--help', '-h', '--dry-run')) return pass
    const asked = [...words, ...rest]
    if (hasOption(line, '-g', '--global')) return globally(line, asked)
    if (command === 'ci' || (change.has(command) && hasOption(line, '--frozen-lockfile'))) return { kind: 'frozen' }
    if (change.has(command)) return changing(line, argv, /^(?:install|i|add|a)$/.test(command) ? asked : [])
    return here.scripts.has(command) || here.hasBin(command) || /\.[cm]?[jt]sx?$/.test(command)
      ? pass
      : notCovered('bun', command)
  },
}

function changing(line: CommandLine, argv: readonly string[], specs: readonly string[]): Plan {
  const head = argv.indexOf(line.command!)
  const given = argv.slice(head + 1).filter((word) => word !== '--no-save')
  return {
    kind: 'resolve',
    resolve: [...argv.slice(0, head + 1), ...lockOnly, ...given],
    install: ['install', '--frozen-lockfile', ...optionWords(line, (name) => !kept.test(name))],
    specs,
    ...(hasOption(line, '--no-save') ? { unsaved: true } : {}),
  }
}

function globally(line: CommandLine, specs: readonly string[]): Plan {
  if (!/^(?:install|i|add|a)$/.test(line.command!))
    return /^(?:remove|rm)$/.test(line.command!) ? pass : notCovered('bun', `${line.command} --global`)
  return { kind: 'global', specs, install: (exact) => ['add', ...optionWords(line), ...exact] }
}

/** `bunx [options] tool args`, `bun create x args`. */
export function planBunx(argv: readonly string[], command = 'x'): Plan {
  const line = parseCommandLine(argv, new Set(['--package', '-p']), true)
  const packages = line.options.flatMap(({ name, value }) => (/^(?:-p|--package)$/.test(name) && value ? [value] : []))
  const [tool, ...args] = [...(line.command === undefined ? [] : [line.command]), ...line.words, ...line.rest]
  if (tool === undefined) return pass
  if (command !== 'x') return { kind: 'exec', specs: [creator(tool)], bin: undefined, args }
  if (packages.length > 0) return { kind: 'exec', specs: packages, bin: tool, args }
  const local = /^[\w.-]+$/.test(tool) ? { local: { bin: tool, before: ['x', '--no-install'] } } : {}
  return { kind: 'exec', specs: [tool], bin: undefined, args, ...local }
}
