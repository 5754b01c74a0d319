// Real package managers for tests, each in a version of its own: installed once into a cache outside the repository,
// with the registry that the machine has. One that cannot be had is skipped by name, with its reason.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** npm 12 and pnpm 12 want Node 22. */
const node22 = `node-${process.platform}-${process.arch}@22.23.3`

/** The registry's packages, and the commands that each brings. */
const table = {
  'npm 10': { packages: ['npm@10.9.9'], commands: ['npm', 'npx'] },
  'npm 11': { packages: ['npm@11.21.2'], commands: ['npm', 'npx'] },
  'npm 12': { packages: ['npm@12.2.0', node22], commands: ['npm', 'npx', 'node'] },
  'pnpm 10': { packages: ['pnpm@10.34.9'], commands: ['pnpm', 'pnpx'] },
  'pnpm 12': { packages: ['pnpm@12.21.0', node22], commands: ['pnpm', 'pnpx', 'node'] },
  'yarn 1': { packages: ['yarn@1.22.22'], commands: ['yarn'] },
  'yarn 4': { packages: ['@yarnpkg/cli-dist@4.18.1'], commands: ['yarn'] },
  'bun 1': { packages: [`@oven/bun-${process.platform}-${process.arch}@1.4.5`], commands: ['bun'] },
} as const

type Pinned = keyof typeof table
export const managerNames = Object.keys(table) as readonly Pinned[]
/** `npm`: the one in PATH, whichever it is. */
export type ManagerName = Pinned | 'npm'

export interface Manager {
  readonly name: ManagerName
  /** For PATH. */
  readonly folder: string
}

/** Instead of a manager that is not to be had. */
export interface Missing {
  readonly name: ManagerName
  readonly missing: string
}

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'audit-deps-test', 'managers')

/** Takes seconds the first time, for it installs; then nothing. */
export function managerNamed(name: ManagerName): Manager | Missing {
  if (name === 'npm') return inPath(name)
  const { packages, commands } = table[name]
  const home = join(cache, packages.join('+').replaceAll('/', '-'))
  const folder = join(home, 'node_modules', '.bin')
  const done = join(home, 'done')
  if (existsSync(done)) return { name, folder }
  try {
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), '{"private":true}')
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    execFileSync('npm', ['install', '--prefix', home, ...quiet, ...packages], { stdio: 'pipe', timeout: 300_000 })
    if (name === 'bun 1') linkBun(home)
    const absent = commands.find((command) => !existsSync(join(folder, command)))
    if (absent !== undefined) throw new Error(`its package brings no ${absent}`)
    execFileSync(join(folder, commands[0]), ['--version'], { stdio: 'pipe', env: { PATH: pathWith({ name, folder }) } })
    writeFileSync(done, '')
    return { name, folder }
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n').at(-1)
    return { name, missing: said || String(error) }
  }
}

function inPath(name: 'npm'): Manager | Missing {
  const folders = (process.env.PATH ?? '').split(delimiter)
  // `npm test` puts node_modules/.bin first, where another npm could lie.
  const folder = folders.find((one) => !one.includes('node_modules') && existsSync(join(one, name)))
  return folder === undefined ? { name, missing: 'it is not in PATH' } : { name, folder }
}

/** The platform's package holds the program alone. */
function linkBun(home: string): void {
  mkdirSync(join(home, 'node_modules', '.bin'), { recursive: true })
  const program = join(home, 'node_modules', table['bun 1'].packages[0].replace(/@[\d.]+$/, ''), 'bin', 'bun')
  for (const command of ['bun', 'bunx']) {
    rmSync(join(home, 'node_modules', '.bin', command), { force: true })
    symlinkSync(program, join(home, 'node_modules', '.bin', command))
  }
}

/** The manager first, then Node and the system's own. */
export const pathWith = ({ folder }: Manager): string =>
  [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
