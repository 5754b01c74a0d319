import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exposureOf } from '../../src/secrets/clients.ts'
import { isDocumented } from '../../src/secrets/examples.ts'
import { type Surroundings, settle } from '../../src/secrets/filters.ts'
import { readJwt } from '../../src/secrets/jwt.ts'
import { scanText, shippedMatcher } from '../../src/secrets/text.ts'
import { now } from '../support/context.ts'

const matcher = shippedMatcher()
const settled = (text: string, given: Partial<Surroundings> = {}) => {
  const bytes = Buffer.from(text)
  return settle(matcher.match(bytes), { bytes, signatures: matcher.signatures, now, ...given })
}
const told = (text: string, given?: Partial<Surroundings>) =>
  settled(text, given).settled.map(({ rule, severity, confidence }) => `${rule} ${severity} ${confidence}`)
const codes = async (text: string, path?: string): Promise<readonly string[]> =>
  (await scanText(text, { matcher, ...(path !== undefined && { path }) })).findings.map(({ code }) => code)

const live = ['sk_', 'live_', 'Kq7ZpL0xW3vRt9YbN2mC5hJd'].join('') // audit-deps:allow made up for this test
const testKey = live.replace('live', 'test') // audit-deps:allow made up for this test
const publishable = live.replace('sk_', 'pk_') // audit-deps:allow made up for this test
const google = ['AI', 'za', 'SyKq7ZpL0xW3vRt9YbN2mC5hJd8sFgA14xQ'].join('') // audit-deps:allow made up for this test
const weak = ['h4rv3st', 'M00n'].join('') // audit-deps:allow made up for this test
const random = ['b7Kq29xLwPz0', '4TnEs8Vd'].join('') // audit-deps:allow made up for this test

/** Signed with nothing: 43 characters that look like an HMAC. */
const token = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string =>
  [...[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), signed].join('.')
const signed = ['rkGW-8oO73yf95OKIshr4', 'MNsG-hC6rm4dCAicPYRfvc'].join('')
const seconds = now.getTime() / 1000
const day = 24 * 3600

describe('the file of a service account', () => {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const id = { private_key_id: createHash('sha1').update(privateKey).digest('hex') }
  const whole = { type: 'service_account', ...id, private_key: privateKey, client_id: '1122334455' }
  it.each<[string, string, string[]]>([
    [
      'as it comes: the key is what opens, its id is an id',
      JSON.stringify(whole, null, 2),
      ['google-service-account-key-id info high', 'google-service-account-key critical high'],
    ],
    [
      'in one line of an environment file',
      `CREDENTIALS=${JSON.stringify(JSON.stringify(whole))}`,
      ['google-service-account-key-id info high', 'google-service-account-key critical high'],
    ],
    ['the id alone opens nothing', JSON.stringify(id), ['google-service-account-key-id info high']],
    [
      'in another order it is a private key all the same',
      JSON.stringify({ private_key: privateKey, ...id }),
      ['private-key critical high', 'google-service-account-key-id info high'],
    ],
  ])('%s', (_name, text, expected) => expect(told(text)).toEqual(expected))
})

