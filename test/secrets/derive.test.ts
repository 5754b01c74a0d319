import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derive, deriveCandidates, matchDeeply, needsDerivation } from '../../src/secrets/derive.ts'
import { settle } from '../../src/secrets/filters.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { loadSignatures } from '../../src/secrets/signatures.ts'

const matcher = createMatcher(loadSignatures().signatures)
// Made up, and in parts: no scanner finds them here.
const tokens = {
  'github-pat': ['gh', 'p_x7Kq29xLwPz04TnEb7v81m', 'Qz07LrTkW5pYbN'].join(''),
  'stripe-live-secret-key': ['sk_', 'live_', 'x7Kq29xLwPz04TnEb7v81mQz'].join(''),
  'npm-access-token': ['np', 'm_Qz07LrTkW5pYbNx7Kq29xLwPz04T', 'nEb7v81m'].join(''),
} as const
const token = tokens['github-pat']
const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64')
const hex = (text: string) => Buffer.from(text).toString('hex')

const found = (text: string | Buffer, path?: string) => {
  const bytes = Buffer.from(text as string)
  return deriveCandidates(matcher, bytes, path).map(({ rule, value, how }) => ({ rule, value, how }))
}

describe('two levels deep', () => {
  it.each<[string, string, string | undefined]>([
    ['base64 in base64', base64(`a ${base64(`b ${token} c`)} d`), undefined],
    ['hex in base64', base64(`a ${hex(token)} b`), undefined],
    ['base64 in hex', hex(`a ${base64(`b ${token} c`)} d`), undefined],
    ['base64 in percent-encoding', [...base64(`a ${token} b`)].map((c) => `%${hex(c)}`).join(''), undefined],
    ['UTF-16 in base64', `powershell -enc ${base64(Buffer.from(`$t = '${token}'`, 'utf16le'))}`, undefined],
    ['base64 in concatenation', `f('${base64(token).slice(0, 9)}' + '${base64(token).slice(9)}')`, 'a.ts'],
  ])('%s', (how, text, path) => {
    expect(found(text, path)).toContainEqual({ rule: 'github-pat', value: token, how })
    expect(needsDerivation(Buffer.from(text), path)).toBe(true)
  })

  it('and no deeper', () => {
    expect(found(base64(`a ${base64(`b ${base64(`c ${token} d`)} e`)} f`))).toEqual([])
  })
})

describe('names judge only whole assignments', () => {
  const password = ['tr0ub4', 'dor&3xQ8'] as const
  it.each<[string, string, string, readonly string[]]>([
    ['a whole one', `const dbPassword = '${password.join("' + '")}'`, 'a.ts', ['generic-password']],
    ['a part of one', `const dbPassword = '${password.join("' + '")}' + rest()`, 'a.ts', []],
    ['text that was encoded', base64(`dbPassword = "${password.join('')}" # and so on`), 'a.txt', []],
    [
      'a Kubernetes Secret',
      `kind: Secret\ndata:\n  password: ${base64(password.join(''))}\n`,
      'a.yaml',
      ['generic-password'],
    ],
    ['an address', `f('https%3A%2F%2Fshop%3A${password[0]}%40db.example')`, 'a.ts', ['url-credentials']],
  ])('%s', (_, text, path, rules) => {
    expect(found(text, path).map(({ rule }) => rule)).toEqual(rules)
  })
})

describe('nothing is found twice', () => {
  it.each<[string, string]>([
    ['what the plain match sees', `const a = '${token}' + ''\nf(\`\${a}\`)`],
    [
      'a JSON web token',
      `${base64('{"alg":"HS256"}').replace(/=/g, '')}.${base64(`{"t":"${token}"}`).replace(/=/g, '')}.x7Kq29xLwPz04TnEb7v81mQz07`,
    ],
    [
      'an encoded key that has a rule of its own',
      `auth = "${base64(['-----BEGIN PRIV', 'ATE KEY-----\n'].join('') + hex(token).repeat(3))}"`,
    ],
  ])('%s', (_, text) => {
    expect(found(text, 'a.ts')).toEqual([])
  })

  it('a Kubernetes value is judged once, by what it decodes to', () => {
    const text = `kind: Secret\ndata:\n  password: ${base64('changeme')}\n  api-key: ${base64('8fK2mQx7Zp0LrT4w')}\n`
    const bytes = Buffer.from(text)
    const { settled } = settle(matchDeeply(matcher, bytes, 'a.yaml'), {
      bytes,
      path: 'a.yaml',
      signatures: matcher.signatures,
    })
    expect(settled.map(({ rule, value }) => [rule, value])).toEqual([['generic-api-key', '8fK2mQx7Zp0LrT4w']])
  })

  it('a text with nothing derived is matched as it is', () => {
    const bytes = Buffer.from(`token: ${token}`)
    expect(matchDeeply(matcher, bytes)).toEqual(matcher.match(bytes))
  })
})

it('candidates depend on the whole text', () => {
  const bytes = Buffer.from(`x ${base64(token)} y`)
  for (const { from, to } of deriveCandidates(matcher, bytes)) {
    expect(from).toBeLessThan(0)
    expect(to).toBeGreaterThan(bytes.length)
  }
})

