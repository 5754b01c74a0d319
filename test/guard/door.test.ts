import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDoor } from '../../src/guard/door.ts'
import { temporaryFolder } from '../support/repository.ts'

test.each([
  ['one of ours', { name: 'root-example', version: '1.0.0' }, true],
  ['one of ours without a version', { name: 'member-example' }, true],
  ['another version of the name of ours', { name: 'root-example', version: '9.9.9' }, false],
  ['any version of a name of ours that has none', { name: 'member-example', version: '9.9.9' }, false],
  ['another one', { name: 'left-example', version: '1.0.0' }, false],
])('the door, where nobody can be asked: %s', async (_, manifest, passes) => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'member'))
  writeFileSync(join(root, 'package.json'), '{"name":"root-example","version":"1.0.0"}')
  writeFileSync(join(root, 'member/package.json'), '{"name":"member-example"}')
  writeFileSync(join(root, 'audit-deps.json'), '{"offline":true}')
  const vet = await openDoor(root)
  expect(await vet(manifest)).toEqual(passes ? [] : [expect.stringMatching(/→|;/)])
})
