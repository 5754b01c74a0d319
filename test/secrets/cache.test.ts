// What is remembered between runs must never change what they say: after whatever happens to repository and memory, a
// run that remembers finds and covers what a run that does not would.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openRepository } from '../../src/git/repository.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { secretsScanner } from '../../src/secrets/scan.ts'
import { loadSignatures } from '../../src/secrets/signatures.ts'
import { findSuspects } from '../../src/secrets/suspects.ts'
import { objectsIn } from '../../src/secrets/tally.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'
import type { Config } from '../../src/types.ts'
import { context } from '../support/context.ts'
import { type TemporaryRepository, temporaryFolder, temporaryRepository } from '../support/repository.ts'

const shipped = shippedMatcher()
/** As after an update that brought or dropped a rule. */
const others = createMatcher(loadSignatures().signatures.filter(({ id }) => !id.startsWith('github')))
const secrets = [['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join(''), ['gl', 'pat-7Kz9QmW2xLpR4nVt8sBd'].join('')]
/** AUDIT_DEPS_REPOSITORIES asks for more than a test run has time for. */
const wholeScans = Math.ceil(Number(process.env.AUDIT_DEPS_REPOSITORIES ?? 2) / 2)
const sequences = Number(process.env.AUDIT_DEPS_REPOSITORIES ?? 2)

async function suspects(folder: string, cache: string | undefined, matcher = shipped) {
  const repo = await openRepository(folder)
  if (repo === undefined) throw new Error('no repository')
  const scope = { kind: 'all' } as const
  const found = await findSuspects(repo, {
    scope,
    engine: 'pack',
    shipped: matcher,
    matcher,
    progress: () => {},
    cache,
  })
  if (found.kept !== undefined) found.memory!.save({ ...found.kept, judged: new Map(), kinds: [] })
  return {
    suspects: found.suspects.map(({ oid, type }) => `${oid} ${type}`).sort(),
    checked: objectsIn(found.tally),
    missed: found.missed.map(({ what, why }) => `${what}: ${why}`).sort(),
  }
}

const memoryFiles = (cache: string): string[] => {
  const folder = join(cache, 'secrets')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

const objectFiles = ({ folder }: TemporaryRepository, kind: RegExp): string[] =>
  readdirSync(join(folder, '.git/objects'), { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => join(folder, '.git/objects', name))

const looseFile = /^[0-9a-f]{2}.[0-9a-f]{38}$/

/** All that happens to a repository and to what is remembered of it; `n` chooses. */
const happenings: Record<string, (repo: TemporaryRepository, n: number, cache: string) => void> = {
  commit(repo, n) {
    const lines = Array.from({ length: 60 }, (_, line) => `line ${line} of ${n % 3}`)
    lines[n % 60] = n % 4 === 0 ? `token = "${secrets[n % 2]}"` : `changed ${n}`
    repo.commit(`commit ${n}`, { [`f${n % 3}.txt`]: lines.join('\n') })
  },
  'a branch that goes'(repo, n) {
    repo.git('checkout', '-q', '-b', `b${n}`)
    repo.commit(`gone ${n}`, { 'gone.txt': `token = "${secrets[n % 2]}" ${n}` })
    repo.git('checkout', '-q', 'main')
    repo.git('branch', '-D', `b${n}`)
  },
  tag: (repo, n) => repo.git('tag', '-f', '-a', '-m', n % 2 === 0 ? `key ${secrets[0]}` : `plain ${n}`, `t${n % 4}`),
  'repack all': (repo) => repo.git('repack', '-adq'),
  'repack what is new': (repo) => repo.git('repack', '-dq'),
  'repack and keep loose': (repo) => repo.git('repack', '-q'),
  'a pack of everything beside': (repo) =>
    repo.gitWith(
      repo.git('rev-list', '--objects', '--all', '--no-object-names'),
      'pack-objects',
      '-q',
      join(repo.folder, '.git/objects/pack/pack'),
    ),
  'prune all that nothing leads to'(repo) {
    repo.git('reflog', 'expire', '--expire=now', '--all')
    repo.git('gc', '-q', '--prune=now')
  },
  'out of the packs'(repo) {
    for (const pack of objectFiles(repo, /\.pack$/)) {
      const moved = join(repo.folder, '.git/moved.pack')
      renameSync(pack, moved)
      rmSync(pack.replace(/pack$/, 'idx'), { force: true })
      repo.gitWith(readFileSync(moved), 'unpack-objects', '-q', '-r')
    }
  },
  'a pack is touched'(repo, n) {
    for (const pack of objectFiles(repo, /\.(?:pack|idx)$/)) utimesSync(pack, n, n)
  },
  'a byte of a pack changes'(repo, n) {
    const packs = objectFiles(repo, /\.pack$/)
    const pack = packs[n % Math.max(1, packs.length)]
    if (pack === undefined) return
    const bytes = readFileSync(pack)
    const at = 12 + ((n * 7919) % Math.max(1, bytes.length - 40))
    bytes[at] = bytes[at]! ^ 0x55
    chmodSync(pack, 0o644)
    writeFileSync(pack, bytes)
  },
  'a pack goes'(repo, n) {
    const packs = objectFiles(repo, /\.idx$/)
    const index = packs[n % Math.max(1, packs.length)]
    if (index === undefined) return
    rmSync(index, { force: true })
    rmSync(index.replace(/idx$/, 'pack'), { force: true })
  },
  'a loose object is damaged'(repo, n) {
    const files = objectFiles(repo, looseFile)
    const file = files[n % Math.max(1, files.length)]
    if (file === undefined) return
    chmodSync(file, 0o644)
    writeFileSync(file, 'this is no object')
  },
  'the memory is cut': (_repo, n, cache) => {
    for (const file of memoryFiles(cache)) truncateSync(file, n % (statSync(file).size + 1))
  },
  'a byte of the memory changes'(_repo, n, cache) {
    for (const file of memoryFiles(cache)) {
      const bytes = readFileSync(file)
      if (bytes.length === 0) continue
      bytes[n % bytes.length] = bytes[n % bytes.length]! ^ 1
      writeFileSync(file, bytes)
    }
  },
  'the memory is lost': (_repo, _n, cache) => rmSync(cache, { recursive: true, force: true }),
}
const damages = new Set(['a byte of a pack changes', 'a pack goes', 'a loose object is damaged'])

const run = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('commit') },
    { weight: 5, arbitrary: fc.constantFrom(...Object.keys(happenings)) },
  ),
  n: fc.nat({ max: 100_000 }),
  signatures: fc.oneof({ weight: 5, arbitrary: fc.constant(shipped) }, { weight: 1, arbitrary: fc.constant(others) }),
  twice: fc.boolean(),
})

