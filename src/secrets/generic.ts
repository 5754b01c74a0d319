// Secrets that no provider's shape gives away: what a name calls a password, secret, token or key, credentials in
// URLs, headers and command lines. Same form as the signatures of signatures/*.toml, plus `accepts`, the test of the
// value: a name alone is no secret. Precision lives in two questions: what does the name mean, what is the value.

import type { Signature } from '../types.ts'
import { argumentSignatures } from './arguments.ts'
import type { Assignment } from './assignment.ts'
import type { NameMeaning } from './names.ts'
import { basicPassword } from './placeholders.ts'
import { classes } from './randomness.ts'
import {
  isNoise,
  looksLikeCode,
  looksLikePassphrase,
  looksLikePassword,
  looksMixed,
  looksRandom,
  uuid,
} from './values.ts'

/** What was found, before it is judged. Anchored rules have no assignment around the value. */
export interface Found {
  readonly value: string
  readonly assignment?: Assignment
  /** The byte before it: what it stands behind. */
  readonly before?: string
}

export interface GenericSignature extends Signature {
  /** Bytes before the anchor that a lookbehind may read. */
  readonly lookBehind?: number
  /** By anchor, the source of the pattern that runs there in place of `pattern`. */
  readonly patterns?: ReadonlyMap<string, string>
  /** What an assignment's name must mean; `name` only says by which words it is found. */
  readonly meaning?: NameMeaning
  accepts(found: Found): boolean
}

export const isGeneric = (signature: Signature): signature is GenericSignature => 'accepts' in signature

const any = /(?<secret>[\s\S]+)/
const bearerSecret = String.raw`(?<secret>[0-9A-Za-z_\-.~+/]{16,400}={0,2})(?![0-9A-Za-z_\-.~+/=])`

