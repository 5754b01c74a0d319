// The whole program, as people and CI meet it: real repositories, real git, a registry on loopback. Where only the
// report and its exit code matter, without a process of its own.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type AuditOptions, audit } from '../src/audit.ts'
import { render } from '../src/report/index.ts'
import { exitCodeOf } from '../src/risk.ts'
import type { Report } from '../src/types.ts'
import { binary, cli, deadRegistry } from './support/cli.ts'
import { type FakePackage, type RegistryServerOptions, startRegistryServer } from './support/registry-server.ts'
import { temporaryFolder, temporaryRepository } from './support/repository.ts'

// Made up, in parts; its checksum does not hold, which moves the confidence and hides nothing.
const token = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')

const old: FakePackage = {
  created: '2015-01-01T00:00:00Z',
  versions: { '1.0.0': { published: '2015-01-02T00:00:00Z' } },
}
const fresh = new Date(Date.now() - 20 * 3_600_000).toISOString()
const packages: Record<string, FakePackage> = {
  'old-friend': old,
  reakt: { created: fresh, versions: { '1.0.0': { published: fresh, scripts: { postinstall: 'node x' } } } },
}

const registry = async (given: Record<string, FakePackage> = packages, options: RegistryServerOptions = {}) => {
  const server = await startRegistryServer(given, options)
  onTestFinished(() => server.close())
  return server
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const manifest = (dependencies: Record<string, string>) =>
  json({ name: 'demo', version: '1.0.0', private: true, dependencies })

/** As npm 11 writes it where the lockfile keeps no registry host. */
const lockfile = (dependencies: Record<string, string>) =>
  json({
    name: 'demo',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'demo', version: '1.0.0', dependencies },
      ...Object.fromEntries(
        Object.keys(dependencies).map((name) => [
          `node_modules/${name}`,
          { version: '1.0.0', integrity: `sha512-${Buffer.alloc(64, name).toString('base64')}` },
        ]),
      ),
    },
  })

/** A token in a deleted file of an old commit, a dependency that does not exist, a name one letter from a popular one. */
function riskyProject() {
  const repository = temporaryRepository()
  const dependencies = { 'old-friend': '^1.0.0', reakt: '^1.0.0', 'express-async-validator-utils': '^1.0.0' }
  repository.commit('start', { 'config.js': `module.exports = { token: '${token}' }\n` })
  repository.commit('no secrets here', { 'config.js': undefined })
  repository.commit('dependencies', {
    'package.json': manifest(dependencies),
    'package-lock.json': lockfile(dependencies),
  })
  return repository
}

function cleanProject() {
  const repository = temporaryRepository()
  const dependencies = { 'old-friend': '^1.0.0' }
  repository.commit('all', { 'package.json': manifest(dependencies), 'package-lock.json': lockfile(dependencies) })
  return repository
}

const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report
const missedOf = (report: Report): string =>
  JSON.stringify(report.coverage.map((entry) => (entry.state === 'partial' ? entry.missed : [])))

