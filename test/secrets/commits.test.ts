// `--commits` where it is made for: hooks that decide about a push, before (here) and behind (there) the wire.

import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binary, cli } from '../support/cli.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

const secret = ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join('')

test('a pre-receive hook reads what is pushed while git still keeps it apart', () => {
  const server = join(temporaryFolder(), 'server.git')
  const made = temporaryRepository()
  made.commit('one', { 'a.txt': 'harmless\n' })
  made.git('init', '--quiet', '--bare', server)
  const cache = temporaryFolder()
  const hook = join(server, 'hooks/pre-receive')
  writeFileSync(
    hook,
    `#!/bin/sh
while read old new ref; do git rev-list "$new" --not --all; done |
  XDG_CACHE_HOME='${cache}' '${process.execPath}' '${binary}' secrets --commits --no-color
`,
  )
  chmodSync(hook, 0o755)
  const push = () => execFileSync('git', ['push', '--quiet', server, 'HEAD:main'], { cwd: made.folder, stdio: 'pipe' })
  push()
  made.commit('two', { 'a.txt': `token = "${secret}"\n` })
  expect(push).toThrow(/GitHub personal access token/)
  made.git('reset', '--quiet', '--hard', 'HEAD~1')
  made.commit('three', { 'a.txt': 'harmless again\n' })
  push()
}, 60_000)

describe('by hand', () => {
  const run = (folder: string, input: string, ...args: string[]) =>
    cli(['secrets', '--commits', '--format', 'json', ...args], { cwd: folder, input })

  test('what a commit brought fails, what was there before does not', async () => {
    const made = temporaryRepository()
    made.commit('one', { 'a.txt': `token = "${secret}"\n` })
    made.commit('two', { 'a.txt': `token = "${secret}"\nmore\n` })
    expect((await run(made.folder, `${made.id('HEAD~1')}\n`)).code).toBe(1)
    expect((await run(made.folder, `${made.id('HEAD~1')}\n${made.id('HEAD')}\n`)).code).toBe(1)
    const { code, stdout } = await run(made.folder, `${made.id('HEAD')}\n`)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).findings).toMatchObject([{ introduced: false }])
    expect((await run(made.folder, '')).code).toBe(0)
  })

  test('what is no id, not there, or asked for in two ways is said', async () => {
    const made = temporaryRepository()
    made.commit('one', { 'a.txt': 'harmless\n' })
    expect(await run(made.folder, 'HEAD\n')).toMatchObject({ code: 2, stderr: expect.stringMatching(/no commit's id/) })
    expect((await run(made.folder, `${'0123456789'.repeat(4)}\n`)).code).toBe(3)
    expect((await run(made.folder, '', '--staged')).code).toBe(2)
    expect((await run(temporaryFolder(), '')).code).toBe(2)
  })
})