const quote = (text: string) => `'${text}'`
const forms = {
  concatenation: (parts: readonly string[]) => `const t = ${parts.map(quote).join(' + ')}`,
  'one line each': (parts: readonly string[]) => `const t =\n  ${parts.map(quote).join(' +\n  ')}\n`,
  'array join': (parts: readonly string[]) => `f([${parts.map(quote).join(', ')}].join(''))`,
  concat: (parts: readonly string[]) => `f(''.concat(${parts.map(quote).join(', ')}))`,
  appended: (parts: readonly string[]) =>
    `let t = ''\n${parts.map((part) => `t += ${quote(part)}`).join('\n')}\nconst k = 'W3uR8tG5h'`,
  'constants in a template': (parts: readonly string[]) =>
    `${parts.map((part, i) => `const p${i} = ${quote(part)}`).join('\n')}\nconst k = 'W3uR8tG5h'\nf(\`${parts.map((_, i) => `\${p${i}}`).join('')}\`)`,
  'base64 parts': (parts: readonly string[]) => `f(atob(${parts.map(quote).join(' + ')}))`,
  replace: (parts: readonly string[]) => `f('${parts.join('#')}'.replace(/#/g, ''))`,
} satisfies Record<string, (parts: readonly string[]) => string>

describe.each(Object.entries(forms))('random splits: %s', (name, form) => {
  it('are found, and no fragment of four characters stands outside the mask', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(tokens)),
        fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
        fc.constantFrom('', '// ünïcödé 😀\n', 'const other = "plain"\n'),
        ([rule, value], cuts, before) => {
          const whole = name === 'base64 parts' ? base64(value) : value
          const parts = split(whole, cuts)
          const bytes = Buffer.from(`${before}${form(parts)}\n`)
          expect(needsDerivation(bytes, 'a.ts')).toBe(true)
          const candidates = deriveCandidates(matcher, bytes, 'a.ts').filter((one) => one.rule === rule)
          expect(candidates.map((one) => one.value)).toContain(value)
          const masked = Buffer.from(bytes)
          for (const { start, end, elsewhere } of candidates)
            for (const span of [{ start, end }, ...elsewhere]) masked.fill('*', span.start, span.end)
          const left = masked.toString('latin1')
          for (const part of parts) if (part.length >= 4) expect(left).not.toContain(part)
        },
      ),
      { numRuns: 60 },
    )
  })
})

function split(whole: string, cuts: readonly number[]): readonly string[] {
  const sorted = [...new Set(cuts.map((cut) => 1 + (cut % (whole.length - 1))))].sort((a, b) => a - b)
  return [0, ...sorted].map((start, i) => whole.slice(start, sorted[i]))
}

describe('text made to hurt costs time in proportion to its length', () => {
  const size = 250_000
  // About 30 ms here; the bound leaves room for a busy machine and none for squares.
  const bound = 1000
  const script = "'aB3xY7kQ9'+'aB3xY7kQ9'\n"
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size)
  const units = [
    '+',
    '[',
    '(',
    '{',
    '`${',
    '`',
    "'",
    "'\\",
    '/',
    '=/[',
    '/*',
    "'a'+",
    "'aB3'+",
    "['a','b'].join('')+",
    "a=a+'x';",
    '[...a,',
    'atob(',
    'Buffer.from(',
    'new ',
    'a?.',
    '!',
    '?',
    '.',
    '103,',
    'x as ',
    '%',
    '%67',
    '\\',
    '\\x67',
    '\\n',
    '%3A%2F%2F',
    'A',
    'Z2hw',
    '67',
    'g\0',
    '\0',
    'eyJ',
    'kind: Secret\n',
    '"kind":"Secret","data":{',
    'kind: Secret\ndata:\n a: b\n',
    '---\n',
    'data:\n',
    ' ',
    '\n',
  ]
  const repeated = "'aB3xY7kQ9';"
  it.each<[string, string]>([
    ...units.map((unit): [string, string] => [unit, script + fill(unit)]),
    ['base64', base64(fill('lorem ipsum '))],
    ['base64 twice', base64(base64(fill('lorem ipsum ')))],
    ['nested lists', `${script}${'['.repeat(size / 2)}${']'.repeat(size / 2)}`],
    ['nested templates', `${script}${'`${'.repeat(size / 5)}1${'}`'.repeat(size / 5)}`],
    ['doubling', `v0=${repeated}${Array.from({ length: 8000 }, (_, i) => `v${i + 1}=v${i}+v${i};`).join('')}`],
    [
      'constants of constants',
      `v0=${repeated}${Array.from({ length: 12_000 }, (_, i) => `v${i + 1}=v${i}+'x';`).join('')}`,
    ],
    [
      'a long constant, reversed over and over',
      `a='${'x1'.repeat(8000)}';${"a.split('').reverse().join('');".repeat(7000)}`,
    ],
    ['a long constant, used over and over', `${script}a='${'x'.repeat(16_000)}';${"a+'b';".repeat(40_000)}`],
  ])('%s', (_, text) => {
    const bytes = Buffer.from(text, 'latin1')
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < 3 && best >= bound; run++) {
      const begin = process.cpuUsage()
      deriveCandidates(matcher, bytes, 'a.ts')
      const { user, system } = process.cpuUsage(begin)
      best = Math.min(best, (user + system) / 1000)
    }
    expect(best).toBeLessThan(bound)
  })

  it('derives no more than its budget', () => {
    const bytes = Buffer.from(base64(base64(fill('lorem ipsum '))))
    const derivedBytes = (budget?: number) =>
      derive(bytes, budget === undefined ? {} : { budget }).reduce((sum, { text }) => sum + text.length, 0)
    expect(derivedBytes()).toBeLessThanOrEqual(4 * bytes.length)
    expect(derivedBytes(1000)).toBeLessThanOrEqual(1000)
  })
})
