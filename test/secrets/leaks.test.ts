// No output holds a secret, nor a part of one longer than its preview: planted wherever git and a project can hold
// text, then every output of the real program is searched for every stretch of eight characters of every secret.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { explainCommand } from '../../src/commands/explain.ts'
import { render } from '../../src/report/index.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'
import { formats, type Report } from '../../src/types.ts'
import { cli, type Ran } from '../support/cli.ts'
import { type TemporaryRepository, temporaryFolder, temporaryRepository } from '../support/repository.ts'

const matcher = shippedMatcher()

/** A made-up secret of the signature, and a text that it stands in: the signature's own example. */
function example(id: string, index = 0): { text: string; secret: string } {
  const text = matcher.signatures.get(id)!.matches[index]!
  const found = matcher.match(Buffer.from(text)).find(({ rule }) => rule === id)
  if (found === undefined) throw new Error(`${id} does not find its own example ${index}`)
  return { text, secret: found.value }
}

const ids = [
  'github-pat',
  'stripe-live-secret-key',
  'aws-secret-access-key',
  'slack-bot-token',
  'anthropic-api-key',
  'npm-access-token',
  'google-api-key',
  'sendgrid-api-key',
  'gitlab-pat',
  'openai-api-key',
  'jwt',
  'private-key',
] as const

const planted = new Map<string, string>()
/** Its text, remembered as planted. */
function plant(id: string, index = 0): string {
  const { text, secret } = example(id, index)
  planted.set(`${id} ${index}`, secret)
  return text
}
const secretOf = (id: string, index = 0): string => {
  plant(id, index)
  return planted.get(`${id} ${index}`)!
}
const weak = ['h4rv3st', 'M00n', 'Kettle'].join('') // audit-deps:allow made up for this test
const urlPassword = ['q9Xw77', 'blueTractor'].join('') // audit-deps:allow made up for this test

test('the kinds that are planted exist', () => {
  expect(ids.filter((id) => !matcher.signatures.has(id))).toEqual([])
})

function build(): TemporaryRepository {
  const made = temporaryRepository()
  planted.set('password', weak).set('password in a URL', urlPassword)
  made.write('README.md', 'nothing\n')
  made.write('src/github.js', `${plant('github-pat')}\n`)
  made.write('src/many.min.js', `var a=1;${'f();'.repeat(600)}${ids.map((id) => plant(id)).join(';')}\n`)
  made.write('utf16.txt', Buffer.from(`\ufeff${plant('sendgrid-api-key')}\r\npassword = "${weak}"\r\n`, 'utf16le'))
  made.write('key.pem', `${plant('private-key')}\n`)
  made.write(`dumps/${secretOf('npm-access-token')}/a.env`, `DB_PASSWORD=${weak}\n`)
  made.write(
    '.env',
    `NEXT_PUBLIC_PAY=${secretOf('stripe-live-secret-key')}\nDB_URL=postgres://shop:${urlPassword}@db.internal/shop\n`,
  )
  const url = `https://ci:${urlPassword}@npm.example/left-pad/-/left-pad-1.3.0.tgz`
  const gitUrl = `git+https://bot:${secretOf('gitlab-pat')}@git.example/team/app.git`
  made.write(
    'package.json',
    JSON.stringify({ name: 'planted', version: '1.0.0', dependencies: { 'left-pad': url, app: gitUrl } }),
  )
  made.write(
    'package-lock.json',
    JSON.stringify({
      name: 'planted',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'planted', version: '1.0.0', dependencies: { 'left-pad': url, app: gitUrl } },
        'node_modules/left-pad': { version: '1.3.0', resolved: url },
        'node_modules/app': { version: '1.0.0', resolved: `${gitUrl}#${'1'.repeat(40)}` },
      },
    }),
  )
  made.commit('first')
  made.commit('history', {
    'old.js': `${plant('slack-bot-token')}\n`,
    'aws.ini': `${plant('aws-secret-access-key')}\n`,
  })
  made.commit(`remove ${secretOf('openai-api-key')}, the password was password="${weak}"`, {
    'old.js': undefined,
    'aws.ini': undefined,
  })
  made.git('config', 'user.name', 'nobody')
  const author = `Bot ${secretOf('anthropic-api-key')} <bot@example.org>`
  made.git('commit', '--quiet', '--allow-empty', '--author', author, '--message', `deploy ${secretOf('jwt')}`)
  made.git('tag', '--annotate', '--message', `release with ${secretOf('google-api-key')}`, 'v1')
  made.git('branch', `wip/${secretOf('github-pat')}`)
  made.git('notes', 'add', '--message', `note ${secretOf('sendgrid-api-key')}`)
  made.write('README.md', `${plant('slack-bot-token', 1)}\n`)
  made.git('stash')
  // In a comment it looks like nothing: only that it stands elsewhere as a password gives it away.
  made.write('untracked.js', `${plant('github-pat')} // ${weak}\npassword = "${weak}"\n`)
  return made
}

