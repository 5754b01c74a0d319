// A list in a sentence: nobody reads a hundred names, and none may be left out without a word.

/** The first few, and how many more there are: `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  const rest = names.length - most
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
