// Values that stand where a secret would: `YOUR_API_KEY_HERE`, `${VAR}`, `<token>`, `xxxx`, `changeme`, and the keys
// that vendors print in their own manuals. Silent, but counted.

import { isDocumented } from './examples.ts'
import { classes } from './randomness.ts'

export type Stopgap = 'placeholder' | 'documented example'

/**
 * Why this value is no secret, or undefined.
 * @param strength of its signature: `changeme1` is no token, and as a password it is somebody's default
 */
export function placeholder(value: string, strength: 'random' | 'guessable'): Stopgap | undefined {
  if (isDocumented(value)) return 'documented example'
  if (reference.test(value) || repeats(value)) return 'placeholder'
  // A random token that happens to hold "test" or "xxx" is still a token: only whole words between separators count.
  if (strength === 'random' ? spelledOut.test(value) : spelledOut.test(value) || isDummy(value)) return 'placeholder'
  return undefined
}

/** The password in the credentials of a Basic header (RFC 7617: `user:password` in base64); undefined for a token. */
export function basicPassword(credentials: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(credentials)) return undefined
  const decoded = Buffer.from(credentials, 'base64').toString('latin1')
  return /^[\x20-\x7e]{1,100}?:([\x20-\x7e]{3,})$/.exec(decoded)?.[1]
}

/** Shell, CI, template and markup references, and a value that is already masked. */
const reference =
  /\$\{|\$\(|\$\{\{|\{\{|\}\}|<%|%>|#\{|%\(\w+\)|^%[\w-]+%$|^\$\w+$|^<[^>]*>?$|^\[[^\]]*\]$|^\{\w*\}$|^@@?[\w-]+@?@?$|^__\w+__$|\.\.\.|…|\*{3,}|•|%[sdv](?![0-9A-Za-z])|^--?[A-Za-z][\w-]*$|\bREDACTED\b|\bMASKED\b|\[hidden\]/i

const spelledOut = new RegExp(
  [
    String.raw`(?:^|[-_.\s/<{[(])(?:your|my|the|insert|enter|put|replace|change|add|paste|fill)(?:[-_.\s]?(?:own|real|actual|secret|api|app|access|auth|client|private|db|database|user|admin|super|github|gitlab|aws|azure|google|openai|stripe|slack|npm))*[-_.\s]?(?:key|token|secret|password|passwd|pass|pwd|credentials?|value|id|this|me|here|it|with|in)(?:$|[-_.\s>}\])\d!])`,
    String.raw`(?:^|[-_.])(?:placeholder|changeme|change[-_]me|replaceme|replace[-_]me|todo|fixme|dummy|redacted|example|sample|notreal|not[-_]a[-_]real|fake|goes[-_]here|to[-_]be[-_]replaced)(?:$|[-_.\d])`,
    '(?:key|token|secret|password)[-_]?(?:goes[-_]?)?here$',
    'X{8,}|x{8,}|0{12,}|1234567890(?:abcdef|123456)|abcdefghijkl|ABCDEFGHIJKL|deadbeefdeadbeef|0123456789abcdef',
  ].join('|'),
  'i',
)

/** Words that people type where any password will do, alone or joined, with a few digits behind. */
const dummyWord =
  '(?:my|your|the|a|this|is|some|any|super|top|very|not|no|user|admin|root|guest|default|demo|test|testing|tester|example|sample|dummy|fake|mock|foo|bar|baz|qux|foobar|foobaz|abc|asdf|qwerty|changeit|change|changeme|me|it|placeholder|hello|world|password|passwd|passwort|passwords?|pass|word|passphrase|pwd|pw|secret|sekret|sooper|some|any|token|key|api|apikey|apitoken|auth|credential|string|value|null|undefined|none|nil|true|false|empty|required|optional|invalid|wrong|incorrect|bad|valid|correct|good|strong|weak|old|new|current|level|levels|real|here|username|login|letmein|welcome|postgres|mysql|mongo|mongodb|redis|rabbitmq|minio|minioadmin|docker|vagrant|ubuntu|nginx|local|localhost|hunter|hashed|encrypted|unit|e2e|ci|dev|prod|basic|bearer|access|refresh|client)'
const dummy = new RegExp(`^(?:${dummyWord}[-_. :!@#*]*|\\d{1,4}[-_. ]?){1,6}[!@#$%?*.]{0,3}$`, 'i')

/** `p4ssw0rd`, `P@$$word1`, `s3cr3t`: letters written as digits hide no word from anybody. */
const isDummy = (value: string): boolean =>
  dummy.test(value) || dummy.test(value.replace(/[013457@$](?=.*[a-z])/gi, asLetter))
const asLetter = (sign: string): string => letters.get(sign) ?? sign
const letters: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['@', 'a'],
  ['$', 's'],
])

/**
 * Dummy words, but with the digits, signs and capitals that a login form asks for: `SuperSecret123!` is what people
 * type, and now and then what they keep.
 */
export function isWeakPassword(value: string): boolean {
  if (value.length < 8 || isDocumented(value) || reference.test(value) || repeats(value) || spelledOut.test(value))
    return false
  const { digit, kinds } = classes(value)
  return digit > 0 && (kinds > 2 || /\d{4}/.test(value.replace(/1?2345?6?7?8?9?/, '')))
}

/** `xxxx`, `0000`, `abababab`: one or two characters, or one short piece over and over. */
function repeats(value: string): boolean {
  if (new Set(value).size <= 2) return true
  const body = value.replace(/^[A-Za-z]{1,12}[-_]/, '')
  return body.length >= 12 && /^(.{1,6}?)\1{3,}.{0,5}$/.test(body) && classes(body).kinds <= 2
}