/** What the binary would print and answer, in this process: with a home and a cache of its own, too. */
async function audited(path: string, options: AuditOptions = {}) {
  for (const name of ['HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, temporaryFolder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const report = await audit({ path, registry: deadRegistry, ...options })
  return { report, code: exitCodeOf(report), stdout: render(report, 'table') }
}

describe('the whole road', () => {
  test('secret, phantom and typosquat in one ranked report, exit 1', async () => {
    const { url } = await registry()
    const { folder } = riskyProject()
    const { code, stdout, stderr } = await cli([folder, '--registry', url])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/GitHub/)
    expect(stdout).toMatch(/not in HEAD/)
    expect(stdout).toMatch(/express-async-validator-utils/)
    expect(stdout).toMatch(/reakt[\s\S]*react/)
    expect(code).toBe(1)
    expect(stdout.endsWith('s\n')).toBe(true)
  })

  test('as JSON it parses, ranks, names the first commit, and holds no part of the secret', async () => {
    const { url } = await registry()
    const repository = riskyProject()
    const { code, stdout } = await cli([repository.folder, '--registry', url, '--format', 'json', '--verbose'])
    const report = reportOf(stdout)
    expect([code, report.schema, report.verdict]).toEqual([1, 1, 'fail'])
    expect(report.subjects.map(({ points }) => points)).toEqual(
      report.subjects.map(({ points }) => points).sort((a, b) => b - a),
    )
    const codes = report.findings.map((finding) => finding.code)
    expect(codes).toEqual(
      expect.arrayContaining(['secret/github-pat', 'phantom/not-found', 'package/typosquat', 'package/new']),
    )
    const secret = report.findings.find((finding) => finding.code === 'secret/github-pat')
    expect(secret?.life).toMatchObject({ state: 'history', first: { oid: repository.id('HEAD~2') } })
    for (let at = 0; at + 9 <= token.length; at++) expect(stdout).not.toContain(token.slice(at, at + 9))
  })

  test('a clean project passes, in words and in code', async () => {
    const { url } = await registry()
    const { code, stdout } = await cli([cleanProject().folder, '--registry', url])
    expect(stdout).toMatch(/✓ pass/)
    expect(code).toBe(0)
  })

  test('the registry stopped: exit 3, and what was not checked is said', async () => {
    const server = await registry()
    await server.close()
    const { folder } = cleanProject()
    const { code, stdout } = await cli([folder, '--only', 'lockfile,phantom', '--registry', server.url])
    expect(stdout).toMatch(/\? incomplete/)
    expect(stdout).toMatch(/existence of direct dependencies/)
    expect(stdout).toMatch(/old-friend/)
    expect(code).toBe(3)
  })

  test('--offline leaves it out on purpose: exit 0, skipped, and nobody is asked', async () => {
    const server = await registry()
    const { folder } = cleanProject()
    const { code, stdout } = await cli([folder, '--offline', '--format', 'json', '--registry', server.url])
    expect(server.requests).toEqual([])
    expect(reportOf(stdout).coverage).toContainEqual(
      expect.objectContaining({ source: 'existence-direct', state: 'skipped' }),
    )
    expect(code).toBe(0)
  })

  test('a secret in HEAD and one in an untracked file are told apart', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { 'a.js': `key('${token}')\n` })
    repository.write('new.js', `key('${token.replace('Zk3v', 'Qk3v')}')\n`)
    const { code, report } = await audited(repository.folder, { only: ['secrets'] })
    expect(report.findings.map(({ life }) => life?.state).sort()).toEqual(['head', 'worktree'])
    expect(code).toBe(1)
  })

  test('a folder inside a repository is audited with its own history', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { 'app/a.js': `key('${token}')\n`, 'lib/b.js': 'nothing\n' })
    repository.commit('b', { 'app/a.js': undefined, 'app/c.js': 'nothing\n' })
    const inside = await audited(join(repository.folder, 'app'), { only: ['secrets'] })
    const beside = await audited(join(repository.folder, 'lib'), { only: ['secrets'] })
    expect([inside.code, beside.code]).toEqual([1, 0])
    expect(inside.stdout).toMatch(/ a\.js:1:/)
  })

  test('--staged sees what the next commit holds, --since what came after a commit', async () => {
    const repository = temporaryRepository()
    const first = repository.commit('a', { 'a.js': `key('${token}')\n` })
    expect((await cli(['secrets', repository.folder, '--since', first])).code).toBe(0)
    expect((await cli(['secrets', repository.folder, '--staged'])).code).toBe(0)
    repository.write('b.js', `key('${token.replace('Zk3v', 'Wk3v')}')\n`)
    repository.git('add', 'b.js')
    expect((await cli(['secrets', repository.folder, '--staged'])).code).toBe(1)
  })

  test('--no-history leaves deleted files out, and says so', async () => {
    const { folder } = riskyProject()
    const { code, stdout } = await cli(['secrets', folder, '--no-history'])
    expect(stdout).toMatch(/git's objects \(secrets\): skipped, history/)
    expect(code).toBe(0)
  })

  test('flags may stand before the command as behind it', async () => {
    const { stdout } = await cli(['--format', 'json', 'secrets'])
    expect(reportOf(stdout).schema).toBe(1)
  })

  test('--stdin reads a pipe', async () => {
    const { code, stdout } = await cli(['secrets', '--stdin'], { input: `+ token = "${token}"\n` })
    expect(stdout).toMatch(/GitHub/)
    expect(stdout).not.toContain(token)
    expect(code).toBe(1)
  })

  test('documented examples are silent and counted, and shown when asked', async () => {
    const example = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')
    const input = `AWS_ACCESS_KEY_ID=${example}\n`
    const silent = reportOf((await cli(['secrets', '--stdin', '--format', 'json'], { input })).stdout)
    expect(silent.findings).toEqual([])
    expect(JSON.stringify(silent.counts)).toMatch(/example/)
    const shown = reportOf((await cli(['secrets', '--stdin', '--show-examples', '--format', 'json'], { input })).stdout)
    expect(shown.findings.map(({ severity }) => severity)).toEqual(['info'])
  })

  test('--output writes the report and leaves the terminal alone', async () => {
    const file = join(temporaryFolder(), 'report.json')
    const { code, stdout } = await cli(['secrets', riskyProject().folder, '--format', 'json', '--output', file])
    expect(reportOf(readFileSync(file, 'utf8')).schema).toBe(1)
    expect([code, stdout]).toEqual([1, ''])
  })
})

