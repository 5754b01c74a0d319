import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reasonOf } from '../src/errors.ts'
import { temporaryFolder } from './support/repository.ts'

test('what the file system refuses is a sentence without a path', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'file'), '')
  const reasons = ['gone', 'folder', 'file/below'].map((name) => {
    try {
      return readFileSync(join(folder, name), 'utf8')
    } catch (error) {
      return reasonOf(error)
    }
  })
  expect(reasons).toEqual(['it is gone or not there', 'it is a folder', 'a file stands where a folder should be'])
})

test.each([
  [
    Object.assign(new Error("ENXIO: open '/home/ada/x'"), { code: 'ENXIO', syscall: 'open' }),
    'the system answered ENXIO',
  ],
  [Object.assign(new Error('said so'), { code: 'toString' }), 'said so'],
  [Object.assign(new Error('said so'), { code: 'ERR_ODD', syscall: 'open' }), 'said so'],
  ['text', 'text'],
])('%s', (thrown, reason) => expect(reasonOf(thrown)).toBe(reason))
