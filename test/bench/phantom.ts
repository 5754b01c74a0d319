// The phantom scanner on a project of 2,000 source files and 1,500 packages, and on 300 imports whose exports are
// checked. The project is generated, its packages answer on a loopback registry; no name leaves the machine.
// Goals: collect in at most 1.5 s, a warm run in at most 2 s, the exports of 300 imports in at most 1 s.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { contextFor } from '../../src/audit.ts'
import { defaults } from '../../src/config.ts'
import { checkExports } from '../../src/phantom/exports/check.ts'
import { collect, phantomScanner } from '../../src/phantom/scan.ts'
import { createRegistry } from '../../src/registry/client.ts'
import type { ScanContext } from '../../src/types.ts'
import { startRegistryServer } from '../support/registry-server.ts'

const goals = { collect: 1_500, warm: 2_000, exports: 1_000 } as const

/** @returns the exit code: 1 where a goal is missed */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      sources: { type: 'string', default: '2000' },
      packages: { type: 'string', default: '1500' },
      runs: { type: 'string', default: '3' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-bench-'))
  const names = Array.from({ length: Number(values.packages) }, (_, index) => `bench-package-${index}`)
  const server = await startRegistryServer(
    Object.fromEntries(
      names.map((name) => [name, { versions: { '1.0.0': { published: '2020-01-01T00:00:00.000Z' } } }]),
    ),
  )
  try {
    const root = join(folder, 'project')
    writeProject(root, names, Number(values.sources))
    const measured = await measure(root, join(folder, 'home'), server.url, Number(values.runs))
    const exports = await measureExports(join(folder, 'exports'), Number(values.runs))
    return report({ ...measured, exports }, values)
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Measured = { readonly cold: number } & { readonly [K in keyof typeof goals]: number }

function report(measured: Measured, { sources, packages, runs }: { sources: string; packages: string; runs: string }) {
  const table = new Table({ head: ['', 'ms', 'goal'], style: { head: [], border: [] } })
  table.push(['collect', Math.round(measured.collect), goals.collect])
  table.push(['cold run, loopback', Math.round(measured.cold), ''])
  table.push(['warm run', Math.round(measured.warm), goals.warm])
  table.push(['exports of 300 imports', Math.round(measured.exports), goals.exports])
  console.log(`${sources} source files, ${packages} packages; median of ${runs} runs`)
  console.log(table.toString())
  return Object.entries(goals).some(([what, goal]) => measured[what as keyof typeof goals] > goal) ? 1 : 0
}

/** Each source file imports eight packages, three files and two built-ins, and holds some 3 kB of ordinary code. */
function writeProject(root: string, names: readonly string[], count: number): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const direct = names.filter((_, index) => index % 10 === 0)
  const dependencies = Object.fromEntries(direct.map((name) => [name, '^1.0.0']))
  write('package.json', JSON.stringify({ name: 'bench', private: true, dependencies }, null, 2))
  const locked = names.map((name) => [
    `node_modules/${name}`,
    { version: '1.0.0', resolved: `https://registry.example/${name}/-/${name}-1.0.0.tgz`, integrity: 'sha512-AAAA' },
  ])
  const packages = { '': { name: 'bench', dependencies }, ...Object.fromEntries(locked) }
  write('package-lock.json', JSON.stringify({ name: 'bench', lockfileVersion: 3, requires: true, packages }, null, 2))
  const code = Array.from(
    { length: 40 },
    (_, line) =>
      `  const value${line} = items.filter((item) => item.size > ${line}).map((item) => item.name + '${line}')`,
  ).join('\n')
  for (let index = 0; index < count; index++) {
    const imports = Array.from({ length: 8 }, (_, at) => {
      const name = direct[(index * 7 + at * 13) % direct.length]!
      return `import { thing${at} } from '${name}${at === 0 ? '/deep' : ''}'`
    })
    const files = [1, 2, 3].map((at) => `import other${at} from './file${(index + at) % count}.js'`)
    write(
      `src/folder${index % 50}/file${index}.ts`,
      `import { readFile } from 'node:fs/promises'\nimport path from 'path'\n${[...imports, ...files].join('\n')}\nexport function run(items: { size: number; name: string }[]) {\n${code}\n}\n`,
    )
  }
  for (let index = 0; index < 50; index++)
    write(
      `docs/page${index}.md`,
      `# Page\n\n${'Some prose. '.repeat(200)}\n\n\`\`\`sh\nnpm i ${direct[index % direct.length]}\n\`\`\`\n`,
    )
  for (const command of [
    ['init', '--quiet'],
    ['add', '--all'],
  ])
    execFileSync('git', command, { cwd: root })
}

async function measure(root: string, home: string, url: string, runs: number): Promise<Omit<Measured, 'exports'>> {
  const config = { ...defaults, registry: url, cache: true }
  const fresh = (): ScanContext => ({
    ...contextFor(root, config, () => {}, new Date()),
    registry: () => createRegistry({ root, config, home, environment: {} }),
  })
  const times = { collect: [] as number[], warm: [] as number[] }
  const cold = await timed(() => phantomScanner.scan(fresh()))
  for (let at = 0; at < runs; at++) {
    times.collect.push(await timed(() => collect(fresh())))
    times.warm.push(await timed(() => phantomScanner.scan(fresh())))
  }
  return { cold, collect: median(times.collect), warm: median(times.warm) }
}

/** Thirty installed packages with an ES module of fifty exports each; ten imports of each, two of them invented. */
async function measureExports(root: string, runs: number): Promise<number> {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const names = Array.from({ length: 30 }, (_, index) => `bench-exports-${index}`)
  write('package.json', JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) }))
  for (const name of names) {
    const manifest = { name, version: '1.0.0', type: 'module', exports: { '.': './index.js' } }
    write(`node_modules/${name}/package.json`, JSON.stringify(manifest))
    write(`node_modules/${name}/index.js`, "export * from './lib/all.js'\n")
    const functions = Array.from({ length: 50 }, (_, at) => `export function thing${at}(a) {\n  return a + ${at}\n}`)
    write(`node_modules/${name}/lib/all.js`, functions.join('\n'))
  }
  const imports = names.map((name) => {
    const things = [0, 1, 2, 3, 4, 5, 6, 7, 60, 61].map((at) => `thing${at}`).join(', ')
    return `import { ${things} } from '${name}'\n`
  })
  for (const [index, line] of imports.entries()) write(`src/file${index}.js`, line)
  const context = contextFor(root, { ...defaults, offline: true }, () => {}, new Date())
  const sources = await context.sources()
  const times: number[] = []
  for (let at = 0; at < runs; at++) times.push(await timed(() => checkExports(context, sources)))
  return median(times)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!
