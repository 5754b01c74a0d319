// More of what may go wrong around an install, with the npm that is there.

import { chmodSync, existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { managerNamed } from '../guard/support/managers.ts'
import { Bench, filesIn } from '../guard/support/matrix.ts'
import { startGuardRegistry } from '../guard/support/registry.ts'
import { shim } from '../guard/support/shim.ts'
import type { Verdaccio } from '../support/verdaccio.ts'

const manager = managerNamed('npm')

describe.skipIf('missing' in manager)('around npm', () => {
  let registry: Verdaccio
  beforeAll(async () => {
    registry = await startGuardRegistry()
  })
  afterAll(() => registry?.close())

  const bench = (): Bench => {
    if ('missing' in manager) throw new Error(manager.missing)
    const made = new Bench(manager, registry.url)
    onTestFinished(() => made.close())
    return made
  }

  test('a name that does not exist: npm’s words, and ours', async () => {
    const one = bench()
    const folder = one.project()
    const before = filesIn(folder)
    const ran = await one.guarded(folder, ['npm', 'install', 'nobody-has-this-example'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/E404[\s\S]*nothing was installed[\s\S]*✗ nobody-has-this-example: .*does not exist/)
    expect(filesIn(folder)).toEqual(before)
  })

  test('words that a shell would love reach npm as words', async () => {
    const one = bench()
    const folder = one.project()
    for (const spec of ['tidy; touch $MARKER', '$(touch $MARKER)', '`touch $MARKER`', 'C:\\evil & calc'])
      expect((await one.guarded(folder, ['npm', 'install', spec])).code).not.toBe(0)
    expect(existsSync(one.marker)).toBe(false)
    expect(Object.keys(filesIn(folder))).toEqual(['package.json'])
  })

  test('an install that fails takes manifest and lockfile back', async () => {
    const one = bench()
    const folder = one.project()
    const before = filesIn(folder)
    chmodSync(folder, 0o755)
    const { PATH } = shim(one, 'fail')
    const ran = await one.guarded(folder, ['npm', 'install', 'tidy-top-example'], { PATH })
    expect(ran.code).toBe(7)
    expect(filesIn(folder)).toEqual(before)
  })

  test('a registry that is down blocks npm ci; --allow-unverified lets it go on, and says so', async () => {
    const one = bench()
    const folder = one.project({ 'tidy-top-example': '^1.0.0' })
    expect((await one.plainly(folder, ['npm', 'install'])).code).toBe(0)
    const down = {
      npm_config_prefer_offline: 'true',
      HTTP_PROXY: 'http://127.0.0.1:9/',
      http_proxy: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
    }
    const blocked = await one.guarded(folder, ['npm', 'ci'], down)
    expect([blocked.code, blocked.stderr]).toEqual([3, expect.stringMatching(/blocked[\s\S]*--allow-unverified/)])
    const let_ = await one.guarded(folder, ['npm', '--allow-unverified', 'ci'], down)
    expect(let_.stderr).toMatch(/! .*NOT VERIFIED/)
    expect(let_.code, let_.stderr).toBe(0)
  })
})
