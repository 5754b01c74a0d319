// From an offset in a text to line and column, as evidence counts them: from 1, columns in bytes.

export type PlaceOf = (offset: number) => { readonly line: number; readonly column: number }

/** Gives the function that places offsets (in UTF-16 units) in this text. */
export function placesIn(text: string): PlaceOf {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: Buffer.byteLength(text.slice(starts[low]!, offset)) + 1 }
  }
}
