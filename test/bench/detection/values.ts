// What stands in a template's holes: secrets as people choose them, and the harmless strings that stand beside them.
// The words are ours. Nothing here asks the detector what it likes.

import type { Random } from './random.ts'
import { jwt, classes as of } from './tokens.ts'

type Make = (random: Random) => string

const words =
  'amber anchor apple arrow autumn badger bakery barrel basket beacon blanket bottle bramble bridge bucket butter cabin camel candle canyon carpet castle cedar cherry cobalt copper coral cotton crater cricket dagger desert dolphin dragon eagle ember falcon feather fiddle forest fossil garden ginger glacier granite hammer harbor hazel helmet hollow island ivory jacket jungle kettle kitten ladder lantern lemon lizard lobster magnet mammoth maple marble meadow mirror mountain mustard needle nickel nutmeg oasis onion orange otter oyster paddle panda parrot pebble pepper pickle pigeon pillow planet pocket poodle pumpkin puzzle rabbit raven ribbon river rocket saddle salmon scooter shadow silver spider spruce staple stormy summit sunset tiger timber tomato tractor trumpet tulip tunnel turtle valley velvet violet walnut whistle willow window winter wizard yellow zebra'.split(
    ' ',
  )
const names =
  'anna bob carla dmitri elena farid greta hugo ines jonas kira liam maya nils olga pavel rosa sven tara uwe'
const users = 'deploy ci-bot app svc_orders backup reporting shop billing jenkins replicator etl grafana'.split(' ')
const brands = 'Acme Globex Initech Umbra Nordlicht Bluebird Contoso Zephyr Kestrel Fjord'.split(' ')
const seasons = ['Spring', 'Summer', 'Autumn', 'Winter', 'Januar', 'March', 'August', 'Monday', 'Friday']

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
const word: Make = (random) => random.pick(words)
const Word: Make = (random) => capital(random.pick(words))

/** Some letters by the digits that look like them, as people do. */
function leet(text: string): string {
  const swap: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5' }
  let swapped = 0
  return text.replace(/[aeios]/g, (letter) => (swapped++ < 3 ? swap[letter]! : letter))
}

/** 8 to 10 characters of all classes, as a form's rules force them. */
function mixed(random: Random, symbols: string): string {
  const body = random.chars(of.w, random.between(5, 7))
  return random.pick([...of.A, ...of.a]) + body + random.chars(symbols, 1) + random.chars(of.d, 1)
}

/** Ways in which people make passwords up; `symbols` are those that the place needs not escape. */
const passwordStyles = (symbols: string): readonly Make[] => [
  (random) => `${random.pick(seasons)}20${random.between(18, 26)}${random.chars(symbols, 1)}`,
  (random) => `${Word(random)}-${Word(random)}-${random.between(2, 99)}-${Word(random)}`,
  (random) => `${word(random)}-${word(random)}-${word(random)}-${random.between(10, 99)}`,
  (random) => `${leet(word(random) + word(random))}${random.chars(symbols, 1)}`,
  (random) => `${word(random)}${random.between(1000, 9999)}`,
  (random) => `${random.pick(brands)}${random.chars(symbols, 1)}${random.between(2015, 2026)}`,
  (random) => `${Word(random)}${Word(random)}${random.between(10, 999)}${random.chars(symbols, 1)}`,
  (random) => mixed(random, symbols),
  (random) => mixed(random, symbols),
  (random) => random.chars(of.w, random.between(12, 16)),
  (random) => random.chars(of.w, random.between(16, 24)),
  (random) => random.chars(of.l, random.between(12, 20)),
  (random) => random.chars(of.w, 1) + random.chars(of.w + symbols, random.between(14, 22)) + random.chars(of.w, 1),
  (random) => random.chars(of.h, 32),
]

const one =
  (styles: readonly Make[]): Make =>
  (random) =>
    random.pick(styles)(random)
const bytes = (random: Random, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => random.below(256)))

