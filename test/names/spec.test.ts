import { describe, expect, it } from 'vitest'
import { parseSpec } from '../../src/names/spec.ts'

describe('parseSpec', () => {
  it.each([
    ['react', { kind: 'registry', name: 'react', wanted: '*' }],
    ['@types/node@20', { kind: 'registry', name: '@types/node', wanted: '20' }],
    ['JSONStream', { kind: 'registry', name: 'JSONStream', wanted: '*' }],
    ['a@npm:@b/c@^1', { kind: 'registry', name: '@b/c', wanted: '^1' }],
    ['someone/repository', { kind: 'git' }],
    ['x@http://files.example/x.tgz', { kind: 'tarball', name: 'x' }],
    ['../sibling', { kind: 'local' }],
    ['package.tgz', { kind: 'local' }],
  ])('%s', (spec, meaning) => {
    expect(parseSpec(spec)).toMatchObject({ spec, ...meaning })
  })
})