describe('what was left out is said', () => {
  test('scanners that this run does not hold', async () => {
    const { stdout } = await cli(['secrets', temporaryFolder(), '--format', 'json'])
    expect(reportOf(stdout).coverage).toEqual(
      expect.arrayContaining(
        ['lockfile', 'phantom'].map((scanner) => expect.objectContaining({ scanner, state: 'skipped' })),
      ),
    )
  })

  test('a configuration that chooses no scanner is no pass', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'audit-deps.json'), '{"only":[]}')
    const { code, stderr } = await cli([folder])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/"only" is \[\][\s\S]*one or more of/)])
  })

  test('submodules and ignored files, without --verbose', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { '.gitignore': 'local.env\n' })
    repository.write('local.env', 'x\n')
    const { stdout } = await audited(repository.folder, { only: ['secrets'] })
    expect(stdout).toMatch(/left out on purpose: files ignored by git: 1/)
  })
})

describe('what a team brings from gitleaks', () => {
  const own = ['ACME-', '7f3k9q2m5x8z1c4v'].join('')

  test('--gitleaks-config adds rules, and a rule that cannot be used is said', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { 'a.txt': `${own}\n` })
    const file = join(temporaryFolder(), 'rules.toml')
    writeFileSync(file, "[[rules]]\nid = 'acme'\nregex = '''ACME-[a-z0-9]{16}'''\nkeywords = ['acme-']\n")
    const found = await cli(['secrets', repository.folder, '--gitleaks-config', file, '--format', 'json'])
    expect(reportOf(found.stdout).findings.map((finding) => finding.code)).toEqual(['secret/acme'])
    expect(found.stdout).not.toContain(own)
    writeFileSync(file, "[[rules]]\nid = 'acme'\nregex = '''(ACME'''\n")
    const broken = await cli(['secrets', repository.folder, '--gitleaks-config', file])
    expect(broken.stdout).toMatch(/acme/)
    expect(broken.code).toBe(3)
    expect((await cli(['secrets', repository.folder, '--gitleaks-config', `${file}.not`])).code).toBe(2)
  })

  test('.gitleaksignore is heard and counted, but not under --no-inline-allow', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { 'a.js': `key('${token}')\n`, '.gitleaksignore': 'a.js:github-pat:1\n' })
    const heard = await cli(['secrets', repository.folder])
    expect(heard.stdout).toMatch(/listed in \.gitleaksignore: 1/)
    expect(heard.code).toBe(0)
    expect((await cli(['secrets', repository.folder, '--no-inline-allow'])).code).toBe(1)
  })
})

describe('check', () => {
  test('one that exists, one that does not, one that is new and looks like another', async () => {
    const { url } = await registry()
    const { code, stdout } = await cli(['check', 'old-friend', 'reakt@^1', 'no-such-thing-here', '--registry', url])
    expect(stdout).toMatch(/reakt/)
    expect(stdout).toMatch(/react/)
    expect(stdout).toMatch(/no-such-thing-here/)
    expect(code).toBe(1)
  })

  test('one that is fine', async () => {
    const { url } = await registry()
    expect((await cli(['check', 'old-friend', '--registry', url])).code).toBe(0)
  })

  test('a registry that cannot be asked is no answer: exit 3', async () => {
    expect((await cli(['check', 'old-friend', '--registry', deadRegistry])).code).toBe(3)
  })
})