export const genericSignatures: readonly GenericSignature[] = [
  {
    id: 'generic-password',
    title: 'Password in clear',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    name: /pass|pwd|pswd|pw$|psk|community|kennwort|senha|wachtwoord|contrasena|heslo|haslo|clave|parola|parool|passord|losenord|salasana|sifre|jelszo|lozinka|adgangskode/i,
    pattern: any,
    meaning: 'password',
    accepts: named(({ form, name }, value) => {
      // A test passes, a pass is passed: alone the short name convinces only with a value that is nothing else.
      if (/(?:^|[.])(?:pass|pw)$/i.test(name) && classes(value).kinds < 3) return false
      if (form === 'other' || form === 'prose') return looksMixed(value, 8) && looksLikePassword(value, 8)
      return looksLikePassword(value, form === 'line' || form === 'string' ? 6 : 5) || looksLikePassphrase(value, name)
    }),
    why: 'Whoever can read this file, or any clone of it, can log in with it; passwords are also used in more than one place.',
    fix: 'Change the password where it is used, read it from the environment or a secret store, then remove it here.',
    matches: [
      parts('db_password = "', 'tr0ub4dor&3x', '"'),
      parts('  "smtpPassword": "', 'vR7-kitchen!', '",'),
      parts('DB_PASS=', 'q9Xw-77blue\n'),
      parts('<password>', 'Zeppelin_1937', '</password>'),
      parts('mysqldump --password=', 'wombat4711 shop'),
      parts('- name: POSTGRES_PASSWORD\n  value: "', 'green8Tractor', '"'),
      parts('Server=db;User Id=app;Password=', 'n0rthWind7;'),
    ],
    ignores: [
      'password = "password"',
      'passwordLabel: "Enter 8 characters"',
      'const password = getPassword(user1)',
      'password: string;',
      '<input type="password" id="password2">',
      "password: 'auth.errors.password2.required'",
      'db_password = "/run/secrets/db_password1"',
      'compass: "north4West"',
      'passwordHash = "$2b$10$abc"',
    ],
  },
  {
    id: 'generic-secret',
    title: 'Secret in clear',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    name: /secret|cred|pepper|_salt|otp_seed|mfa_seed|hmac_seed|jwt_seed|signing_seed|master_seed|encryption_seed/i,
    pattern: any,
    meaning: 'secret',
    accepts: named(({ form, name }, value) =>
      form === 'other' || form === 'line' || form === 'prose'
        ? looksRandom(value, 12) || (form === 'line' && looksLikePassphrase(value, name))
        : looksRandom(value, 10) || uuid.test(value) || looksLikePassphrase(value, name),
    ),
    why: 'A shared secret lets whoever knows it sign, encrypt or log in as you.',
    fix: 'Make a new one where it is used, read it from the environment or a secret store, then remove it here.',
    matches: [
      parts('client_secret: "', 'b7Kq29xLwPz04TnE', '"'),
      parts('os.environ["APP_SECRET"] = "', '9f8a6c1e4b2d7f0a3c5e', '"'),
      parts("app.use(session({ secret: '", 'xJ7qPd93kLmZ2v', "' }))"),
    ],
    ignores: [
      'secret: "keyboard cat"',
      'secretName: "my-app-tls-2024"',
      'client_secret = process.env.CLIENT_SECRET2',
      'secret: "projects/1/secrets/db/versions/2"',
    ],
  },
  {
    id: 'generic-token',
    title: 'Access token in clear',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    name: /token|auth|jwt|_pat|api_hash|apihash|app_hash/i,
    pattern: any,
    meaning: 'token',
    accepts: named(
      ({ form, name }, value) =>
        looksRandom(value, 16) ||
        (/auth$/i.test(name) && looksLikeLogin(value)) ||
        ((form === 'line' || form === 'quoted') && tokenOf.test(name) && uuid.test(value)),
    ),
    why: 'A token is a login without a password: whoever holds it acts as you until it is revoked.',
    fix: 'Revoke it where it was issued, read the new one from the environment or a secret store, remove it here.',
    matches: [
      parts('ACCESS_TOKEN=', 'v2x81mQz07LrTkW5pYbN\n'),
      parts('schemaRegistryAuth = "ingest:', 'h4rv3stM00n', '"'),
      parts('headers: { "X-Auth-Token": "', '4c9e1b7a0d5f82364c9e1b7a', '" }'),
      parts('https://api.example/v1?access_token=', 'k29Xq7LmPw04ZrTn&limit=1'),
    ],
    ignores: [
      'csrf_token = "v2x81mQz07LrTkW5pYbN"',
      'token_type: "bearer"',
      'proxyAuth = "host7:8080"',
      'nextPageToken: "v2x81mQz07LrTkW5pYbN"',
      'token = tokenizer.next_token_from_buffer2()',
      'max_tokens: 4096',
    ],
  },
  {
    id: 'generic-api-key',
    title: 'API key in clear',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    name: /key/i,
    pattern: any,
    meaning: 'key',
    // git's signing key is the id of a public one.
    accepts: named(
      ({ form, name }, value) =>
        (looksRandom(value, form === 'other' ? 20 : 16) || uuid.test(value)) &&
        !(/signing_?key$/i.test(name) && /^[\dA-F]{16}(?:[\dA-F]{24})?$/.test(value)),
    ),
    why: 'An API key is a login without a person: whoever holds it uses the service in your name, and at your cost.',
    fix: 'Make a new key at the service, read it from the environment or a secret store, revoke this one, remove it here.',
    matches: [
      parts('apiKey: "', '8fK2mQx7Zp0LrT4w', '"'),
      parts('X-API-Key: ', '3f9d2c8b7a1e4d6f3f9d2c8b7a1e4d6f\n'),
      parts('ENCRYPTION_KEY=', 'Zx81mQv07LrTkW5pYbN2\n'),
    ],
    ignores: [
      'public_key = "8fK2mQx7Zp0LrT4w8fK2"',
      'apiKey: "YOUR_API_KEY_HERE"',
      'api_key_id = "8fK2mQx7Zp0LrT4w"',
      'cacheKey: "3f9d2c8b7a1e4d6f3f9d2c8b7a1e4d6f"',
      'sortKey: "createdAt_2024_index_v2"',
    ],
  },
  {
    id: 'url-credentials',
    title: 'Credentials in a URL',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    anchors: ['://'],
    after: 256,
    pattern:
      /:\/\/(?:[^\s:/?#@"'`<>\\[\](){}|,;]{0,64}:(?=[^\s:/?#@"'`<>\\|]{3,128}@)|(?=[\w-]{20,128}@(?![\w.-]{0,60}(?:sentry|ingest|bugsnag))))(?<secret>[^\s:/?#@"'`<>\\|]{3,128})@[\w[](?:[\w.-]{1,100})(?![\w.-])/,
    // Without a colon ahead of it, it is the user: a token, where it is drawn at random.
    accepts: ({ value, before }) =>
      before === '/'
        ? looksRandom(value, 20)
        : !looksLikeCode(value) && !/^[a-z]{1,12}$|^[{(].*[)}]$|^[\d.]+$/i.test(value),
    why: 'User name and password stand in the address: logs, error messages and browser histories repeat it.',
    fix: 'Change the password, give the address without it, and pass the credentials from the environment.',
    matches: [
      parts('postgres://shop:', 'h4rv3stM00n', '@db.internal:5432/shop'),
      parts('git clone https://ci:', '7Kq29xLwPz04', '@git.example/team/app.git'),
    ],
    ignores: [
      'https://user:password@host/',
      'postgres://postgres:postgres@localhost/test',
      'http://localhost:8080/@scope/name',
      'https://${USER}:${PASS}@git.example/',
      'https://example.org:443/a@b',
    ],
  },
  {
    id: 'dsn-credentials',
    title: 'Credentials in a data source name',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    anchors: ['@tcp(', '@unix('],
    lookBehind: 140,
    after: 8,
    pattern: /(?<=(?<![\w.-])[\w.-]{1,40}:(?<secret>[^\s:@/"'`]{3,80}))@(?:tcp|unix)\(/,
    accepts: ({ value }) => looksLikePassword(value, 4) && !looksLikeCode(value),
    why: 'User name and password stand in the address of the database: logs and error messages repeat it.',
    fix: 'Change the password, and build the data source name from the environment.',
    matches: [
      parts('dsn := "shop:', 'h4rv3stM00n', '@tcp(db:3306)/shop"'),
      parts('shop:', '7Kq29xLwPz04', '@unix(/run/m.sock)/shop'),
    ],
    ignores: [
      'dsn := user + ":" + password + "@tcp(db:3306)/shop"',
      'root:root@tcp(localhost)/test',
      '%s:%s@tcp(%s)/%s',
    ],
  },
  {
    id: 'authorization-header',
    title: 'Authorization header with credentials',
    severity: 'high',
    confidence: 'medium',
    strength: 'guessable',
    anchors: ['uthorization', 'UTHORIZATION', 'Bearer ', 'bearer ', 'Basic '],
    after: 440,
    pattern: new RegExp(
      String.raw`(?:uthorization[\\\"'\s:=,({[]{1,16}|UTHORIZATION[\"'\s:=]{1,8})?(?:[A-Z][A-Za-z-]{2,15}|bearer|basic|token) {1,2}${bearerSecret}`,
    ),
    accepts: ({ value }) => basicPassword(value) !== undefined || looksRandom(value, 20),
    why: 'The header is the login: whoever copies it is you until the token is revoked or the password changed.',
    fix: 'Revoke the token or change the password, and build the header from the environment.',
    matches: [
      parts('Authorization: Bearer ', 'm2x81mQz07LrTkW5pYbNq3'),
      parts("headers.set('Authorization', 'Basic ", 'c2hvcDpoNHJ2M3N0TTAwbg==', "')"),
    ],
    ignores: ['Authorization: Bearer <token>', 'Basic authentication_with_username', 'Bearer access_token_from_login'],
  },
  {
    id: 'session-cookie',
    title: 'Session cookie',
    severity: 'medium',
    confidence: 'medium',
    strength: 'random',
    anchors: [
      'Cookie: ',
      'cookie: ',
      'COOKIE: ',
      'Cookie": ',
      "Cookie': ",
      "Cookie', ",
      'Cookie", ',
      'cookie", ',
      "cookie', ",
    ],
    after: 512,
    pattern:
      /\w{6}["']?[:,] ["'`]?(?:[\w.-]{1,40}=[^\s;"'`]{0,160}; ?){0,8}?(?:[\w.-]{0,24}(?:[sS]ession|SESSION|[sS]ess|SESS|[sS]id|SID)(?:[_-]?[iI][dD])?|[\w-]{0,16}[aA]uth[\w-]{0,16})=(?<secret>[\w%.:+/=~-]{16,300})(?=[;\s"'`]|$)/,
    accepts: ({ value }) => looksRandom(value.replace(/^s%3A/, ''), 20),
    why: 'Until the session ends, whoever sends the cookie is logged in as that person.',
    fix: 'End the session at the server, and remove the cookie here.',
    matches: [
      parts('Cookie: lang=en; sessionid=', 'b7kq29xlwpz04tneb7kq29xl', '; a=b\n'),
      parts("headers: { Cookie: 'PHPSESSID=", '9f8a6c1e4b2d7f0a3c5e9f8a6c', "' }"),
    ],
    ignores: [
      'Cookie: lang=en; theme=dark',
      'Cookie: sessionid=<your session>',
      'cookie: "session=abcdefghijklmnopqrst"',
    ],
  },
  {
    id: 'commented-private-key',
    title: 'Private key of a wallet',
    severity: 'critical',
    confidence: 'medium',
    strength: 'random',
    anchors: ['rivate key', 'rivate Key', 'RIVATE KEY'],
    lookBehind: 160,
    after: 16,
    pattern:
      /(?<=["'](?<secret>0x[\da-fA-F]{64})["'][,;)]{0,2}[ \t]{0,8}(?:#|\/\/|--)[^\n]{0,48}[pP])(?:rivate [kK]ey|RIVATE KEY)/,
    accepts: ({ value }) => looksRandom(value, 64),
    why: 'Whoever knows it owns what the account holds, for ever.',
    fix: 'Move the funds to a new account at once: a key cannot be changed. Keep the new one in a wallet or a key store.',
    matches: [
      parts(
        'DEPLOYER = "0x',
        '9f8a6c1e4b2d7f0a3c5e9f8a6c1e4b2d7f0b3c5e',
        '9f8a6c1e4b2d7f0a3c5e9f8a',
        '"  # private key of the deployer',
      ),
      parts(
        "const owner = '0x",
        '9f8a6c1e4b2d7f0a3c5e9f8a6c1e4b2d7f0b3c5e',
        '9f8a6c1e4b2d7f0a3c5e9f8a',
        "'; // the private key",
      ),
    ],
    ignores: [
      parts('HASH = "0x', '9f8a6c1e4b2d7f0a3c5e9f8a6c1e4b2d7f0b3c5e', '9f8a6c1e4b2d7f0a3c5e9f8a', '"\n# private key'),
      'KEY = "0xabc" # private key',
    ],
  },
  ...argumentSignatures,
]

/** `user:password` under a name that ends in `auth`. */
const looksLikeLogin = (value: string): boolean => {
  const password = /^[\w.@-]{1,40}:([^:\s]{8,80})$/.exec(value)?.[1]
  return password !== undefined && looksMixed(password, 8) && looksLikePassword(password, 8)
}

/** A UUID under `token` alone mostly names something. */
const tokenOf = /(?:auth|access|api|bearer|secret|deploy|service)[_.-]?token$/i

/** The cheapest question first, and the one that refuses most. */
function named(accepts: (assignment: Assignment, value: string) => boolean): GenericSignature['accepts'] {
  return ({ value, assignment }) =>
    assignment !== undefined && accepts(assignment, value) && (isNoise(value) || !looksLikeCode(value))
}

/** Joined here, so that no line of this file is a finding. */
function parts(...pieces: string[]): string {
  return pieces.join('')
}
