// Reads signatures/lookalikes.toml and words.tsv. Parsing TOML takes longer than all the rest, so only the build and
// sources that run without one come here.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import type { Usage } from './index-targets.ts'
import { affixClasses, type Tables } from './knowledge.ts'

const file = fileURLToPath(new URL('../../signatures/lookalikes.toml', import.meta.url))

const shape = {
  benign: ['scope', 'why'],
  affix: ['class', 'why', 'patterns'],
  synonyms: ['why', 'groups'],
  family: ['scope', 'why', 'begin'],
  members: ['scope', 'why', 'names'],
  known: ['why', 'names'],
} as const satisfies Record<keyof Tables, readonly string[]>

/** @throws Error where the file is broken: it is ours, and a test reads it. */
export function readTables(text: string = readFileSync(file, 'utf8')): Tables {
  const tables = parse(text)
  for (const [name, fields] of Object.entries(shape)) {
    const entries = tables[name]
    if (!Array.isArray(entries)) throw new Error(`lookalikes.toml holds no [[${name}]] table`)
    for (const entry of entries as readonly Record<string, unknown>[])
      for (const field of fields)
        if (typeof entry[field] !== 'string' || entry[field] === '')
          throw new Error(`lookalikes.toml: a [[${name}]] has no text in "${field}"`)
  }
  const read = tables as unknown as Tables
  for (const { class: one } of read.affix)
    if (one !== 'scope' && !affixClasses.includes(one)) throw new Error(`lookalikes.toml: no affix has class "${one}"`)
  return read
}

const usageFile = fileURLToPath(new URL('../../signatures/words.tsv', import.meta.url))

/** Reads signatures/words.tsv, which `npm run bench -- names --real FILE --count` writes. */
export const readUsage = (text: string = readFileSync(usageFile, 'utf8')): Usage =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word, ...counts] = line.split('\t')
      if (counts.length !== 4 || !counts.every((count) => /^\d+$/.test(count)))
        throw new Error(`words.tsv: "${line}" is not a text and four counts`)
      return [word!, ...counts.map(Number)] as unknown as Usage[number]
    })
