// Kinds of bytes, and runs of one kind. A run of n bytes cannot hide between bytes that stand n apart, so most of a text
// is never looked at.

/** 1 for each byte that `characters` matches. */
export function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (characters.test(String.fromCharCode(code)) ? 1 : 0))
}

/** Where the next run of `least` or more bytes of `kind` begins in [from, to); -1 without one. */
export function nextRun(bytes: Buffer, from: number, kind: Uint8Array, least: number, to = bytes.length): number {
  let floor = from
  let at = from + least - 1
  while (at < to) {
    let first = at
    while (first >= floor && kind[bytes[first]!] === 1) first--
    if (first < floor) return floor
    floor = first + 1
    at = first + least
  }
  return -1
}

export function endOfRun(bytes: Buffer, from: number, kind: Uint8Array): number {
  let end = from
  while (end < bytes.length && kind[bytes[end]!] === 1) end++
  return end
}

export const isPrintable = tableOf(/[\t\n\r\x20-\x7e]/)
export const isHex = tableOf(/[0-9A-Fa-f]/)

/** The value of a hex digit; 255 for any other byte. */
export const nibble = Uint8Array.from({ length: 256 }, (_, code) =>
  isHex[code] === 1 ? Number.parseInt(String.fromCharCode(code), 16) : 255,
)
