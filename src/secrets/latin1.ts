// The one way from bytes to a string that patterns run on.

/**
 * Bytes [start, end) as one character a byte, clipped to the text: offsets in it are offsets in the bytes.
 * `latin1Slice` is what `toString('latin1')` ends in; called once for every hit, the way there would cost a fifth.
 */
export function latin1(bytes: Buffer, start: number, end: number): string {
  const last = Math.min(bytes.length, end)
  return (bytes as Slicing).latin1Slice(Math.max(0, Math.min(start, last)), last)
}

type Slicing = Buffer & { latin1Slice(start: number, end: number): string }
