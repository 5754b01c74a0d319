// What is left of a scan where a part of it breaks.

import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { secretsScanner } from '../../src/secrets/scan.ts'
import type { ScanResult } from '../../src/types.ts'
import { context } from '../support/context.ts'
import { temporaryRepository } from '../support/repository.ts'

// Made up, in parts.
const token = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')

const breaks = vi.hoisted(() => ({ at: '', with: new Error() }))

vi.mock('../../src/git/attribution.ts', async (original) => {
  const real = await original<typeof import('../../src/git/attribution.ts')>()
  const prepareAttribution: typeof real.prepareAttribution = (...given) => {
    const prepared = real.prepareAttribution(...given)
    const attribute: typeof prepared.attribute = async (...asked) => {
      if (breaks.at === 'git') throw breaks.with
      return prepared.attribute(...asked)
    }
    return { attribute, reached: (oids) => prepared.reached(oids), close: () => prepared.close() }
  }
  return { ...real, prepareAttribution }
})

const broken = async (at: 'git' | 'files', error: Error): Promise<ScanResult> => {
  const made = temporaryRepository()
  made.commit('one', { 'committed.txt': `${token}\n` })
  made.write('new.txt', `${token}\n`)
  Object.assign(breaks, { at, with: error })
  return secretsScanner.scan({
    ...context(made.folder),
    progress: (step) => {
      if (at === 'files' && step === 'reading files') throw error
    },
  })
}

const states = ({ coverage }: ScanResult) =>
  Object.fromEntries(coverage.map(({ source, state }) => [source, state] as const))

test.each([
  ['git', { 'git-objects': 'partial', attribution: 'partial', 'work-tree': 'complete' }, 'file'],
  ['files', { 'git-objects': 'complete', attribution: 'complete', 'work-tree': 'partial' }, 'git'],
] as const)('an unexpected error in %s leaves the other source', async (at, expected, kind) => {
  const result = await broken(at, new Error('unforeseen'))
  expect(states(result)).toMatchObject(expected)
  expect(result.findings.flatMap(({ evidence }) => evidence.map((one) => one.kind))).toContain(kind)
  expect(JSON.stringify(result.coverage)).toContain('unforeseen')
})

test('what the caller has to mend ends the run', async () => {
  await expect(broken('files', new AuditError('USAGE', 'wrong'))).rejects.toThrow('wrong')
})

test('files that went meanwhile or are too large are named, but not the secrets in their names', async () => {
  const made = temporaryRepository()
  made.write('a.txt', 'nothing\n')
  made.write(`b-${token}.txt`, 'nothing\n')
  made.write(`c-${token}.txt`, '')
  truncateSync(join(made.folder, `c-${token}.txt`), 2 ** 30)
  const { coverage } = await secretsScanner.scan({
    ...context(made.folder),
    progress: (step, done) => {
      if (step === 'reading files' && done === 1) rmSync(join(made.folder, `b-${token}.txt`))
    },
  })
  const missed = coverage.flatMap((one) => (one.source === 'work-tree' && one.state === 'partial' ? one.missed : []))
  expect(missed).toEqual([
    expect.objectContaining({ what: expect.stringContaining('c-') }),

    expect.objectContaining({ what: expect.stringContaining('the file b-'), why: 'it is gone or not there' }),
  ])
  expect(JSON.stringify(coverage)).not.toContain(token)
})
