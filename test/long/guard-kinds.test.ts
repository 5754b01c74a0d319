// Kinds of installs besides the plain one, by the real managers: workspaces, dependencies from git, and installs for
// the whole machine. What is bad leaves nothing, as everywhere.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Manager, type ManagerName, managerNamed, managerNames } from '../guard/support/managers.ts'
import { Bench, filesIn, installed, wordsOf } from '../guard/support/matrix.ts'
import { startGuardRegistry, turnBad } from '../guard/support/registry.ts'
import type { Verdaccio } from '../support/verdaccio.ts'

let registry: Verdaccio
beforeAll(async () => {
  registry = await startGuardRegistry()
  await turnBad(registry)
})
afterAll(() => registry?.close())

function benchOf(manager: Manager): Bench {
  const one = new Bench(manager, registry.url)
  onTestFinished(() => one.close())
  return one
}

/** `app` asks for these packages, and its workspace `tool` for `app`. */
function workspace(one: Bench, dependencies: Readonly<Record<string, string>>): string {
  const root = one.project()
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  write(join(root, 'package.json'), { ...manifest, workspaces: ['packages/*'] })
  if (one.manager.name.startsWith('pnpm')) writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages: [packages/*]\n')
  const kept = { version: '1.0.0', private: true, license: 'MIT' }
  write(join(root, 'packages/app/package.json'), { name: 'app-example', ...kept, dependencies })
  write(join(root, 'packages/tool/package.json'), { name: 'tool-example', ...kept, dependencies: {} })
  return root
}

function write(file: string, value: unknown): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

/** Adds a package to the workspace `tool`, from the root. */
const addThere: Readonly<Record<string, (name: string) => readonly string[]>> = {
  npm: (name) => ['npm', 'install', name, '--workspace', 'packages/tool'],
  pnpm: (name) => ['pnpm', '--filter', 'tool-example', 'add', name],
  yarn: (name) => ['yarn', 'workspace', 'tool-example', 'add', name],
  bun: (name) => ['bun', 'add', name, '--cwd', 'packages/tool'],
}
/** The same for the project in a folder, from anywhere. */
const addIn: Readonly<Record<string, (folder: string, name: string) => readonly string[]>> = {
  npm: (folder, name) => ['npm', '--prefix', folder, 'install', name],
  pnpm: (folder, name) => ['pnpm', '-C', folder, 'add', name],
  yarn: (folder, name) => ['yarn', '--cwd', folder, 'add', name],
  bun: (folder, name) => ['bun', 'add', '--cwd', folder, name],
}
const programOf = (name: ManagerName): string => name.split(' ')[0]!

/** A repository whose scripts leave the marker. yarn 4 knows no git+file: it fetches from a loopback server of files. */
async function repository(one: Bench): Promise<string> {
  const folder = join(one.root, 'far-example')
  const script = `node -e "require('fs').writeFileSync(process.env.MARKER, 'ran')"`
  const scripts = { preinstall: script, install: script, postinstall: script, prepare: script, prepack: script }
  write(join(folder, 'package.json'), { name: 'far-example', version: '1.0.0', license: 'MIT', scripts })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('commit', '--quiet', '--message=all')
  if (one.manager.name !== 'yarn 4') return `git+file://${folder}`
  git('update-server-info')
  const server = createServer((request, response) => {
    const file = join(folder, '.git', decodeURIComponent(request.url!.replace(/^\/far-example\.git|\?.*$/g, '')))
    const isThere = existsSync(file) && statSync(file).isFile()
    response.writeHead(isThere ? 200 : 404).end(isThere ? readFileSync(file) : '')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/far-example.git`
}

/** npm 12 and yarn 4 fetch from git only where that is allowed. */
const gitAllowed = { npm_config_allow_git: 'all', YARN_APPROVED_GIT_REPOSITORIES: '**' }

/** Installs for the whole machine go below the bench's home. */
function globally(one: Bench): { readonly given: NodeJS.ProcessEnv; readonly folder: string } {
  const folder = join(one.home, 'global')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  const path = [join(folder, 'bin'), folder, one.environment().PATH].join(delimiter)
  const given = {
    PATH: path,
    npm_config_prefix: folder,
    PNPM_HOME: folder,
    PREFIX: folder,
    BUN_INSTALL: folder,
    XDG_DATA_HOME: join(folder, 'data'),
  }
  return { given, folder }
}

const addGlobally: Readonly<Record<string, (name: string) => readonly string[]>> = {
  npm: (name) => ['npm', 'install', '--global', name],
  pnpm: (name) => ['pnpm', 'add', '--global', name],
  yarn: (name) => ['yarn', 'global', 'add', name],
  bun: (name) => ['bun', 'add', '--global', name],
}

/** Packages of ours below a folder, by the manifests that were unpacked there. */
const unpacked = (folder: string): readonly string[] =>
  [
    ...new Set(
      readdirSync(folder, { recursive: true })
        .map(String)
        .flatMap((path) => /([\w-]+-example)\/package\.json$/.exec(path)?.[1] ?? []),
    ),
  ].sort()

for (const name of managerNames) {
  const manager = managerNamed(name)
  if ('missing' in manager) {
    test.skip(`${name}: not to be had here: ${manager.missing}`, () => {})
    continue
  }
  const words = wordsOf(name)
  const program = programOf(name)

  describe(`${name}, workspaces`, () => {
    test('what is fine goes through as without us', async () => {
      const one = benchOf(manager)
      const [ours, theirs] = [
        workspace(one, { 'tidy-top-example': '^1.0.0' }),
        workspace(one, { 'tidy-top-example': '^1.0.0' }),
      ]
      for (const command of [words.install, addThere[program]!('tidy-leaf-example'), words.frozen]) {
        const guarded = await one.guarded(ours, command)
        expect(guarded.code, guarded.stdout + guarded.stderr).toBe(0)
        const plain = await one.plainly(theirs, command)
        expect(plain.code, plain.stdout + plain.stderr).toBe(0)
        for (const file of ['package.json', 'packages/tool/package.json', words.lockfile])
          expect(filesIn(ours)[file], `${command.join(' ')}: ${file}`).toBe(filesIn(theirs)[file])
        expect(installed(ours)).toEqual(installed(theirs))
      }
      // yarn 4 keeps what it unpacks outside of node_modules.
      if (name !== 'yarn 4') expect(installed(ours)).toContain('tidy-leaf-example')
    })

    test('what is bad in one of them leaves nothing', async () => {
      const one = benchOf(manager)
      const asking = workspace(one, { 'carrier-example': '^1.0.0' })
      const adding = workspace(one, {})
      for (const [folder, command] of [
        [asking, words.install],
        [adding, addThere[program]!('carrier-example')],
      ] as const) {
        const before = filesIn(folder)
        const ran = await one.guarded(folder, command)
        expect(ran.stderr).toMatch(/blocked: [\s\S]*✗ bad-leaf-example@1\.1\.0: /)
        expect(ran.code).toBe(1)
        expect(filesIn(folder)).toEqual(before)
      }
      expect(existsSync(one.marker), 'its script ran').toBe(false)
    })
  })

  test.each(['absolute', 'relative'])(`${name}, in a folder that is named: %s`, async (way) => {
    const one = benchOf(manager)
    for (const [wanted, code] of [
      ['tidy-top-example', 0],
      ['carrier-example', 1],
    ] as const) {
      const folder = one.project()
      const before = filesIn(folder)
      const place = way === 'absolute' ? folder : relative(one.root, folder)
      const ran = await one.guarded(one.root, addIn[program]!(place, wanted))
      expect(ran.code, ran.stdout + ran.stderr).toBe(code)
      if (code === 0) expect(filesIn(folder)[words.lockfile]).toContain('tidy-leaf-example')
      else expect(filesIn(folder)).toEqual(before)
    }
  })

  describe(`${name}, from git`, () => {
    test('is blocked before git is asked, in the manifest and by name', async () => {
      const one = benchOf(manager)
      const spec = await repository(one)
      for (const [folder, command] of [
        [one.project({ 'far-example': spec }), words.install],
        [one.project(), words.add(spec)],
        [one.project(), words.add(`far-example@${spec}`)],
      ] as const) {
        const before = filesIn(folder)
        const ran = await one.guarded(folder, command)
        expect(ran.stderr, ran.stdout).toMatch(/blocked: [\s\S]*✗ .*far-example.*: .*(?:git|tarball|URL).* → /)
        expect(ran.code).toBe(1)
        expect(filesIn(folder)).toEqual(before)
      }
      expect(existsSync(one.marker), 'its script ran').toBe(false)
    })

    test('what a lockfile pins is blocked, too', async () => {
      const one = benchOf(manager)
      const folder = one.project({ 'far-example': await repository(one) })
      const plain = await one.plainly(folder, words.lock, gitAllowed)
      expect(plain.code, plain.stdout + plain.stderr).toBe(0)
      rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
      rmSync(one.marker, { force: true })
      const before = filesIn(folder)
      const ran = await one.guarded(folder, words.frozen)
      expect(ran.stderr, ran.stdout).toMatch(/blocked: [\s\S]*✗ far-example.*: .*(?:git|tarball|URL).* → /)
      expect(ran.code).toBe(1)
      expect(existsSync(one.marker), 'its script ran').toBe(false)
      expect(filesIn(folder)).toEqual(before)
    })

    test('where policy allows it, it is installed', async () => {
      const one = benchOf(manager)
      const folder = one.project({ 'far-example': await repository(one) })
      write(join(folder, 'audit-deps.json'), { guard: { exoticSource: 'allow', risk: 'allow', unknown: 'warn' } })
      const ran = await one.guarded(folder, words.install, gitAllowed)
      expect(ran.code, ran.stdout + ran.stderr).toBe(0)
      if (name !== 'yarn 4') expect(installed(folder)).toContain('far-example')
      expect(filesIn(folder)[words.lockfile]).toContain('far-example')
    })
  })

  if (name === 'yarn 4') continue
  describe(`${name}, for the whole machine`, () => {
    test('what is fine is installed in the version that was vetted', async () => {
      const one = benchOf(manager)
      const { given, folder } = globally(one)
      const ran = await one.guarded(one.project(), addGlobally[program]!('tidy-top-example'), given)
      expect(ran.code, ran.stdout + ran.stderr).toBe(0)
      expect(ran.stderr).toMatch(/no lockfile binds a global install/)
      expect(unpacked(one.home)).toEqual(expect.arrayContaining(['tidy-leaf-example', 'tidy-top-example']))
      expect(existsSync(folder)).toBe(true)
    })

    test('what is bad leaves nothing', async () => {
      const one = benchOf(manager)
      const { given, folder } = globally(one)
      const ran = await one.guarded(one.project(), addGlobally[program]!('carrier-example'), given)
      expect(ran.stderr, ran.stdout).toMatch(/blocked: [\s\S]*✗ bad-leaf-example@1\.1\.0: .* → wait until/)
      expect(ran.code).toBe(1)
      expect(existsSync(one.marker), 'its script ran').toBe(false)
      expect(unpacked(folder)).toEqual([])
    })
  })
}
