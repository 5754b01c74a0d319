// Which of many names may be an edit or two away from a given one, without comparing them all: cut in three pieces, a
// name keeps one of them whole through any two edits, though it may move by as many letters. So names are found under
// their pieces. Names too short for two edits are cut in two.

import { keyOf } from './hashed.ts'
import { pieceKind, type Targets } from './targets.ts'

/** Two edits in a name of fewer letters make another word. */
export const longEnoughForTwo = 8

/** The keys under which `letters` (see forms.ts) are found. */
export const pieceKeys = (letters: string): readonly number[] =>
  Array.from({ length: piecesIn(letters.length) }, (_, piece) =>
    keyOf(pieceKind(piece, letters.length), letters, cut(piece, letters.length), cut(piece + 1, letters.length)),
  )

/** Added to the place of a target that is found by what stands behind its scope. */
export const asPart = 0x8000

export interface Near {
  /** Places of names, and of names in a scope whose last part alone may be as near. */
  readonly names: readonly number[]
  readonly parts: readonly number[]
}

/**
 * What may be one edit away, or two from names that are long enough; a swap of neighbours is one. Some come by chance,
 * some several times: measure before believing.
 */
export function near(targets: Targets, letters: string): Near {
  const names: number[] = []
  const parts: number[] = []
  const ours = letterBits(letters)
  let edits = 1
  const take = (key: number): void => {
    for (const place of targets.at(key))
      if (place >= asPart) parts.push(place - asPart)
      // A letter replaced is one that goes and one that comes.
      else if (bitsSet(ours ^ targets.letters[place]!) <= 2 * edits) names.push(place)
  }
  const most = letters.length + 2
  for (let length = Math.max(1, letters.length - 2); length <= most; length++) {
    edits = length >= longEnoughForTwo ? 2 : 1
    const longer = letters.length - length
    if (Math.abs(longer) > edits) continue
    const last = piecesIn(length) - 1
    const head = cut(1, length)
    const tail = cut(last, length) + longer
    const headKind = pieceKind(0, length)
    const tailKind = pieceKind(last, length)
    take(keyOf(headKind, letters, 0, head))
    take(keyOf(tailKind, letters, tail))
    // A swap across the cut spoils both pieces: put it right.
    if (head < letters.length) take(keyOf(headKind, letters.slice(0, head - 1) + letters[head]))
    if (tail > 0) take(keyOf(tailKind, letters[tail - 1] + letters.slice(tail + 1)))
    if (last < 2) continue
    for (let moved = -edits; moved <= edits; moved++)
      if (Math.abs(moved) + Math.abs(longer - moved) <= edits)
        take(keyOf(pieceKind(1, length), letters, head + moved, cut(2, length) + moved))
  }
  return { names, parts }
}

const piecesIn = (length: number): number => (length >= longEnoughForTwo ? 3 : 2)
const cut = (piece: number, length: number): number => Math.floor((piece * length) / piecesIn(length))

/** One bit for each letter that occurs; all that is no letter of the alphabet shares six. */
export function letterBits(letters: string): number {
  let bits = 0
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charCodeAt(at) - 97
    bits |= 1 << (letter >= 0 && letter < 26 ? letter : 26 + ((letter + 97) % 6))
  }
  return bits
}

function bitsSet(bits: number): number {
  let left = bits
  let count = 0
  for (; left !== 0; count++) left &= left - 1
  return count
}
