// Packs as nobody should write them. Whatever the pack reader cannot read is git's to read: both engines cover the
// same objects, and say the same of what stayed unread; none hangs, none fills the memory.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { listAll } from '../../src/git/objects.ts'
import { openStore } from '../../src/git/pack/store.ts'
import { PackReader, walk } from '../../src/git/pack/walk.ts'
import { openRepository, type Repository } from '../../src/git/repository.ts'
import { matchPacks } from '../../src/secrets/pool.ts'
import { findSuspects } from '../../src/secrets/suspects.ts'
import { objectsIn } from '../../src/secrets/tally.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'
import {
  builtOnce,
  repositoryAt,
  type TemporaryRepository,
  temporaryFolder,
  temporaryRepository,
} from '../support/repository.ts'

const shipped = shippedMatcher()
const secret = ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join('')

/** Versions of one long file, so that there are deltas, and a secret in one of them. */
function versions(options: readonly string[] = []): TemporaryRepository {
  const repo = temporaryRepository({ options })
  const lines = Array.from({ length: 400 }, (_, i) => `line ${i} ${createHash('sha1').update(`${i}`).digest('hex')}`)
  for (let version = 0; version < 8; version++) {
    lines[version * 40] = version === 3 ? `token = "${secret}"` : `changed in ${version}`
    repo.commit(`version ${version}`, { 'long.txt': lines.join('\n') })
  }
  return repo
}

const grown = builtOnce(versions)

const inOnePack = builtOnce(() => {
  const repo = versions()
  repo.git('repack', '-adq')
  return repo
})

const inTwoPacks = builtOnce(() => {
  const repo = versions()
  repo.git('repack', '-adq')
  repo.commit('later', { 'later.txt': `token = "${secret}"\n` })
  repo.git('repack', '-dq')
  return repo
})

const packed = (): string => inOnePack().folder

async function opened(folder: string): Promise<Repository> {
  const repo = await openRepository(folder)
  if (repo === undefined) throw new Error('no repository')
  return repo
}

async function byEngine(folder: string, engine: 'pack' | 'stream') {
  const repo = await opened(folder)
  const options = { scope: { kind: 'all' }, engine, shipped, matcher: shipped, progress: () => {} } as const
  const { suspects, tally, missed } = await findSuspects(repo, options)
  return {
    suspects: suspects.map(({ oid, type }) => `${oid} ${type}`).sort(),
    checked: objectsIn(tally),
    missed: missed.map(({ what }) => what).sort(),
  }
}

async function both(folder: string) {
  const [pack, stream] = [await byEngine(folder, 'pack'), await byEngine(folder, 'stream')]
  expect(pack).toEqual(stream)
  return pack
}

const packFolder = (repo: TemporaryRepository): string => join(repo.folder, '.git', 'objects', 'pack')

function packFile(repo: TemporaryRepository, kind: 'pack' | 'idx'): string {
  const name = readdirSync(packFolder(repo)).find((name) => name.endsWith(`.${kind}`))!
  const path = join(packFolder(repo), name)
  chmodSync(path, 0o644)
  return path
}

const usable = async (folder: string): Promise<number> => {
  const store = await openStore(await opened(folder))
  await store.close()
  return store.packs.length
}

function change(path: string, edit: (bytes: Buffer) => Buffer | undefined): void {
  const bytes = readFileSync(path)
  writeFileSync(path, edit(bytes) ?? bytes)
}

const resealed = (body: Buffer): Buffer => Buffer.concat([body, createHash('sha1').update(body).digest()])

