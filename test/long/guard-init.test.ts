// What `audit-deps init` writes, run by the real managers against a loopback registry: what is fine is installed, what
// is bad, also as somebody's dependency, leaves no package and runs no script; and without audit-deps nothing goes.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apply, planInit } from '../../src/guard/init.ts'
import { type ManagerName, managerNamed } from '../guard/support/managers.ts'
import { type Action, Bench, installed, wordsOf } from '../guard/support/matrix.ts'
import { startGuardRegistry, turnBad } from '../guard/support/registry.ts'
import { binary } from '../support/cli.ts'
import type { Verdaccio } from '../support/verdaccio.ts'

/** The actions that each door stops; of the others init says what to use. */
const doors: readonly (readonly [name: ManagerName, named: string, stops: readonly Action[]])[] = [
  ['npm 12', 'npm@12.2.0', ['install', 'frozen']],
  ['pnpm 10', 'pnpm@10.34.9', ['install', 'add', 'frozen']],
  ['pnpm 12', 'pnpm@12.21.0', ['install', 'add', 'frozen']],
  ['yarn 1', 'yarn@1.22.22', ['install', 'frozen']],
  ['bun 1', 'bun@1.4.5', ['install', 'add', 'frozen']],
]

const tidy = { 'tidy-top-example': '^1.0.0' }
const bad = { 'carrier-example': '^1.0.0' }
let registry: Verdaccio
beforeAll(async () => {
  registry = await startGuardRegistry()
  await turnBad(registry)
})
afterAll(() => registry?.close())

for (const [name, named, stops] of doors) {
  const manager = managerNamed(name)
  if ('missing' in manager) {
    test.skip(`${name}: not to be had here: ${manager.missing}`, () => {})
    continue
  }
  describe(name, () => {
    const benches: Bench[] = []
    afterAll(() => {
      for (const one of benches) one.close()
    })
    const opened = (): Bench => {
      const one = new Bench(manager, registry.url)
      benches.push(one)
      return one
    }

    const isPnpm = name.startsWith('pnpm')
    test.each(stops)('%s', async (action) => {
      const one = opened()
      const words = wordsOf(name)
      const command = action === 'add' ? words.add : action === 'frozen' ? () => words.frozen : () => words.install
      const start = async (dependencies: Readonly<Record<string, string>>): Promise<string> => {
        const folder = one.project(action === 'add' ? {} : dependencies)
        const manifest = join(folder, 'package.json')
        // pnpm 12 would fetch the one that is named.
        if (isPnpm) writeFileSync(join(folder, 'pnpm-workspace.yaml'), "savePrefix: '^'\n")
        else
          writeFileSync(
            manifest,
            JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), packageManager: named }),
          )
        // Without a lockfile npm and yarn cannot tell beforehand what comes along.
        if (action === 'frozen' || name === 'npm 12' || name === 'yarn 1') await one.plainly(folder, words.lock)
        rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
        rmSync(one.marker, { force: true })
        await apply(folder, await planInit(folder, {}, one.environment()))
        // The lockfile holds a checksum of pnpm's file: locked with it, by an audit-deps that let everything pass.
        if (isPnpm && action === 'frozen') await one.plainly(folder, words.lock, withUs(one, permissive(one)))
        return folder
      }
      const good = await start(tidy)
      const done = await one.plainly(good, command('tidy-top-example'), withUs(one))
      expect(done.code, done.stdout + done.stderr).toBe(0)
      expect(installed(good)).toContain('tidy-leaf-example')

      const folder = await start(bad)
      const ran = await one.plainly(folder, command('carrier-example'), withUs(one))
      expect(ran.code, ran.stdout + ran.stderr).not.toBe(0)
      expect(existsSync(one.marker), 'its script ran').toBe(false)
      expect(existsSync(join(folder, 'node_modules/bad-leaf-example'))).toBe(false)

      const without = await start(tidy)
      const missed = await one.plainly(without, command('tidy-top-example'))
      expect(missed.code, missed.stdout + missed.stderr).not.toBe(0)
      expect((missed.stdout + missed.stderr).replace(/[\s│]+/g, ' ')).toContain('audit-deps is missing')
    })
  })
}

/** audit-deps in PATH: ours, or another one. */
function withUs(one: Bench, program = binary): NodeJS.ProcessEnv {
  const folder = join(one.root, program === binary ? 'us' : 'them')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, 'audit-deps'))) symlinkSync(program, join(folder, 'audit-deps'))
  return { PATH: [folder, one.environment().PATH].join(delimiter) }
}

/** As ours was before it knew better. */
function permissive(one: Bench): string {
  const folder = join(one.root, 'permissive')
  mkdirSync(join(folder, 'guard'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'guard/door.js'), 'export const openDoor = async () => async () => []\n')
  writeFileSync(join(folder, 'cli.js'), '')
  return join(folder, 'cli.js')
}
