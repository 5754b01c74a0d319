// The same questions to every package manager: does what is fine go through as without us, byte for byte; does what is
// bad leave no file, no script run, no change, with a cold cache and with a warm one.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { binary, type Ran } from '../../support/cli.ts'
import { removeFolder } from '../../support/repository.ts'
import { type Manager, type ManagerName, pathWith } from './managers.ts'

export const actions = ['install', 'add', 'frozen', 'update', 'exec'] as const
export type Action = (typeof actions)[number]

interface Words {
  readonly lockfile: string
  readonly install: readonly string[]
  /** Writes the lockfile and runs nothing. */
  readonly lock: readonly string[]
  /** Where dependencies' scripts run when nobody guards, with the settings of these tests. */
  readonly runsScripts: readonly Action[]
  readonly add: (name: string) => readonly string[]
  readonly frozen: readonly string[]
  readonly update: readonly string[]
  /** Undefined where the manager has no such thing. */
  readonly exec: ((name: string) => readonly string[]) | undefined
}

const npm: Words = {
  lockfile: 'package-lock.json',
  install: ['npm', 'install'],
  lock: ['npm', 'install', '--ignore-scripts'],
  runsScripts: actions,
  add: (name) => ['npm', 'install', name],
  frozen: ['npm', 'ci'],
  update: ['npm', 'update'],
  exec: (name) => ['npx', '--yes', name, 'one', 'two words'],
}
const pnpm: Words = {
  lockfile: 'pnpm-lock.yaml',
  install: ['pnpm', 'install'],
  lock: ['pnpm', 'install', '--lockfile-only', '--no-frozen-lockfile'],
  // dlx wants --allow-build.
  runsScripts: ['install', 'add', 'frozen', 'update'],
  add: (name) => ['pnpm', 'add', name],
  frozen: ['pnpm', 'install', '--frozen-lockfile'],
  update: ['pnpm', 'update'],
  exec: (name) => ['pnpm', 'dlx', name, 'one', 'two words'],
}
const yarn1: Words = {
  lockfile: 'yarn.lock',
  install: ['yarn', 'install'],
  lock: ['yarn', 'install'],
  runsScripts: actions,
  add: (name) => ['yarn', 'add', name],
  frozen: ['yarn', 'install', '--frozen-lockfile'],
  update: ['yarn', 'upgrade'],
  exec: undefined,
}
const words: Readonly<Record<ManagerName, Words>> = {
  npm,
  'npm 10': npm,
  'npm 11': npm,
  // It asks first: `npm approve-scripts`.
  'npm 12': { ...npm, runsScripts: [] },
  'pnpm 10': pnpm,
  'pnpm 12': pnpm,
  'yarn 1': yarn1,
  'yarn 4': {
    ...yarn1,
    frozen: ['yarn', 'install', '--immutable'],
    update: ['yarn', 'up', '-R', '*'],
    exec: (name) => ['yarn', 'dlx', name, 'one', 'two words'],
  },
  'bun 1': {
    lockfile: 'bun.lock',
    install: ['bun', 'install'],
    lock: ['bun', 'install', '--ignore-scripts'],
    runsScripts: [],
    add: (name) => ['bun', 'add', name],
    frozen: ['bun', 'install', '--frozen-lockfile'],
    update: ['bun', 'update'],
    exec: (name) => ['bunx', name, 'one', 'two words'],
  },
}

export const wordsOf = (name: ManagerName): Words => words[name]

/** A user of one manager: a home, caches and settings of their own. */
export class Bench {
  readonly root = mkdtempSync(join(tmpdir(), 'audit-deps-matrix-'))
  readonly marker = join(this.root, 'marker')
  readonly manager: Manager
  readonly registry: string
  private folders = 0

  constructor(manager: Manager, registry: string) {
    this.manager = manager
    this.registry = registry
    this.forget()
  }

  /** Cold caches from now on. */
  forget(): void {
    removeFolder(this.home)
    mkdirSync(this.home, { recursive: true })
    // pnpm 12 does not listen to npm's variables; a made-up name must not leave this machine.
    writeFileSync(join(this.home, '.npmrc'), `registry=${this.registry}\n`)
  }

  get home(): string {
    return join(this.root, 'home')
  }

  /** A project that asks for these packages; `copyOf` takes what git would have of another one. */
  project(dependencies: Readonly<Record<string, string>> = {}, copyOf?: string): string {
    const folder = join(this.root, `${this.folders++}`, 'app')
    mkdirSync(folder, { recursive: true })
    if (copyOf === undefined)
      writeFileSync(
        join(folder, 'package.json'),
        `${JSON.stringify({ name: 'app', version: '1.0.0', private: true, license: 'MIT', dependencies }, null, 2)}\n`,
      )
    else
      for (const file of ['package.json', 'pnpm-workspace.yaml', wordsOf(this.manager.name).lockfile])
        if (existsSync(join(copyOf, file))) writeFileSync(join(folder, file), readFileSync(join(copyOf, file)))
    // Else yarn 4 looks for a project above.
    const lockfile = join(folder, 'yarn.lock')
    if (this.manager.name === 'yarn 4' && !existsSync(lockfile)) writeFileSync(lockfile, '')
    return folder
  }

  plainly(folder: string, [program, ...args]: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.run(folder, join(this.manager.folder, program!), args, given)
  }

  guarded(folder: string, command: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.run(folder, process.execPath, [binary, ...command], given)
  }

  environment(given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      PATH: pathWith(this.manager),
      HOME: this.home,
      XDG_CACHE_HOME: join(this.home, 'cache'),
      npm_config_registry: this.registry,
      npm_config_update_notifier: 'false',
      npm_config_fund: 'false',
      npm_config_dangerously_allow_all_builds: 'true',
      pnpm_config_dangerously_allow_all_builds: 'true',
      pnpm_config_minimum_release_age: '0',
      YARN_REGISTRY: this.registry,
      YARN_NPM_REGISTRY_SERVER: this.registry,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_SCRIPTS: '1',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      MARKER: this.marker,
      ...given,
    }
  }

  private async run(cwd: string, program: string, args: readonly string[], given: NodeJS.ProcessEnv): Promise<Ran> {
    const child = spawn(program, args, { cwd, env: this.environment(given), stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
    ])
    return { code, stdout, stderr }
  }

  close(): void {
    removeFolder(this.root)
  }
}

/** Every file of a project but what managers unpack, and the names of those that are unpacked. */
export function filesIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [
        file.slice(folder.length + 1),
        file.includes('node_modules') || file.includes('.yarn') ? '' : readFileSync(file, 'utf8'),
      ]),
  )
}

/** Names of installed packages of ours. */
export const installed = (folder: string): readonly string[] =>
  [
    ...new Set(
      Object.keys(filesIn(folder))
        .join('\n')
        .match(/[\w-]+-example/g),
    ),
  ].sort()

export const strayCopies = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('audit-deps-guard-'))