describe('packs in every shape git writes', () => {
  const shapes: Record<string, [make: () => string, packs: number]> = {
    'one pack': [() => packed(), 1],
    'with bitmap, reverse index and keep': [
      () => {
        const repo = grown()
        repo.git('-c', 'pack.writeReverseIndex=true', 'repack', '-adqb')
        writeFileSync(packFile(repo, 'pack').replace(/pack$/, 'keep'), '')
        return repo.folder
      },
      1,
    ],
    'several packs, the same objects in two, and a multi-pack-index': [
      () => {
        const repo = grown()
        repo.git('repack', '-adq')
        writeFileSync(packFile(repo, 'pack').replace(/pack$/, 'keep'), '')
        repo.commit('later', { 'more.txt': `again ${secret}\n` })
        repo.git('repack', '-adq', '--no-pack-kept-objects')
        repo.gitWith(
          `${repo.git('rev-list', '--objects', '--no-object-names', 'HEAD')}\n`,
          'pack-objects',
          '-q',
          join(packFolder(repo), 'pack'),
        )
        repo.git('multi-pack-index', 'write')
        return repo.folder
      },
      3,
    ],
    'index of version 1': [
      () => {
        const repo = grown()
        repo.git('repack', '-adq')
        const pack = packFile(repo, 'pack')
        rmSync(packFile(repo, 'idx'))
        repo.git('index-pack', '--index-version=1', pack)
        return repo.folder
      },
      0,
    ],
    'SHA-256': [
      () => {
        const repo = versions(['--object-format=sha256'])
        repo.git('repack', '-adq')
        return repo.folder
      },
      0,
    ],
    'reference deltas': [
      () => {
        const repo = grown()
        repo.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adq')
        return repo.folder
      },
      1,
    ],
    'loose objects only': [() => grown().folder, 0],
    'no objects at all': [() => temporaryRepository().folder, 0],
    'objects of an alternate store': [() => temporaryRepository({ from: packed(), options: ['--shared'] }).folder, 0],
    'shallow clone': [() => temporaryRepository({ from: `file://${packed()}`, options: ['--depth', '3'] }).folder, 1],
    'partial clone': [
      () => {
        const from = repositoryAt(packed())
        from.git('config', 'uploadpack.allowFilter', 'true')
        return temporaryRepository({ from: `file://${from.folder}`, options: ['--filter=blob:none', '--no-checkout'] })
          .folder
      },
      1,
    ],
    'linked work tree': [
      () => {
        const repo = repositoryAt(packed())
        const tree = join(temporaryFolder(), 'linked')
        repo.git('worktree', 'add', '--quiet', '--detach', tree)
        return tree
      },
      1,
    ],
    bare: [() => temporaryRepository({ from: packed(), options: ['--bare'] }).folder, 1],
    'a submodule': [
      () => {
        const repo = temporaryRepository()
        repo.git('submodule', 'add', '--quiet', packed(), 'inner')
        repo.git('commit', '--quiet', '--message', 'with a submodule')
        return join(repo.folder, 'inner')
      },
      1,
    ],
  }

  test.each(Object.entries(shapes))('%s', async (_, [make, packs]) => {
    const folder = make()
    const { checked } = await both(folder)
    expect(await usable(folder)).toBe(packs)
    const kinds = execFileSync(
      'git',
      ['cat-file', '--batch-check=%(objecttype)', '--batch-all-objects', '--unordered'],
      {
        cwd: folder,
        env: { ...process.env, GIT_NO_LAZY_FETCH: '1' },
      },
    )
    expect(checked).toBe(
      kinds
        .toString()
        .split('\n')
        .filter((kind) => kind !== '' && kind !== 'tree').length,
    )
  })

  test('a subfolder: only what is below it', async () => {
    const repo = temporaryRepository()
    repo.commit('two', { 'a/one.txt': `${secret}\n`, 'b/two.txt': `${secret} \n` })
    repo.git('repack', '-adq')
    const { suspects } = await both(join(repo.folder, 'b'))
    expect(suspects).toEqual([`${repo.id('HEAD:b/two.txt')} blob`])
  })
})

