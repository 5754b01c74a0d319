// How people really write secrets down, language by language and format by format, and what only looks like it. The
// table is forms.txt: under `%%% PATH` each line is a file of its own, `\n` a line end in it. §P stands for a password,
// §T, §H and §S for random values, §A for a key id, so that no scanner finds any in the table; a line without one of
// the first four holds nothing to report.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Digester } from '../../src/secrets/digest.ts'
import { scanText, shippedMatcher } from '../../src/secrets/text.ts'

const values: ReadonlyMap<string, string> = new Map([
  ['§P', ['VT73vh', 'jZPlrt1Tve'].join('')],
  ['§T', ['b7Kq29xLwPz0', '4TnEb7Kq29xL'].join('')],
  ['§H', ['9f8a6c1e4b2d7f0a', '3c5e9f8a6c1e4b2d'].join('')],
  ['§S', ['wJa4lrXUt9FEMIK7MDEz', 'NGbPxRfiCYqT2LEzKpQv'].join('')],
  ['§A', ['AKIAZ7Q2L5', 'XJ4N6R3T7M'].join('')], // audit-deps:allow made up for this test
])
const matcher = shippedMatcher()
/** Gives the value back instead of its digest. */
const transparent: Digester = { digest: (value) => Promise.resolve(value), begin: () => {} }

const table = readFileSync(join(import.meta.dirname, 'forms.txt'), 'utf8')
const files = table
  .split(/^%%% /m)
  .slice(1)
  .map((block) => block.trimEnd().split('\n'))

describe.each(files.map(([path, ...lines]) => [path!, lines] as const))('%s', (path, lines) => {
  it.each(lines)('%s', async (line) => {
    const text = line.replace(/§[PTHSA]/g, (mark) => values.get(mark)!).replaceAll('\\n', '\n')
    const { findings } = await scanText(text, { path, matcher, digester: transparent })
    const found = findings.flatMap(({ severity, subject }) =>
      severity !== 'info' && subject.kind === 'secret' ? [subject.digest] : [],
    )
    const wanted = [...line.matchAll(/§[PTHS]/g)].map(([mark]) => values.get(mark))
    expect(new Set(found)).toEqual(new Set(wanted))
  })
})
