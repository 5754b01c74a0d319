import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryOf } from '../src/memory-file.ts'
import { listOf, text } from '../src/shape.ts'
import { temporaryFolder } from './support/repository.ts'

const words = listOf(text)
const day = 86_400

const filesIn = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name))

test('what was written is read by its head alone, and only in its shape', () => {
  const folder = join(temporaryFolder(), 'made', 'on demand')
  expect(memoryOf(folder, 'one 1', words).read()).toBeUndefined()
  expect(memoryOf(folder, 'one 1', words).write(['a', 'b'])).toBeUndefined()
  expect(memoryOf(folder, 'one 1', words).read()).toEqual(['a', 'b'])
  expect(memoryOf(folder, 'one 2', words).read()).toBeUndefined()
  expect(memoryOf(folder, 'one 1', listOf(listOf(text))).read()).toBeUndefined()
  const [file] = filesIn(folder)
  writeFileSync(file!, readFileSync(file!, 'utf8').replace('"b"', '"c"'))
  expect(memoryOf(folder, 'one 1', words).read()).toBeUndefined()
})

test('what was read is not written again; reading keeps it from growing old', () => {
  const folder = temporaryFolder()
  memoryOf(folder, 'one', words).write(['a'])
  const [file] = filesIn(folder)
  const then = Date.now() / 1000 - 2 * day
  utimesSync(file!, then, then)
  const { ino } = statSync(file!)
  const memory = memoryOf(folder, 'one', words)
  expect(memory.read()).toEqual(['a'])
  expect(Date.now() / 1000 - statSync(file!).mtimeMs / 1000).toBeLessThan(day)
  memory.write(['a'])
  expect(statSync(file!).ino).toBe(ino)
  memory.write(['b'])
  expect(memoryOf(folder, 'one', words).read()).toEqual(['b'])
  memory.write(['a'])
  expect(memoryOf(folder, 'one', words).read()).toEqual(['a'])
})

test('five hundred are kept, the latest, and none for more than ninety days unused', () => {
  const folder = temporaryFolder()
  for (let number = 0; number < 510; number++) {
    const file = join(folder, `${number}.json`)
    writeFileSync(file, '')
    const then = Date.now() / 1000 - (number < 300 ? number + 1 : 91 * day)
    utimesSync(file, then, then)
  }
  memoryOf(folder, 'one', words).write(['a'])
  expect(readdirSync(folder)).toHaveLength(301)
  for (let number = 1000; number < 1300; number++) writeFileSync(join(folder, `${number}.json`), '')
  memoryOf(folder, 'one', words).write(['b'])
  expect(readdirSync(folder)).toHaveLength(500)
  expect(memoryOf(folder, 'one', words).read()).toEqual(['b'])
  expect(readdirSync(folder)).toContain('0.json')
  expect(readdirSync(folder)).not.toContain('299.json')
})

test('what cannot be written says why', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  expect(memoryOf(join(folder, 'file'), 'one', words).write(['a'])).toMatch(/./)
  expect(memoryOf(folder, 'one', words).write(['x'.repeat(65 * 2 ** 20)])).toMatch(/64 MB/)
  expect(readdirSync(folder)).toEqual(['file'])
})
