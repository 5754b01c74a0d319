// Made-up tokens in the public formats of their issuers, checksums included where the formula is public.
// Prefixes are joined from parts, so that no scanner meets a whole token in this file.
import { crc32 } from 'node:zlib'
import { ALNUM, DIGITS, type Draw, HEX, LOWER, UPPER, URL64, uuid } from './draw.ts'

const p = (...parts: string[]) => parts.join('')

function base62(value: number): string {
  const alphabet = DIGITS + UPPER + LOWER
  let out = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) out = alphabet[rest % 62]! + out
  return out.padStart(6, '0')
}

/** prefix + random body + six characters of base62(crc32(body)): GitHub, npm, Vercel. */
const summed = (prefix: string, body: number) => (d: Draw) => {
  const text = d.chars(ALNUM, body)
  return prefix + text + base62(crc32(text))
}
const plainly = (prefix: string, alphabet: string, length: number) => (d: Draw) => prefix + d.chars(alphabet, length)
const json64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const hex8 = (value: number) => value.toString(16).padStart(8, '0')

/** Provider tokens by the name that templates use. */
export const tokens = {
  ghp: summed(p('gh', 'p_'), 30),
  gho: summed(p('gh', 'o_'), 30),
  ghs: summed(p('gh', 's_'), 30),
  ghpat: (d) => `${p('github', '_pat_')}${d.chars(UPPER + DIGITS, 22)}_${d.chars(ALNUM, 59)}`,
  npmtok: summed(p('np', 'm_'), 30),
  vercel: summed(p('vc', 'p_'), 50),
  glpat: plainly(p('gl', 'pat-'), URL64, 20),
  glptt: plainly(p('gl', 'ptt-'), HEX, 40),
  glrt: plainly(p('gl', 'rt-'), URL64, 20),
  awsId: plainly(p('AK', 'IA'), `${UPPER}234567`, 16),
  awsTmpId: plainly(p('AS', 'IA'), `${UPPER}234567`, 16),
  awsSecret: (d) => d.bytes(30).toString('base64'),
  awsSession: (d) => p('IQoJb3', 'JpZ2luX2Vj') + d.bytes(210).toString('base64'),
  openai: (d) => `${p('sk-', 'proj-')}${d.chars(URL64, 74)}${p('T3Blbk', 'FJ')}${d.chars(URL64, 74)}`,
  anthropic: (d) => `${p('sk-', 'ant-', 'api03-')}${d.chars(URL64, 93)}AA`,
  openrouter: plainly(p('sk-', 'or-v1-'), HEX, 64),
  slackBot: (d) => `${p('xo', 'xb-')}${d.chars('123456789', 12)}-${d.chars('123456789', 13)}-${d.chars(ALNUM, 24)}`,
  slackApp: (d) => `${p('xa', 'pp-')}1-A0${d.chars(UPPER + DIGITS, 9)}-${d.chars('123456789', 13)}-${d.chars(HEX, 64)}`,
  slackHook: (d) =>
    `${p('https://hooks.', 'slack.com/services/')}T0${d.chars(UPPER + DIGITS, 9)}/B0${d.chars(UPPER + DIGITS, 9)}/${d.chars(ALNUM, 24)}`,
  sendgrid: (d) => `${p('S', 'G.')}${d.chars(URL64, 22)}.${d.chars(URL64, 43)}`,
  stripe: plainly(p('sk_', 'live_', '51'), ALNUM, 97),
  stripeRk: plainly(p('rk_', 'live_', '51'), ALNUM, 97),
  whsec: plainly(p('wh', 'sec_'), ALNUM, 32),
  azureClient: (d) => `${d.chars(ALNUM, 3)}8${p('Q', '~')}${d.chars(`${ALNUM}_.-`, 33)}${d.chars(ALNUM, 2)}`,
  azureStorage: (d) => `${d.bytes(64).toString('base64')}`,
  gcpKey: plainly(p('AI', 'za'), ALNUM, 35),
  googClient: plainly(p('GOC', 'SPX-'), ALNUM, 28),
  yatok: (d) => `${p('ya', '29.')}a0${d.chars(URL64, 150)}`,
  hf: plainly(p('h', 'f_'), UPPER + LOWER, 34),
  pypi: (d) => `${p('py', 'pi-', 'AgEIcHlwaS5vcmc')}${d.chars(URL64, 140)}`,
  rubygems: plainly(p('ruby', 'gems_'), HEX, 48),
  discordBot: (d) =>
    `${Buffer.from(d.pick(['8', '9']) + d.chars(DIGITS, 17)).toString('base64url')}.G${d.chars(URL64, 5)}.${d.chars(URL64, 38)}`,
  discordHook: (d) => `${p('https://discord', '.com/api/webhooks/')}11${d.chars(DIGITS, 17)}/${d.chars(URL64, 68)}`,
  teamsHook: (d) =>
    `${p('https://acme.webhook', '.office.com/webhookb2/')}${uuid(d)}@${uuid(d)}/IncomingWebhook/${d.chars(HEX, 32)}/${uuid(d)}`,
  telegram: (d) => `6${d.chars(DIGITS, 9)}:${p('A', 'A')}${d.chars(URL64, 33)}`,
  twilioSid: plainly('AC', HEX, 32),
  twilioKey: plainly(p('S', 'K'), HEX, 32),
  mailchimp: (d) => `${d.chars(HEX, 32)}${p('-u', 's')}${d.below(20) + 1}`,
  mailgun: plainly(p('ke', 'y-'), HEX, 32),
  square: plainly(p('sq0', 'csp-'), URL64, 43),
  shopify: plainly(p('shp', 'at_'), HEX, 32),
  databricks: plainly(p('da', 'pi'), HEX, 32),
  grafana: (d) => {
    const head = p('gl', 'sa_') + d.chars(ALNUM, 32)
    const sum = Buffer.alloc(4)
    sum.writeUInt32LE(crc32(head))
    return `${head}_${sum.toString('hex')}`
  },
  vault: plainly(p('hv', 's.'), `${ALNUM}`, 90),
  postman: (d) => `${p('PM', 'AK-')}${d.chars(HEX, 24)}-${d.chars(HEX, 34)}`,
  atlassian: (d) => {
    const head = `${p('ATA', 'TT3', 'xFfGF0')}${d.chars(URL64, 172)}`
    return `${head}=${hex8(crc32(head)).toUpperCase()}`
  },
  digitalocean: plainly(p('dop', '_v1_'), HEX, 64),
  cloudflare: (d) => {
    const body = d.chars(ALNUM, 40)
    return p('cf', 'ut_') + body + hex8(crc32(body))
  },
  linear: plainly(p('lin', '_api_'), ALNUM, 40),
  newrelic: plainly(p('NR', 'AK-'), UPPER + DIGITS, 27),
  doppler: plainly(p('dp.', 'pt.'), ALNUM, 43),
  facebook: plainly(p('EA', 'A'), ALNUM, 170),
  dockerhub: plainly(p('dckr', '_pat_'), URL64, 27),
  brevo: (d) => `${p('xkey', 'sib-')}${d.chars(HEX, 64)}-${d.chars(ALNUM, 16)}`,
  alibaba: plainly(p('LT', 'AI5t'), ALNUM, 20),
  planetscale: plainly(p('pscale', '_pw_'), URL64, 43),
  dynatrace: (d) => `${p('dt0', 'c01.')}${d.chars(`${UPPER}234567`, 24)}.${d.chars(`${UPPER}234567`, 64)}`,
  mapbox: (d) => `${p('s', 'k.')}${json64({ u: 'acme', a: `cl${d.chars(LOWER + DIGITS, 22)}` })}.${d.chars(URL64, 22)}`,
  nuget: plainly(p('oy', '2'), LOWER + DIGITS, 43),
  sonar: plainly(p('sq', 'p_'), HEX, 40),
  netlify: plainly(p('nf', 'p_'), ALNUM, 36),
  notion: plainly(p('nt', 'n_'), ALNUM, 46),
  asana: (d) => `2/12${d.chars(DIGITS, 14)}/12${d.chars(DIGITS, 14)}:${d.chars(HEX, 32)}`,
  okta: plainly('00', URL64, 40),
  terraform: (d) => `${d.chars(ALNUM, 14)}${p('.atlas', 'v1.')}${d.chars(URL64, 67)}`,
  pulumi: plainly(p('pu', 'l-'), HEX, 40),
  hubspot: (d) => `${p('pat-', 'na1-')}${uuid(d)}`,
  groq: plainly(p('gs', 'k_'), ALNUM, 52),
  airtable: (d) => `${p('pa', 't')}${d.chars(ALNUM, 14)}.${d.chars(HEX, 64)}`,
  figma: plainly(p('fig', 'd_'), URL64, 40),
  onepassword: (d) =>
    p('op', 's_') +
    json64({
      signInAddress: 'acme.1password.example',
      userAuth: { method: 'SRPg-4096', alg: 'PBES2g-HS256', iterations: 650000, salt: d.chars(URL64, 22) },
      email: `${d.chars(LOWER, 12)}@1passwordserviceaccounts.example`,
      srpX: d.chars(HEX, 64),
      muk: { alg: 'A256GCM', k: d.chars(URL64, 43) },
      secretKey: `A3-${d.chars(UPPER, 6)}`,
      throttleSecret: { seed: d.chars(HEX, 64), uuid: d.chars(UPPER, 26) },
    }),
  launchdarkly: (d) => `${p('sd', 'k-')}${uuid(d)}`,
  plaid: (d) => `${p('access-', 'production-')}${uuid(d)}`,
  fly: (d) => `${p('Fly', 'V1 ', 'fm2_')}${d.bytes(120).toString('base64')}`,
  supabase: plainly(p('sb', 'p_'), HEX, 40),
  crates: plainly(p('ci', 'o'), ALNUM, 32),
  posthog: plainly(p('ph', 'x_'), ALNUM, 43),
  circleci: (d) => `${p('CCI', 'PAT_')}${d.chars(ALNUM, 22)}_${d.chars(HEX, 40)}`,
  tailscale: (d) => `${p('ts', 'key-', 'auth-')}k${d.chars(ALNUM, 10)}CNTRL-${d.chars(ALNUM, 32)}`,
  nvapi: plainly(p('nv', 'api-'), URL64, 64),
  replicate: plainly(p('r', '8_'), ALNUM, 37),
  razorpay: plainly(p('rzp', '_live_'), ALNUM, 14),
  resend: (d) => `${p('r', 'e_')}${d.chars(ALNUM, 8)}_${d.chars(ALNUM, 24)}`,
  pinecone: (d) => `${p('pc', 'sk_')}${d.chars(ALNUM, 6)}_${d.chars(ALNUM, 63)}`,
  langsmith: (d) => `${p('ls', 'v2_pt_')}${d.chars(HEX, 32)}_${d.chars(HEX, 10)}`,
  xai: plainly(p('xa', 'i-'), ALNUM, 80),
  openshift: plainly(p('sha', '256~'), URL64, 43),
  artifactory: plainly(p('AK', 'Cp8'), ALNUM, 69),
  jwt: (d) =>
    `${json64({ alg: 'HS256', typ: 'JWT' })}.${json64({ sub: d.chars(DIGITS, 8), scope: 'admin', iat: 1750000000 + d.below(9e6) })}.${d.chars(URL64, 43)}`,
  jwtRs: (d) =>
    `${json64({ alg: 'RS256', kid: d.chars(HEX, 16), typ: 'JWT' })}.${json64({ iss: 'https://id.acme.example', sub: uuid(d), aud: 'api', jti: uuid(d) })}.${d.chars(URL64, 342)}`,
  stripePk: plainly(p('pk_', 'live_', '51'), ALNUM, 97),
  posthogPub: plainly(p('ph', 'c_'), ALNUM, 43),
  awsDoc: () => p('AKIA', 'IOSFODNN7', 'EXAMPLE'),
  awsDocSecret: () => p('wJalrXUtnFEMI/K7MDENG', '/bPxRfiCY', 'EXAMPLEKEY'),
  jwtDoc: () =>
    p(
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
      '.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ',
      '.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
    ),
} satisfies Record<string, (d: Draw) => string>
