// Is this value a secret? Three questions over one string: is it code or a reference rather than a value, does it look
// drawn at random, does it look like a password somebody made up. All linear in its length, all without its context.

import { classes, entropy, wordLikeness } from './randomness.ts'

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Drawn at random, from `least` characters on: token characters only, enough entropy for the length, and pairs of
 * letters that no language puts together. Hashes, versions, dates, alphabets and encoded images are not.
 */
export function looksRandom(value: string, least: number): boolean {
  if (isNoise(value)) return true
  if (value.length < least || !/^[\w\-+/=.~:!@#$%^&*|?,;]+$/.test(value) || isKnownShape(value)) return false
  const { lower, upper, digit } = classes(value)
  const longest = Math.max(...value.split(/[^0-9A-Za-z+/]+/).map((run) => run.length))
  // Of base64url, dashes cut the runs short.
  const isMixed = value.length >= 20 && lower > 2 && upper > 2 && digit > 1
  if (longest < (isMixed ? 5 : Math.min(10, least))) return false
  if (/^(?:0x)?[0-9a-f]+$/i.test(value))
    return digit > 0 && lower + upper > 0 && value.length >= 16 && entropy(value) >= (value.length < 24 ? 2.5 : 2.9)
  if (digit === 0 && value.length < 20) return false
  const likeness = wordLikeness(value)
  const ceiling = digit === 0 ? -2 : value.length < 16 ? -1.4 : value.length < 24 ? -1 : -0.8
  return likeness < ceiling && entropy(value) >= 0.72 * Math.log2(Math.min(value.length, 64))
}

/** As many signs as letters and digits, and no word: a framework's key of 32 characters or more from all a keyboard has. */
export function isNoise(value: string): boolean {
  if (value.length < 32 || value.length > 128 || !/^[\x20-\x7e]+$/.test(value)) return false
  const { digit, other } = classes(value)
  return digit > 1 && other * 6 >= value.length && !/[A-Za-z]{6}|\s\s/.test(value) && entropy(value) >= 4.2
}

/** Three kinds of characters, digits among them: hardly prose, and hardly a name. */
export const looksMixed = (value: string, least: number): boolean => {
  const { digit, kinds } = classes(value)
  return value.length >= least && kinds > 2 && digit > 0
}

/**
 * Words that make a password: four of them or more under a name that says so, or four groups of four letters as mail
 * providers give them out to programs.
 */
export const looksLikePassphrase = (value: string, name: string): boolean =>
  /^[a-z]{4}(?: [a-z]{4}){3}$/.test(value)
    ? wordLikeness(value) < -1
    : /(?:phrase|secret)\w{0,8}$/i.test(name) &&
      value.length >= 20 &&
      (/^[a-z]{3,10}(?: [a-z]{3,10}){3,7}$/.test(value) ||
        (/^[a-z\d]{2,12}(?:[-_][a-z\d]{2,12}){3,}$/i.test(value) && /\d/.test(value) && /secret|key|sign/i.test(value)))

/** Made up by a person, from `least` characters on: kinds of characters mixed, and not simply words. */
export function looksLikePassword(value: string, least: number): boolean {
  if (value.length < least || value.length > 128 || /[\s\x00-\x1f\x7f]/.test(value)) return false
  const { digit, other, kinds } = classes(value)
  if (kinds < 2 || /^[\d.,:/-]+$/.test(value)) return false
  // Words joined by separators, or in camelCase, with at most one number: a label, a key, a file, an identifier.
  if (digit === 0 && /^[A-Za-z\x80-\xff]+(?:[-_.:/*=]+[A-Za-z\x80-\xff]+)*[.:!?*=/]*$/.test(value))
    // A word with an accent is a word of some language, a translation.
    return wordLikeness(value) < -2 && !/[\x80-\xff]/.test(value)
  if (/^[*.]|\.\*/.test(value)) return false
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return false
  if (/^[a-z]+\d{0,2}(?:[-_.:/][a-z]+\d{0,2})+$/i.test(value)) return wordLikeness(value) < -2
  return (digit > 0 || other > 0) && !isKnownShape(value) && !uuid.test(value)
}

/** A reference, an expression, a path or an address: says where the secret is, or nothing of one. */
export const looksLikeCode = (value: string): boolean =>
  code.test(value) || (dotted.test(value) && wordLikeness(value) > -1.5)

/** a.b.c, A::B, a->b: a member of something, unless its parts are drawn at random. */
const dotted = /^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/

const code = new RegExp(
  [
    String.raw`^(?:process\.env|os\.environ|import\.meta|System\.|env[.:[(]|ENV[.:[]|secrets?\.|vars?\.|var\.|local\.|data\.|module\.|self\.|this\.|config\.|settings?\.|options?\.|params?\.|args?\.|props\.|req(?:uest)?\.|res(?:ponse)?\.|user\.|ctx\.|context\.|state\.|vault:|arn:|ssm:|secretsmanager|file:|projects/|kms:|op://|ref\+|keyring:)`,
    // calls, indexing, arrows, generics
    String.raw`^[\w.$:>!*&-]*[A-Za-z_$]\w*[(\[{]`,
    String.raw`=>|\(\)|^\$[A-Za-z_{(]|\$\{|^\(|^\[|^\{`,
    // paths, addresses, selectors, regular expressions
    String.raw`^(?:\.{0,2}/|~/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*://|www\.|#[\w-]+$|\.[\w-]+$|\^)`,
    String.raw`\.(?:js|ts|tsx|jsx|json|ya?ml|txt|pem|key|crt|cert|p12|pfx|jks|html?|css|png|svg|md|py|go|rb|php|java|sh|env|toml|xml|cfg|conf)$`,
  ].join('|'),
)

const known = new RegExp(
  [
    '^(?:sha(?:1|224|256|384|512)|md5)[-:]',
    String.raw`^\$(?:2[abxy]?|1|5|6|y|argon2\w*|pbkdf2\S*|scrypt|apr1)\$`,
    String.raw`^v?\d+\.\d+`,
    String.raw`^\d{4}-\d\d(?:-\d\d)?`,
    // the header of a JSON Web Token, alone
    '^eyJ(?:hbGciOi|0eXAiOi)[\\w-]*=*$',
    '^data:|^iVBOR|^/9j/|^R0lGOD|^UklGR|^PHN2Zy|^AAAA[AB]|^d09G',
    String.raw`^[\w.+-]+@[\w-]+\.[\w.-]+$`,
    '^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){3,}$',
    String.raw`^(?:application|text|image|audio|video)/[\w.+-]+$`,
    // addresses of accounts and contracts
    '^0x[0-9a-f]{40}$|^bc1[a-z0-9]{39,59}$|^[a-z]{2,10}1[02-9ac-hj-np-z]{38,59}$',
    '^xn--|^[-_=+*.#/]+$|^0x[0-9a-f]{1,12}$',
  ].join('|'),
  'i',
)

const isKnownShape = (value: string): boolean => known.test(value) || isSequence(value)

/** `abcdefgh…`, `0123456789`, `aaaa…`: half of its characters follow their predecessor. */
function isSequence(value: string): boolean {
  let steps = 0
  for (let i = 1; i < value.length; i++) {
    const step = value.charCodeAt(i) - value.charCodeAt(i - 1)
    if (step === 1 || step === 0) steps++
  }
  return steps * 2 > value.length
}
