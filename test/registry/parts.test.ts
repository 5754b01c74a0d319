// Small parts with sharp edges: private addresses, versions looked up in a text.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback, isPrivateHost } from '../../src/registry/address.ts'
import { compact, expand } from '../../src/registry/compact.ts'
import type { PackageFacts, VersionFacts } from '../../src/types.ts'
import { registryUrl } from '../support/context.ts'

describe('an address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['8.8.8.8', false],
    ['[::1]', true],
    ['[::]', true],
    ['[fe80::1]', true],
    ['[fd00::1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['[::ffff:a9fe:a9fe]', true],
    ['[2001:4860:4860::8888]', false],
    ['localhost', true],
    ['a.localhost', true],
    ['no-such-host.invalid', false],
  ])('%s is private: %s', async (host, expected) => {
    expect(await isPrivateHost(host)).toBe(expected)
  })

  it('of loopback is told by its text', () => {
    expect(['localhost', '127.0.0.1', '[::1]', '10.0.0.1', '127.0.0.1.example'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('cached versions', () => {
  const facts = (versions: Record<string, VersionFacts>): PackageFacts => ({
    name: '@s/p',
    registry: registryUrl,
    distTags: {},
    versions,
    observedAt: new Date(0).toISOString(),
  })
  const reread = (versions: Record<string, VersionFacts>) => {
    const stored: unknown = JSON.parse(JSON.stringify(compact({ state: 'exists', facts: facts(versions) })))
    const answer = expand(stored, '@s/p', registryUrl, 0)
    if (answer?.state !== 'exists') throw new Error('not read back')
    return answer.facts.versions
  }
  const plain: VersionFacts = { installScript: false, published: '2020-01-01T00:00:00.000Z' }

  it('are found by name, and nothing else is', () => {
    const versions = reread({ '1.0.0-beta': { ...plain, installScript: true }, '1.0.0': plain, '11.0.0': plain })
    expect(versions['1.0.0']).toEqual(plain)
    expect(versions['1.0.0-beta']).toEqual({ ...plain, installScript: true })
    expect(Object.keys(versions)).toEqual(['1.0.0-beta', '1.0.0', '11.0.0'])
    expect(Object.hasOwn(versions, '1.0.0')).toBe(true)
    for (const other of [
      '1.0',
      '0.0',
      '',
      '|',
      ' ',
      '1.0.0 ',
      '1.0.0|',
      '1.0.0-beta.1',
      'constructor',
      '__proto__',
      'toString',
    ]) {
      expect(versions[other]).toBeUndefined()
      expect(Object.hasOwn(versions, other)).toBe(false)
    }
    expect(() => Object.assign(versions, { '9.9.9': plain })).toThrow(TypeError)
  })

  it('come back as they were, whatever stands in them', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('-', '=', 'a|b', 'a b', '"', '\\', '\n', 'é', 'sha512-abc'))
    const version = fc.record<VersionFacts>(
      {
        installScript: fc.boolean(),
        published: cell,
        deprecated: cell,
        integrity: cell,
        shasum: cell,
        tarball: fc.oneof(cell, fc.constant(`${registryUrl}@s/p/-/p-1.0.0.tgz`)),
      },
      { requiredKeys: ['installScript'] },
    )
    const names = fc.stringMatching(/^[0-9]\.[0-9]\.0(-[ab]\.?[0-9])?$/)
    fc.assert(
      fc.property(fc.dictionary(names, version, { minKeys: 1, noNullPrototype: true }), (versions) => {
        const again = reread(versions)
        for (const [name, expected] of Object.entries(versions)) expect(again[name]).toEqual(expected)
        expect({ ...again }).toEqual(versions)
      }),
    )
  })
})