test(
  `a run that remembers says what any other says, in ${sequences} random sequences`,
  async () => {
    const property = fc.asyncProperty(fc.array(run, { minLength: 4, maxLength: 14 }), async (runs) => {
      const repo = temporaryRepository()
      const cache = temporaryFolder()
      repo.commit('first', { 'a.txt': `a\ntoken = "${secrets[0]}"\n` })
      for (const { what, n, signatures, twice } of runs) {
        try {
          happenings[what]!(repo, n, cache)
        } catch (error) {
          // What was damaged before, git refuses to pack, to unpack or to commit upon.
          if (!runs.some((one) => damages.has(one.what))) throw error
        }
        const expected = await suspects(repo.folder, undefined, signatures)
        const all = await Promise.all(
          Array.from({ length: twice ? 2 : 1 }, () => suspects(repo.folder, cache, signatures)),
        )
        for (const one of all) expect(one, what).toEqual(expected)
        expect(await suspects(repo.folder, cache, signatures), `${what}, again`).toEqual(expected)
      }
    })
    await fc.assert(property, { numRuns: sequences, endOnFailure: true })
  },
  60_000 + sequences * 20_000,
)

test('a pack of other bytes under the same name, size and checksum is read again', async () => {
  const repo = temporaryRepository()
  const cache = temporaryFolder()
  repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n` })
  repo.git('repack', '-adq')
  const whole = await suspects(repo.folder, cache)
  const [pack] = objectFiles(repo, /\.pack$/)
  const bytes = readFileSync(pack!)
  const { mtime } = statSync(pack!)
  bytes.fill(0xff, 40, bytes.length - 20)
  chmodSync(pack!, 0o644)
  writeFileSync(pack!, bytes)
  utimesSync(pack!, mtime, mtime)
  const damaged = await suspects(repo.folder, cache)
  expect(damaged.missed).not.toEqual([])
  expect(damaged).toEqual(await suspects(repo.folder, undefined))
  expect(damaged).not.toEqual(whole)
})

test('of a pack that was touched and no more, nothing is read but its checksum', async () => {
  const repo = temporaryRepository()
  const cache = temporaryFolder()
  repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n` })
  repo.git('repack', '-adq')
  await suspects(repo.folder, cache)
  forget(memoryFiles(cache)[0]!, 'suspects')
  for (const file of objectFiles(repo, /\.(?:pack|idx)$/)) utimesSync(file, 1, 1)
  expect((await suspects(repo.folder, cache)).suspects).toEqual([])
})

