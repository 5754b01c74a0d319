// Only what this change brings: `--since`, `--staged`, `--pull-request`. What was there before is told apart, by value:
// a moved or reformatted secret is none of this change's, wherever the change puts it.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type AuditOptions, audit } from '../../src/audit.ts'
import { auditOptionsOf } from '../../src/commands/options.ts'
import { pullRequestBase } from '../../src/commands/pull-request.ts'
import { render } from '../../src/report/index.ts'
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

// Made up, each from its number.
const token = (number: number): string => {
  const random = createHash('sha256')
    .update(`change test ${number}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
  return `${['gh', 'p_'].join('')}${random.slice(0, 36).padEnd(36, 'q')}`
}
const lineWith = (value: string, name = 'token') => `const ${name} = '${value}'\n`

/** Main has an old token; the branch moves it. */
function moved(): TemporaryRepository {
  const repository = temporaryRepository()
  repository.commit('start', { 'old.js': lineWith(token(1)) })
  repository.git('checkout', '--quiet', '-b', 'change')
  repository.commit('moved', { 'old.js': '// gone\n', 'src/new.js': `// more\n${lineWith(token(1), 'renamed')}` })
  return repository
}
const secretsOf = (folder: string, options: AuditOptions) => audit({ path: folder, only: ['secrets'], ...options })
const changes = async (folder: string, options: AuditOptions) => {
  const { verdict, findings } = await secretsOf(folder, options)
  return { verdict, introduced: findings.map(({ introduced }) => introduced).sort() }
}

describe('--since', () => {
  test('what was moved was there, and fails nothing', async () => {
    const { folder } = moved()
    expect(await changes(folder, { since: 'main' })).toEqual({ verdict: 'pass', introduced: [false] })
    const report = await secretsOf(folder, { since: 'main' })
    expect(render(report, 'table')).toMatch(/was there[\s\S]*✓ pass.* 0 introduced here/)
    expect(render(report, 'html')).toContain('was there')
    expect((await secretsOf(folder, {})).verdict).toBe('fail')
  })

  test('what is new beside it is introduced here, and fails', async () => {
    const repository = moved()
    repository.commit('new', { 'src/new.js': lineWith(token(1)) + lineWith(token(2), 'second') })
    expect(await changes(repository.folder, { since: 'main' })).toEqual({ verdict: 'fail', introduced: [false, true] })
    repository.write('src/other.js', lineWith(token(3)))
    expect((await changes(repository.folder, { since: 'main' })).introduced).toEqual([false, true, true])
  })

  test('compared is where the two lines parted, not where the other one is now', async () => {
    const repository = moved()
    repository.commit('new', { 'b.js': lineWith(token(4)) })
    repository.git('checkout', '--quiet', 'main')
    repository.commit('the same, later, on the other side', { 'c.js': `// other bytes\n${lineWith(token(4))}` })
    repository.git('checkout', '--quiet', 'change')
    expect((await changes(repository.folder, { since: 'main' })).introduced).toEqual([false, true])
  })

  test('a secret that only history held is introduced again', async () => {
    const repository = temporaryRepository()
    repository.commit('start', { 'a.js': lineWith(token(1)) })
    repository.commit('removed', { 'a.js': '\n' })
    const { folder } = repository
    repository.commit('back', { 'b.js': `// again\n${lineWith(token(1))}` })
    expect(await changes(folder, { since: 'HEAD~1' })).toEqual({ verdict: 'fail', introduced: [true] })
  })
})

test('--staged compares with HEAD', async () => {
  const repository = moved()
  repository.write('src/moved-again.js', `\n\n${lineWith(token(1))}`)
  repository.git('add', '.')
  expect(await changes(repository.folder, { staged: true })).toEqual({ verdict: 'pass', introduced: [false] })
  repository.write('src/moved-again.js', lineWith(token(1)) + lineWith(token(5)))
  repository.git('add', '.')
  expect(await changes(repository.folder, { staged: true })).toEqual({ verdict: 'fail', introduced: [false, true] })
})

test('an audit that compares nothing says nothing about change', async () => {
  const { folder } = moved()
  expect((await changes(folder, {})).introduced).toEqual([undefined])
})

describe('the clone of a CI', () => {
  const shallow = (depth: number) =>
    temporaryRepository({ from: `file://${moved().folder}`, options: [`--depth=${depth}`, '--single-branch'] })

  test('without the other branch: the line that fetches it', async () => {
    await expect(secretsOf(shallow(1).folder, { since: 'origin/main' })).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'run git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main',
    })
  })

  test.each([
    ['GITHUB_ACTIONS', 'or give actions/checkout "fetch-depth: 0"'],
    ['GITLAB_CI', "or set the job's variable GIT_DEPTH to 0"],
  ])('and what to set, with %s', async (name, words) => {
    const before = process.env[name]
    process.env[name] = 'true'
    try {
      const { hint } = await secretsOf(shallow(1).folder, { since: 'origin/main' }).catch((error) => error)
      expect(hint).toContain(words)
    } finally {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    }
  })

  test('the line that is named does mend it', async () => {
    const repository = shallow(1)
    const { hint } = await secretsOf(repository.folder, { since: 'origin/main' }).catch((error) => error)
    repository.git(...(hint as string).replace('run git ', '').split(' '))
    expect(await changes(repository.folder, { since: 'origin/main' })).toEqual({ verdict: 'pass', introduced: [false] })
  })

  test('with it, but not where they parted: nothing is taken for old, and the audit is incomplete', async () => {
    const repository = shallow(1)
    repository.git('fetch', '--quiet', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main')
    const report = await secretsOf(repository.folder, { since: 'origin/main', failOn: 'never' })
    expect(report.findings.every(({ introduced }) => introduced === undefined)).toBe(true)
    expect(report.verdict).toBe('incomplete')
    expect(JSON.stringify(report.coverage)).toContain('run git fetch --unshallow origin +refs/heads/main')
  })
})

describe('--pull-request', () => {
  test.each([
    ['GitHub', { GITHUB_BASE_REF: 'main' }, 'origin/main'],
    ['GitLab', { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release/2' }, 'origin/release/2'],
    ['Azure', { SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' }, 'origin/main'],
    [
      'a push on GitHub, where the variable is empty, on top of another',
      { GITHUB_BASE_REF: '', CHANGE_TARGET: 'dev' },
      'origin/dev',
    ],
  ])('%s', (_name, environment, ref) => expect(pullRequestBase(environment)).toBe(ref))

  test('elsewhere: an error that names the other way', () =>
    expect(() => pullRequestBase({})).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--since origin/main') }),
    ))

  test.each([{ since: 'main' }, { staged: true }])('not with %o', (flags) =>
    expect(() => auditOptionsOf({ pullRequest: true, ...flags }, ['secrets'])).toThrow(/contradict/),
  )
})