describe('guard --preinstall', () => {
  const guard = (cwd: string, url: string) => cli(['guard', '--preinstall', '--registry', url], { cwd })

  test('blocks what does not exist, and says why', async () => {
    const { url } = await registry()
    const { code, stderr } = await guard(riskyProject().folder, url)
    expect(stderr).toMatch(/install blocked[\s\S]*express-async-validator-utils/)
    expect(code).toBe(1)
  })

  test('lets a clean project through', async () => {
    const { url } = await registry()
    const { code, stderr } = await guard(cleanProject().folder, url)
    expect(stderr).toMatch(/install may go on/)
    expect(code).toBe(0)
  })

  test('fails closed where the registry cannot be asked', async () => {
    const { code, stderr } = await guard(cleanProject().folder, deadRegistry)
    expect(stderr).toMatch(/install blocked[\s\S]*old-friend/)
    expect(code).toBe(3)
  })
})

describe('wrong usage: one sentence, the next step, exit 2', () => {
  test.each<[string, string[], RegExp]>([
    ['a command misspelt', ['deps', 'secrts'], /no secrts/],
    ['neither folder nor command', ['secrts'], /neither a folder nor a command[\s\S]*did you mean "secrets"/],
    ['a flag misspelt', ['--formt', 'json'], /--formt[\s\S]*--format/],
    ['a format misspelt', ['--format', 'xml'], /table, json/],
    ['a scanner misspelt', ['--only', 'secret'], /secrets/],
    ['a registry that is no URL', ['--registry', 'npm'], /http/],
    ['a code misspelt', ['explain', 'package/typosqat'], /did you mean "package\/typosquat"/],
    ['contradicting flags', ['--quiet', '--verbose'], /contradict/],
    ['a missing folder', ['deps', './no/where'], /no \.\/no\/where/],
    ['too many folders', ['deps', '.', '.'], /too many/],
    ['--since without a repository', ['secrets', '--since', 'main'], /needs a git repository/],
    ['--config that is not there', ['--config', 'none.json'], /cannot read the configuration/],
  ])('%s', async (_title, args, message) => {
    const { code, stdout, stderr } = await cli(args)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([code, stdout]).toEqual([2, ''])
  })

  test('a file instead of a folder', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.txt'), 'x')
    const { code, stderr } = await cli([join(folder, 'a.txt')])
    expect(stderr).toMatch(/is a file[\s\S]*--stdin/)
    expect(code).toBe(2)
  })

  test.each(['secrets --commits', 'secrets --stdin', 'redact', 'render -'])('a folder as input: %s', async (words) => {
    const line = `exec "$0" "$1" ${words} < /`
    const { folder } = temporaryRepository()
    const { code, stderr } = await cli([], { command: ['sh', '-c', line, process.execPath, binary], cwd: folder })
    expect(stderr).toContain('standard input is a folder')
    expect(code).toBe(2)
  })

  test('a folder that is gone', async () => {
    const line = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" --offline'
    const { code, stderr } = await cli([], { command: ['sh', '-c', line, process.execPath, binary] })
    expect(stderr).toMatch(/^audit-deps: the folder it was started in is gone\n {2}→ cd to one that is there\n$/)
    expect(code).toBe(2)
  })

  test('an unknown field in the configuration', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'audit-deps.json'), '{"failOnn":"high"}')
    const { code, stderr } = await cli([folder])
    expect(stderr).toMatch(/unknown field "failOnn"[\s\S]*did you mean "failOn"/)
    expect(code).toBe(2)
  })

  test('an output that cannot be written', async () => {
    const folder = temporaryFolder()
    const { code, stderr } = await cli(['secrets', folder, '--output', join(folder, 'no/where.json')])
    expect(stderr).toMatch(/cannot write the report/)
    expect(code).toBe(2)
  })
})