describe('a memory that is not believed', () => {
  const hostile: Record<string, (file: string) => void> = {
    'of a file that others may write': (file) => chmodSync(file, 0o666),
    'behind a link': (file) => {
      renameSync(file, `${file}.there`)
      symlinkSync(`${file}.there`, file)
    },
    'of noise': (file) => writeFileSync(file, Buffer.alloc(10_000, 0xa5)),
    'of a gigabyte': (file) => truncateSync(file, 2 ** 30),
    'that is a folder': (file) => {
      rmSync(file)
      mkdirSync(file)
    },
    'that is empty': (file) => truncateSync(file, 0),
  }
  test.each(Object.entries(hostile))('%s', async (_name, change) => {
    const repo = temporaryRepository()
    const cache = temporaryFolder()
    repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n` })
    repo.git('repack', '-adq')
    const expected = await suspects(repo.folder, cache)
    const [file] = memoryFiles(cache)
    // What it says is made untrue, so that whoever believes it is found out.
    forget(file!, 'suspects')
    expect((await suspects(repo.folder, cache)).suspects, 'it is believed as a rule').toEqual([])
    forget(file!, 'suspects')
    change(file!)
    expect(await suspects(repo.folder, cache)).toEqual(expected)
  })

  test('of another set of signatures, though it is the same file', async () => {
    const repo = temporaryRepository()
    const cache = temporaryFolder()
    repo.commit('first', { 'a.txt': `token = "${secrets[1]}"\n` })
    repo.git('repack', '-adq')
    const expected = await suspects(repo.folder, cache)
    const [file] = memoryFiles(cache)
    forget(file!, 'suspects')
    expect(await suspects(repo.folder, cache, others)).toEqual(expected)
    const other = memoryFiles(cache).find((name) => name !== file)!
    writeFileSync(other, readFileSync(file!))
    expect(await suspects(repo.folder, cache, others)).toEqual(expected)
  })
})

/** Empties a field of every pack, and puts the checksum right. */
function forget(file: string, field: 'suspects'): void {
  const [head, , ...rest] = readFileSync(file, 'utf8').split('\n')
  const contents = JSON.parse(rest.join('\n')) as { packs: Record<string, unknown>[] }
  for (const pack of contents.packs) pack[field] = []
  const body = JSON.stringify(contents)
  writeFileSync(file, `${head}\n${createHash('sha256').update(body).digest('hex')}\n${body}`)
}

describe('the whole scanner', () => {
  const told = (folder: string, cache: boolean, engine: Config['engine'] = 'pack') =>
    secretsScanner.scan(context(folder, { config: { cache, engine } }))
  /** But for what was read anew. */
  async function scan(folder: string, cache: boolean, engine?: Config['engine']) {
    const { coverage, ...result } = await told(folder, cache, engine)
    return { ...result, coverage: coverage.map(({ amounts: _, ...one }) => one) }
  }

  test('tells what was read now, by kind, from what was read before', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    const amounts = async () => (await told(repo.folder, true)).coverage.find(({ amounts }) => amounts)?.amounts
    repo.commit('first', { 'a.txt': 'one\n', 'b.txt': 'two\n' })
    repo.git('tag', '-a', 'v1', '-m', 'a version')
    const stored = repo.git('cat-file', '--batch-check=%(objectsize) %(objecttype)', '--batch-all-objects').split('\n')
    const bytes = stored.reduce((sum, line) => sum + (line.endsWith('tree') ? 0 : Number(line.split(' ')[0])), 0)
    expect(await amounts()).toEqual({ commits: 1, blobs: 2, tags: 1, remembered: 0, bytes })
    expect(await amounts()).toEqual({ commits: 0, blobs: 0, tags: 0, remembered: 4, bytes: 0 })
    repo.git('repack', '-adkq')
    expect(await amounts()).toMatchObject({ commits: 1, blobs: 2, tags: 1, remembered: 0 })
    repo.commit('second', { 'a.txt': 'three\n' })
    expect(await amounts()).toMatchObject({ commits: 1, blobs: 1, tags: 0, remembered: 4 })
  })

  test('says the same with and without memory, by every judgement that can change', async () => {
    const cache = temporaryFolder()
    vi.stubEnv('XDG_CACHE_HOME', cache)
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    repo.commit('first', {
      'a.txt': `token = "${secrets[0]}"\n`,
      'example.ts': `const password = "changeme"\nconst apiKey = "your-api-key-here"\n`,
      'allowed.ts': `const token = "${secrets[1]}" // gitleaks:allow\n`,
    })
    repo.git('repack', '-adq')
    const first = await scan(repo.folder, true)
    expect(first).toEqual(await scan(repo.folder, false))
    expect(first.findings).not.toEqual([])
    expect(first.counts).not.toEqual({})
    expect(await scan(repo.folder, true)).toEqual(first)
    // The same bytes under another path, and in HEAD no more.
    repo.commit('moved', {
      'example.ts': undefined,
      'docs/b.env': `password=changeme-${'q8Zt'}4!\n`,
      'a.txt': undefined,
    })
    repo.commit('copied', { 'copy.txt': `token = "${secrets[0]}"\n` })
    expect(await scan(repo.folder, true)).toEqual(await scan(repo.folder, false))
    expect(await scan(repo.folder, true)).toEqual(await scan(repo.folder, false))
  })

  test('says the same, in the same order, however it is stored and by whichever engine it is read', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    // As strong under either name, and as old.
    const same = 'q8Zt4LmN7xRv2KpW9sBd5HjF3cYg6TeA'
    const lines = [`api_key = "${same}"`, `token = "${same}"`, `secret = "${same}"`]
    for (const [index, secret] of secrets.entries())
      lines.push(`"${secret}" ${index}`, Buffer.from(secret).toString('base64'))
    repo.commit('first', Object.fromEntries(lines.map((line, index) => [`${index}.env`, `${line}\n`])))
    const expected = await scan(repo.folder, false)
    expect(expected.findings).toHaveLength(3)
    for (const step of ['loose', 'a pack of some', 'two packs', 'one pack']) {
      if (step === 'a pack of some')
        repo.gitWith(
          repo.git('rev-parse', 'HEAD:1.env', 'HEAD:3.env', 'HEAD:6.env'),
          'pack-objects',
          '-q',
          '.git/objects/pack/pack',
        )
      if (step === 'a pack of some') repo.git('prune-packed', '-q')
      if (step === 'two packs') repo.git('repack', '-dq')
      if (step === 'one pack') repo.git('repack', '-adfq')
      expect(await scan(repo.folder, false), step).toEqual(expected)
      expect(await scan(repo.folder, false, 'stream'), `${step}, stream`).toEqual(expected)
      expect(await scan(repo.folder, true), `${step}, with memory`).toEqual(expected)
    }
  })

  test('shows of many versions the one that a run without memory shows', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    for (let version = 0; version < 4; version++)
      repo.commit(`version ${version}`, { 'a.txt': `${'above\n'.repeat(version)}token = "${secrets[0]}"\n` })
    for (const step of ['in HEAD', 'gone']) {
      if (step === 'gone') repo.commit('gone', { 'a.txt': 'nothing\n' })
      const expected = await scan(repo.folder, false)
      expect(expected.findings).toMatchObject([{ evidence: [{ excerpt: expect.stringContaining('token') }] }])
      for (const run of ['first', 'second']) expect(await scan(repo.folder, true), `${step}, ${run}`).toEqual(expected)
    }
  })

  const illTyped: Record<string, readonly [part: string, instead: string]> = {
    'a list for all of it': ['{"packs":', '[{"packs":'],
    'another name': ['"judged":', '"__proto__":'],
    'a number for a pack': ['"packs":[', '"packs":[0,'],
    'an option for an id': ['"oid":"', '"oid":"--all '],
    'two lines for an id': ['"tips":["', '"tips":["HEAD\\n'],
    'a type that git does not have': ['"type":"blob"', '"type":"blobs"'],
    'a number for a judgement': ['"seen":[[0,', '"seen":[0,[0,'],
    'a place before the first': ['"seen":[[0,', '"seen":[[-1,'],
    'an object for a kind': ['"kinds":[', '"kinds":[{},'],
    'a word for a count': ['"dropped":{', '"dropped":{"__proto__":"x"'],
    'a list for a tip': ['"tips":[', '"tips":[[],'],
    'an object for a list': ['"holding":[', '"holding":{},"":['],
    'a number for a path': ['"paths":["', '"paths":[1e999,"'],
    'a place behind the last': ['"rows":[[0,', '"rows":[[77,'],
  }
  test('believes nothing ill-typed, whatever the checksum says', { timeout: 120_000 }, async () => {
    const cache = temporaryFolder()
    vi.stubEnv('XDG_CACHE_HOME', cache)
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n` })
    repo.git('repack', '-adq')
    repo.commit('second', { 'a.txt': undefined, 'b.txt': `key = "${secrets[1]}"\n` })
    const expected = await scan(repo.folder, false)
    await scan(repo.folder, true)
    const files = ['secrets', 'history'].flatMap((name) => {
      const folder = join(cache, 'audit-deps', name)
      return readdirSync(folder).map((name) => join(folder, name))
    })
    const before = files.map((file) => [file, readFileSync(file, 'utf8')] as const)
    for (const [what, [part, instead]] of Object.entries(illTyped)) {
      for (const [file, text] of before) {
        const [head, , ...rest] = text.replace(part, instead).split('\n')
        const body = rest.join('\n')
        writeFileSync(file, `${head}\n${createHash('sha256').update(body).digest('hex')}\n${body}`)
      }
      expect(
        before.some(([, text]) => text.includes(part)),
        what,
      ).toBe(true)
      expect(await scan(repo.folder, true), what).toEqual(expected)
    }
  })

  const line = fc.constantFrom(
    `token = "${secrets[0]}"`,
    `token = "${secrets[0]}" // gitleaks:allow`,
    `key = "${secrets[1]}"`,
    `VITE_API_TOKEN=${secrets[1]}`,
    'password = "changeme"',
    'plain',
    'padding = 1',
  )
  const change = fc.record({
    file: fc.constantFrom('a.txt', 'b.env', 'test/a.txt', 'package-lock.json'),
    lines: fc.option(fc.array(line, { minLength: 1, maxLength: 4 }), { freq: 4 }),
    next: fc.constantFrom('nothing', 'nothing', 'repack', 'branch', 'tag', 'ignore', 'reset'),
  })

  test(`says the same in ${wholeScans} random histories`, { timeout: 60_000 + wholeScans * 60_000 }, async () => {
    const property = fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 8 }), async (changes) => {
      vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
      const repo = temporaryRepository()
      repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n`, 'b.env': 'plain\n' })
      for (const [index, { file, lines, next }] of changes.entries()) {
        const there = existsSync(join(repo.folder, file))
        if (lines !== null || there) repo.commit(`change ${index}`, { [file]: lines?.join('\n') })
        if (next === 'repack') repo.git('repack', '-adq')
        if (next === 'branch') repo.git('branch', `b${index}`)
        if (next === 'tag') repo.git('tag', '-a', '-m', `with ${secrets[index % 2]}`, `t${index}`)
        if (next === 'reset') repo.git('reset', '-q', '--hard', 'HEAD~1')
        if (next === 'ignore') repo.write('.gitleaksignore', `${repo.id('HEAD')}:a.txt:github-pat:1\n`)
        const expected = await scan(repo.folder, false)
        expect(await scan(repo.folder, true)).toEqual(expected)
        expect(await scan(repo.folder, true), 'again').toEqual(expected)
      }
    })
    await fc.assert(property, { numRuns: wholeScans, endOnFailure: true })
  })

  test('remembers ids and counts, no secret and no path', async () => {
    const cache = temporaryFolder()
    vi.stubEnv('XDG_CACHE_HOME', cache)
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    repo.commit('first', { 'telling-name.txt': `token = "${secrets[0]}"\npassword = "changeme"\n` })
    await scan(repo.folder, true)
    const [file] = memoryFiles(join(cache, 'audit-deps'))
    const text = readFileSync(file!, 'utf8')
    expect(text).toContain(repo.id('HEAD:telling-name.txt'))
    expect(text).not.toMatch(/telling-name|gh[p]_|16C7e42F|changeme/)
    expect(statSync(file!).mode & 0o777).toBe(0o600)
  })

  test('does without a place to remember in', async () => {
    const cache = temporaryFolder()
    writeFileSync(join(cache, 'audit-deps'), 'a file, where a folder should be')
    vi.stubEnv('XDG_CACHE_HOME', cache)
    onTestFinished(() => void vi.unstubAllEnvs())
    const repo = temporaryRepository()
    repo.commit('first', { 'a.txt': `token = "${secrets[0]}"\n` })
    const { notes, ...said } = await scan(repo.folder, true)
    expect(said).toEqual(await scan(repo.folder, false))
    const why = 'a file stands where a folder should be'
    expect(notes).toEqual([`What was read of git is not remembered for the next run: ${why}`])
  })
})

test('what was not of use for months goes', async () => {
  const repo = temporaryRepository()
  const cache = temporaryFolder()
  repo.commit('first', { 'a.txt': 'nothing\n' })
  mkdirSync(join(cache, 'secrets'))
  const old = join(cache, 'secrets', `${'0'.repeat(32)}.json`)
  writeFileSync(old, 'old')
  const longAgo = Date.now() / 1000 - 100 * 86_400
  utimesSync(old, longAgo, longAgo)
  await suspects(repo.folder, cache)
  expect(memoryFiles(cache)).toHaveLength(1)
  expect(existsSync(old)).toBe(false)
})
