// npm begun ahead: it does nothing before our word, and everything as always after it.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Pending, pendingCapture, pendingInherit } from '../../src/guard/pending.ts'
import type { Captured } from '../../src/guard/run.ts'
import { binary } from '../support/cli.ts'
import { temporaryFolder } from '../support/repository.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

/** An npm of three lines, laid out as npm is: a command that links to its script, and a library. */
function fakeNpm(firstLine = '#!/usr/bin/env node'): { readonly env: NodeJS.ProcessEnv; readonly loaded: string } {
  const loaded = join(folder, 'loaded')
  const text = {
    'lib/node_modules/npm/bin/npm-cli.js': `${firstLine}
require('fs').writeFileSync('began', '')
console.log(JSON.stringify([process.argv[1], ...process.argv.slice(2), require.main.filename]))
process.exitCode = 5`,
    'lib/node_modules/npm/lib/npm.js': `require('fs').writeFileSync(${JSON.stringify(loaded)}, '')`,
  }
  for (const [path, content] of Object.entries(text)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content, { mode: 0o755 })
  }
  mkdirSync(join(folder, 'bin'))
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'bin', 'npm'))
  const PATH = [join(folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
  return { env: { PATH }, loaded }
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 400) throw new Error('it never came to that')
    await new Promise((soon) => setTimeout(soon, 25))
  }
}
const wait = (ms: number) => new Promise((soon) => setTimeout(soon, ms))
const began = (): boolean => existsSync(join(folder, 'began'))

describe('npm as it is installed', () => {
  test('loads itself, waits, and runs as if called by name', async () => {
    const { env, loaded } = fakeNpm()
    const pending = pendingCapture('npm', ['ci', '--a b'], { cwd: folder, env })
    await until(() => existsSync(loaded))
    await wait(200)
    expect(began()).toBe(false)
    const { code, stdout } = await pending.go()
    expect([code, JSON.parse(stdout)]).toEqual([
      5,
      [join(folder, 'bin/npm'), 'ci', '--a b', join(folder, 'lib/node_modules/npm/bin/npm-cli.js')],
    ])
  })

  test('that is not needed never begins', async () => {
    const { env, loaded } = fakeNpm()
    const pending = pendingInherit('npm', ['install'], { cwd: folder, env })
    await until(() => existsSync(loaded))
    pending.stop()
    expect(await pending.go()).toBe(128 + 9)
    expect(began()).toBe(false)
  })

  test('whose user goes away never begins', async () => {
    const { env, loaded } = fakeNpm()
    // A wrapper that is killed before it has said anything.
    const words = ['--require', join(dirname(binary), 'guard', 'gate.cjs'), join(folder, 'bin', 'npm'), 'install']
    const options = { cwd: folder, env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }
    const script = `require('node:child_process').spawn('node', ${JSON.stringify(words)}, ${JSON.stringify(options)})
setInterval(() => {}, 1000)`
    const wrapper = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
    await until(() => existsSync(loaded))
    wrapper.kill('SIGKILL')
    await wait(300)
    expect(began()).toBe(false)
  })
})

describe('what would be run in another way begins when it may', () => {
  const run = async (pending: Pending<Captured>): Promise<Captured> => {
    await wait(150)
    expect(began()).toBe(false)
    return pending.go()
  }

  test('an npm with another interpreter', async () => {
    const { env, loaded } = fakeNpm(`#!${process.execPath}`)
    const { code } = await run(pendingCapture('npm', [], { cwd: folder, env }))
    expect([code, began(), existsSync(loaded)]).toEqual([5, true, false])
  })

  test('a script of somebody’s in front of npm', async () => {
    const { env } = fakeNpm()
    const shim = join(folder, 'shim')
    mkdirSync(shim)
    writeFileSync(join(shim, 'npm'), '#!/bin/sh\necho shim; exit 3\n', { mode: 0o755 })
    const PATH = [shim, env.PATH].join(delimiter)
    expect(await run(pendingCapture('npm', [], { cwd: folder, env: { PATH } }))).toMatchObject({
      code: 3,
      stdout: 'shim\n',
    })
  })

  test('another program, and one that is not there', async () => {
    const { env } = fakeNpm()
    expect(await run(pendingCapture('echo', ['a b'], { cwd: folder, env }))).toMatchObject({ code: 0, stdout: 'a b\n' })
    await expect(run(pendingCapture('npm', [], { cwd: folder, env: { PATH: '/nonexistent' } }))).rejects.toThrow(
      'npm is not there',
    )
  })
})
