// What does a name say of its value? The noun at its end decides: `dbPassword` is a password, `passwordField` is
// a field, `public_key` is public. Works on any case convention by splitting the name into words.

import { clientPrefix } from './clients.ts'

export type NameMeaning = 'password' | 'secret' | 'token' | 'key'

/** The kind of secret that a name announces, or undefined: no secret, or none we would bet on. */
export function meaningOf(name: string): NameMeaning | undefined {
  const own = name.slice(name.lastIndexOf('.') + 1)
  const prefix = clientPrefix(own)
  const meaning = meaningOfNoun(prefix === undefined ? name : own.slice(prefix.length))
  // A key under a name that says it is public is public, unless the rest says otherwise: NEXT_PUBLIC_SERVICE_KEY.
  const isMeant = prefix?.endsWith('PUBLIC_') && (meaning === 'key' || meaning === 'token') && !guarded.test(own)
  return isMeant ? undefined : meaning
}

const guarded = /_(?:SECRET|PRIVATE|SERVICE|ADMIN|MASTER|SERVER|ROOT|SIGNING|ENCRYPTION|MANAGEMENT)_/

function meaningOfNoun(name: string): NameMeaning | undefined {
  const words = wordsOf(name)
  while (words.length > 1 && neutral.test(words.at(-1)!)) words.pop()
  const phrase = words.join(' ')
  if (harmless.test(phrase)) return undefined
  if (password.test(phrase)) return 'password'
  if (secret.test(phrase)) return 'secret'
  if (token.test(phrase)) return 'token'
  if (key.test(phrase)) return 'key'
  // An environment variable FOO_KEY is a key to something; a variable fooKey mostly indexes a table.
  return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_KEY$/.test(name) ? 'key' : undefined
}

const wordsOf = (name: string): string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase())

/** Words behind the noun that change nothing: `API_KEY_PROD`, `passwordValue`, `SECRET_1`. */
const neutral =
  /^(?:\d+|value|val|str|string|text|plain|plaintext|clear|raw|prod|production|dev|development|devel|test|testing|stage|staging|live|sandbox|local|default|old|new|current|previous|primary|secondary|base|base64|b64|hex|encoded|v\d*|here|override|admin|root|user)$/

/** What makes the noun mean something else. */
const harmless = new RegExp(
  [
    String.raw`\b(?:public|pub|gpg|pgp|csrf|xsrf|forgery|authenticity|nonce|request verification|publishable|anon|foreign|sort|partition|row|cache|idempotency|translation|i18n|lookup|map|dict|primary|unique|composite|query|object|index|page|next|prev|previous|continuation|continue|sync|cursor|cancel|cancellation|abort|syntax|lexer|parser|lex|injection|design|css|theme|style|keyboard|hot|shortcut|registry|group|order|sorting|react|element|node|json|yaml|xml|prop|property|field|column|attribute|attr|event|hash|hashed|digest|checksum|fingerprint|integrity|masked|redacted|dummy|fake|mock|sample|example|invalid|wrong|bad|show|hide|toggle|forgot|reset|confirm|change|update|verify|validate|check|is|has|no|use|require|required|enable|enabled|disable|with|without|max|min|num|count|total|site|recaptcha site|maven|artifact) (?:\w+ )?(?:key|token|secret|password|pass|pwd|credentials?)s?$`,
    String.raw`\bi? ?(?:by|bypass|compass|trespass|overpass|encompass|surpass|monkey|turkey|donkey|hotkey|whiskey|jockey)$`,
    '^(?:key|keys|tokens|auth|csrfmiddlewaretoken)$',
  ].join('|'),
)

const password =
  /(?:^| )(?:\w*(?:password|passwd|passwort|passphrase|passcode|pswd|pwd|kennwort|senha|wachtwoord|contrasena|passe|psk|heslo|haslo|clave|parola|parool|passord|losenord|salasana|sifre|jelszo|lozinka|adgangskode)|(?:db|database|user|my|admin|root|mysql|smtp|mail|email|ftp|ssh|redis|login|pg|require|store|key|keystore|truststore|cert|ldap|bind|proxy|http|wifi|wlan|vpn|rdp|sudo|become)?pass|(?:root|bind|admin|user|db)?pw|snmp community|(?:ro|rw|snmp)community|community string)$/
const secret =
  /(?:^| )(?:\w*secret|pepper|(?:auth|logged in|nonce|security|cookie|session|token|signing|app|hash ?ids?|jwt|secret|encryption|crypt) salt|(?:totp|otp|mfa|hmac|jwt|signing|master|encryption) seed|credentials?|secret ?(?:access )?key(?: base)?|\w*secretkey)$/
const token = /(?:^| )(?:\w*token|bearer|jwt|pat|(?:api|app) hash|(?:registry|basic|proxy|api|service|broker) auth)$/
const key =
  /(?:^| )(?:\w*apikey|(?:\w*api|app|application|access|auth|authorization|master|client|license|licence|service|account|shared|storage|webhook|server|rest|admin|root|deploy|write|ingest|aes|des|cipher|crypto|encrypt|encryption|decryption|sign|signing|signature|security|consumer|subscription|instrumentation|integration|developer|private|session|cookie|jwt|hmac|validation|machine|logged in|endpoint|routing) ?key(?: base)?)$/
