import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/repository.ts'

const folder = (config: object) => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'audit-deps.json'), JSON.stringify(config))
  return root
}

const policy = {
  extends: 'ci',
  privateNames: ['@acme/*', 'evil\u202ename'],
  exceptions: [{ package: 'esbuild', reason: 'we read it', expires: '2030-01-31' }],
}

test('a table: each value beside where it comes from', async () => {
  const env = { AUDIT_DEPS_FAIL_ON: 'low' }
  const { code, stdout, stderr } = await cli(['config', folder(policy), '--offline'], { env })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^failOn +low +environment AUDIT_DEPS_FAIL_ON$/m)
  expect(stdout).toMatch(/^offline +true +flag$/m)
  expect(stdout).toMatch(/^history +true +default$/m)
  expect(stdout).toMatch(/^required +git-objects +preset ci, by audit-deps\.json$/m)
  expect(stdout).toMatch(/^exceptions +package esbuild, reason we read it, expires 2030-01-31 +file audit-deps\.json$/m)
  expect(stdout).toContain('evil\\u202ename')
})

test('as JSON', async () => {
  const { stdout } = await cli([
    'config',
    folder(policy),
    '--format',
    'json',
    '--fail-on',
    'never',
    '--registry',
    'https://me:mine@registry.example/',
  ])
  const told = JSON.parse(stdout)
  expect(told.failOn).toEqual({ value: 'never', from: 'flag' })
  expect(told.privateNames).toEqual({ value: policy.privateNames, from: 'file', where: 'audit-deps.json' })
  expect(told.since).toEqual({ value: null, from: 'default' })
  expect(told.registry).toEqual({ value: 'https://registry.example/', from: 'flag' })
  expect(stdout).not.toContain('\u202e')
})

test('says whether OSV is asked, and how to opt in', async () => {
  const root = temporaryFolder()
  const asked = async (...flags: string[]) => {
    const { stdout } = await cli(['config', root, ...flags])
    return /^osv +(.*)$/m.exec(stdout)?.[1]
  }
  expect(await asked()).toMatch(/^false +default \(OSV is not asked: opt in by --osv, AUDIT_DEPS_OSV=1, or a file/)
  const file = join(folder({ osv: true }), 'audit-deps.json')
  expect(await asked('--config', file)).toMatch(/^true +file .*audit-deps\.json \(OSV is asked, and told names/)
  const json = JSON.parse((await cli(['config', root, '--osv', '--format', 'json'])).stdout)
  expect(json.osv).toEqual({ value: true, from: 'flag', note: expect.stringContaining('told names and versions') })
})

test.each<[string, object, RegExp]>([
  ['a code of the catalog', { severities: { 'package/nwe': 'low' } }, /did you mean "package\/new"/],
  ['a code of a secret', { severities: { 'secret/github-patt': 'low' } }, /did you mean "secret\/github-pat"/],
])('a typing error in %s: exit 2 and what was meant', async (_title, config, message) => {
  const { code, stderr } = await cli(['config', folder(config)])
  expect(stderr).toMatch(message)
  expect(code).toBe(2)
})

test('no folder: exit 2', async () => {
  const { code, stderr } = await cli(['config', join(temporaryFolder(), 'none')])
  expect(stderr).toMatch(/there is no .*\n {2}→ name an existing folder/)
  expect(code).toBe(2)
})