const keyStyles: readonly Make[] = [
  (random) => random.chars(of.w, random.between(20, 40)),
  (random) => random.chars(of.h, 32),
  (random) => random.chars(of.h, 40),
  (random) => random.chars(of.h, 64),
  (random) => random.chars(of.l, random.between(24, 36)),
  (random) => random.chars(of.s, random.between(20, 32)),
  (random) => random.chars(of.u, random.between(32, 48)).replace(/^[-_]|[-_]$/g, 'k'),
  (random) => bytes(random, 32).toString('base64'),
  (random) => `${word(random).slice(0, 4)}_${random.chars(of.w, 28)}`,
]
const secretStyles: readonly Make[] = [
  (random) => random.chars(of.w, random.between(16, 64)),
  (random) => random.chars(of.h, 32),
  (random) => random.chars(of.h, 64),
  (random) => bytes(random, 24).toString('base64'),
  (random) => bytes(random, 48).toString('base64'),
  (random) => bytes(random, 32).toString('base64url'),
  (random) => random.chars(`${of.w}!@%^*_-+=.`, random.between(24, 50)).replace(/^[^\w]|[^\w]$/g, 'Q'),
]
const tokenStyles: readonly Make[] = [
  (random) => random.chars(of.w, random.between(20, 64)),
  (random) => random.chars(of.h, 40),
  (random) => random.chars(of.l, random.between(24, 40)),
  (random) => bytes(random, 30).toString('base64url'),
]

/** Characters that need no escape in quotes, YAML, .env and XML alike. */
const plainSymbols = '!@%^*_-+=.'
/** RFC 3986's unreserved characters, and `!`. */
const urlSymbols = '-_.~!'

/** Lines of 64, between armour that no line of this file shows whole. */
function armour(label: string, body: Buffer, newline: string): string {
  const lines = body.toString('base64').match(/.{1,64}/g)!
  const dashes = '-'.repeat(5)
  return [`${dashes}BEGIN ${label}${dashes}`, ...lines, `${dashes}END ${label}${dashes}`].join(newline)
}
const privateKey = (kind: string): string => [kind, 'PRIVATE', 'KEY'].filter((part) => part !== '').join(' ')
const der = (random: Random, count: number): Buffer =>
  Buffer.concat([Buffer.from([0x30, 0x82, 0x04, 0xbd, 0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09]), bytes(random, count)])
const openssh = (random: Random): Buffer =>
  Buffer.concat([Buffer.from('openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01'), bytes(random, 340)])

