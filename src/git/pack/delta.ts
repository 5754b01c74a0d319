// What a delta says: which runs of its base it copies, and what it inserts. Applied into a buffer that is used again.
// Format: gitformat-pack(5), "Deltified representation".

import { AuditError } from '../../errors.ts'

/** A run of the target that stands in the base. What lies between two runs was inserted. */
export interface Copy {
  readonly from: number
  readonly to: number
  readonly length: number
}

export interface DeltaSizes {
  readonly base: number
  readonly target: number
  /** Where the instructions begin. */
  readonly at: number
}

/** @throws AuditError GIT_FAILED where the delta ends in its header. */
export function deltaSizes(delta: Uint8Array): DeltaSizes {
  const base = size(delta, 0)
  const target = size(delta, base.at)
  return { base: base.value, target: target.value, at: target.at }
}

/** Shorter copies are told as insertions are: whatever is done for each costs more than to look at their bytes again. */
const worthTelling = 96

/**
 * Writes the target into `into`, whose first `sizes.target` bytes it fills, and gives the longer runs of what was
 * copied, in the target's order. Neighbouring copies that continue each other are one.
 * @throws AuditError GIT_FAILED for any instruction that leaves base, delta or target
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array, sizes: DeltaSizes, into: Uint8Array): Copy[] {
  if (sizes.base !== base.length) throw damaged('it was made for another base')
  const copies: { from: number; to: number; length: number }[] = []
  // The run that the next copy may continue: of the base, and of the target.
  let first = 0
  let start = 0
  let to = 0
  const tell = (): void => {
    if (to - start >= worthTelling) copies.push({ from: first, to: start, length: to - start })
  }
  for (let at = sizes.at; at < delta.length; ) {
    const op = delta[at++]!
    if (op & 0x80) {
      let from = 0
      let length = 0
      if (op & 0x01) from = delta[at++]!
      if (op & 0x02) from += delta[at++]! * 0x100
      if (op & 0x04) from += delta[at++]! * 0x1_0000
      if (op & 0x08) from += delta[at++]! * 0x100_0000
      if (op & 0x10) length = delta[at++]!
      if (op & 0x20) length += delta[at++]! * 0x100
      if (op & 0x40) length += delta[at++]! * 0x1_0000
      if (length === 0) length = 0x10000
      if (!(from + length <= base.length) || to + length > sizes.target) throw damaged('it copies what is not there')
      write(base, from, length, into, to)
      if (from !== first + (to - start)) {
        tell()
        first = from
        start = to
      }
      to += length
    } else {
      tell()
      if (op === 0 || at + op > delta.length || to + op > sizes.target) throw damaged('it inserts what is not there')
      write(delta, at, op, into, to)
      at += op
      to += op
      first = 0
      start = to
    }
  }
  tell()
  if (to !== sizes.target) throw damaged('it ends early')
  return copies
}

/** Most pieces are short, and a call into the engine costs more than they do. */
function write(source: Uint8Array, from: number, length: number, into: Uint8Array, to: number): void {
  if (length > 64) into.set(source.subarray(from, from + length), to)
  else for (let i = 0; i < length; i++) into[to + i] = source[from + i]!
}

function size(delta: Uint8Array, from: number): { value: number; at: number } {
  let value = 0
  for (let at = from, scale = 1; at < delta.length && scale <= 2 ** 49; at++, scale *= 128) {
    value += (delta[at]! & 0x7f) * scale
    if (delta[at]! < 0x80) return { value, at: at + 1 }
  }
  throw damaged('its header has no end')
}

const damaged = (why: string): AuditError => new AuditError('GIT_FAILED', `a delta is damaged: ${why}`)
