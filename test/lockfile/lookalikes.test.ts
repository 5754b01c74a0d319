import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Harmless, harmlessNames, lookalikesOf } from '../../src/lockfile/lookalikes.ts'
import { memoryOf } from '../../src/memory-file.ts'
import { listOf, text } from '../../src/shape.ts'

function emptyMemory(): () => Harmless {
  const folder = mkdtempSync(join(tmpdir(), 'audit-deps-lookalikes-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return () => memoryOf(folder, 'names of a test', listOf(text))
}

const names = ['express', 'expresss', 'bagomi-lehuno7', 'bagomi-lehuno7']
const targets = async (memory: Harmless | undefined, asked: readonly string[] = names) =>
  [...(await lookalikesOf(asked, memory))].map(([name, [first]]) => `${name} ~ ${first!.target}`)

test('says the same whether nothing is remembered, or all', async () => {
  const memory = emptyMemory()
  const expected = ['expresss ~ express']
  expect(await targets(undefined)).toEqual(expected)
  expect(await targets(memory())).toEqual(expected)
  expect(await targets(memory())).toEqual(expected)
})

test('remembers the names that imitate nobody, and no others', async () => {
  const memory = emptyMemory()
  await targets(memory())
  expect(memory().read()).toEqual(['express', 'bagomi-lehuno7'])
  await targets(memory(), ['expresss', 'react'])
  expect(memory().read()).toEqual(['express', 'bagomi-lehuno7', 'react'])
})

test('what is remembered is not searched for again, and with nothing new nothing is written', async () => {
  const memory: Harmless = { read: () => ['expresss'], write: () => expect.unreachable('nothing is new') }
  expect(await targets(memory, ['expresss'])).toEqual([])
})

test('nothing is remembered without a cache, nor of tables that no build made', () => {
  expect(harmlessNames(false)).toBeUndefined()
  // The sources make their tables as they go.
  expect(harmlessNames(true)).toBeUndefined()
})
