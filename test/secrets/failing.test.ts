// A matcher that fails on one object costs that object, by name, and nothing else: in a pack, beside it, when what was
// found is judged, and in the work tree.

import { execFileSync } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openRepository } from '../../src/git/repository.ts'
import type { WindowMatcher } from '../../src/secrets/match.ts'
import { matchPacks } from '../../src/secrets/pool.ts'
import { secretsScanner } from '../../src/secrets/scan.ts'
import { findSuspects } from '../../src/secrets/suspects.ts'
import { objectsIn } from '../../src/secrets/tally.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'
import { context } from '../support/context.ts'
import { temporaryFolder, temporaryRepository } from '../support/repository.ts'

// Made up, in parts.
const token = ['gh', 'p_', 'Zk3vQ8nTbX5rLw2Y', 'mJ7hGd9sPc4fRa6eVu1K'].join('')
const poison = 'it fails on this'

const failing = vi.hoisted(() => ({
  /** Whether it fails on a text, in the pack reader and where texts are matched whole. */
  inPacks: (_: Buffer): boolean => false,
  whole: (_: Buffer): boolean => false,
}))

vi.mock('../../src/secrets/text.ts', async (original) => {
  const real = await original<typeof import('../../src/secrets/text.ts')>()
  const guard = (fails: boolean, bytes: Buffer): void => {
    if (fails) throw new Error(`it quotes ${bytes}`)
  }
  const shippedMatcher = (): WindowMatcher => {
    const shipped = real.shippedMatcher()
    return {
      ...shipped,
      match(bytes, from, to) {
        guard(failing.whole(bytes), bytes)
        return shipped.match(bytes, from, to)
      },
      hits(bytes, from, to, into) {
        guard(failing.inPacks(bytes), bytes)
        shipped.hits(bytes, from, to, into)
      },
    }
  }
  return { ...real, shippedMatcher }
})

const never = (): boolean => false
const poisoned = (bytes: Buffer): boolean => bytes.includes(poison)

/** Packed versions of one long file, so that there are deltas; the third fails, the fourth has a secret. */
async function versions() {
  const made = temporaryRepository()
  const lines = Array.from({ length: 400 }, (_, i) => `line ${i} of ${(i * 7919) % 1000}`)
  for (let version = 0; version < 6; version++) {
    lines[200] = version === 2 ? poison : version === 3 ? `token = "${token}"` : 'as it was'
    lines[version * 40] = `changed in ${version}`
    made.commit(`version ${version}`, { 'long.txt': lines.join('\n') })
  }
  made.git('repack', '-adfq')
  return { made, repo: (await openRepository(made.folder))!, withSecret: made.id('HEAD~2:long.txt') }
}

test.each(['pack', 'stream'] as const)('the %s engine names it, and matches all others', async (engine) => {
  const { made, repo, withSecret } = await versions()
  const shipped = shippedMatcher()
  const options = { scope: { kind: 'all' }, engine, shipped, matcher: shipped, progress: () => {} } as const
  Object.assign(failing, { inPacks: never, whole: never })
  const all = await findSuspects(repo, options)
  expect(all.missed).toEqual([])
  Object.assign(failing, { inPacks: poisoned, whole: poisoned })
  const found = await findSuspects(repo, options)
  expect(found.suspects.map(({ oid }) => oid)).toEqual([withSecret])
  expect(objectsIn(found.tally)).toBe(objectsIn(all.tally) - 1)
  const what = `git object ${made.id('HEAD~3:long.txt')}`
  expect(found.missed).toMatchObject([{ what, why: 'the matcher failed on it' }])
})

test('what is made of it is matched whole, and it is left to be matched by itself', async () => {
  const { made, repo, withSecret } = await versions()
  const told = made.git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(deltabase)')
  const named = [...told.matchAll(/^blob (?!0{40})([0-9a-f]{40})$/gm)].map(([, oid]) => oid!)
  const bases = [...new Set(named)].filter((oid) => oid !== withSecret)
  expect(bases, 'there are deltas').not.toEqual([])
  const texts = bases.map((oid) => execFileSync('git', ['cat-file', 'blob', oid], { cwd: made.folder }))
  Object.assign(failing, { inPacks: (bytes: Buffer) => texts.some((text) => text.equals(bytes)), whole: never })
  const found = new Set<string>()
  const read = await matchPacks(repo, shippedMatcher(), { threads: 0, found: (oid) => void found.add(oid) })
  expect(read.rest.objects.map(({ oid }) => oid).sort()).toEqual(bases.sort())
  expect(read.suspects.map(({ oid }) => oid)).toEqual([withSecret])
  expect(found.size).toBe(objectsIn(read.tally))
})

test('of the whole scan it costs what it fails on, and no report quotes that', async () => {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const { made } = await versions()
  made.commit('both', { 'both.txt': `token = "${token}" ${poison}\n` })
  made.write('new.txt', `token = "${token}" ${poison}\n`)
  made.write('other.txt', `token = "${token}"\n`)
  // The first pass sees that there is something, and the second cannot say what.
  Object.assign(failing, { inPacks: never, whole: poisoned })
  made.git('repack', '-adfq')
  for (const run of ['first', 'with a memory of it']) {
    const { coverage, findings } = await secretsScanner.scan(context(made.folder, { config: { cache: true } }))
    const missed = coverage.flatMap((one) => (one.state === 'partial' ? one.missed : []))
    expect(missed, run).toMatchObject([
      { what: `git object ${made.id('HEAD:both.txt')}`, why: 'the matcher failed on it' },
      { what: 'the file new.txt', why: 'the matcher failed on it' },
    ])
    const paths = findings.flatMap(({ evidence }) => evidence.map((one) => ('path' in one ? one.path : '')))
    expect(paths.sort(), run).toEqual(['long.txt', 'other.txt'])
    expect(JSON.stringify(coverage), run).not.toMatch(/quotes|fails on this/)
  }
})
