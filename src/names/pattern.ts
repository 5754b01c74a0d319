// The globs of `privateNames`: `@acme/*`, `acme-*`, `*-internal`. A name is no path: `*` stands for anything, the
// slash of a scope included, so that a pattern never keeps less private than it reads.

/** Pieces are searched one after another, so no pattern takes more than linear time for each. */
export function matchesGlob(name: string, pattern: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces.shift()!
  const last = pieces.pop()
  if (last === undefined) return name === first
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  const end = name.length - last.length
  for (const piece of pieces) {
    const found = name.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}
