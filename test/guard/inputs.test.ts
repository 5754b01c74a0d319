import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { inputsOf, outputsOf } from '../../src/guard/inputs.ts'
import { temporaryFolder } from '../support/repository.ts'

/** What the walk could not list, besides what it found. */
const missed = vi.hoisted(() => [] as { path: string; what: string; why: string; next: string }[])

vi.mock('../../src/project/files.ts', async (original) => {
  const real = await original<typeof import('../../src/project/files.ts')>()
  const findFiles: typeof real.findFiles = async (...given) => ({ ...(await real.findFiles(...given)), missed })
  return { ...real, findFiles }
})

function project(): string {
  const root = temporaryFolder()
  mkdirSync(join(root, 'member'))
  for (const path of ['package.json', 'package-lock.json', '.npmrc', 'member/package.json', 'member/code.js'])
    writeFileSync(join(root, path), '{}')
  return root
}

test('what a manager reads, and what of it it writes', async () => {
  const root = project()
  expect(await inputsOf(root)).toEqual(['.npmrc', 'package-lock.json', 'package.json', 'member/package.json'])
  expect(await outputsOf(root)).toEqual(['package-lock.json', 'package.json', 'member/package.json'])
})

test.each([
  ['a folder that nobody may list is passed over', 'member/data', true],
  ['a project too large to be walked is not vetted in part', '.', false],
])('%s', async (_, path, passes) => {
  missed.splice(0, 1, { path, what: 'folders', why: 'there are too many', next: 'fewer' })
  const found = inputsOf(project())
  if (passes) expect(await found).toContain('package.json')
  else
    await expect(found).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('vetted whole: there are too many'),
    })
})
