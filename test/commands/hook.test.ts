// `audit-deps hook` as agents run it: the built binary, a loopback registry, real projects. What the table of lines
// comes to is asked of the same function in this process, which starts sooner.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, test, vi } from 'vitest'
import { answerEvent } from '../../src/guard/hook.ts'
import { cli } from '../support/cli.ts'
import { type FakePackage, startRegistryServer } from '../support/registry-server.ts'
import { temporaryFolder } from '../support/repository.ts'

const old: FakePackage = {
  created: '2015-01-01T00:00:00Z',
  versions: { '1.0.0': { published: '2015-01-02T00:00:00Z' } },
}
const fresh = new Date(Date.now() - 3_600_000).toISOString()
const packages: Record<string, FakePackage> = {
  'old-friend': old,
  'new-friend': { created: fresh, versions: { '1.0.0': { published: fresh } } },
  '@team/thing': old,
}

interface Answered {
  readonly verdict: string
  readonly reason: string
}

interface Given {
  readonly cwd?: string
  readonly url?: string
  readonly args?: string[]
}

const eventOf = (command: string, cwd = temporaryFolder()): string =>
  JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command }, cwd })

async function ask(command: string, given: Given = {}): Promise<Answered> {
  const url = given.url ?? (await registry())
  const { code, stdout, stderr } = await cli(['hook', ...(given.args ?? [])], {
    input: eventOf(command, given.cwd),
    env: { npm_config_registry: url },
  })
  expect(code, stderr).toBe(0)
  return answered(stdout)
}

/** The same without a process: with a home and a cache of its own, too. */
async function askHere(command: string, { cwd, url }: Given = {}): Promise<Answered> {
  vi.stubEnv('npm_config_registry', url ?? (await registry()))
  for (const name of ['HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, temporaryFolder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const spoken = await answerEvent(eventOf(command, cwd), { cwd: '/', patience: 60_000 })
  expect(spoken).toMatchObject({ exitCode: 0, stderr: '' })
  return answered(spoken.stdout)
}

function answered(stdout: string): Answered {
  if (stdout === '') return { verdict: 'none', reason: '' }
  const { hookSpecificOutput: said } = JSON.parse(stdout)
  expect(said.hookEventName).toBe('PreToolUse')
  return {
    verdict: said.permissionDecision ?? 'note',
    reason: said.permissionDecisionReason ?? said.additionalContext,
  }
}

async function registry(): Promise<string> {
  const server = await startRegistryServer(packages)
  onTestFinished(() => server.close())
  return server.url
}

const project = (dependencies: Record<string, string>, lockfile = true): string => {
  const folder = temporaryFolder()
  const manifest = { name: 'demo', version: '1.0.0', dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const locked = Object.keys(dependencies).map((name) => [
    `node_modules/${name}`,
    { version: '1.0.0', integrity: `sha512-${Buffer.alloc(64, name).toString('base64')}` },
  ])
  const text = {
    name: 'demo',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest, ...Object.fromEntries(locked) },
  }
  if (lockfile) writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(text))
  return folder
}

it.each<[string, string, RegExp]>([
  ['git status', 'none', /^$/],
  ['npm install old-friend', 'allow', /vetted: old-friend; not what they bring along/],
  ['cd . && npm i -D old-friend @team/thing', 'allow', /vetted: old-friend, @team\/thing/],
  ['npm i old-friend && ls', 'note', /vetted: old-friend/],
  ['npx -y old-friend', 'note', /vetted: old-friend/],
  ['npm install nobody-has-this-example', 'deny', /nobody-has-this-example.* → correct the name, or remove it/s],
  ['npm i old-friend && sudo npm i nobody-has-this-example', 'deny', /nobody-has-this-example/],
  ['npx nobody-has-this-example', 'deny', /nobody-has-this-example/],
  ['npm create nobody-has-this', 'deny', /create-nobody-has-this/],
  ['bash -c "npm i nobody-has-this-example"', 'deny', /nobody-has-this-example/],
  ['npm i new-friend', 'deny', /new-friend@1.0.0.* → wait until/s],
  ['npm i x@npm:nobody-has-this-example@1', 'deny', /nobody-has-this-example/],
  ['npm i github:someone/something', 'deny', /comes from git/],
  ['npm i "a;b"', 'deny', /names no package/],
  ['npm i old-friend@9', 'deny', /no published version/],
  ['npm i old-friend --registry https://r.example/', 'ask', /names a registry of its own \(r\.example\)/],
  ['npm i old-friend --registry=not-a-url', 'ask', /no URL/],
  ['npm i old-friend -registry=https://r.example/', 'ask', /names a registry of its own \(r\.example\)/],
  ['npm i old-friend --regis=https://r.example/', 'ask', /names a registry of its own \(r\.example\)/],
  ['npm i old-friend --userc=./npmrc', 'ask', /--userc changes whom/],
  ['npm i old-friend --no-strict-s', 'ask', /--no-strict-s changes whom/],
  ['npm i @team/thing --@team:registry=https://r.example/', 'ask', /r\.example/],
  ['npm i old-friend --userconfig x', 'ask', /--userconfig changes whom/],
  ['npm i $PKG', 'deny', /names no package/],
  ['$PM install old-friend', 'ask', /named by a variable/],
  ['npm update', 'ask', /the wrapper vets it first: audit-deps npm update/],
  ['npm ci', 'ask', /no package.json/],
])('%s → %s', async (command, verdict, reason) => {
  const said = await askHere(command)
  expect(said.reason).toMatch(reason)
  expect(said.verdict, said.reason).toBe(verdict)
})

it.each([
  ['git status', 'none'],
  ['npm i old-friend @team/thing', 'allow'],
  ['npm i new-friend', 'deny'],
  ['npm ci', 'allow'],
  ['npm update', 'ask'],
])('the binary says the same: %s → %s', async (command, verdict) => {
  const cwd = project({ 'old-friend': '^1.0.0' })
  expect((await ask(command, { cwd })).verdict).toBe(verdict)
})

test('the registry that is configured may be named', async () => {
  const url = await registry()
  expect((await ask(`npm i old-friend --registry ${url}`, { url })).verdict).toBe('allow')
})

test('--deny-only spares nobody a question', async () => {
  const said = await ask('npm i old-friend', { args: ['--deny-only'] })
  expect(said).toMatchObject({ verdict: 'note', reason: expect.stringContaining('vetted: old-friend') })
})

it.each(['npm ci', 'npm install', 'npm i --omit=dev'])('the project that is installed: %s', async (command) => {
  expect(await askHere(command, { cwd: project({ 'old-friend': '^1.0.0' }) })).toMatchObject({ verdict: 'allow' })
  const bad = await askHere(command, { cwd: project({ 'old-friend': '^1.0.0', 'nobody-has-this-example': '^1.0.0' }) })
  expect(bad).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('nobody-has-this-example') })
})

