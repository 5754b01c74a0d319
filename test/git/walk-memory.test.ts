// Attribution that remembers earlier walks says what a walk over all of history says, whatever happened in between.

import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { attribute, prepareAttribution } from '../../src/git/attribution.ts'
import { openRepository } from '../../src/git/repository.ts'
import { type TemporaryRepository, temporaryFolder, temporaryRepository } from '../support/repository.ts'

/** How often what is new sufficed, and how often all of history had to be walked after all. */
const used = vi.hoisted(() => ({ memory: 0, again: 0 }))

vi.mock('../../src/git/catch-up.ts', async (original) => {
  const real = await original<typeof import('../../src/git/catch-up.ts')>()
  const catchUp: typeof real.catchUp = (...given) => {
    const caught = real.catchUp(...given)
    return {
      ...caught,
      read: async (wanted) => {
        const changes = await caught.read(wanted)
        if (changes === undefined) used.again++
        else used.memory++
        return changes
      },
    }
  }
  return { ...real, catchUp }
})

const blobCount = 5
const contents = Array.from({ length: blobCount }, (_, i) => `suspect ${i}\n`)

/** What may happen between two runs. Numbers are taken modulo what is there. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      branch: fc.nat(2),
      from: fc.nat(9),
      blob: fc.nat(blobCount),
      path: fc.nat(2),
      older: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      branch: fc.nat(2),
      from: fc.nat(9),
      blob: fc.nat(blobCount),
      path: fc.nat(2),
      older: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'force' as const, 'detach' as const),
      branch: fc.nat(2),
      from: fc.nat(9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'gc' as const,
        'repack' as const,
        'expire' as const,
        'untag' as const,
        'noted' as const,
        'stash' as const,
        'drop' as const,
      ),
      branch: fc.nat(2),
      from: fc.nat(9),
      blob: fc.nat(blobCount),
    }),
  },
)
type Step = { kind: string; branch: number; from: number; blob?: number; path?: number; older?: boolean }

/** Builds by plumbing alone: no work tree, one process or two a step. */
class History {
  readonly repo: TemporaryRepository
  readonly blobs: readonly string[]
  readonly commits: string[] = []
  private time = 1_700_000_000

  constructor() {
    this.repo = temporaryRepository({ options: ['--bare'] })
    this.repo.git('config', 'core.logAllRefUpdates', 'true')
    this.repo.git('config', 'gc.pruneExpire', 'now')
    this.blobs = contents.map((text) => this.repo.gitWith(text, 'hash-object', '-w', '--stdin'))
  }

  take({ kind, branch, from, blob = 0, path = 0, older = false }: Step): void {
    const name = `refs/heads/b${branch}`
    const parent = this.commits[from % Math.max(1, this.commits.length)]
    const { repo } = this
    if (kind === 'commit' || kind === 'merge') {
      const tip = this.tip(name) ?? parent
      const parents = [tip, ...(kind === 'merge' && parent !== tip ? [parent] : [])].filter((one) => one !== undefined)
      const made = this.commit(parents, blob, path, older)
      repo.git('update-ref', '-m', 'made', name, made)
    } else if (kind === 'force' && parent !== undefined && this.exists(parent))
      repo.git('update-ref', '-m', 'forced', name, parent)
    else if (kind === 'delete') repo.git('update-ref', '-d', name)
    else if (kind === 'detach' && parent !== undefined && this.exists(parent))
      repo.git('update-ref', '--no-deref', '-m', 'x', 'HEAD', parent)
    else if (kind === 'gc') {
      repo.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all')
      repo.git('gc', '--quiet', '--prune=now')
    } else if (kind === 'repack') repo.git('repack', '-dq', ...(from % 2 === 0 ? ['-a', '-k'] : []))
    else if (kind === 'expire') repo.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all')
    else if (kind === 'noted') repo.git('update-ref', 'refs/notes/commits', this.commit([], blob, path, older))
    else if (kind === 'stash')
      repo.git('update-ref', '--create-reflog', '-m', 'wip', 'refs/stash', this.commit([], blob, path, older))
    else if (kind === 'drop') repo.git('update-ref', '-d', 'refs/stash')
    else if (kind === 'untag' && parent !== undefined && this.exists(parent)) {
      if (from % 2 === 0) repo.git('update-ref', '-d', 'refs/tags/t')
      else repo.git('tag', '--force', '--annotate', '--message', 'tag', 't', parent)
    }
  }

