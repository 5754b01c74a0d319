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

/**
 * Writes the target into `into`, whose first `sizes.target` bytes it fills, and gives what was copied, in the target's
 * order. Neighbouring copies that continue each other are one.
 * @throws AuditError GIT_FAILED for any instruction that leaves base, delta or target
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array, sizes: DeltaSizes, into: Uint8Array): Copy[] {
  if (sizes.base !== base.length) throw damaged('it was made for another base')
  const copies: { from: number; to: number; length: number }[] = []
  let to = 0
  for (let at = sizes.at; at < delta.length; ) {
    const op = delta[at++]!
    if (op & 0x80) {
      let from = 0
      let length = 0
      for (let bit = 0; bit < 4; bit++) if (op & (1 << bit)) from += delta[at++]! * 2 ** (8 * bit)
      for (let bit = 0; bit < 3; bit++) if (op & (0x10 << bit)) length += delta[at++]! << (8 * bit)
      if (length === 0) length = 0x10000
      if (!(from + length <= base.length) || to + length > sizes.target) throw damaged('it copies what is not there')
      write(base, from, length, into, to)
      const last = copies.at(-1)
      if (last !== undefined && last.from + last.length === from && last.to + last.length === to) last.length += length
      else copies.push({ from, to, length })
      to += length
    } else {
      if (op === 0 || at + op > delta.length || to + op > sizes.target) throw damaged('it inserts what is not there')
      write(delta, at, op, into, to)
      at += op
      to += op
    }
  }
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
