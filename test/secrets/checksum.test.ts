import { expect, it } from 'vitest'
import { checks } from '../../src/secrets/checksum.ts'

// Bodies are ours; the checksums behind them were computed by another implementation (Python's zlib).
const body = 'Kq7ZpL0xW3vRt9YbN2mC5hJd8sFgA1'
const base64 = (text: string): string => Buffer.from(text).toString('base64url')

it.each([
  ['github-crc32', ['gh', 'p_', body, '4AEx1N']],
  ['github-crc32', ['gh', 's_', body, '4AEx1N']],
  ['npm-crc32', ['np', 'm_', body, '4AEx1N']],
  ['vercel-crc32', ['vc', 'p_', body, 'uEoI4yTzXw6PnQkVrMcB', '18WQVc']],
  ['cloudflare-crc32', ['cf', 'ut_', body, 'uEoI4yTzXw', '7543276e']],
  ['grafana-crc32', ['gl', 'sa_', body, 'uE', '_7de6efbd']],
  ['zuplo-crc32', ['zp', 'ka_', '4c9e1b7a0d5f82364c9e1b7a0d5f8236', '_066ef7eb']],
  ['atlassian-crc32', ['AT', 'ATT3xFfGF0', body, 'uEoI4yTzXw=', '1C4053B5']],
  ['atlassian-crc32', ['AT', 'ATT3xFfGF0', body, 'uEoI4yTzXw%3D', '1C4053B5']],
  ['gitlab-crc32', ['gl', 'pat-', body.slice(0, 28), '.01.0s', '1i98ncr']],
  ['confluent-crc32', ['cf', 'lt', body, 'uEoI4yTzXw6PnQkVrMcBaSdF', 'iIlOjg']],
  ['age-bech32', ['AGE-SECRET', '-KEY-1RWEY069SMX3U8JAGN7F5L24QTKPVHZDCRWEY069SMX3U8JAGN7F5W8E2ZK']],
  ['aws-base32', ['AK', 'IAY3FDLQ2MZ7XBTRW5']],
  ['jwt', [base64('{"alg":"HS256"}'), '.', base64('{"sub":"1"}'), '.c2ln']],
  ['discord-user', [base64('184732910473829104'), '.GhT5aa.abc']],
  ['base64-json', ['sntrys_', base64('{"iat":1,"url":"https://s.example"}'), '_tail']],
] as const)('%s accepts a token that proves itself and no other', (id, parts) => {
  const token = parts.join('')
  expect(checks[id]?.(token)).toBe(true)
  const middle = Math.floor(token.length / 4)
  const wrong = token.slice(0, middle) + (token[middle] === '0' ? '1' : '0') + token.slice(middle + 1)
  expect(checks[id]?.(wrong)).toBe(false)
  expect(checks[id]?.('')).toBe(false)
})
