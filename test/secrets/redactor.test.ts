import fc from 'fast-check'
import { parseSync } from 'oxc-parser'
import { describe, expect, it, test } from 'vitest'
import { createMatcher } from '../../src/secrets/match.ts'
import { luhn } from '../../src/secrets/private-data.ts'
import { redact, redactText, restoreText } from '../../src/secrets/redactor.ts'
import { shippedMatcher } from '../../src/secrets/text.ts'

const matcher = shippedMatcher()
const redacted = (text: string, path?: string) => redact(text, { matcher, ...(path !== undefined && { path }) })

// Made up, in parts: no scanner should take this file for a leak.
const made = (...parts: string[]) => parts.join('')
const github = made('gh', 'p_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1', '4AEx1N')
const stripe = made('sk', '_live_', '51Hq8Zr2LwXc7Vb', 'N4mKj9TgYp3')
const slack = made('xo', 'xb-', '274810395612-1840275931846-', 'Zk3vQ8nTbX5rLw2YmJ7hGd9s')
const awsId = made('AK', 'IA', 'Z7Q4XK2M', 'P9RTB6WC')
const awsSecret = made('kR9vLq2XzT7w', 'Yb4NcM8pJh5sGd1', 'FaE6uVt3oWi0Q')
const password = made('vR7-', 'kitchen!9x')
const urlPassword = made('h4rv3st', 'M00n')
const session = made('9f8a6c1e4b2d7f0a', '3c5e81d97b46f20c')
const mail = made('jo.doe', '@', 'acme-corp.com')
const host = 'db-7.prod.internal'
const address = '10.20.30.40'
const card = made('4539', ' 1488', ' 0343', ' 6467')
const keyLines = [0, 1, 2].map((n) =>
  Array.from(
    { length: 64 },
    (_, i) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[(i * 37 + n * 11 + 5) % 64],
  ).join(''),
)
const [header, footer] = ['BEGIN', 'END'].map((word) => `-----${word} RSA ${'PRIVATE'} KEY-----`) as [string, string]

const kinds = { github, stripe, slack, awsId, awsSecret, password, urlPassword, session, mail, host, address, card }
const planted = [...Object.values(kinds), ...keyLines]

const expectNone = (text: string) => {
  for (const value of planted)
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=*$/, '')])
      expect(text).not.toContain(form)
}

