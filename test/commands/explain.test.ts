import { expect, test, vi } from 'vitest'
import { explainCommand } from '../../src/commands/explain.ts'
import { allSignatures } from '../../src/secrets/signatures.ts'
import { cli } from '../support/cli.ts'

const { signatures } = allSignatures()

/** What the command prints. */
async function explained(code: string): Promise<string> {
  const printed: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  try {
    expect(await explainCommand(code)).toBe(0)
  } finally {
    write.mockRestore()
  }
  return printed.join('')
}

test('a secret: why, how, in which order, where, and examples both ways', async () => {
  const { code, stdout } = await cli(['explain', 'secret/github-pat'])
  expect(stdout).toMatch(/^secret\/github-pat\n[\s\S]*\nWhy {3}[\s\S]*\nFix {3}[\s\S]*\nSee {3}https:/)
  expect(stdout).toMatch(/1\. {2}rotate[\s\S]*2\. {2}redeploy[\s\S]*3\. {2}revoke[\s\S]*4\. {2}purge/)
  expect(stdout).toMatch(/\n {2}found .*ghp_[\s\S]*\n {2}not found /)
  expect(code).toBe(0)
})

test('another finding has no examples and no order', async () => {
  const stdout = await explained('package/typosquat')
  expect(stdout).toMatch(/Why {3}[\s\S]*Fix {3}/)
  expect(stdout).not.toMatch(/rotate|Examples/)
})

test('a part of a code lists what is below it', async () => {
  for (const part of ['secret', 'secret/']) {
    const stdout = await explained(part)
    for (const { id } of signatures) expect(stdout).toMatch(new RegExp(`^secret/${id}\\b`, 'm'))
  }
  expect(await explained('lockfile')).toMatch(/^lockfile\/drift +Manifest and lockfile disagree$/m)
})

test.each(['secret', 'secret/private-key', 'secret/generic-password', 'secret/postgres-connection-string', 'package'])(
  'explain %s fits into 80 columns, addresses aside',
  async (code) => {
    const long = (await explained(code)).split('\n').filter((line) => line.length > 80 && !line.startsWith('See   '))
    expect(long).toEqual([])
  },
)

test('no example is printed with a whole secret, nor a run that a scanner could take for one', async () => {
  const some = signatures.filter((_, index) => index % 12 === 0)
  for (const { id, matches } of some) {
    const stdout = await explained(`secret/${id}`)
    const examples = stdout.slice(stdout.indexOf('Examples'))
    expect(examples.match(/^ {2}(?:not )?found /gm)?.length).toBeGreaterThan(1)
    expect(examples.match(/[0-9A-Za-z+/]{24,}/g)).toBeNull()
    for (const match of matches) expect(examples).not.toContain(match)
  }
})

test.each([
  ['package/typosqat', /did you mean "package\/typosquat"/],
  ['github-pat', /did you mean "secret\/github-pat"/],
  ['nonsense-words', /known codes begin with .*secret\//],
])('%s: exit 2 and the next step', async (code, message) => {
  const ran = await cli(['explain', code])
  expect(ran.stderr).toMatch(message)
  expect([ran.code, ran.stdout]).toEqual([2, ''])
})
