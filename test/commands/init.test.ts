// `audit-deps init` as people and CI call it: shown first, asked, and what its exit codes say.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

test('without a terminal nothing is written, and exit 2 says why', async () => {
  const cwd = temporaryFolder()
  const shown = await cli(['init', '--agent'], { cwd })
  expect(shown.code).toBe(2)
  expect(shown.stdout).toMatch(/create \.audit-deps\/agent-hook\.cjs\n {2}\+ /)
  expect(shown.stderr).toContain('give --yes, or --dry-run')
  const dry = await cli(['init', '--agent', '--dry-run'], { cwd })
  expect(dry).toMatchObject({ code: 0, stdout: shown.stdout })
  expect(existsSync(join(cwd, '.claude'))).toBe(false)
})

test('what is there is shown as lines that come and go; taken back, the folders go too', async () => {
  const cwd = temporaryFolder()
  const file = join(cwd, '.claude/settings.json')
  mkdirSync(join(cwd, '.claude'))
  writeFileSync(file, '{\n  "model": "x"\n}\n')
  const written = await cli(['init', '--agent', '--yes'], { cwd })
  expect(written.code, written.stderr).toBe(0)
  expect(written.stdout).toMatch(/change \.claude\/settings\.json\n {2}\+ {3}"hooks": .*"onFailure":"block"/)
  expect(written.stdout).not.toContain('- ')
  expect((await cli(['init', '--agent', '--yes'], { cwd })).stdout).toContain('nothing to write')
  const removed = await cli(['init', '--remove', '--yes'], { cwd })
  expect(removed.stdout).toMatch(/delete \.audit-deps\/agent-hook\.cjs[\s\S]*taken back: 2 files/)
  expect(readFileSync(file, 'utf8')).toBe('{\n  "model": "x"\n}\n')
  expect(existsSync(join(cwd, '.audit-deps'))).toBe(false)
})

test('the agent hook that is written answers by way of our binary', async () => {
  const cwd = temporaryFolder()
  await cli(['init', '--agent', '--yes'], { cwd })
  const root = join(import.meta.dirname, '../..')
  mkdirSync(join(cwd, 'node_modules/audit-deps/dist'), { recursive: true })
  writeFileSync(join(cwd, 'node_modules/audit-deps/package.json'), '{"type":"module"}')
  writeFileSync(join(cwd, 'node_modules/audit-deps/dist/cli.js'), `await import('${root}/dist/cli.js')\n`)
  const ask = (command: string) =>
    cli([], {
      command: [process.execPath, join(cwd, '.audit-deps/agent-hook.cjs')],
      env: { CLAUDE_PROJECT_DIR: cwd },
      input: JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command }, cwd }),
    })
  expect(await ask('ls')).toMatchObject({ code: 0, stdout: '' })
  const said = JSON.parse((await ask('npm i left-pad')).stdout).hookSpecificOutput
  expect(said).toMatchObject({ permissionDecision: 'deny', permissionDecisionReason: expect.stringMatching(/ → /) })
})

test('a pre-commit hook stops a commit with a secret in it', async () => {
  const { folder, git, write } = temporaryRepository()
  expect((await cli(['init', '--git', '--yes'], { cwd: folder })).code).toBe(0)
  const secret = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n')
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, '../../dist/cli.js')}' "$@"\n`
  writeFileSync(join(folder, 'node_modules/.bin/audit-deps'), program, { mode: 0o755 })
  const commit = async () => {
    git('add', '.')
    const identity = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b.c',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b.c',
    }
    return (await cli(['commit', '-qm', 'x'], { command: ['git'], cwd: folder, env: identity })).code
  }
  write('a.js', 'const a = 1\n')
  expect(await commit()).toBe(0)
  write('b.js', `const token = '${secret}'\n`)
  expect(await commit()).toBe(1)
})

test('help, and a folder without a manifest', async () => {
  expect((await cli(['init', '--help'])).stdout).toMatch(/--remove[\s\S]*Examples:[\s\S]*Exit codes:/)
  const { code, stderr } = await cli(['init', '--yes'], { cwd: temporaryFolder() })
  expect(code).toBe(2)
  expect(stderr).toContain('no package.json')
})
