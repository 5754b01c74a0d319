// The matrix as tests: each manager, each action, clean and bad, cold and warm. What could not be tried is skipped by
// name.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Verdaccio } from '../../support/verdaccio.ts'
import { type ManagerName, managerNamed } from './managers.ts'
import { type Action, actions, Bench, filesIn, installed, wordsOf } from './matrix.ts'
import { startGuardRegistry, turnBad } from './registry.ts'

const tidy = { 'tidy-top-example': '^1.0.0' }
const carrier = { 'carrier-example': '^1.0.0' }
const patient = { 'patient-example': '^1.0.0' }
const caches = ['cold', 'warm'] as const

export function matrixFor(
  names: readonly ManagerName[],
  chosen: readonly Action[] = actions,
  temperatures: readonly (typeof caches)[number][] = caches,
): void {
  const managers = names.map(managerNamed)
  let registry: Verdaccio
  /** The same, after one of its packages has turned bad. */
  let later: Verdaccio
  beforeAll(async () => {
    ;[registry, later] = await Promise.all([startGuardRegistry(), startGuardRegistry()])
    await turnBad(later)
  })
  afterAll(() => Promise.all([registry?.close(), later?.close()]))

  for (const manager of managers) {
    if ('missing' in manager) {
      test.skip(`${manager.name}: not to be had here: ${manager.missing}`, () => {})
      continue
    }
    describe(manager.name, () => {
      const words = wordsOf(manager.name)
      const benches: Bench[] = []
      const bench = (url: string): Bench => {
        const made = new Bench(manager, url)
        benches.push(made)
        return made
      }
      afterAll(() => {
        for (const one of benches) one.close()
      })

      const locked = async (one: Bench, dependencies: Readonly<Record<string, string>>): Promise<string> => {
        const folder = one.project(dependencies)
        const ran = await one.plainly(folder, words.lock)
        expect(ran.code, ran.stdout + ran.stderr).toBe(0)
        rmSync(one.marker, { force: true })
        return folder
      }
      const commandFor = (action: Action, name: string): readonly string[] => {
        if (action === 'add') return words.add(name)
        return action === 'exec' ? words.exec!(name) : words[action]
      }

      for (const action of chosen) {
        if (action === 'exec' && words.exec === undefined) continue
        // pnpm 10's dlx does not go with that setting.
        const given = action === 'exec' ? { npm_config_dangerously_allow_all_builds: undefined } : {}
        for (const temperature of temperatures) {
          test(`${action}, ${temperature}: what is fine goes through as without us`, { timeout: 240_000 }, async () => {
            const one = bench(registry.url)
            const start =
              action === 'frozen' || action === 'update'
                ? await locked(one, tidy)
                : one.project(action === 'install' ? tidy : {})
            const command = commandFor(action, 'tidy-top-example')
            const [ours, theirs] = [one.project({}, start), one.project({}, start)]
            if (temperature === 'warm') await one.plainly(one.project({}, start), command, given)
            else one.forget()
            const guarded = await one.guarded(ours, command, given)
            expect(guarded.code, guarded.stdout + guarded.stderr).toBe(0)
            const plain = await one.plainly(theirs, command, given)
            expect(plain.code, plain.stdout + plain.stderr).toBe(0)
            if (action === 'exec') {
              const said = guarded.stdout.trim().split('\n').at(-1)!
              expect(JSON.parse(said)).toEqual([ours, 'one', 'two words'])
            }
            for (const file of ['package.json', words.lockfile])
              expect(filesIn(ours)[file], `${file}\n${guarded.stderr}`).toBe(filesIn(theirs)[file])
            expect(installed(ours)).toEqual(installed(theirs))
          })

          test(`${action}, ${temperature}: what is bad leaves nothing`, { timeout: 240_000 }, async () => {
            const one = bench(later.url)
            const start = await beginning(one, action)
            if (temperature === 'cold') one.forget()
            else {
              await one.plainly(one.project({}, start), commandFor(action, 'carrier-example'), given)
              expect(existsSync(one.marker), 'without us its script runs').toBe(words.runsScripts.includes(action))
            }
            rmSync(one.marker, { force: true })
            const folder = one.project({}, start)
            const before = filesIn(folder)
            const ran = await one.guarded(folder, commandFor(action, 'carrier-example'), given)
            expect(ran.stderr).toMatch(/blocked: [\s\S]*✗ bad-leaf-example@1\.1\.0: .* → wait until/)
            expect(ran.code).toBe(1)
            expect(existsSync(one.marker), 'its script ran').toBe(false)
            expect(filesIn(folder)).toEqual(before)
          })
        }
      }

      /** A project in which the action would bring the bad one. */
      async function beginning(one: Bench, action: Action): Promise<string> {
        if (action === 'install') return one.project(carrier)
        if (action === 'frozen') return locked(one, carrier)
        if (action !== 'update') return one.project()
        // Locked while it was still good.
        const folder = await locked(bench(registry.url), patient)
        const lockfile = join(folder, words.lockfile)
        writeFileSync(lockfile, readFileSync(lockfile, 'utf8').replaceAll(registry.url, later.url))
        return folder
      }
    })
  }
}
