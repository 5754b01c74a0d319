// Secrets in whole histories, beside what git itself needs to print them and beside other scanners that are on the
// PATH; in turns, so that whatever else the machine does falls on all alike. Ours is the built binary: run `npm run
// build` first. Peers run with verification off. What is written goes to /dev/null; GNU time measures. `pack` and
// `stream` remember nothing; `nothing new` and `50 new commits` are what a run costs that follows one of the same
// repository, on a copy whose commits are made here.

import { execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'

interface Command {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Exit codes of a run that did its work: of most scanners 1 says that there are findings. */
  readonly fine: readonly number[]
  /** Where ours remembers. */
  readonly cache?: string
}

interface Measured {
  /** In seconds. */
  readonly wall: number
  /** In seconds, of all of its processes. */
  readonly cpu: number
  /** Of its largest process, in MB. */
  readonly memory: number
}

const usage = `usage: npm run bench -- secrets REPOSITORY... [--rounds N] [--cli FILE] [--json]`

/**
 * @returns the exit code: 0, for numbers are no verdict; 1 where a run did not do its work. What it took until then is
 * no figure: `git log -p` ends at the first blob that a snapshot lacks.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      cli: { type: 'string', default: join(import.meta.dirname, '../../dist/cli.js') },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  })
  if (positionals.length === 0) {
    console.error(usage)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-bench-'))
  try {
    let broken = false
    for (const repository of positionals) {
      const all = await measureAll(resolve(repository), folder, values)
      for (const problem of all.problems) console.error(problem)
      broken ||= all.problems.size > 0
      report(repository, all.best, values.json)
    }
    return broken ? 1 : 0
  } catch (error) {
    console.error(String(error instanceof Error ? error.message : error))
    return 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs all commands in turns; of each the fastest round counts, for the rest of the machine only adds. */
async function measureAll(
  repository: string,
  folder: string,
  { cli, rounds }: { cli: string; rounds: string },
): Promise<{ readonly best: ReadonlyMap<string, Measured>; readonly problems: ReadonlySet<string> }> {
  const commands = [...ours(cli, repository), ...gits(repository), ...peers(repository)]
  const best = new Map<string, Measured>()
  const problems = new Set<string>()
  const keep = (name: string, measured: Measured): void => {
    const known = best.get(name)
    if (known === undefined || measured.wall < known.wall) best.set(name, measured)
  }
  for (let round = 0; round < Number(rounds); round++) {
    for (const command of commands)
      try {
        keep(command.name, await measure(command, folder))
      } catch (error) {
        problems.add((error as Error).message)
      }
    for (const [name, measured] of await measureIncremental(cli, repository, join(folder, 'incremental')))
      keep(name, measured)
  }
  return { best, problems }
}

/** In a copy and a cache of its own: once cold, once with nothing new, once behind 50 commits. */
async function measureIncremental(cli: string, repository: string, folder: string): Promise<[string, Measured][]> {
  const [copy, cache] = [join(folder, 'copy.git'), join(folder, 'cache')]
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  // A clone would leave out what nothing leads to.
  const gitDir = existsSync(join(repository, '.git')) ? join(repository, '.git') : repository
  cpSync(gitDir, copy, { recursive: true, filter: (path) => basename(path) !== 'hooks' })
  const again = (name: string): Promise<Measured> => measure({ ...ourCommand(cli, copy, name), cache }, folder)
  const cold = await again('cold')
  const warm = await again('nothing new')
  commitFifty(copy)
  return [
    ['pack, remembering', cold],
    ['nothing new', warm],
    ['50 new commits', await again('50 new commits')],
  ]
}

/** Loose objects, as after a day of work: each commit changes two files of HEAD's and adds one. */
function commitFifty(gitDir: string): void {
  const git = (args: readonly string[], input?: string): string =>
    execFileSync('git', ['--git-dir', gitDir, '-c', 'core.bare=true', ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      ...(input !== undefined && { input }),
      env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    }).trim()
  const files = git(['ls-tree', '-r', '--name-only', 'HEAD'])
    .split('\n')
    .filter((path) => /\.(?:js|ts|rb|md)$/.test(path))
  const branch = git(['symbolic-ref', 'HEAD'])
  const parts: string[] = []
  const file = (path: string, text: string): void => {
    parts.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`)
  }
  for (let number = 0; number < 50; number++) {
    parts.push(`commit ${branch}\ncommitter A <a@b> ${1_800_000_000 + number} +0000\ndata 5\nagain\n`)
    if (number === 0) parts.push(`from ${branch}^0\n`)
    for (const path of [files[(number * 7) % files.length]!, files[(number * 13 + 5) % files.length]!])
      file(path, `${git(['show', `HEAD:${path}`])}\nchanged by commit ${number}\n`)
    file(`added/${number}.js`, `const added = ${number}\n`)
  }
  git(['-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet', '--force'], parts.join(''))
}

function ours(cli: string, repository: string): Command[] {
  return [
    ourCommand(cli, repository, 'pack', '--no-cache'),
    ourCommand(cli, repository, 'stream', '--no-cache', '--engine', 'stream'),
  ]
}

const ourCommand = (cli: string, repository: string, name: string, ...more: string[]): Command => ({
  name,
  program: process.execPath,
  args: [cli, 'secrets', repository, '--format', 'json', ...more],
  // 3: something stayed unread, as in every shallow clone.
  fine: [0, 1, 3],
})

function gits(repository: string): Command[] {
  const git = (name: string, ...args: string[]): Command => ({
    name,
    program: 'git',
    args: ['-C', repository, '--no-pager', ...args],
    fine: [0],
  })
  return [
    git('git cat-file', 'cat-file', '--batch', '--batch-all-objects', '--unordered', '--buffer'),
    git('git log -p', 'log', '-p', '-U0', '--full-history', '--all'),
  ]
}

function peers(repository: string): Command[] {
  // No report: one written to /dev/null by root puts a file in the device's place.
  const quiet = ['--no-banner', '--exit-code', '0']
  const known: readonly (readonly [name: string, args: readonly string[]])[] = [
    ['gitleaks', ['git', ...quiet, repository]],
    ['betterleaks', ['git', ...quiet, repository]],
    ['trufflehog', ['git', `file://${repository}`, '--no-verification', '--no-update', '--json']],
    ['kingfisher', ['scan', repository, '--no-validate', '--no-update-check']],
  ]
  return known.filter(([name]) => isOnPath(name)).map(([name, args]) => ({ name, program: name, args, fine: [0, 200] }))
}

const isOnPath = (name: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

async function measure({ name, program, args, fine, cache }: Command, folder: string): Promise<Measured> {
  const file = join(folder, 'time')
  const child = spawn('/usr/bin/time', ['--quiet', '-o', file, '-f', '%e %U %S %M', program, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...(cache !== undefined && { XDG_CACHE_HOME: cache }) },
  })
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed)
    child.once('close', done)
  })
  if (code === null || !fine.includes(code)) throw new Error(`${name} ended with ${code}: ${program} ${args.join(' ')}`)
  const [wall = 0, user = 0, system = 0, kilobytes = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
  return { wall, cpu: user + system, memory: Math.round(kilobytes / 1024) }
}

