import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { largestBytes, readObjects } from '../../src/git/read.ts'
import { openRepository, type Repository } from '../../src/git/repository.ts'
import { listObjects } from '../../src/git/scope.ts'
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts'

async function readAll(repo: Repository) {
  const listed = await listObjects(repo, { kind: 'all' })
  const data = new Map<string, string>()
  const read = await readObjects(repo, listed.objects, (object) => {
    data.set(object.oid, object.data.toString('latin1'))
  })
  return { listed, read, data }
}

const open = async (made: TemporaryRepository) => (await openRepository(made.folder))!

describe('reads', () => {
  test('bytes exactly, however they fall into the chunks of a pipe', async () => {
    const made = temporaryRepository()
    const size = fc.oneof(
      fc.nat(40),
      fc.integer({ min: 65_480, max: 65_600 }),
      fc.integer({ min: 130_900, max: 131_200 }),
    )
    const sizes = fc.sample(size, { numRuns: 60, seed: 7 })
    const contents = sizes.map((length, index) => Buffer.alloc(length, `${index}\n\0 blob 3\n`))
    const files = Object.fromEntries(contents.map((content, index) => [`f${index}`, content]))
    made.commit('all sizes', { ...files, empty: '', large: Buffer.alloc(3_000_000, 'long \n') })
    const { listed, read, data } = await readAll(await open(made))
    for (const content of contents) expect([...data.values()]).toContain(content.toString('latin1'))
    expect(read).toMatchObject({ checked: listed.objects.length, missed: [] })
    expect(read.bytes).toBe(listed.objects.reduce((sum, object) => sum + object.size, 0))
  })

  test('as many objects as git counts, without trees', async () => {
    const made = temporaryRepository()
    for (let index = 0; index < 5; index++) made.commit(`c${index}`, { [`d${index}/f`]: `${index}` })
    const all = made.git('cat-file', '--batch-all-objects', '--batch-check').split('\n')
    const { read } = await readAll(await open(made))
    expect(read.checked).toBe(all.filter((line) => !line.includes(' tree ')).length)
  })

  test('no faster than its visitor, whose buffer stays whole meanwhile', async () => {
    const made = temporaryRepository()
    made.commit('two', { a: 'a'.repeat(200_000), b: 'b'.repeat(200_000) })
    const repo = await open(made)
    const { objects } = await listObjects(repo, { kind: 'head' })
    let visiting = 0
    await readObjects(repo, objects, async ({ data }) => {
      expect(++visiting).toBe(1)
      const before = Buffer.from(data)
      await new Promise((done) => setTimeout(done, 5))
      expect(data.equals(before)).toBe(true)
      visiting--
    })
  })

  test.each([[new RangeError('enough')], [new AuditError('GIT_FAILED', 'enough')]])(
    'no further when the visitor throws %s, and throws that on',
    async (error) => {
      const made = temporaryRepository()
      made.commit('some', { a: '1', b: '2', c: 'x'.repeat(500_000) })
      const repo = await open(made)
      const { objects } = await listObjects(repo, { kind: 'all' })
      let visits = 0
      const visit = () => {
        visits++
        throw error
      }
      await expect(readObjects(repo, objects, visit)).rejects.toThrow('enough')
      expect(visits).toBe(1)
    },
  )

  test('nothing in a repository without objects', async () => {
    const { listed, read } = await readAll(await open(temporaryRepository()))
    expect({ listed, read }).toEqual({
      listed: { objects: [], missed: [] },
      read: { checked: 0, bytes: 0, missed: [] },
    })
  })

  test('SHA-256 objects and alternates', async () => {
    const made = temporaryRepository({ options: ['--object-format=sha256'] })
    made.commit('one', { f: 'text of f' })
    const borrowing = temporaryRepository({ from: made.folder, options: ['--shared'] })
    expect([...(await readAll(await open(borrowing))).data.values()]).toContain('text of f')
  })

  test('original objects, not their replacements', async () => {
    const made = temporaryRepository()
    made.commit('one', { f: 'the original' })
    made.git('replace', made.id('HEAD:f'), made.gitWith('harmless', 'hash-object', '-w', '--stdin'))
    const { data } = await readAll(await open(made))
    expect(data.get(made.id('HEAD:f'))).toBe('the original')
  })
})

