// A folder or a sentence may hold a token: no scanner prints it, in any format.

import { expect, test } from 'vitest'
import { audit } from '../src/audit.ts'
import { maskTexts } from '../src/mask.ts'
import { render } from '../src/report/index.ts'
import { formats } from '../src/types.ts'
import { startRegistryServer } from './support/registry-server.ts'
import { temporaryRepository } from './support/repository.ts'

const token = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')
const letters = ['AK', 'IA', 'QZWXECRVTBYNUMIL'].join('')
const address = ['https://user:', 'Xk29fj', 'Qp1z', '@registry.example/'].join('')

test('a secret in a path stands in no report', async () => {
  const repository = temporaryRepository()
  const manifest = (name: string) => JSON.stringify({ name, dependencies: { [`needs-${name}`]: '^1.0.0' } })
  repository.write('package.json', manifest('demo'))
  repository.write(`config/${token}/package.json`, manifest('inner'))
  repository.write(`config/${token}/package-lock.json`, '{ broken')
  repository.write(`config/${token}/own/package.json`, manifest('own'))
  repository.write(`config/${token}/a.js`, 'import x from "nowhere-at-all"')
  repository.write(`config/${token}/README.md`, '```sh\nnpm install not-there-either\n```\n')
  repository.commit('one')
  const server = await startRegistryServer({})
  try {
    for (const path of [repository.folder, `${repository.folder}/config/${token}/own`]) {
      const report = await audit({ path, registry: server.url, only: ['lockfile', 'phantom'], cache: false })
      expect(JSON.stringify(report)).toContain('••••••••')
      for (const format of formats)
        expect(render(report, format, { detail: 'verbose' }), format).not.toContain(token.slice(4, 20))
    }
  } finally {
    await server.close()
  }
})

test.each([
  [`config/${token}/package-lock.json`, 'config/••••••••/package-lock.json'],
  [`a/${letters}/b`, 'a/••••••••/b'],
  [`npm install --registry ${address}`, 'npm install --registry https://user:••••••••@registry.example/'],
])('%#: what it becomes', async (text, shown) => {
  expect((await maskTexts([text])).get(text)).toBe(shown)
})

test.each([
  '"jsonwebtoken": "^9.0.0"',
  '"csrf-token": "^2.0.0"',
  'packages/password-generator-2.3.1/package-lock.json',
  'left-pad is declared in config/x/package.json, and no source names it',
  `"integrity": "sha512-${'ab3D9fK2'.repeat(11)}=="`,
  `reakt@1.0.0 is another file than sha1-${'0a1b2c3d4e'.repeat(4)}`,
  'the registry answered 500: https://registry.example/left-pad',
])('stays as it is: %s', async (text) => {
  expect((await maskTexts([text])).get(text) ?? text).toBe(text)
})

test.each(['pass', 'a1', '://a', 'sha1-', 'key   ', '0'])('a long text of %j costs little', async (text) => {
  const started = performance.now()
  await maskTexts([text.repeat(200_000 / text.length)])
  expect(performance.now() - started).toBeLessThan(5_000)
})
