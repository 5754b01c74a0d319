// What the blind exam's generators share: a seeded source of randomness, alphabets, names in several spellings,
// and the checksums that providers (or those who read their tokens) document.

import { createHash, createHmac } from 'node:crypto'
import { crc32 } from 'node:zlib'

export const HEX = '0123456789abcdef'
export const DIGIT = '0123456789'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const LOW = DIGIT + LOWER
export const UP = DIGIT + UPPER
export const AN = DIGIT + UPPER + LOWER
export const B64 = `${AN}+/`
export const B64U = `${AN}-_`
export const B32 = `${UPPER}234567`
export const B58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export interface Random {
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number
  pick<T>(of: readonly T[]): T
  /** `length` characters of an alphabet; with a digit and two letters at least, where the alphabet has both. */
  text(alphabet: string, length: number): string
  bytes(length: number): Buffer
  uuid(): string
}

/** Mulberry32: the same seed gives the same exam everywhere. */
export function random(seed: string): Random {
  let state = crc32(seed) | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const plain = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)]).join('')
  const text = (alphabet: string, length: number): string => {
    const mixed = /\d/.test(alphabet) && /[a-z]/i.test(alphabet) && length >= 12
    for (;;) {
      const made = plain(alphabet, length)
      if (!mixed || (/\d/.test(made) && (made.match(/[a-z]/gi) ?? []).length > 1)) return made
    }
  }
  const hex = (length: number): string => text(HEX, length)
  return {
    int,
    text,
    pick: (of) => of[int(0, of.length - 1)]!,
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(0, 255))),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${plain('89ab', 1)}${hex(3)}-${hex(12)}`,
  }
}

/** One name in the spellings that languages want. */
export interface Name {
  readonly upper: string
  readonly snake: string
  readonly kebab: string
  readonly camel: string
  readonly pascal: string
  readonly dotted: string
}

export function nameOf(upper: string): Name {
  const words = upper.toLowerCase().split('_')
  const pascal = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return {
    upper,
    snake: words.join('_'),
    kebab: words.join('-'),
    camel: pascal[0]!.toLowerCase() + pascal.slice(1),
    pascal,
    dotted: words.join('.'),
  }
}

export const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString('base64')
export const base64url = (text: string | Buffer): string => Buffer.from(text as string).toString('base64url')

function digits(value: number, alphabet: string, width: number): string {
  let left = value
  let out = ''
  while (left > 0) {
    out = alphabet[left % alphabet.length] + out
    left = Math.floor(left / alphabet.length)
  }
  return out.padStart(width, '0')
}

/** Body and its CRC-32 in base 62, six characters: GitHub, npm, Vercel. */
export const withCrc62 = (body: string): string => body + digits(crc32(body), AN.slice(0, 10) + UPPER + LOWER, 6)
/** CRC-32 as eight hex digits. */
export const crcHex = (text: string): string => crc32(text).toString(16).padStart(8, '0')

function littleEndian(text: string): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(text))
  return bytes
}
export const crcHexLittle = (text: string): string => littleEndian(text).toString('hex')
export const crcBase64Little = (text: string): string => littleEndian(text).toString('base64').slice(0, 6)

/** GitLab's routable form: payload, version, length and CRC-32 in base 36. */
export function routable(prefix: string, payload: string): string {
  const head = `${prefix}${payload}.01.${digits(payload.length, LOW, 2)}`
  return head + digits(crc32(head), LOW, 7)
}

/** Bech32 (BIP 173) of bytes, upper case, as age writes its secret keys. */
export function bech32(prefix: string, data: Buffer): string {
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const words = (bits.match(/.{1,5}/g) ?? []).map((five) => Number.parseInt(five.padEnd(5, '0'), 2))
  const codes = [...prefix].map((character) => character.charCodeAt(0))
  const all = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words, 0, 0, 0, 0, 0, 0]
  let sum = 1
  for (const value of all) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
    for (const [bit, value] of generator.entries()) if ((top >> bit) & 1) sum ^= value
  }
  sum ^= 1
  const tail = [0, 1, 2, 3, 4, 5].map((at) => (sum >>> (5 * (5 - at))) & 31)
  return `${prefix}1${[...words, ...tail].map((word) => alphabet[word]).join('')}`.toUpperCase()
}

/** Base58Check: payload, the first four bytes of its double SHA-256, in base 58. */
export function base58check(payload: Buffer): string {
  const sha = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()
  let left = BigInt(`0x${Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)]).toString('hex')}`)
  let out = ''
  for (; left > 0n; left /= 58n) out = B58[Number(left % 58n)] + out
  return out
}

/** A JSON Web Token that is really signed, with a random key. */
export function jwt(
  r: Random,
  claims: Readonly<Record<string, unknown>>,
  header: object = { alg: 'HS256', typ: 'JWT' },
) {
  const body = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`
  return `${body}.${createHmac('sha256', r.bytes(32)).update(body).digest('base64url')}`
}

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const size =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const armour = (label: string, body: Buffer, width = 64): string => {
  const lines = body.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}

/** PEM of a private key with the right structure; the numbers in it are random, so an RSA one opens nothing. */
export function privateKey(r: Random, kind: 'RSA' | 'EC' | 'PKCS8' | 'ED25519' | 'OPENSSH' | 'PGP'): string {
  const number = (length: number): Buffer => der(2, Buffer.concat([Buffer.from([r.int(1, 127)]), r.bytes(length - 1)]))
  const rsa = (): Buffer =>
    der(
      0x30,
      der(2, Buffer.from([0])),
      number(256),
      der(2, Buffer.from([1, 0, 1])),
      number(256),
      ...Array.from({ length: 5 }, () => number(128)),
    )
  if (kind === 'RSA') return armour('RSA PRIVATE KEY', rsa())
  if (kind === 'EC') {
    const curve = Buffer.from('06082a8648ce3d030107', 'hex')
    const point = der(3, Buffer.from([0, 4]), r.bytes(64))
    return armour(
      'EC PRIVATE KEY',
      der(0x30, der(2, Buffer.from([1])), der(4, r.bytes(32)), der(0xa0, curve), der(0xa1, point)),
    )
  }
  if (kind === 'ED25519') {
    return armour('PRIVATE KEY', Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), r.bytes(32)]))
  }
  if (kind === 'PKCS8') {
    const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex')
    return armour('PRIVATE KEY', der(0x30, der(2, Buffer.from([0])), algorithm, der(4, rsa())))
  }
  if (kind === 'PGP')
    return armour('PGP PRIVATE KEY BLOCK', Buffer.concat([Buffer.from([0x95, 3, 0x98, 4]), r.bytes(700)]))
  const field = (part: Buffer | string): Buffer => {
    const bytes = Buffer.from(part as string)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
  }
  const open = Buffer.concat([field('ssh-ed25519'), field(r.bytes(32))])
  const check = r.bytes(4)
  const inner = Buffer.concat([check, check, open, field(r.bytes(64)), field('deploy@build'), Buffer.from([1, 2, 3])])
  const head = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
  ])
  return armour('OPENSSH PRIVATE KEY', Buffer.concat([head, field(open), field(inner)]), 70)
}