function report(repository: string, measured: ReadonlyMap<string, Measured>, json: boolean): void {
  const [cat, log] = [measured.get('git cat-file'), measured.get('git log -p')]
  const name =
    basename(repository) === 'repo' || basename(repository) === '.git'
      ? basename(dirname(repository))
      : basename(repository)
  const rows = [...measured].map(([what, one]) => ({
    what,
    ...one,
    perCatFile: ratio(one.wall, cat?.wall),
    perLog: ratio(one.wall, log?.wall),
    perLogCpu: ratio(one.cpu, log?.cpu),
  }))
  const conditions = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, load: round(loadavg()[0]!) }
  if (json) {
    console.log(JSON.stringify({ repository: name, conditions, rows }))
    return
  }
  const head = ['', 'wall s', 'CPU s', 'peak MB', '÷ cat-file', '÷ log -p', 'CPU ÷ log -p']
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const { what, wall, cpu, memory, perCatFile, perLog, perLogCpu } of rows)
    table.push([what, wall.toFixed(2), cpu.toFixed(2), memory, perCatFile ?? '', perLog ?? '', perLogCpu ?? ''])
  console.log(`${name} (${conditions.cpus} × ${conditions.model}, Node ${conditions.node}, load ${conditions.load})`)
  console.log(table.toString())
}

const ratio = (one: number, other: number | undefined) => (other === undefined ? undefined : round(one / other))
const round = (value: number): number => Math.round(value * 1000) / 1000
