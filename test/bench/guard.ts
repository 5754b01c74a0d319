// What the guard adds: `npm install` of 300 packages with warm caches, and `npm ci` of a lockfile that was vetted
// before. A loopback registry, the npm in PATH, the built binary; medians of a few rounds, ours and npm's in turn.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { managerNamed } from '../guard/support/managers.ts'
import { Bench } from '../guard/support/matrix.ts'
import { startVerdaccio } from '../support/verdaccio.ts'

/** Issue 7: at most so much more. */
const goals = { install: '15 %', ci: '150 ms' } as const

/** @returns the exit code: 0, for a busy machine is no verdict */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { packages: { type: 'string', default: '300' }, rounds: { type: 'string', default: '5' } },
  })
  const manager = managerNamed('npm')
  if ('missing' in manager) throw new Error(manager.missing)
  const registry = await startVerdaccio()
  const bench = new Bench(manager, registry.url)
  try {
    const names = Array.from({ length: Number(values.packages) }, (_, index) => `bench-${index}-example`)
    // Each brings the next one along, in groups of ten: 30 direct dependencies.
    for (const [index, name] of names.entries())
      await registry.publish(
        {
          'package.json': JSON.stringify({
            name,
            version: '1.0.0',
            ...(index % 10 === 9 ? {} : { dependencies: { [`bench-${index + 1}-example`]: '^1.0.0' } }),
          }),
          'index.js': '',
        },
        '2020-01-01T00:00:00.000Z',
      )
    const direct = Object.fromEntries(names.filter((_, index) => index % 10 === 0).map((name) => [name, '^1.0.0']))
    const table = new Table({ head: ['', 'npm ms', 'guarded ms', 'more', 'goal'], style: { head: [], border: [] } })
    const fresh = await compare(bench, Number(values.rounds), ['npm', 'install'], () => bench.project(direct))
    table.push(['npm install, no lockfile', ...row(fresh), goals.install])
    const locked = bench.project(direct)
    await bench.guarded(locked, ['npm', 'install'])
    const again = () => {
      rmSync(join(locked, 'node_modules'), { recursive: true, force: true })
      return locked
    }
    table.push([
      'npm install, vetted lockfile',
      ...row(await compare(bench, Number(values.rounds), ['npm', 'install'], again)),
      goals.install,
    ])
    table.push([
      'npm ci, vetted lockfile',
      ...row(await compare(bench, Number(values.rounds), ['npm', 'ci'], again)),
      goals.ci,
    ])
    console.log(`${names.length} packages, ${values.rounds} rounds\n${table}`)
    return 0
  } finally {
    bench.close()
    await registry.close()
  }
}

interface Compared {
  readonly plain: number
  readonly guarded: number
}

async function compare(
  bench: Bench,
  rounds: number,
  command: readonly string[],
  folder: () => string,
): Promise<Compared> {
  const times = { plain: [] as number[], guarded: [] as number[] }
  // The first round only warms the caches.
  for (let round = 0; round <= rounds; round++)
    for (const way of ['plain', 'guarded'] as const) {
      const where = folder()
      const started = performance.now()
      const ran = await (way === 'plain' ? bench.plainly(where, command) : bench.guarded(where, command))
      if (ran.code !== 0) throw new Error(ran.stderr)
      if (round > 0) times[way].push(performance.now() - started)
    }
  return { plain: median(times.plain), guarded: median(times.guarded) }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

const row = ({ plain, guarded }: Compared): string[] => [
  plain.toFixed(0),
  guarded.toFixed(0),
  `${(guarded - plain).toFixed(0)} ms, ${(((guarded - plain) / plain) * 100).toFixed(0)} %`,
]
