// A report is written whole or not at all: whoever reads the file never meets half of one.

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { deliver } from '../../src/commands/output.ts'
import type { Report } from '../../src/types.ts'
import { large, report } from '../support/reports.ts'
import { temporaryFolder } from '../support/repository.ts'

afterEach(() => {
  process.exitCode = undefined
})

const written = async (file: string, given: Report = report) => {
  await deliver(given, { format: 'json', output: file })
  return JSON.parse(readFileSync(file, 'utf8')) as Report
}

/** Breaks in the middle, after megabytes were handed out. */
const breaking = (): Report => {
  const whole = large(20_000)
  return {
    ...whole,
    get coverage(): Report['coverage'] {
      throw new RangeError('a bug')
    },
  }
}

describe('--output', () => {
  test('a new file, of many pieces', async () => {
    const folder = temporaryFolder()
    const { findings } = await written(join(folder, 'report.json'), large(20_000))
    expect(findings).toHaveLength(20_000)
    expect(readdirSync(folder)).toEqual(['report.json'])
  })

  test('what breaks off leaves the old file as it was, and nothing beside it', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'report.json')
    writeFileSync(file, 'before')
    await expect(deliver(breaking(), { format: 'json', output: file })).rejects.toThrow('a bug')
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['report.json'], 'before'])
  })

  test('no reader meets half of it', async () => {
    const file = join(temporaryFolder(), 'report.json')
    writeFileSync(file, 'before')
    const given = large(20_000)
    const seen: number[] = []
    const { counts } = given
    const watched: Report = {
      ...given,
      get counts() {
        seen.push(statSync(file).size)
        return counts
      },
    }
    await written(file, watched)
    // While the last of it was made, the old one stood.
    expect(seen.at(-1)).toBe('before'.length)
  })

  test('a link stays one, and a mode stays', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'real'))
    const real = join(folder, 'real', 'report.json')
    writeFileSync(real, 'before')
    chmodSync(real, 0o600)
    symlinkSync(real, join(folder, 'link.json'))
    expect((await written(join(folder, 'link.json'))).target).toBe(report.target)
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true)
    expect(statSync(real).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'real'))).toEqual(['report.json'])
  })

  test('a link that leads nowhere yet leads to the report', async () => {
    const folder = temporaryFolder()
    symlinkSync('later.json', join(folder, 'link.json'))
    await written(join(folder, 'link.json'))
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['later.json', 'link.json'])
  })

  test('a pipe is written into, not replaced', async () => {
    const folder = temporaryFolder()
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const [text] = await Promise.all([readFile(pipe, 'utf8'), deliver(report, { format: 'json', output: pipe })])
    expect(JSON.parse(text)).toMatchObject({ target: report.target })
    expect(lstatSync(pipe).isFIFO()).toBe(true)
  })
})
