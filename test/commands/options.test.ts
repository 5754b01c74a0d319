import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditOptionsOf } from '../../src/commands/options.ts'
import { loadConfig } from '../../src/config.ts'
import { createRegistry } from '../../src/registry/client.ts'
import { temporaryFolder } from '../support/repository.ts'

test.each([
  [{ trustProjectNpmrc: true }, 'https://stranger.example/'],
  [{ registry: 'https://mine.example/' }, 'https://mine.example/'],
])('%j reaches the registry client', async (flags, url) => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'package.json'), '{}')
  writeFileSync(join(root, '.npmrc'), 'registry=https://stranger.example/')
  const { configFile, ...set } = auditOptionsOf(flags, ['lockfile', 'phantom'])
  const config = loadConfig(root, set, configFile, {})
  const registry = await createRegistry({ root, home: temporaryFolder(), environment: {}, config })
  expect({ url: registry.urlFor('a'), untrusted: registry.untrustedRegistries }).toEqual({ url, untrusted: [] })
})

test.each([
  [{ stdin: true, since: 'main' }, '--stdin and --since'],
  [{ stdin: true, pullRequest: true }, '--stdin and --pull-request'],
  [{ stdin: true, commits: true }, '--stdin and --commits'],
  [{ stdin: true, gitleaksConfig: 'x.toml' }, '--stdin and --gitleaks-config'],
  [{ commits: true, staged: true }, '--commits and --staged'],
])('%j: one would be passed over in silence', (flags, message) =>
  expect(() => auditOptionsOf(flags, ['secrets'])).toThrow(`${message} contradict each other`),
)