describe('JSON Web Tokens are read', () => {
  it.each([
    ['without an expiry', {}, 'jwt medium high'],
    ['still valid', { exp: seconds + day }, 'jwt medium high'],
    ['expired yesterday', { exp: seconds - day }, 'jwt low high'],
    ['expired long ago', { exp: seconds - 365 * day }, 'jwt info high'],
    ['an expiry that is no number', { exp: 'never' }, 'jwt medium high'],
  ])('%s', (_, claims, expected) => {
    expect(told(`const t = "${token({ iss: 'shop', uid: 4711, ...claims })}"`)).toEqual([expected])
  })

  it.each([
    ['service_role', 'supabase-service-role-key critical high'],
    ['anon', 'supabase-anon-key info high'],
    ['authenticated', 'jwt medium high'],
  ])('Supabase %s, whatever the order of its claims', (role, expected) => {
    const claims = { exp: seconds + day, role, ref: 'yoexvjrojjhgixbtwdvv', iss: 'supabase' }
    expect(told(`KEY="${token(claims)}"`)).toEqual([expected])
  })

  it('the sample of a hundred manuals is an example', async () => {
    const sample = token({ sub: '1234567890', name: 'Jo Sample', iat: 1516239022 })
    expect(isDocumented(sample)).toBe(true)
    const { findings, counts } = await scanText(`ACCESS_TOKEN=${sample}\n`, { matcher })
    expect([findings, counts]).toEqual([[], { 'documented examples': 1 }])
  })

  it('no claim is ever told', async () => {
    const claims = { iss: 'issuer-of-ours', sub: 'someone@example.org', exp: seconds - 365 * day }
    const { findings } = await scanText(`t = "${token(claims)}"`, { matcher })
    expect(findings[0]?.message).toContain('expired')
    expect(JSON.stringify(findings)).not.toMatch(/issuer-of-ours|someone|2025/)
  })

  it.each(['', 'eyJ', 'a.b.c', 'eyJhIjoxfQ.eyJhIjoxfQ.x', `${token({})}.x`, 'eyJhbGciOiJub25lIn0.bnVsbA.x'])(
    '%j is none',
    (text) => {
      expect(readJwt(text)).toBeUndefined()
    },
  )

  it('prototype keys are no claims', () => {
    const odd = ['{"alg":"HS256"}', '{"__proto__":{"role":"service_role"}}'].map((part) =>
      Buffer.from(part).toString('base64url'),
    )
    expect(readJwt(`${odd.join('.')}.x`)).toEqual({})
  })
})

