import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/repository.ts'

// Made up, in parts.
const token = ['gh', 'p_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1', '4AEx1N'].join('')
const mail = ['jo', 'acme-corp.com'].join('@')

function project() {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.js'), `const t = '${token}' // ${mail}\n`)
  writeFileSync(join(folder, 'b.env'), `T=${token}\n`)
  writeFileSync(join(folder, 'clean.txt'), 'nothing here\n')
  writeFileSync(join(folder, 'image.png'), Buffer.from([0x89, 0x50, 0, 0, 0]))
  return folder
}

test('standard input in, the same shape out', async () => {
  const { code, stdout, stderr } = await cli(['redact'], { input: `x = "${token}"\n` })
  expect([code, stdout, stderr]).toEqual([0, 'x = "ghp_REDACTED_1"\n', ''])
})

test('one file alone, several each under its name, the same value the same everywhere', async () => {
  const cwd = project()
  expect((await cli(['redact', 'b.env'], { cwd })).stdout).toBe('T=ghp_REDACTED_1\n')
  const { stdout } = await cli(['redact', 'a.js', 'b.env'], { cwd })
  expect(stdout).toBe(
    "==> a.js <==\nconst t = 'ghp_REDACTED_1' // user1@redacted.example\n\n==> b.env <==\nT=ghp_REDACTED_1\n",
  )
})

test('a path that holds a secret is redacted with the rest, and no file is written', async () => {
  const cwd = project()
  writeFileSync(join(cwd, `dump-${token}.txt`), 'x\n')
  const { stdout } = await cli(['redact', `dump-${token}.txt`, 'b.env'], { cwd })
  expect(stdout).not.toContain(token)
  expect(readFileSync(join(cwd, 'b.env'), 'utf8')).toBe(`T=${token}\n`)
})

describe('--map', () => {
  test('is readable by its owner alone, and leads back', async () => {
    const cwd = project()
    const forth = await cli(['redact', 'a.js', '--map', 'map.json'], { cwd })
    expect(forth.code).toBe(0)
    expect(forth.stderr).toMatch(/map\.json holds 2 different values in clear/)
    expect(forth.stderr).not.toContain(token)
    expect(statSync(join(cwd, 'map.json')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(join(cwd, 'map.json'), 'utf8'))).toEqual({
      ghp_REDACTED_1: token,
      'user1@redacted.example': mail,
    })
    const answer = `use \`${forth.stdout.trim()}\` instead`
    const back = await cli(['redact', '--restore', '--map', 'map.json'], { cwd, input: answer })
    expect(back.stdout).toBe(`use \`const t = '${token}' // ${mail}\` instead`)
  })

  test('is never overwritten, not through a link either, and then nothing is printed', async () => {
    const cwd = project()
    writeFileSync(join(cwd, 'old.json'), 'precious')
    symlinkSync('old.json', join(cwd, 'link.json'))
    for (const map of ['old.json', 'link.json', join('none', 'map.json')]) {
      const { code, stdout, stderr } = await cli(['redact', 'a.js', '--map', map], { cwd })
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/cannot write the map[\s\S]*→/)
    }
    expect(readFileSync(join(cwd, 'old.json'), 'utf8')).toBe('precious')
  })
})

test.each([
  [['a.js'], 1, 'would redact 1 secret, 1 e-mail address (2 different values)'],
  [['a.js', 'b.env'], 1, 'would redact 2 secrets, 1 e-mail address (2 different values)'],
  [['clean.txt'], 0, 'nothing to redact'],
])('--check %j: exit %i, counts on stderr, nothing on stdout', async (files, exit, told) => {
  const { code, stdout, stderr } = await cli(['redact', '--check', ...files], { cwd: project() })
  expect([code, stdout, stderr]).toEqual([exit, '', `audit-deps: ${told}\n`])
})

test.each([
  ['binary', ['a.js', 'image.png'], /image\.png is binary[\s\S]*nothing was printed/],
  ['a missing file', ['a.js', 'none.js'], /cannot read none\.js[\s\S]*nothing was printed/],
  ['a folder', ['a.js', '.'], /cannot read \.: it is a folder/],
  ['--check with --map', ['a.js', '--check', '--map', 'm.json'], /--check goes with neither/],
  ['--restore without --map', ['a.js', '--restore'], /needs the map/],
  ['--restore without its map', ['a.js', '--restore', '--map', 'none.json'], /cannot read none\.json/],
  ['--restore with another file', ['a.js', '--restore', '--map', 'b.env'], /b\.env is no map/],
])('%s: exit 2, the next step, and nothing printed', async (_, args, message) => {
  const { code, stdout, stderr } = await cli(['redact', ...args], { cwd: project() })
  expect(stderr).toMatch(message)
  expect(stderr).toMatch(/\n {2}→ /)
  expect(stderr).not.toContain(token)
  expect([code, stdout]).toEqual([2, ''])
})

test('binary on standard input', async () => {
  const { code, stderr } = await cli(['redact'], { input: Buffer.from([1, 0, 2]) })
  expect([code, stderr.includes('standard input is binary')]).toEqual([2, true])
})

test('--help', async () => {
  const { code, stdout } = await cli(['redact', '--help'])
  expect(stdout).toMatch(/--map[\s\S]*--restore[\s\S]*--check[\s\S]*Examples:/)
  expect(code).toBe(0)
})
