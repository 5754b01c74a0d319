// The name stood in the repository before the package was created. Commits of these repositories are of 2024-01-01.

import { describe, expect, it } from 'vitest'
import { openRepository } from '../../src/git/repository.ts'
import { squattedLater } from '../../src/phantom/squatted.ts'
import { now, registryUrl } from '../support/context.ts'
import { temporaryRepository } from '../support/repository.ts'

const young = (name: string, created = '2025-03-01T00:00:00.000Z') => ({
  facts: { name, registry: registryUrl, created, distTags: {}, versions: {}, observedAt: now.toISOString() },
  evidence: [],
})

const look = async (files: Record<string, string>, name = 'late-one', created?: string, own: string[] = []) => {
  const repository = temporaryRepository()
  repository.commit('first', files)
  repository.commit('second', Object.fromEntries(Object.keys(files).map((path) => [path, undefined])))
  repository.commit('third', { 'x.txt': '' })
  // It stands in HEAD again, as it must to be asked about at all.
  repository.commit('fourth', files)
  return squattedLater([young(name, created)], new Set(own), { repository: () => openRepository(repository.folder) })
}

describe('squatted after it was named', () => {
  it.each<[string, Record<string, string>]>([
    ['a manifest', { 'package.json': '{\n  "dependencies": {\n    "late-one": "^1"\n  }\n}' }],
    ['a lockfile', { 'yarn.lock': 'late-one@^1.0.0:\n  version "1.0.0"\n' }],
    ['an import', { 'src/a.ts': "import x from 'late-one'\n" }],
    ['a document', { 'README.md': 'Run `npm i late-one@1`\n' }],
    ['a CI file', { '.github/workflows/a.yml': '      - run: npx late-one\n' }],
  ])('in %s', async (_where, files) => {
    const squatted = await look(files)
    expect(squatted?.findings).toMatchObject([
      {
        code: 'phantom/squatted-later',
        subject: { name: 'late-one' },
        message: 'late-one stood in this repository on 2024-01-01, and the package was created only on 2025-03-01',
        evidence: [
          { kind: 'git', path: Object.keys(files)[0] },
          { kind: 'registry', observed: 'created 2025-03-01' },
        ],
      },
    ])
  })

  it.each<[string, Record<string, string>, string | undefined, string[]]>([
    ['created before', { 'package.json': '{\n"late-one": "1"\n}' }, '2023-06-01T00:00:00.000Z', []],
    ['another name', { 'package.json': '{\n  "late-one-more": "1",\n  "x-late-one": "1"\n}' }, undefined, []],
    ['only words', { 'README.md': 'We call it late-one.\n', 'src/a.ts': "const x = 'late-one'\n" }, undefined, []],
    [
      'its own manifest then',
      { 'package.json': '{\n  "name": "late-one"\n}', 'README.md': '`npm i late-one`' },
      undefined,
      [],
    ],
    ['its own manifest now', { 'README.md': '`npm i late-one`' }, undefined, ['late-one']],
  ])('not: %s', async (_what, files, created, own) => {
    const squatted = await look(files, 'late-one', created, own)
    expect(squatted?.findings).toEqual([])
    expect(squatted?.missed).toEqual([])
  })

  it('beside a file that is called as the commit is', async () => {
    const repository = temporaryRepository()
    const commit = repository.commit('first', { 'README.md': '`npm i late-one`' })
    repository.write(commit, '')
    const squatted = await squattedLater([young('late-one')], new Set(), {
      repository: () => openRepository(repository.folder),
    })
    expect(squatted).toMatchObject({ findings: [{ code: 'phantom/squatted-later' }], missed: [] })
  })

  it('a shallow clone says what it cannot see', async () => {
    const repository = temporaryRepository()
    repository.commit('first', { 'package.json': '{}' })
    repository.commit('second', { 'package.json': '{ }' })
    const clone = temporaryRepository({ from: `file://${repository.folder}`, options: ['--depth', '1'] })
    const squatted = await squattedLater([young('late-one')], new Set(), {
      repository: () => openRepository(clone.folder),
    })
    expect(squatted).toMatchObject({ findings: [], missed: [{ next: 'git fetch --unshallow' }] })
  })
})

it('what git could not tell is missed, and not checked', async () => {
  const repository = temporaryRepository()
  repository.commit('first', { 'README.md': '`npm i late-one`' })
  const open = async () => ({ ...(await openRepository(repository.folder))!, head: 'f'.repeat(40) })
  expect(await squattedLater([young('late-one')], new Set(), { repository: open })).toMatchObject({
    findings: [],
    checked: 0,
    missed: [{ what: 'late-one', why: expect.stringMatching(/^git rev-list failed/) }],
  })
})