describe('ten kinds of secrets and more: none is left, and it still parses', () => {
  const url = `postgres://shop:${urlPassword}@${host}:5432/shop`

  test('JavaScript', () => {
    const text = `import { S3 } from '@aws-sdk/client-s3'
const token = '${github}', again = \`Bearer \${x} ${github}\`
export const config = {
  stripe: "${stripe}", slack: '${slack}',
  accessKeyId: '${awsId}', secretAccessKey: '${awsSecret}',
  smtp: { password: "${password}", from: 'Jo <${mail}>', host: '${address}' },
  db: "${url}", sessionSecret: '${session}', card: ${card.replaceAll(' ', '')}, shown: '${card}',
  key: "${header}\\n${keyLines.join('\\n')}\\n${footer}\\n",
  sum: '${header}\\n' +
    '${keyLines.join("\\n' +\n    '")}\\n' + '${footer}',
}
const encoded = ['${encodeURIComponent(password)}', '${Buffer.from(github).toString('base64')}']
const basic = '${Buffer.from(`ci:${github}`).toString('base64')}' // ask ${mail}
`
    expect(parseSync('a.js', text).errors).toEqual([])
    const result = redacted(text, 'src/config.js')
    expectNone(result.text)
    expect(result.text).not.toContain(card.replaceAll(' ', ''))
    expect(parseSync('a.js', result.text).errors).toEqual([])
    expect(result.text.split('\n')).toHaveLength(text.split('\n').length)
    expect(restoreText(result.text, result.map)).toBe(text)
    expect(redacted(result.text, 'src/config.js').text).toBe(result.text)
  })

  test('JSON', () => {
    const value = {
      ...{ github, stripe, slack, awsId, password, sessionSecret: session, mail, host, address, card, url },
      ...{ aws_secret_access_key: awsSecret, number: Number(card.replaceAll(' ', '')) },
      private_key: `${header}\n${keyLines.join('\n')}\n${footer}\n`,
      note: `"quoted" ${password}\n\t${mail}\u00e9`,
    }
    const text = JSON.stringify(value, null, 2)
    const result = redacted(text, 'config.json')
    expectNone(result.text)
    const parsed = JSON.parse(result.text) as typeof value
    expect(Object.keys(parsed)).toEqual(Object.keys(value))
    expect(parsed.private_key).toMatch(new RegExp(`^${header}\nREDACTED_\\d+\n${footer}\n$`))
    expect(parsed.github).toMatch(/^ghp_REDACTED_\d+$/)
    expect(parsed.stripe).toMatch(/^sk_live_REDACTED_\d+$/)
    expect(typeof parsed.number).toBe('number')
    expect(restoreText(result.text, result.map)).toBe(text)
  })

  test('YAML: every line keeps its indentation, its key and its quotes', () => {
    const text = `app:
  github_token: ${github}
  stripe: "${stripe}"
  slack: '${slack}'
  aws: { access_key_id: ${awsId}, secret_access_key: "${awsSecret}" }
  password: "${password}"
  url: ${url}
  session_secret: ${session}
  admins: [${mail}, ops@example.com]
  hosts:
    - ${address}
    - ${host}
  card: "${card}"
  tls_key: |
    ${header}
    ${keyLines.join('\n    ')}
    ${footer}
`
    const { text: result, map } = redacted(text, 'config.yaml')
    expectNone(result)
    const skeleton = (yaml: string) =>
      yaml
        .replace(/(-----BEGIN[^\n]*\n\s+)[\s\S]*?(\s+-----END)/, '$1$2')
        .split('\n')
        .map((line) => [/^\s*(?:-\s)?(?:\w+:)?/.exec(line)?.[0], line.replaceAll(/[^"'[\]{}|]/g, '')])
    expect(skeleton(result)).toEqual(skeleton(text))
    expect(result).toMatch(new RegExp(`\n {4}${header}\n {4}REDACTED_\\d+\n {4}${footer}\n`))
    expect(restoreText(result, map)).toBe(text)
  })

  test('.env', () => {
    const text = `# ask ${mail}
GITHUB_TOKEN=${github}
export STRIPE_KEY="${stripe}"
SLACK_TOKEN='${slack}'
AWS_ACCESS_KEY_ID=${awsId}
AWS_SECRET_ACCESS_KEY=${awsSecret}
DB_PASSWORD=${password}
DATABASE_URL=${url}
SESSION_SECRET=${session}
DB_HOST=${host}
REDIS_HOST=${address}:6379
TEST_CARD="${card}"
PORT=3000
`
    const { text: result, map, counts } = redacted(text, '.env')
    expectNone(result)
    const names = (env: string) =>
      env.split('\n').map((line) => [/^(?:export )?\w+=/.exec(line)?.[0], line.match(/["']/g)])
    expect(names(result)).toEqual(names(text))
    expect(result).toContain('PORT=3000')
    expect(restoreText(result, map)).toBe(text)
    expect(counts).toEqual({ secret: 8, address: 1, host: 2, email: 1, card: 1 })
  })

  test.each([
    ['a PEM file', `${header}\n${keyLines.join('\n')}\n${footer}\n`, `${header}\nREDACTED_1\n${footer}\n`],
    ['one without its end', `${header}\n${keyLines.join('\n')}\n`, `${header}\nREDACTED_1\n`],
    ['one with CRLF', `${header}\r\n${keyLines.join('\r\n')}\r\n${footer}`, `${header}\r\nREDACTED_1\r\n${footer}`],
    [
      'one under a passphrase',
      `${header}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F1E2D3C\n\n${keyLines[0]}\n${footer}`,
      `${header}\nREDACTED_1\n${footer}`,
    ],
  ])('%s keeps its header and footer', (_, text, expected) => expect(redacted(text).text).toBe(expected))

  test('a public certificate and a placeholder of a key stay', () => {
    const text = `-----BEGIN CERTIFICATE-----\n${keyLines[0]}\n-----END CERTIFICATE-----\n${header}\n<your key>\n${footer}\n`
    expect(redacted(text).text).toBe(text)
  })
})

test.each([
  ['a private address', 'host = "192.168.1.5:8080"', 'host = "192.0.2.1:8080"'],
  ['link-local', 'ping 169.254.7.9', 'ping 192.0.2.1'],
  ['unique local IPv6', 'http://[fd12:3456:789a::1]:80/', 'http://[2001:db8::1]:80/'],
  ['link-local IPv6', 'via fe80::1ff:fe23:4567:890a dev eth0', 'via 2001:db8::1 dev eth0'],
  ['a subnet of ours', 'cidr: 10.17.0.0/16', 'cidr: 192.0.2.1/16'],
  ['a host in a URL', 'https://wiki.corp/x', 'https://host1.redacted.example/x'],
  ['a host with a port', 'nc db.lan:5432', 'nc host1.redacted.example:5432'],
  ['a cluster service', 'url: http://api.shop.svc.cluster.local', 'url: http://host1.redacted.example'],
  ['a home network', "x = 'nas.home.arpa'", "x = 'host1.redacted.example'"],
  ['an address behind an escape', String.raw`"to\njo@acme.dev"`, String.raw`"to\nuser1@redacted.example"`],
  ['one behind a longer escape', String.raw`"\u0041jo@acme.dev"`, String.raw`"\u0041user1@redacted.example"`],
  ['a subdomain', '<a href="mailto:jo+x@mail.acme.co.uk">', '<a href="mailto:user1@redacted.example">'],
  [
    'an address in a URL parameter',
    '?to=jo.d@acme.dev&c=jo.d%40acme.dev',
    '?to=user1@redacted.example&c=user2%40redacted.example',
  ],
  ['American Express', made('3782', ' 822463', ' 10005'), '3000 000000 00002'],
  ['a password for localhost', 'redis://:Zp9@localhost', 'redis://:REDACTED_1@localhost'],
  ['a user and an address', 'ssh jo@10.1.2.3', 'ssh jo@192.0.2.1'],
])('replaces %s', (_, text, expected) => expect(redacted(text).text).toBe(expected))

test.each([
  'localhost 127.0.0.1 0.0.0.0 ::1 [::1] 8.8.8.8 255.255.255.255',
  'a@example.com b@x.example c@shop.test d@localhost git@github.com:a/b.git git@10.example.org',
  "import t from '@types/node'; import s from '@scope/pkg'",
  '@Component({ selector: "x" })\nclass A { @Input() b }',
  '{"dependencies": {"@types/node": "20.1.0", "a": "npm:b@1.0.0"}, "version": "10.0.0.1"}',
  'AssemblyVersion("10.0.0.0"); Mozilla/5.0 Chrome/10.0.0.1 v10.0.0.1',
  'allow 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fe80::/10',
  'curl http://169.254.169.254/latest/ http://metadata.google.internal http://host.docker.internal:8080',
  'icon@2x.png, cp .env.local settings.local.json docker-compose.local.yml',
  'const password = process.env.PASSWORD',
  'postgres://user:password@db/x https://${USER}:${PASS}@git.example/',
  'api_key = "YOUR_API_KEY_HERE"',
  'order 1234567890123456, time 1735689600000, id 4111111111111112',
  'uuid 550e8400-e29b-41d4-a716-446655440000, colour #fd00aa, mac fe:80:00:11:22:33, time fd:12',
  'a.fe80::b', // no address: it goes on to the left
])('keeps %s', (text) => {
  const { text: result, counts } = redacted(text)
  expect(result).toBe(text)
  expect(counts).toEqual({ secret: 0, address: 0, host: 0, email: 0, card: 0 })
})

test.each([
  'chrome.storage.local.get(a); const y = storage.local; return app.config.internal',
  'use(import.meta.env.local, this.internal, pkg.internal())',
  'if (x.internal) y.local = 1; z.local[0]; w.local?.x',
])('in a program a member is no host: %s', (text) => expect(redacted(text, 'a.ts').text).toBe(text))

test('one value has one stand-in in all texts, and two values never share one', () => {
  const texts = [`a="${github}" ${mail}`, `b: ${github} 10.1.1.1 ${card}`, `c ${mail} 10.1.1.2 ${stripe}`]
  const result = redactText(
    texts.map((text) => ({ bytes: Buffer.from(text) })),
    { matcher },
  )
  const [a, b, c] = result.texts.map(String) as [string, string, string]
  expect(b.split(' ')[1]).toBe(/"(.*)"/.exec(a)?.[1])
  expect(c.split(' ')[1]).toBe(a.split(' ')[1])
  expect(new Set(result.map.values()).size).toBe(result.map.size)
  expect(result.map.size).toBe(6)
})

test('what a text already holds is not given out again', () => {
  const text = `see REDACTED_1, user1@redacted.example, 192.0.2.1, 4000 0000 0000 0003\n${github} ${mail} 10.1.1.1 ${card}`
  const result = redacted(text)
  expect(result.text.split('\n')[0]).toBe(text.split('\n')[0])
  expect(restoreText(result.text, result.map)).toBe(text)
})

test('allow comments, lockfiles and vendored folders are no reason to keep a secret', () => {
  for (const path of ['yarn.lock', 'node_modules/a/b.yml', 'vendor/x.env', 'tests/a.env'])
    expect(redacted(`password: "${password}" # gitleaks:allow\n`, path).text).not.toContain(password)
})

test('addresses beyond the documentation ranges stay distinct', () => {
  const text = Array.from({ length: 1000 }, (_, i) => `10.9.${i >> 8}.${i & 255}`).join('\n')
  const result = redacted(text)
  expect(new Set(result.text.split('\n')).size).toBe(1000)
  expect(result.text).not.toMatch(/^10\./m)
})

test('UTF-16 comes back as UTF-8, other bytes as they are', () => {
  const utf16 = Buffer.from(`\ufeffpassword = "${password}" é\n`, 'utf16le')
  const odd = Buffer.concat([Buffer.from([0xff, 0xe9]), Buffer.from(` ${github} `), Buffer.from([0x80])])
  const { texts } = redactText([{ bytes: utf16 }, { bytes: odd }], { matcher })
  expect(texts[0]!.toString()).toMatch(/^password = "REDACTED_\d+" é\n$/)
  expect(texts[1]!.toString('latin1')).toMatch(/^\xff\xe9 ghp_REDACTED_\d+ \x80$/)
})

test('a secret that the program puts together is replaced literal by literal, and its constants too', () => {
  const text = `const head = '${github.slice(0, 9)}'\nconst t = head + ['${github.slice(9, 20)}', "${github.slice(20)}"].join('')\n`
  const start = text.indexOf('head +')
  const hidden = {
    ...{ rule: 'github-pat', value: github, from: -1, to: text.length + 1 },
    ...{ start, end: text.length - 1, elsewhere: [{ start: text.indexOf("'"), end: text.indexOf('\n') }] },
  }
  const { text: result, map } = redact(text, { path: 'a.js', matcher, derive: () => [hidden] })
  for (let at = 0; at + 6 <= github.length; at++) expect(result).not.toContain(github.slice(at, at + 6))
  expect(parseSync('a.js', result).errors).toEqual([])
  expect(result).toMatch(/^const head = '\w+'\nconst t = head \+ \['\w+', "\w+"\]\.join\(''\)\n$/)
  expect(restoreText(result, map)).toBe(text)
})

test('no example of any signature is left; the map leads back; a second time finds nothing', () => {
  for (const signature of matcher.signatures.values()) {
    // A documented sample is nobody's secret: text keeps it.
    if (signature.tier === 'example') continue
    const own = createMatcher([signature])
    for (const example of signature.matches) {
      const result = redacted(example)
      const values = own
        .match(Buffer.from(example))
        .flatMap((found) => (found.rule === signature.id ? [found.value] : []))
      for (const value of values) expect(result.text, signature.id).not.toContain(value)
      expect(restoreText(result.text, result.map), signature.id).toBe(example)
      expect(redacted(result.text).text, signature.id).toBe(result.text)
    }
  }
})

describe('for any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(kinds), ...keyLines, header, footer),
    fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '\n',
      ' ',
      '=',
      ': ',
      '://u:',
      '@',
      'password',
      'REDACTED_1',
      '0',
      '7',
      '.local',
    ),
    fc.string({ maxLength: 8, unit: 'binary' }),
  )
  const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('').replaceAll(/[\ud800-\udfff]/g, ''))

  it('the map leads back', () => {
    fc.assert(
      fc.property(text, (given) => {
        const once = redacted(given)
        expect(restoreText(once.text, once.map)).toBe(given)
      }),
      { numRuns: 300 },
    )
  })

  it('a token is gone, whatever stands around it', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(redacted(`${before}\n${github}\n${after}`).text).not.toContain(github)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['letters', 'a'.repeat(1_000_000)],
  ['digits', '4'.repeat(1_000_000)],
  ['at signs', 'a@'.repeat(500_000)],
  ['domains', `a@${'b.'.repeat(500_000)}`],
  ['hosts', 'a.local.'.repeat(125_000)],
  ['colons', 'fd00:'.repeat(200_000)],
  ['key headers', `${header}A`.repeat(30_000)],
  ['userinfo', '://a:b'.repeat(170_000)],
  ['backslashes', '\\'.repeat(1_000_000)],
  ['many values', Array.from({ length: 20_000 }, (_, i) => `jo${i}@acme.dev`).join(' ')],
])('a hostile megabyte of %s is done in seconds', (_, text) => {
  const begin = performance.now()
  redacted(text)
  expect(performance.now() - begin).toBeLessThan(5000)
})

test("Luhn's check", () => {
  expect([card.replaceAll(' ', ''), '79927398713'].map(luhn)).toEqual([true, true])
  expect(['79927398710', '4111111111111112'].map(luhn)).toEqual([false, false])
})
