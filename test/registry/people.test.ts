// Who stands behind a version, as packuments of all kinds say it; and back from the cache.

import { describe, expect, it } from 'vitest'
import { compact, expand } from '../../src/registry/compact.ts'
import { distill } from '../../src/registry/distill.ts'
import { repositoryOf } from '../../src/registry/people.ts'
import type { VersionFacts } from '../../src/types.ts'
import { now, registryUrl } from '../support/context.ts'

const sig = 'MEUCIQ'.padEnd(96, 'A')
const packument = (...manifests: object[]) => ({
  name: 'pkg',
  versions: Object.fromEntries(manifests.map((manifest, at) => [`1.${at}.0`, manifest])),
})
const factsOf = (given: object) => {
  const answer = distill('pkg', registryUrl, given, now)
  if (answer.state !== 'exists') throw new Error(answer.state)
  const cached = expand(JSON.parse(JSON.stringify(compact(answer))), 'pkg', registryUrl, now.getTime())
  expect(cached).toEqual(answer)
  return answer.facts
}
const version = (manifest: object): VersionFacts => factsOf(packument(manifest)).versions['1.0.0']!

describe('a version', () => {
  it('tells who published it, who could, how, from where, with which commands and signatures', () => {
    expect(
      version({
        _npmUser: { name: 'ada', email: 'ada@example.com' },
        maintainers: [{ name: 'ben', email: 'ben@example.com' }, 'ada <ada@example.com> (https://ada.example)'],
        repository: { type: 'git', url: 'git+https://github.com/Acme/Pkg.git', directory: 'packages/pkg' },
        bin: { pkg: 'cli.js', git: 'x.js' },
        dist: {
          signatures: [{ keyid: 'SHA256:k', sig }],
          attestations: { url: 'x', provenance: { predicateType: 'y' } },
        },
      }),
    ).toEqual({
      installScript: false,
      publisher: 'ada',
      maintainers: ['ada', 'ben'],
      provenance: 'attested',
      repository: 'github.com/acme/pkg',
      bins: ['pkg', 'git'],
      signatures: [{ keyid: 'SHA256:k', sig }],
    })
  })

  it('of a trusted publisher is that, whatever else it has', () => {
    const trusted = { _npmUser: { name: 'ci', trustedPublisher: { id: 'github' } } }
    expect(version(trusted).provenance).toBe('trusted-publisher')
    expect(version({ ...trusted, dist: { attestations: { provenance: {} } } }).provenance).toBe('trusted-publisher')
  })

  it.each<[string, object]>([
    ['nothing', {}],
    ['null for all', { _npmUser: null, maintainers: null, repository: null, bin: null, dist: null }],
    ['numbers', { _npmUser: 1, maintainers: 2, repository: 3, bin: 4, dist: 5 }],
    ['texts where objects belong', { _npmUser: { name: {} }, maintainers: 'ada', dist: { attestations: 'yes' } }],
    ['people without names', { _npmUser: { email: 'a@b' }, maintainers: [{}, null, 7, { name: '' }, { name: [] }] }],
    [
      'names that are none',
      { _npmUser: { name: 'x'.repeat(101) }, maintainers: [{ name: 'a\u0000b' }, { name: 'a\nb' }] },
    ],
    ['a repository that is an object of objects', { repository: { url: {} } }],
    ['a repository without an end', { repository: `https://github.com/a/${'b'.repeat(10_000)}` }],
    ['a repository that is none', { repository: { url: 'javascript:alert(1)' } }],
    ['a claim to be trusted that is a text', { _npmUser: { trustedPublisher: 'yes' } }],
  ])('that says %s tells nothing', (_title, manifest) => {
    expect(version(manifest)).toEqual({ installScript: false })
  })

  it.each<[string, unknown]>([
    ['a text', 'garbage'],
    ['null', null],
    ['an object', { keyid: 'k', sig }],
    ['a list of nothing', [null, 1, {}, []]],
    ['no base64', [{ keyid: 'k', sig: '<script>'.repeat(10) }]],
    ['too long', [{ keyid: 'k', sig: 'A'.repeat(100_000) }]],
    ['a key with a blank', [{ keyid: 'k |1', sig }]],
  ])('signed with %s is signed with nothing readable', (_title, signatures) => {
    expect(version({ dist: { signatures } }).signatures).toEqual([])
  })

  it('among many of a hostile packument stays small', () => {
    const crowd = Array.from({ length: 50_000 }, (_, at) => ({ name: `m${at}` }))
    const bin = Object.fromEntries(crowd.map(({ name }) => [name, 'x']))
    const { maintainers, bins, signatures } = version({
      maintainers: crowd,
      bin,
      dist: { signatures: Array(1000).fill({ keyid: 'k', sig }) },
    })
    expect([maintainers?.length, bins?.length, signatures?.length]).toEqual([200, 200, 4])
  })

  it('shares with its neighbours in the cache what they have in common', () => {
    const manifest = (publisher: string) => ({
      _npmUser: { name: publisher },
      maintainers: Array.from({ length: 50 }, (_, at) => ({ name: `maintainer-${at}` })),
    })
    const answer = distill('pkg', registryUrl, packument(...Array(200).fill(manifest('ada')), manifest('ben')), now)
    const text = JSON.stringify(compact(answer as never))
    expect(text.split('maintainer-49').length).toBe(3)
  })
})

