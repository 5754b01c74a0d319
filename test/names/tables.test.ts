import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmHighImpact } from 'npm-high-impact'
import { describe, expect, it } from 'vitest'
import { keepNames } from '../../src/names/kept.ts'
import { understand } from '../../src/names/knowledge.ts'
import { features } from '../../src/names/likelihood.ts'
import { readTables, readUsage } from '../../src/names/tables.ts'
import { openTargets } from '../../src/names/targets.ts'
import { kindOfWay } from '../../src/names/ways.ts'
import { weights } from '../../src/names/weights.ts'
import { temporaryFolder } from '../support/repository.ts'

describe('lookalikes.toml', () => {
  const tables = readTables()
  const knowledge = understand(tables)

  it('gives a reason for every entry', () => {
    for (const entries of Object.values(tables)) for (const { why } of entries) expect(why).toMatch(/^[A-Z].{15,}\.$/)
  })

  it('says of every word what it is joined by, and lists no package twice', () => {
    expect(knowledge.before.get('node')).toBe('platform')
    expect(knowledge.after.get('official')).toBe('claim')
    expect(knowledge.synonyms.get('parse')).toContain('parser')
    expect(knowledge.families.get('arm')).toBe('@azure')
    expect(knowledge.benignScopes).toContain('@types')
    expect(new Set(knowledge.members).size).toBe(knowledge.members.length)
    expect(knowledge.members.filter((name) => npmHighImpact.includes(name))).toEqual([])
    for (const name of knowledge.members) expect(name).toMatch(/^(?:@[a-z.-]+\/)?[a-z\d][\w.-]*$/)
  })

  it.each([
    ['no table', ''],
    ['a table that is none', 'benign = 1'],
    ['a field of another type', '[[benign]]\nscope = 1\nwhy = "So it is."'],
    ['no reason', '[[benign]]\nscope = "@x"\nwhy = ""'],
    ['no TOML', '[['],
  ])('is refused with %s', (_what, text) => {
    expect(() => readTables(text)).toThrow()
  })

  it('is kept by the build with the popular names, whole', async () => {
    const file = join(temporaryFolder(), 'names.bin')
    await keepNames(file)
    const { targets, popular } = openTargets(Uint8Array.from(readFileSync(file)))!
    expect(popular.names).toEqual(npmHighImpact)
    expect(targets.names).toEqual([...npmHighImpact, ...knowledge.members])
    expect(targets.knowledge).toEqual({ ...knowledge, members: [] })
    for (const [place, name] of targets.names.entries())
      if (targets.nameAt(place) !== name || targets.placeOf(name) !== place) expect.fail(`${name} is not at ${place}`)
    expect(popular.rank.get('__proto__')).toBeUndefined()
    expect(popular.rank.get(npmHighImpact[0]!)).toBe(1)
    expect(popular.rank.has(knowledge.members[0]!)).toBe(false)
  })

  it.each([
    ['nothing', []],
    ['another file', [...'{"popular":""}'].map((one) => one.charCodeAt(0))],
    ['one of a machine that writes numbers the other way round', [1, 2, 3, 4, 0, 0, 0, 0]],
  ])('is not taken from %s', (_what, bytes) => {
    expect(openTargets(Uint8Array.from(bytes))).toBeUndefined()
  })
})

describe('words.tsv', () => {
  it('says of each text, once, how many names use it', () => {
    const usage = readUsage()
    expect(usage.length).toBeGreaterThan(5_000)
    expect(new Set(usage.map(([text]) => text)).size).toBe(usage.length)
    expect(usage.find(([text]) => text === 'plugin')![1]).toBeGreaterThan(1_000)
    expect(() => readUsage('word\t1\t2')).toThrow()
    expect(() => readUsage('word\t1\t2\t3\tmany')).toThrow()
  })
})

describe('the weights', () => {
  it('are one number for every unit, of every way and every feature', () => {
    expect(Object.keys(weights.ways).sort()).toEqual(Object.keys(kindOfWay).sort())
    expect(Object.keys(weights.features).sort()).toEqual([...features].sort())
    for (const row of [...Object.values(weights.ways), ...Object.values(weights.features)]) {
      expect(row).toHaveLength(weights.out.length)
      expect(row.every(Number.isFinite)).toBe(true)
    }
    expect([weights.bar, weights.rest, ...weights.out].every(Number.isFinite)).toBe(true)
  })
})
