// What may go wrong around an install, with the npm that is there: every way out leaves the project as it was.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cli } from '../support/cli.ts'
import type { Verdaccio } from '../support/verdaccio.ts'
import { managerNamed } from './support/managers.ts'
import { Bench, filesIn, installed } from './support/matrix.ts'
import { startGuardRegistry } from './support/registry.ts'
import { shim, start, until } from './support/shim.ts'

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

  test('what installs nothing is passed on, output and exit code as they are', async () => {
    const one = bench()
    const folder = one.project()
    for (const command of [
      ['npm', '--version'],
      ['npm', 'run', 'nothing-of-this-name'],
    ]) {
      const [ours, theirs] = [await one.guarded(folder, command), await one.plainly(folder, command)]
      expect([ours.code, ours.stdout]).toEqual([theirs.code, theirs.stdout])
    }
  })

  test('a command that nobody knows is not run', async () => {
    const one = bench()
    const ran = await one.guarded(one.project(), ['npm', 'instal-something', 'tidy-top-example'])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/does not cover "npm instal-something"[\s\S]*→/)])
  })

  test('a manager that is not there', async () => {
    const ran = await cli(['pnpm', 'run', 'x'], { env: { PATH: '/nonexistent' } })
    expect([ran.code, ran.stderr]).toEqual([127, expect.stringMatching(/pnpm is not there[\s\S]*→ install pnpm/)])
  })

  const stranger = async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(404).end('{}')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
  }

  describe('a registry that nobody trusts is not even asked', () => {
    test.each(['--registry=URL', '--registry URL', '--reg URL', '--@acme:registry=URL', '--userconfig=./npmrc'])(
      'named by %s',
      async (option) => {
        const { url, asked } = await stranger()
        const one = bench()
        const words = option.replace('URL', url).split(' ')
        const ran = await one.guarded(one.project(), ['npm', 'install', ...words, 'tidy-top-example'])
        expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/blocked[\s\S]*✗ --.*your user-level .npmrc/)])
        expect(asked).toEqual([])
      },
    )

    test('named by the project’s own .npmrc', async () => {
      const { url, asked } = await stranger()
      const one = bench()
      const folder = one.project()
      writeFileSync(join(folder, '.npmrc'), `@acme:registry=${url}\n`)
      const ran = await one.guarded(folder, ['npm', 'install', '@acme/thing'])
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/✗ \.npmrc: .*sends npm to/)])
      expect(asked).toEqual([])
    })
  })

  test('a registry that answers 404 for everything is doubted: nothing is called made up', async () => {
    const { url } = await stranger()
    const one = new Bench(bench().manager, url)
    onTestFinished(() => one.close())
    const ran = await one.guarded(one.project(), ['npm', 'install', 'react'])
    expect(ran.stderr).toMatch(/E404[\s\S]*✗ react: .*answers 404 for everything, even react/)
    expect([ran.code, ran.stderr]).toEqual([3, expect.not.stringMatching(/does not exist/)])
  })

  test('killed while npm resolves: no lockfile, no temporary folder', async () => {
    const one = bench()
    const folder = one.project()
    const before = filesIn(folder)
    const temporary = join(one.root, 'tmp')
    mkdirSync(temporary)
    const { PATH, started } = shim(one, 'sleep')
    const running = start(one, folder, ['npm', 'install', 'tidy-top-example'], { PATH, TMPDIR: temporary })
    await until(() => existsSync(started))
    expect(readdirSync(temporary)).not.toEqual([])
    running.child.kill('SIGTERM')
    expect(await running.code).toBe(143)
    expect(readdirSync(temporary)).toEqual([])
    expect(filesIn(folder)).toEqual(before)
  })

  test('the registry changes between the resolve and the install: what was vetted is installed', {
    timeout: 90_000,
  }, async () => {
    const one = bench()
    const folder = one.project()
    const { PATH, started, go } = shim(one, 'wait')
    const running = start(one, folder, ['npm', 'install', 'race-example'], { PATH })
    const publish = (version: string, published?: string) =>
      registry.publish(
        {
          'package.json': JSON.stringify({
            name: 'race-example',
            version,
            ...(published
              ? {}
              : { scripts: { postinstall: `node -e "require('fs').writeFileSync(process.env.MARKER,'')"` } }),
          }),
        },
        published,
      )
    await publish('1.0.0', '2020-01-01T00:00:00.000Z')
    writeFileSync(`${go}-first`, '')
    await until(() => existsSync(started))
    await publish('1.0.1')
    writeFileSync(go, '')
    expect(await running.code).toBe(0)
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    expect(lock.packages['node_modules/race-example'].version).toBe('1.0.0')
    expect(existsSync(one.marker)).toBe(false)
  })

  test('a lockfile that was vetted is remembered: npm ci asks nobody again', { timeout: 90_000 }, async () => {
    const one = bench()
    const folder = one.project({ 'tidy-top-example': '^1.0.0' })
    expect((await one.guarded(folder, ['npm', 'install'])).code).toBe(0)
    const again = await one.guarded(folder, ['npm', 'ci'])
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringMatching(/vetted/)])
    writeFileSync(join(folder, 'audit-deps.json'), JSON.stringify({ guard: { young: 'warn' } }))
    expect((await one.guarded(folder, ['npm', 'ci'])).stderr).toMatch(/vetted/)
  })

  test.each(['named on the line', 'set in .npmrc'])(
    'no memory vouches for an install without the lockfile: %s',
    {
      timeout: 90_000,
    },
    async (where) => {
      const name = where === 'set in .npmrc' ? 'set-late-example' : 'late-example'
      const publish = (version: string, scripts: object, published?: string) =>
        registry.publish({ 'package.json': JSON.stringify({ name, version, scripts }) }, published)
      await publish('1.0.0', {}, '2020-01-01T00:00:00.000Z')
      const one = bench()
      const folder = one.project({ [name]: '^1.0.0' })
      if (where === 'set in .npmrc') writeFileSync(join(folder, '.npmrc'), 'package-lock=false\n')
      expect((await one.guarded(folder, ['npm', 'install'])).code).toBe(0)
      await publish('1.0.1', { postinstall: `node -e "require('fs').writeFileSync(process.env.MARKER,'')"` })
      rmSync(join(folder, 'node_modules'), { recursive: true })
      const option = where === 'set in .npmrc' ? [] : ['--no-package-lock']
      expect((await one.guarded(folder, ['npm', 'install', ...option])).code).toBe(0)
      expect(installed(folder)).toEqual([name])
      expect(existsSync(one.marker)).toBe(false)
    },
  )
})
