// Gives text back with everything replaced that should not leave the house: secrets, passwords in connection strings,
// private keys, internal addresses and hosts, e-mail addresses, card numbers. What stands in is of the same shape, the
// same for the same value, and the map leads back. Here an unsure finding counts: a needless stand-in costs a reader a
// moment, a missed secret is gone. Whatever is found once is looked for everywhere, encoded too. Pure.

import type { Span } from '../redact.ts'
import type { Signature } from '../types.ts'
import { deriveCandidates } from './derive.ts'
import { settle } from './filters.ts'
import type { Candidate, Matcher } from './match.ts'
import { pathKind } from './paths.ts'
import { placeholder } from './placeholders.ts'
import { privateSpans } from './private-data.ts'
import { type RedactedKind, StandIns } from './stand-ins.ts'
import { decodeText, shippedMatcher } from './text.ts'
import { encodings, type Place, Values } from './whereabouts.ts'

export interface Source {
  /** UTF-8, UTF-16 with a byte order mark (then UTF-8 comes back), or anything else that is text. */
  readonly bytes: Buffer
  /** Says what kind of file it is. */
  readonly path?: string
}

export interface Redaction {
  /** In the order of the sources. */
  readonly texts: readonly Buffer[]
  /** Stand-in → the value as it stood in the text. The values in clear: for a local file at most. */
  readonly map: ReadonlyMap<string, string>
  /** Places replaced, by kind. */
  readonly counts: Readonly<Record<RedactedKind, number>>
}

export interface RedactOptions {
  readonly matcher: Matcher
  /** Candidates that stand in the text encoded or cut in parts, besides those that `matcher` gave. */
  readonly derive?: (matcher: Matcher, bytes: Buffer, path: string | undefined, plain: Candidate[]) => readonly Hidden[]
}

/** `elsewhere`: pieces of its value that stand outside of [start, end). */
export type Hidden = Candidate & { readonly elsewhere?: readonly Span[] }

/** One call is one world: a value has the same stand-in in all of its texts. Never throws. */
export function redactText(sources: readonly Source[], options: RedactOptions): Redaction {
  const texts = sources.map(({ bytes }) => decodeText(bytes).toString('latin1'))
  const finds = sources.map(({ path }, index) => findsOf(texts[index]!, path, options))
  const values = new Values()
  const prefixes = new Map<string, string>()
  for (const { pieces, decoded } of finds) {
    for (const { value, kind, prefix } of pieces) {
      values.add(value, kind)
      for (const encoded of encodings(value)) values.add(encoded, kind)
      if (prefix !== undefined) prefixes.set(value, prefix)
    }
    for (const value of decoded) values.add(value, 'secret')
  }
  const standIns = new StandIns(texts)
  const counts = { secret: 0, address: 0, host: 0, email: 0, card: 0 }
  const replaced = texts.map((text, index) => {
    let result = ''
    let position = 0
    for (const { start, end, kind } of united(text, [...finds[index]!.pieces, ...values.in(text)])) {
      const value = text.slice(start, end)
      result += text.slice(position, start) + standIns.of(value, kind, prefixes.get(value))
      position = end
      counts[kind]++
    }
    return Buffer.from(result + text.slice(position), 'latin1')
  })
  return { texts: replaced, map: utf8(standIns.values), counts }
}

/**
 * One text, for the public API.
 * @throws AuditError SIGNATURE_INVALID if the shipped signatures cannot be used
 */
export function redact(
  text: string,
  options: { readonly path?: string } & Partial<RedactOptions> = {},
): Omit<Redaction, 'texts'> & { readonly text: string } {
  const { path, matcher = shippedMatcher(), derive = deriveCandidates } = options
  const source = { bytes: Buffer.from(text), ...(path !== undefined && { path }) }
  const { texts, map, counts } = redactText([source], { matcher, derive })
  return { text: texts[0]!.toString(), map, counts }
}

