// The promise: whatever git remembers is read, and told where it lives, loose and packed alike.

import { describe, expect, test } from 'vitest'
import { attribute } from '../../src/git/attribution.ts'
import { readObjects } from '../../src/git/read.ts'
import { openRepository, type Repository } from '../../src/git/repository.ts'
import { listObjects } from '../../src/git/scope.ts'
import { matchPacks } from '../../src/secrets/pool.ts'
import { objectsIn } from '../../src/secrets/tally.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'
import { author, type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

/** Marker texts → the object they stand in. Each place holds its own. */
async function markers(repo: Repository): Promise<Map<string, string>> {
  const { objects, missed } = await listObjects(repo, { kind: 'all' })
  expect(missed).toEqual([])
  const found = new Map<string, string>()
  await readObjects(repo, objects, ({ oid, data }) => {
    for (const [marker] of data.toString('latin1').matchAll(/marker-[a-z-]+/g)) found.set(marker, oid)
  })
  return found
}

function planted(): { repo: TemporaryRepository; commits: Record<string, string> } {
  const repo = temporaryRepository()
  repo.commit('start', { 'README.md': 'hello\n', 'kept.txt': 'marker-head\n' })
  const old = repo.commit('oops', { '.env': 'marker-deleted\n' })
  repo.commit('remove', { '.env': undefined })
  const message = repo.commit('marker-commit-message')
  repo.git('tag', '--annotate', '--message', 'marker-tag', 'v1')
  const lines = ['type commit', 'tag inner', `tagger ${author} 1704067200 +0000`, '', 'marker-inner-tag', '']
  const inner = repo.gitWith([`object ${message}`, ...lines].join('\n'), 'mktag')
  repo.git('tag', '--annotate', '--message', 'a tag of a tag', 'outer', inner)
  repo.git('notes', 'add', '--message', 'marker-note', 'HEAD')
  repo.git('tag', 'direct-blob', repo.gitWith('marker-direct-blob\n', 'hash-object', '-w', '--stdin'))

  repo.git('switch', '--quiet', '--create', 'side')
  repo.commit('side', { 'both.txt': 'side\n' })
  repo.git('switch', '--quiet', 'main')
  repo.commit('main', { 'both.txt': 'main\n' })
  try {
    repo.git('merge', '--quiet', 'side')
  } catch {
    // The conflict is the point: what resolves it stands in the merge commit alone.
  }
  const merge = repo.commit('merge', { 'both.txt': 'marker-merge\n' })
  repo.commit('after', { 'both.txt': 'calm again\n' })

  repo.write('README.md', 'marker-older-stash\n')
  repo.git('stash', 'push', '--quiet')
  repo.write('README.md', 'marker-stash-index\n')
  repo.git('add', 'README.md')
  repo.write('README.md', 'marker-newest-stash\n')
  repo.write('new.txt', 'marker-stash-untracked\n')
  repo.git('stash', 'push', '--quiet', '--include-untracked')

  const reset = repo.commit('reset away', { 'lost.txt': 'marker-reflog\n' })
  repo.git('reset', '--quiet', '--hard', 'HEAD~1')
  const tree = repo.gitWith(
    `100644 blob ${repo.gitWith('marker-unreachable-commit\n', 'hash-object', '-w', '--stdin')}\tgone.txt\n`,
    'mktree',
  )
  const dangling = repo.git('commit-tree', '-m', 'marker-dangling-message', tree)
  repo.gitWith('marker-dangling-blob\n', 'hash-object', '-w', '--stdin')
  repo.write('staged.txt', 'marker-staged\n')
  repo.git('add', 'staged.txt')
  return { repo, commits: { old, message, merge, reset, dangling } }
}

const places: Record<string, [object: string, state: string, paths: string[], commit?: string]> = {
  'marker-head': ['blob', 'head', ['kept.txt']],
  'marker-deleted': ['blob', 'history', ['.env'], 'old'],
  'marker-commit-message': ['commit-message', 'history', [], 'message'],
  'marker-tag': ['tag', 'history', []],
  'marker-inner-tag': ['tag', 'history', []],
  'marker-note': ['note', 'history', []],
  'marker-direct-blob': ['blob', 'history', []],
  'marker-merge': ['blob', 'history', ['both.txt'], 'merge'],
  'marker-older-stash': ['blob', 'stash', ['README.md']],
  'marker-stash-index': ['blob', 'stash', ['README.md']],
  'marker-newest-stash': ['blob', 'stash', ['README.md']],
  'marker-stash-untracked': ['blob', 'stash', ['new.txt']],
  'marker-reflog': ['blob', 'unreachable', ['lost.txt'], 'reset'],
  'marker-unreachable-commit': ['blob', 'unreachable', ['gone.txt'], 'dangling'],
  'marker-dangling-message': ['commit-message', 'unreachable', [], 'dangling'],
  'marker-dangling-blob': ['blob', 'unreachable', []],
  'marker-staged': ['blob', 'worktree', ['staged.txt']],
}

describe.each([
  ['loose', []],
  ['packed', ['repack', '-adkq']],
  ['collected', ['gc', '--quiet', '--prune=never']],
])('%s', (_, pack) => {
  test('every place is read and rightly labelled', async () => {
    const { repo: made, commits } = planted()
    if (pack.length > 0) made.git(...pack)
    const repo = (await openRepository(made.folder))!
    const found = await markers(repo)
    expect([...found.keys()].sort()).toEqual(Object.keys(places).sort())
    const visited = new Set<string>()
    const read = await matchPacks(repo, shippedMatcher(), { threads: 0, found: (oid) => void visited.add(oid) })
    expect(objectsIn(read.tally)).toBe(visited.size)
    for (const { oid } of read.rest.objects) visited.add(oid)
    expect([...found.values()].filter((oid) => !visited.has(oid))).toEqual([])
    const { of, missed } = await attribute(repo, new Set(found.values()))
    expect(missed).toEqual([])
    for (const [marker, [object, state, paths, commit]] of Object.entries(places)) {
      const attribution = of.get(found.get(marker)!)
      expect({ marker, ...attribution }).toMatchObject({ marker, object, state, paths })
      if (commit !== undefined) expect(attribution?.first).toMatchObject({ oid: commits[commit], author })
    }
    expect(of.get(found.get('marker-deleted')!)?.first?.date).toBe('2024-01-01T02:00:00.000Z')
    expect(of.get(found.get('marker-tag')!)?.first).toMatchObject({ author })
    expect(of.get(found.get('marker-dangling-blob')!)?.first).toBeUndefined()
  })
})
