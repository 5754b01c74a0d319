import { describe, expect, it } from 'vitest'
import { settle } from '../../src/secrets/filters.ts'
import { type Candidate, createMatcher } from '../../src/secrets/match.ts'
import { placeholder } from '../../src/secrets/placeholders.ts'
import type { Signature } from '../../src/types.ts'

const acme: Signature = {
  id: 'acme-token',
  title: 'Acme token',
  severity: 'critical',
  confidence: 'medium',
  strength: 'random',
  anchors: ['acme_'],
  pattern: /(?<secret>acme_[0-9A-Za-z]{20})/,
  why: 'why',
  fix: 'fix',
  matches: [],
  ignores: [],
}
const github: Signature = {
  ...acme,
  id: 'gh',
  anchors: ['ghp_'],
  pattern: /(?<secret>ghp_[0-9A-Za-z]{36})/,
  check: 'github-crc32',
}
const named: Signature = { ...acme, id: 'acme-named', name: /acme.*key/i, pattern: /(?<secret>.{20,40})/ }
delete (named as { anchors?: unknown }).anchors
const matcher = createMatcher([acme, github, named])

const secret = ['acme_', 'a8K2m5Q9x7Z3p1L4w6R0'].join('') // audit-deps:allow made up for this test
const weak = ['h4rv3st', 'M00n'].join('') // audit-deps:allow made up for this test

const settled = (text: string, path?: string, inlineAllow = true) => {
  const bytes = Buffer.from(text)
  return settle(matcher.match(bytes), { bytes, path, signatures: matcher.signatures, inlineAllow })
}
const rules = (text: string, path?: string): string[] => settled(text, path).settled.map(({ rule }) => rule)

