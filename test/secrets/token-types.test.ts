// Every type of token that the field knows, as it stands in a file: under the variable people keep it in, in two
// formats, and, where the token says by itself what it is, in a line that does not tell. Drawn from a seed.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Digester } from '../../src/secrets/digest.ts'
import { scanText, shippedMatcher } from '../../src/secrets/text.ts'
import { seeded } from '../bench/detection/random.ts'
import { fill } from '../bench/detection/tokens.ts'

const matcher = shippedMatcher()
/** Gives the value back instead of its digest. */
const transparent: Digester = { digest: (value) => Promise.resolve(value), begin: () => {} }
const types = readFileSync(join(import.meta.dirname, 'token-types.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' | ') as [type: string, variable: string, shape: string])

const repeats = 3

it.each(types)('%s', async (type, variable, shape) => {
  const random = seeded(crc32(type))
  const anchored = shape.startsWith('*')
  for (let run = 0; run < repeats; run++) {
    const token = fill(anchored ? shape.slice(1) : shape, random)
    const places = [
      ['deploy/.env', `PORT=8080\n${variable}=${token}\n`],
      ['config/app.yml', `port: 8080\n${variable.toLowerCase()}: "${token}"\n`],
      ...(anchored ? [['src/run.ts', `start(8080, "${token}")\n`]] : []),
    ] as const
    for (const [path, text] of places) expect(await found(path!, text!, token), text).toBe(true)
  }
})

async function found(path: string, text: string, token: string): Promise<boolean> {
  const { findings } = await scanText(text, { path, matcher, digester: transparent })
  return findings.some(
    ({ severity, subject }) =>
      severity !== 'info' &&
      subject.kind === 'secret' &&
      (token.includes(subject.digest) || subject.digest.includes(token)),
  )
}
