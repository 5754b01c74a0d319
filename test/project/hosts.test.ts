import fc from 'fast-check'
import npmRegistryFetch from 'npm-registry-fetch'
import { expect, test } from 'vitest'
import { locked, lockfileOf } from '../../src/lockfile/file-example.ts'
import { hostOf, hostsOf } from '../../src/project/hosts.ts'

const publicHost = new URL(npmRegistryFetch.pickRegistry('name', {})).host
const none = { lockfiles: [] }

test('a mirror does not make the public registry foreign: npm puts the mirror in its place', async () => {
  const { of } = await hostsOf(none, () => 'https://mirror.example/npm/', [])
  expect(of('left')).toEqual(['mirror.example', publicHost, expect.stringContaining('registry.')])
})

test('a scope with a registry of its own may come from nowhere else', async () => {
  const urlFor = (name?: string) =>
    name?.startsWith('@acme/') ? 'https://npm.acme.example/' : 'https://registry.example/'
  const { of } = await hostsOf(none, urlFor, ['cdn.example'])
  expect(of('@acme/core')).toEqual(['npm.acme.example', 'cdn.example'])
})

test('scopes that come from elsewhere', async () => {
  const at = (name: string, resolved: string | undefined) => locked({ name, resolved })
  const lockfile = lockfileOf(
    at('@acme/core', 'https://npm.acme.example/core.tgz'),
    at('@open/core', 'https://registry.example/core.tgz'),
    at('@mirrored/core', `https://${publicHost}/core.tgz`),
    at('@silent/core', undefined),
    at('plain', 'https://npm.acme.example/plain.tgz'),
    { ...at('@git/core', 'git+ssh://git@git.example/core.git'), kind: 'git' },
  )
  const { foreignScopes } = await hostsOf({ lockfiles: [lockfile] }, () => 'https://registry.example/', [
    'npm.acme.example',
  ])
  expect([...foreignScopes]).toEqual([['@acme', 'npm.acme.example']])
})

function parsed(url: string): string | undefined {
  try {
    return new URL(url).host || undefined
  } catch {
    return undefined
  }
}

test('a host is what the URL parser says, however it is written', () => {
  const part = fc.constantFrom(
    'https://',
    'http:',
    '//',
    'a.example',
    'A.example',
    ':443',
    ':4873',
    '@',
    '127.1',
    '0x7f',
    '.',
    '-',
  )
  const more = fc.constantFrom(
    'xn--',
    'xn--a',
    '/',
    '/x',
    '?',
    '#',
    'ß',
    'com',
    '1',
    '%41',
    '\\',
    ' ',
    '\t',
    'git+ssh://',
    '[::1]',
  )
  const url = fc.oneof(
    fc.webUrl(),
    fc.array(fc.oneof(part, more), { maxLength: 8 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(url, fc.boolean(), (text, prefixed) => {
      const whole = prefixed ? `https://${text}/` : text
      expect(hostOf(whole)).toBe(parsed(whole))
    }),
    { numRuns: 2_000 },
  )
})
