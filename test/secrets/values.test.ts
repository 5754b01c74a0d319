import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksLikeCode, looksLikePassword, looksRandom } from '../../src/secrets/values.ts'

const alphabets = {
  hex: '0123456789abcdef',
  'base 32': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  'base 36': '0123456789abcdefghijklmnopqrstuvwxyz',
  'base 62': '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'base 64': '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/',
} as const

describe('looksRandom', () => {
  it.each(Object.entries(alphabets))('knows at least 97 of 100 random values in %s', (_, alphabet) => {
    const value = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 20, maxLength: 64 })
    const values = fc.sample(fc.noBias(value), { numRuns: 1000, seed: 7 })
    expect(values.filter((one) => looksRandom(one, 16)).length).toBeGreaterThanOrEqual(970)
  })

  it.each([
    'getElementsByTagNameNS',
    'application-settings-page2',
    'SOME_ENVIRONMENT_VARIABLE_2',
    'sha512-4f2a9c1e7b3d5f80a6c2e4b8',
    'sha256:9f86d081884c7d659a2feaa0c55ad015',
    '1.24.3-beta.2+build.7781',
    '2024-11-03T10:22:41.000Z',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '00000000000000000000000000000001',
    'aaaaaaaaaaaaaaaaaaaaaaaa1111',
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB',
    'data:image/png;base64,R0lGODlhAQ',
    'user.name42@mail.example.org',
    'com.example.app.MainActivity2',
    'dashboard.user.password.reset.v2',
    '1234567890123456',
    'arm64-v8a-android-21-release',
    '00:1b:44:11:3a:b7:00:1b:44:11:3a:b7',
    'keyboard-cat-and-friends-99',
  ])('%s is not', (value) => {
    expect(looksRandom(value, 12)).toBe(false)
  })
})

describe('looksLikePassword', () => {
  it.each([
    'h4rv3stM00n',
    'p@ssage!Way',
    'Tr0ub4dor&3',
    'x9!kQ',
    'Winter2024!',
    'q1w2e3r4t5',
    'Ab1$Cd2%',
    '9f8a6c1e4b2d7f0a',
  ])('%s does', (value) => {
    expect(looksLikePassword(value, 5)).toBe(true)
  })

  it.each([
    'string',
    'required',
    'Passwort:',
    'userPassword',
    'user_password',
    'auth.password.title',
    'auth.password2.title',
    'DB_PASSWORD_2',
    'Contrase\xc3\xb1a',
    '12345',
    'two words1',
    '*.password2',
    '3.14.15',
    '$2b$10$abcdefghijklmnopqrstuv',
  ])('%s does not', (value) => {
    expect(looksLikePassword(value, 5)).toBe(false)
  })
})

describe('looksLikeCode', () => {
  it.each([
    'process.env.TOKEN_2',
    'os.environ["X1"]',
    'getSecret("db1")',
    'config.auth.token2',
    '$SECRET_1',
    '${SECRET1}',
    './secrets/key1.pem',
    '/run/secrets/db1',
    'https://vault.example/v1',
    'file.token1.json',
    'arn:aws:secretsmanager:x:1',
    'vault:secret/data/1',
    'Secret::Holder2',
    'a => a.token1',
    '#password1',
  ])('%s does', (value) => {
    expect(looksLikeCode(value)).toBe(true)
  })

  it.each(['h4rv3stM00n', 'v2x81mQz07LrTkW5', 'p@ss!w0rd', 'SG.x7Kq29xLwPz04TnEb7.v81mQz07LrTkW5'])(
    '%s does not',
    (value) => {
      expect(looksLikeCode(value)).toBe(false)
    },
  )
})