describe('bad input: what can be audited still is, the rest is said', () => {
  test.each<[string, Record<string, string>, RegExp, number]>([
    ['a broken package.json', { 'package.json': '{ "name": ' }, /package\.json/, 3],
    ['a package.json that is a list', { 'package.json': '[]' }, /package\.json/, 3],
    [
      'a broken lockfile',
      { 'package.json': manifest({}), 'package-lock.json': '{"lockfileVersion": 3,' },
      /package-lock\.json/,
      3,
    ],
    [
      'conflict markers',
      { 'package.json': manifest({}), 'package-lock.json': '{\n<<<<<<< HEAD\n  "a": 1\n=======\n>>>>>>> b\n}' },
      /conflict/,
      1,
    ],
    ['an unsupported lockfile', { 'package.json': manifest({}), 'bun.lockb': 'x' }, /bun\.lockb/, 3],
  ])('%s', async (_title, files, message, expected) => {
    const { url } = await registry()
    const repository = temporaryRepository()
    repository.commit('a', { ...files, 'a.js': 'nothing()\n' })
    const { code, stdout } = await audited(repository.folder, { registry: url })
    expect(stdout).toMatch(message)
    expect(stdout).not.toMatch(/\n\s+at /)
    expect(code).toBe(expected)
  })

  test('BOM and CRLF are no damage', async () => {
    const { url } = await registry()
    const repository = temporaryRepository()
    const windows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`
    const dependencies = { 'old-friend': '^1.0.0' }
    repository.commit('a', {
      'package.json': windows(manifest(dependencies)),
      'package-lock.json': windows(lockfile(dependencies)),
    })
    expect((await audited(repository.folder, { registry: url })).code).toBe(0)
  })

  test('a repository without commits', async () => {
    const repository = temporaryRepository()
    repository.write('a.js', `key('${token}')\n`)
    expect((await audited(repository.folder, { only: ['secrets'] })).code).toBe(1)
  })

  test('an empty folder without git', async () => {
    const { code, stdout } = await cli([temporaryFolder()])
    expect(stdout).toMatch(/in no git repository/)
    expect(code).toBe(0)
  })

  test('a shallow clone is incomplete and names the line that mends it', async () => {
    const source = riskyProject()
    const clone = temporaryRepository({ from: `file://${source.folder}`, options: ['--depth', '1'] })
    const { code, stdout } = await audited(clone.folder, { only: ['secrets'] })
    expect(stdout).toMatch(/git fetch --unshallow/)
    expect(code).toBe(3)
  })

  test('a corrupt object costs that object, not the scan', async () => {
    const repository = temporaryRepository()
    repository.commit('a', { 'a.js': `key('${token}')\n`, 'b.js': 'fine()\n' })
    const oid = repository.id('HEAD:b.js')
    const file = join(repository.folder, '.git/objects', oid.slice(0, 2), oid.slice(2))
    writeFileSync(file.replace(/[^/]+$/, 'garbage'), '')
    repository.git('update-ref', 'refs/heads/keep', 'HEAD')
    const { chmodSync } = await import('node:fs')
    chmodSync(file, 0o644)
    writeFileSync(file, 'garbage')
    const { code, report } = await audited(repository.folder, { only: ['secrets'] })
    expect(report.findings.map((finding) => finding.code)).toContain('secret/github-pat')
    expect(missedOf(report)).toContain(oid)
    expect(code).toBe(1)
  })

  test('programs in the repository’s configuration never run', async () => {
    const repository = temporaryRepository()
    const marker = join(repository.folder, 'ran')
    const program = `touch ${marker}`
    repository.commit('a', { 'a.js': 'x\n', '.gitattributes': '*.js filter=evil diff=evil\n' })
    for (const key of [
      'core.fsmonitor',
      'diff.external',
      'core.sshCommand',
      'gpg.program',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'diff.evil.command',
      'core.pager',
      'core.editor',
      'credential.helper',
    ])
      repository.git('config', key, program)
    repository.git('config', 'log.showSignature', 'true')
    repository.write('a.js', 'changed\n')
    repository.write('ignored.txt', 'x')
    const { stdout } = await cli([repository.folder, '--offline', '--verbose'])
    expect(stdout).toMatch(/audit-deps/)
    const { existsSync } = await import('node:fs')
    expect(existsSync(marker)).toBe(false)
  })

  test.each<[string, FakePackage]>([
    ['answers HTML', { raw: '<!doctype html><title>Log in</title>', type: 'text/html' }],
    ['answers a name other than the one asked', { versions: { '1.0.0': {} }, packument: { name: 'another' } }],
    ['answers 403', { status: 403 }],
    ['answers 500', { status: 500 }],
    ['answers nonsense', { raw: '{"versions": 3}' }],
  ])('a registry that %s is no proof of anything: exit 3', async (_title, answer) => {
    const { url } = await registry({ 'old-friend': answer })
    const { code, stdout } = await audited(cleanProject().folder, { only: ['lockfile', 'phantom'], registry: url })
    expect(stdout).not.toMatch(/does not exist/)
    expect(stdout).toMatch(/→ /)
    expect(code).toBe(3)
  })

  test('nothing in the audited project is written', async () => {
    const { url } = await registry()
    const repository = riskyProject()
    mkdirSync(join(repository.folder, 'empty'))
    const before = repository.git('status', '--porcelain', '--ignored')
    await cli([repository.folder, '--registry', url])
    expect(repository.git('status', '--porcelain', '--ignored')).toBe(before)
  })
})