it('what was published and is listed no more', () => {
  const facts = factsOf({
    ...packument({}),
    time: {
      created: '2019-01-01T00:00:00.000Z',
      modified: '2020-01-01T00:00:00.000Z',
      '1.0.0': '2020-01-01T00:00:00.000Z',
      '1.1.0': '2020-02-01T00:00:00.000Z',
      '2.0.0': '2999-01-01T00:00:00.000Z',
      __proto__: 'x',
      '3.0.0': { not: 'a time' },
    },
  })
  expect({ ...facts.withdrawn }).toEqual({ '1.1.0': '2020-02-01T00:00:00.000Z' })
})

describe('a repository', () => {
  it.each([
    'acme/pkg',
    'github:acme/pkg',
    'https://github.com/acme/pkg',
    'https://www.github.com/Acme/Pkg.git',
    'git+https://github.com/acme/pkg.git#main',
    'git+ssh://git@github.com/acme/pkg.git',
    'git@github.com:acme/pkg.git',
    'git://github.com/acme/pkg.git',
    'ssh://git@github.com:22/acme/pkg/',
    'https://user:pass@github.com/acme/pkg',
    'https://github.com/acme/pkg/tree/main/packages/one',
  ])('%j is one', (written) => {
    expect(repositoryOf(written)).toBe('github.com/acme/pkg')
  })

  it.each([
    ['gitlab:acme/pkg', 'gitlab.com/acme/pkg'],
    ['https://gitlab.com/group/sub/pkg.git', 'gitlab.com/group/sub/pkg'],
    ['https://git.example/acme/pkg.git', 'git.example/acme/pkg'],
    ['https://github.com/acme', undefined],
    ['https://github.com/', undefined],
    ['//', undefined],
    ['x'.repeat(500), undefined],
    ['https://git.example/ä/b', undefined],
    ['', undefined],
  ])('%j is %s', (written, expected) => {
    expect(repositoryOf(written)).toBe(expected)
  })
})

it('nobody is not somebody called "undefined"', () => {
  const named = { _npmUser: { name: 'undefined' }, maintainers: ['undefined'], bin: { undefined: 'x.js' } }
  const told = { installScript: false, publisher: 'undefined', maintainers: ['undefined'], bins: ['undefined'] }
  expect(Object.values(factsOf(packument({}, named, {})).versions)).toEqual([
    { installScript: false },
    told,
    { installScript: false },
  ])
  const partly = [{ _npmUser: { name: 'undefined' } }, { maintainers: ['undefined'] }, { bin: { undefined: 'x.js' } }]
  expect(Object.values(factsOf(packument(...partly)).versions)).toEqual([
    { installScript: false, publisher: 'undefined' },
    { installScript: false, maintainers: ['undefined'] },
    { installScript: false, bins: ['undefined'] },
  ])
})
