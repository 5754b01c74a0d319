// What a token itself says about being real, without a network: checksums and structure that providers build in.
// A check moves a finding's confidence and never drops it: people break checksums on purpose when they fake tokens.
// The formulas were verified on tokens that the providers' own documents publish.

import { crc32 } from 'node:zlib'

/** By id, as a signature's `check` names it. True: the value proves itself. */
export const checks: Readonly<Record<string, (value: string) => boolean>> = {
  'github-crc32': (value) => crcBase62(value, /^gh[pousr]_([0-9A-Za-z]{30,})([0-9A-Za-z]{6})$/),
  'npm-crc32': (value) => crcBase62(value, /^npm_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/),
  'vercel-crc32': (value) => crcBase62(value, /^vc[piark]_([0-9A-Za-z]{50})([0-9A-Za-z]{6})$/),
  'cloudflare-crc32': (value) => crcHex(value, /^cf(?:k|ut|at)_([0-9A-Za-z]{40})([0-9a-f]{8})$/),
  'zuplo-crc32': (value) => crcHex(value, /^zpka_([0-9a-f]{32})_([0-9a-f]{8})$/),
  'atlassian-crc32': (value) => crcHex(value.replace(/\\=|%3D/g, '='), /^(AT[\s\S]*)([0-9A-F]{8})$/),
  'grafana-crc32': grafana,
  'gitlab-crc32': gitlab,
  'confluent-crc32': confluent,
  'age-bech32': (value) => bech32(value, 'age-secret-key-'),
  'aws-base32': (value) => /^(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}$/.test(value),
  jwt,
  'discord-user': (value) => /^\d{15,20}$/.test(fromBase64(value.split('.')[0] ?? '')),
  'base64-json': (value) => isJson(fromBase64(value.slice(value.indexOf('ey')).split('_')[0] ?? '')),
}

function crcBase62(value: string, shape: RegExp): boolean {
  const parts = shape.exec(value)
  return parts !== null && toBase(crc32(parts[1]!), 62).padStart(6, '0') === parts[2]
}

function crcHex(value: string, shape: RegExp): boolean {
  const parts = shape.exec(value)
  return parts !== null && crc32(parts[1]!).toString(16).padStart(8, '0') === parts[2]!.toLowerCase()
}

/** The last eight digits are the CRC of all before them but the separator, least significant byte first. */
function grafana(value: string): boolean {
  const parts = /^(glsa_[0-9A-Za-z]{32})_([0-9A-Fa-f]{8})$/.exec(value)
  if (!parts) return false
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(parts[1]!))
  return bytes.toString('hex') === parts[2]!.toLowerCase()
}

/** Routable tokens: `glpat-<payload>.01.<length in base 36, 2><CRC of all before, base 36, 7>`. */
function gitlab(value: string): boolean {
  const parts = /^(gl[a-z]{1,10}-[0-9A-Za-z_-]{27,300}\.01\.[0-9a-z]{2})([0-9a-z]{7})$/.exec(value)
  return parts !== null && toBase(crc32(parts[1]!), 36).padStart(7, '0') === parts[2]
}

function confluent(value: string): boolean {
  const parts = /^cflt([0-9A-Za-z+/]{54})([0-9A-Za-z+/]{6})$/.exec(value)
  if (!parts) return false
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(crc32(parts[1]!))
  return bytes.toString('base64').slice(0, 6) === parts[2]
}

/** BIP 173: the polynomial over the human-readable part and the data must come out as 1. */
function bech32(value: string, prefix: string): boolean {
  const lower = value.toLowerCase()
  if (!lower.startsWith(`${prefix}1`)) return false
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const codes = [...prefix].map((character) => character.charCodeAt(0))
  const data = [...lower.slice(prefix.length + 1)].map((character) => alphabet.indexOf(character))
  if (data.includes(-1)) return false
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  let sum = 1
  for (const digit of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...data]) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ digit
    for (const [bit, polynomial] of generator.entries()) if ((top >> bit) & 1) sum ^= polynomial
  }
  return sum === 1
}

/** RFC 7519: three parts, and a header that names its algorithm. */
function jwt(value: string): boolean {
  const header = fromBase64(value.split('.')[0] ?? '')
  return isJson(header) && /"alg"\s*:/.test(header)
}

const fromBase64 = (encoded: string): string => Buffer.from(encoded, 'base64').toString('latin1')

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function toBase(number: number, base: 36 | 62): string {
  if (base === 36) return number.toString(36)
  let written = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) written = digits[rest % 62]! + written
  return written
}
