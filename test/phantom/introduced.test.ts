// `--since`: which phantom findings a change brings. What stood in the same kind of file before was there.

import { describe, expect, it } from 'vitest'
import { finding } from '../../src/finding.ts'
import { sayIntroduced } from '../../src/phantom/introduced.ts'
import { harmless } from '../../src/redact.ts'
import type { Finding } from '../../src/types.ts'
import { context } from '../support/context.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

const found = (name: string, path: string, excerpt: string, code = 'phantom/not-found'): Finding =>
  finding({
    code,
    scanner: 'phantom',
    subject: name === '' ? { kind: 'project', path } : { kind: 'package', name },
    severity: 'high',
    confidence: 'high',
    message: 'seen',
    evidence: [{ kind: 'file', path: harmless(path), line: 1, column: 1, excerpt: harmless(excerpt) }],
  })

const before = {
  'words.ts': 'const helper = "helper" // helper\n',
  'words.md': 'A helper of yours.\n',
  'jest.config.js': "module.exports = { preset: 'set' }\n",
  Dockerfile: 'RUN npm i -g docked\n',
  'old.ts': "import 'ghost/sub'\nimport {\n  useAsync,\n  noSuch } from 'react'\n[].filterByKey()\n",
  'README.md': 'Run `npm i @a/ghost`.\n',
  'package.json': '{ "dependencies": { "spook": "1" } }',
  'package-lock.json': '{ "node_modules/locked": {} }',
  '.eslintrc.json': '{ "plugins": ["short"] }',
}

const imported = (name: string, path = 'new.vue') => found(name, path, `import … from "${name}"`)

describe('introduced', () => {
  it.each<[string, Finding, boolean]>([
    ['an import, moved', imported('ghost'), false],
    ['an import of the same words', imported('ghost-two'), true],
    ['an import of a name in a scope', imported('@b/ghost'), true],
    ['an import of what only a document named', imported('@a/ghost'), true],
    ['an import of what only the manifest named', imported('spook'), true],
    ['an import of what was a word of a program', imported('helper'), true],
    ['a document that installs what was a word', found('helper', 'docs/a.md', 'npm i helper'), true],
    ['configuration in a program', found('set', 'jest.config.js', 'set'), false],
    ['a command', found('docked', 'app/Dockerfile', 'npm i -g docked'), false],
    ['a document, moved', found('@a/ghost', 'docs/a.md', 'npm i @a/ghost'), false],
    ['a document: another scope', found('ghost', 'docs/a.md', 'npm i ghost'), true],
    ['a manifest', found('spook', 'package.json', '"spook": "2"'), false],
    ['a lockfile', found('locked', 'package-lock.json', '"node_modules/locked"'), false],
    ['a short name', found('eslint-plugin-short', '.eslintrc.json', 'short'), false],
    ['a short name elsewhere', found('eslint-plugin-short', '.babelrc', 'short'), true],
    ['an export', found('react', 'a.ts', 'useAsync from react', 'phantom/export'), false],
    ['another export of it', found('react', 'a.ts', 'useOther from react', 'phantom/export'), true],
    ['the same export of another', found('preact', 'a.ts', 'useAsync from preact', 'phantom/export'), true],
    ['a method', found('', 'a.ts', '[…].filterByKey()', 'phantom/export'), false],
    ['another method', found('', 'a.ts', '"…".filterByKeys()', 'phantom/export'), true],
    ['a name that no line holds', imported('a\nb'), true],
    ['a name of regular expressions', imported('(.*)+$'), true],
  ])('%s', async (_what, given, introduced) => {
    const repository = temporaryRepository()
    repository.commit('before', before)
    const { findings, missed } = await sayIntroduced([given], context(repository.folder, { config: { since: 'main' } }))
    expect([findings, missed]).toEqual([[{ ...given, introduced }], []])
  })

  it('in a subfolder only what stood there counts', async () => {
    const repository = temporaryRepository()
    repository.commit('before', { 'a.ts': "import 'ghost'", 'app/b.ts': "import 'spook'" })
    const { findings } = await sayIntroduced(
      [imported('ghost'), imported('spook')],
      context(`${repository.folder}/app`, { config: { since: 'main' } }),
    )
    expect(findings.map(({ introduced }) => introduced)).toEqual([true, false])
  })

  it('compares with where the lines parted, and says nothing without --since', async () => {
    const repository = temporaryRepository()
    repository.commit('before', { 'a.ts': '' })
    repository.git('checkout', '--quiet', '-b', 'change')
    repository.commit('change', { 'b.ts': "import 'ghost'" })
    repository.git('checkout', '--quiet', 'main')
    repository.commit('main goes on', { 'c.ts': "import 'ghost'" })
    repository.git('checkout', '--quiet', 'change')
    const of = (since?: string) => sayIntroduced([imported('ghost')], context(repository.folder, { config: { since } }))
    expect((await of('main')).findings[0]!.introduced).toBe(true)
    expect((await of()).findings).toEqual([imported('ghost')])
  })

  it('everything counts, and it is said, where git cannot tell', async () => {
    const repository = temporaryRepository()
    repository.commit('before', before)
    repository.git('checkout', '--quiet', '--orphan', 'other')
    repository.commit('other')
    const { findings, missed } = await sayIntroduced(
      [imported('ghost')],
      context(repository.folder, { config: { since: 'main' } }),
    )
    expect(findings[0]!.introduced).toBe(true)
    expect(missed).toMatchObject([
      { what: 'what was named at main already', next: expect.stringContaining('git fetch') },
    ])
  })

  it.each(['nowhere', '--output=x'])('no such commit: %s', async (since) => {
    const repository = temporaryRepository()
    repository.commit('before', before)
    await expect(sayIntroduced([], context(repository.folder, { config: { since } }))).rejects.toThrow('no such commit')
    await expect(sayIntroduced([], context(temporaryFolder(), { config: { since } }))).rejects.toThrow('in none')
  })
})