  private commit(parents: readonly (string | undefined)[], blob: number, path: number, older: boolean): string {
    this.time += older ? -5000 : 60
    return this.commitAt(this.time, parents, blob, path)
  }

  commitAt(time: number, parents: readonly (string | undefined)[], blob: number, path: number): string {
    const oid = this.blobs[blob]
    // One blob more than there are: an empty tree.
    const lines = oid === undefined || !this.exists(oid) ? this.fresh(blob) : `100644 blob ${oid}\tp${path}\n`
    const tree = this.repo.gitWith(lines, 'mktree')
    const head = parents.filter((one) => one !== undefined && this.exists(one)).map((one) => `parent ${one}\n`)
    const who = `Ada <ada@example.org> ${time} +0000`
    const text = `tree ${tree}\n${[...new Set(head)].join('')}author ${who}\ncommitter ${who}\n\nmade ${time}\n`
    const made = this.repo.gitWith(text, 'hash-object', '-t', 'commit', '-w', '--stdin')
    this.commits.push(made)
    return made
  }

  /** A blob that was pruned comes again. */
  private fresh(blob: number): string {
    const text = contents[blob]
    if (text === undefined) return ''
    return `100644 blob ${this.repo.gitWith(text, 'hash-object', '-w', '--stdin')}\tagain\n`
  }

  private tip(name: string): string | undefined {
    try {
      return this.repo.git('rev-parse', '--verify', '--quiet', name)
    } catch {
      return undefined
    }
  }

  private exists(oid: string): boolean {
    try {
      this.repo.git('cat-file', '-e', oid)
      return true
    } catch {
      return false
    }
  }

  async attributed(wanted: ReadonlySet<string>, cache?: string, scope: 'all' | 'since' = 'all') {
    const repo = (await openRepository(this.repo.folder))!
    const { of, missed } = await attribute(repo, wanted, scope, cache)
    const sorted = [...of].map(([oid, one]) => [oid, { ...one, paths: [...one.paths].sort() }] as const)
    return { of: sorted.sort(([a], [b]) => (a < b ? -1 : 1)), missed }
  }
}

const runs = Number(process.env.RUNS ?? 4)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

test(`with memory as without, over ${runs} random histories`, { timeout: runs * 60_000 }, async () => {
  const inBetween = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
    blobs: fc.constantFrom(blobCount, blobCount, 1, 3),
    scope: fc.constantFrom('all' as const, 'all' as const, 'since' as const),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(inBetween, { minLength: 2, maxLength: 5 }), async (all) => {
      const history = new History()
      const cache = temporaryFolder()
      for (const { steps, blobs, scope } of all) {
        for (const one of steps) history.take(one)
        // Where a run asks for more, some of it is older than the run before.
        const messages = scope === 'all' ? history.commits.filter((_, i) => i % 2 === 0) : []
        const wanted = new Set([...history.blobs.slice(0, blobs), ...messages])
        const without = await history.attributed(wanted, undefined, scope)
        expect(await history.attributed(wanted, cache, scope)).toEqual(without)
      }
    }),
    // What fails first is short enough to be read.
    { numRuns: runs, endOnFailure: true, ...seed },
  )
  expect(used.memory).toBeGreaterThan(0)
})

