import { describe, expect, test, vi } from 'vitest'
import { query } from '../../src/git/query.ts'
import { collect, environment, git, records } from '../../src/git/run.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

describe('the environment', () => {
  test('drops what could redirect git, keeps the rest and the user’s own configuration', () => {
    vi.stubEnv('GIT_DIR', '/elsewhere')
    vi.stubEnv('GIT_SSH_COMMAND', 'evil')
    vi.stubEnv('GIT_CONFIG_PARAMETERS', "'core.fsmonitor=evil'")
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/home/me/.gitconfig')
    vi.stubEnv('EDITOR', 'evil')
    vi.stubEnv('AUDIT_DEPS_TEST', 'kept')
    const env = environment({ folder: '/', workTree: '/top' })
    vi.unstubAllEnvs()
    for (const name of ['GIT_DIR', 'GIT_SSH_COMMAND', 'GIT_CONFIG_PARAMETERS', 'EDITOR'])
      expect(env).not.toHaveProperty(name)
    expect(env).toMatchObject({
      AUDIT_DEPS_TEST: 'kept',
      GIT_CONFIG_GLOBAL: '/home/me/.gitconfig',
      GIT_WORK_TREE: '/top',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_TERMINAL_PROMPT: '0',
    })
  })

  test('is the same for simple-git’s queries, and so are the settings', async () => {
    const made = temporaryRepository()
    made.git('config', 'core.fsmonitor', 'evil')
    const shown = ['config', '--get-all', 'core.fsmonitor']
    expect((await query({ folder: made.folder }, shown)).split('\n').at(-1)).toBe('false')
    expect((await collect({ folder: made.folder }, shown)).toString().trim().split('\n').at(-1)).toBe('false')
    vi.stubEnv('GIT_DIR', '/elsewhere')
    const found = await query({ folder: made.folder }, ['rev-parse', '--absolute-git-dir'])
    vi.unstubAllEnvs()
    expect(found).toBe(`${made.folder}/.git`)
  })
})

describe('a stream', () => {
  test('is cut into records wherever its chunks end', async () => {
    async function* chunks() {
      for (const text of ['one\0tw', 'o\0\0', '', 'thr', 'ee\0four']) yield Buffer.from(text)
    }
    const all: string[] = []
    for await (const some of records(chunks(), '\0')) all.push(...some)
    expect(all).toEqual(['one', 'two', '', 'three', 'four'])
  })

  test('that is left early ends git and what feeds it', async () => {
    const made = temporaryRepository()
    made.commit('large', { f: 'x\n'.repeat(1_000_000) })
    const oid = made.id('HEAD:f')
    let fed = 0
    let closed = false
    async function* endless() {
      try {
        for (;;) {
          fed++
          yield `${oid}\n`
        }
      } finally {
        closed = true
      }
    }
    for await (const chunk of git({ folder: made.folder }, ['cat-file', '--batch'], { input: endless() })) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await vi.waitFor(() => expect(closed).toBe(true))
    const before = fed
    await new Promise((done) => setTimeout(done, 20))
    expect(fed).toBe(before)
  })

  test('that git ends with an error throws what it said, in one bounded line, with the next step', async () => {
    const made = temporaryRepository()
    await expect(collect({ folder: made.folder }, ['rev-list', 'no\u202e-such'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringMatching(/^git rev-list failed: ambiguous argument 'no\\u202e-such'/),
      hint: expect.any(String),
    })
  })

  test('whose input fails throws the input’s error', async () => {
    const made = temporaryRepository()
    async function* broken() {
      yield '\n'
      throw new RangeError('upstream broke')
    }
    await expect(collect({ folder: made.folder }, ['cat-file', '--batch-check'], { input: broken() })).rejects.toThrow(
      'upstream broke',
    )
  })

  test('of a git that is not there says how to get one', async () => {
    vi.stubEnv('PATH', temporaryFolder())
    const running = collect({ folder: temporaryFolder() }, ['version'])
    await expect(running).rejects.toMatchObject({ code: 'GIT_FAILED', hint: expect.stringContaining('install git') })
    vi.unstubAllEnvs()
  })
})
