// What names people, machines and money rather than opening anything: internal addresses and host names, e-mail
// addresses, card numbers. Only redact looks for these: in a scan they would be noise, in a chat window they are a leak.
// Each search stands on a rare literal or a lookbehind, so that a hostile megabyte costs linear time.

import type { Span } from '../redact.ts'

export type PrivateKind = 'address' | 'host' | 'email' | 'card'

export interface PrivateSpan extends Span {
  readonly kind: PrivateKind
}

/**
 * Every such span of a text; none within another.
 * @param text latin1 or not: only ASCII is looked at, and offsets are the text's own
 * @param program in a programming language `storage.local` is a member and no host, unless it stands as one
 */
export function privateSpans(text: string, program: boolean): PrivateSpan[] {
  return [...addresses(text), ...hosts(text, program), ...emails(text), ...cards(text)]
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** RFC 1918, and link-local by RFC 3927. */
const ipv4 = new RegExp(
  String.raw`(?<![\w.^~]|[A-Za-z]\/)(?:10\.${octet}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)(?:\.${octet}){2}(?!\w|\.\d)`,
  'g',
)
/** Unique local by RFC 4193, and link-local by RFC 4291. */
const ipv6 = /(?<![\w:.])(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f])(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi

/** What everybody writes alike: whole private ranges, and the address at which clouds serve metadata. */
const common =
  /^(?:10\.0\.0\.0\/8|172\.16\.0\.0\/12|192\.168\.0\.0\/16|169\.254\.0\.0\/16|169\.254\.169\.254.*|fc00::\/[78]|fd00::\/8|fe80::\/(?:10|64))/i

function* addresses(text: string): Generator<PrivateSpan> {
  for (const pattern of [ipv4, ipv6])
    for (const { 0: address, index: start } of text.matchAll(pattern)) {
      const end = start + address.length
      if (pattern === ipv6 && !isIpv6(address)) continue
      if (common.test(text.slice(start, end + 3))) continue
      // Four numbers behind the word "version" are one.
      if (/version\W{1,6}$|@[~^<>=]{1,2}$/i.test(text.slice(Math.max(0, start - 20), start))) continue
      yield { start, end, kind: 'address' }
    }
}

const isIpv6 = (address: string): boolean => {
  const halves = address.split('::')
  const groups = address.split(':').filter((group) => group !== '').length
  return halves.length === 2 ? groups < 8 : halves.length === 1 && groups === 8
}

const internalSuffix = /\.(?:internal|local|corp|lan|intranet|home\.arpa)(?![\w-]|\.[\w])/gi
/** Names that Docker, Kubernetes and the clouds give every machine. */
const sharedHost =
  /^(?:(?:host|gateway|kubernetes)\.docker\.internal|metadata\.google\.internal|kubernetes\.default\.svc\.cluster\.local|localhost\.local)$/i
/** First words of a member access, an error code or a file rather than of a host. */
const notHost =
  /^(?:this|self|super|window|document|globalThis|process|module|exports|require|chrome|browser|storage|config|settings|options|env|errors?|err|logger|log|state|props|ctx|context|req|res|import|git|npm|docker-compose|package|tsconfig)\./i

function* hosts(text: string, program: boolean): Generator<PrivateSpan> {
  for (const { 0: suffix, index } of text.matchAll(internalSuffix)) {
    const before = text.slice(Math.max(0, index - 190), index)
    const labels = /(?:[a-z0-9](?:[\w-]{0,62})\.)*[a-z0-9][\w-]{0,62}$/i.exec(before)?.[0]
    if (labels === undefined) continue
    const start = index - labels.length
    const end = index + suffix.length
    const host = text.slice(start, end)
    const left = text.slice(Math.max(0, start - 3), start)
    const right = text.slice(end, end + 8)
    if (sharedHost.test(host) || /[\w.$\\]$/.test(left.replace(/\\[nrt]$/, '')) || /^\s*[([]|^\?\./.test(right))
      continue
    const addressed = /:\/\/$|@$/.test(left) || /^:\d{2,5}(?!\d)/.test(right)
    const quoted = /["'`]$/.test(left) && /^(?:["'`]|[:/])/.test(right)
    const member = program && !quoted && !labels.includes('-')
    if (addressed || !(member || notHost.test(host))) yield { start, end, kind: 'host' }
  }
}

/** RFC 2606 and 6761: nobody's. */
const nobodys = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost)$/i
/** What stands behind an @ and looks like a domain: a picture at double size, a package's file. */
const fileName =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|scss|less|[cm]?[jt]sx?|vue|json|html?|md|ya?ml|tgz|gz|zip|map|py|rb|go|rs)$/i

function* emails(text: string): Generator<PrivateSpan> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = /[\w.%+-]{1,64}$/.exec(text.slice(Math.max(0, at - 64), at))?.[0]
    const domain = /^(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}(?![\w-])/i.exec(text.slice(at + 1, at + 254))?.[0]
    if (local === undefined || domain === undefined) continue
    const start = at - local.length
    // `git@host` is how everybody clones; `this@Outer.name` is Kotlin; `//user:password@host` is a URL's.
    if (/^(?:git|hg|svn|this|super|return|break|continue)$/i.test(local)) continue
    if (nobodys.test(domain) || fileName.test(domain)) continue
    if (/:\/\/[^\s/@"'`]{0,128}$/.test(text.slice(Math.max(0, start - 132), start))) continue
    yield { start, end: at + 1 + domain.length, kind: 'email' }
  }
}

/** As printed on cards: fours, American Express's 4-6-5, Diners' 4-6-4, or without separators. */
const card =
  /(?<![\w.]|\d-)(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})(?!\w|\.\d)/g
/** The leading digits that ISO/IEC 7812 issuers of payment cards use, with the lengths they issue. */
const issuer =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|35\d{14,17}|6\d{15,18}|5[06-8]\d{11,17})$/

function* cards(text: string): Generator<PrivateSpan> {
  for (const { 0: shown, index: start } of text.matchAll(card)) {
    const digits = shown.replaceAll(/\D/g, '')
    if (issuer.test(digits) && luhn(digits)) yield { start, end: start + shown.length, kind: 'card' }
  }
}

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    sum += i % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9
  }
  return sum % 10 === 0
}