export const values = {
  password: one(passwordStyles(plainSymbols)),
  'url-password': one(passwordStyles(urlSymbols)),
  'strong-password': (random) => random.chars(of.w, random.between(18, 28)),
  key: one(keyStyles),
  secret: one(secretStyles),
  token: one(tokenStyles),
  jwt: (random) => jwt(random, { name: capital(random.pick(names.split(' '))) }),
  pem: (random) => armour(privateKey('RSA'), der(random, 1180), '\n'),
  'pem-pkcs8': (random) => armour(privateKey(''), der(random, 1200), '\n'),
  'pem-ec': (random) => armour(privateKey('EC'), der(random, 110), '\n'),
  'pem-openssh': (random) => armour(privateKey('OPENSSH'), openssh(random), '\n'),
  'pem-encrypted': (random) => armour(privateKey('ENCRYPTED'), der(random, 1230), '\n'),
  'pem-escaped': (random) => `${armour(privateKey(''), der(random, 1200), '\\n')}\\n`,
  'basic-user': (random) =>
    Buffer.from(`${random.pick(users)}:${one(passwordStyles(plainSymbols))(random)}`).toString('base64'),
  // ── harmless
  word,
  Word,
  user: (random) => random.pick(users),
  name: (random) => random.pick(names.split(' ')),
  brand: (random) => random.pick(brands).toLowerCase(),
  number: (random) => String(random.between(10, 9999)),
  port: (random) => String(random.between(1024, 9999)),
  uuid: (random) => {
    const [a, b, c, d, e] = [8, 4, 3, 3, 12].map((length) => random.chars(of.h, length))
    return `${a}-${b}-4${c}-9${d}-${e}`
  },
  sha1: (random) => random.chars(of.h, 40),
  sha256: (random) => random.chars(of.h, 64),
  md5: (random) => random.chars(of.h, 32),
  sri: (random) => `sha512-${bytes(random, 64).toString('base64')}`,
  sri384: (random) => `sha384-${bytes(random, 48).toString('base64')}`,
  base64: (random) => bytes(random, random.between(90, 240)).toString('base64'),
  b64hash: (random) => bytes(random, 32).toString('base64'),
  certificate: (random) => armour('CERTIFICATE', der(random, 900), '\n'),
  'public-key': (random) => armour('PUBLIC KEY', der(random, 270), '\n'),
  'ssh-public': (random) =>
    `ssh-ed25519 ${Buffer.concat([Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0 '), bytes(random, 32)]).toString('base64')}`,
  bcrypt: (random) => `$2b$12$${random.chars(`./${of.w}`, 53)}`,
  date: (random) => `2024-0${random.between(1, 9)}-${random.between(10, 28)}`,
  semver: (random) => `${random.below(20)}.${random.below(30)}.${random.below(12)}`,
  colour: (random) => `#${random.chars(of.h, 6)}`,
  png: (random) => `iVBORw0KGgoAAAANSUhEUgAA${bytes(random, 300).toString('base64')}`,
  svg: (random) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M${random.chars(of.d, 90)}"/></svg>`).toString(
      'base64',
    ),
  vlq: (random) =>
    Array.from({ length: 90 }, () => random.chars('ACEGIKMOQSUWYacegikmoqsuwy', random.between(4, 5))).join(','),
  // ── documents' own samples, in parts: they are known to be nobody's
  'aws-example': () => ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY'].join(''),
  'aws-id-example': () => ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  'jwt-example': () =>
    [
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
      'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ',
      'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
    ].join('.'),
  'begin-private': () => `${'-'.repeat(5)}BEGIN ${privateKey('RSA')}${'-'.repeat(5)}`,
  'end-private': () => `${'-'.repeat(5)}END ${privateKey('RSA')}${'-'.repeat(5)}`,
} as const satisfies Readonly<Record<string, Make>>

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** Cut into three or four pieces of uneven length. */
function pieces(text: string, random: Random): string[] {
  const cuts = [0.2, 0.55, 0.8]
    .slice(0, random.between(2, 3))
    .map((part) => Math.max(1, Math.floor(text.length * part)))
  return [0, ...cuts].map((from, index) => text.slice(from, cuts[index])).filter((piece) => piece !== '')
}

/** Ways in which a secret stands in a file without being readable there. */
export const encodings: Readonly<Record<string, (text: string, random: Random) => string>> = {
  base64: (text) => Buffer.from(text, 'latin1').toString('base64'),
  base64twice: (text) => Buffer.from(Buffer.from(text, 'latin1').toString('base64')).toString('base64'),
  hex: (text) => Buffer.from(text, 'latin1').toString('hex'),
  percent: (text) => [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
  'percent-some': (text) =>
    encodeURIComponent(text).replace(/[-_.!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
  'js-concat': (text, random) => pieces(text, random).map(quoted).join(' + '),
  'js-lines': (text, random) => pieces(text, random).map(quoted).join(' +\n  '),
  'js-join': (text, random) => `[${pieces(text, random).map(quoted).join(', ')}].join('')`,
  'js-template': (text, random) => `\`\${${pieces(text, random).map(quoted).join('}${')}}\``,
  'js-buffer': (text) => `Buffer.from('${Buffer.from(text, 'latin1').toString('base64')}', 'base64').toString('utf8')`,
  'js-hex': (text) => `Buffer.from('${Buffer.from(text, 'latin1').toString('hex')}', 'hex').toString()`,
  'js-atob': (text) => `atob('${Buffer.from(text, 'latin1').toString('base64')}')`,
  'js-reverse': (text) => `${quoted([...text].reverse().join(''))}.split('').reverse().join('')`,
  'py-lines': (text, random) =>
    `(\n    ${pieces(text, random)
      .map((piece) => `"${piece}"`)
      .join('\n    ')}\n)`,
}
