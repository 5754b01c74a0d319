// Tables as the build keeps them: one run of bytes that is used as it lies, a line of JSON and typed arrays behind it.

const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const
type Kind = keyof typeof kinds
export type Arrays = Readonly<Record<string, Uint8Array | Uint16Array | Uint32Array>>

interface Head {
  readonly facts: unknown
  readonly arrays: Readonly<Record<string, readonly [kind: Kind, at: number, length: number]>>
}

/** Says in which order this machine writes a number's bytes. */
const mark = 0x01020304
/** Numbers of four bytes stand where their address divides by four. */
const aligned = (at: number): number => (at + 7) & ~7

/** @param facts anything that JSON can hold */
export function pack(facts: unknown, arrays: Arrays): Uint8Array<ArrayBuffer> {
  const places: Record<string, [Kind, number, number]> = {}
  let size = 0
  for (const [name, array] of Object.entries(arrays)) {
    const kind = (Object.keys(kinds) as Kind[]).find((one) => array instanceof kinds[one])!
    places[name] = [kind, size, array.length]
    size = aligned(size + array.byteLength)
  }
  const head = new TextEncoder().encode(JSON.stringify({ facts, arrays: places } satisfies Head))
  const start = aligned(8 + head.length)
  const bytes = new Uint8Array(start + size)
  new Uint32Array(bytes.buffer, 0, 2).set([mark, head.length])
  bytes.set(head, 8)
  for (const [name, array] of Object.entries(arrays))
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + places[name]![1])
  return bytes
}

/** @returns undefined for bytes of a machine that writes numbers the other way round, or of something else */
export function unpack(
  bytes: Uint8Array<ArrayBuffer>,
): { readonly facts: unknown; readonly arrays: Readonly<Record<string, unknown>> } | undefined {
  const own = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  if (own.length < 8) return undefined
  const [found, length] = new Uint32Array(own.buffer, own.byteOffset, 2) as unknown as [number, number]
  if (found !== mark || 8 + length > own.length) return undefined
  const { facts, arrays } = JSON.parse(new TextDecoder().decode(own.subarray(8, 8 + length))) as Head
  const start = own.byteOffset + aligned(8 + length)
  return {
    facts,
    arrays: Object.fromEntries(
      Object.entries(arrays).map(([name, [kind, at, count]]) => [name, new kinds[kind](own.buffer, start + at, count)]),
    ),
  }
}
