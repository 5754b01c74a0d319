// Globs of paths, of `workspaces` fields and of the configuration: `*`, `?`, `**` as a whole segment, `{a,b}`. No regular
// expression is built, for the pattern comes from the audited project and could be made to backtrack for ever.
// (Globs of package names, in which `*` stands for a slash too, are names/pattern.ts.)

/** Most alternatives that one pattern with braces may stand for; beyond them braces are taken literally. */
const maximumAlternatives = 64

/** Longer ones match nothing: no folder of a real project needs them. */
const maximumLength = 1_000

/** Does `path` (forward slashes, relative) match? Segments match whole; `**` stands for any number of them. */
export function globMatches(pattern: string, path: string): boolean {
  if (pattern.length > maximumLength) return false
  const segments = path.split('/')
  return expandBraces(pattern).some((plain) => wildcard(trimmed(plain).split('/'), segments, '**', segmentMatches))
}

/** Workspace patterns in order: a later `!pattern` takes back what earlier ones took in, as in npm. */
export const matchesPatterns = (patterns: readonly string[], folder: string): boolean =>
  patterns.reduce(
    (taken, pattern) =>
      pattern.startsWith('!') ? taken && !globMatches(pattern.slice(1), folder) : taken || globMatches(pattern, folder),
    false,
  )

/** Without slashes around it, and `./` before it. */
const trimmed = (pattern: string): string => pattern.replace(/^(?:\.?\/)+|\/+$/g, '')

const segmentMatches = (pattern: string, segment: string): boolean =>
  wildcard([...pattern], [...segment], '*', (one, other) => one === '?' || one === other)

/** Greedy matching that only ever goes back to the last star: at worst length × length steps. */
function wildcard(
  pattern: readonly string[],
  items: readonly string[],
  star: string,
  same: (pattern: string, item: string) => boolean,
): boolean {
  let p = 0
  let i = 0
  let starAt = -1
  let resume = 0
  while (i < items.length) {
    if (pattern[p] === star) {
      starAt = p++
      resume = i
    } else if (p < pattern.length && same(pattern[p]!, items[i]!)) {
      p++
      i++
    } else if (starAt !== -1) {
      p = starAt + 1
      i = ++resume
    } else return false
  }
  while (pattern[p] === star) p++
  return p === pattern.length
}

function expandBraces(pattern: string): readonly string[] {
  let patterns = [pattern]
  for (;;) {
    const next = patterns.flatMap((one) => {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(one)
      if (!braces) return [one]
      const before = one.slice(0, braces.index)
      const after = one.slice(braces.index + braces[0].length)
      return braces[1]!.split(',').map((choice) => before + choice + after)
    })
    if (next.length > maximumAlternatives) return [pattern]
    if (next.every((one, index) => one === patterns[index])) return next
    patterns = next
  }
}
