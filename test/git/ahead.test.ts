import { expect, test } from 'vitest'
import { readAhead } from '../../src/git/ahead.ts'

async function* counted(to: number, pulled: { count: number }): AsyncGenerator<Buffer> {
  for (let number = 0; number < to; number++) {
    pulled.count++
    yield Buffer.from([number])
    await new Promise((soon) => setImmediate(soon))
  }
}

const settled = () => new Promise((soon) => setTimeout(soon, 20))

test('what is read is the stream, begun before anybody reads, up to the bound', async () => {
  const pulled = { count: 0 }
  const ahead = readAhead(counted(9, pulled), 3, new AbortController())
  await settled()
  expect(pulled.count).toBe(4)
  const read: number[] = []
  for await (const chunk of ahead) read.push(...chunk)
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test.each([1, 3, 100])('whoever reads slowly misses nothing, with a bound of %i', async (most) => {
  const ahead = readAhead(counted(9, { count: 0 }), most, new AbortController())
  const read: number[] = []
  for await (const chunk of ahead) {
    read.push(...chunk)
    if (chunk[0] === 2) await settled()
  }
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('an error comes behind what was there before it', async () => {
  const failing = async function* () {
    yield Buffer.from([1])
    throw new Error('broken')
  }
  const ahead = readAhead(failing(), 100, new AbortController())
  await settled()
  const read: number[] = []
  const reading = async () => {
    for await (const chunk of ahead) read.push(...chunk)
  }
  await expect(reading()).rejects.toThrow('broken')
  expect(read).toEqual([1])
})

test.each([
  ['running', 9, 2],
  ['waiting for room', 9, 100],
  ['at its end', 2, 100],
])('stopped while it is %s: its part never passes for the whole', async (_, length, most) => {
  const abort = new AbortController()
  const ahead = readAhead(counted(length, { count: 0 }), most, abort)
  if (length === 2) await settled()
  ahead.stop()
  expect(abort.signal.aborted).toBe(true)
  await expect(ahead[Symbol.asyncIterator]().next()).rejects.toThrow('stopped')
})

test('stopped while somebody waits for more', async () => {
  const never = async function* (): AsyncGenerator<Buffer> {
    await new Promise(() => {})
  }
  const ahead = readAhead(never(), 100, new AbortController())
  const next = ahead[Symbol.asyncIterator]().next()
  await settled()
  ahead.stop()
  await expect(next).rejects.toThrow('stopped')
})