/** Every stretch of eight characters, without the prefix that says whose token it is. */
function stretches(secret: string): string[] {
  const lines = secret.split(/\s|\\n/).filter((line) => line.length >= 8 && !line.includes('-----'))
  return lines.flatMap((line) => {
    const prefix =
      /^(?:[a-z]{2,12}[-_])+(?:live_|api\d\d-|proj-)?|^AIza|^SG\.|^eyJ[\w-]{2,40}?(?=\.)/.exec(line)?.[0].length ?? 0
    const body = line.slice(prefix)
    return Array.from({ length: Math.max(0, body.length - 7) }, (_, at) => body.slice(at, at + 8))
  })
}

function leaked(output: string): string[] {
  const eights = new Set(Array.from({ length: Math.max(0, output.length - 7) }, (_, at) => output.slice(at, at + 8)))
  const found: string[] = []
  for (const [name, secret] of planted) {
    const wholes = [secret, Buffer.from(secret).toString('base64').slice(4, -6)].filter(({ length }) => length >= 8)
    if (stretches(secret).some((part) => eights.has(part)) || wholes.some((whole) => output.includes(whole)))
      found.push(name)
  }
  return found
}

const runs: readonly (readonly string[])[] = [
  ['--format', 'json'],
  ['--verbose'],
  [],
  ['--quiet'],
  ['secrets', '--no-history', '--verbose'],
  ['secrets', '--since', 'HEAD~1', '--verbose'],
  ['deps', '--verbose'],
]

test('no output of any kind holds a planted secret', { timeout: 120_000 }, async () => {
  const made = build()
  const cache = temporaryFolder()
  const outputs: string[] = []
  for (const [index, args] of runs.entries()) {
    const file = join(temporaryFolder(), 'report')
    const ran: Ran = await cli([...args, '--offline', ...(index % 2 ? ['--output', file] : [])], {
      cwd: made.folder,
      env: { XDG_CACHE_HOME: cache },
    })
    expect([0, 1, 3], `${args.join(' ')}: ${ran.stderr}`).toContain(ran.code)
    outputs.push(ran.stdout, ran.stderr, ...(existsSync(file) ? [readFileSync(file, 'utf8')] : []))
  }
  const report = JSON.parse(outputs[0]!) as Report
  for (const code of new Set(report.findings.map(({ code }) => code))) outputs.push(await explained(code))
  for (const format of formats)
    for (const detail of ['quiet', 'normal', 'verbose'] as const) outputs.push(render(report, format, { detail }))
  outputs.push(...filesBelow(cache).map((file) => readFileSync(file, 'latin1')))
  // What is not found cannot leak: the places were really read.
  const seen = new Set(report.findings.map(({ code }) => code.replace('secret/', '')))
  expect(ids.filter((id) => !seen.has(id))).toEqual([])
  const objects = report.findings.flatMap(({ evidence }) =>
    evidence.map((place) => (place.kind === 'git' ? place.object : place.kind)),
  )
  expect(new Set(objects)).toEqual(new Set(['blob', 'commit-message', 'tag', 'note', 'file']))
  expect(report.findings.some(({ life }) => life?.state === 'stash')).toBe(true)
  expect(outputs.flatMap(leaked)).toEqual([])
})

test('nor does what is said of a text on standard input, redacted or refused', async () => {
  const made = build()
  const text = readFileSync(join(made.folder, 'src/many.min.js'), 'utf8')
  for (const args of [
    ['secrets', '--stdin', '--verbose'],
    ['secrets', '--stdin', '--format', 'json'],
    ['redact'],
    ['redact', '--check'],
  ]) {
    const { stdout, stderr } = await cli(args, { input: text })
    expect(stdout + stderr).not.toBe('')
    expect(leaked(stdout + stderr)).toEqual([])
  }
})

test('the search itself finds what stands in clear', () => {
  planted.set('password', weak)
  onTestFinished(() => planted.clear())
  expect(leaked(`… ${weak.slice(3, 11)} …`)).toContain('password')
  expect(leaked(`… ${weak.slice(3, 10)} …`)).toEqual([])
})

async function explained(code: string): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    await explainCommand(code)
    return written.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    written.mockRestore()
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}
