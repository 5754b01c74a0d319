// Private keys, public keys and certificates of the second exam: right containers around random numbers.
import { DIGITS, type Draw, HEX, LOWER } from './draw.ts'

const tlv = (tag: number, body: Buffer): Buffer => {
  const n = body.length
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const seq = (...parts: Buffer[]) => tlv(0x30, Buffer.concat(parts))
const whole = (bytes: Buffer) => tlv(2, bytes[0]! & 128 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
const small = (n: number) => tlv(2, Buffer.from([n]))
const oid = (hex: string) => tlv(6, Buffer.from(hex, 'hex'))
const lines = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n')
const armor = (name: string, der: Buffer) =>
  [`-----BEGIN ${name}`, `-----\n${lines(der.toString('base64'), 64)}\n-----END ${name}`, '-----'].join('')
const odd = (d: Draw, n: number) => {
  const bytes = d.bytes(n)
  bytes[0] = bytes[0]! | 0xc0
  bytes[n - 1] = bytes[n - 1]! | 1
  return bytes
}
const RSA = '2a864886f70d010101'
const exponent = whole(Buffer.from([1, 0, 1]))
const rsaBody = (d: Draw) =>
  seq(
    small(0),
    whole(odd(d, 256)),
    exponent,
    whole(odd(d, 256)),
    ...[128, 128, 128, 128, 128].map((n) => whole(odd(d, n))),
  )
const publicBody = (d: Draw) =>
  seq(
    seq(oid(RSA), tlv(5, Buffer.alloc(0))),
    tlv(3, Buffer.concat([Buffer.from([0]), seq(whole(odd(d, 256)), exponent)])),
  )

function openssh(d: Draw): Buffer {
  const text = (value: Buffer | string) => {
    const body = Buffer.from(value)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(body.length)
    return Buffer.concat([size, body])
  }
  const pub = d.bytes(32)
  const check = d.bytes(4)
  const block = Buffer.concat([
    check,
    check,
    text('ssh-ed25519'),
    text(pub),
    text(Buffer.concat([d.bytes(32), pub])),
    text('deploy@ci'),
    Buffer.from([1, 2, 3]),
  ])
  const blob = Buffer.concat([text('ssh-ed25519'), text(pub)])
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.from([0, 0, 0, 1]),
    text(blob),
    text(block),
  ])
}

function age(d: Draw): string {
  const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const bits = [...d.bytes(32)]
    .map((b) => b.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(260, '0')
  const data = bits.match(/.{5}/g)!.map((b) => Number.parseInt(b, 2))
  const hrp = ['age-secret', '-key-'].join('')
  const expanded = [...[...hrp].map((c) => c.charCodeAt(0) >> 5), 0, ...[...hrp].map((c) => c.charCodeAt(0) & 31)]
  let check = 1
  for (const value of [...expanded, ...data, 0, 0, 0, 0, 0, 0]) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    ;[0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((g, i) => {
      if ((top >> i) & 1) check ^= g
    })
  }
  check ^= 1
  const sum = [25, 20, 15, 10, 5, 0].map((shift) => (check >>> shift) & 31)
  return `${hrp}1${[...data, ...sum].map((v) => charset[v]).join('')}`.toUpperCase()
}

const ec = (d: Draw) =>
  seq(
    small(1),
    tlv(4, d.bytes(32)),
    tlv(0xa0, oid('2a8648ce3d030107')),
    tlv(0xa1, tlv(3, Buffer.concat([Buffer.from([0, 4]), d.bytes(64)]))),
  )

/** Keys and certificates by the name that templates use. */
export const keys = {
  pemRsa: (d) => armor('RSA PRIVATE KEY', rsaBody(d)),
  pemPk: (d) => armor('PRIVATE KEY', seq(small(0), seq(oid(RSA), tlv(5, Buffer.alloc(0))), tlv(4, rsaBody(d)))),
  pemEc: (d) => armor('EC PRIVATE KEY', ec(d)),
  pemEd: (d) =>
    armor('PRIVATE KEY', Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), d.bytes(32)])),
  pemDsa: (d) => armor('DSA PRIVATE KEY', seq(small(0), ...[128, 20, 128, 128, 20].map((n) => whole(odd(d, n))))),
  pemSsh: (d) => armor('OPENSSH PRIVATE KEY', openssh(d)),
  pgp: (d) => {
    const body = Buffer.concat([Buffer.from([0x95, 3, 0x98, 4]), d.bytes(920)])
    return [
      `-----BEGIN PGP PRIVATE KEY`,
      ` BLOCK-----\n\n${lines(body.toString('base64'), 64)}\n=${d.bytes(3).toString('base64')}\n-----END PGP PRIVATE KEY BLOCK`,
      '-----',
    ].join('')
  },
  putty: (d) =>
    `PuTTY-User-Key${'-File-3'}: ssh-ed25519\nEncryption: none\nComment: ops@bastion\nPublic-Lines: 2\n${lines(d.bytes(51).toString('base64'), 64)}\n${'Private'}-Lines: 1\n${d.bytes(33).toString('base64')}\nPrivate-MAC: ${d.chars(HEX, 64)}`,
  age,
  wg: (d) => d.bytes(32).toString('base64'),
  jwkD: (d) => d.bytes(32).toString('base64url'),
  eth: (d) => `0x${d.chars(HEX, 64)}`,
  pemPublic: (d) => armor('PUBLIC KEY', publicBody(d)),
  pemCert: (d) =>
    armor(
      'CERTIFICATE',
      seq(
        seq(tlv(0xa0, small(2)), whole(odd(d, 16)), publicBody(d)),
        seq(oid(RSA), tlv(5, Buffer.alloc(0))),
        tlv(3, Buffer.concat([Buffer.from([0]), d.bytes(256)])),
      ),
    ),
  pemCsr: (d) => armor('CERTIFICATE REQUEST', seq(publicBody(d), tlv(3, d.bytes(256)))),
  pgpPublic: (d) =>
    [
      `-----BEGIN PGP PUBLIC KEY`,
      ` BLOCK-----\n\n${lines(d.bytes(600).toString('base64'), 64)}\n=${d.bytes(3).toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----`,
    ].join(''),
  sshPublic: (d) => `AAAAC3NzaC1lZDI1NTE5AAAAI${d.bytes(33).toString('base64').slice(0, 43)}`,
  png: (d) => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), d.bytes(260)]).toString('base64'),
  woff: (d) => Buffer.concat([Buffer.from('wOF2'), d.bytes(300)]).toString('base64'),
  agePublic: (d) => `age1${d.chars('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)}`,
  bcrypt: (d) => `$2b$12$${d.chars(`${LOWER}${DIGITS}./`, 53)}`,
} satisfies Record<string, (d: Draw) => string>
