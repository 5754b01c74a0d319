import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { indexTargets } from '../../src/names/index-targets.ts'
import { findLookalikes, type LookalikeKind, lookalikesIn } from '../../src/names/lookalikes.ts'
import { loadPopular, loadTargets } from '../../src/names/popular.ts'
import { readTables } from '../../src/names/tables.ts'
import { counted } from '../../src/names/targets.ts'

describe('findLookalikes', () => {
  it.each<[string, string, LookalikeKind]>([
    ['reakt', 'react', 'edit'],
    ['expres', 'express', 'repetition'],
    ['axois', 'axios', 'edit'],
    ['lodahs', 'lodash', 'edit'],
    ['commmander', 'commander', 'repetition'],
    ['crosspawn', 'cross-spawn', 'repetition'],
    ['cross_spawn', 'cross-spawn', 'separators'],
    ['crossspawn', 'cross-spawn', 'separators'],
    ['fs.extra', 'fs-extra', 'separators'],
    ['l0dash', 'lodash', 'homoglyphs'],
    ['chaIk', 'chalk', 'homoglyphs'],
    ['rninimatch', 'minimatch', 'homoglyphs'],
    ['lоdash', 'lodash', 'homoglyphs'],
    ['babel-helper-module-imports', '@babel/helper-module-imports', 'scope'],
    ['@bable/core', '@babel/core', 'edit'],
    ['spawn-cross', 'cross-spawn', 'order'],
    ['typscript-eslnt', 'typescript-eslint', 'edits'],
    ['core-rest-pipeline', '@azure/core-rest-pipeline', 'scope-dropped'],
    ['babl-helper-module-imports', '@babel/helper-module-imports', 'scope'],
    ['arm-something-new', '@azure/arm-appservice', 'scope-family'],
    ['plugin-transform-something-new', '@babel/plugin-transform-react-jsx-source', 'scope-family'],
    ['node-minimist', 'minimist', 'affix'],
    ['nodelodash', 'lodash', 'affix'],
    ['express-v2', 'express', 'affix'],
    ['express4', 'express', 'affix'],
    ['lodash.extra', 'lodash', 'affix'],
    ['loclash', 'lodash', 'homoglyphs'],
    ['escodegenerator', 'escodegen', 'synonym'],
    ['hoist-non-statics', 'hoist-non-react-statics', 'word-dropped'],
    ['credential-prvider-web-identity', '@aws-sdk/credential-provider-web-identity', 'scope-dropped'],
    ['@tempfile/tempfile', 'tempfile', 'scope'],
    ['chalk-official', 'chalk', 'affix'],
    ['dotenv-dotenv', 'dotenv', 'affix'],
    ['@babel-js/core', '@babel/core', 'affix'],
  ])('%s could be taken for %s (%s)', async (name, target, kind) => {
    const found = await findLookalikes(name)
    expect(found).toContainEqual(expect.objectContaining({ target, kind }))
    for (const one of found) {
      expect(one.rank).toBeGreaterThan(0)
      expect(one.distance).toBeGreaterThan(0)
    }
  })

  it.each([
    ['a popular name itself', 'react'],
    ['popular, though one letter from another', 'preact'],
    ['another package of the same owner', '@babel/cores'],
    ['one word for another', 'eslint-plugin-ts'],
    ['a shared word of its own', 'auth'],
    ['a short name, near many by chance', 'gtx'],
    ['nothing like any', 'a-name-that-nobody-else-would-have'],
    ['a company’s copy under its own scope', '@acme/express'],
    ['an extension of a platform', 'react-helper'],
    ['what @types describes', 'topojson-specification'],
    ['a package of npm itself', '@npm/core'],
    ['a part that says nothing of its scope', 'react-select-box'],
    ['another package in a popular scope', '@vue/core'],
    ['empty', ''],
    ['far too long', 'react'.repeat(100)],
    ['a prototype key', '__proto__'],
    ['a prototype key', 'constructor'],
    ['a path', '../../etc/passwd'],
    ['only marks', '@/'],
    ['an emoji', '🙂'],
    ['half a surrogate', '\ud83d'],
  ])('stays silent on %s: %s', async (_why, name) => {
    expect(await findLookalikes(name)).toEqual([])
  })

  it('flags none of the real packages that this project itself installs', async () => {
    const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
      packages: Record<string, unknown>
    }
    const names = new Set(
      Object.keys(lock.packages)
        .filter((key) => key !== '')
        .map((key) => key.slice(key.lastIndexOf('node_modules/') + 13)),
    )
    expect(names.size).toBeGreaterThan(100)
    const flagged = []
    for (const name of names) if ((await findLookalikes(name)).length > 0) flagged.push(name)
    expect(flagged).toEqual([])
  })

  it('puts the likeliest first', async () => {
    const found = await findLookalikes('reactdom')
    expect(found[0]?.target).toBe('react-dom')
    const tiny = indexTargets({
      popular: ['webpack', 'webpack-bundler'],
      dependedOn: [],
      tables: readTables(),
      usage: [],
    })
    expect(lookalikesIn(tiny, 'web-pack-bundler')[0]?.target).toBe('webpack-bundler')
  })

  it('finds nearly every dropped, doubled or swapped character of a longer popular name', async () => {
    const [popular, targets] = await Promise.all([loadPopular(), loadTargets()])
    const longer = popular.names.slice(0, 3_000).filter((name) => /^[a-z]{9,}$/.test(name))
    expect(longer.length).toBeGreaterThan(100)
    let [made, found] = [0, 0]
    for (const target of longer)
      for (const [at, change] of [1, 2, 3].entries()) {
        const i = 1 + ((target.length * (at + 1)) % (target.length - 3))
        const [head, first, second, tail] = [target.slice(0, i), target[i]!, target[i + 1]!, target.slice(i + 2)]
        const name = head + [second, first + first + second, second + first][change - 1] + tail
        if (name === target || popular.rank.has(name) || targets.count(counted.owners, name) > 2) continue
        made++
        found += Number((await findLookalikes(name)).some((one) => one.target === target))
      }
    expect(found / made).toBeGreaterThan(0.95)
  })

  it('answers in microseconds once loaded', async () => {
    await findLookalikes('reakt')
    const started = performance.now()
    for (let i = 0; i < 1_000; i++) await findLookalikes(`some-package-${i}`)
    // Some 15 ms here; the bound only tells an index from a walk through 17,000 names (about 10 s).
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
