// The calls by which people take strings apart and put them together again, on constant values: join, concat, reverse,
// replace, slice, atob, Buffer.from, fromCharCode. Own code of a few lines each, because nothing of a scanned program
// may run.

/** Strings hold one byte a character, as the text does: UTF-8 stays UTF-8. */
export type Value = string | number | readonly Value[]

/** Characters of a string and elements of an array: a PEM key of 8,192 bits has 6,400. */
export const longest = 16_384

type Made = { readonly value: Value; readonly step: string } | undefined
export type Call = (given: readonly Value[]) => Made
type Method<T> = (target: T, ...given: readonly Value[]) => Made

/** Whatever stands ahead of the dot in the names of `functions`. */
export const statics: ReadonlySet<string> = new Set([
  ...['Buffer', 'String', 'Uint8Array', 'Array', 'string', 'strings', 'fmt', 'base64', 'Base64', 'bytes', 'binascii'],
])

const characters = (codes: readonly Value[]): Made =>
  codes.every((code) => typeof code === 'number')
    ? { value: codes.map(character).join(''), step: 'character codes' }
    : undefined

const same: Call = ([value]) => (value === undefined ? undefined : { value, step: '' })
const listJoined: Call = ([separator, ...rest]) =>
  separator === undefined ? undefined : joined(typeof rest[0] === 'object' ? rest[0] : rest, separator)
const strung: Call = (values) => joined(values.flat() as Value[], '')
const fromBase64: Call = ([text]) => decoded(text, 'base64')
const fromHex: Call = ([text]) => decoded(text, 'hex')
const backwards: Call = ([text]) =>
  typeof text === 'string' ? { value: [...text].reverse().join(''), step: 'reversed' } : undefined
const bytesOf: Call = ([value]) => (typeof value === 'object' ? { value, step: '' } : undefined)

export const functions: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['atob', ([text]) => decoded(text, 'base64')],
  // PHP, Java, C#, Go, Python, Ruby, Rust
  ['implode', listJoined],
  ['String.join', listJoined],
  ['string.Join', listJoined],
  ['strings.Join', ([list, separator]) => listJoined([separator ?? '', list ?? []])],
  ['String.Concat', strung],
  ['string.Concat', strung],
  ['concat', strung],
  ['format', formatted],
  ['sprintf', formatted],
  ['fmt.Sprintf', formatted],
  ['String.format', formatted],
  ['string.Format', formatted],
  ['strrev', backwards],
  ['base64_decode', fromBase64],
  ['b64decode', fromBase64],
  ['base64.b64decode', fromBase64],
  ['base64.urlsafe_b64decode', fromBase64],
  ['Base64.decode64', fromBase64],
  ['Base64.strict_decode64', fromBase64],
  ['hex2bin', fromHex],
  ['bytes.fromhex', fromHex],
  ['binascii.unhexlify', fromHex],
  ['StringBuilder', ([text]) => ({ value: typeof text === 'string' ? text : '', step: '' })],
  ['unescape', ([text]) => decoded(text, 'percent')],
  ['decodeURI', ([text]) => decoded(text, 'percent')],
  ['decodeURIComponent', ([text]) => decoded(text, 'percent')],
  ['String', same],
  ['Uint8Array', bytesOf],
  ['Uint8Array.from', bytesOf],
  ['Array.from', ([value]) => (typeof value === 'string' ? { value: [...value], step: '' } : bytesOf([value!]))],
  ['Array.of', (values) => ({ value: values, step: '' })],
  ['String.fromCharCode', characters],
  ['String.fromCodePoint', characters],
  [
    'Buffer.from',
    ([value, encoding]) => (typeof value === 'object' ? characters(value) : decoded(value, encoding ?? 'utf8')),
  ],
])

export const stringMethods: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ['concat', (target, ...rest) => joined([target, ...rest], '')],
  ['append', (target, ...rest) => joined([target, ...rest], '')],
  ['join', (target, list) => (typeof list === 'object' ? joined(list, target) : undefined)],
  ['format', (target, ...rest) => formatted([target, ...rest])],
  ['decode', (target) => ({ value: target, step: '' })],
  ['encode', (target) => ({ value: target, step: '' })],
  [
    'split',
    (target, separator) => (typeof separator === 'string' ? { value: target.split(separator), step: '' } : undefined),
  ],
  ['replace', (target, from, to) => replaced(target, from, to, false)],
  ['replaceAll', (target, from, to) => replaced(target, from, to, true)],
  ['toString', (target, encoding = 'utf8') => encoded(target, encoding)],
  ['slice', (target, from, to) => cut(target, from, to)],
  ['substring', (target, from, to) => cut(target, from, to)],
  ['trim', (target) => ({ value: target.trim(), step: '' })],
])

