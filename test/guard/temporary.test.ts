import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { emptyProject } from '../../src/guard/temporary.ts'
import { temporaryFolder } from '../support/repository.ts'

/** Above what Linux and macOS give to any process. */
const nobody = 2 ** 22 + 1

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  return () => vi.unstubAllEnvs()
})

/** What a run of another process is called. */
const ownedBy = (name: string, pid: number): string => name.replace(new RegExp(`-${process.pid}-`), `-${pid}-`)

test('is empty, of that name, and goes with all that is in it', async () => {
  const { root, remove } = await emptyProject('app')
  expect([basename(root), readdirSync(root)]).toEqual(['app', []])
  writeFileSync(join(root, 'package.json'), '{}')
  await remove()
  expect(readdirSync(folder)).toEqual([])
})

test('what a killed run left goes; what runs, or counts its processes elsewhere, stays', async () => {
  const mine = await emptyProject('app')
  const [name = ''] = readdirSync(folder)
  const [killed, alive] = [ownedBy(name, nobody), ownedBy(name, process.ppid)]
  const elsewhere = ownedBy(name.replace(/^(audit-deps-guard-)\d+/, '$14026530000'), nobody)
  for (const one of [killed, alive, elsewhere, 'audit-deps-guard-', `other-${nobody}-x`])
    mkdirSync(join(folder, one, 'd'), { recursive: true })
  const second = await emptyProject('app')
  expect(existsSync(join(folder, killed))).toBe(false)
  for (const one of [name, alive, elsewhere, 'audit-deps-guard-', `other-${nobody}-x`])
    expect(existsSync(join(folder, one)), one).toBe(true)
  await Promise.all([mine.remove(), second.remove()])
})

test('where it cannot be made, nothing stays behind', async () => {
  await expect(emptyProject('x'.repeat(300))).rejects.toThrow(/ENAMETOOLONG/)
  expect(readdirSync(folder)).toEqual([])
})
