import { describe, expect, it } from 'vitest'
import { isPackageName } from '../../src/names/valid.ts'
import { counterpart, inventions } from '../../src/phantom/inventions.ts'
import { suggest } from '../../src/phantom/suggest.ts'
import { loadSignatures } from '../../src/secrets/signatures.ts'

describe('did you mean', () => {
  it.each<[string, string[], string | undefined, string]>([
    ['loadsh', [], 'lodash', 'a letter'],
    ['react-codeshift', [], 'jscodeshift', 'a known invention'],
    ['mcp-sdk', ['mcp-sdks'], '@modelcontextprotocol/sdk', 'a known invention before a near name'],
    ['@acme/utlis', ['@acme/utils'], '@acme/utils', 'near to what the project uses'],
    ['date-picker-fancy', ['@acme/date-picker-fancy'], '@acme/date-picker-fancy', 'the scope that it probably has'],
    ['loader-webpack-remark', ['remark-webpack-loader'], 'remark-webpack-loader', 'the same words in another order'],
    ['zzqx-vlomp', ['react', 'express'], undefined, 'nothing'],
  ])('%s (%s): %s', async (name, existing, meant) => expect(await suggest(name, existing)).toBe(meant))
})

describe('signatures/phantoms.toml', () => {
  const all = inventions()

  it('holds names that could be published, each once, each with another package and a reason', () => {
    expect(all.length).toBeGreaterThan(100)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const { name, meant, why } of all) {
      expect(isPackageName(name), name).toBe(true)
      expect(isPackageName(meant), meant).toBe(true)
      expect(meant).not.toBe(name)
      expect(why).toMatch(/^\S.{10,}\.$/)
      // What it points to must not be an invention itself.
      expect(counterpart(meant), meant).toBeUndefined()
    }
  })

  it('is no file of secrets’ signatures', () => expect(loadSignatures().problems).toEqual([]))

  it.each(['', 'x = 1', '[[phantom]]\nname = "a"', 'phantom = 1'])('refuses %j', (text) =>
    expect(() => inventions(text)).toThrow(),
  )
})
