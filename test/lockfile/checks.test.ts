// Every check carries its own proof: what it must report and what it must leave alone.

import { describe, expect, test } from 'vitest'
import { catalog } from '../../src/catalog.ts'
import type { Check } from '../../src/lockfile/check.ts'
import { bundled } from '../../src/lockfile/checks/bundled.ts'
import { fileInput, locked, lockfileOf } from '../../src/lockfile/file-example.ts'
import { fileChecks } from '../../src/lockfile/files.ts'
import { packageChecks, projectChecks } from '../../src/lockfile/scan.ts'
import type { Finding } from '../../src/types.ts'

const checks = [...projectChecks, ...fileChecks, ...packageChecks] as readonly Check<unknown>[]

describe.each(checks.map((check) => ({ check, name: check.codes.join(', ') })))('$name', ({ check }) => {
  const reported = check.matches.map((example) => check.run(example))

  test.each(reported.map((findings, index) => ({ findings, index })))('reports example $index', ({ findings }) => {
    expect(findings).not.toEqual([])
    for (const one of findings) expect(check.codes).toContain(one.code)
  })

  test.each(check.ignores.map((example, index) => ({ example, index })))(
    'leaves alone example $index',
    ({ example }) => {
      expect(check.run(example)).toEqual([])
    },
  )

  test('has examples both ways, and one for each of its codes', () => {
    expect(check.ignores.length).toBeGreaterThan(0)
    const seen = new Set(reported.flat().map(({ code }) => code))
    expect([...seen].sort()).toEqual([...check.codes].sort())
    for (const code of check.codes) expect(Object.hasOwn(catalog, code)).toBe(true)
  })

  test('tells findings on different packages apart, and gives the same one the same fingerprint', () => {
    const again = check.matches.flatMap((example) => check.run(example))
    expect(again.map(({ fingerprint }) => fingerprint)).toEqual(reported.flat().map(({ fingerprint }) => fingerprint))
  })
})

test('every code of lockfiles and packages is given by a check', () => {
  const given = new Set<string>(checks.flatMap(({ codes }) => codes))
  const known = Object.keys(catalog).filter((code) => /^(?:lockfile|package)\//.test(code))
  // Whether a package is there at all, phantom tells: its own tests show it both ways.
  expect(known.filter((code) => !given.has(code))).toEqual(['package/unpublished'])
})

test.each([
  ['of files', fileChecks],
  ['of packages', packageChecks],
])('no code is given by two checks %s', (_title, checks) => {
  const codes = checks.flatMap(({ codes }) => codes)
  expect(new Set(codes).size).toBe(codes.length)
})

test('a package that bundles very many is judged in time that grows with their number', () => {
  const inner = Array.from({ length: 30_000 }, (_, at) =>
    locked({ name: `p${at}`, key: `node_modules/carrier/node_modules/p${at}`, bundled: true }),
  )
  const before = performance.now()
  expect(bundled.run(fileInput({ lockfile: lockfileOf(locked({ name: 'carrier' }), ...inner) }))).toHaveLength(1)
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('credentials are shown nowhere', () => {
  const findings: readonly Finding[] = checks.flatMap((check) => check.matches.flatMap((example) => check.run(example)))
  expect(findings.some(({ code }) => code === 'lockfile/credentials-in-url')).toBe(true)
  expect(JSON.stringify(findings)).not.toContain('swordfish')
  expect(JSON.stringify(findings)).not.toContain('0'.repeat(20))
})