describe('damage', () => {
  const damages: Record<string, (repo: TemporaryRepository) => void> = {
    'a truncated pack': (repo) => truncateSync(packFile(repo, 'pack'), 900),
    'an empty pack file': (repo) => truncateSync(packFile(repo, 'pack'), 0),
    'an empty index': (repo) => truncateSync(packFile(repo, 'idx'), 0),
    'a wrong checksum': (repo) => change(packFile(repo, 'pack'), (bytes) => void bytes.fill(7, bytes.length - 20)),
    'bytes behind the end': (repo) => appendFileSync(packFile(repo, 'pack'), 'more'),
    'another count of objects': (repo) => change(packFile(repo, 'pack'), (bytes) => void bytes.writeUInt32BE(3, 8)),
    'another version': (repo) => change(packFile(repo, 'pack'), (bytes) => void bytes.writeUInt32BE(9, 4)),
    'headers of noise': (repo) => change(packFile(repo, 'pack'), (bytes) => void bytes.fill(0xff, 12, 400)),
    'an entry that does not inflate': (repo) =>
      change(packFile(repo, 'pack'), (bytes) => void bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200)),
    'an index that points outside': (repo) =>
      change(packFile(repo, 'idx'), (bytes) => {
        const count = bytes.readUInt32BE(8 + 255 * 4)
        bytes.writeUInt32BE(0x7fff_0000, 8 + 1024 + count * 24)
        return resealed(bytes.subarray(0, -20))
      }),
    'an index that counts billions': (repo) =>
      change(packFile(repo, 'idx'), (bytes) => void bytes.writeUInt32BE(0xffff_fff0, 8 + 255 * 4)),
    'a fan-out that goes backwards': (repo) =>
      change(packFile(repo, 'idx'), (bytes) => void bytes.writeUInt32BE(0xff, 8 + 3 * 4)),
    'a pack without index': (repo) => rmSync(packFile(repo, 'idx')),
    'an index without pack': (repo) => rmSync(packFile(repo, 'pack')),
    'a folder in place of the pack': (repo) => {
      const path = packFile(repo, 'pack')
      rmSync(path)
      mkdirSync(path)
    },
  }

  test.each(Object.entries(damages))('%s', { timeout: 60_000 }, async (_, damage) => {
    const repo = inOnePack()
    // What is not in the damaged pack is read all the same.
    const later = repo.commit('later', { 'more.txt': `again ${secret}\n` })
    damage(repo)
    const { suspects } = await both(repo.folder)
    expect(suspects.length).toBeGreaterThan(0)
    expect(later).toMatch(/^[0-9a-f]{40}$/)
  })
})

/** A pack of our own making: entries as [type, base, what is deflated, promised size]. */
interface Entry {
  readonly type: 1 | 3 | 6 | 7
  readonly data: Buffer
  /** Of an offset delta, the entry's number; of a reference delta, the object id. */
  readonly base?: number | string
  readonly promised?: number
  readonly deflated?: Buffer
  /** What the index calls it. */
  readonly oid: string
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    if (rest < 128) return Buffer.from(bytes)
  }
}

function entryHeader(type: number, size: number): Buffer {
  const first = (type << 4) | (size % 16)
  return size < 16 ? Buffer.from([first]) : Buffer.concat([Buffer.from([first | 0x80]), varint(Math.floor(size / 16))])
}

function back(distance: number): Buffer {
  const bytes = [distance % 128]
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest--
    bytes.unshift(0x80 | (rest % 128))
  }
  return Buffer.from(bytes)
}

/** Writes pack and index; no git command would take them. */
function plant(repo: TemporaryRepository, entries: readonly Entry[]): void {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(entries.length, 8)
  const parts: Buffer[] = [header]
  const offsets: number[] = []
  let at = header.length
  for (const { type, data, base, promised = data.length, deflated = deflateSync(data) } of entries) {
    offsets.push(at)
    const to =
      typeof base === 'string'
        ? Buffer.from(base, 'hex')
        : base === undefined
          ? Buffer.alloc(0)
          : back(at - offsets[base]!)
    const entry = Buffer.concat([entryHeader(type, promised), to, deflated])
    parts.push(entry)
    at += entry.length
  }
  const pack = resealed(Buffer.concat(parts))
  const sorted = entries.map(({ oid }, i) => ({ oid, offset: offsets[i]! })).sort((a, b) => (a.oid < b.oid ? -1 : 1))
  const index = Buffer.alloc(8 + 1024 + 28 * entries.length)
  index.writeUInt32BE(0xff744f63, 0)
  index.writeUInt32BE(2, 4)
  for (let i = 0; i < 256; i++)
    index.writeUInt32BE(sorted.filter(({ oid }) => Number.parseInt(oid.slice(0, 2), 16) <= i).length, 8 + i * 4)
  for (const [i, { oid, offset }] of sorted.entries()) {
    index.write(oid, 8 + 1024 + i * 20, 'hex')
    index.writeUInt32BE(offset, 8 + 1024 + 24 * entries.length + i * 4)
  }
  mkdirSync(packFolder(repo), { recursive: true })
  const name = join(packFolder(repo), `pack-${createHash('sha1').update(pack).digest('hex')}`)
  writeFileSync(`${name}.pack`, pack)
  writeFileSync(`${name}.idx`, resealed(Buffer.concat([index, pack.subarray(-20)])))
}

const blobId = (data: Buffer): string => createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex')

const named = (number: number): string => createHash('sha1').update(`entry ${number}`).digest('hex')

/** Copies all of its base, as often as told. */
function repeating(base: number, times: number): Buffer {
  const copy = [0x80 | 0x70, base & 0xff, (base >> 8) & 0xff, base >> 16]
  return Buffer.concat([varint(base), varint(base * times), ...Array.from({ length: times }, () => Buffer.from(copy))])
}