describe('secrets that reach pages', () => {
  it.each([
    ['.env', `NEXT_PUBLIC_STRIPE_SECRET=${live}`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['.env', `VITE_DB_PASSWORD=${weak}\n`, ['secret/generic-password', 'secret/client-exposed']],
    ['.env', `NEXT_PUBLIC_CLIENT_SECRET=${random}\n`, ['secret/generic-secret', 'secret/client-exposed']],
    [
      '.env',
      `EXPO_PUBLIC_DB=postgres://shop:${weak}@db.internal/shop`,
      ['secret/postgres-connection-string', 'secret/client-exposed'],
    ],
    ['a.ts', `const key = process.env.GATSBY_PAY || '${live}'`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['a.ts', `const key = import.meta.env.VITE_PAY ?? "${live}"`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['Dockerfile', `ARG REACT_APP_PAY=${live}\n`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['Dockerfile', `ENV NUXT_PUBLIC_PAY ${live}\n`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['ci.yml', `env:\n  PUBLIC_PAY: ${live}\n`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['k.yml', `- name: NEXT_PUBLIC_PAY\n  value: "${live}"\n`, ['secret/stripe-live-key', 'secret/client-exposed']],
    ['vercel.json', `{"env": {"NEXT_PUBLIC_PAY": "${live}"}}`, ['secret/stripe-live-key', 'secret/client-exposed']],
    [
      'vite.config.ts',
      `export default { define: { __PAY__: JSON.stringify('${live}') } }`,
      ['secret/stripe-live-key', 'secret/client-exposed'],
    ],
  ])('%s %s', async (path, text, expected) => {
    const found = (await codes(text, path)).map((code) => (code.startsWith('secret/stripe') ? expected[0] : code))
    expect(found).toEqual(expected)
  })

  it.each([
    ['public by design', `NEXT_PUBLIC_STRIPE_KEY=${publishable}\n`],
    ['a test key', `NEXT_PUBLIC_STRIPE_KEY=${testKey}\n`],
    ['a Firebase key', `NEXT_PUBLIC_FIREBASE_API_KEY=${google}\n`],
    ['an anon key', `VITE_SUPABASE_ANON_KEY=${token({ iss: 'supabase', role: 'anon' })}\n`],
    ['another name', `STRIPE_KEY=${live}\n`],
    ['a name before', `A=process.env.NEXT_PUBLIC_PAY\nB=${live}\n`],
    ['a name that holds it', `MY_VITE_PAY=${live}\n`],
    ['behind a define', `{ define: { a: 1 }, server: { key: '${live}' } }`],
  ])('%s is quiet', async (_, text) => {
    for (const path of ['.env', 'vite.config.js'])
      expect(await codes(text, path)).not.toContain('secret/client-exposed')
  })

  it('a key that browsers may hold is doubtful there', () => {
    expect(told(`NEXT_PUBLIC_MAPS_KEY=${google}\n`)).toEqual(['google-api-key medium low'])
    expect(told(`MAPS=${google}\n`)).toEqual(['google-api-key medium high'])
  })

  it('both findings are of one secret', async () => {
    const { findings } = await scanText(`NEXT_PUBLIC_PAY=${live}\nPAY=${live}\n`, { matcher })
    expect(findings.map(({ severity }) => severity)).toEqual(['critical', 'critical'])
    expect(findings[0]!.subject).toEqual(findings[1]!.subject)
    expect(findings.map(({ evidence }) => evidence.length)).toEqual([2, 1])
    expect(findings[1]!.message).toContain('under a name with NEXT_PUBLIC_')
  })

  it('names are looked for within bounds', () => {
    const bytes = Buffer.from('NEXT_PUBLIC_'.repeat(100_000))
    const begin = performance.now()
    for (let at = 1000; at < 200_000; at += 1000) exposureOf(bytes, { start: at, end: at + 10 }, 'vite.config.js')
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})

it('a comment beside a constant speaks for what is put together from it', () => {
  const half = ['sk_', "live_Kq7Z'"].join('')
  const line = `const a = '${half}\nconst b = 'pL0xW3vRt9YbN2mC5hJd'\npay(a + b)\n`
  const at = (text: string) =>
    scanText(text, { matcher, path: 'a.js' }).then(({ findings, counts }) => [findings.length, counts])
  return Promise.all([
    expect(at(line)).resolves.toEqual([1, {}]),
    expect(at(line.replace("'\n", "' // gitleaks:allow\n"))).resolves.toEqual([0, { 'allowed by a comment': 1 }]),
  ])
})

describe('tiers', () => {
  const id = ['AK', 'IAB6J2SXL2XYYVKJUU'].join('') // audit-deps:allow made up for this test
  const secret = ['KztIKJWqGMkVAIiKoMWl', 'R00RqgUfAsito4jJZs2R'].join('') // audit-deps:allow made up for this test

  it('a key id alone is an indicator', () => {
    expect(settled(`id = "${id}"`).settled).toMatchObject([{ severity: 'info', tier: 'indicator' }])
  })

  it('beside it, what has the shape of its secret is its secret', () => {
    expect(told(`key = "${id}"\n\nclientSecret = "${secret}"\n`)).toEqual([
      expect.stringMatching(/^aws-access-key-id info/),
      'aws-secret-access-key critical high',
    ])
    expect(settled(`id=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n`).settled[1]).toMatchObject({
      rule: 'aws-secret-access-key',
      note: 'beside its key id',
    })
  })

  it.each([
    ['far away', `key = "${id}"${'\n'.repeat(9)}clientSecret = "${secret}"\n`],
    ['without the shape', `key = "${id}"\nclientSecret = "${random}"\n`],
    ['alone', `clientSecret = "${secret}"\n`],
  ])('%s it is not', (_, text) => {
    expect(told(text).at(-1)).toMatch(/^generic-secret high/)
  })

  it.each([
    ['Amazon', ['AKIAIOSFODNN7', 'EXAMPLE']],
    ['Amazon', ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY']],
    ['Stripe', ['sk_te', 'st_4eC39HqLyjWDarjtT1zdp7dc']],
    ['GitHub', ['gho', '_16C7e42F292c6912E7710c838347Ae178B4a']],
  ])("%s's own sample is silent unless asked for", (_, parts) => {
    const text = `AWS_SECRET_ACCESS_KEY=${parts.join('')}\n`
    expect(settled(text)).toMatchObject({ settled: [], dropped: new Map([['documented examples', 1]]) })
    expect(settled(text, { examples: true }).settled).toMatchObject([{ severity: 'info', tier: 'example' }])
  })

  it.each([
    ['RFC 7617', 'Aladdin:open sesame'],
    ['documents', 'user:password'],
    ['documents', 'username:my-password'],
  ])('Basic credentials of %s are examples', (_, pair) => {
    const text = `Authorization: Basic ${Buffer.from(pair).toString('base64')}\n`
    expect(settled(text).settled).toEqual([])
    expect([...settled(text).dropped.values()]).toEqual([1])
  })

  it('Basic credentials of somebody are not', () => {
    const text = `Authorization: Basic ${Buffer.from(`shop:${weak}`).toString('base64')}\n`
    expect(told(text)).toEqual(['authorization-header high medium'])
  })
})
