import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { passedAs, recall, remember, stateOf } from '../../src/guard/remember.ts'

const now = new Date('2026-06-01T12:00:00Z')
const lockfile = Buffer.from('{}')
let home: string
let environment: NodeJS.ProcessEnv
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'audit-deps-remember-'))
  environment = { HOME: home, XDG_CACHE_HOME: join(home, 'cache') }
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
})

const passed = (state: string, hours = 0) => ({ at: now.getTime() - hours * 3_600_000, state, settled: true })

test('a lockfile is remembered in each project that has it, the latest sixteen', () => {
  expect(recall(lockfile, environment)).toBeUndefined()
  for (let number = 0; number < 20; number++) remember(lockfile, environment, passed(`state ${number}`))
  const memory = recall(lockfile, environment)
  expect(memory).toHaveLength(16)
  expect(passedAs(memory, now, 'state 19')).toEqual(passed('state 19'))
  expect(passedAs(memory, now, 'state 5')).toBeDefined()
  expect(passedAs(memory, now, 'state 3')).toBeUndefined()
  expect(recall(Buffer.from('{} '), environment)).toBeUndefined()
})

test.each([
  [23, true],
  [24, false],
  [-1, false],
])('for a day: %d hours later', (hours, fresh) => {
  remember(lockfile, environment, passed('state', hours))
  expect(passedAs(recall(lockfile, environment), now, 'state') !== undefined).toBe(fresh)
})

test.each(['', '{', 'null', '[]', '[1]', '[{"at":"x","state":1}]', '{"at":1,"state":"state","settled":true}'])(
  'a memory that is none vouches for nothing: %j',
  async (text) => {
    remember(lockfile, environment, passed('state'))
    const { execFileSync } = await import('node:child_process')
    const [file] = execFileSync('find', [join(home, 'cache'), '-name', '*.json'], { encoding: 'utf8' })
      .trim()
      .split('\n')
    writeFileSync(file!, text)
    expect(passedAs(recall(lockfile, environment), now, 'state')).toBeUndefined()
  },
)

test('a memory that others may write to vouches for nothing', () => {
  remember(lockfile, environment, passed('state'))
  const folder = join(home, 'cache', 'audit-deps', 'guard')
  const [file = ''] = readdirSync(folder)
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  chmodSync(join(folder, file), 0o666)
  expect(recall(lockfile, environment)).toBeUndefined()
})

test('where nothing can be remembered, nothing is, and nobody fails', () => {
  writeFileSync(join(home, 'cache'), 'a file')
  remember(lockfile, environment, passed('state'))
  expect(recall(lockfile, environment)).toBeUndefined()
})

test('whatever a decision depends on changes the state', async () => {
  const root = join(home, 'app')
  const userconfig = join(home, 'other-npmrc')
  const { mkdirSync } = await import('node:fs')
  mkdirSync(root)
  const given = { ...environment, npm_config_userconfig: userconfig }
  const state = (program = 'npm', env: NodeJS.ProcessEnv = given, at = now) =>
    stateOf(root, ['package.json', 'audit-deps.json'], program, env, at)
  const states = [await state()]
  writeFileSync(join(root, 'package.json'), '{}')
  states.push(await state())
  writeFileSync(join(root, 'audit-deps.json'), '{}')
  states.push(await state())
  writeFileSync(join(home, '.npmrc'), 'registry=https://registry.example/')
  states.push(await state())
  writeFileSync(userconfig, 'registry=https://registry.example/')
  states.push(await state(), await state('pnpm'), await state('npm', { ...given, npm_config_registry: 'x' }))
  states.push(await state('npm', given, new Date('2026-06-02T12:00:00Z')))
  expect(new Set(states).size).toBe(states.length)
  expect(await state('npm', { ...given, npm_lifecycle_event: 'test', LANG: 'C' })).toBe(await state())
})

const memoryFileOf = (): string => {
  remember(lockfile, environment, passed('state'))
  const folder = join(home, 'cache', 'audit-deps', 'guard')
  return join(folder, readdirSync(folder)[0]!)
}

test.each<unknown>([
  [{ at: '2026', state: 'state', settled: true }],
  [{ at: 1, state: 'state' }],
  [{ at: null, state: 'state', settled: true }],
  { 0: passed('state'), length: 1 },
  [[passed('state')]],
  [passed('state'), { at: 1, state: 2, settled: true }],
])('a right checksum vouches for no wrong types: %j', (value) => {
  const file = memoryFileOf()
  const [head] = readFileSync(file, 'utf8').split('\n')
  const body = JSON.stringify(value)
  writeFileSync(file, `${head}\n${createHash('sha256').update(body).digest('hex')}\n${body}`)
  expect(recall(lockfile, environment)).toBeUndefined()
  remember(lockfile, environment, passed('state'))
  expect(recall(lockfile, environment)).toEqual([passed('state')])
})

test.each<[string, (file: string) => void]>([
  [
    'a link',
    (file) => {
      renameSync(file, `${file}.kept`)
      symlinkSync(`${file}.kept`, file)
    },
  ],
  [
    'a pipe',
    (file) => {
      rmSync(file)
      execFileSync('mkfifo', [file])
    },
  ],
  ['a gigabyte', (file) => truncateSync(file, 2 ** 30)],
])('%s in its place vouches for nothing, and is replaced', (_what, put) => {
  put(memoryFileOf())
  expect(recall(lockfile, environment)).toBeUndefined()
  remember(lockfile, environment, passed('state'))
  expect(recall(lockfile, environment)).toEqual([passed('state')])
})

test.runIf(process.getuid?.() === 0)('another user’s file vouches for nothing', () => {
  chownSync(memoryFileOf(), 65_534, 65_534)
  expect(recall(lockfile, environment)).toBeUndefined()
})
