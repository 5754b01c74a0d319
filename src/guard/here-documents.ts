// Here-documents that a shell line writes to a file or prints: text, in which a package manager is only a word.

/**
 * The line with such texts blanked, so that every place stays what it is. Of an unquoted one what the shell runs in it
 * is left; where the line itself may go on to run what was written, all are.
 * @param runners what else in the line would run a text
 */
export function withoutTexts(line: string, runners: readonly RegExp[]): string {
  if (!line.includes('<<')) return line
  const lines = line.split('\n')
  const texts = printedTexts(lines)
  let read = 0
  const [rest, whole]: [string[], string[]] = [[], []]
  for (const { from, to, expands } of [...texts, { from: lines.length, to: lines.length, expands: false }]) {
    rest.push(...lines.slice(read, from))
    whole.push(...lines.slice(read, from), ...blanked(lines.slice(from, to), expands))
    read = to
  }
  return [...runners, byPath].some((runner) => runner.test(rest.join('\n'))) ? line : whole.join('\n')
}

/** By their lines, the one that ends each among them. */
function printedTexts(lines: readonly string[]) {
  const found: { readonly from: number; readonly to: number; readonly expands: boolean }[] = []
  const last = new Map(lines.map((one, index) => [one.trim(), index]))
  for (let at = 0; at < lines.length; at++) {
    const [, before, quote, mark = ''] = /^([^<]{0,2000})<<-?\s{0,9}(["']?)(\w+)["']?/.exec(lines[at]!) ?? []
    if (before === undefined || !isOperator(before) || (last.get(mark) ?? -1) <= at) continue
    const printed = /(?:^|[;&(|])\s*(?:cat|tee|git|gh)\s[^;&|]*$|(?:^|[;&(|])\s*cat\s*$/.test(before)
    if (!printed || /\||<\(/.test(lines[at]!.slice(before.length))) continue
    const end = lines.findIndex((one, index) => index > at && one.trim() === mark)
    found.push({ from: at + 1, to: end + 1, expands: quote === '' })
    at = end
  }
  return found
}

/** `<<` behind it is no part of a quoted text, a comment or a sum. */
function isOperator(before: string): boolean {
  const innermost = before.slice(before.lastIndexOf('$(') + 1)
  const quotes = innermost.replace(/\\./g, '').match(/["']/g)?.length ?? 0
  return quotes % 2 === 0 && !/(?:^|\s)#|\(\([^)]*$/.test(innermost)
}

/** Runs a file of this folder: `./x.sh`, `. x.sh` */
const byPath = /(?:^|[\n;&|(])\s*\.{1,2}(?:\/|\s)/

function blanked(lines: readonly string[], expands: boolean): readonly string[] {
  if (lines.length === 0) return []
  const text = lines.join('\n')
  let kept = 0
  let blank = ''
  for (const { 0: run, index } of expands ? text.matchAll(/\$\([^)]*\)|`[^`]*`/g) : []) {
    blank += text.slice(kept, index).replace(/[^\n]/g, ' ') + run
    kept = index + run.length
  }
  return (blank + text.slice(kept).replace(/[^\n]/g, ' ')).split('\n')
}
