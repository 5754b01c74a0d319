// Facts out of packuments, honest and lying ones; and back from their compact form.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compact, expand } from '../../src/registry/compact.ts'
import { distill } from '../../src/registry/distill.ts'
import { now, registryUrl } from '../support/context.ts'
import { packumentOf } from '../support/registry-server.ts'
import { brief, client, server } from './setup.ts'

const factsOf = (packument: unknown) => {
  const answer = distill('pkg', registryUrl, packument, now)
  if (answer.state !== 'exists') throw new Error(answer.state)
  return answer.facts
}
/** The facts of version 1.0.0 whose manifest holds this. */
const version = (manifest: object, time?: unknown) =>
  factsOf({ name: 'pkg', versions: { '1.0.0': manifest }, time: { '1.0.0': time } }).versions['1.0.0']!

describe('a packument', () => {
  it('gives its facts', () => {
    const packument = packumentOf('pkg', {
      created: '2019-12-31T00:00:00.000Z',
      versions: {
        '1.0.0': { published: '2020-01-01T00:00:00Z', deprecated: 'use other', integrity: 'sha512-x', shasum: 'abc' },
        '1.1.0': {
          published: '2020-02-01T00:00:00.5Z',
          scripts: { postinstall: 'node x' },
          tarball: 'https://cdn.example/x',
        },
      },
    })
    expect(factsOf(packument)).toEqual({
      name: 'pkg',
      registry: registryUrl,
      created: '2019-12-31T00:00:00.000Z',
      distTags: { latest: '1.1.0' },
      versions: {
        '1.0.0': {
          published: '2020-01-01T00:00:00.000Z',
          deprecated: 'use other',
          installScript: false,
          integrity: 'sha512-x',
          shasum: 'abc',
          tarball: 'https://registry.example/pkg/-/pkg-1.0.0.tgz',
        },
        '1.1.0': { published: '2020-02-01T00:00:00.500Z', installScript: true, tarball: 'https://cdn.example/x' },
      },
      observedAt: now.toISOString(),
    })
  })

  it.each<[string, unknown, string | undefined]>([
    ['in the past', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000Z'],
    ['a minute ahead, for clocks differ', '2026-06-01T12:01:00Z', '2026-06-01T12:01:00.000Z'],
    ['an hour ahead', '2026-06-01T13:00:00Z', undefined],
    ['in the year 9999', '9999-01-01T00:00:00Z', undefined],
    ['no date', 'yesterday', undefined],
    ['an impossible date', '2020-13-45T99:99:99Z', undefined],
    ['a number', 1577836800000, undefined],
    ['text that Date would take', '3', undefined],
    ['an object', {}, undefined],
    ['null', null, undefined],
  ])('with a time %s', (_title, time, published) => {
    expect(version({}, time).published).toBe(published)
  })

  it.each<[string, object, boolean]>([
    ['no scripts', {}, false],
    ['test only', { scripts: { test: 'x', prepare: 'x' } }, false],
    ['preinstall', { scripts: { preinstall: 'x' } }, true],
    ['install', { scripts: { install: 'x' } }, true],
    ['postinstall', { scripts: { postinstall: 'x' } }, true],
    ['an empty one', { scripts: { install: ' ' } }, false],
    ['one that is no text', { scripts: { install: 1 } }, false],
    ['scripts that are a list', { scripts: ['install'] }, false],
    ['the abbreviated form’s flag', { hasInstallScript: true }, true],
    ['gypfile', { gypfile: true }, true],
  ])('whose manifest has %s', (_title, manifest, installScript) => {
    expect(version(manifest).installScript).toBe(installScript)
  })

  it.each<[unknown, string | undefined]>([
    ['use x', 'use x'],
    ['', undefined],
    [false, undefined],
    [true, 'no reason given'],
    [7, undefined],
    ['x'.repeat(1000), 'x'.repeat(300)],
  ])('deprecated: %j', (deprecated, expected) => {
    expect(version({ deprecated }).deprecated).toBe(expected)
  })

  it('created after its own versions does not say when it was created', () => {
    const versions = { '1.0.0': { published: '2020-01-01T00:00:00Z' } }
    expect(factsOf(packumentOf('pkg', { versions, created: '2026-05-31T00:00:00Z' }))).not.toHaveProperty('created')
    expect(factsOf(packumentOf('pkg', { versions, created: '2020-01-01T12:00:00Z' }))).toHaveProperty('created')
  })

  it('with keys of the prototype, odd versions and wrong tags keeps what is sound', () => {
    const packument = JSON.parse(
      '{"name":"pkg","time":[],"versions":{"__proto__":{"x":1},"constructor":{},"1.0.0":{"dist":[]},"2.0.0":"no","v3":{}},"dist-tags":{"latest":"9.9.9","__proto__":"1.0.0","next":"1.0.0","x":{}}}',
    )
    const facts = factsOf(packument)
    expect(Object.keys(facts.versions)).toEqual(['1.0.0'])
    expect(Object.entries(facts.distTags)).toEqual([['next', '1.0.0']])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

it('whose versions are none that can be read has not been unpublished', () => {
  const given = (versions: object) => distill('pkg', registryUrl, { name: 'pkg', versions }, now)
  expect(given({}).state).toBe('unpublished')
  for (const versions of [{ 'v1.0.0': {} }, { '1.0.0': null }, { latest: { name: 'pkg' } }])
    expect(given(versions)).toEqual({ state: 'unusable', why: 'it lists no version that can be read' })
})

it('whose description is no text is a package like any other', () => {
  const description: unknown = JSON.parse('{"toString":1,"valueOf":2}')
  expect(factsOf({ name: 'pkg', versions: { '1.0.0': {} }, description }).name).toBe('pkg')
})

describe('noise', () => {
  const noise = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({
        name: fc.oneof(fc.constant('asked'), fc.string()),
        versions: fc.anything(),
        time: fc.anything(),
        'dist-tags': fc.anything(),
      })
      .map((value) => {
        try {
          return JSON.stringify(value)
        } catch {
          return '{}'
        }
      }),
    fc
      .record({
        name: fc.constantFrom('asked', 'other', null),
        versions: fc.dictionary(fc.constantFrom('1.0.0', '2.0.0', '__proto__', 'x', '0.0.1-security'), fc.jsonValue()),
        time: fc.dictionary(fc.constantFrom('created', 'unpublished', '1.0.0'), fc.jsonValue()),
      })
      .map((value) => JSON.stringify(value)),
  )
  /** Manifests whose every field of ours is noise. */
  const people = fc
    .record({
      name: fc.constant('asked'),
      time: fc.dictionary(fc.constantFrom('created', '1.0.0', '1.1.0', '__proto__'), fc.jsonValue()),
      versions: fc.dictionary(
        fc.constantFrom('1.0.0', '2.0.0'),
        fc.record({
          _npmUser: fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue(), trustedPublisher: fc.jsonValue() })),
          maintainers: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.record({ name: fc.string() })))),
          repository: fc.oneof(fc.jsonValue(), fc.webUrl(), fc.record({ url: fc.oneof(fc.jsonValue(), fc.webUrl()) })),
          bin: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.string())),
          dist: fc.record({
            integrity: fc.oneof(fc.jsonValue(), fc.constant('sha512-x y')),
            signatures: fc.oneof(
              fc.jsonValue(),
              fc.array(fc.record({ keyid: fc.string(), sig: fc.oneof(fc.string(), fc.constant('A'.repeat(90))) })),
            ),
            attestations: fc.jsonValue(),
          }),
        }),
        { minKeys: 1 },
      ),
    })
    .map((value) => JSON.stringify(value))
  const sound = (answer: { state: string; facts?: { name: string; versions: object } }) => {
    expect(['exists', 'unpublished', 'security-held', 'unusable', 'unreachable']).toContain(answer.state)
    if (answer.state === 'exists') {
      expect(answer.facts?.name).toBe('asked')
      expect(Object.keys(answer.facts?.versions ?? {}).length).toBeGreaterThan(0)
    }
  }

  it('never throws and never gives facts of another name', () => {
    fc.assert(
      fc.property(fc.oneof(noise, people), (text) => {
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          return
        }
        const answer = distill('asked', registryUrl, parsed, now)
        sound(answer)
        if (answer.state !== 'unusable')
          expect(expand(JSON.parse(JSON.stringify(compact(answer))), 'asked', registryUrl, now.getTime())).toEqual(
            answer,
          )
      }),
      { numRuns: 500 },
    )
  })

  it('over the wire is an answer too', async () => {
    let says = ''
    const { url } = await server({ asked: (_request, response) => response.end(says) })
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        says = text
        sound(await (await client({ config: { registry: url } })).package('asked'))
      }),
      { numRuns: 40 },
    )
  })

  it('in the cache is no answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const answer = expand(value, 'asked', registryUrl, now.getTime())
        if (answer?.state === 'exists') expect(answer.facts.name).toBe('asked')
      }),
    )
    for (const value of [
      null,
      [],
      ['e'],
      ['e', 0, null, []],
      ['e', 0, {}, [7]],
      ['e', 0, {}, [[7]]],
      ['e', 0, { a: 1 }, []],
    ])
      expect(expand(value, 'asked', registryUrl, 0)).toBeUndefined()
  })
})

it('the answer of a lying registry says why it is not believed', async () => {
  const { url } = await server({ asked: { raw: '{"name":"asked","versions":"many"}' } })
  expect(brief(await (await client({ config: { registry: url } })).package('asked'))).toBe(
    'unreachable: its list of versions is no object',
  )
})
