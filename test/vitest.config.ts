import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'

/** One plain closing line for CI, and the names of tests that did not run: a skip is never silent. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const ended = (state: string) => tests.filter((test) => test.result().state === state)
    for (const test of ended('skipped')) console.log(`skipped: ${test.fullName}`)
    const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((state) => ended(state).length)
    console.log(`\nTests: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  },
}

/** Small files that take long begin early: else one of them runs at the end, by itself. */
class SlowFirst extends BaseSequencer {
  private readonly slow = /\/(?:package|wrapper|speed|engines|commits)\.test\.ts$/

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLate = ({ moduleId, project }: TestSpecification) => project.name === 'sharing' && !this.slow.test(moduleId)
    return [...sorted.filter((file) => !isLate(file)), ...sorted.filter(isLate)]
  }
}

/** For whatever a test does not give a cache of its own: the developer's stays as it is. */
const cache = mkdtempSync(join(tmpdir(), 'audit-deps-test-cache-'))
process.on('exit', () => rmSync(cache, { recursive: true, force: true }))

/** Who puts something in a module's place would leave it to the next; who measures, would measure the others' litter. */
const alone = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => /^vi\.mock\(|\b(?:cpu|memory)Usage\(/m.test(readFileSync(join(import.meta.dirname, path), 'utf8')))
  .map((path) => `test/${path}`)
const exclude = ['test/long/**']

const each = {
  root: new URL('..', import.meta.url).pathname,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // The suite answers the same whatever the developer's shell or CI sets.
  env: { FORCE_COLOR: '0', CI: '', XDG_CACHE_HOME: cache },
}

export default defineConfig({
  test: {
    ...each,
    reporters: ['default', closingLine],
    sequence: { sequencer: SlowFirst },
    // Real git, npm and Verdaccio run in these tests: two workers fit the smallest CI machine.
    maxWorkers: 2,
    projects: [
      { test: { ...each, name: 'alone', include: alone, exclude } },
      // All others share what a worker has loaded and compiled: no module of ours keeps a state.
      {
        test: {
          ...each,
          name: 'sharing',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...alone],
          isolate: false,
        },
      },
    ],
  },
})