test('no lockfile, a step before, a folder that is not there: asked', async () => {
  const cwd = project({ 'old-friend': '^1.0.0' }, false)
  expect(await askHere('npm install', { cwd })).toMatchObject({
    verdict: 'ask',
    reason: expect.stringContaining('no lockfile'),
  })
  const locked = project({ 'old-friend': '^1.0.0' })
  expect(await askHere('git pull && npm ci', { cwd: locked })).toMatchObject({ verdict: 'ask' })
  expect(await askHere('cd nowhere && npm ci', { cwd: locked })).toMatchObject({ verdict: 'ask' })
})

test("a project's .npmrc that points elsewhere", async () => {
  const cwd = project({})
  writeFileSync(join(cwd, '.npmrc'), '@team:registry=https://r.example/\n')
  const said = await askHere('npm i old-friend', { cwd })
  expect(said).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('r.example') })
})

test('a registry that does not answer: denied, with the way on, and none past the guard', async () => {
  const said = await askHere('npm i old-friend', { url: 'http://127.0.0.1:9/' })
  expect(said.verdict).toBe('deny')
  expect(said.reason).toMatch(/ → /)
  expect(said.reason).not.toContain('--allow-unverified')
})

it.each([
  ['', 2],
  ['{', 2],
  ['{"command":null}', 0],
])('an event that cannot be read is denied: %j', async (input, exitCode) => {
  const { code, stdout } = await cli(['hook'], { input })
  expect(code).toBe(exitCode)
  expect(JSON.parse(stdout)).toMatchObject({ decision: 'deny', reason: expect.stringContaining('→') })
})

test('an event of hostile size is denied', async () => {
  const { code, stdout } = await cli(['hook'], { input: `{"command":"${'npm i x '.repeat(700_000)}"}` })
  expect(code).toBe(2)
  expect(JSON.parse(stdout).decision).toBe('deny')
})

test('the plain format', async () => {
  const env = { npm_config_registry: await registry() }
  const plain = async (command: string) => (await cli(['hook'], { input: JSON.stringify({ command }), env })).stdout
  expect(JSON.parse(await plain('npm i old-friend'))).toMatchObject({ decision: 'allow' })
  expect(JSON.parse(await plain('npm i nobody-has-this-example'))).toMatchObject({ decision: 'deny' })
  expect(await plain('ls')).toBe('')
})

test('help, and wrong usage', async () => {
  expect((await cli(['hook', '--help'])).stdout).toMatch(/PreToolUse[\s\S]*Examples:/)
  expect((await cli(['hook', '--nonsense'])).code).toBe(2)
})