describe('goes on, and says what was missed, after', () => {
  const objectFile = (made: TemporaryRepository, oid: string) =>
    join(made.folder, '.git', 'objects', oid.slice(0, 2), oid.slice(2))
  const numbered = (made: TemporaryRepository) => {
    // Random enough not to become deltas of each other.
    const noise = (seed: number) =>
      Array.from({ length: 400 }, (_, at) => (seed * 7919 + at * at * 31) % 9973).join(' ')
    made.commit('many', Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`f${n}`, `file ${n} ${noise(n)}`])))
  }
  const packOf = (made: TemporaryRepository, ending = '.pack') => {
    const folder = join(made.folder, '.git', 'objects', 'pack')
    return join(folder, readdirSync(folder).find((name) => name.endsWith(ending))!)
  }

  test.each([
    ['cut short', (file: string) => truncateSync(file, 30)],
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['overwritten', (file: string) => writeFileSync(file, 'garbage garbage')],
    ['damaged near its end', (file: string) => writeFileSync(file, damaged(readFileSync(file)))],
  ])('a loose object %s', async (_, damage) => {
    const made = temporaryRepository()
    numbered(made)
    const oid = made.id('HEAD:f3')
    chmodSync(objectFile(made, oid), 0o600)
    damage(objectFile(made, oid))
    const { listed, read, data } = await readAll(await open(made))
    const missed = [...listed.missed, ...read.missed]
    expect(missed).toContainEqual(expect.objectContaining({ what: `git object ${oid}` }))
    expect(missed[0]?.next).toContain('git fsck')
    expect([...data.values()].filter((text) => text.startsWith('file '))).toHaveLength(4)
  })

  test('a damaged object in the middle of a pack, more than once', async () => {
    const made = temporaryRepository()
    numbered(made)
    made.git('repack', '-adq', '--window=0')
    const bytes = readFileSync(packOf(made))
    const lost = [made.id('HEAD:f2'), made.id('HEAD:f4')]
    for (const oid of lost) {
      const at = Number(offset(made, oid))
      bytes.fill(0xff, at + 60, at + 80)
    }
    chmodSync(packOf(made), 0o600)
    writeFileSync(packOf(made), bytes)
    const { read, data } = await readAll(await open(made))
    expect(read.missed.map(({ what }) => what).sort()).toEqual(lost.map((oid) => `git object ${oid}`).sort())
    expect([...data.values()].filter((text) => text.startsWith('file '))).toHaveLength(3)
  })

  test('a pack cut short: the rest of the store is still read', async () => {
    const made = temporaryRepository()
    numbered(made)
    made.git('repack', '-adq')
    made.commit('later', { later: 'still here' })
    chmodSync(packOf(made), 0o600)
    truncateSync(packOf(made), statSync(packOf(made)).size >> 1)
    const { listed, read, data } = await readAll(await open(made))
    expect([...data.values()]).toContain('still here')
    expect(listed.missed.length + read.missed.length).toBeGreaterThan(0)
  })

  test.each([['.idx'], ['.pack']])('a lost %s file, of which git itself says nothing', async (ending) => {
    const made = temporaryRepository()
    numbered(made)
    made.git('repack', '-adq')
    made.commit('later', { later: 'still here' })
    rmSync(packOf(made, ending))
    const { listed, data } = await readAll(await open(made))
    expect([...data.values()]).toContain('still here')
    expect(listed.missed[0]?.why).toContain(`its ${ending} file is absent`)
  })

  test('an object too large for memory', async () => {
    const made = temporaryRepository()
    made.commit('two', { large: 'large', small: 'small' })
    const repo = await open(made)
    const large = made.id('HEAD:large')
    const { objects } = await listObjects(repo, { kind: 'head' })
    const listed = objects.map((object) => (object.oid === large ? { ...object, size: largestBytes + 1 } : object))
    const texts: string[] = []
    const { missed } = await readObjects(repo, listed, ({ data }) => void texts.push(data.toString()))
    expect(texts).toEqual(['small'])
    expect(missed).toEqual([expect.objectContaining({ what: `git object ${large}` })])
  })

  test('the end of a shallow clone, and what a partial clone left on the server', async () => {
    const made = temporaryRepository()
    made.commit('one', { f: '1' })
    made.commit('two', { f: '2' })
    made.git('config', 'uploadpack.allowFilter', 'true')
    const from = `file://${made.folder}`
    const shallow = await readAll(await open(temporaryRepository({ from, options: ['--depth=1'] })))
    expect(shallow.listed.missed).toMatchObject([{ next: 'run git fetch --unshallow' }])
    const clone = temporaryRepository({ from, options: ['--filter=blob:none'] })
    const partial = await readAll(await open(clone))
    expect(partial.listed.missed).toMatchObject([{ next: 'run git fetch --refetch --no-filter' }])
    // The named line does mend it; and until then nothing was fetched behind the user's back.
    expect([...partial.data.values()]).not.toContain('1')
    clone.git('fetch', '--quiet', '--refetch', '--no-filter')
    expect([...(await readAll(await open(clone))).data.values()]).toContain('1')
  })

  const damaged = (bytes: Buffer) => {
    bytes.fill(0xff, bytes.length - 20)
    return bytes
  }
  const offset = (made: TemporaryRepository, oid: string) =>
    made
      .git('verify-pack', '--verbose', packOf(made, '.idx'))
      .split('\n')
      .find((line) => line.startsWith(oid))
      ?.split(/ +/)[4]
})