describe('help, version, explain', () => {
  test('--help has examples and exit codes', async () => {
    const { code, stdout } = await cli(['--help'])
    expect(stdout).toMatch(/Examples:[\s\S]*Exit codes:\n {2}0 {2}pass/)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(code).toBe(0)
  })

  test.each([
    ['secrets', /Examples:/],
    ['deps', /Examples:/],
    ['check', /Examples:/],
    // It says which managers run it in time.
    ['guard', /npm 12[\s\S]*too late/],
    ['explain', /explain/],
  ])('%s --help has them too', async (command, text) => {
    const { code, stdout } = await cli([command, '--help'])
    expect(stdout).toMatch(/Usage: audit-deps/)
    expect(stdout).toMatch(text)
    expect(code).toBe(0)
  })

  test('explain says why and what to do, offline', async () => {
    const { code, stdout } = await cli(['explain', 'secret/github-pat'])
    expect(stdout).toMatch(/Why[\s\S]*Fix[\s\S]*https:/)
    expect(code).toBe(0)
  })

  test('--version is the package’s', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect((await cli(['--version'])).stdout).toBe(`${version}\n`)
  })

  test('help COMMAND is its --help', async () =>
    expect((await cli(['help', 'check'])).stdout).toBe((await cli(['check', '--help'])).stdout))

  test('--quiet is one line', async () => {
    const { stdout } = await cli(['secrets', riskyProject().folder, '--quiet'])
    expect(stdout).toMatch(/^✗ fail.*\n$/)
  })
})

describe('where nothing can be remembered', () => {
  test.runIf(existsSync('/proc/self'))('below /proc, where Node tries for ever to make a folder', async () => {
    const server = await registry()
    const repository = temporaryRepository()
    repository.write('package.json', manifest({ 'old-friend': '^1.0.0' }))
    repository.write('package-lock.json', lockfile({ 'old-friend': '1.0.0' }))
    repository.commit('one')
    const { code, stdout } = await cli([repository.folder, '--format', 'json'], {
      command: ['timeout', '--signal', 'KILL', '20', process.execPath, binary],
      env: { XDG_CACHE_HOME: '/proc/nowhere', npm_config_registry: server.url },
    })
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as Report).notes).toContainEqual(expect.stringMatching(/is not remembered/))
  })
})

describe('where it prints', () => {
  const shell = (script: string, ...args: readonly string[]) =>
    cli(args, { command: ['sh', '-c', script, process.execPath, binary] })

  test('whoever stops reading, also of stderr, changes no exit code', async () => {
    const codeFile = join(temporaryFolder(), 'code')
    const status = async (script: string, ...args: readonly string[]) => {
      await shell(script, codeFile, ...args)
      return readFileSync(codeFile, 'utf8').trim()
    }
    expect(await status('{ "$0" "$1" "$3" 2>&1; echo $? > "$2"; } | true', 'secrts')).toBe('2')
    expect(await status('{ "$0" "$1" secrets "$3"; echo $? > "$2"; } | true', riskyProject().folder)).toBe('1')
    const repo = temporaryRepository()
    expect(await status('{ "$0" "$1" init --git --yes "$3"; echo $? > "$2"; } | true', repo.folder)).toBe('0')
    expect(existsSync(join(repo.folder, '.git/hooks/pre-commit'))).toBe(true)
  })

  test.runIf(existsSync('/dev/full'))('a full disk is said plainly, and is no finding', async () => {
    const { code, stderr } = await shell('exec "$0" "$1" secrets "$2" > /dev/full', temporaryFolder())
    expect(stderr).toMatch(/^audit-deps: cannot print: the disk is full\n {2}→ make room.*\n$/)
    expect(code).toBe(2)
  })
})
