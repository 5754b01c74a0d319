// Sentences on a terminal of 80 columns.

export const columns = 80

/** Lines of at most 80 columns; the first begins with `head`, the others are indented as far. */
export function wrapped(text: string, head: string): string[] {
  const lines: string[] = []
  let line = head
  let empty = true
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = ' '.repeat(head.length)
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line]
}