/** The way back: every stand-in of the map becomes its value again, in one pass. */
export function restoreText(text: string, map: ReadonlyMap<string, string>): string {
  if (map.size === 0) return text
  const longestFirst = [...map.keys()].sort((a, b) => b.length - a.length)
  const pattern = longestFirst.map((standIn) => standIn.replaceAll(/[^\w]/g, '\\$&')).join('|')
  return text.replaceAll(new RegExp(`(?:${pattern})(?!\\d)`, 'g'), (standIn) => map.get(standIn)!)
}

const utf8 = (values: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...values].map(([standIn, value]) => [standIn, Buffer.from(value, 'latin1').toString()]))

interface Piece extends Place {
  readonly value: string
  readonly prefix?: string
}

interface Finds {
  readonly pieces: readonly Piece[]
  /** Secrets that stand in the text encoded, or cut in parts. */
  readonly decoded: readonly string[]
}

function findsOf(text: string, path: string | undefined, { matcher, derive }: RedactOptions): Finds {
  const bytes = Buffer.from(text, 'latin1')
  const { program } = pathKind(path, bytes)
  const pieces: Piece[] = []
  const decoded: string[] = []
  const add = (span: Span, kind: RedactedKind, signature?: Signature): void => {
    const start = afterEscape(text, span.start)
    const value = text.slice(start, span.end)
    if (value === '') return
    const prefix = signature && start === span.start ? prefixOf(value, signature) : undefined
    pieces.push({ start, end: span.end, kind, value, ...(prefix !== undefined && { prefix }) })
  }
  const plain = matcher.match(bytes)
  const candidates: readonly Hidden[] = [...plain, ...(derive?.(matcher, bytes, path, plain) ?? [])]
  for (const candidate of worthHiding(candidates, bytes, program, matcher)) {
    const split = candidate.value !== text.slice(candidate.start, candidate.end)
    const whole = !split && !isKey(candidate)
    const spans = whole ? [candidate] : [...literalsOf(text, withoutFrame(candidate, split), candidate.start)]
    for (const place of candidate.elsewhere ?? []) spans.push(...literalsOf(text, place))
    for (const span of spans) add(span, 'secret', matcher.signatures.get(candidate.rule))
    if (split) decoded.push(candidate.value)
  }
  for (const span of [...keyBodies(text), ...urlPasswords(text)]) add(span, 'secret')
  for (const span of privateSpans(text, program)) add(span, span.kind)
  return { pieces, decoded }
}

/**
 * What the filters let pass, without the exceptions that a scan makes for lockfiles, bundles and allow comments; each
 * candidate for itself, for one that loses its place to a more specific one may still reach farther than that.
 */
function* worthHiding(
  candidates: readonly Hidden[],
  bytes: Buffer,
  program: boolean,
  { signatures }: Matcher,
): Generator<Hidden> {
  const around = { bytes: bytes.subarray(0, 0), signatures, inlineAllow: false }
  for (const candidate of candidates) {
    const expression = program && (candidate.form === 'line' || candidate.form === 'other')
    if (expression && 'accepts' in signatures.get(candidate.rule)!) continue
    if (settle([candidate], around).settled.length > 0) yield candidate
  }
}

const isKey = ({ value }: Candidate): boolean => value.startsWith(keyStart)
const keyStart = '-----BEGIN '
const keyHeader = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g

/** A key's header and footer say what it is and stay. */
function withoutFrame({ start, end, value }: Candidate, split: boolean): Span {
  if (split || !value.startsWith(keyStart)) return { start, end }
  const footer = value.indexOf('-----END', keyStart.length)
  const body = value.indexOf('-----', keyStart.length) + 5
  return { start: start + body, end: footer === -1 ? end : start + footer }
}

