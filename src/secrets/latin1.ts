/** Bytes [start, end) as one character a byte, clipped to the text: offsets in it are offsets in the bytes. */
export const latin1 = (bytes: Buffer, start: number, end: number): string =>
  bytes.toString('latin1', Math.max(0, start), Math.min(bytes.length, end))