describe('packs of our own making', () => {
  const text = Buffer.from(`a line that is said again and again, and a token = "${secret}"\n`)
  const wanted = { type: 3, data: text, oid: blobId(text) } as const

  test('delta bomb: a few bytes that stand for gigabytes', { timeout: 120_000 }, async () => {
    const repo = temporaryRepository()
    const [base, times] = [60_000, 1000]
    const spaces = Buffer.alloc(base, ' ')
    const bomb = { type: 6, base: 1, data: repeating(base, times), oid: named(1) } as const
    const next = { type: 6, base: 2, data: repeating(base * times, 1000), oid: named(2) } as const
    plant(repo, [
      wanted,
      { type: 3, data: spaces, oid: blobId(spaces) },
      { ...bomb, data: repeating(base, 1200) },
      next,
    ])
    const before = process.memoryUsage().rss
    const { suspects } = await byEngine(repo.folder, 'pack')
    expect(suspects).toEqual([`${wanted.oid} blob`])
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024)
  })

  test('forked chains: what waits for its other children stays within a bound', async () => {
    const repo = temporaryRepository()
    const copy = repeating(text.length, 1)
    const entries: Entry[] = [wanted]
    for (let depth = 0, base = 0; depth < 20; depth++) {
      entries.push({ type: 6, base, data: copy, oid: named(100 + depth) })
      entries.push({ type: 6, base, data: copy, oid: named(200 + depth) })
      base = entries.length - 2
    }
    plant(repo, entries)
    const store = await openStore(await opened(repo.folder))
    try {
      const { file, forest, index } = store.packs[0]!
      const seen = { read: 0, unread: 0 }
      walk<number>(new PackReader(file.fd, { ...forest, offsets: index.offsets }), 0, () => false, {
        visit: () => ++seen.read,
        unread: () => void seen.unread++,
        weigh: () => 40 * 1024 * 1024,
      })
      expect(seen.read + seen.unread).toBe(entries.length)
      // Seven bases of 40 MiB are too many, and what hangs below the seventh is left.
      expect(seen.read).toBe(13)
    } finally {
      await store.close()
    }
  })

  test('a header that promises more than any stream could hold', async () => {
    const repo = temporaryRepository()
    const lies = [1e6, 60e6, 2 ** 40, 3].map(
      (promised, i): Entry => ({ type: 3, data: Buffer.from(`lie ${i} of some length`), promised, oid: named(i) }),
    )
    plant(repo, [wanted, ...lies])
    const { suspects, missed } = await both(repo.folder)
    expect(suspects).toEqual([`${wanted.oid} blob`])
    expect(missed).toHaveLength(lies.length)
  })

  test('chains that go round, and bases that are nowhere', async () => {
    const repo = temporaryRepository()
    const delta = repeating(10, 1)
    plant(repo, [
      wanted,
      { type: 7, base: named(2), data: delta, oid: named(1) },
      { type: 7, base: named(1), data: delta, oid: named(2) },
      { type: 7, base: named(3), data: delta, oid: named(3) },
      { type: 7, base: named(3), data: delta, oid: named(4) },
      { type: 7, base: named(999), data: delta, oid: named(5) },
    ])
    const { suspects, checked, missed } = await byEngine(repo.folder, 'pack')
    expect(suspects).toEqual([`${wanted.oid} blob`])
    expect(checked).toBe(1)
    expect(missed).toEqual([1, 2, 3, 4, 5].map((i) => `git object ${named(i)}`).sort())
  })

  test('a chain of thousands', { timeout: 120_000 }, async () => {
    const repo = temporaryRepository()
    const entries: Entry[] = [{ ...wanted }]
    let data = text
    for (let i = 0; i < 2000; i++) {
      const tail = Buffer.from(`${i}\n`)
      const size = data.length
      const copy = Buffer.from([0x80 | 0x10 | 0x20, size & 0xff, size >> 8])
      const kept = size < 4000 ? data : Buffer.alloc(0)
      const instructions =
        kept.length > 0
          ? [copy, Buffer.from([tail.length]), tail]
          : [Buffer.from([0x80 | 0x10, text.length]), Buffer.from([tail.length]), tail]
      data = Buffer.concat([kept.length > 0 ? data : text, tail])
      entries.push({
        type: 6,
        base: entries.length - 1,
        data: Buffer.concat([varint(size), varint(data.length), ...instructions]),
        oid: blobId(data),
      })
    }
    plant(repo, [...new Map(entries.map((entry) => [entry.oid, entry])).values()])
    const { checked, suspects } = await both(repo.folder)
    expect(suspects).toHaveLength(checked)
  })

  test('deltas that lie about their base, copy what is not there, or end early', async () => {
    const repo = temporaryRepository()
    const size = text.length
    const lies = [
      Buffer.concat([varint(size + 1), varint(size), Buffer.from([0x90, size])]),
      Buffer.concat([varint(size), varint(200), Buffer.from([0x90, 200])]),
      Buffer.concat([varint(size), varint(size), Buffer.from([0x90, size - 1])]),
      Buffer.concat([varint(size), varint(size), Buffer.from([0])]),
      Buffer.concat([varint(size), varint(size), Buffer.from([0xff])]),
      Buffer.from([0x80]),
      Buffer.alloc(0),
    ]
    plant(repo, [wanted, ...lies.map((data, i): Entry => ({ type: 6, base: 0, data, oid: named(i) }))])
    const { suspects, missed } = await both(repo.folder)
    expect(suspects).toEqual([`${wanted.oid} blob`])
    expect(missed).toHaveLength(lies.length)
  })
})