/** Also the keys that are too short, too odd or too cut off for a signature. */
function* keyBodies(text: string): Generator<Span> {
  for (const { 0: header, index } of text.matchAll(keyHeader)) {
    const start = index + header.length
    const next = text.indexOf('-----', start)
    const closed = next !== -1 && text.startsWith('-----END', next)
    const body = text.slice(start, closed ? next : start + longestKey)
    const shape = closed ? /^[\w+/=\s\\"'`,:.()-]*$/.exec(body) : /^(?:(?:\s|\\[nr])*[0-9A-Za-z+/=]{40,})+/.exec(body)
    if (shape !== null && /[0-9A-Za-z+/=]{16}/.test(body))
      yield* literalsOf(text, { start, end: start + shape[0].length }, index)
  }
}

const longestKey = 16_384

/**
 * A secret that spans several literals (`'a' + 'b'`, `['a', 'b'].join('')`) is replaced literal by literal, so that
 * the code around them still parses.
 * @param from where the first literal would begin, if `start` stands within it
 */
function* literalsOf(text: string, { start, end }: Span, from = start): Generator<Span> {
  const before = text[from - 1] ?? ''
  let quote = quotes.includes(before) ? before : ''
  const whole = trimmed(text, start, end)
  const many = [...text.slice(start, end)].filter((character) => quotes.includes(character)).length > 1
  if (!many) return yield* whole
  let at = start
  for (let i = start; i <= end; i++) {
    const character = i === end ? quote : text[i]!
    if (quote === '' ? !quotes.includes(character) : character !== quote || text[i - 1] === '\\') continue
    if (quote !== '') yield* trimmed(text, at, i)
    quote = quote === '' ? character : ''
    at = i + 1
  }
}

const quotes = '"\'`'

/** Without the line breaks at its ends, written as such or as escapes; nothing where nothing else stands. */
function trimmed(text: string, start: number, end: number): readonly Span[] {
  const value = text.slice(start, end)
  const lead = /^(?:\s|\\[nrt])*/.exec(value)![0].length
  const trail = /(?:\s|\\[nrt])*$/.exec(value.slice(lead))![0].length
  return lead === value.length ? [] : [{ start: start + lead, end: end - trail }]
}

const urlPassword = /(?<=:\/\/[^\s:/?#@"'`<>]{0,128}:)(?:[^\s/@"'`<>\\]|\\["'`\\]){1,256}(?=@)/g

/** Of any length and kind, on whichever host: only what plainly stands for a password stays. */
function* urlPasswords(text: string): Generator<Span> {
  for (const { 0: password, index } of text.matchAll(urlPassword))
    if (placeholder(decoded(password), 'guessable') === undefined) yield { start: index, end: index + password.length }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What of a secret is its kind's and not its own: the signature's literal, or words that its pattern spells out. */
function prefixOf(value: string, { anchors, pattern, strength }: Signature): string | undefined {
  if (strength !== 'random') return undefined
  const anchor = anchors?.filter((word) => value.startsWith(word) && value.length > word.length + 6)
  const words = /^(?:[a-z]{2,8}[-_]){1,3}/.exec(value)?.[0] ?? ''
  const spelled = words !== '' && pattern.source.includes(words.split(/[-_]/)[0]!) ? words : ''
  const known = [...(anchor ?? []), spelled].sort((a, b) => b.length - a.length)[0]
  return known === '' || value.length < 20 ? undefined : known
}

/** Behind a backslash begins an escape, `\n` or `\u0041`: its letters are none of the value's. */
function afterEscape(text: string, start: number): number {
  let slashes = 0
  while (text[start - 1 - slashes] === '\\') slashes++
  if (slashes % 2 === 0) return start
  const letters = /^(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/.exec(text.slice(start, start + 5))?.[0] ?? ''
  return start + letters.length
}

/**
 * In the order of the text; places that overlap become one, a secret if one of them is. A digit behind a secret goes
 * with it: behind its stand-in's number it would make another number.
 */
function united(text: string, places: readonly Place[]): Place[] {
  const joined: { start: number; end: number; kind: RedactedKind }[] = []
  for (const place of [...places].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const { start, kind } = place
    let { end } = place
    while (kind === 'secret' && isDigit(text, end)) end++
    const last = joined.at(-1)
    if (last === undefined || start >= last.end) joined.push({ start, end, kind })
    else {
      last.end = Math.max(last.end, end)
      if (kind === 'secret') last.kind = kind
    }
  }
  return joined
}

const isDigit = (text: string, at: number): boolean => text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57