/** Ruby's calls without parentheses. */
export const bareCalls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['join', ([list]) => (typeof list === 'object' ? joined(list, '') : undefined)],
  [
    'reverse',
    ([target]) =>
      typeof target === 'object' ? { value: [...target].reverse(), step: 'reversed' } : backwards([target!]),
  ],
])

export const arrayMethods: ReadonlyMap<string, Method<readonly Value[]>> = new Map<string, Method<readonly Value[]>>([
  ['join', (target, separator = ',') => joined(target, separator)],
  ['reverse', (target) => ({ value: [...target].reverse(), step: 'reversed' })],
  ['concat', (target, ...rest) => ({ value: [...target, ...rest.flat()], step: '' })],
])

function joined(values: readonly Value[], separator: Value): Made {
  if (typeof separator !== 'string' || values.some((value) => typeof value === 'object')) return undefined
  return { value: values.join(separator), step: 'array join' }
}

/** `%s%s`, `{}{}`, `{0}{1}`: every place filled, in order. */
function formatted([pattern, ...given]: readonly Value[]): Made {
  if (typeof pattern !== 'string' || given.length === 0) return undefined
  const parts = pattern.split(/%[sdv]|\{\d*\}/)
  if (parts.length !== given.length + 1 || given.some((value) => typeof value === 'object')) return undefined
  return { value: parts.map((part, i) => part + (given[i] ?? '')).join(''), step: 'format' }
}

const cut = (target: string, from: Value | undefined, to: Value | undefined): Made =>
  typeof from === 'number' && (to === undefined || typeof to === 'number')
    ? { value: target.slice(from, to), step: 'slice' }
    : undefined

export const safePattern = /^\/((?:\\?[-\w~!@#%&=:;,<> .$|*]|\[[^\]\\^]+\])\+?)\/(g?)$/

function replaced(target: string, from: Value | undefined, to: Value | undefined, all: boolean): Made {
  if (typeof from !== 'string' || typeof to !== 'string' || from === '') return undefined
  const value = all ? target.split(from).join(to) : target.replace(from, () => to)
  return { value, step: 'replace' }
}

function decoded(text: Value | undefined, encoding: Value): Made {
  if (typeof text !== 'string' || typeof encoding !== 'string') return undefined
  const name = encoding.toLowerCase().replace('base64url', 'base64')
  if (name === 'base64' || name === 'hex') return { value: Buffer.from(text, name).toString('latin1'), step: name }
  if (name !== 'percent') return { value: text, step: '' }
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return { value: plain, step: 'percent-encoding' }
}

const encoded = (text: string, encoding: Value): Made =>
  typeof encoding === 'string' && /^(?:utf-?8|ascii|latin1|binary)$/i.test(encoding)
    ? { value: text, step: '' }
    : undefined

/** One byte a character: what does not fit stands in UTF-8. */
export const character = (code: number): string =>
  code >= 0 && code <= 0x10ffff
    ? code < 128
      ? String.fromCharCode(code)
      : Buffer.from(String.fromCodePoint(code)).toString('latin1')
    : ''

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' }

/** A literal's inside with its escapes resolved. */
export function cook(source: string): string {
  if (!source.includes('\\')) return source
  return source.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|\r?\n|([\s\S]))/gi,
    (_, byte?: string, unit?: string, point?: string, single?: string) => {
      const digits = byte ?? unit ?? point
      if (digits !== undefined) return character(Number.parseInt(digits, 16))
      return single === undefined ? '' : Object.hasOwn(controls, single) ? controls[single]! : single
    },
  )
}

/** `left + right`. */
export function add(left: Value, right: Value): Value | undefined {
  if (typeof left === 'object' || typeof right === 'object') return undefined
  if (typeof left === 'number' && typeof right === 'number') return left + right
  const sum = String(left) + String(right)
  return sum.length > longest ? undefined : sum
}