test.each(['since', 'all'] as const)(
  'what a run did not ask for, the next one does not take for told: %s',
  async (scope) => {
    const history = new History()
    const cache = temporaryFolder()
    const { repo, blobs } = history
    const [lost, asked] = [blobs[0]!, blobs[1]!]
    repo.git('update-ref', 'refs/heads/main', history.commitAt(1_700_000_000, [], 1, 0))
    history.commitAt(1_700_000_100, [], 0, 1)
    await history.attributed(new Set([lost, asked]), cache)
    repo.git('update-ref', '--create-reflog', '-m', 'wip', 'refs/stash', history.commitAt(1_600_000_000, [], 0, 2))
    await history.attributed(new Set([asked]), cache, scope)
    repo.git('update-ref', '-d', 'refs/stash')
    const truth = await history.attributed(new Set([lost, asked]))
    expect(truth.of.find(([oid]) => oid === lost)?.[1].paths).toEqual(['p1', 'p2'])
    expect(await history.attributed(new Set([lost, asked]), cache)).toEqual(truth)
  },
)

function grown(): { history: History; wanted: Set<string>; cache: string } {
  const history = new History()
  for (const blob of [0, 1, 0, 2]) history.take({ kind: 'commit', branch: 0, from: 0, blob, path: 0 })
  return { history, wanted: new Set([...history.blobs, ...history.commits]), cache: temporaryFolder() }
}

/**
 * A line of commits whose clock went backwards: the first two are of today, all others are years older. Git looks no
 * further than a few commits for what the older ones have in common with others that are of today.
 */
function backwards(): { history: History; first: string; second: string; wanted: Set<string>; cache: string } {
  const history = new History()
  const first = history.commitAt(1_700_000_000, [], 0, 0)
  const second = history.commitAt(1_700_000_060, [first], 1, 0)
  let tip = second
  for (let number = 0; number < 12; number++) tip = history.commitAt(1_600_000_000 + number, [tip], 2 + (number % 2), 1)
  history.repo.git('update-ref', 'refs/heads/old', tip)
  return { history, first, second, wanted: new Set([...history.blobs, ...history.commits]), cache: temporaryFolder() }
}

const named = (history: History, ...revisions: string[]): string[] =>
  history.repo.git('rev-list', ...revisions).split('\n')

test('where git names too many new commits, what is remembered is not wrong', async () => {
  const { history, first, second, wanted, cache } = backwards()
  await history.attributed(wanted, cache)
  const old = history.repo.git('rev-parse', 'old')
  // It takes one suspect away, and brings another at a new path.
  history.repo.git('update-ref', 'refs/heads/new', history.commitAt(1_700_000_120, [second], 0, 2))
  expect(named(history, 'new', '--not', old)).toEqual(expect.arrayContaining([first, second]))
  const before = { ...used }
  expect(await history.attributed(wanted, cache)).toEqual(await history.attributed(wanted))
  expect(used).toEqual({ ...before, memory: before.memory + 1 })
})

test('where git names commits as gone that are still there, all of history is walked', async () => {
  const { history, first, second, wanted, cache } = backwards()
  history.repo.git('update-ref', 'refs/heads/short', history.commitAt(1_700_000_120, [second], 0, 2))
  await history.attributed(wanted, cache)
  const short = history.repo.git('rev-parse', 'short')
  history.repo.git('update-ref', '-d', 'refs/heads/short')
  expect(named(history, short, '--not', 'old')).toEqual(expect.arrayContaining([first, second]))
  const before = { ...used }
  expect(await history.attributed(wanted, cache)).toEqual(await history.attributed(wanted))
  expect(used).toEqual({ ...before, again: before.again + 1 })
})

