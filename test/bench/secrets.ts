// Secrets in whole histories, beside what git itself needs to print them and beside other scanners that are on the
// PATH; in turns, so that whatever else the machine does falls on all alike. Ours is the built binary: run `npm run
// build` first. Peers run with verification off. What is written goes to /dev/null; GNU time measures.

import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

/** @returns the exit code: 0, for numbers are no verdict; 1 where a run did not do its work */
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
    for (const repository of positionals)
      report(repository, await measureAll(resolve(repository), folder, values), values.json)
    return 0
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
): Promise<ReadonlyMap<string, Measured>> {
  const commands = [...ours(cli, repository), ...gits(repository), ...peers(repository)]
  const best = new Map<string, Measured>()
  for (let round = 0; round < Number(rounds); round++)
    for (const command of commands) {
      const measured = await measure(command, folder)
      const known = best.get(command.name)
      if (known === undefined || measured.wall < known.wall) best.set(command.name, measured)
    }
  return best
}

function ours(cli: string, repository: string): Command[] {
  const command = (name: string, ...more: string[]): Command => ({
    name,
    program: process.execPath,
    args: [cli, 'secrets', repository, '--format', 'json', ...more],
    // 3: something stayed unread, as in every shallow clone.
    fine: [0, 1, 3],
  })
  return [command('pack'), command('stream', '--engine', 'stream')]
}

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

async function measure({ name, program, args, fine }: Command, folder: string): Promise<Measured> {
  const file = join(folder, 'time')
  const child = spawn('/usr/bin/time', ['--quiet', '-o', file, '-f', '%e %U %S %M', program, ...args], {
    stdio: 'ignore',
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
  const [cat, log] = [measured.get('git cat-file')!, measured.get('git log -p')!]
  const name =
    basename(repository) === 'repo' || basename(repository) === '.git'
      ? basename(dirname(repository))
      : basename(repository)
  const rows = [...measured].map(([what, one]) => ({
    what,
    ...one,
    perCatFile: round(one.wall / cat.wall),
    perLog: round(one.wall / log.wall),
    perLogCpu: round(one.cpu / log.cpu),
  }))
  const conditions = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, load: round(loadavg()[0]!) }
  if (json) {
    console.log(JSON.stringify({ repository: name, conditions, rows }))
    return
  }
  const head = ['', 'wall s', 'CPU s', 'peak MB', '÷ cat-file', '÷ log -p', 'CPU ÷ log -p']
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const { what, wall, cpu, memory, perCatFile, perLog, perLogCpu } of rows)
    table.push([what, wall.toFixed(2), cpu.toFixed(2), memory, perCatFile, perLog, perLogCpu])
  console.log(`${name} (${conditions.cpus} × ${conditions.model}, Node ${conditions.node}, load ${conditions.load})`)
  console.log(table.toString())
}

const round = (value: number): number => Math.round(value * 1000) / 1000