describe('overlaps', () => {
  it.each([
    ['a provider beats a generic rule', `ACCESS_TOKEN="${secret}"`, ['acme-token']],
    ['an anchor beats a name', `ACME_API_KEY="${secret}"`, ['acme-token']],
    ['a name beats a generic rule', 'ACME_API_KEY="8fK2mQx7Zp0LrT4w8fK2"', ['acme-named']],
    ['two secrets on a line are two', `a="${secret}" password="${weak}"`, ['acme-token', 'generic-password']],
  ])('%s', (_, text, expected) => {
    expect(rules(text)).toEqual(expected)
  })

  it('ten thousand on one line take no time to tell apart', () => {
    const many: Candidate[] = Array.from({ length: 10_000 }, (_, i) => ({
      rule: i % 2 ? 'acme-token' : 'generic-token',
      start: i * 5,
      end: i * 5 + 12,
      from: 0,
      to: 0,
      value: `v${i}`,
    }))
    const begin = performance.now()
    const { settled: kept } = settle(many, { bytes: Buffer.from('x'), signatures: matcher.signatures })
    for (let i = 1; i < kept.length; i++) expect(kept[i]!.start).toBeGreaterThanOrEqual(kept[i - 1]!.end)
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})

describe('allow comments', () => {
  it.each([
    `token = "${secret}" // audit-deps:allow a revoked token, for the parser's test`,
    `// audit-deps:allow-next-line a revoked token\ntoken = "${secret}"`,
    `token = "${secret}" # gitleaks:allow`,
    `token = "${secret}" # betterleaks:allow`,
    `token = "${secret}" # trufflehog:ignore`,
    `token = "${secret}" # kingfisher:ignore`,
    `token = "${secret}"  # pragma: allowlist secret`,
    `# pragma: allowlist nextline secret\ntoken = "${secret}"`,
    `token = "${secret}" // secretlint-disable-line`,
    `// secretlint-disable-next-line\ntoken = "${secret}"`,
  ])('%s', (text) => {
    const { settled: kept, allowed, dropped } = settled(text)
    expect([kept, [...dropped]]).toEqual([[], []])
    expect(allowed).toHaveLength(1)
    expect(settled(text, undefined, false)).toMatchObject({ settled: allowed, allowed: [] })
  })

  it.each([
    ['ours without a reason', `token = "${secret}" // audit-deps:allow\n`],
    ['on another line', `// gitleaks:allow\n\ntoken = "${secret}"`],
    ['for the next line, two lines above', `// secretlint-disable-next-line\n\ntoken = "${secret}"`],
    ['on the line behind', `token = "${secret}"\n// gitleaks:allow`],
  ])('%s is not heard', (_, text) => {
    expect(rules(text)).toEqual(['acme-token'])
  })
})

describe('placeholders', () => {
  it.each([
    'YOUR_API_KEY_HERE',
    '<token>',
    '${VAR}',
    '$(cat key)',
    '{{ secret }}',
    '%(pass)s',
    'xxxxxxxxxxxxxxxx',
    '****************',
    'your-secret-key-1',
    'INSERT_TOKEN_HERE',
    'AKIAIOSFODNN7EXAMPLE',
    'changeme',
    'abababababababab',
    'sk_test_xxxxxxxxxxxxxxxxxxxx',
    'replace_me_with_a_token',
    '1234567890abcdef1234567890abcdef',
    '__API_KEY__',
    '%s:%s',
    '--other-flag',
    '@proxy-host',
    '[REDACTED]',
    '0000000000000000',
  ])('%s is one', (value) => {
    expect(placeholder(value, 'guessable')).toBeDefined()
  })

  it.each(['password1', 'secret123', 'test1234', 'admin123', 'my-secret-2', 'P@ssw0rd', 'changeit1', 'foobar42'])(
    '%s is one where any would do',
    (value) => {
      expect(placeholder(value, 'guessable')).toBe('placeholder')
    },
  )

  it.each([secret, weak, 'ghp_testK2m5Q9x7Z3p1L4w6R0v8T2n4', 'Tr0ub4dor&3', '8fK2mQx7Zp0LrT4w'])(
    '%s is none',
    (value) => {
      expect(placeholder(value, 'guessable')).toBeUndefined()
    },
  )

  it('are counted', () => {
    expect([...settled(`token = "acme_${'x'.repeat(20)}"`).dropped]).toEqual([['placeholders', 1]])
    expect([...settled(['token = "acme_', 'a8K2m5Q9x7Z3pEXAMPLE"'].join('')).dropped]).toEqual([
      ['documented examples', 1],
    ])
  })
})

describe('kinds of files', () => {
  const generic = `password = "${weak}"`
  it.each([
    ['src/config.js', ['generic-password']],
    ['node_modules/a/index.js', []],
    ['vendor/lib/a.php', []],
    ['dist/app.min.js', []],
    ['dist/app.js.map', []],
    ['package-lock.json', []],
    ['yarn.lock', []],
  ])('%s: generic rules give %j', (path, expected) => {
    expect(rules(generic, path)).toEqual(expected)
    expect(rules(`token = "${secret}"`, path)).toEqual(['acme-token'])
  })

  it('a bundle is known by its lines', () => {
    const line = `var a=1;${'function f(){return 1}'.repeat(200)}`
    expect(rules(`${line}${generic}`, 'app.js')).toEqual([])
    expect(rules(`${line}${generic}`, 'app.yaml')).toEqual(['generic-password'])
  })

  it('a binary file holds tokens, but no assignments', () => {
    expect(rules(`\0${generic}\0${secret}`)).toEqual(['acme-token'])
  })

  it('credentials in the URLs of a lockfile are still credentials', () => {
    expect(rules(`"resolved": "https://ci:${weak}@npm.example/a.tgz"`, 'package-lock.json')).toEqual([
      'url-credentials',
    ])
  })

  it('a bare value is a value in a configuration and an expression in code', () => {
    expect(rules(`PASSWORD=${weak}\n`, '.env')).toEqual(['generic-password'])
    expect(rules(`PASSWORD=${weak}\n`, 'a.py')).toEqual([])
  })

  it.each([
    ['src/a.js', 'medium'],
    ['test/a.js', 'low'],
    ['README.md', 'low'],
    ['.env.example', 'low'],
  ])('%s: a made-up password is believed with %s confidence', (path, confidence) => {
    expect(settled(generic, path).settled[0]?.confidence).toBe(confidence)
  })
})

describe('checks move the confidence and drop nothing', () => {
  const body = 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1'
  it.each([
    ['4AEx1N', 'high'],
    ['4AEx1M', 'low'],
  ])('checksum %s: %s', (sum, confidence) => {
    expect(settled(['ghp', '_', body, sum].join('')).settled).toMatchObject([
      { rule: 'gh', severity: 'critical', confidence },
    ])
  })
})

it('the digest of a long random value is the same under every generic rule', () => {
  const value = '8fK2mQx7Zp0LrT4w8fK2'
  expect(settled(`apiKey: "${value}"`).settled[0]?.strength).toBe('random')
  expect(settled(`password: "${value}"`).settled[0]?.strength).toBe('random')
  expect(settled(`password: "${weak}"`).settled[0]?.strength).toBe('guessable')
})
