// A team that already has a mess: from the first run to green in two commands, and red again for what is new.

import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type AuditOptions, audit } from '../../src/audit.ts'
import { baselineFile } from '../../src/baseline.ts'
import { type BaselineFlags, baselineCommand } from '../../src/commands/baseline.ts'
import { exitCodeOf } from '../../src/risk.ts'
import type { Report } from '../../src/types.ts'
import { cli } from '../support/cli.ts'
import { type TemporaryRepository, temporaryFolder, temporaryRepository } from '../support/repository.ts'

// Made up, each from its number; their checksums do not hold, which hides nothing.
const token = (number: number): string => {
  const random = createHash('sha256')
    .update(`baseline test ${number}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
  return `${['gh', 'p_'].join('')}${random.slice(0, 36).padEnd(36, 'q')}`
}
const password = ['dB', '7kitten', 'Blue', '42x'].join('')

const lineWith = (value: string, name = 'token') => `const ${name} = '${value}'\n`
const tokens = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => lineWith(token(from + index), `t${index}`)).join('')

const secrets = ['--only', 'secrets'] as const
type Judged = Report & { readonly code: number | null }

/** Through the binary. */
const run = async (folder: string, ...flags: string[]): Promise<Judged> => {
  const { code, stdout, stderr } = await cli([folder, ...secrets, '--format', 'json', ...flags])
  expect(stderr).toBe('')
  return { ...(JSON.parse(stdout) as Report), code }
}
/** Through the API, which starts sooner. */
const reportOf = async (folder: string, options: AuditOptions = {}): Promise<Judged> => {
  const report = await audit({ path: folder, only: ['secrets'], ...options })
  return { ...report, code: exitCodeOf(report) }
}
/** The command in this process: what it says, and its exit code. */
const baseline = async (folder: string, flags: BaselineFlags = {}) => {
  const said = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text)
      return true
    }),
  )
  try {
    const code = await baselineCommand(folder, { only: ['secrets'], ...flags })
    return { code, ...said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
const linesOf = ({ folder }: TemporaryRepository) =>
  readFileSync(join(folder, baselineFile), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

/** One token in HEAD, accepted and committed. */
async function acceptedOne(): Promise<TemporaryRepository> {
  const repository = temporaryRepository()
  repository.commit('start', { 'a.js': lineWith(token(1)) })
  expect((await baseline(repository.folder)).code).toBe(0)
  repository.commit('baseline')
  return repository
}

test('200 old findings: two commands to green, and the 201st turns it red', { timeout: 120_000 }, async () => {
  const repository = temporaryRepository()
  repository.commit('a long time ago', { 'old.js': tokens(0, 120) })
  repository.commit('cleaned up', { 'old.js': undefined, 'src/app.js': tokens(120, 200) })
  const { folder } = repository

  const first = await run(folder)
  expect([first.findings.length, first.code]).toEqual([200, 1])

  const made = await cli(['baseline', folder, ...secrets, '--reason', 'before we began'])
  expect(made.stdout).toMatch(/200 findings accepted/)
  expect([made.stderr, made.code]).toEqual(['', 0])
  repository.commit('accept what is there')
  const second = await run(folder)
  expect([second.findings, second.accepted, second.code]).toEqual([[], 200, 0])
  expect(second.acceptedFindings[0]).toMatchObject({ by: 'baseline', reason: 'before we began' })
  expect(second.counts['accepted by the baseline: secret/github-pat']).toBe(200)
  expect((await cli([folder, ...secrets])).stdout).toMatch(/✓ pass.*200 accepted/)

  repository.commit('one more', { 'src/new.js': lineWith(token(200)) })
  const third = await run(folder)
  expect([third.findings.length, third.accepted, third.code]).toEqual([1, 200, 1])
  expect(third.findings[0]!.evidence[0]).toMatchObject({ path: 'src/new.js' })

  const all = await run(folder, '--no-baseline')
  expect([all.findings.length, all.accepted, all.code]).toEqual([201, 0, 1])
})

describe('a secret that was accepted', () => {
  test('moved and reformatted stays accepted, changed is new', async () => {
    const repository = await acceptedOne()
    const moved = `// moved\n\n  export default {\n      key: "${token(1)}",\n  }\n`
    repository.commit('move', { 'a.js': undefined, 'lib/b.mjs': moved })
    const report = await reportOf(repository.folder)
    expect([report.findings, report.accepted, report.code]).toEqual([[], 1, 0])
    repository.commit('change', { 'lib/b.mjs': moved.replace(token(1), token(2)) })
    expect((await reportOf(repository.folder)).findings).toHaveLength(1)
  })

  test('as history only is new again when it enters HEAD', async () => {
    const repository = temporaryRepository()
    repository.commit('start', { 'a.js': lineWith(token(1)) })
    repository.commit('removed', { 'a.js': undefined })
    await baseline(repository.folder)
    expect(linesOf(repository)).toEqual([expect.stringMatching(/^[0-9a-f]{32} secret\/github-pat \(history\) {2}# /)])
    repository.commit('baseline')
    expect((await reportOf(repository.folder)).code).toBe(0)
    repository.commit('back again', { 'b.js': lineWith(token(1)) })
    expect((await reportOf(repository.folder)).code).toBe(1)
    // What the next commit would bring back is new, too.
    repository.git('rm', '--quiet', 'b.js')
    repository.commit('away')
    repository.write('c.js', lineWith(token(1)))
    repository.git('add', '--all')
    expect((await reportOf(repository.folder, { staged: true })).code).toBe(1)
    repository.commit('and so it does')
    // Accepted anew, its one line says so.
    await baseline(repository.folder)
    expect(linesOf(repository)).toEqual([expect.not.stringContaining('(history)')])
    expect((await reportOf(repository.folder)).code).toBe(0)
  })

  test('that could be guessed is accepted where it stands, not elsewhere', async () => {
    const repository = temporaryRepository()
    const env = `DATABASE_PASSWORD=${password}\n`
    repository.commit('start', { 'deploy/one.env': env })
    await baseline(repository.folder)
    expect(linesOf(repository)).toEqual([expect.stringContaining(' deploy/one.env  # ')])
    repository.commit('moved a line', { 'deploy/one.env': `\n\nA=1\n${env}` })
    expect((await reportOf(repository.folder)).findings).toEqual([])
    repository.commit('elsewhere', { 'deploy/two.env': env })
    const report = await reportOf(repository.folder)
    expect(report.findings).toHaveLength(1)
    expect(report.findings[0]!.evidence[0]).toMatchObject({ path: 'deploy/two.env' })
  })
})

describe('the file', () => {
  test('a second run keeps reasons and adds what is new; --prune drops what is gone', async () => {
    const repository = await acceptedOne()
    repository.write('b.js', lineWith(token(2)))
    expect((await baseline(repository.folder, { reason: 'a sample' })).stdout).toMatch(
      /1 finding accepted, 1 were before/,
    )
    expect(
      linesOf(repository)
        .map((line) => line.split('# ')[1])
        .sort(),
    ).toEqual(['a sample', 'accepted at baseline'])
    rmSync(join(repository.folder, 'b.js'))
    expect((await reportOf(repository.folder)).counts).toMatchObject({
      'baseline lines that match nothing found in this run': 1,
    })
    expect((await baseline(repository.folder, { prune: true })).stdout).toMatch(/1 line dropped, 1 kept/)
    expect(linesOf(repository)).toHaveLength(1)
  })

  test('--prune keeps what it did not look for', async () => {
    const repository = await acceptedOne()
    const { stdout } = await baseline(repository.folder, { prune: true, history: false })
    expect(stdout).toMatch(/0 lines dropped, 1 kept/)
    writeFileSync(
      join(repository.folder, baselineFile),
      `${'0'.repeat(32)} package/new package:left-pad  # ours\n${'1'.repeat(32)} secret/github-pat  # gone\n`,
    )
    expect((await baseline(repository.folder, { prune: true })).stdout).toMatch(/1 line dropped, 1 kept/)
    expect(linesOf(repository)).toEqual([`${'0'.repeat(32)} package/new package:left-pad  # ours`])
  })

  test('its own lines are no secrets, in the work tree or in history', async () => {
    const repository = await acceptedOne()
    expect((await reportOf(repository.folder, { baseline: false })).findings).toHaveLength(1)
  })

  test.each<[string, string, RegExp]>([
    ['a merge conflict', '<<<<<<< HEAD\n=======\n>>>>>>> theirs\n', /line 1 is a merge conflict/],
    ['a line that says nothing', 'everything\n', /line 1 is not/],
  ])('%s: exit 2, and neither all nor nothing is accepted', async (_title, text, message) => {
    const repository = await acceptedOne()
    writeFileSync(join(repository.folder, baselineFile), text)
    for (const command of [[], ['baseline']]) {
      const { code, stdout, stderr } = await cli([...command, repository.folder, '--offline'])
      expect(stderr).toMatch(message)
      expect([stdout, code]).toEqual(['', 2])
    }
    expect(readFileSync(join(repository.folder, baselineFile), 'utf8')).toBe(text)
  })
})

test('an incomplete audit writes no baseline, unless asked to', async () => {
  const source = temporaryRepository()
  source.commit('one', { 'a.js': lineWith(token(1)) })
  source.commit('two', { 'a.js': lineWith(token(2)) })
  const clone = temporaryRepository({ from: `file://${source.folder}`, options: ['--depth', '1'] })
  const refused = await baseline(clone.folder)
  expect(refused.stderr).toMatch(/incomplete[\s\S]*git fetch --unshallow[\s\S]*--allow-incomplete/)
  expect(refused.code).toBe(3)
  expect(() => linesOf(clone)).toThrow(/ENOENT/)
  expect((await baseline(clone.folder, { allowIncomplete: true })).code).toBe(0)
  expect(linesOf(clone)).toHaveLength(1)
})

test.each<[string, string[], RegExp]>([
  ['a part of what is there', ['--since', 'HEAD'], /unknown option|not a part/],
  ['a reason for dropping', ['--prune', '--reason', 'x'], /--prune accepts nothing/],
  ['no reason at all', ['--reason', ' '], /--reason is empty/],
])('%s: exit 2', async (_title, flags, message) => {
  const { code, stderr } = await cli(['baseline', temporaryFolder(), ...flags])
  expect(stderr).toMatch(message)
  expect(code).toBe(2)
})

test('what an exception covers is left to it, and an expired one cannot be accepted away', async () => {
  const repository = temporaryRepository()
  const exception = (expires: string) =>
    JSON.stringify({ exceptions: [{ code: 'secret/github-pat', reason: 'a sample', expires }] })
  repository.commit('start', { 'a.js': lineWith(token(1)), 'audit-deps.json': exception('2999-01-01') })
  expect((await reportOf(repository.folder)).acceptedFindings).toMatchObject([
    { by: 'exception', expires: '2999-01-01' },
  ])
  await baseline(repository.folder)
  expect(linesOf(repository)).toEqual([])
  repository.write('audit-deps.json', exception('2020-01-01'))
  const report = await reportOf(repository.folder, { failOn: 'critical' })
  expect(report.findings.map(({ code }) => code).sort()).toEqual(['policy/expired-exception', 'secret/github-pat'])
  expect(report.code).toBe(1)
})
