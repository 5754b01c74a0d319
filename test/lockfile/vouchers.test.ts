import { describe, expect, it } from 'vitest'
import { kinAmong } from '../../src/lockfile/vouchers.ts'
import type { PackageFacts } from '../../src/types.ts'

const facts = (name: string, ...maintainers: string[]): PackageFacts => ({
  name,
  registry: 'https://registry.example/',
  distTags: { latest: '1.0.0' },
  versions: { '1.0.0': { maintainers } },
  observedAt: '2026-06-01T12:00:00Z',
})
const known = new Map(
  [
    facts('react', 'ada', 'ben'),
    facts('vue', 'ben', 'eve'),
    facts('react-js', 'ben'),
    facts('reakt', 'mallory'),
    facts('nobodys'),
    facts('__proto__', '__proto__', 'constructor'),
  ].map((one) => [one.name, one]),
)
const kin = kinAmong(
  known,
  new Map([
    ['react', 1],
    ['vue', 2],
  ]),
)

describe('kin', () => {
  it.each([
    ['who maintains both', 'react-js', ['react', 'vue']],
    ['who maintains only the other', 'reakt', []],
    ['nobody', 'nobodys', []],
    ['a popular package, which needs none', 'react', []],
    ['a name that nobody asked for', 'left-pad', []],
    ['hostile accounts', '__proto__', []],
  ])('%s: %s', (_what, name, expected) => {
    expect(kin(name, '1.0.0')).toEqual(expected)
  })

  it('is unknown for a version that the registry does not list', () => {
    expect(kin('react-js', '2.0.0')).toEqual([])
    expect(kin('react-js', 'constructor')).toEqual([])
    expect(kin('react-js', undefined)).toEqual([])
  })
})
