// The lockfile scanner and phantom packages on a project of 1,500 packages against a loopback registry: a warm cache, a
// cold one beside a bare loop of the same requests, no network at all; and every reader on 5,000 packages. Each audit is
// a process of its own (the built binary: run `npm run build` first), with a home and cache of its own.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type RegistryServer, startRegistryServer } from '../support/registry-server.ts'
import { bigLockfiles, projectOf, registryOf } from './deps/project.ts'

const goals = { warm: 1_000, warmMemory: 300, cold: 1.3, offline: 500, reader: 300 } as const

/** Set by the bench on its own processes: they say what memory and processor time they took, on a pipe of their own. */
const memoryProbe = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))",
)}`

interface Measured {
  readonly ms: number
  /** Of its threads together; beside others on a machine it tells more than `ms`. */
  readonly processorMs: number
  /** In MB. */
  readonly memory: number
  readonly stdout: string
  readonly code: number | null
}

/** @returns the exit code: 0, for numbers are no verdict; 1 where an audit did not do its work */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      cli: { type: 'string', default: join(import.meta.dirname, '../../dist/cli.js') },
      packages: { type: 'string', default: '1500' },
      rounds: { type: 'string', default: '3' },
      latency: { type: 'string', default: '20' },
    },
  })
  const count = Number(values.packages)
  const rounds = Number(values.rounds)
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-bench-'))
  const { packages, downloads } = registryOf(count)
  const table = new Table({
    head: ['what', 'measured', 'goal', 'processor', 'memory'],
    style: { head: [], border: [] },
  })
  try {
    write(join(folder, 'project'), projectOf(count))
    const audit = (registry: RegistryServer, cache: string, ...more: string[]) =>
      measure(join(folder, cache), [
        ...[values.cli, 'deps', join(folder, 'project'), '--registry', registry.url, '--format', 'json', ...more],
      ])
    const options = { downloads, advisories: {}, latencyMs: Number(values.latency) }

    const cold = await best(rounds, async (round) => {
      const registry = await startRegistryServer(packages, options)
      const ours = await audit(registry, `cold-${round}`).finally(() => registry.close())
      return { ...check(ours), requests: registry.requests.length }
    })
    const bare = await best(rounds, async () => {
      const registry = await startRegistryServer(packages, options)
      const urls = registry.requests.length > 0 ? [] : Object.keys(packages).map((name) => name.replace('/', '%2f'))
      return measure(join(folder, 'bare'), ['--input-type=module', '-e', bareLoop(registry.url, urls)]).finally(() =>
        registry.close(),
      )
    })
    table.push([
      `cold, ${options.latencyMs} ms latency (${cold.requests} requests; a bare loop: ${Math.round(bare.ms)} ms)`,
      `${Math.round(cold.ms)} ms = ${(cold.ms / bare.ms).toFixed(2)} times`,
      `${goals.cold} times`,
      `${cold.processorMs} ms (${bare.processorMs} ms)`,
      `${cold.memory} MB`,
    ])

    const warm = await best(rounds, async () => {
      const registry = await startRegistryServer(packages, options)
      await audit(registry, 'warm')
      const before = registry.requests.length
      const ours = await audit(registry, 'warm').finally(() => registry.close())
      if (registry.requests.length > before)
        console.error(`a warm run asked ${registry.requests.length - before} times`)
      return check(ours)
    })
    table.push([
      'warm cache, full audit',
      `${Math.round(warm.ms)} ms`,
      `${goals.warm} ms, ${goals.warmMemory} MB`,
      `${warm.processorMs} ms`,
      `${warm.memory} MB`,
    ])

    const offline = await best(rounds, async () => {
      const ours = await measure(join(folder, 'offline'), [
        ...[values.cli, 'deps', join(folder, 'project'), '--offline', '--format', 'json'],
      ])
      return check(ours)
    })
    table.push([
      'offline',
      `${Math.round(offline.ms)} ms`,
      `${goals.offline} ms`,
      `${offline.processorMs} ms`,
      `${offline.memory} MB`,
    ])

    for (const { format, ms, packages: read } of await readers(rounds))
      table.push([`reads ${read} packages of ${format}`, `${Math.round(ms)} ms`, `${goals.reader} ms`, '', ''])
    console.log(`${count} packages, best of ${rounds}\n${table.toString()}`)
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function readers(rounds: number): Promise<{ format: string; ms: number; packages: number }[]> {
  const { parseLockfile } = await import('../../src/project/lockfile.ts')
  const { parseManifest } = await import('../../src/project/manifest.ts')
  const found = []
  for (const { format, name, text, manifest } of bigLockfiles(5_000)) {
    const root = parseManifest(manifest, 'package.json').parsed!.manifest
    const one = await best(rounds + 1, async () => {
      const started = performance.now()
      const lockfile = await parseLockfile(text, name, [root])
      const ms = performance.now() - started
      if (!('packages' in lockfile)) throw new Error(`${format}: ${lockfile.why}`)
      if (lockfile.problems?.length !== 0) throw new Error(`${format}: not every package was understood`)
      return { ms, packages: lockfile.packages.length }
    })
    found.push({ format, ...one })
  }
  return found
}

async function best<T extends { readonly ms: number }>(
  rounds: number,
  measureOnce: (round: number) => Promise<T>,
): Promise<T> {
  let found = await measureOnce(0)
  for (let round = 1; round < rounds; round++) {
    const next = await measureOnce(round)
    if (next.ms < found.ms) found = next
  }
  return found
}

/** An audit that found something else than nothing, or missed something, measures something else. */
function check(measured: Measured): Measured {
  const report = JSON.parse(measured.stdout) as { verdict: string; coverage: { state: string; required: boolean }[] }
  const unread = report.coverage.filter(({ state, required }) => required && state !== 'complete')
  if (measured.code !== 0)
    console.error(`the audit ended with ${measured.code}: ${JSON.stringify(unread).slice(0, 500)}`)
  return measured
}

async function measure(home: string, args: readonly string[]): Promise<Measured> {
  mkdirSync(home, { recursive: true })
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', memoryProbe, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const [stdout, usage, code] = await Promise.all([
    text(child.stdout!),
    text(child.stdio[3] as NodeJS.ReadableStream & AsyncIterable<Buffer>),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ])
  const ms = performance.now() - started
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(usage) as NodeJS.ResourceUsage
  const processorMs = Math.round((userCPUTime + systemCPUTime) / 1000)
  return { ms, processorMs, memory: Math.round(maxRSS / 1024), stdout, code }
}

/** The same documents, as many at a time as the client asks for (64), parsed and thrown away. */
const bareLoop = (registry: string, paths: readonly string[]): string => `
  import { Agent, get } from 'node:http'
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const queue = ${JSON.stringify(paths)}
  const ask = (path) => new Promise((done, failed) => get(${JSON.stringify(registry)} + path, { agent }, (response) => {
    const chunks = []
    response.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(JSON.parse(Buffer.concat(chunks)))).on('error', failed)
  }).on('error', failed))
  const worker = async () => { for (let path = queue.pop(); path !== undefined; path = queue.pop()) await ask(path) }
  await Promise.all(Array.from({ length: 64 }, worker))
  agent.destroy()
`

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}
