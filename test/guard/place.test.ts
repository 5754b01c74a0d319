import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyProject } from '../../src/guard/copy.ts'
import { manifestIn } from '../../src/guard/folders.ts'
import { bytesOf, type Change, changesIn, put, takeBack } from '../../src/guard/place.ts'
import { temporaryFolder } from '../support/repository.ts'

const change = (path: string, before: string | undefined, after: string): Change => ({
  path,
  before: before === undefined ? undefined : Buffer.from(before),
  after: Buffer.from(after),
})

function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  return folder
}

const textIn = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8')

test('what differs in the copy is put in place, links stay links, and all of it can be taken back', async () => {
  const folder = project({ 'package.json': 'old', same: 'same', gone: 'gone' })
  symlinkSync('package.json', join(folder, 'linked'))
  const copy = project({ 'package.json': 'new', linked: 'new', same: 'same', fresh: 'fresh' })
  const changes = await changesIn(copy, folder, ['package.json', 'linked', 'same', 'gone', 'fresh'])
  expect(changes.map(({ path }) => path)).toEqual(['package.json', 'linked', 'fresh'])
  await put(folder, changes)
  expect([textIn(folder, 'package.json'), textIn(folder, 'fresh')]).toEqual(['new', 'fresh'])
  await takeBack(folder, changes)
  expect(readdirSync(folder).sort()).toEqual(['gone', 'linked', 'package.json', 'same'])
  expect(textIn(folder, 'linked')).toBe('old')
})

test('where one cannot be put, none is', async () => {
  const folder = project({ a: 'old', blocked: 'a file' })
  const changes = [change('a', 'old', 'new'), change('blocked/b', undefined, 'new'), change('c', undefined, 'new')]
  await expect(put(folder, changes)).rejects.toThrow(/EEXIST|ENOTDIR/)
  expect([textIn(folder, 'a'), readdirSync(folder).sort()]).toEqual(['old', ['a', 'blocked']])
})

test('one that cannot be taken back does not keep the others', async () => {
  const folder = project({ a: 'old', b: 'old' })
  const changes = [change('a', 'old', 'new'), change('b', 'old', 'new')]
  await put(folder, changes)
  rmSync(join(folder, 'a'))
  mkdirSync(join(folder, 'a'))
  await expect(takeBack(folder, changes)).rejects.toThrow(/EISDIR/)
  expect(textIn(folder, 'b')).toBe('old')
})

test('what is not there has no bytes; what cannot be read is an error', async () => {
  const folder = project({ file: 'x' })
  expect(await bytesOf(join(folder, 'nothing'))).toBeUndefined()
  expect(await bytesOf(join(folder, 'file', 'below'))).toBeUndefined()
  await expect(bytesOf(folder)).rejects.toThrow(/EISDIR/)
})

test('what never ends is not read: it is said', async () => {
  const folder = project({ file: 'text' })
  for (const device of ['/dev/zero', '/dev/null']) {
    symlinkSync(device, join(folder, device.slice(5)))
    await expect(bytesOf(join(folder, device.slice(5)))).rejects.toThrow(/(?:zero|null) is no regular file$/)
  }
  await expect(copyProject(folder, temporaryFolder(), ['zero'], [])).rejects.toThrow(/zero is no regular file$/)
  expect(manifestIn(folder)).toBeUndefined()
  symlinkSync('/dev/zero', join(folder, 'package.json'))
  expect(manifestIn(folder)).toBeUndefined()
})
