import { describe, expect, it } from 'vitest'
import { firstAssigned, isEnvFile } from '../../src/secrets/env-file.ts'
import { secretsScanner } from '../../src/secrets/scan.ts'
import type { Config } from '../../src/types.ts'
import { context } from '../support/context.ts'
import { temporaryRepository } from '../support/repository.ts'

const weak = ['h4rv3st', 'M00n'].join('') // audit-deps:allow made up for this test
const key = [
  '-----BEGIN RSA PRIV',
  'ATE KEY-----\n',
  `${'MIIEpAIBAAKCAQEA7bq2fWm0'.repeat(30)}\n`,
  '-----END RSA PRIV',
  'ATE KEY-----\n',
]

async function scan(files: Record<string, string>, given: { config?: Partial<Config>; commit?: boolean } = {}) {
  const made = temporaryRepository()
  made.commit('empty', { 'README.md': 'x' })
  if (given.commit === false) {
    for (const [path, content] of Object.entries(files)) made.write(path, content)
    made.git('add', '--all', '--force')
  } else made.commit('files', files)
  const { findings } = await secretsScanner.scan(context(made.folder, given.config ? { config: given.config } : {}))
  return findings
    .filter(({ subject }) => subject.kind === 'project')
    .map(({ code, subject, severity }) => `${code} ${subject.kind === 'project' && subject.path} ${severity}`)
    .sort()
}

describe('.env files', () => {
  it.each(['.env', 'app/.env', '.env.production', '.env.local', '.env.production.local'])('%s is one', (path) => {
    expect(isEnvFile(path)).toBe(true)
  })
  it.each([
    '.env.example',
    '.env.sample',
    '.env.template',
    '.env.local.example',
    '.env.vault',
    'env',
    '.envrc',
    'env.ts',
    'src/env.d.ts',
  ])('%s is none', (path) => expect(isEnvFile(path)).toBe(false))
  it.each([
    ['# comment\n\nexport API_URL="https://api.internal"\n', { name: 'API_URL', line: 3 }],
    ['A=\nB=""\nC=x95\r\n', { name: 'C', line: 3 }],
    ['PORT=3000\nDEBUG=true\nNODE_ENV=production\nVITE_API=https://api.example\n', undefined],
    ['KEY=encrypted:BJ8k29xLwPz04\nTOKEN=${OTHER}\nSECRET=changeme\nX=<value>\n', undefined],
    ['', undefined],
    ['=\n==\nno assignment\n', undefined],
  ])('%j: %j', (text, expected) => expect(firstAssigned(Buffer.from(text))).toEqual(expected))

  it('in HEAD with values are a finding each, for development a small one', async () => {
    const env = `DB_PASSWORD=${weak}\n`
    const found = await scan({
      '.env': env,
      'app/.env.test': env,
      '.env.example': env,
      'web/.env': 'VITE_API=x1\n',
      env,
    })
    expect(found).toEqual(['secret/tracked-env .env medium', 'secret/tracked-env app/.env.test low'])
  })

  it('about to be committed are, and by --since are not asked for', async () => {
    const files = { '.env': `DB_PASSWORD=${weak}\n` }
    expect(await scan(files, { commit: false })).toEqual([])
    expect(await scan(files, { commit: false, config: { staged: true } })).toEqual(['secret/tracked-env .env medium'])
    expect(await scan(files, { config: { since: 'HEAD~1' } })).toEqual([])
    expect(await scan(files, { config: { history: false } })).toEqual(['secret/tracked-env .env medium'])
  })

  it('names in them and their paths are masked', async () => {
    const token = ['gh', 'p_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1', '4AEx1N'].join('') // audit-deps:allow made up for this test
    const [found] = await scan({ [`${token}/.env`]: `${token}=x95\n` })
    expect(found).toContain('secret/tracked-env')
    expect(found).not.toContain(token.slice(6, 14))
  })
})

describe('what npm would publish', () => {
  const manifest = (fields: object) => JSON.stringify({ name: 'a', version: '1.0.0', ...fields })
  const env = { '.env': `DB_PASSWORD=${weak}\n` }
  const published = async (files: Record<string, string>) =>
    (await scan(files)).filter((line) => line.includes('published')).map((line) => line.split(' ')[1])

  it.each([
    ['without a files field', { 'package.json': manifest({}), ...env }, ['.env']],
    [
      'a key in a folder that is taken',
      { 'package.json': manifest({ files: ['lib/'] }), 'lib/a.pem': key.join('') },
      ['lib/a.pem'],
    ],
    [
      'a folder with a star',
      { 'package.json': manifest({ files: ['./lib/**'] }), 'lib/x/a.pem': key.join('') },
      ['lib/x/a.pem'],
    ],
    [
      'a workspace of its own',
      { 'package.json': manifest({ private: true }), 'p/package.json': manifest({}), 'p/.env': `A=${weak}` },
      ['p/.env'],
    ],
    ['another folder', { 'package.json': manifest({ files: ['lib'] }), ...env, 'library/a.pem': key.join('') }, []],
    ['a private package', { 'package.json': manifest({ private: true }), ...env }, []],
    ['no version', { 'package.json': '{"name": "a"}', ...env }, []],
    ['its own rules', { 'package.json': manifest({}), '.npmignore': '.env', ...env }, []],
    ['no package', env, []],
    ['a broken manifest', { 'package.json': '{', ...env }, []],
    ['a manifest that is null', { 'package.json': 'null', ...env }, []],
    ['a key that is none', { 'package.json': manifest({}), 'a.pem': 'nothing' }, []],
  ])('%s', async (_, files, expected) => {
    expect(await published(files as Record<string, string>)).toEqual(expected)
  })
})