describe('what happens meanwhile', () => {
  test('what is packed after packs were listed, and before loose objects are, is read all the same', async () => {
    const made = inTwoPacks()
    made.commit('loose', { 'loose.txt': `token = "${secret}" // loose\n` })
    const repo = await opened(made.folder)
    const blob = made.id('HEAD:loose.txt')
    const packs = () => {
      made.git('repack', '-dq')
      return []
    }
    const store = await openStore(repo, { packs, loose: () => undefined })
    await store.close()
    expect(store.rest.objects.map(({ oid }) => oid)).toContain(blob)
    expect(store.count + store.rest.objects.length).toBe((await listAll(repo)).objects.length)
  })

  test('a pack removed after it was opened is read to its end', async () => {
    const made = repositoryAt(packed())
    const repo = await opened(made.folder)
    const expected = await matchPacks(repo, shipped, { threads: 0 })
    const found: string[] = []
    const { tally, suspects } = await matchPacks(repo, shipped, {
      threads: 0,
      found: (oid) => {
        if (found.length === 0) rmSync(packFolder(made), { recursive: true })
        found.push(oid)
      },
    })
    expect(tally).toEqual(expected.tally)
    expect(suspects).toEqual(expected.suspects)
    expect(found).toHaveLength(objectsIn(tally))
  })

  test.each([
    ['ends without a word', 'process.exit(0)'],
    ['throws', 'throw new Error("broken")'],
    ['is no program', 'this is no program'],
  ])('a thread that %s leaves its pack to git', { timeout: 30_000 }, async (_, program) => {
    const repo = await opened(packed())
    const whole = await matchPacks(repo, shipped, { threads: 0 })
    const worker = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
    const read = await matchPacks(repo, shipped, { threads: 2, worker })
    expect(read.suspects).toEqual([])
    expect(objectsIn(read.tally)).toBe(0)
    expect(read.rest.objects).toHaveLength(objectsIn(whole.tally))
  })

  test('a thread that ends between two packs leaves the second to git', { timeout: 30_000 }, async () => {
    const repo = await opened(inTwoPacks().folder)
    const program = `import { parentPort } from 'node:worker_threads'
      parentPort.once('message', () => parentPort.postMessage({ suspects: [], unread: [] }))`
    const worker = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
    const read = await matchPacks(repo, shipped, { threads: 2, worker })
    expect(objectsIn(read.tally)).toBeGreaterThan(0)
    expect(read.rest.objects.length).toBeGreaterThan(0)
    expect(objectsIn(read.tally) + read.rest.objects.length).toBe((await listAll(repo)).objects.length)
  })

  test.each([
    ['one pack', inOnePack],
    ['two packs', inTwoPacks],
  ])('of %s, threads find what one finds alone', { timeout: 30_000 }, async (_, made) => {
    const repo = await opened(made().folder)
    const ids = ({ suspects }: Awaited<ReturnType<typeof matchPacks>>) => suspects.map(({ oid }) => oid)
    const alone = await matchPacks(repo, shipped, { threads: 0 })
    const together = await matchPacks(repo, shipped, { threads: 2 })
    expect(ids(together)).toEqual(ids(alone))
    expect(together.tally).toEqual(alone.tally)
  })
})
