// Signatures with a literal of their own: where it stands, their pattern runs on a window of fixed size around it.

import type { Signature } from '../types.ts'
import { isGeneric } from './generic.ts'
import { latin1 } from './latin1.ts'
import type { Candidate } from './match.ts'
import { once } from './once.ts'

export interface AnchorProbe {
  readonly signature: Signature
  /** One of its anchors. */
  readonly word: string
  readonly anchor: Buffer
  readonly before: number
  readonly after: number
  /** What lookbehind may read before that. */
  readonly lookBehind: number
  /** Indexed by the byte before the anchor: 0 where the pattern would refuse at once. */
  readonly mayPrecede: () => Uint8Array
  /** No byte farther from the anchor than this is read. */
  readonly reach: number
  /** Compiled when it is first needed: a run meets few of the providers. */
  readonly pattern: () => RegExp
}

/** Bytes that lookbehind and lookahead may read beyond what `before` and `after` say. */
const margin = 16
const defaultAfter = 256

/** One for each anchor; none for a named signature. */
export function anchorProbes(signature: Signature): AnchorProbe[] {
  const { pattern, before = 0, after = defaultAfter } = signature
  const { lookBehind = margin, patterns = undefined } = isGeneric(signature) ? signature : {}
  // Sticky where the pattern begins at the anchor; searched for where it may begin before it.
  const compiled = (source: string) => once(() => new RegExp(source, before === 0 ? 'dy' : 'dg'))
  const shared = compiled(pattern.source)
  const own = {
    signature,
    before,
    after,
    lookBehind,
    mayPrecede: once(() => precedingBytes(before === 0 ? pattern.source : '')),
    reach: Math.max(before + lookBehind, after + margin),
  }
  return (signature.anchors ?? []).map((word) => {
    const source = patterns?.get(word)
    return { word, anchor: Buffer.from(word, 'latin1'), pattern: source ? compiled(source) : shared, ...own }
  })
}

/** Adds what the signature finds around the folded anchor at `at`. */
export function runAnchor(probe: AnchorProbe, bytes: Buffer, at: number, found: Candidate[]): void {
  const { anchor, pattern, signature } = probe
  if (!standsAt(bytes, at, anchor)) return
  if (at > 0 && probe.mayPrecede()[bytes[at - 1]!] === 0) return
  const from = at - probe.before - probe.lookBehind
  const to = at + probe.after + margin
  const text = latin1(bytes, from, to)
  const offset = Math.max(0, from)
  const hit = at - offset
  const match =
    probe.before === 0 ? matchAt(pattern(), text, hit) : matchAround(pattern(), text, hit, anchor.length, probe.before)
  const span = match?.indices?.groups?.secret
  if (match === undefined || span === undefined || span[0] === span[1]) return
  const value = text.slice(span[0], span[1])
  if (isGeneric(signature) && !signature.accepts({ value, before: text[span[0] - 1] ?? '' })) return
  found.push({ rule: signature.id, start: offset + span[0], end: offset + span[1], from, to, value })
}

export function standsAt(bytes: Buffer, at: number, anchor: Buffer): boolean {
  for (let i = 0; i < anchor.length; i++) if (bytes[at + i] !== anchor[i]) return false
  return true
}

const anyByte = new Uint8Array(256).fill(1)

/** Most patterns begin by refusing a class of bytes before them: asked here, it saves the window and the call. */
function precedingBytes(source: string): Uint8Array {
  const refused = /^\(\?<!(\[[^\\\]]+\])\)/.exec(source)?.[1]
  if (refused === undefined) return anyByte
  const inClass = new RegExp(refused)
  return Uint8Array.from(anyByte, (_, byte) => (inClass.test(String.fromCharCode(byte)) ? 0 : 1))
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** The first match that begins at most `before` bytes ahead of the anchor and holds it. */
function matchAround(
  pattern: RegExp,
  text: string,
  at: number,
  length: number,
  before: number,
): RegExpExecArray | undefined {
  for (let next = Math.max(0, at - before); next <= at; ) {
    const match = matchAt(pattern, text, next)
    if (match === undefined || match.index > at) return undefined
    if (match.index + match[0].length >= at + length) return match
    next = match.index + 1
  }
  return undefined
}