test.each<[string, (history: History) => void]>([
  ['a force push', ({ repo, commits }) => repo.git('update-ref', 'refs/heads/b0', commits[1]!)],
  ['a deleted branch', ({ repo }) => repo.git('update-ref', '-d', 'refs/heads/b1')],
  [
    'a force push to another history',
    (history) => history.repo.git('update-ref', 'refs/heads/b0', history.commitAt(1_700_009_000, [], 3, 2)),
  ],
  ['a branch that comes back', ({ repo, commits }) => repo.git('update-ref', 'refs/heads/b2', commits.at(-1)!)],
])('after %s: with memory as without', async (_, happens) => {
  const { history, wanted, cache } = grown()
  history.take({ kind: 'commit', branch: 1, from: 1, blob: 3, path: 1 })
  history.take({ kind: 'commit', branch: 1, from: 0, blob: 4, path: 0 })
  history.repo.git('update-ref', 'refs/heads/gone', history.commitAt(1_700_005_000, [history.commits[0]], 4, 2))
  await history.attributed(wanted, cache)
  history.repo.git('update-ref', '-d', 'refs/heads/gone')
  await history.attributed(wanted, cache)
  happens(history)
  for (let run = 0; run < 2; run++)
    expect(await history.attributed(wanted, cache)).toEqual(await history.attributed(wanted))
})

const fileIn = (cache: string): string => {
  const files = readdirSync(join(cache, 'history')).map((name) => join(cache, 'history', name))
  return files.find((file) => readFileSync(file, 'utf8').startsWith('audit-deps history'))!
}

test('the file is for this user alone, and names nobody', async () => {
  const { history, wanted, cache } = grown()
  await history.attributed(wanted, cache)
  expect(statSync(join(cache, 'history')).mode & 0o777).toBe(0o700)
  expect(statSync(fileIn(cache)).mode & 0o777).toBe(0o600)
  expect(readFileSync(fileIn(cache), 'utf8')).not.toContain('ada@example.org')
})

test('nothing is written where nothing is to be remembered', async () => {
  const { history, wanted, cache } = grown()
  await history.attributed(wanted)
  expect(readdirSync(cache)).toEqual([])
})

test.each<[string, (text: string) => string]>([
  ['cut short', (text) => text.slice(0, text.length / 2)],
  ['of other contents than its checksum says', (text) => text.replace('"tips":["', '"tips":["0')],
  ['of another repository', () => 'audit-deps history memory 2 sha1 "/elsewhere"\n0\n{}\n'],
  ['without anything', () => ''],
])('a file %s is ignored', async (_, damage) => {
  const { history, wanted, cache } = grown()
  const truth = await history.attributed(wanted)
  await history.attributed(wanted, cache)
  writeFileSync(fileIn(cache), damage(readFileSync(fileIn(cache), 'utf8')))
  const before = { ...used }
  expect(await history.attributed(wanted, cache)).toEqual(truth)
  expect(used).toEqual(before)
  // And is replaced.
  expect(await history.attributed(wanted, cache)).toEqual(truth)
  expect(used).toEqual({ ...before, memory: before.memory + 1 })
})

test('a file that others may write to is ignored', async () => {
  const { history, wanted, cache } = grown()
  await history.attributed(wanted, cache)
  chmodSync(fileIn(cache), 0o666)
  const before = { ...used }
  expect((await history.attributed(wanted, cache)).missed).toEqual([])
  expect(used).toEqual(before)
})

test('a folder that cannot be written costs nothing but time', async () => {
  const { history, wanted, cache } = grown()
  writeFileSync(join(cache, 'history'), 'a file')
  expect(await history.attributed(wanted, cache)).toEqual(await history.attributed(wanted))
})

test('where a path may be a secret itself, nothing is written', async () => {
  const { history, wanted, cache } = grown()
  const repo = (await openRepository(history.repo.folder))!
  const attributor = prepareAttribution(repo, { cache, mayKeep: (path) => path !== 'p0' })
  const { of } = await attributor.attribute(
    [...wanted].map((oid) => ({ oid, type: history.blobs.includes(oid) ? 'blob' : 'commit' })),
  )
  await attributor.reached(of.keys())
  attributor.close()
  expect(of.get(history.blobs[0]!)?.paths).toEqual(['p0'])
  expect(readdirSync(cache)).toEqual([])
})
